"""The policy table says what the design says; one flipped role does not go unseen."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from unittest import mock

import pytest

from programmes import permissions
from programmes.act_words import ACT_WORDS
from programmes.models import EnterpriseRole, Membership
from programmes.permissions import POLICY, Grants
from tests.access_table import ACTS

ROLES = [role.value for role in Membership.Role]
OFFICES = [role.value for role in EnterpriseRole.Role]
MINE, THEIRS = SimpleNamespace(owner_id=7), SimpleNamespace(owner_id=8)


def disagreements(act: str) -> list[str]:
    """Where the policy answers otherwise than the design, for every role."""
    may, own, offices = (set(part.split()) for part in ACTS[act])
    found = []
    for role in ROLES:
        grants = Grants(1, roles=frozenset({role}), person_ids=frozenset({7}))
        if grants.may(act, THEIRS) != (role in may):
            found.append(f"{role}: {act}")
        if grants.may(act, MINE) != (role in may | own):
            found.append(f"{role}, on their own: {act}")
        if grants.may(act) != (role in may):
            found.append(f"{role}, on nothing: {act}")
    for office in OFFICES:
        grants = Grants(1, enterprise_roles=frozenset({office}))
        if grants.may(act) != (office in offices):
            found.append(f"{office}: {act}")
    return found


def flips() -> list[tuple[str, str, str]]:
    """(act, circle, role) for each role that could be added or taken away."""
    return [
        (act, circle, role)
        for act in POLICY
        for circle, roles in (
            ("roles", ROLES),
            ("own", ROLES),
            ("enterprise", OFFICES),
        )
        for role in roles
        # Who may do it to everything may do it to what they own: no difference.
        if not (circle == "own" and role in POLICY[act].roles)
    ]


class TestPolicy:
    def test_every_line_is_in_the_design(self) -> None:
        assert set(POLICY) == set(ACTS)
        assert set(POLICY) == set(ACT_WORDS)

    @pytest.mark.parametrize("act", sorted(POLICY))
    def test_agrees_with_the_design(self, act: str) -> None:
        assert disagreements(act) == []

    def test_submitter_and_chair_are_different_roles(self) -> None:
        assert not POLICY["gate.submit"].roles & POLICY["gate.decide"].roles
        assert not POLICY["gate.submit"].roles & POLICY["gate8.decide"].roles

    def test_each_flipped_role_is_noticed(self) -> None:
        unseen = []
        for act, circle, role in flips():
            mutant = replace(
                POLICY[act], **{circle: getattr(POLICY[act], circle) ^ {role}}
            )
            with mock.patch.dict(permissions.POLICY, {act: mutant}):
                if not disagreements(act):
                    unseen.append((act, circle, role))

        assert unseen == []
