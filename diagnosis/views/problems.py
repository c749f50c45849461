"""Problems: the register, the tree of causes behind one, and the vital few."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from diagnosis import charts
from diagnosis.forms.problems import CauseForm, EvidenceForm, ProblemForm
from diagnosis.maths.pareto import Pareto
from diagnosis.maths.pareto import pareto as pareto_of
from diagnosis.models import Cause, Evidence, Problem
from diagnosis.services.problems import merge_problem, save_problem, separate_problem
from diagnosis.views.log_evidence import evidence_rows
from programmes.access import MelioraRequest, access
from programmes.kit.charts import DataTable
from programmes.kit.errors import Refusal, Text
from programmes.kit.formats import number, percent
from programmes.kit.given import whole
from programmes.kit.pages import Column, Filter
from programmes.phases import Phase
from programmes.views.register import Register, add_register, crumbs

STATE_TONES = {
    "reported": "neutral",
    "rated": "attention",
    "placed": "accent",
    "merged": "neutral",
}
EVIDENCE_TONES = {"opinion": "neutral"}
LARGEST_IN_WORDS = 12


def with_number(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The RPN as a column, so that the list can be sorted by it."""
    product = F("severity") * F("occurrence") * F("detection")
    related = rows.select_related("process", "unit", "merged_into")
    found: QuerySet[Any] = related.annotate(number=product)
    return found


def overview(request: MelioraRequest) -> dict[str, Any]:
    """The counts above the list; one query."""
    rows = Problem.objects.visible_to(request.user).of(request.programme)
    counted = ~Q(state=Problem.State.MERGED)
    totals = rows.aggregate(
        collected=Count("pk"),
        rated=Count("pk", filter=Q(state__in=["rated", "placed"])),
        placed=Count("pk", filter=Q(state="placed")),
        waiting=Count("pk", filter=Q(state__in=["reported", "rated"])),
        cost=Sum("cost_a_year", filter=counted),
    )
    return {"totals": totals, "nav": "problems"}


def problem_detail(request: MelioraRequest, record: Any) -> dict[str, Any]:
    causes = list(
        Cause.objects.of(request.programme)
        .filter(problem=record)
        .prefetch_related("evidence")
        .order_by("pk")
    )
    others = Problem.objects.of(request.programme).exclude(state=Problem.State.MERGED)
    may_edit = request.grants.may(Problem.act, record)
    return {
        "tree": tree(causes),
        "roots": [one for one in causes if one.is_root],
        "merged": list(record.merged.filter(deleted_at=None).order_by("pk")),
        "others": list(others.exclude(pk=record.pk).order_by("title")[:200])
        if may_edit
        else [],
        "may_add_cause": request.grants.may("problem.create"),
        "log_evidence": evidence_rows(record),
        "nav": "problems",
    }


def tree(causes: list[Cause]) -> list[dict[str, Any]]:
    """The causes as a walk through the tree: each with its depth from 1."""
    keys = {one.pk for one in causes}
    below: dict[int | None, list[Cause]] = {}
    for one in causes:
        parent = one.parent_id if one.parent_id in keys else None
        below.setdefault(parent, []).append(one)
    rows: list[dict[str, Any]] = []
    waiting = [(one, 1) for one in reversed(below.get(None, []))]
    while waiting:
        cause, depth = waiting.pop()
        evidence = [one for one in cause.evidence.all() if one.deleted_at is None]
        rows.append({"cause": cause, "depth": depth, "evidence": evidence})
        waiting += [(one, depth + 1) for one in reversed(below.get(cause.pk, []))]
    return rows


def cause_detail(request: MelioraRequest, record: Any) -> dict[str, Any]:
    rows = record.evidence.filter(deleted_at=None).order_by("pk")
    return {
        "evidence": list(rows),
        "may_add": request.grants.may("problem.create"),
        "nav": "problems",
    }


