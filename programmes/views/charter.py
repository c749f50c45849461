"""The wizard from a new programme to a mandate that is ready to be signed.

Each field is saved as it is left; Next saves the step as a plain form does. What cannot
be saved yet (a row without its name) is kept with the session until it can.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.charter import lint, load_charter
from programmes.kit.errors import Refusal, Text
from programmes.models import Programme
from programmes.phases import Phase
from programmes.services.charter import save_field
from programmes.services.material import ReasonNeeded
from programmes.views.charter_rows import (
    REASON,
    Rows,
    drafts_of,
    forget,
    keep,
    rows_of_step,
)
from programmes.views.charter_steps import CHECK, KEYS, STEPS, Step
from programmes.views.workspace import Tile, add_tile


def state_of(programme: Programme) -> Text:
    """What the tile of the phase page says; one query."""
    errors = [one for one in lint(load_charter(programme)) if one.is_error]
    if not errors:
        return _("nothing to mend")
    return _("%(n)s to mend") % {"n": len(errors)}


add_tile(
    Tile(
        Phase.MASTER_PLAN,
        gettext_lazy("Charter, step by step"),
        "list-checks",
        "charter",
        state=state_of,
        first=True,
    )
)


def step_of(key: str) -> Step:
    """:raises Http404: there is no such step."""
    if key not in KEYS:
        raise Http404(key)
    return STEPS[KEYS.index(key)]


def neighbour(key: str, by: int) -> str:
    place = KEYS.index(key) + by
    return KEYS[place] if 0 <= place < len(KEYS) else ""


def url_of(programme: Programme, key: str) -> str:
    return reverse("charter-step", args=[programme.code, key]) if key else ""


@access("programme.read")
def charter(request: MelioraRequest, code: str) -> HttpResponse:
    """What the charter still lacks, and the way into its steps."""
    found = load_charter(request.programme)
    findings = lint(found)
    if request.grants.may("mandate.edit") and "all" not in request.GET:
        wrong = [one.step for one in findings if one.is_error]
        key = next((one for one in KEYS if one in wrong), CHECK)
        return HttpResponseRedirect(url_of(request.programme, key))
    context = {
        "findings": findings,
        "crumbs": crumbs_of(request, _("Charter")),
        "nav": "phase1",
    }
    return render(request, "programmes/charter/findings.html", context)


def crumbs_of(request: MelioraRequest, label: Text) -> list[dict[str, Any]]:
    programme = request.programme
    return [
        {"label": programme.name, "href": f"/p/{programme.code}/"},
        {"label": Phase.MASTER_PLAN.label, "href": f"/p/{programme.code}/phases/1/"},
        {"label": label},
    ]


@access("mandate.edit")
def step(request: MelioraRequest, code: str, step: str) -> HttpResponse:
    """One step: what is there, and what can be added."""
    here = step_of(step)
    data = request.POST if request.method == "POST" else None
    rows = rows_of_step(request, here, data)
    if request.method == "POST":
        refusals = rows.save(request, timezone.now())
        if rows.is_good and not refusals:
            forget(request, here)
            return HttpResponseRedirect(
                url_of(request.programme, after(request, here.key))
            )
        for refusal in refusals:
            messages.error(request, refusal)
    status = 422 if request.method == "POST" else 200
    context = step_context(request, here, rows)
    return render(request, "programmes/charter/step.html", context, status=status)


def after(request: MelioraRequest, key: str) -> str:
    """Where to go after a step is saved: on, or to the same step for another row."""
    if "again" in request.POST:
        return key
    return neighbour(key, -1 if "back" in request.POST else 1) or key


def step_context(request: MelioraRequest, here: Step, rows: Rows) -> dict[str, Any]:
    programme = request.programme
    found = load_charter(programme)
    findings = lint(found)
    wrong: dict[str, int] = {}
    for one in findings:
        wrong[one.step] = wrong.get(one.step, 0) + one.is_error
    wrong[CHECK] = 0 if found.mandate.is_signed else 1
    contents = [
        {
            "step": one,
            "href": url_of(programme, one.key),
            "left": wrong.get(one.key, 0),
            "is_here": one is here,
        }
        for one in STEPS
    ]
    done = sum(1 for one in contents if not one["left"])
    return {
        "step": here,
        "number": KEYS.index(here.key) + 1,
        "contents": contents,
        "share": done / len(STEPS),
        "done": done,
        "all": len(STEPS),
        "rows": rows,
        "findings": [one for one in findings if here.key in (CHECK, one.step)],
        "back": url_of(programme, neighbour(here.key, -1)),
        "is_last": here.key == CHECK,
        "save_url": reverse("charter-save", args=[programme.code, here.key]),
        "crumbs": crumbs_of(request, here.title),
        "nav": "phase1",
    }


@access("mandate.edit")
@require_POST
def save(request: MelioraRequest, code: str, step: str) -> HttpResponse:
    """Save one field as it is left; what cannot be saved yet is kept as a draft."""
    here = step_of(step)
    name = request.GET.get("field") or request.POST.get("field", "")
    form = rows_of_step(request, here).form_with(name)
    if form is None:
        raise Http404(name)
    field = name.removeprefix(f"{form.prefix}-")
    widget = form.fields[field].widget
    raw = widget.value_from_datadict(request.POST, request.FILES, name)
    typed = request.POST.get(name, "")[:4000].replace("\0", "")
    context: dict[str, Any] = {"now": timezone.localtime(), "form": form}
    record = getattr(form, "instance", None)
    is_alone = getattr(form, "is_alone", False)
    is_draft = record is None or (record.pk is None and not is_alone)
    if is_draft or field == REASON:
        keep(request, here, {name: typed})
        return render(request, "programmes/charter/saved.html", context)
    context |= saved_field(request, here, form, field, raw, typed)
    return render(request, "programmes/charter/saved.html", context)


def saved_field(
    request: MelioraRequest, here: Step, form: Any, name: str, raw: Any, typed: str
) -> dict[str, Any]:
    """Check and save the field; a refusal keeps what was typed."""
    full = form.add_prefix(name)
    try:
        value = form.fields[name].clean(raw)
        saved = save_field(
            by=request.user,
            record=form.instance,
            name=name,
            value=value,
            now=timezone.now(),
        )
    except ReasonNeeded:
        keep(request, here, {full: typed})
        return {"waits": True}
    except Refusal as refusal:
        keep(request, here, {full: typed})
        return {"problem": str(refusal)}
    except ValidationError as error:
        keep(request, here, {full: typed})
        return {"problem": " ".join(error.messages)}
    left = drafts_of(request, here)
    if full in left:
        keep(request, here, {full: None})
    return {"saved": saved}


BASE = "p/<slug:code>/charter/"
urlpatterns = [
    path(BASE, charter, name="charter"),
    path(f"{BASE}<slug:step>/", step, name="charter-step"),
    path(f"{BASE}<slug:step>/save/", save, name="charter-save"),
]
