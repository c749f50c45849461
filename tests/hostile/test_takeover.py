"""Nobody comes into another enterprise by way of a shared e-mail address."""

from __future__ import annotations

import pytest
from django.core import mail

from programmes.kit.errors import Refusal
from programmes.models import OrgUnit
from programmes.services.people import Details, save_person, save_unit
from programmes.services.programmes import edit_programme, grant_role
from tests.stage import Stage, rolled_back

pytestmark = pytest.mark.django_db


class TestInvitation:
    def test_of_a_stranger_is_mailed_but_not_shown(self, stage: Stage) -> None:
        world, victim = stage.world, stage.far.persons["lead"]
        details = Details(name="§Borrowed", email=victim.account.email)
        client = stage.clients["admin"]
        with rolled_back():
            person = save_person(
                by=world.admin,
                enterprise=world.enterprise,
                details=details,
                now=world.now,
            )
            client.post(f"/people/{person.pk}/invite/")

            page = client.get("/people/").content.decode()

        assert "/accounts/password/reset/key/" not in page
        assert mail.outbox[-1].to == [victim.account.email]

    def test_of_an_operator_is_not_shown(self, stage: Stage) -> None:
        world = stage.world
        client = stage.clients["admin"]
        with rolled_back():
            world.member.is_staff = True
            world.member.save()
            client.post(f"/people/{world.person('member').pk}/invite/")

            page = client.get("/people/").content.decode()
            world.member.is_staff = False

        assert "/accounts/password/reset/key/" not in page

    def test_of_ones_own_is_shown_once(self, stage: Stage) -> None:
        client = stage.clients["admin"]
        with rolled_back():
            client.post(f"/people/{stage.world.person('member').pk}/invite/")

            pages = [client.get("/people/").content.decode() for _ in range(2)]

        assert "/accounts/password/reset/key/" in pages[0]
        assert "/accounts/password/reset/key/" not in pages[1]


class TestUnitOfAnotherEnterprise:
    def test_is_refused_by_each_service(self, stage: Stage) -> None:
        world, unit = stage.world, stage.far.unit
        programme, person = world.programme, world.person("member")

        with rolled_back():
            for call in (
                lambda: save_person(
                    by=world.admin,
                    enterprise=world.enterprise,
                    details=Details(name="§X", unit=unit),
                    now=world.now,
                ),
                lambda: save_unit(
                    by=world.admin,
                    enterprise=world.enterprise,
                    name="§X",
                    headcount=1,
                    parent=unit,
                ),
                lambda: grant_role(
                    by=world.lead,
                    programme=programme,
                    person=person,
                    role="champion",
                    unit=unit,
                    now=world.now,
                ),
                lambda: edit_programme(
                    by=world.lead,
                    programme=programme,
                    name="§X",
                    summary="",
                    unit=unit,
                    now=world.now,
                ),
            ):
                with pytest.raises(Refusal, match="of this enterprise"):
                    call()

    def test_or_of_ones_own_is_no_parent(self, stage: Stage) -> None:
        world = stage.world
        with rolled_back():
            below = OrgUnit.objects.create(
                enterprise=world.enterprise, name="§Below", parent=world.unit
            )

            with pytest.raises(Refusal, match="cannot belong"):
                save_unit(
                    by=world.admin,
                    enterprise=world.enterprise,
                    name=world.unit.name,
                    headcount=1,
                    unit=world.unit,
                    parent=below,
                )


class TestPersonForm:
    def test_stores_both_halves_or_none(self, stage: Stage) -> None:
        admin = stage.world.person("admin")
        data = {"name": "§Renamed", "email": admin.email, "job_title": "", "roles": []}

        with rolled_back():
            answer = stage.clients["admin"].post(f"/people/{admin.pk}/edit/", data)
            admin.refresh_from_db()

        assert answer.status_code == 422
        assert "§Renamed" in answer.content.decode()
        assert admin.name != "§Renamed"
