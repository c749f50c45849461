"""Method packs of an enterprise: which there are, and what they may name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from programmes import gating
from programmes.lifecycle import GateKind
from programmes.method_packs import GateRules, Pack, PackWrong, read_pack
from programmes.models import Enterprise, MethodPack
from programmes.pack_files import SHIPPED, shipped
from programmes.pack_texts import said
from programmes.pack_words import LIMITS

DEFAULT = "standard"


@dataclass(frozen=True)
class Offer:
    """A pack that a programme can begin with."""

    key: str
    title: str
    note: str


def packs_of(enterprise: Enterprise) -> list[Offer]:
    """The newest released version of each pack, those of the program first."""
    rows = MethodPack.objects.filter(enterprise=enterprise).exclude(released_at=None)
    found = {
        one.key: Offer(one.key, said(one.title), said(one.content.get("note", "")))
        for one in rows.order_by("version")
    }
    for key in SHIPPED:
        content = shipped(key)
        found.setdefault(key, Offer(key, said(content["title"]), said(content["note"])))
    others = sorted(set(found) - set(SHIPPED))
    return [found[key] for key in (*SHIPPED, *others)]


def ensure_pack(
    *, enterprise: Enterprise, key: str = DEFAULT, now: datetime
) -> MethodPack:
    """The newest released version of a pack in the enterprise.

    A shipped pack is written into the enterprise when it is first used there.

    :raises PackWrong: neither the enterprise nor the program has such a pack.
    """
    rows = MethodPack.objects.filter(enterprise=enterprise, key=key)
    found = rows.exclude(released_at=None).order_by("-version").first()
    if found is not None:
        return found
    content = shipped(key)
    made, _created = MethodPack.objects.get_or_create(
        enterprise=enterprise,
        key=key,
        version=1,
        defaults={
            "title": content["title"],
            "content": content,
            "created_at": now,
            "released_at": now,
        },
    )
    return made


def read_checked(content: object) -> Pack:
    """Read a pack that names only criteria and thresholds that there are.

    :raises PackWrong: with the place and what is wrong there.
    """
    pack = read_pack(content)
    for number, rules in enumerate(pack.gates, 1):
        place = _("gates, entry %(number)s") % {"number": number}
        refuse_unknown_codes(rules, place)
    return pack


def refuse_unknown_codes(rules: GateRules, place: str) -> None:
    known = {
        code: one
        for code, one in gating.known_criteria().items()
        if one.phase in rules.phases or isinstance(one.phase, GateKind)
    }
    for code in sorted({*rules.waivable, *rules.optional, *rules.limits}):
        if code not in known:
            said = _("%(place)s: “%(code)s” is no criterion of this gate.")
            raise PackWrong(said % {"place": place, "code": code[:40]})
    for code, values in sorted(rules.limits.items()):
        strange = sorted(set(values) - set(known[code].limits))
        if strange:
            said = _("%(place)s: %(code)s has no threshold “%(name)s”.")
            names = {"place": place, "code": code, "name": strange[0][:40]}
            raise PackWrong(said % names)
        for name, value in values.items():
            refuse_out_of_range(f"{place}, {code}", name, value)


def refuse_out_of_range(place: str, name: str, value: float) -> None:
    limit = LIMITS[name]
    if not limit.low <= value <= limit.high:
        said = _("%(place)s: %(name)s is a number from %(low)s to %(high)s.")
        names = {"place": place, "name": name, "low": limit.low, "high": limit.high}
        raise PackWrong(said % names)
