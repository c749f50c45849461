"""Phase 8: corrective actions, and what is done about a signal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from evaluation.forms.monitoring import CorrectiveActionForm
from evaluation.models import CorrectiveAction, Signal
from evaluation.services import monitoring
from programmes.access import MelioraRequest, access
from programmes.kit.errors import Refusal
from programmes.kit.given import words
from programmes.kit.pages import Column, Filter
from programmes.phases import Phase
from programmes.views.register import Register, add_register

EFFECT_TONES = {
    "open": "accent",
    "effective": "positive",
    "not_effective": "critical",
}


def action_detail(request: MelioraRequest, record: Any) -> dict[str, Any]:
    signal = record.signal
    return {
        "task_url": f"/p/{request.programme.code}/tasks/{record.work_item_id}/",
        "monitor_url": reverse(
            "monitor-one", args=[request.programme.code, signal.indicator_id]
        )
        if signal
        else "",
    }


ACTIONS = add_register(
    Register(
        slug="actions",
        phase=Phase.IMPROVEMENT,
        model=CorrectiveAction,
        title=gettext_lazy("Corrective actions"),
        one=gettext_lazy("corrective action"),
        empty=gettext_lazy("What is done about a signal, by whom, until when."),
        icon="wrench",
        columns=[
            Column("title", gettext_lazy("Action"), order="title"),
            Column(
                "indicator",
                gettext_lazy("Indicator"),
                order="signal__indicator__name",
                value=lambda row: row.signal.indicator.name if row.signal else "",
            ),
            Column("owner", gettext_lazy("Owner"), kind="person", order="owner__name"),
            Column("due_on", gettext_lazy("Due"), kind="date", order="due_on"),
            Column(
                "state",
                gettext_lazy("Task"),
                order="work_item__state",
                value=lambda row: row.work_item.get_state_display(),
            ),
            Column(
                "effect",
                gettext_lazy("Efficacy"),
                kind="choice",
                order="effect",
                tones=EFFECT_TONES,
            ),
        ],
        form=CorrectiveActionForm,
        rows=lambda rows: rows.select_related(
            "owner", "signal__indicator", "work_item"
        ),
        search=["title", "cause", "correction"],
        filters=[
            Filter(
                "effect",
                gettext_lazy("Efficacy"),
                lambda: CorrectiveAction.Effect.choices,
                "effect",
            )
        ],
        sort="due_on",
        save=monitoring.save_action,
        detail="evaluation/monitor/action.html",
        detail_context=action_detail,
    )
)
REGISTERS = [ACTIONS]


def find_signal(request: MelioraRequest, pk: int) -> Signal:
    rows = Signal.objects.of(request.programme)
    related = rows.select_related("indicator", "programme")
    found: Signal = get_object_or_404(related, pk=pk)
    return found


@access("action.edit")
def open_action(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """A corrective action from a signal: the form knows already what it can."""
    signal = find_signal(request, pk)
    back = reverse("monitor-one", args=[code, signal.indicator_id])
    form = CorrectiveActionForm(
        request.POST or None,
        instance=CorrectiveAction(programme=request.programme, signal=signal),
        programme=request.programme,
        user=request.user,
        initial=monitoring.prefilled(signal, timezone.localdate()),
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = monitoring.save_action(
                by=request.user, record=form.instance, now=timezone.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Action opened; it is on the owner's list."))
            url = ACTIONS.url("detail", request.programme, saved.pk)
            return HttpResponseRedirect(url)
    title = _("Corrective action: %(name)s") % {"name": signal.indicator.name}
    context = {
        "register": ACTIONS,
        "form": form,
        "title": title,
        "back_url": back,
        "crumbs": [
            {"label": request.programme.name, "href": f"/p/{code}/"},
            {"label": _("Process monitor"), "href": back},
            {"label": _("Corrective action")},
        ],
        "nav": "phase8",
    }
    status = 422 if form.errors else 200
    return render(request, "records/form.html", context, status=status)


@access("action.edit")
@require_POST
def close(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Settle a signal without an action, with the reason."""
    signal = find_signal(request, pk)
    try:
        monitoring.close_signal(
            by=request.user,
            signal=signal,
            reason=words(request.POST, "reason", 300),
            now=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Signal closed."))
    where = reverse("monitor-one", args=[code, signal.indicator_id])
    return HttpResponseRedirect(where)


BASE = "p/<slug:code>/monitor/signals/<int:pk>/"
urlpatterns = [
    path(f"{BASE}action/", open_action, name="signal-action"),
    path(f"{BASE}close/", close, name="signal-close"),
]
