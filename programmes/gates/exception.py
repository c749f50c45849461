"""Criteria of an exception review: may it go on under the exception plan?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from programmes.forecast import Figure, beyond_in_words, compare, figures_in
from programmes.gates.common import page
from programmes.gating import (
    Assessment,
    Link,
    Result,
    counted,
    criterion,
    evidence,
)
from programmes.kit.errors import Text
from programmes.lifecycle import OPENING, GateKind, Outcome, ReviewState
from programmes.models import ExceptionCase, Gate, Risk

EXCEPTION = GateKind.EXCEPTION
FINAL = (*OPENING, Outcome.STOP)


@dataclass(frozen=True)
class Exceptional:
    gate: Gate
    case: ExceptionCase
    figures: list[Figure]
    risks: list[Risk]

    @property
    def opened_on(self) -> date:
        return self.case.created_at.date()


def figures_at(gate: Gate) -> list[Figure]:
    """As frozen with the round that waits or was decided for good; else as they are."""
    last = gate.reviews.order_by("-round").first()
    if last and (last.state == ReviewState.OPEN or last.outcome in FINAL):
        return figures_in(last.pack)
    found = compare(gate.programme)
    return found.figures if found else []


@evidence(EXCEPTION)
def exceptional(gate: Gate, now: datetime) -> Exceptional:
    """Four queries. Once it is asked for, the figures are those that were frozen."""
    open_risks = Risk.objects.of(gate.programme).filter(state=Risk.State.OPEN)
    return Exceptional(
        gate,
        ExceptionCase.objects.get(gate=gate),
        figures_at(gate),
        list(open_risks.order_by("pk")),
    )


@criterion(EXCEPTION, "X.A1", _("What left its tolerance stands beside its plan"))
def breach_shown(found: Exceptional, limits: dict[str, Any]) -> Assessment:
    """No mark: money is spent while the review waits."""
    parts = beyond_in_words(found.figures)
    if parts:
        said = _("Beyond its tolerance: %(parts)s.") % {"parts": parts}
        return Assessment(Result.PASS, 1, 1, "", said)
    return Assessment(
        Result.FAIL,
        0,
        1,
        "",
        _("Time, cost and benefit are within their tolerances; nothing is to decide."),
        (Link(_("Compare with the plan"), page(found.gate.programme, "reviews")),),
    )


@criterion(EXCEPTION, "X.A2", _("The cause is written down"))
def cause_recorded(found: Exceptional, limits: dict[str, Any]) -> Assessment:
    return written(found, {"cause": _("the cause")})


@criterion(EXCEPTION, "X.A3", _("Options and the exception plan are written down"))
def plan_recorded(found: Exceptional, limits: dict[str, Any]) -> Assessment:
    return written(found, {"options": _("the options"), "plan": _("the plan")})


def written(found: Exceptional, parts: dict[str, Text]) -> Assessment:
    missing = [label for name, label in parts.items() if not getattr(found.case, name)]
    done, mark = len(parts) - len(missing), str(found.case.version)
    if not missing:
        return counted(done, len(parts), _("It is written down."), mark=mark)
    detail = _("Missing: %(parts)s.") % {"parts": ", ".join(map(str, missing))}
    place = f"/p/{found.gate.programme.code}/{found.gate.address}/#case"
    link = Link(_("Write it down"), place)
    return counted(done, len(parts), detail, mark=mark, links=(link,))


@criterion(EXCEPTION, "X.A4", _("The open risks were looked at since it came up"))
def risks_reviewed(found: Exceptional, limits: dict[str, Any]) -> Assessment:
    """No mark: risks live on while the review waits."""
    if not found.risks:
        return Assessment(Result.NOT_APPLICABLE, detail=_("No risk is open."))
    stale = [
        one
        for one in found.risks
        if one.reviewed_on is None or one.reviewed_on < found.opened_on
    ]
    good = len(found.risks) - len(stale)
    detail = _("%(good)s of %(all)s open risks were looked at.") % {
        "good": good,
        "all": len(found.risks),
    }
    links = tuple(
        Link(str(one), page(found.gate.programme, "risks-edit", one.pk))
        for one in stale
    )
    return counted(good, len(found.risks), detail, links=links)
