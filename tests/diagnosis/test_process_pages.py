"""The pages that describe processes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from diagnosis.models import IpoCell, Process, SipocItem, Step
from diagnosis.services.processes import (
    StepRow,
    save_steps,
    steps_of,
)
from programmes.models import ScopeItem
from tests.diagnosis.fill import STEPS, describe
from tests.diagnosis.process_ready import begun
from tests.world import NOW, scope_process


class TestProcessPages:
    def test_offer_to_describe(self, world, sign_in) -> None:
        item = scope_process(world)
        client = sign_in(world.owner)

        page = client.get("/p/o2c/processes/").content.decode()
        answer = client.post(f"/p/o2c/processes/describe/{item.pk}/")

        assert "1 process in scope is not described yet" in page
        process = Process.objects.get()
        assert answer["Location"] == f"/p/o2c/processes/{process.pk}/edit/"

    def test_refuse_to_describe_a_unit(self, world, sign_in) -> None:
        item = world.save(ScopeItem, kind="unit", name="§Desk")

        answer = sign_in(world.lead).post(f"/p/o2c/processes/describe/{item.pk}/")

        assert answer["Location"] == "/p/o2c/processes/"

    def test_show_everything_of_a_process(self, world, sign_in) -> None:
        process = describe(world)

        page = sign_in(world.viewer).get(f"/p/o2c/processes/{process.pk}/")

        text = page.content.decode()
        shown = ("§within 4 hours", "<svg", "6 steps, 2 roles", "100%", "12\xa0min")
        for words in shown:
            assert words in text
        assert "/steps/" not in text
        assert "/methods/process.value_added/" in text

    def test_say_that_a_step_without_a_class_adds_no_value(
        self, world, sign_in
    ) -> None:
        process = describe(world)
        rows = [replace(one, value_class="") for one in STEPS]
        save_steps(by=world.lead, process=process, rows=rows, now=NOW)

        page = sign_in(world.lead).get(f"/p/o2c/processes/{process.pk}/")

        assert "steps without a class add none" in page.content.decode()

    def test_tell_what_is_wrong_with_the_flow(self, world, sign_in) -> None:
        process = describe(world)
        save_steps(by=world.lead, process=process, rows=STEPS[:-1], now=NOW)

        page = sign_in(world.lead).get(f"/p/o2c/processes/{process.pk}/")

        assert "The flow has no end." in page.content.decode()

    def test_escape_what_people_typed(self, world, sign_in) -> None:
        process = begun(world)
        evil = '<script>alert("§")</script>'
        rows = [StepRow(evil, role=evil, kind="start"), StepRow("§E", kind="end")]
        save_steps(by=world.lead, process=process, rows=rows, now=NOW)

        page = sign_in(world.lead).get(f"/p/o2c/processes/{process.pk}/")

        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()

    def test_confirm(self, world, sign_in) -> None:
        process = describe(world)
        url = f"/p/o2c/processes/{process.pk}/confirm/"

        sign_in(world.owner).post(url, {"version": "x"})
        assert not Process.objects.get().is_confirmed
        sign_in(world.owner).post(url, {"version": process.version})

        assert Process.objects.get().is_confirmed
        assert sign_in(world.lead).post(url).status_code == 403

    @pytest.mark.parametrize("tail", ["", "sipoc/", "study/", "steps/"])
    def test_ask_few_queries(
        self, world, sign_in, tail, django_assert_max_num_queries
    ) -> None:
        process = describe(world)
        describe(world, scope_process(world, "§Billing"))
        client = sign_in(world.lead)

        with django_assert_max_num_queries(12):
            client.get(f"/p/o2c/processes/{process.pk}/{tail}")

    def test_are_closed_to_strangers(self, world, sign_in) -> None:
        process = describe(world)

        for page in ("", "sipoc/", "study/", "steps/"):
            answer = sign_in(world.stranger).get(
                f"/p/o2c/processes/{process.pk}/{page}"
            )
            assert answer.status_code == 404

    def test_link_from_the_library(self, world, sign_in) -> None:
        process = describe(world)

        page = sign_in(world.viewer).get("/library/").content.decode()

        assert f"/p/o2c/processes/{process.pk}/" in page


class TestSipocPage:
    def test_saves_lines(self, world, sign_in) -> None:
        process = begun(world)
        data = {"record_version": 1, "input": "§Order\n\n§Order\n§Rating | §fresh"}

        answer = sign_in(world.owner).post(
            f"/p/o2c/processes/{process.pk}/sipoc/", data
        )

        assert answer.status_code == 302
        rows = SipocItem.objects.order_by("place")
        assert [(one.text, one.requirement) for one in rows] == [
            ("§Order", ""),
            ("§Rating", "§fresh"),
        ]

    def test_shows_what_is_too_long_and_what_is_stale(self, world, sign_in) -> None:
        process = begun(world)
        url = f"/p/o2c/processes/{process.pk}/sipoc/"
        client = sign_in(world.lead)

        long = client.post(url, {"input": "§" * 201, "record_version": 1})
        stale = client.post(url, {"input": "§A", "record_version": 9})

        assert (long.status_code, stale.status_code) == (422, 422)
        assert "§A" in stale.content.decode()
        assert not SipocItem.objects.exists()


class TestStudyPage:
    def test_saves_the_grid(self, world, sign_in) -> None:
        process = begun(world)
        data = {"record_version": 1}
        for row in IpoCell.Row.values:
            for column in IpoCell.Column.values:
                data[f"{row}-{column}-severity"] = "0"
        data["input-forms-text"] = "§Paper"
        data["output-methods-is_not_applicable"] = "on"
        data["output-methods-reason"] = "§None"

        answer = sign_in(world.owner).post(
            f"/p/o2c/processes/{process.pk}/study/", data
        )

        assert answer.status_code == 302
        assert IpoCell.objects.count() == 2

    def test_asks_for_a_reason(self, world, sign_in) -> None:
        process = begun(world)
        data = {
            f"{row}-{column}-severity": "0"
            for row in IpoCell.Row.values
            for column in IpoCell.Column.values
        }
        url = f"/p/o2c/processes/{process.pk}/study/"
        both = {"input-forms-is_not_applicable": "on", "input-forms-text": "§X"}

        answer = sign_in(world.owner).post(url, {**data, **both})
        stale = sign_in(world.owner).post(url, {**data, "record_version": 9})

        assert answer.status_code == 422
        assert "Say why it is not applicable." in answer.content.decode()
        assert stale.status_code == 422


def posted(rows, **more):
    data = {"rows": len(rows), "record_version": 1, **more}
    for place, row in enumerate(rows):
        data |= {f"s{place}-{name}": value for name, value in row.items()}
    return data


class TestStepsPage:
    ROWS = [{"name": "§A", "kind": "start"}, {"name": "§B", "kind": "end"}, {}]

    def test_saves_rows_and_leaves_empty_ones_out(self, world, sign_in) -> None:
        process = begun(world)

        answer = sign_in(world.owner).post(
            f"/p/o2c/processes/{process.pk}/steps/", posted(self.ROWS)
        )

        assert answer.status_code == 302
        assert [one.name for one in steps_of(process)] == ["§A", "§B"]

    @pytest.mark.parametrize(
        ("do", "order"),
        [
            ("up-1", ["§B", "§A"]),
            ("down-0", ["§B", "§A"]),
            ("remove-0", ["§B"]),
            ("add", ["§A", "§B"]),
            ("up-9", ["§A", "§B"]),
        ],
    )
    def test_rearranges_without_saving(self, world, sign_in, do, order) -> None:
        process = begun(world)

        answer = sign_in(world.owner).post(
            f"/p/o2c/processes/{process.pk}/steps/", posted(self.ROWS, do=do)
        )

        names = [one["name"].value() for one in answer.context["rows"]]
        assert [one for one in names if one] == order
        assert not Step.objects.exists()

    def test_shows_errors_and_refusals(self, world, sign_in) -> None:
        process = begun(world)
        client = sign_in(world.owner)
        url = f"/p/o2c/processes/{process.pk}/steps/"
        nameless = [{"role": "§Desk", "kind": "task"}]
        twice = [{**one, "key": "1"} for one in self.ROWS[:2]]

        for rows in (nameless, twice):
            answer = client.post(url, posted(rows))
            assert answer.status_code == 422

        assert "used twice" in answer.content.decode()
        assert not Step.objects.exists()
