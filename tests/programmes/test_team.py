"""Time over all programmes, many roles at once, and the team as CSV."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from programmes.kit.errors import NotAllowed
from programmes.models import Membership, Person
from programmes.services.programmes import create_programme, grant_role
from programmes.services.team import MOST_LINES, BadLines, grant_roles
from tests.world import NOW, World


def grant(world: World, text: str, by: str = "lead") -> list[Membership]:
    return grant_roles(
        by=world.accounts[by], programme=world.programme, text=text, now=NOW
    )


def over(world: World) -> None:
    """The member works 60 % here and 50 % in another programme."""
    person = world.person("member")
    other = create_programme(
        by=world.lead, enterprise=world.enterprise, code="more", name="§More", now=NOW
    )
    for programme, percent in ((world.programme, 60), (other, 50)):
        grant_role(
            by=world.lead,
            programme=programme,
            person=person,
            role="member",
            capacity_percent=percent,
            now=NOW,
        )


class TestGrantRoles:
    def test_takes_names_and_addresses(self, world: World) -> None:
        person = world.person("outsider")
        text = f"{person.name}; Team member; 20%\n\n{person.email}\tgatekeeper\t\t§HR"

        first, second = grant(world, text)

        assert (first.role, first.capacity_percent) == ("member", 20)
        assert (second.role, second.seat) == ("gatekeeper", "§HR")

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "at least one"),
            ("\n".join(["x"] * (MOST_LINES + 1)), "at most"),
            ("Nobody; member", "Line 1: nobody is called Nobody."),
            ("§Outsider Person; king", "there is no role king"),
            ("§Outsider Person; member; 101", "from 0 to 100"),
            ("§Outsider Person; member; much", "from 0 to 100"),
        ],
    )
    def test_takes_all_or_none(self, world: World, text: str, said: str) -> None:
        before = Membership.objects.count()

        with pytest.raises(BadLines, match=said):
            grant(
                world, f"§Outsider Person; member\n{text}" if "king" in text else text
            )

        assert Membership.objects.count() == before

    def test_asks_for_the_address_of_a_double_name(self, world: World) -> None:
        name = world.person("outsider").name
        Person.objects.create(enterprise=world.enterprise, name=name)

        with pytest.raises(BadLines, match="more than one"):
            grant(world, f"{name}; member")

    def test_is_done_by_the_lead(self, world: World) -> None:
        with pytest.raises(NotAllowed):
            grant(world, "x; member", by="sponsor")


class TestPage:
    def url(self, world: World, name: str = "team") -> str:
        return reverse(name, args=[world.programme.code])

    def test_warns_of_too_much_time(self, world: World, sign_in: Any) -> None:
        over(world)

        page = sign_in(world.lead).get(self.url(world)).content.decode()

        assert "is planned for 110% over all programmes" in page
        assert "§More" in page

    def test_hides_programmes_that_one_may_not_see(
        self, world: World, sign_in: Any
    ) -> None:
        over(world)

        page = sign_in(world.sponsor).get(self.url(world)).content.decode()

        assert "110%" in page
        assert "§More" not in page

    def test_adds_many_at_once(self, world: World, sign_in: Any) -> None:
        client = sign_in(world.lead)

        wrong = client.post(self.url(world), {"lines": "Nobody; member"})
        good = client.post(self.url(world), {"lines": "§Outsider Person; member; 5"})

        assert wrong.status_code == 422
        assert "nobody is called" in wrong.content.decode()
        assert good.status_code == 302

    def test_is_exported(self, world: World, sign_in: Any) -> None:
        over(world)

        answer = sign_in(world.lead).get(self.url(world, "team-export"))

        assert "§Member Person" in answer.content.decode()
        assert ",60,110" in answer.content.decode()


class TestNewProgramme:
    def test_keeps_what_was_typed(self, world: World, sign_in: Any) -> None:
        client = sign_in(world.lead)

        kept = client.post(reverse("programme-new-keep"), {"name": "§Half a name"})
        page = client.get(reverse("programme-new")).content.decode()

        assert "Kept as a draft" in kept.content.decode()
        assert "§Half a name" in page
