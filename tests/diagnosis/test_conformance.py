"""Conformance of a log to the process it belongs to: pages, mapping, problems."""

from __future__ import annotations

import json
from dataclasses import asdict
from urllib.parse import urlencode

import pytest

from diagnosis.conformance_words import deviation_said, filter_of, replay_note, skipped
from diagnosis.foreseen import ELSEWHERE, compared, foreseen
from diagnosis.mining.spelling import spell
from diagnosis.models import EventLog, LogEvidence, Problem
from diagnosis.reports.log import event_logs
from diagnosis.services.log_feeds import NotReady
from diagnosis.services.processes import StepRow, describe_process, save_steps, steps_of
from diagnosis.services.step_mapping import save_step_mapping
from programmes.kit.errors import NotAllowed
from programmes.services.records import Invalid
from tests.diagnosis.fill import import_now, receive
from tests.world import World, scope_process

HEAD = "§Order;§Activity;§Done\n"
ROWS = [
    StepRow("§Begun", "1", "start", "§Desk"),
    StepRow("§Receive", "2", role="§Desk"),
    StepRow("§Check", "3", role="§Desk"),
    StepRow("§Fine?", "4", "decision", "§Desk", ways="§yes: 5; §no: 6"),
    StepRow("§Ship", "5", role="§Desk", ways="7"),
    StepRow("§Refuse", "6", role="§Desk", ways="7"),
    StepRow("§Done", "7", "end", "§Desk"),
]
PATHS = {
    "1": ["§Receive", "§Check", "§Ship"],
    "2": ["§Receive", "§Check", "§Ship"],
    "3": ["§Receive", "§Ship"],
    "4": ["§Receive", "§Check", "§Check", "§Refuse"],
    "5": ["§Check", "§Receive", "§Note"],
}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def log_of(world: World, rows=ROWS, paths=PATHS, process: bool = True) -> EventLog:
    described = None
    if process:
        given = {"by": world.lead, "now": world.now}
        item = scope_process(world, "§Orders")
        described = describe_process(scope_item=item, **given)
        if rows:
            save_steps(process=described, rows=rows, **given)
    text = HEAD + "".join(
        f"{case};{name};2025-11-{day:02} 08:00\n"
        for case, names in paths.items()
        for day, name in enumerate(names, start=1)
    )
    return import_now(world, receive(world, text=text, process=described))


def told(log: EventLog, *filters: str):
    found = foreseen(log, steps_of(log.process))
    return found, compared(log, found, filters)


class TestForeseen:
    def test_maps_equal_names_and_passes_over_what_leaves_no_trace(self, world) -> None:
        found, figures = told(log_of(world))

        assert found.chosen["§Check"] == "3"
        assert found.unknown == ["§Note"]
        assert found.silent == {"1", "4", "7"}
        assert (figures["cases"], figures["conforming"]) == (5, 2)

    def test_says_each_deviation(self, world) -> None:
        found, figures = told(log_of(world))

        said = {deviation_said(one, found) for one in figures["deviations"]}
        assert said == {
            "After “§Receive” 1 case went straight to “§Ship”, which the process does "
            "not foresee.",
            "“§Check” was done again at once in 1 case.",
            "1 case begins with “§Check”, which the process does not foresee.",
            "After “§Check” 1 case went back to “§Receive”, which the process does not "
            "foresee.",
            "After “§Receive” 1 case had “§Note”, which the process does not know.",
            "1 case ends after “§Note”, where the process goes on.",
        }
        straight = next(
            one for one in figures["deviations"] if one["target"] == "§Ship"
        )
        assert skipped(straight, found) == "§Check"

    def test_replays_a_flow_without_silent_steps(self, world) -> None:
        found, figures = told(log_of(world))

        assert replay_note(found) == ""
        assert figures["replay"]["fitting_cases"] == 2

    def test_says_why_it_cannot_replay(self, world) -> None:
        rows = [
            *ROWS[:2],
            StepRow("§Small?", "8", "decision", "§Desk", ways="§yes: 5; §no: 3"),
            *ROWS[2:],
        ]

        found, figures = told(log_of(world, rows))

        assert figures["replay"] is None
        assert "“§Receive” may also follow “§Check”" in replay_note(found)

    def test_knows_the_filters(self, world) -> None:
        _found, figures = told(log_of(world), spell("activity", "§Note", False))

        assert figures["cases"] == 4


class TestFilterOf:
    @pytest.mark.parametrize("left_out", [False, True])
    def test_leaves_just_the_cases_of_the_deviation(self, world, left_out) -> None:
        log = log_of(world)
        if left_out:
            chosen = {"§Refuse": ELSEWHERE}
            save_step_mapping(
                by=world.lead, log=log, activities=chosen, unrecorded=[], now=world.now
            )
        found, figures = told(log)

        for one in figures["deviations"]:
            _same, chosen = told(log, filter_of(one, found.left_out))
            assert chosen["cases"] == one["cases"], one


