"""People, sign-ins, roles and units of an enterprise."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from programmes.kit.errors import NotAllowed, Refusal
from programmes.models import Account, OrgUnit, Person
from programmes.services import people
from tests.world import NOW, PASSWORD


def details(name="§New", email="new@example.org"):
    return people.Details(name=name, email=email)


class TestSavePerson:
    def test_adds_and_changes(self, world) -> None:
        person = people.save_person(
            by=world.admin, enterprise=world.enterprise, details=details(), now=NOW
        )
        people.save_person(
            by=world.admin,
            enterprise=world.enterprise,
            person=person,
            now=NOW,
            details=details("§Newer", "NEW@example.org"),
        )

        person.refresh_from_db()
        assert (person.name, person.email) == ("§Newer", "new@example.org")

    def test_refuses_a_taken_address(self, world) -> None:
        taken = details(email=world.person("lead").email)

        with pytest.raises(people.EmailTaken):
            people.save_person(
                by=world.admin, enterprise=world.enterprise, details=taken, now=NOW
            )

    def test_is_the_administrators(self, world) -> None:
        for name in ("lead", "auditor", "stranger"):
            with pytest.raises(NotAllowed):
                people.save_person(
                    by=world.accounts[name],
                    enterprise=world.enterprise,
                    details=details(),
                    now=NOW,
                )


class TestOpenAccount:
    def test_is_one_for_each_address(self, world) -> None:
        address = world.person("stranger").email
        person = people.save_person(
            by=world.admin,
            enterprise=world.enterprise,
            details=details(email=address),
            now=NOW,
        )

        account = people.open_account(by=world.admin, person=person, now=NOW)
        again = people.open_account(by=world.admin, person=person, now=NOW)

        assert account == again == world.stranger

    def test_needs_an_address(self, world) -> None:
        person = people.save_person(
            by=world.admin,
            enterprise=world.enterprise,
            details=details(email=""),
            now=NOW,
        )

        with pytest.raises(Refusal, match="e-mail"):
            people.open_account(by=world.admin, person=person, now=NOW)


class TestRolesAndLeaving:
    def test_the_last_administrator_stays(self, world) -> None:
        person = world.person("admin")

        with pytest.raises(people.LastAdministrator):
            people.set_roles(by=world.admin, person=person, roles=[], now=NOW)
        with pytest.raises(people.LastAdministrator):
            people.set_active(by=world.admin, person=person, is_active=False, now=NOW)

    def test_who_left_sees_nothing(self, world, sign_in) -> None:
        client = sign_in(world.viewer)
        assert client.get("/p/o2c/").status_code == 200

        people.set_active(
            by=world.admin, person=world.person("viewer"), is_active=False, now=NOW
        )

        assert client.get("/p/o2c/")["Location"].startswith("/accounts/login/")

    def test_roles_come_and_go(self, world) -> None:
        person = world.person("lead")

        people.set_roles(by=world.admin, person=person, roles=["auditor"], now=NOW)

        assert [one.role for one in person.roles.all()] == ["auditor"]


class TestUnits:
    def test_refuses_a_taken_name(self, world) -> None:
        with pytest.raises(Refusal, match="exists"):
            people.save_unit(
                by=world.admin,
                enterprise=world.enterprise,
                name="§Order desk",
                headcount=1,
            )

    def test_from_the_page(self, world, sign_in) -> None:
        sign_in(world.admin).post("/people/units/new/", {"name": "§IT", "headcount": 3})

        assert OrgUnit.objects.get(name="§IT").headcount == 3


class TestInvitation:
    def test_the_link_is_shown_once_mailed_and_sets_a_password(
        self, world, sign_in
    ) -> None:
        client = sign_in(world.admin)
        client.post(
            "/people/new/", {"name": "§Nia", "email": "nia@example.org", "roles": []}
        )
        person = Person.objects.get(name="§Nia")

        client.post(f"/people/{person.pk}/invite/")
        first = client.get("/people/").content.decode()
        second = client.get("/people/").content.decode()

        link = re.search(r'value="(http[^"]+)"', first)
        assert link
        assert "shown once" not in second
        assert link.group(1) in mail.outbox[0].body
        self.set_password(link.group(1))
        assert Client().login(email="nia@example.org", password=PASSWORD)

    def set_password(self, link: str) -> None:
        fresh = Client()
        page = fresh.get(link.replace("http://testserver", ""), follow=True)
        address = page.redirect_chain[-1][0]
        fresh.post(address, {"password1": PASSWORD, "password2": PASSWORD})
        assert Account.objects.get(email="nia@example.org").has_usable_password()

    def test_leaving_can_be_undone(self, world, sign_in) -> None:
        person = world.person("viewer")
        client = sign_in(world.admin)

        client.post(f"/people/{person.pk}/activate/")
        assert not Person.objects.get(pk=person.pk).is_active
        client.post(f"/people/{person.pk}/activate/")

        assert Person.objects.get(pk=person.pk).is_active

    def test_people_of_elsewhere_cannot_be_reached(self, world, sign_in) -> None:
        person = world.person("stranger")

        assert sign_in(world.admin).get(f"/people/{person.pk}/edit/").status_code == 404


class TestPerson:
    @pytest.mark.parametrize(
        ("name", "initials"),
        [("Mei Lin", "ML"), ("Cher", "C"), ("", "?"), ("a b c", "AC")],
    )
    def test_has_initials(self, name: str, initials: str) -> None:
        assert Person(name=name).initials == initials
