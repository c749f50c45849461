"""Orders and payments, their confirmation, other currencies, and tranches."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from programmes.kit.errors import NotAllowed
from programmes.models import (
    Activity,
    BudgetEntry,
    BudgetLine,
    Estimate,
    Membership,
    Tranche,
)
from programmes.services.budget import (
    NothingChosen,
    OwnEntry,
    confirm_entries,
    release_tranche,
    save_entry,
    take_back_tranche,
    waiting,
)
from programmes.services.programmes import grant_role
from programmes.services.records import Invalid, fill, save_record
from programmes.views.budget import loaded
from tests.programmes.ready import gate
from tests.world import NOW, World


@pytest.fixture
def line(world: World) -> BudgetLine:
    found: BudgetLine = world.save(
        BudgetLine, title="§Team", phase=1, category="people", planned=100
    )
    return found


def enter(
    world: World, line: BudgetLine, kind: str = "actual", amount: Any = 40, **more: Any
) -> BudgetEntry:
    entry = BudgetEntry(programme=world.programme, line=line, kind=kind)
    fill(entry, amount=Decimal(amount), booked_on=NOW.date(), document="§PO-1", **more)
    return save_entry(by=world.lead, record=entry, now=NOW)


class TestSaveEntry:
    def test_keeps_the_sums_of_its_line(self, world: World, line: BudgetLine) -> None:
        enter(world, line, "committed", 60)
        enter(world, line, "actual", 50)
        enter(world, line, "actual", -5)

        line.refresh_from_db()
        assert (line.committed, line.actual) == (60, 45)

    def test_leaves_the_version_of_the_line(
        self, world: World, line: BudgetLine
    ) -> None:
        before = line.version

        enter(world, line)

        line.refresh_from_db()
        assert line.version == before

    def test_counts_by_the_fixed_rate(self, world: World) -> None:
        line = world.save(
            BudgetLine,
            title="§Licences",
            planned=0,
            currency="USD",
            rate=Decimal("0.9"),
            planned_foreign=200,
        )

        entry = enter(world, line, amount=100)

        line.refresh_from_db()
        assert (line.planned, line.actual, entry.home_amount) == (180, 90, 90)

    def test_moves_the_money_to_another_line(
        self, world: World, line: BudgetLine
    ) -> None:
        other = world.save(BudgetLine, title="§Other", planned=10)
        entry = enter(world, line)

        save_entry(by=world.lead, record=fill(entry, line=other), now=NOW)

        line.refresh_from_db()
        other.refresh_from_db()
        assert (line.actual, other.actual) == (0, 40)

    def test_is_done_by_the_lead(self, world: World, line: BudgetLine) -> None:
        entry = BudgetEntry(programme=world.programme, line=line, kind="actual")
        fill(entry, amount=Decimal(1), booked_on=NOW.date())

        with pytest.raises(NotAllowed):
            save_entry(by=world.controller, record=entry, now=NOW)

    def test_refuses_an_entry_without_a_line(self, world: World) -> None:
        entry = BudgetEntry(programme=world.programme, kind="actual")

        with pytest.raises(Invalid):
            save_entry(by=world.lead, record=entry, now=NOW)


class TestBudgetLine:
    def test_needs_a_rate_in_another_currency(self, world: World) -> None:
        with pytest.raises(Invalid):
            world.save(BudgetLine, title="§Licences", planned=1, currency="USD")

    def test_refuses_more_than_its_column_holds(self, world: World) -> None:
        with pytest.raises(Invalid):
            world.save(
                BudgetLine,
                title="§Licences",
                planned=0,
                currency="USD",
                rate=9000,
                planned_foreign=Decimal(10) ** 12,
            )


class TestConfirmEntries:
    def test_is_the_controllers_alone(self, world: World, line: BudgetLine) -> None:
        entry = enter(world, line)

        count = confirm_entries(
            by=world.controller,
            programme=world.programme,
            keys=[entry.pk],
            now=NOW,
        )

        entry.refresh_from_db()
        assert count == 1
        assert entry.is_confirmed
        assert not waiting(world.programme).exists()
        with pytest.raises(NotAllowed):
            confirm_entries(
                by=world.lead, programme=world.programme, keys=[entry.pk], now=NOW
            )

    def test_is_void_after_a_change(self, world: World, line: BudgetLine) -> None:
        entry = enter(world, line)
        confirm_entries(
            by=world.controller, programme=world.programme, keys=[entry.pk], now=NOW
        )
        entry.refresh_from_db()

        save_entry(by=world.lead, record=fill(entry, amount=Decimal(41)), now=NOW)

        assert waiting(world.programme).get() == entry

    def test_leaves_out_what_was_only_ordered(
        self, world: World, line: BudgetLine
    ) -> None:
        entry = enter(world, line, "committed")

        with pytest.raises(NothingChosen):
            confirm_entries(
                by=world.controller,
                programme=world.programme,
                keys=[entry.pk],
                now=NOW,
            )

    def test_is_not_for_what_one_wrote_oneself(
        self, world: World, line: BudgetLine
    ) -> None:
        entry = enter(world, line)
        grant_role(
            by=world.lead,
            programme=world.programme,
            person=world.person("lead"),
            role=Membership.Role.CONTROLLER,
            now=NOW,
        )

        with pytest.raises(OwnEntry):
            confirm_entries(
                by=world.lead, programme=world.programme, keys=[entry.pk], now=NOW
            )


class TestReleaseTranche:
    def test_releases_what_the_gate_holds(self, world: World) -> None:
        tranche = world.save(Tranche, gate=1, amount=100)
        later = world.save(Tranche, gate=3, amount=50)

        found = release_tranche(gate=gate(world, 1), now=NOW, by=world.sponsor)
        again = release_tranche(gate=gate(world, 1), now=NOW + timedelta(days=1))

        tranche.refresh_from_db()
        later.refresh_from_db()
        assert (found, again) == ([tranche], [])
        assert tranche.released_at == NOW
        assert tranche.version == 1
        assert later.released_at is None
        assert Activity.objects.filter(verb="released").count() == 1

    def test_is_taken_back_when_the_decision_is_undone(self, world: World) -> None:
        tranche = world.save(Tranche, gate=1, amount=100)
        release_tranche(gate=gate(world, 1), now=NOW)

        take_back_tranche(gate=gate(world, 1), now=NOW)
        take_back_tranche(gate=gate(world, 1), now=NOW)

        tranche.refresh_from_db()
        assert tranche.released_at is None


class TestPage:
    def ask(self, world: World, sign_in: Any, name: str = "budget-list") -> str:
        url = reverse(name, args=[world.programme.code])
        return str(sign_in(world.lead).get(url).content.decode())

    def test_says_what_eats_the_contingency(
        self, world: World, line: BudgetLine, sign_in: Any
    ) -> None:
        estimate = Estimate.objects.get(programme=world.programme)
        save_record(by=world.lead, record=fill(estimate, contingency=30), now=NOW)
        enter(world, line, amount=110)

        assert "Lines over their plan take" in self.ask(world, sign_in)

    def test_says_when_the_forecast_is_above_everything(
        self, world: World, line: BudgetLine, sign_in: Any
    ) -> None:
        enter(world, line, amount=110)

        assert "above budget and contingency" in self.ask(world, sign_in)

    def test_says_when_more_is_paid_than_released(
        self, world: World, line: BudgetLine, sign_in: Any
    ) -> None:
        world.save(Tranche, gate=1, amount=100)
        enter(world, line, amount=60)

        assert "more is paid than the gates have released" in self.ask(world, sign_in)
        release_tranche(gate=gate(world, 1), now=NOW)
        assert "more is paid" not in self.ask(world, sign_in)

    def test_adds_up_by_phase_and_category(
        self, world: World, line: BudgetLine
    ) -> None:
        enter(world, line, "committed", 60)

        found = loaded(world.programme).standing

        assert (found.planned, found.committed, found.free) == (100, 60, 40)

    def test_takes_a_line_in_another_currency(self, world: World, sign_in: Any) -> None:
        url = reverse("budget-new", args=[world.programme.code])
        data = {"title": "§Licences", "phase": "1", "category": "it", "planned": ""}
        foreign = {"currency": "usd", "planned_foreign": "200", "rate": "0.9"}

        none = sign_in(world.lead).post(url, data)
        part = sign_in(world.lead).post(url, {**data, "currency": "USD"})
        good = sign_in(world.lead).post(url, data | foreign)

        assert (none.status_code, part.status_code) == (422, 422)
        assert good.status_code == 302
        line = BudgetLine.objects.get()
        assert line.planned == 180
        entry = enter(world, line)
        pages = [
            sign_in(world.lead)
            .get(reverse(name, args=[world.programme.code, key]))
            .text
            for name, key in (
                ("budget-detail", line.pk),
                ("budget-entries-detail", entry.pk),
            )
        ]
        assert all("$" in page for page in pages)

    def test_lets_the_controller_confirm(
        self, world: World, line: BudgetLine, sign_in: Any
    ) -> None:
        entry = enter(world, line)
        url = reverse("budget-confirm", args=[world.programme.code])

        nothing = sign_in(world.controller).post(url, follow=True)
        sign_in(world.controller).post(url, {"entry": [entry.pk, "x"]})

        assert "Choose at least one" in nothing.content.decode()
        entry.refresh_from_db()
        assert entry.is_confirmed


class TestBenefitRange:
    @pytest.mark.parametrize(
        ("amounts", "said"),
        [
            ((None, None, None), "The range is not given yet"),
            ((50, 100, 200), "Pays back after 0.5 to 2.0 years"),
            ((0, 100, 200), "never at worst"),
            ((0, 0, 0), "The benefit never pays the cost back"),
        ],
    )
    def test_is_said_in_one_sentence(
        self,
        world: World,
        line: BudgetLine,
        sign_in: Any,
        amounts: tuple[int | None, ...],
        said: str,
    ) -> None:
        names = ("benefit_low", "benefit_likely", "benefit_high")
        estimate = Estimate.objects.get(programme=world.programme)
        fill(estimate, **dict(zip(names, amounts, strict=True)))
        save_record(by=world.lead, record=estimate, now=NOW)
        url = reverse("benefit-range-detail", args=[world.programme.code, estimate.pk])

        page = sign_in(world.lead).get(url).content.decode()

        assert said in page
