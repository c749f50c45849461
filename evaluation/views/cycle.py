"""Phase 8: the start of the next cycle."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.forms.monitoring import CycleForm
from evaluation.models import Signal
from evaluation.services.cycles import start_cycle
from programmes.access import MelioraRequest, access
from programmes.kit.errors import Refusal
from programmes.models import Programme
from programmes.phases import Phase
from programmes.views.workspace import Tile, add_tile

add_tile(
    Tile(Phase.IMPROVEMENT, gettext_lazy("Start the next cycle"), "repeat", "cycle")
)


@access("programme.read", write="cycle.start")
def cycle(request: MelioraRequest, code: str) -> HttpResponse:
    """What the next cycle would begin with, and the button."""
    programme = request.programme
    form = CycleForm(
        request.POST or None,
        initial={"name": _("%(name)s, next cycle") % {"name": programme.name}},
    )
    if request.method == "POST" and form.is_valid():
        try:
            fresh = start_cycle(
                by=request.user,
                programme=programme,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except Refusal as refusal:
            known = {name: text for name, text in refusal.fields.items() if name}
            for name, text in known.items():
                form.add_error(name, str(text))
            if not known:
                form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The next cycle is open."))
            return HttpResponseRedirect(f"/p/{fresh.code}/")
    signals = Signal.objects.of(programme).still_open().select_related("indicator")
    cycles = Programme.objects.visible_to(request.user).filter(predecessor=programme)
    context = {
        "form": form,
        "signals": list(signals.order_by("pk")),
        "cycles": list(cycles.order_by("pk")),
        "is_early": programme.phase < Phase.IMPROVEMENT,
        "may_start": request.grants.may("cycle.start"),
        "crumbs": [
            {"label": programme.name, "href": f"/p/{code}/"},
            {"label": Phase.IMPROVEMENT.label, "href": f"/p/{code}/phases/8/"},
            {"label": _("Next cycle")},
        ],
        "nav": "phase8",
    }
    status = 422 if form.errors else 200
    return render(request, "evaluation/cycle/cycle.html", context, status=status)


urlpatterns = [path("p/<slug:code>/cycle/", cycle, name="cycle")]