PROBLEMS = add_register(
    Register(
        slug="problems",
        phase=Phase.DIAGNOSIS,
        model=Problem,
        title=gettext_lazy("Problems"),
        one=gettext_lazy("problem"),
        empty=gettext_lazy("What goes wrong, from whom one knows it, how bad it is."),
        icon="triangle-alert",
        columns=[
            Column("title", gettext_lazy("Problem"), order="title"),
            Column("process", gettext_lazy("Process"), order="process__name"),
            Column("category", gettext_lazy("Cause category"), order="category"),
            Column("number", gettext_lazy("RPN"), kind="number", order="number"),
            Column(
                "cost_a_year",
                gettext_lazy("Cost a year"),
                kind="money",
                order="cost_a_year",
            ),
            Column(
                "state",
                gettext_lazy("State"),
                kind="choice",
                order="state",
                tones=STATE_TONES,
            ),
        ],
        form=ProblemForm,
        can_import=True,
        rows=with_number,
        search=["title", "description", "source", "category"],
        filters=[
            Filter(
                "state", gettext_lazy("State"), lambda: Problem.State.choices, "state"
            )
        ],
        sort="-number",
        create_act="problem.create",
        save=save_problem,
        list_template="diagnosis/problems/list.html",
        list_context=overview,
        detail="diagnosis/problems/problem.html",
        detail_context=problem_detail,
    )
)
CAUSES = add_register(
    Register(
        slug="causes",
        phase=Phase.DIAGNOSIS,
        model=Cause,
        title=gettext_lazy("Causes"),
        one=gettext_lazy("cause"),
        empty=gettext_lazy("Why problems happen, asked until the root is found."),
        icon="git-branch",
        columns=[
            Column("text", gettext_lazy("Cause"), order="text"),
            Column("problem", gettext_lazy("Problem"), order="problem__title"),
            Column("is_root", gettext_lazy("Root cause"), kind="flag", order="is_root"),
        ],
        form=CauseForm,
        rows=lambda rows: rows.select_related("problem", "parent"),
        search=["text", "problem__title"],
        create_act="problem.create",
        detail="diagnosis/problems/cause.html",
        detail_context=cause_detail,
        in_workspace=False,
    )
)
EVIDENCE = add_register(
    Register(
        slug="evidence",
        phase=Phase.DIAGNOSIS,
        model=Evidence,
        title=gettext_lazy("Evidence"),
        one=gettext_lazy("piece of evidence"),
        empty=gettext_lazy("What shows that a cause is real."),
        icon="file-search",
        columns=[
            Column("text", gettext_lazy("Evidence"), order="text"),
            Column("kind", gettext_lazy("Kind"), kind="choice", order="kind"),
            Column("cause", gettext_lazy("Cause"), order="cause__text"),
        ],
        form=EvidenceForm,
        rows=lambda rows: rows.select_related("cause"),
        search=["text", "cause__text"],
        filters=[
            Filter("kind", gettext_lazy("Kind"), lambda: Evidence.Kind.choices, "kind")
        ],
        create_act="problem.create",
        in_workspace=False,
    )
)
REGISTERS = [PROBLEMS, CAUSES, EVIDENCE]


@access("programme.read")
def pareto(request: MelioraRequest, code: str) -> HttpResponse:
    """Which cause categories are behind most of the problems."""
    rows = Problem.objects.visible_to(request.user).of(request.programme)
    categories = rows.exclude(state=Problem.State.MERGED).exclude(category="")
    counts = Counter(categories.order_by("pk").values_list("category", flat=True))
    found = pareto_of(counts)
    context = {
        "found": found,
        "finding": finding(found),
        "chart": charts.pareto(found),
        "table": pareto_table(found),
        "total": int(found.total),
        "uncategorised": rows.filter(category="")
        .exclude(state=Problem.State.MERGED)
        .count(),
        "crumbs": crumbs(request, PROBLEMS, {"label": _("Vital few")}),
        "nav": "problems",
    }
    return render(request, "diagnosis/problems/pareto.html", context)


def finding(found: Pareto) -> Text:
    """ "Four causes make 75% of 146 problems" """
    if not found.rows:
        return _("No problem has a cause category yet")
    vital = [row for row in found.rows if row.name in found.vital_few]
    share = (vital[-1].cumulative_percent or 0) / 100
    return ngettext(
        "%(n)s cause makes %(share)s of %(total)s problems",
        "%(n)s causes make %(share)s of %(total)s problems",
        len(vital),
    ) % {
        "n": in_words(len(vital)),
        "share": percent(share),
        "total": number(int(found.total)),
    }


def in_words(n: int) -> Text:
    """Small numbers at the start of a heading are written out."""
    words = [
        _("One"),
        _("Two"),
        _("Three"),
        _("Four"),
        _("Five"),
        _("Six"),
        _("Seven"),
        _("Eight"),
        _("Nine"),
        _("Ten"),
        _("Eleven"),
        _("Twelve"),
    ]
    return words[n - 1] if n <= LARGEST_IN_WORDS else str(n)


def pareto_table(found: Pareto) -> DataTable:
    return DataTable(
        (_("Cause category"), _("Problems"), _("Share"), _("Running share")),
        [
            (
                row.name,
                number(int(row.occurrences)),
                percent((row.percent or 0) / 100),
                percent((row.cumulative_percent or 0) / 100),
            )
            for row in found.rows
        ],
    )


@access("problem.edit")
@require_POST
def merge(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Merge the problem into another one, or take that back."""
    rows = PROBLEMS.queryset(request)
    problem = get_object_or_404(rows, pk=pk)
    back = HttpResponseRedirect(PROBLEMS.url("detail", request.programme, pk))
    separate = bool(request.POST.get("separate") or request.GET.get("separate"))
    try:
        if separate:
            separate_problem(by=request.user, problem=problem, now=timezone.now())
            messages.success(request, _("The problem counts by itself again."))
        else:
            into = get_object_or_404(rows, pk=whole(request.POST, "into"))
            merge_problem(
                by=request.user,
                problem=problem,
                into=into,
                now=timezone.now(),
            )
            undo = f"undo:{request.path}?separate=1"
            messages.success(request, _("Merged."), extra_tags=undo)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return back


BASE = "p/<slug:code>/problems/"
urlpatterns = [
    path(f"{BASE}pareto/", pareto, name="problems-pareto"),
    path(f"{BASE}<int:pk>/merge/", merge, name="problems-merge"),
]
