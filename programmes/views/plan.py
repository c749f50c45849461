"""Phase 1: the phase plan as a picture and a table, moved in working days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from programmes import charts
from programmes.access import MelioraRequest, access
from programmes.forms.plan import PhasePlanForm, PlanForm, WorkCalendarForm
from programmes.kit import formats, holidays
from programmes.kit.charts import DataTable
from programmes.kit.errors import Refusal
from programmes.kit.pages import Column
from programmes.maths.calendars import Calendar, Rescheduled
from programmes.models import PhasePlan, PlanMove, WorkCalendar
from programmes.phases import Phase
from programmes.services import plan as services
from programmes.services.records import save_record
from programmes.views.register import Register, add_register, crumbs

NEXT_HOLIDAYS = 4


def table_context(request: MelioraRequest) -> dict[str, Any]:
    """What the page of the plan shows beside the list of phases."""
    calendar, rows, known = loaded(request)
    today = timezone.localdate()
    free = services.free_days(calendar, rows)
    ahead = [(day, name) for day, name in free.items() if day >= today]
    dated = [one for one in rows if one.starts_on and one.ends_on]
    return {
        "plan": [line(one, known, today, request.programme.phase) for one in rows],
        "calendar": calendar,
        "country": holidays.COUNTRIES.get(calendar.country, ""),
        "holidays": ahead[:NEXT_HOLIDAYS],
        "finding": finding(dated, known),
        "may_edit": request.grants.may("plan.edit"),
        **picture(dated, today, request.programme.phase),
    }


def loaded(
    request: MelioraRequest,
) -> tuple[WorkCalendar, list[PhasePlan], Calendar]:
    """The calendar, the eight rows and the working days; two queries."""
    calendar = services.calendar_of(request.programme)
    rows = list(
        PhasePlan.objects.visible_to(request.user)
        .of(request.programme)
        .order_by("phase")
    )
    return calendar, rows, services.working_days(calendar, rows)


def line(one: PhasePlan, known: Calendar, today: date, phase: int) -> dict[str, Any]:
    days = None
    if one.starts_on and one.ends_on:
        days = known.length(one.starts_on, one.ends_on)
    is_late = bool(one.phase >= phase and one.gate_on and one.gate_on < today)
    return {"row": one, "days": days, "is_late": is_late}


def finding(dated: Sequence[PhasePlan], known: Calendar) -> str:
    """The plan in one sentence."""
    if len(dated) < len(Phase):
        return _("%(n)s of 8 phases are dated") % {"n": len(dated)}
    first, last = dated[0].starts_on, dated[-1].ends_on
    if first is None or last is None or last < first:
        return _("The phases are not in order")
    return _("%(first)s to %(last)s, %(days)s working days") % {
        "first": formats.day(first),
        "last": formats.day(last),
        "days": formats.number(known.length(first, last)),
    }


def picture(dated: Sequence[PhasePlan], today: date, phase: int) -> dict[str, Any]:
    """The phases on the calendar, and their numbers."""
    if not dated:
        return {}
    bars = [
        charts.PhaseBar(
            f"{one.phase} {one}", one.starts_on, one.ends_on, one.gate_on, one.phase
        )
        for one in dated
        if one.starts_on and one.ends_on
    ]
    head = (_("Phase"), _("Starts"), _("Ends"), _("Gate"))
    rows = [
        (one.label, *(formats.day(day) for day in (one.starts, one.ends, one.gate)))
        for one in bars
    ]
    return {
        "chart": charts.phases_on_calendar(bars, today, phase),
        "chart_table": DataTable(head, rows),
    }


PLAN = add_register(
    Register(
        slug="phase-plan",
        phase=Phase.MASTER_PLAN,
        model=PhasePlan,
        title=gettext_lazy("Phase plan"),
        one=gettext_lazy("phase"),
        icon="calendar",
        columns=[
            Column("phase", gettext_lazy("Phase"), kind="choice", order="phase"),
            Column("starts_on", gettext_lazy("Starts"), kind="date", order="starts_on"),
            Column("ends_on", gettext_lazy("Ends"), kind="date", order="ends_on"),
            Column("gate_on", gettext_lazy("Gate"), kind="date", order="gate_on"),
        ],
        form=PhasePlanForm,
        sort="phase",
        can_add=False,
        can_delete=False,
        list_template="programmes/plan/plan.html",
        list_context=table_context,
    )
)
REGISTERS = [PLAN]


def plan_page(request: MelioraRequest, title: str) -> dict[str, Any]:
    return {
        "title": title,
        "back_url": PLAN.url("list", request.programme),
        "crumbs": crumbs(request, PLAN, {"label": title}),
        "nav": "phase1",
    }


@access("plan.edit")
def dates(request: MelioraRequest, code: str) -> HttpResponse:
    """All dates in one table: look at what follows, then save."""
    _calendar, rows, known = loaded(request)
    form = PlanForm(request.POST or None, rows=rows, known=known)
    act = request.POST.get("act", "")
    found: Rescheduled | None = None
    if form.is_bound and form.is_valid():
        if act == "propose":
            form, found = proposed(form, rows, known)
        else:
            found = services.replanned(rows, form.wanted, known)
    if act == "save" and found is not None:
        try:
            move = services.move_plan(
                by=request.user,
                programme=request.programme,
                wanted=form.wanted,
                now=timezone.now(),
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["seen"] or None,
            )
        except Refusal as refusal:
            form.add_error(
                "reason" if "reason" in refusal.fields else None, str(refusal)
            )
        else:
            undo = reverse("plan-undo", args=[code, move.pk])
            messages.success(
                request, _("The plan is changed."), extra_tags=f"undo:{undo}"
            )
            return HttpResponseRedirect(PLAN.url("list", request.programme))
    context = {
        "form": form,
        "preview": preview(rows, found, known) if found else [],
        "is_still": found is not None and not found.moved,
        **plan_page(request, _("Change the dates")),
    }
    status = 422 if form.errors else 200
    return render(request, "programmes/plan/dates.html", context, status=status)


def proposed(
    form: PlanForm, rows: list[PhasePlan], known: Calendar
) -> tuple[PlanForm, Rescheduled]:
    """The usual lengths from the first start on, typed into a new form."""
    begin = form.cleaned_data.get(f"starts_{rows[0].phase}") or timezone.localdate()
    wanted = services.proposal(rows, begin, known)
    data = {"seen": form.cleaned_data["seen"], "reason": form.cleaned_data["reason"]}
    for phase, one in wanted.items():
        data |= {
            f"starts_{phase}": one.starts.isoformat(),
            f"days_{phase}": str(one.days),
            f"gate_{phase}": one.gate.isoformat(),
        }
    typed = PlanForm(data, rows=rows, known=known)
    typed.is_valid()
    return typed, services.replanned(rows, typed.wanted, known)


def preview(
    rows: Sequence[PhasePlan], found: Rescheduled, known: Calendar
) -> list[dict[str, Any]]:
    """Each phase before and after, with the working days its end moves."""
    lines = []
    for row, new in zip(rows, found.rows, strict=True):
        shift = known.between(row.ends_on, new.ends) if row.ends_on and new.ends else 0
        lines.append(
            {
                "row": row,
                "new": new,
                "is_moved": new.id in found.moved,
                "shift": shift,
                "days": known.length(new.starts, new.ends)
                if new.starts and new.ends
                else None,
            }
        )
    return lines


@access("plan.edit")
@require_POST
def undo(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Take back one change of the plan, all its dates at once."""
    rows = PlanMove.objects.visible_to(request.user).of(request.programme)
    move = get_object_or_404(rows.select_related("programme__enterprise"), pk=pk)
    try:
        services.undo_move(by=request.user, move=move, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The plan is as it was."))
    return HttpResponseRedirect(PLAN.url("list", request.programme))


@access("plan.edit")
def calendar(request: MelioraRequest, code: str) -> HttpResponse:
    """Whose holidays count."""
    form = WorkCalendarForm(
        request.POST or None,
        instance=services.calendar_of(request.programme),
        programme=request.programme,
        user=request.user,
    )
    if request.method == "POST" and form.is_valid():
        try:
            save_record(
                by=request.user,
                record=form.instance,
                now=timezone.now(),
                version=form.seen_version,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The calendar is saved."))
            return HttpResponseRedirect(PLAN.url("list", request.programme))
    context = {"form": form, **plan_page(request, _("Working calendar"))}
    status = 422 if form.errors else 200
    return render(request, "records/form.html", context, status=status)


BASE = "p/<slug:code>/phase-plan/"
urlpatterns = [
    path(f"{BASE}dates/", dates, name="plan-dates"),
    path(f"{BASE}calendar/", calendar, name="work-calendar"),
    path(f"{BASE}moves/<int:pk>/undo/", undo, name="plan-undo"),
]
