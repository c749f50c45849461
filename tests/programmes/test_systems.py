"""IT systems linked to the processes of the scope."""

from __future__ import annotations

import pytest
from django.urls import reverse

from programmes.charter import lint, load_charter
from programmes.kit.errors import NotAllowed
from programmes.kit.sheets import Table
from programmes.models import Activity, ItAsset, ScopeItem, SystemUse
from programmes.services.list_import import import_rows
from programmes.services.records import UnderReview, delete_record
from programmes.services.systems import link_processes, save_system, uses_of
from programmes.views.mandate import IT_ASSETS
from programmes.views.register_files import target_of
from tests.programmes.ready import ready_for_gate_1, submitted
from tests.world import NOW


def process(world, name: str = "§Order", **more) -> ScopeItem:
    return world.save(ScopeItem, kind="process", name=name, **more)


def link(world, system, *processes) -> None:
    link_processes(by=world.lead, system=system, processes=processes, now=NOW)


def linked(world) -> set[tuple[str, str]]:
    rows = uses_of(world.programme).values_list("system__name", "process__name")
    return set(rows)


def page(client, world, name: str = "it-matrix", *arguments) -> str:
    client.force_login(world.lead)
    return client.get(
        reverse(name, args=[world.programme.code, *arguments])
    ).content.decode()


class TestLinkProcesses:
    def test_makes_the_links_so_and_leaves_what_stands(self, world) -> None:
        system = world.save(ItAsset, name="§ERP")
        order, pay = process(world), process(world, "§Pay")
        link(world, system, order)
        kept = SystemUse.objects.get()

        link(world, system, order, pay)
        assert linked(world) == {("§ERP", "§Order"), ("§ERP", "§Pay")}
        link(world, system, pay)

        assert linked(world) == {("§ERP", "§Pay")}
        assert SystemUse.objects.get(pk=kept.pk).deleted_at == NOW

    def test_can_be_made_again(self, world) -> None:
        system, order = world.save(ItAsset, name="§ERP"), process(world)
        for processes in ([order], [], [order]):
            link(world, system, *processes)

        assert linked(world) == {("§ERP", "§Order")}

    def test_is_not_for_everybody(self, world) -> None:
        system, order = world.save(ItAsset, name="§ERP"), process(world)

        with pytest.raises(NotAllowed):
            link_processes(
                by=world.accounts["member"], system=system, processes=[order], now=NOW
            )

    def test_is_locked_while_gate_1_is_in_review(self, world) -> None:
        ready_for_gate_1(world)
        submitted(world)

        with pytest.raises(UnderReview):
            link(world, ItAsset.objects.get())


class TestSaveSystem:
    def test_leaves_the_links_alone_when_none_are_given(self, world) -> None:
        system, order = world.save(ItAsset, name="§ERP"), process(world)
        link(world, system, order)

        save_system(by=world.lead, record=system, now=NOW)

        assert linked(world) == {("§ERP", "§Order")}


class TestUsesOf:
    def test_forgets_what_lost_an_end(self, world) -> None:
        system, order = world.save(ItAsset, name="§ERP"), process(world)
        link(world, system, order)

        delete_record(by=world.lead, record=order, now=NOW)

        assert linked(world) == set()


class TestForm:
    def test_ticks_what_is_there_and_saves_what_is_ticked(self, world, client) -> None:
        system = world.save(ItAsset, name="§ERP")
        order, pay = process(world), process(world, "§Pay")
        link(world, system, order)
        path = reverse("it-edit", args=[world.programme.code, system.pk])
        client.force_login(world.lead)

        form = client.get(path).context["form"]
        assert form.initial["processes"] == [order.pk]
        client.post(path, {"name": "§ERP", "processes": [pay.pk]})

        assert linked(world) == {("§ERP", "§Pay")}

    def test_offers_processes_alone(self, world, client) -> None:
        process(world)

        found = page(client, world, "it-new")

        assert found.count('name="processes"') == 1

    def test_offers_no_process_of_another_programme(self, world, client) -> None:
        system = world.save(ItAsset, name="§ERP")
        far = ScopeItem.objects.create(
            programme=world.other_programme,
            kind="process",
            name="§Far",
            created_at=NOW,
            updated_at=NOW,
        )
        client.force_login(world.lead)
        path = reverse("it-edit", args=[world.programme.code, system.pk])

        answer = client.post(path, {"name": "§ERP", "processes": [far.pk]})

        assert answer.status_code == 422
        assert linked(world) == set()

    def test_is_on_the_page_of_the_system(self, world, client) -> None:
        system = world.save(ItAsset, name="§ERP")
        link(world, system, process(world))

        assert "§Order" in page(client, world, "it-detail", system.pk)


