"""Phase 2: pulses of readiness, by unit and by kind of role, one against the next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from programmes import kickoff_charts
from programmes.access import MelioraRequest, access
from programmes.forms.pulses import PulseForm
from programmes.kit.charts import DataTable
from programmes.kit.errors import Refusal, Text
from programmes.kit.formats import number
from programmes.kit.pages import Column
from programmes.maths.change import ELEMENTS
from programmes.models import Pulse, PulseAnswer
from programmes.models.pulses import FEWEST
from programmes.phases import Phase
from programmes.services.pulses import (
    Group,
    PulseResult,
    answers_of,
    result_of,
    turn_pulse,
)
from programmes.views.register import Register, add_register


def elements() -> list[tuple[str, str]]:
    """Key and words of each element, in their order."""
    return [
        (one, str(PulseAnswer._meta.get_field(one).verbose_name))  # type: ignore[union-attr]
        for one in ELEMENTS
    ]


def earlier(pulse: Pulse) -> PulseResult | None:
    """What the closed pulse before this one found; two queries."""
    if pulse.opened_at is None:
        return None
    rows = Pulse.objects.of(pulse.programme).filter(
        closed_at__isnull=False, opened_at__lt=pulse.opened_at
    )
    before = rows.order_by("-opened_at").first()
    return result_of(before, answers_of(before)) if before else None


def pulse_detail(request: MelioraRequest, record: Any) -> dict[str, Any]:
    found = result_of(record, answers_of(record)) if record.closed_at else None
    before = earlier(record) if found else None
    context: dict[str, Any] = {
        "found": found,
        "fewest": FEWEST,
        "link": request.build_absolute_uri(reverse("staff-pulse", args=[record.token])),
        "is_open": record.takes_answers(timezone.localdate()),
        "may_see_link": record.opened_at and not record.closed_at,
    }
    if found is None:
        return context
    words = dict(elements())
    shown = [one for one in (*found.units, *found.groups) if one.is_shown]
    rows = [(found.overall.name, found.overall.means or {})]
    if before:
        rows.append((_("The pulse before"), before.overall.means or {}))
    return context | {
        "finding": finding(found.overall, words),
        "elements": elements(),
        "cuts": [
            (_("By unit"), [row_of(one, words) for one in found.units]),
            (_("By role"), [row_of(one, words) for one in found.groups]),
        ],
        "chart": kickoff_charts.dot_plot(rows, elements()),
        "table": table(rows),
        "units_chart": kickoff_charts.dot_plot(
            [(one.name, one.means or {}) for one in found.units if one.is_shown],
            elements(),
        ),
        "units_table": table([(one.name, one.means or {}) for one in shown]),
        "has_units": any(one.is_shown for one in found.units),
        "before": before,
    }


def row_of(group: Group, words: dict[str, str]) -> dict[str, Any]:
    """A group as the table shows it."""
    if group.means is None or group.readiness is None:
        return {"name": group.name, "is_shown": False}
    barrier = group.readiness.barrier_point
    return {
        "name": group.name,
        "is_shown": True,
        "n": group.n,
        "means": [(words[one], group.means[one]) for one in ELEMENTS],
        "index": group.readiness.index,
        "barrier": words[barrier] if barrier else "",
    }


def finding(group: Group, words: dict[str, str]) -> Text:
    barrier = group.readiness.barrier_point if group.readiness else None
    if barrier:
        return _("The barrier is %(element)s") % {"element": words[barrier]}
    return _("No element holds people back")


def table(rows: list[tuple[str, Any]]) -> DataTable:
    return DataTable(
        (_("Group"), *(label for _key, label in elements())),
        [(name, *(number(means[one], 1) for one in ELEMENTS)) for name, means in rows],
    )


PULSES = add_register(
    Register(
        slug="pulses",
        phase=Phase.KICK_OFF,
        model=Pulse,
        title=gettext_lazy("Pulse"),
        one=gettext_lazy("pulse"),
        empty=gettext_lazy("Five questions that show where readiness stops."),
        icon="activity",
        columns=[
            Column("title", gettext_lazy("Pulse"), order="title"),
            Column(
                "opened_at", gettext_lazy("Opened"), kind="moment", order="opened_at"
            ),
            Column(
                "closed_at", gettext_lazy("Closed"), kind="moment", order="closed_at"
            ),
            Column("n", gettext_lazy("Answers"), kind="number", order="n"),
            Column("population", gettext_lazy("Asked"), kind="number"),
        ],
        form=PulseForm,
        rows=lambda rows: rows.annotate(n=Count("answers")),
        search=["title"],
        detail="programmes/kickoff/pulse.html",
        detail_context=pulse_detail,
    )
)
REGISTERS = [PULSES]


@access("pulse.edit")
@require_POST
def turn(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Open a pulse, or close it for good."""
    pulse = get_object_or_404(PULSES.queryset(request), pk=pk)
    try:
        turn_pulse(by=request.user, pulse=pulse, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(PULSES.url("detail", request.programme, pk))


urlpatterns = [
    path("p/<slug:code>/pulses/<int:pk>/turn/", turn, name="pulses-turn"),
]