class TestSaveStepMapping:
    def save(self, world, log, chosen, by=None, unrecorded=()):
        return save_step_mapping(
            by=by or world.lead,
            log=log,
            activities=chosen,
            unrecorded=unrecorded,
            now=world.now,
        )

    def test_overrules_the_names(self, world) -> None:
        log = log_of(world)

        self.save(world, log, {"§Note": "6", "§Check": "", "§gone": "2"})

        found, _figures = told(log)
        assert found.chosen == {
            "§Receive": "2", "§Check": "", "§Ship": "5", "§Refuse": "6", "§Note": "6",
        }  # fmt: skip

    def test_passes_over_what_is_not_recorded(self, world) -> None:
        log = log_of(world)

        self.save(world, log, {"§Check": ELSEWHERE}, unrecorded=["3"])

        _found, figures = told(log)
        assert figures["conforming"] == 4

    def test_keeps_what_was_said_before(self, world) -> None:
        log = log_of(world)
        self.save(world, log, {"§Note": "6"})

        self.save(world, log, {"§Check": ELSEWHERE})

        assert told(log)[0].chosen["§Note"] == "6"

    def test_forgets_the_steps_of_another_process(self, world) -> None:
        log = log_of(world)
        self.save(world, log, {"§Check": ELSEWHERE})
        log.step_mapping["process"] = 0

        assert told(log)[0].chosen["§Check"] == "3"

    def test_refuses_others_and_what_cannot_be(self, world) -> None:
        log = log_of(world)

        with pytest.raises(NotAllowed):
            self.save(world, log, {}, by=world.member)
        with pytest.raises(Invalid, match="gone"):
            self.save(world, log, {"§Check": "99"})
        with pytest.raises(NotReady):
            self.save(world, receive(world), {})
        with pytest.raises(Invalid, match="which process"):
            self.save(world, log_of(world, process=False), {})


class TestConformancePage:
    def page(self, client, log, **query) -> str:
        answer = client.get(f"/p/o2c/logs/{log.pk}/conformance/", query)
        assert answer.status_code == 200
        return answer.content.decode()

    def test_tells_deviations_and_where_to_see_their_cases(
        self, world, sign_in
    ) -> None:
        log = log_of(world)
        client = sign_in(world.lead)

        text = self.page(client, log)

        assert "6 kinds of deviation" in text
        assert "went straight to “§Ship”" in text
        assert "“§Check” was left out." in text
        assert "Fitness of replayed tokens" in text
        narrowed = self.page(client, log, f=spell("follows", "§Check", "§Check", True))
        assert "0 of 1 cases" in narrowed

    def test_tells_steps_that_never_happened(self, world, sign_in) -> None:
        paths = {"1": ["§Receive", "§Check", "§Ship"]}

        text = self.page(sign_in(world.lead), log_of(world, paths=paths))

        assert "One step never happened" in text
        assert "No deviation" in text

    def test_tells_what_it_leaves_out(self, world, sign_in) -> None:
        log = log_of(world, paths={**PATHS, "6": ["§Other"]})
        save_step_mapping(
            by=world.lead,
            log=log,
            activities={"§Other": ELSEWHERE},
            unrecorded=[],
            now=world.now,
        )

        text = self.page(sign_in(world.lead), log)

        assert "are left out: §Other." in text
        assert "was done again in 1 case." in text
        client = sign_in(world.lead)
        chosen = self.page(client, log, f=spell("move", "§Note", None, ["§Other"]))
        assert "§Note → end, past 1 activity" in chosen
        assert "1 case has no activity of this process" in text

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"process": False}, "No process is linked"),
            ({"rows": []}, "has no steps yet"),
            ({"paths": {"1": ["§Else"]}}, "No activity is mapped"),
        ],
    )
    def test_says_what_is_missing(self, world, sign_in, given, words) -> None:
        assert words in self.page(sign_in(world.lead), log_of(world, **given))

    def test_stands_filters_that_leave_nothing(self, world, sign_in) -> None:
        log = log_of(world)
        client = sign_in(world.lead)

        none = self.page(client, log, f=spell("duration", 900, None))
        strange = self.page(client, log, f=spell("attribute", "§none", "x", True))

        assert "No case has an activity" in none
        assert "The log has no attribute" in strange

    def test_goes_out_as_a_table(self, world, sign_in) -> None:
        log = log_of(world)

        answer = sign_in(world.lead).get(f"/p/o2c/logs/{log.pk}/conformance.csv")

        lines = answer.content.decode("utf-8-sig").splitlines()
        assert lines[0].startswith("From,To,Deviation,Times")
        assert len(lines) == 7

    def test_has_a_form_for_activities_and_steps(self, world, sign_in) -> None:
        log = log_of(world)
        client = sign_in(world.lead)
        url = f"/p/o2c/logs/{log.pk}/conformance/steps/"

        form = client.get(url).context["form"]
        names = [one.label for one in form.fields.values()]
        given = {f"a{place}": one for place, one in enumerate(["2", "-", "", "", "6"])}
        answer = client.post(url, {**given, "unrecorded": []})

        assert set(names) >= {"§Receive", "§Note"}
        assert answer["Location"] == f"/p/o2c/logs/{log.pk}/conformance/"
        log.refresh_from_db()
        assert ELSEWHERE in log.step_mapping["activities"].values()
        assert client.post(url, {"a0": "99"}).status_code == 422

    def test_maps_many_activities_page_by_page(self, world, sign_in) -> None:
        paths = {"1": [f"§A{n}" for n in range(1, 29)]}
        log = log_of(world, paths=paths)
        client = sign_in(world.lead)
        client.get(f"/p/o2c/logs/{log.pk}/conformance/")
        url = f"/p/o2c/logs/{log.pk}/conformance/steps/"

        text = client.get(url).content.decode()

        assert len(text) < 60_000


