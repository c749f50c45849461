"""Phase 1: objectives as a tree with what hangs loose, and needs sorted together."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.forms.needs import TriageForm
from programmes.kit.errors import NotAllowed, Refusal
from programmes.models import Need, Objective
from programmes.phases import Phase
from programmes.services.needs import Before, Triage, triage_needs, undo_triage
from programmes.views.mandate import NEEDS, OBJECTIVES
from programmes.views.workspace import Tile, add_tile

MOST_SORTED = 100
UNDO_SECONDS = 3600
SALT = "needs-triage"

add_tile(
    Tile(
        Phase.MASTER_PLAN,
        gettext_lazy("Objectives as a tree"),
        "network",
        "objectives-tree",
    )
)


@access("programme.read")
def tree(request: MelioraRequest, code: str) -> HttpResponse:
    """What serves what; two queries."""
    programme = request.programme
    objectives = list(
        Objective.objects.of(programme).select_related("owner").order_by("pk")
    )
    needs = list(Need.objects.of(programme).order_by("priority", "pk"))
    loose = loose_ends(objectives, needs)
    context = {
        "branches": branches(objectives, needs),
        "loose": loose,
        "finding": tree_finding(
            len(objectives), sum(len(one["rows"]) for one in loose)
        ),
        "crumbs": OBJECTIVES.crumbs(programme, {"label": _("Tree")}),
        "nav": "phase1",
    }
    return render(request, "programmes/alignment/tree.html", context)


def tree_finding(objectives: int, loose: int) -> str:
    if not objectives:
        return _("No objective yet")
    if not loose:
        return _("Every objective and every need has its place")
    return ngettext(
        "%(count)s thing hangs loose", "%(count)s things hang loose", loose
    ) % {"count": loose}


def branches(objectives: list[Any], needs: list[Any]) -> list[dict[str, Any]]:
    """Objectives below those they serve, needs below the objective they serve.

    Two that serve each other are shown once, as if they were roots.
    """
    below: dict[int | None, list[Any]] = defaultdict(list)
    known = {one.pk for one in objectives}
    for one in objectives:
        below[one.parent_id if one.parent_id in known else None].append(one)
    served = defaultdict(list)
    for need in needs:
        served[need.objective_id].append(need)
    seen: set[int] = set()

    def branch(one: Any) -> dict[str, Any]:
        seen.add(one.pk)
        return {
            "objective": one,
            "needs": served[one.pk],
            "below": [branch(child) for child in below[one.pk] if child.pk not in seen],
        }

    found = [branch(one) for one in below[None]]
    found += [branch(one) for one in objectives if one.pk not in seen]
    return found


def loose_ends(objectives: list[Any], needs: list[Any]) -> list[dict[str, Any]]:
    """What serves nothing, or is served by nothing, each by name."""
    level = Objective.Level
    parents = {one.parent_id for one in objectives}
    served = {one.objective_id for one in needs}
    groups = [
        (
            _("Strategic objectives that no programme objective serves"),
            OBJECTIVES,
            [
                one
                for one in objectives
                if one.level == level.STRATEGIC and one.pk not in parents
            ],
        ),
        (
            _("Programme objectives that serve no strategic one"),
            OBJECTIVES,
            [
                one
                for one in objectives
                if one.level == level.PROGRAMME and one.parent_id is None
            ],
        ),
        (
            _("Programme objectives that no need asks for"),
            OBJECTIVES,
            [
                one
                for one in objectives
                if one.level == level.PROGRAMME and one.pk not in served
            ],
        ),
        (
            _("Needs that serve no objective and are not declared out"),
            NEEDS,
            [one for one in needs if one.objective_id is None and not one.is_out],
        ),
    ]
    return [
        {"label": label, "view": register.name("edit"), "rows": rows}
        for label, register, rows in groups
        if rows
    ]


@access("need.edit")
def triage(request: MelioraRequest, code: str) -> HttpResponse:
    """Several needs at once; those without a place stand first."""
    programme = request.programme
    form = TriageForm(request.POST or None, programme=programme)
    chosen = [int(one) for one in request.POST.getlist("need") if one.isdecimal()]
    if request.method == "POST" and form.is_valid():
        try:
            before = triage_needs(
                by=request.user,
                programme=programme,
                keys=[one for one in chosen if one < 2**62][:MOST_SORTED],
                triage=Triage(**form.cleaned_data),
                now=timezone.now(),
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return sorted_out(request, before)
    needs = Need.objects.of(programme).select_related("objective")
    rows = list(needs.order_by("is_out", "objective_id", "priority", "pk"))
    rows.sort(key=lambda one: bool(one.priority and (one.objective_id or one.is_out)))
    context = {
        "form": form,
        "needs": rows[:MOST_SORTED],
        "open": sum(
            not (one.priority and (one.objective_id or one.is_out)) for one in rows
        ),
        "chosen": chosen,
        "back_url": NEEDS.url("list", programme),
        "crumbs": NEEDS.crumbs(programme, {"label": _("Sort them")}),
        "nav": "phase1",
    }
    status = 422 if form.errors else 200
    return render(request, "programmes/alignment/triage.html", context, status=status)


def sorted_out(request: MelioraRequest, before: list[Before]) -> HttpResponse:
    """Back to the page, with one undo for all."""
    code = request.programme.code
    token = signing.dumps(
        [one.plain() for one in before], salt=f"{SALT}:{code}", compress=True
    )
    undo = reverse("needs-triage-undo", args=[code])
    said = ngettext("%(count)s need sorted.", "%(count)s needs sorted.", len(before))
    messages.success(
        request,
        said % {"count": len(before)},
        extra_tags=f"undo:{undo}?{urlencode({'token': token})}",
    )
    return HttpResponseRedirect(reverse("needs-triage", args=[code]))


@access("need.edit")
@require_POST
def undo(request: MelioraRequest, code: str) -> HttpResponse:
    try:
        rows = signing.loads(
            request.GET.get("token", ""), salt=f"{SALT}:{code}", max_age=UNDO_SECONDS
        )
        count = undo_triage(
            by=request.user,
            programme=request.programme,
            before=[Before(**one) for one in rows],
            now=timezone.now(),
        )
    except signing.BadSignature:
        messages.error(request, _("This can no longer be undone."))
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        said = ngettext(
            "%(count)s need is as before.", "%(count)s needs are as before.", count
        )
        messages.success(request, said % {"count": count})
    return HttpResponseRedirect(reverse("needs-triage", args=[code]))


urlpatterns = [
    path("p/<slug:code>/objectives/tree/", tree, name="objectives-tree"),
    path("p/<slug:code>/needs/triage/", triage, name="needs-triage"),
    path("p/<slug:code>/needs/triage/undo/", undo, name="needs-triage-undo"),
]
