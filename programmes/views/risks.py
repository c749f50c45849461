"""Phase 1: the risk register with its matrix of probability and impact."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.forms.risks import RiskForm
from programmes.kit.errors import NotAllowed, Refusal
from programmes.kit.pages import Column, Filter
from programmes.models import Risk
from programmes.models.risks import level_of
from programmes.phases import Phase
from programmes.services.risks import review_risks
from programmes.views.register import Register, add_register

TONES = {"high": "critical", "medium": "attention", "low": "neutral"}
STEPS = range(1, 6)


def with_score(rows: QuerySet[Any]) -> Any:
    return rows.select_related("owner").annotate(
        weight=F("probability") * F("impact"),
    )


def steps() -> list[tuple[int, str]]:
    return [(one, str(one)) for one in STEPS]


def matrix_context(request: MelioraRequest) -> dict[str, Any]:
    """Open risks counted by probability and impact; one query."""
    rows = Risk.objects.of(request.programme).filter(state=Risk.State.OPEN)
    counts = Counter(rows.values_list("probability", "impact"))
    lines = [
        {
            "probability": probability,
            "cells": [cell(probability, impact, counts) for impact in STEPS],
        }
        for probability in reversed(STEPS)
    ]
    return {
        "lines": lines,
        "impacts": STEPS,
        "open_risks": sum(counts.values()),
        "high_risks": sum(
            count
            for (probability, impact), count in counts.items()
            if level_of(probability * impact) is Risk.Level.HIGH
        ),
        "may_review": request.grants.may(Risk.act),
    }


def cell(
    probability: int, impact: int, counts: Counter[tuple[int, int]]
) -> dict[str, Any]:
    level = level_of(probability * impact)
    chosen = {"state": "open", "probability": probability, "impact": impact}
    return {
        "count": counts[probability, impact],
        "level": level.label,
        "tone": TONES[level.value],
        "href": f"?{urlencode(chosen)}",
    }


RISKS = add_register(
    Register(
        slug="risks",
        phase=Phase.MASTER_PLAN,
        model=Risk,
        title=gettext_lazy("Risks"),
        one=gettext_lazy("risk"),
        empty=gettext_lazy("What may go wrong, how bad that is, and what is done."),
        icon="triangle-alert",
        columns=[
            Column("title", gettext_lazy("Risk"), order="title"),
            Column("score", gettext_lazy("Score"), kind="number", order="weight"),
            Column(
                "level",
                gettext_lazy("Level"),
                kind="choice",
                order="weight",
                tones=TONES,
            ),
            Column("owner", gettext_lazy("Owner"), kind="person", order="owner__name"),
            Column(
                "response", gettext_lazy("Response"), kind="choice", order="response"
            ),
            Column("due_on", gettext_lazy("By"), kind="date", order="due_on"),
            Column("state", gettext_lazy("State"), kind="choice", order="state"),
            Column(
                "reviewed_on",
                gettext_lazy("Last looked at"),
                kind="date",
                order="reviewed_on",
            ),
        ],
        form=RiskForm,
        can_import=True,
        rows=with_score,
        search=["title", "cause", "effect"],
        filters=[
            Filter("state", gettext_lazy("State"), lambda: Risk.State.choices, "state"),
            Filter(
                "category",
                gettext_lazy("Category"),
                lambda: Risk.Category.choices,
                "category",
            ),
            Filter("probability", gettext_lazy("Probability"), steps, "probability"),
            Filter("impact", gettext_lazy("Impact"), steps, "impact"),
        ],
        sort="-score",
        list_template="programmes/risks/list.html",
        list_context=matrix_context,
    )
)
REGISTERS = [RISKS]


@access("risk.edit")
@require_POST
def reviewed(request: MelioraRequest, code: str) -> HttpResponse:
    """All open risks were looked at today."""
    try:
        count = review_risks(
            by=request.user, programme=request.programme, now=timezone.now()
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        said = ngettext(
            "%(count)s open risk is noted as looked at today.",
            "%(count)s open risks are noted as looked at today.",
            count,
        )
        messages.success(request, said % {"count": count})
    return HttpResponseRedirect(RISKS.url("list", request.programme))


urlpatterns = [path("p/<slug:code>/risks/reviewed/", reviewed, name="risks-reviewed")]