class TestReportFromLog:
    def url(self, log, **query) -> str:
        return f"/p/o2c/logs/{log.pk}/problem/?{urlencode(query)}"

    def test_fills_the_form_and_freezes_the_figures(self, world, sign_in) -> None:
        log = log_of(world)
        client = sign_in(world.member)
        given = {"kind": "deviation", "from": "§Receive", "to": "§Ship"}
        url = self.url(log, **given)

        form = client.get(url).context["form"]
        values = {name: form[name].value() or "" for name in form.fields}
        answer = client.post(url, values)

        problem = Problem.objects.get()
        assert "went straight to “§Ship”" in problem.title
        assert problem.process == log.process.scope_item
        kept = LogEvidence.objects.get(problem=problem)
        assert kept.filters == [spell("follows", "§Receive", "§Ship", True)]
        assert ["Cases", "1"] in kept.figures
        text = client.get(answer["Location"]).content.decode()
        assert "What event logs show" in text
        assert f"/p/o2c/logs/{log.pk}/?f=" in text

    def test_takes_a_slow_move_and_the_chosen_cases_too(self, world, sign_in) -> None:
        log = log_of(world)
        client = sign_in(world.lead)

        slow = client.get(
            self.url(log, kind="edge", **{"from": "§Check", "to": "§Ship"})
        )
        cases = client.get(self.url(log, f=spell("activity", "§Note", True)))
        page = client.get(f"/p/o2c/logs/{log.pk}/").content.decode()

        assert "by the median" in slow.context["shown"].text
        assert cases.context["shown"].text == "1 case in “§ERP orders”: with §Note"
        assert "Report the slowest as a problem" in page

    def test_shows_what_is_wrong_at_the_form(self, world, sign_in) -> None:
        log = log_of(world)

        answer = sign_in(world.lead).post(self.url(log), {"title": ""})

        assert answer.status_code == 422
        assert not LogEvidence.objects.exists()


class TestReportSection:
    def facts(self, world) -> str:
        section = event_logs(world.programme, world.now)
        assert section is not None
        return json.dumps(asdict(section), ensure_ascii=False, default=str)

    def test_tells_conformance_waits_and_deviations(self, world) -> None:
        log_of(world)

        text = self.facts(world)

        assert "Moves as foreseen" in text
        assert "The main deviations" in text
        assert "went straight to “§Ship”" in text
        assert "The longest times between two events" in text

    def test_tells_steps_that_never_happened(self, world) -> None:
        log_of(world, paths={"1": ["§Receive", "§Check", "§Ship"]})

        text = self.facts(world)

        assert "These steps never happened: §Refuse." in text
        assert "The main deviations" not in text

    @pytest.mark.parametrize("given", [{"process": False}, {"rows": []}])
    def test_leaves_out_what_cannot_be_compared(self, world, given) -> None:
        log_of(world, **given)

        assert "Moves as foreseen" not in self.facts(world)

    def test_answers_from_the_cache(self, world, monkeypatch) -> None:
        log_of(world)
        before = self.facts(world)

        def shut(*_args):
            raise AssertionError("opened again")

        monkeypatch.setattr("diagnosis.answers.open_store", shut)

        assert self.facts(world) == before
