"""Opening programmes, teams and signatures."""

from __future__ import annotations

import pytest

from programmes.kit.errors import NotAllowed
from programmes.models import (
    EnterpriseRole,
    Gate,
    Mandate,
    Membership,
    PhasePlan,
    Programme,
    Signature,
)
from programmes.services import programmes as services
from programmes.services.records import Invalid, UnderReview, fill, save_record
from tests.programmes.ready import ready_for_gate_1, submitted
from tests.world import NOW


class TestCreateProgramme:
    def test_opens_eight_gates_and_a_lead(self, world) -> None:
        found = services.create_programme(
            by=world.lead,
            enterprise=world.enterprise,
            code="new",
            name="§New",
            now=NOW,
        )

        assert Gate.objects.filter(programme=found).count() == 8
        assert PhasePlan.objects.filter(programme=found).count() == 8
        assert found.memberships.get().role == Membership.Role.LEAD

    def test_refuses_a_taken_code(self, world) -> None:
        with pytest.raises(services.CodeTaken) as refusal:
            services.create_programme(
                by=world.lead,
                enterprise=world.enterprise,
                code="o2c",
                name="§X",
                now=NOW,
            )

        assert "code" in refusal.value.fields
        assert Programme.objects.count() == 2

    def test_is_for_programme_creators(self, world) -> None:
        for name in ("admin", "sponsor", "auditor", "stranger"):
            with pytest.raises(NotAllowed):
                services.create_programme(
                    by=world.accounts[name],
                    enterprise=world.enterprise,
                    code="x",
                    name="§X",
                    now=NOW,
                )

    def test_a_next_cycle_is_for_its_lead(self, world) -> None:
        EnterpriseRole.objects.all().delete()

        found = services.create_programme(
            by=world.lead,
            enterprise=world.enterprise,
            code="next",
            name="§Next",
            now=NOW,
            predecessor=world.programme,
            phase=3,
        )

        assert (found.predecessor, found.phase) == (world.programme, 3)


class TestTeam:
    def test_roles_are_given_and_taken(self, world) -> None:
        member = services.grant_role(
            by=world.lead,
            programme=world.programme,
            person=world.person("outsider"),
            role="viewer",
            now=NOW,
        )
        again = services.grant_role(
            by=world.lead,
            programme=world.programme,
            person=world.person("outsider"),
            role="viewer",
            capacity_percent=20,
            now=NOW,
        )

        assert (member.pk, again.capacity_percent) == (again.pk, 20)
        assert Programme.objects.visible_to(world.outsider).exists()

        services.revoke_role(by=world.lead, membership=again, now=NOW)

        assert not Programme.objects.visible_to(world.outsider).exists()

    def test_people_of_elsewhere_are_refused(self, world) -> None:
        with pytest.raises(Invalid):
            services.grant_role(
                by=world.lead,
                programme=world.programme,
                person=world.person("stranger"),
                role="lead",
                now=NOW,
            )

    def test_the_last_lead_stays(self, world) -> None:
        lead = world.programme.memberships.get(role="lead")

        with pytest.raises(services.LastLead):
            services.revoke_role(by=world.lead, membership=lead, now=NOW)

    def test_is_locked_while_gate_1_is_in_review(self, world) -> None:
        ready_for_gate_1(world)
        submitted(world)

        with pytest.raises(UnderReview):
            services.grant_role(
                by=world.lead,
                programme=world.programme,
                person=world.person("outsider"),
                role="viewer",
                now=NOW,
            )

    def test_is_the_leads(self, world) -> None:
        with pytest.raises(NotAllowed):
            services.grant_role(
                by=world.viewer,
                programme=world.programme,
                person=world.person("viewer"),
                role="sponsor",
                now=NOW,
            )


class TestSignMandate:
    def mandate(self, world, purpose="§Why") -> Mandate:
        mandate = Mandate.objects.get(programme=world.programme)
        return save_record(
            by=world.lead, record=fill(mandate, purpose=purpose), now=NOW
        )

    def sign(self, world, mandate, by="sponsor") -> None:
        services.sign_mandate(
            by=world.accounts[by], mandate=mandate, version=mandate.version, now=NOW
        )

    def test_binds_the_version(self, world) -> None:
        mandate = self.mandate(world)
        self.sign(world, mandate)
        mandate.refresh_from_db()
        assert mandate.is_signed
        assert Signature.objects.get().person == world.person("sponsor")

        save_record(by=world.lead, record=fill(mandate, limits="§New"), now=NOW)

        assert not Mandate.objects.get(pk=mandate.pk).is_signed

    def test_is_the_sponsors(self, world) -> None:
        mandate = self.mandate(world)

        for name in ("lead", "controller", "owner", "admin"):
            with pytest.raises(NotAllowed):
                self.sign(world, mandate, by=name)

    def test_refuses_empty_changed_and_signed_ones(self, world) -> None:
        empty = self.mandate(world, purpose=" ")
        with pytest.raises(Invalid, match="purpose"):
            self.sign(world, empty)
        mandate = self.mandate(world)
        seen = Mandate.objects.get(pk=mandate.pk)
        self.mandate(world, "§Other")
        with pytest.raises(Invalid, match="changed"):
            self.sign(world, seen)
        seen.refresh_from_db()
        self.sign(world, seen)
        with pytest.raises(services.AlreadySigned):
            self.sign(world, seen)


class TestProgrammePages:
    def test_new_programme_from_the_form(self, world, sign_in) -> None:
        client = sign_in(world.lead)
        values = {"name": "§Returns", "code": "returns", "summary": "§"}

        done = client.post("/programmes/new/", values)
        taken = client.post("/programmes/new/", values)
        bad = client.post("/programmes/new/", {**values, "code": "Bad Code!"})

        assert done.headers["Location"] == "/p/returns/charter/mandate/"
        assert (taken.status_code, bad.status_code) == (422, 422)
        assert "§Returns" in taken.content.decode()

    def test_edit_keeps_the_code(self, world, sign_in) -> None:
        sign_in(world.lead).post("/p/o2c/edit/", {"name": "§New name", "code": "x"})

        world.programme.refresh_from_db()
        assert (world.programme.name, world.programme.code) == ("§New name", "o2c")

    def test_team_page_adds_and_removes(self, world, sign_in) -> None:
        client = sign_in(world.lead)
        values = {
            "person": world.person("outsider").pk,
            "role": "viewer",
            "capacity_percent": 5,
        }

        client.post("/p/o2c/team/", values)
        added = Membership.objects.get(person=world.person("outsider"))
        client.post(f"/p/o2c/team/{added.pk}/revoke/")

        assert not Membership.objects.filter(person=world.person("outsider")).exists()
        assert sign_in(world.viewer).post("/p/o2c/team/", values).status_code == 403