class TestList:
    def test_keeps_the_buttons_of_every_list(self, world, client) -> None:
        world.save(ItAsset, name="§ERP")

        found = page(client, world, "it-list")

        for name in ("it-matrix", "it-export", "it-import", "it-new"):
            assert reverse(name, args=[world.programme.code]) in found


class TestMatrix:
    def test_says_what_has_no_counterpart(self, world, client) -> None:
        erp = world.save(ItAsset, name="§ERP")
        world.save(ItAsset, name="§Fax")
        link(world, erp, process(world))
        process(world, "§Pay")
        process(world, "§Out", is_in=False)

        found = page(client, world)

        assert "1 process has no system; 1 system supports no process" in found
        assert "§Out" not in found

    def test_says_that_all_is_covered(self, world, client) -> None:
        link(world, world.save(ItAsset, name="§ERP"), process(world))

        assert "Every process has a system" in page(client, world)

    def test_says_what_to_do_first(self, world, client) -> None:
        assert "nothing to set against each other" in page(client, world)


class TestFiles:
    def imported(self, world, rf, *cells: str) -> list:
        request = rf.get("/")
        request.user, request.programme = world.lead, world.programme
        table = Table(["name", "processes", "id"], [(2, list(cells))])
        return import_rows(
            by=world.lead,
            programme=world.programme,
            target=target_of(IT_ASSETS, request),
            table=table,
            now=NOW,
            confirmed=True,
        )[1]

    def test_take_the_names_of_the_processes(self, world, rf) -> None:
        process(world)
        process(world, "§Pay")

        [outcome] = self.imported(world, rf, "§ERP", "§Order; §pay", "")

        assert (outcome.action, outcome.errors) == ("new", [])
        assert linked(world) == {("§ERP", "§Order"), ("§ERP", "§Pay")}

    def test_say_that_nothing_changed(self, world, rf) -> None:
        system = world.save(ItAsset, name="§ERP")
        link(world, system, process(world))
        before = Activity.objects.count()

        [outcome] = self.imported(world, rf, "§ERP", "§Order", str(system.pk))

        assert (outcome.action, outcome.errors) == ("same", [])
        assert Activity.objects.count() == before

    def test_take_links_away(self, world, rf) -> None:
        system = world.save(ItAsset, name="§ERP")
        link(world, system, process(world))

        [outcome] = self.imported(world, rf, "§ERP", "", str(system.pk))

        assert (outcome.action, outcome.errors) == ("changed", [])
        assert linked(world) == set()

    def test_refuse_a_name_that_is_not_known(self, world, rf) -> None:
        process(world)

        [outcome] = self.imported(world, rf, "§ERP", "§Ordr", "")

        assert outcome.action == "wrong"

    def test_hold_the_names_as_they_are_taken_back(self, world, client) -> None:
        system = world.save(ItAsset, name="§ERP")
        link(world, system, process(world), process(world, "§Pay"))
        client.force_login(world.lead)

        rows = client.get(reverse("it-export", args=[world.programme.code]))

        assert "§Order; §Pay" in rows.content.decode()


class TestLint:
    def test_hints_at_a_process_without_a_system(self, world) -> None:
        system, order = world.save(ItAsset, name="§ERP"), process(world)

        before = [one.code for one in lint(load_charter(world.programme))]
        link(world, system, order)
        after = [one.code for one in lint(load_charter(world.programme))]

        assert before.count("C5.4") == 1
        assert "C5.4" not in after
