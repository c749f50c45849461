"""Versions of method packs: drafted, changed, released, imported."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from programmes import gating
from programmes.kit.errors import Refusal
from programmes.method_packs import (
    GateRules,
    Pack,
    content_of,
    content_of_gate,
    read_pack,
)
from programmes.models import Account, Enterprise, MethodPack
from programmes.pack_files import parse_yaml
from programmes.permissions import require_in_enterprise
from programmes.services import activity
from programmes.services.packs import read_checked


class PackReleased(Refusal):
    """A released version stays as it is; a new one is drafted from it."""

    code = "pack-released"


class DraftThere(Refusal):
    """A pack has one draft at a time."""

    code = "draft-there"


def draft_pack(*, by: Account, pack: MethodPack, now: datetime) -> MethodPack:
    """A new version to be changed, as this one says it.

    What names a criterion that is no more is left out.

    :raises NotAllowed: not a method owner.
    :raises DraftThere: the pack has a draft already.
    """
    require_in_enterprise(by, "pack.edit", pack.enterprise)
    found = read_pack(pack.content)
    content = content_of(
        Pack(
            found.title,
            tuple(known_only(one) for one in found.gates),
            found.note,
            found.tolerances,
        )
    )
    return add_draft(by, pack.enterprise, pack.key, content, now)


def known_only(rules: GateRules) -> GateRules:
    known = gating.known_criteria()
    content = content_of_gate(rules)
    for part in ("waivable", "optional"):
        content[part] = [one for one in content.get(part, ()) if one in known]
    content["limits"] = {
        code: {name: one for name, one in values.items() if name in known[code].limits}
        for code, values in content.get("limits", {}).items()
        if code in known
    }
    return read_pack_gate(content)


def read_pack_gate(content: dict[str, Any]) -> GateRules:
    """One gate of a pack, read as strictly as a whole one."""
    others = [{"phases": [one]} for one in range(1, 9) if one not in content["phases"]]
    gates = sorted([*others, content], key=lambda one: one["phases"][0])
    pack = read_pack({"title": "-", "gates": gates})
    return pack.gate_of(content["phases"][-1])


def add_draft(
    by: Account,
    enterprise: Enterprise,
    key: str,
    content: dict[str, Any],
    now: datetime,
) -> MethodPack:
    rows = MethodPack.objects.filter(enterprise=enterprise, key=key)
    try:
        with transaction.atomic():
            last = rows.aggregate(last=Max("version"))["last"] or 0
            return MethodPack.objects.create(
                enterprise=enterprise,
                key=key,
                version=last + 1,
                title=content["title"],
                content=content,
                created_by=by,
                created_at=now,
            )
    except IntegrityError:
        message = _("This pack has a draft already; release or delete it first.")
        raise DraftThere(message) from None


def locked_draft(by: Account, pack: MethodPack) -> MethodPack:
    """:raises NotAllowed, PackReleased: the person, or the version, says no."""
    require_in_enterprise(by, "pack.edit", pack.enterprise)
    found = MethodPack.objects.select_for_update().get(pk=pack.pk)
    if found.released_at is not None:
        raise PackReleased(
            _("A released version is not changed; draft a new one from it.")
        )
    return found


@transaction.atomic
def save_draft(*, by: Account, pack: MethodPack, content: Any) -> MethodPack:
    """Say something else in a draft.

    :raises NotAllowed: not a method owner.
    :raises PackReleased: it is no draft any more.
    :raises PackWrong: what is said is no pack.
    """
    found = locked_draft(by, pack)
    read = read_checked(content)
    found.title, found.content = read.title, content_of(read)
    found.save(update_fields=["title", "content"])
    return found


@transaction.atomic
def save_gate(
    *, by: Account, pack: MethodPack, number: int, content: dict[str, Any]
) -> MethodPack:
    """Say something else about one gate of a draft; its phases stay.

    :raises: as for save_draft.
    """
    found = locked_draft(by, pack)
    gates = [
        {**content, "phases": one["phases"]} if number in one["phases"] else one
        for one in found.content["gates"]
    ]
    return save_draft(by=by, pack=pack, content={**found.content, "gates": gates})


@transaction.atomic
def release_pack(
    *, by: Account, pack: MethodPack, note: str, now: datetime
) -> MethodPack:
    """From now on programmes can begin with it, and it stays as it is.

    :raises NotAllowed: not a method owner.
    :raises PackReleased: it is released already.
    :raises PackWrong: it names what is no more.
    """
    found = locked_draft(by, pack)
    read_checked(found.content)
    found.released_at, found.note = now, note
    found.save(update_fields=["released_at", "note"])
    tell(by, "released", found, now, note)
    return found


@transaction.atomic
def delete_draft(*, by: Account, pack: MethodPack) -> None:
    """:raises NotAllowed, PackReleased: the person, or the version, says no."""
    locked_draft(by, pack).delete()


def import_pack(
    *, by: Account, enterprise: Enterprise, key: str, source: str, now: datetime
) -> MethodPack:
    """A draft from a file: of a new pack, or the next version of one.

    :raises NotAllowed: not a method owner.
    :raises PackWrong: the file says no pack.
    :raises DraftThere: the pack has a draft already.
    """
    require_in_enterprise(by, "pack.edit", enterprise)
    content = content_of(read_checked(parse_yaml(source)))
    return add_draft(by, enterprise, key, content, now)


def tell(by: Account, verb: str, pack: MethodPack, now: datetime, note: str) -> None:
    activity.record(
        by=by,
        verb=verb,
        kind="pack.",
        label=str(pack),
        enterprise=pack.enterprise,
        now=now,
        note=note,
        url=f"/packs/{pack.pk}/",
    )
