"""Phase 7: the scorecard, its weights, grades of raters, and effects."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Avg, Count, Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.forms.scorecard import (
    QualitativeItemForm,
    ScoreRuleForm,
    SetupForm,
)
from evaluation.models import (
    CostBenefit,
    Lesson,
    QualitativeItem,
    ScoreRule,
)
from evaluation.scoring import (
    GRADES,
    Branch,
    Effect,
    Leaf,
    economics_of,
    effects_of,
    scorecard_of,
    setup_of,
)
from evaluation.services.scorecard import save_score_rule, save_setup
from programmes.access import MelioraRequest, access
from programmes.kit.errors import Refusal, Text
from programmes.kit.formats import percent, quantity
from programmes.kit.pages import Column
from programmes.models import Document, Indicator
from programmes.phases import Phase
from programmes.views.reasons import ask_for
from programmes.views.register import Register, add_register
from programmes.views.workspace import Tile, add_tile

LESSONS_SHOWN = 4
SCALE_TOP = 140
VERDICTS: dict[str, Text] = {
    "better": gettext_lazy("better"),
    "worse": gettext_lazy("worse"),
    "same": gettext_lazy("unchanged"),
}
GRADE_WORDS: dict[str, Text] = {
    "excellent": gettext_lazy("excellent"),
    "good": gettext_lazy("good"),
    "medium": gettext_lazy("medium"),
    "pass": gettext_lazy("pass"),
    "fail": gettext_lazy("fail"),
}


def with_grades(rows: QuerySet[Any]) -> QuerySet[Any]:
    alive = Q(ratings__deleted_at=None)
    graded: QuerySet[Any] = rows.annotate(
        raters=Count("ratings", filter=alive),
        mean=Avg("ratings__grade", filter=alive),
    )
    return graded


def item_detail(request: MelioraRequest, record: Any) -> dict[str, Any]:
    """Grades with the names that may be shown: those given with a name."""
    rows = record.ratings.filter(deleted_at=None).select_related("person")
    found = list(rows.order_by("-grade", "pk"))
    return {
        "counts": [sum(1 for one in found if one.grade == grade) for grade in GRADES],
        "raters": len(found),
        "named": [one for one in found if not one.is_anonymous],
        "hidden": sum(1 for one in found if one.is_anonymous),
        "may_rate": request.grants.may("rating.give"),
    }


def earning(name: str, label: Text) -> Column:
    """The value that earns so much, with the unit of its indicator."""
    return Column(
        name,
        label,
        order=name,
        value=lambda row: quantity(getattr(row, name), row.indicator.unit),
    )


WEIGHTS = add_register(
    Register(
        slug="index-weights",
        phase=Phase.EVALUATION,
        model=ScoreRule,
        title=gettext_lazy("Indicator weights"),
        one=gettext_lazy("indicator weight"),
        empty=gettext_lazy("How much each indicator counts in its branch."),
        icon="scale",
        columns=[
            Column("indicator", gettext_lazy("Indicator"), order="indicator__name"),
            Column(
                "branch",
                gettext_lazy("Branch"),
                order="indicator__branch",
                value=lambda row: row.indicator.get_branch_display(),
            ),
            Column("weight", gettext_lazy("Weight, %"), kind="number", order="weight"),
            earning("worst", gettext_lazy("Earns 0")),
            earning("best", gettext_lazy("Earns 100")),
        ],
        form=ScoreRuleForm,
        rows=lambda rows: rows.select_related("indicator"),
        search=["indicator__name"],
        sort="branch",
        save=save_score_rule,
    )
)
ITEMS = add_register(
    Register(
        slug="qualitative",
        phase=Phase.EVALUATION,
        model=QualitativeItem,
        title=gettext_lazy("Qualitative evaluation"),
        one=gettext_lazy("qualitative item"),
        empty=gettext_lazy("What raters judge with grades from 1 to 5."),
        icon="star",
        columns=[
            Column("title", gettext_lazy("What is judged"), order="title"),
            Column("weight", gettext_lazy("Weight, %"), kind="number", order="weight"),
            Column("target", gettext_lazy("Target"), kind="number", order="target"),
            Column(
                "mean",
                gettext_lazy("Mean grade"),
                kind="number",
                order="mean",
                value=lambda row: None if row.mean is None else round(row.mean, 2),
            ),
            Column("raters", gettext_lazy("Raters"), kind="number", order="raters"),
        ],
        form=QualitativeItemForm,
        rows=with_grades,
        search=["title", "question"],
        detail="evaluation/scorecard/item.html",
        detail_context=item_detail,
    )
)
REGISTERS = [WEIGHTS, ITEMS]
add_tile(
    Tile(
        Phase.EVALUATION,
        gettext_lazy("Evaluation scorecard"),
        "clipboard-check",
        "scorecard",
        first=True,
    )
)
add_tile(
    Tile(
        Phase.EVALUATION,
        gettext_lazy("Effects before and after"),
        "trending-up",
        "effects",
        first=True,
    )
)


def tabs(request: MelioraRequest, here: str) -> list[dict[str, Any]]:
    names = [
        ("scorecard", _("Scorecard")),
        ("effects", _("Effects")),
        ("qualitative-list", _("Qualitative")),
        ("economics-list", _("Economics")),
        ("lessons-list", _("Lessons")),
    ]
    code = request.programme.code
    return [
        {"label": label, "href": reverse(name, args=[code]), "current": name == here}
        for name, label in names
    ]


def evaluation_crumbs(request: MelioraRequest, *more: Text) -> list[dict[str, Any]]:
    base = f"/p/{request.programme.code}/"
    found: list[dict[str, Any]] = [
        {"label": request.programme.name, "href": base},
        {"label": Phase.EVALUATION.label, "href": f"{base}phases/7/"},
    ]
    if more:
        found.append({"label": _("Evaluation scorecard"), "href": f"{base}evaluation/"})
    return [*found, {"label": more[0] if more else _("Evaluation scorecard")}]


def tone(index: float | None, *, of: float = 100) -> str:
    if index is None:
        return ""
    if index >= of:
        return "positive"
    return "attention" if index >= of * 0.8 else "critical"


def branch_row(branch: Branch) -> dict[str, Any]:
    label = dict(Indicator.Branch.choices)[branch.key]
    return {
        "label": label,
        "weight": branch.weight,
        "index": branch.index,
        "before": branch.before,
        "share": (branch.index or 0) / 100,
        "whole": branch.whole,
        "leaves": [leaf_row(one) for one in branch.leaves],
    }


def leaf_row(leaf: Leaf) -> dict[str, Any]:
    shown = None if leaf.progress is None else max(0.0, leaf.progress)
    return {
        "leaf": leaf,
        "page": f"{leaf.slug}-detail",
        "bar": shown,
        "tone": tone(leaf.progress),
        "weight": leaf.share,
    }


@access("programme.read")
def scorecard(request: MelioraRequest, code: str) -> HttpResponse:
    programme = request.programme
    setup = setup_of(programme)
    card = scorecard_of(programme, setup)
    lines = list(CostBenefit.objects.of(programme))
    lessons = list(Lesson.objects.of(programme).order_by("-created_at", "-pk"))
    report = Document.objects.filter(programme=programme, kind="evaluation")
    context = {
        "setup": setup,
        "card": card,
        "grade": GRADE_WORDS.get(card.grade or "", ""),
        "branches": [branch_row(one) for one in card.branches],
        "worth": economics_of(lines, float(setup.rate) / 100),
        "lessons": lessons[:LESSONS_SHOWN],
        "lesson_count": len(lessons),
        "report": report.order_by("-number").first(),
        "may_edit": request.grants.may("evaluation.edit"),
        "may_rate": request.grants.may("rating.give"),
        "tabs": tabs(request, "scorecard"),
        "crumbs": evaluation_crumbs(request),
        "nav": "phase7",
    }
    return render(request, "evaluation/scorecard/scorecard.html", context)


@access("programme.read")
def effects(request: MelioraRequest, code: str) -> HttpResponse:
    programme = request.programme
    setup = setup_of(programme)
    rows = [effect_row(one) for one in effects_of(programme, setup)]
    known = [one for one in rows if one["verdict"]]
    context = {
        "setup": setup,
        "is_split": bool(setup.baseline_until and setup.measured_from),
        "rows": rows,
        "better": sum(1 for one in known if one["verdict"] == "better"),
        "known": len(known),
        "may_edit": request.grants.may("evaluation.edit"),
        "tabs": tabs(request, "effects"),
        "crumbs": evaluation_crumbs(request, _("Effects before and after")),
        "nav": "phase7",
    }
    return render(request, "evaluation/scorecard/effects.html", context)


def effect_row(effect: Effect) -> dict[str, Any]:
    found = effect.difference
    tones = {"better": "positive", "worse": "critical"}
    verdict = found.direction or ""
    if effect.indicator.direction == Indicator.Direction.TARGET:
        verdict = ""
    return {
        "indicator": effect.indicator,
        "found": found,
        "verdict": verdict,
        "label": VERDICTS.get(verdict, _("no direction")),
        "tone": tones.get(verdict, "neutral"),
        "sentence": effect_sentence(effect),
    }


def effect_sentence(effect: Effect) -> str:
    """What changed, in one sentence."""
    found, indicator = effect.difference, effect.indicator
    if found.change is None:
        return _("Not computed: values before or after are missing.")
    unit = indicator.unit
    words = {
        "name": indicator.name,
        "by": quantity(abs(found.change), unit, 2),
        "share": percent(abs(found.relative_change or 0)),
        "before": quantity(found.mean_before, unit, 2),
        "after": quantity(found.mean_after, unit, 2),
        "n": found.n_before,
        "m": found.n_after,
    }
    if found.change == 0:
        text = _("%(name)s stayed at %(after)s (%(n)s and %(m)s values).")
    elif found.change < 0:
        text = _(
            "%(name)s fell by %(by)s (%(share)s), from %(before)s to "
            "%(after)s (%(n)s values before, %(m)s after)."
        )
    else:
        text = _(
            "%(name)s rose by %(by)s (%(share)s), from %(before)s to "
            "%(after)s (%(n)s values before, %(m)s after)."
        )
    return text % words


@access("evaluation.edit")
def setup_page(request: MelioraRequest, code: str) -> HttpResponse:
    """Weights of the branches, what is before and after, and the interest."""
    here = reverse("scorecard", args=[code])
    form = SetupForm(
        request.POST or None,
        instance=setup_of(request.programme),
        programme=request.programme,
        user=request.user,
    )
    ask_for(form, form.instance)
    if request.method == "POST" and form.is_valid():
        try:
            save_setup(
                by=request.user,
                record=form.instance,
                now=timezone.now(),
                version=form.seen_version,
                **form.reason,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Evaluation system saved."))
            return HttpResponseRedirect(here)
    title = _("Weights and periods")
    context = {
        "form": form,
        "title": title,
        "back_url": here,
        "crumbs": evaluation_crumbs(request, title),
        "nav": "phase7",
    }
    status = 422 if form.errors else 200
    return render(request, "records/form.html", context, status=status)


BASE = "p/<slug:code>/evaluation/"
urlpatterns = [
    path(BASE, scorecard, name="scorecard"),
    path(f"{BASE}effects/", effects, name="effects"),
    path(f"{BASE}setup/", setup_page, name="evaluation-setup"),
]
