"""The criteria that every gate shares, and what they look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from programmes.gating import (
    Assessment,
    Kind,
    Link,
    Result,
    counted,
    criterion,
    marks,
    rules_of,
)
from programmes.kit.together import together
from programmes.lifecycle import GateKind, GateState, ReviewState
from programmes.method_packs import Rule
from programmes.models import (
    Condition,
    Gate,
    Membership,
    Programme,
    Risk,
    Signature,
)
from programmes.phases import MONEY_GATES, Phase

# An open risk is looked at again within so many days.
RISK_DAYS = 30


@dataclass(frozen=True)
class Common:
    """What every gate looks at."""

    programme: Programme
    phase: Phase
    open_conditions: list[Condition]
    confirmed: frozenset[str]
    stale_gates: list[Gate]
    vacant: list[str]
    today: date
    risks: list[Risk]
    beside: dict[str, list[Any]]


# What later apps look at for every gate, loaded in the one query of `common`.
Rows = Callable[[Programme, Phase], Any]
BESIDE: dict[str, Rows] = {}


def beside_common(name: str) -> Callable[[Rows], Rows]:
    """Register rows that criteria of every gate read as `shared.beside[name]`."""

    def register(rows: Rows) -> Rows:
        BESIDE[name] = rows
        return rows

    return register


def common(programme: Programme, phase: Phase, now: datetime) -> Common:
    """One query, whatever there is."""
    earlier = Gate.objects.filter(programme=programme, phase__lt=phase)
    reopened = Q(state=GateState.PREPARING) | Q(state=GateState.IN_REVIEW)
    before = Q(review__gate__phase__lt=phase)
    # What was asked for outside the sequence is due at the gate that comes next.
    before |= ~Q(review__gate__kind=GateKind.PHASE) & Q(review__gate__phase=phase)
    stale = Q(changed_at__isnull=False) | Q(to_reaffirm=True)
    stale |= reopened & Q(reviews__state=ReviewState.REOPENED)
    rows = together(
        programme,
        conditions=Condition.objects.filter(
            before,
            review__gate__programme=programme,
            review__state=ReviewState.DECIDED,
            closed_at=None,
        )
        .select_related("review__gate")
        .order_by("pk"),
        signatures=Signature.objects.filter(
            programme=programme, phase=phase, kind="money"
        ).order_by("pk"),
        stale=Gate.objects.filter(pk__in=earlier.filter(stale)).order_by("phase"),
        members=Membership.objects.filter(
            programme=programme,
            person__is_active=True,
            person__account__is_active=True,
        ).order_by("pk"),
        risks=Risk.objects.of(programme).filter(state=Risk.State.OPEN).order_by("pk"),
        **{name: rows(programme, phase) for name, rows in BESIDE.items()},
    )
    filled = {one.role for one in rows["members"]}
    return Common(
        programme,
        phase,
        rows["conditions"],
        frozenset(one.mark for one in rows["signatures"]),
        rows["stale"],
        [role for role in seats_of(programme, phase) if role not in filled],
        now.date(),
        rows["risks"],
        {name: rows[name] for name in BESIDE},
    )


def seats_of(programme: Programme, phase: Phase) -> list[str]:
    """Roles without which the gate cannot be decided: chair, money, and the panel
    where its votes are counted."""
    rules = rules_of(programme, phase)
    is_last = rules.phase == Phase.IMPROVEMENT
    seats = [Membership.Role.OWNER if is_last else Membership.Role.SPONSOR]
    if phase in MONEY_GATES:
        seats.append(Membership.Role.CONTROLLER)
    if rules.rule is not Rule.CHAIR:
        seats += [Membership.Role(one) for one in rules.panel]
    return list(dict.fromkeys(one.value for one in seats))


def conditions_closed(shared: Common) -> Assessment:
    links = tuple(
        Link(
            one.text,
            reverse("gate", args=[shared.programme.code, one.review.gate]),
        )
        for one in shared.open_conditions
    )
    left = len(links)
    detail = (
        ngettext(
            "%(left)s condition of an earlier gate is open.",
            "%(left)s conditions of earlier gates are open.",
            left,
        )
        % {"left": left}
        if left
        else _("No condition of an earlier gate is open.")
    )
    if left:
        return Assessment(Result.FAIL, 0, left, "", detail, links)
    return Assessment(Result.PASS, 0, 0, "closed", detail)


def earlier_gates_stand(shared: Common) -> Assessment:
    """Nothing that an earlier approval rests on changed without an answer."""
    links = tuple(
        Link(str(one), reverse("gate", args=[shared.programme.code, one.phase]))
        for one in shared.stale_gates
    )
    if not links:
        said = _("All earlier approvals stand.")
        return Assessment(Result.PASS, 0, 0, "standing", said)
    detail = ngettext(
        "%(left)s earlier approval has to be affirmed or decided again.",
        "%(left)s earlier approvals have to be affirmed or decided again.",
        len(links),
    ) % {"left": len(links)}
    return Assessment(Result.FAIL, 0, len(links), "", detail, links)


def panel_filled(shared: Common) -> Assessment:
    """Everybody without whom the gate cannot be decided is there."""
    if not shared.vacant:
        return Assessment(Result.PASS, 1, 1, "filled", _("Every seat is filled."))
    names = [str(Membership.Role(one).label) for one in shared.vacant]
    link = Link(_("Team and roles"), reverse("team", args=[shared.programme.code]))
    detail = _("Nobody with a sign-in has this role: %(roles)s.")
    return Assessment(
        Result.FAIL, 0, len(names), "", detail % {"roles": ", ".join(names)}, (link,)
    )


def risks_in_hand(shared: Common, limits: dict[str, Any]) -> Assessment:
    """Open risks were looked at lately, and each high one has a response.

    Without a mark: risks live on while a gate is in review, and days pass.
    """
    since = shared.today - timedelta(days=int(limits["days"]))
    bad = [one for one in shared.risks if not in_hand(one, since)]
    if not shared.risks:
        return Assessment(Result.NOT_APPLICABLE, detail=_("No risk is open."))
    links = tuple(
        Link(str(one), page(shared.programme, "risks-edit", one.pk)) for one in bad
    )
    detail = _("%(good)s of %(all)s open risks are in hand.") % {
        "good": len(shared.risks) - len(bad),
        "all": len(shared.risks),
    }
    done = len(shared.risks) - len(bad)
    return counted(done, len(shared.risks), detail, links=links)


def in_hand(risk: Risk, since: date) -> bool:
    is_fresh = risk.reviewed_on is not None and risk.reviewed_on >= since
    return is_fresh and (risk.level != Risk.Level.HIGH or risk.is_answered)


def register_common(phase: Phase) -> None:
    """The criteria that every gate has, whatever its evidence is."""
    number = int(phase)
    criterion(phase, f"G{number}.A0c", _("Everybody who has to decide is named"))(
        lambda found, limits: panel_filled(found.shared)
    )
    if phase > Phase.MASTER_PLAN:
        criterion(phase, f"G{number}.A0b", _("The earlier approvals stand"))(
            lambda found, limits: earlier_gates_stand(found.shared)
        )
    code = f"G{number}.a0"
    title = _("Open risks were looked at lately, and each high one has a response")
    criterion(phase, code, title, Kind.SHOULD, {"days": RISK_DAYS})(
        lambda found, limits: risks_in_hand(found.shared, limits[code])
    )


for _phase in Phase:
    register_common(_phase)


def money_confirmed(shared: Common, phase: Phase, mark: str) -> Assessment:
    """The controller signed the money in the version that stands now."""
    if mark in shared.confirmed:
        return Assessment(
            Result.PASS, 1, 1, mark, _("The controller confirmed costs and benefits.")
        )
    url = reverse("gate", args=[shared.programme.code, int(phase)])
    return Assessment(
        Result.FAIL,
        0,
        1,
        mark,
        _("The controller has not confirmed the costs and benefits as they stand."),
        (Link(_("Confirm on the gate page"), url + "#money"),),
    )


def page(programme: Programme, name: str, pk: int | None = None) -> str:
    arguments: dict[str, Any] = {"code": programme.code}
    if pk is not None:
        arguments["pk"] = pk
    return reverse(name, kwargs=arguments)


def each(
    rows: list[Any], good: list[Any], programme: Programme, slug: str, detail: Any
) -> Assessment:
    """All rows must be good; the links lead to those that are not."""
    bad = [one for one in rows if one not in good]
    links = tuple(
        Link(str(one), page(programme, f"{slug}-edit", one.pk)) for one in bad
    )
    if not rows:
        links = (Link(_("Add the first"), page(programme, f"{slug}-new")),)
    return counted(len(good), len(rows), detail, mark=marks(rows), links=links)
