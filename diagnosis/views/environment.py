"""The environment: PESTEL by dimension, the SWOT grid, and the registers behind."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from diagnosis.forms.environment import FactorForm, SwotItemForm
from diagnosis.models import Factor, SwotItem
from programmes.access import MelioraRequest, access
from programmes.kit.errors import Text
from programmes.kit.pages import Column, Filter
from programmes.models import Programme
from programmes.permissions import who_may
from programmes.phases import Phase
from programmes.views.register import Register, add_register
from programmes.views.workspace import Tile, add_tile

HIGH_ATTENTION = 15
FIELD_TONES = {
    "strength": "positive",
    "weakness": "critical",
    "opportunity": "accent",
    "threat": "attention",
}
FACTORS = add_register(
    Register(
        slug="factors",
        phase=Phase.DIAGNOSIS,
        model=Factor,
        title=gettext_lazy("Factors"),
        one=gettext_lazy("factor"),
        empty=gettext_lazy("What outside and inside helps or hurts, with its source."),
        icon="globe",
        columns=[
            Column("text", gettext_lazy("Factor"), order="text"),
            Column(
                "dimension",
                gettext_lazy("Dimension"),
                kind="choice",
                order="dimension",
            ),
            Column("impact", gettext_lazy("Impact"), kind="number", order="impact"),
            Column(
                "likelihood",
                gettext_lazy("Likelihood"),
                kind="number",
                order="likelihood",
            ),
            Column("attention", gettext_lazy("Attention"), kind="number"),
            Column("source", gettext_lazy("Source"), order="source"),
        ],
        form=FactorForm,
        search=["text", "source"],
        filters=[
            Filter(
                "dimension",
                gettext_lazy("Dimension"),
                lambda: Factor.Dimension.choices,
                "dimension",
            )
        ],
        in_workspace=False,
    )
)
SWOT = add_register(
    Register(
        slug="swot",
        phase=Phase.DIAGNOSIS,
        model=SwotItem,
        title=gettext_lazy("SWOT"),
        one=gettext_lazy("SWOT entry"),
        empty=gettext_lazy("Strengths, weaknesses, opportunities and threats."),
        icon="grid-2x2",
        columns=[
            Column("text", gettext_lazy("Entry"), order="text"),
            Column(
                "field",
                gettext_lazy("Field"),
                kind="choice",
                order="field",
                tones=FIELD_TONES,
            ),
            Column("source", gettext_lazy("Source"), order="source"),
        ],
        form=SwotItemForm,
        search=["text", "source"],
        filters=[
            Filter(
                "field", gettext_lazy("Field"), lambda: SwotItem.Field.choices, "field"
            )
        ],
        in_workspace=False,
    )
)
REGISTERS = [FACTORS, SWOT]


@access("programme.read")
def environment(request: MelioraRequest, code: str) -> HttpResponse:
    programme = request.programme
    factors = list(Factor.objects.visible_to(request.user).of(programme).order_by("pk"))
    entries = list(
        SwotItem.objects.visible_to(request.user).of(programme).order_by("pk")
    )
    context = {
        "dimensions": dimensions(factors),
        "fields": swot_fields(entries),
        "finding": finding(factors),
        "swot_finding": swot_finding(entries),
        "high": HIGH_ATTENTION,
        "may_edit": request.grants.may(Factor.act),
        "who_may": who_may(Factor.act),
        "crumbs": [
            {"label": programme.name, "href": f"/p/{code}/"},
            {"label": Phase.DIAGNOSIS.label, "href": f"/p/{code}/phases/3/"},
            {"label": _("Environment")},
        ],
        "nav": "phase3",
    }
    return render(request, "diagnosis/environment/page.html", context)


def dimensions(factors: list[Factor]) -> list[dict[str, Any]]:
    """Each dimension with its factors, the weightiest first."""
    return [
        {
            "value": value,
            "label": label,
            "factors": sorted(
                (one for one in factors if one.dimension == value),
                key=lambda one: (-one.attention, one.pk),
            ),
        }
        for value, label in Factor.Dimension.choices
    ]


def swot_fields(entries: list[SwotItem]) -> list[dict[str, Any]]:
    return [
        {
            "value": value,
            "label": label,
            "tone": FIELD_TONES[value],
            "entries": [one for one in entries if one.field == value],
        }
        for value, label in SwotItem.Field.choices
    ]


def finding(factors: list[Factor]) -> Text:
    """The heading of the table: what deserves attention, or that nothing is known."""
    high = sum(1 for one in factors if one.attention >= HIGH_ATTENTION)
    if not factors:
        return _("No factor is known yet")
    if not high:
        return _("No factor needs special attention")
    return ngettext(
        "%(n)s factor needs special attention",
        "%(n)s factors need special attention",
        high,
    ) % {"n": high}


def swot_finding(entries: list[SwotItem]) -> Text:
    inside = {"strength": 0, "weakness": 0, "opportunity": 0, "threat": 0}
    for one in entries:
        inside[one.field] += 1
    if not entries:
        return _("Strengths and weaknesses, opportunities and threats")
    return _("%(s)s strengths against %(w)s weaknesses") % {
        "s": inside["strength"],
        "w": inside["weakness"],
    }


def state(programme: Programme) -> Text:
    count = Factor.objects.of(programme).count()
    if not count:
        return _("nothing yet")
    return ngettext("%(n)s factor", "%(n)s factors", count) % {"n": count}


add_tile(
    Tile(
        Phase.DIAGNOSIS,
        gettext_lazy("Environment"),
        "globe",
        "environment",
        state=state,
        first=True,
    )
)
urlpatterns = [path("p/<slug:code>/environment/", environment, name="environment")]
