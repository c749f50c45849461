"""What gate 4 asks about the causes that the diagnosis proved."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from design.gates.design import Design
from design.gates.links import link_to
from diagnosis.gates import weighty_of
from diagnosis.models import Cause, Evidence, Problem
from programmes.gating import Assessment, Result, counted, criterion
from programmes.kit.together import together
from programmes.models import Programme
from programmes.phases import Phase

# The problems that hold this share of the weight are the weighty ones.
WEIGHT = 0.8


@criterion(
    Phase.DESIGN,
    "G4.A7",
    _("Most weighty root causes are addressed, the others accepted by name"),
    limits={"share": 0.8},
)
def causes_answered(found: Design, limits: dict[str, Any]) -> Assessment:
    """One query. Without a mark: causes belong to gate 3 and are not locked here."""
    causes = verified(found.programme)
    if not causes:
        nothing = _("No weighty root cause is proven.")
        return Assessment(Result.NOT_APPLICABLE, detail=nothing)
    aims = {one.problem_id for one in found.goals}
    kinds = {one.problem.category for one in found.goals if one.problem} - {""}
    open_ = [
        one
        for one in causes
        if one.problem_id not in aims and one.problem.category not in kinds
    ]
    loose = [one for one in open_ if not one.is_accepted]
    share = limits["G4.A7"]["share"]
    addressed = len(causes) - len(open_)
    links = [link_to(str(one), found.programme, "causes-edit", one.pk) for one in loose]
    is_enough = addressed >= share * len(causes)
    if not is_enough:
        links.insert(0, link_to(_("Add a goal"), found.programme, "goals-new"))
    detail = _(
        "%(done)s of %(all)s are addressed by a goal, %(least)s%% are asked for; "
        "%(loose)s of the others are not accepted."
    ) % {
        "done": addressed,
        "all": len(causes),
        "least": round(100 * share),
        "loose": len(loose),
    }
    holds = is_enough and not loose
    return counted(int(holds), 1, detail, links=tuple(links))


def verified(programme: Programme) -> list[Cause]:
    """Root causes of weighty problems that rest on more than opinion."""
    rows: dict[str, Any] = together(
        programme,
        problems=Problem.objects.of(programme)
        .exclude(state=Problem.State.MERGED)
        .order_by("pk"),
        causes=Cause.objects.of(programme).filter(is_root=True).order_by("pk"),
        proofs=Evidence.objects.of(programme)
        .exclude(kind=Evidence.Kind.OPINION)
        .order_by("pk"),
    )
    weighty = {one.pk: one for one in weighty_of(rows["problems"], WEIGHT)}
    proven = {one.cause_id for one in rows["proofs"]}
    causes = [
        one for one in rows["causes"] if one.problem_id in weighty and one.pk in proven
    ]
    for one in causes:
        one.problem = weighty[one.problem_id]
    return causes
