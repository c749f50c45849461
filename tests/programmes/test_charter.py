"""The lint of the charter, and the wizard that leads to a mandate to be signed."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from programmes.charter import lint, load_charter
from programmes.models import (
    Activity,
    BudgetLine,
    Estimate,
    ItAsset,
    Mandate,
    Membership,
    Need,
    Objective,
    PhasePlan,
    Programme,
    ScopeItem,
    Tranche,
    WorkCalendar,
)
from programmes.services.records import fill, save_record
from programmes.views.charter_steps import KEYS
from tests.programmes.ready import ready_for_gate_1, submitted
from tests.world import NOW, World

# Code -> what makes a complete charter fail it.
BREAKS: dict[str, Any] = {
    "C1.1": lambda: Mandate.objects.update(purpose=" "),
    "C1.4": lambda: Mandate.objects.update(limits=""),
    "C2.1": lambda: Objective.objects.update(deleted_at=NOW),
    "C2.2": lambda: Objective.objects.update(owner=None),
    "C2.3": lambda: Objective.objects.update(measure=""),
    "C2.4": lambda: Objective.objects.update(target=None),
    "C2.5": lambda: Objective.objects.update(unit=""),
    "C2.6": lambda: Objective.objects.update(baseline=None),
    "C2.7": lambda: Objective.objects.update(baseline=5),
    "C2.8": lambda: Objective.objects.update(due_on=None),
    "C3.1": lambda: Need.objects.update(deleted_at=NOW),
    "C3.2": lambda: Need.objects.update(source=""),
    "C3.3": lambda: Need.objects.update(priority=""),
    "C3.4": lambda: Need.objects.update(objective=None),
    "C4.1": lambda: ScopeItem.objects.filter(kind="process").update(is_in=False),
    "C4.2": lambda: ScopeItem.objects.filter(kind="unit").update(is_in=False),
    "C4.3": lambda: ScopeItem.objects.filter(is_in=False).update(deleted_at=NOW),
    "C4.4": lambda: ScopeItem.objects.update(owner=None),
    "C5.1": lambda: ItAsset.objects.update(deleted_at=NOW),
    "C5.2": lambda: ItAsset.objects.update(state=""),
    "C5.3": lambda: ItAsset.objects.update(fit=None),
    "C6.1": lambda: Membership.objects.filter(role="sponsor").delete(),
    "C6.3": lambda: Membership.objects.filter(role="controller").delete(),
    "C6.5": lambda: Membership.objects.filter(role="owner").update(
        capacity_percent=101
    ),
    "C7.1": lambda: BudgetLine.objects.update(deleted_at=NOW),
    "C7.2": lambda: BudgetLine.objects.update(phase=None),
    "C7.3": lambda: BudgetLine.objects.update(category=""),
    "C7.4": lambda: Estimate.objects.update(contingency=None),
    "C7.5": lambda: Tranche.objects.update(amount=99),
    "C8.1": lambda: Estimate.objects.update(benefit_low=None),
    "C8.2": lambda: Estimate.objects.update(owner=None),
    "C8.3": lambda: Estimate.objects.update(basis=""),
    "C8.4": lambda: Estimate.objects.update(benefit_low=0, benefit_likely=0),
    "C9.1": lambda: PhasePlan.objects.filter(phase=4).update(starts_on=None),
    "C9.2": lambda: PhasePlan.objects.filter(phase=4).update(gate_on=None),
    "C9.3": lambda: PhasePlan.objects.filter(phase=4).update(gate_on=NOW.date()),
    "C9.4": lambda: PhasePlan.objects.filter(phase=4).update(starts_on=NOW.date()),
}


def codes(world: World) -> set[str]:
    programme = Programme.objects.get(pk=world.programme.pk)
    return {one.code for one in lint(load_charter(programme))}


def complete(world: World) -> None:
    """A charter without a finding."""
    ready_for_gate_1(world)
    Objective.objects.update(unit="§days", baseline=9, due_on=NOW.date())
    Mandate.objects.update(direction="§Fast", authority="§All", limits="§None")


class TestLint:
    def test_finds_nothing_in_a_complete_charter(self, world: World) -> None:
        complete(world)

        assert codes(world) == set()

    @pytest.mark.parametrize("code", sorted(BREAKS))
    def test_finds_the_gap(self, world: World, sign_in: Any, code: str) -> None:
        complete(world)
        BREAKS[code]()

        found = [
            one
            for one in lint(load_charter(Programme.objects.get(code="o2c")))
            if one.code == code
        ]

        assert found
        assert sign_in(world.lead).get(found[0].url).status_code == 200
        assert found[0].step in KEYS

    def test_takes_one_query(
        self, world: World, django_assert_max_num_queries: Any
    ) -> None:
        programme = Programme.objects.select_related("enterprise").get(code="o2c")

        with django_assert_max_num_queries(1):
            lint(load_charter(programme))


class Wizard:
    """The steps as the lead goes through them."""

    def __init__(self, world: World, client: Any) -> None:
        self.world, self.client = world, client

    def url(self, step: str, name: str = "charter-step") -> str:
        return reverse(name, args=[self.world.programme.code, step])

    def page(self, step: str) -> str:
        return str(self.client.get(self.url(step)).content.decode())

    def post(self, step: str, **values: str) -> Any:
        return self.client.post(self.url(step), values)

    def leave(self, step: str, name: str, value: str) -> str:
        """A field is left: its value alone is sent."""
        url = f"{self.url(step, 'charter-save')}?field={name}"
        return str(self.client.post(url, {name: value}).content.decode())


@pytest.fixture
def wizard(world: World, sign_in: Any) -> Wizard:
    return Wizard(world, sign_in(world.lead))


class TestWizard:
    @pytest.mark.parametrize("step", KEYS)
    def test_opens_each_step(self, wizard: Wizard, step: str) -> None:
        assert "wizard-contents" in wizard.page(step)

    def test_begins_where_something_is_missing(self, wizard: Wizard) -> None:
        url = reverse("charter", args=[wizard.world.programme.code])

        assert wizard.client.get(url)["Location"] == wizard.url("mandate")

    def test_shows_others_what_is_missing(self, world: World, sign_in: Any) -> None:
        url = reverse("charter", args=[world.programme.code])

        page = sign_in(world.sponsor).get(url).content.decode()

        assert "The mandate has no limits." in page

    def test_has_no_other_steps(self, wizard: Wizard) -> None:
        assert wizard.client.get(wizard.url("dessert")).status_code == 404

    def test_goes_on_and_back(self, wizard: Wizard) -> None:
        on = wizard.post("needs", next="1")
        back = wizard.post("needs", back="1")
        again = wizard.post("needs", again="1")

        assert on["Location"] == wizard.url("scope")
        assert back["Location"] == wizard.url("objectives")
        assert again["Location"] == wizard.url("needs")

    def test_saves_the_step_without_script(self, wizard: Wizard) -> None:
        name = "mandate-one-purpose"
        version = str(Mandate.objects.get(programme=wizard.world.programme).version)

        wizard.post("mandate", **{name: "§Why", "mandate-one-record_version": version})

        mandate = Mandate.objects.get(programme=wizard.world.programme)
        assert mandate.purpose == "§Why"

    def test_refuses_a_step_that_somebody_else_changed(self, wizard: Wizard) -> None:
        mandate = Mandate.objects.get(programme=wizard.world.programme)
        save_record(by=None, record=fill(mandate, limits="§Less"), now=NOW)

        answer = wizard.post(
            "mandate",
            **{"mandate-one-purpose": "§Why", "mandate-one-record_version": "1"},
        )

        assert answer.status_code == 422
        assert "Somebody saved this" in answer.content.decode()

    def test_takes_a_step_whose_last_field_was_saved_meanwhile(
        self, wizard: Wizard
    ) -> None:
        wizard.leave("mandate", "mandate-one-purpose", "§Why")

        answer = wizard.post(
            "mandate",
            **{"mandate-one-purpose": "§Why not", "mandate-one-record_version": "1"},
        )

        assert answer.status_code == 302
        mandate = Mandate.objects.get(programme=wizard.world.programme)
        assert mandate.purpose == "§Why not"

    def test_adds_a_row(self, wizard: Wizard) -> None:
        wizard.post(
            "objectives",
            **{
                "objectives-new-title": "§Faster",
                "objectives-new-level": "programme",
                "again": "1",
            },
        )

        assert Objective.objects.get().title == "§Faster"
        assert "objectives-new-title" in wizard.page("objectives")

    def test_says_what_is_wrong_with_a_row(self, wizard: Wizard) -> None:
        answer = wizard.post("objectives", **{"objectives-new-measure": "§Days"})

        assert answer.status_code == 422
        assert not Objective.objects.exists()

    def test_adds_to_the_team(self, wizard: Wizard) -> None:
        person = wizard.world.person("outsider")

        wizard.post(
            "team",
            **{
                "team-new-person": str(person.pk),
                "team-new-role": "member",
                "team-new-capacity_percent": "20",
            },
        )

        found = Membership.objects.get(person=person)
        assert (found.role, found.capacity_percent) == ("member", 20)

    def test_proposes_the_dates(self, wizard: Wizard) -> None:
        wizard.post("plan", **{"start-starts_on": "2026-03-09"})

        rows = PhasePlan.objects.of(wizard.world.programme)
        assert rows.get(phase=1).starts_on.isoformat() == "2026-03-09"
        assert not rows.filter(gate_on=None).exists()
        wizard.post("plan", **{"start-starts_on": "2026-03-10"})
        assert rows.get(phase=1).starts_on.isoformat() == "2026-03-10"


class TestAutosave:
    def test_saves_a_field_as_it_is_left(self, wizard: Wizard) -> None:
        answer = wizard.leave("mandate", "mandate-one-limits", "§No lay-offs")

        mandate = Mandate.objects.get(programme=wizard.world.programme)
        assert mandate.limits == "§No lay-offs"
        assert "Saved at" in answer
        assert f'value="{mandate.version}"' in answer

    def test_leaves_the_other_fields_alone(self, wizard: Wizard) -> None:
        row = wizard.world.save(Objective, title="§Faster", measure="§Days")

        wizard.leave("objectives", f"objectives-{row.pk}-target", "5")
        wizard.leave("objectives", f"objectives-{row.pk}-target", "5")

        row.refresh_from_db()
        assert (row.measure, row.target, row.version) == ("§Days", 5, 2)

    def test_keeps_a_new_row_until_it_is_added(self, wizard: Wizard) -> None:
        answer = wizard.leave("objectives", "objectives-new-title", "§Half a thought")

        assert "Kept as a draft" in answer
        assert "§Half a thought" in wizard.page("objectives")
        assert not Objective.objects.exists()
        wizard.post(
            "objectives",
            **{
                "objectives-new-title": "§Whole",
                "objectives-new-level": "programme",
            },
        )
        assert "§Half a thought" not in wizard.page("objectives")

    def test_keeps_what_is_wrong_and_says_why(self, wizard: Wizard) -> None:
        row = wizard.world.save(Objective, title="§Faster")
        name = f"objectives-{row.pk}-target"

        answer = wizard.leave("objectives", name, "many")

        assert "not saved yet" in answer
        assert 'value="many"' in wizard.page("objectives")
        wizard.leave("objectives", name, "4")
        assert 'value="many"' not in wizard.page("objectives")

    def test_says_when_the_gate_is_in_review(self, wizard: Wizard) -> None:
        complete(wizard.world)
        submitted(wizard.world)

        answer = wizard.leave("mandate", "mandate-one-limits", "§More")

        assert "locked" in answer

    def test_opens_the_row_that_is_asked_for(self, wizard: Wizard) -> None:
        row = wizard.world.save(Objective, title="§Faster")
        url = f"{wizard.url('objectives')}?row=objectives-{row.pk}"

        closed = wizard.page("objectives")
        page = wizard.client.get(url).content.decode()

        assert f"objectives-{row.pk}-title" not in closed
        assert f"objectives-{row.pk}-title" in page

    def test_creates_what_stands_once(self, wizard: Wizard) -> None:
        wizard.leave("plan", "calendar-one-country", "DE")
        wizard.leave("plan", "calendar-one-region", "BY")

        assert str(WorkCalendar.objects.get()) == "DE-BY"

    def test_takes_off_a_tick(self, wizard: Wizard) -> None:
        row = wizard.world.save(ScopeItem, kind="unit", name="§Desk")
        name = f"scope-{row.pk}-is_in"
        url = f"{wizard.url('scope', 'charter-save')}?field={name}"

        wizard.client.post(url)

        row.refresh_from_db()
        assert row.is_in is False

    @pytest.mark.parametrize(
        "name", ["", "objectives-9-title", "mandate-one-signed_at"]
    )
    def test_knows_its_fields_only(self, wizard: Wizard, name: str) -> None:
        url = f"{wizard.url('mandate', 'charter-save')}?field={name}"

        assert wizard.client.post(url, {name: "x"}).status_code == 404

    def test_is_told_in_the_feed(self, wizard: Wizard) -> None:
        wizard.leave("mandate", "mandate-one-purpose", "§Why")

        assert Activity.objects.filter(verb="changed").exists()
