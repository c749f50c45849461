"""A programme keeps its version of a pack until its lead moves it to a newer one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from programmes.events import announce, records_changed
from programmes.kit.errors import Refusal
from programmes.lifecycle import GateState
from programmes.method_packs import Pack, read_pack
from programmes.models import Account, Gate, MethodPack, Programme
from programmes.permissions import require
from programmes.services import activity


class CannotMove(Refusal):
    """The programme keeps its version; the message says why."""

    code = "cannot-move"


def newer_versions(programme: Programme) -> list[MethodPack]:
    """Released later versions of the pack that the programme keeps."""
    kept: Any = programme.pack
    if kept is None:
        return []
    rows = MethodPack.objects.filter(
        enterprise=programme.enterprise_id, key=kept.key, version__gt=kept.version
    )
    return list(rows.exclude(released_at=None).order_by("version"))


def move_programme(
    *, by: Account, programme: Programme, pack: MethodPack, now: datetime
) -> None:
    """Keep a newer version from now on. What was decided stays as it was decided.

    :raises NotAllowed: not the lead.
    :raises CannotMove: it is no newer version, a gate is in review, or gates that are
        reached would close other phases.
    """
    require(by, "pack.move", programme)
    with transaction.atomic():
        rows: Any = Programme.objects.select_for_update(of=("self",))
        found = rows.select_related("pack", "enterprise").get(pk=programme.pk)
        if pack not in newer_versions(found):
            raise CannotMove(_("Choose a newer released version of its own pack."))
        gates = list(Gate.objects.select_for_update().filter(programme=found))
        read = read_pack(pack.content)
        said = why_not(found, gates, read)
        if said:
            raise CannotMove(said)
        regroup(found, gates, read)
        found.pack = pack
        found.save(update_fields=["pack"])
        programme.pack = pack
        activity.record(
            by=by,
            verb="moved",
            kind="pack.",
            label=str(pack),
            programme=found,
            now=now,
            note=pack.note,
            url=f"/p/{found.code}/pack/",
        )
        announce(records_changed, programme_id=found.pk, phases=(int(found.phase),))


def phases_of(gate: Gate) -> tuple[int, ...]:
    return tuple(int(one) for one in gate.phases)


def why_not(programme: Programme, gates: list[Gate], pack: Pack) -> str:
    """Why the programme cannot move there now; empty: it can."""
    if any(one.state == GateState.IN_REVIEW for one in gates):
        return _("A gate is in review; it is decided first.")
    for one in gates:
        if phases_of(one) not in pack.structure and is_used(programme, one):
            said = _("%(gate)s closes other phases there, but is reached or used.")
            return said % {"gate": one}
    return ""


def is_used(programme: Programme, gate: Gate) -> bool:
    return (
        gate.first_phase <= programme.phase
        or gate.state != GateState.PREPARING
        or gate.reviews.exists()
        or gate.waivers.exists()
        or gate.delegations.exists()
    )


def regroup(programme: Programme, gates: list[Gate], pack: Pack) -> None:
    """Let later gates close what the new version says."""
    for one in gates:
        if phases_of(one) not in pack.structure:
            one.delete()
    kept = {phases_of(one) for one in gates}
    for phases in pack.structure:
        if phases not in kept:
            Gate.objects.create(
                programme=programme, phase=phases[-1], first_phase=phases[0]
            )
