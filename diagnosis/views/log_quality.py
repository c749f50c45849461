"""The quality of a log's data: what is doubtful, where, and what can be done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from diagnosis import log_findings
from diagnosis.forms.log_versions import CleaningForm
from diagnosis.log_words import DOUBTS, LEFT_OUT, REMEDIES, UNITS
from diagnosis.mining.spelling import spell
from diagnosis.models import EventLog
from diagnosis.services import lenses, log_versions
from diagnosis.stores import meta_of
from diagnosis.views.log_facts import closing_form
from diagnosis.views.log_filters import filters_of, query_of
from diagnosis.views.log_frame import Tables, export_paths, frame
from diagnosis.views.log_pages import log_with_process, page_url
from programmes.access import MelioraRequest, access
from programmes.kit.errors import Refusal
from programmes.kit.pages import csv_answer
from programmes.kit.sheets import Sheet
from programmes.views.exports import note_export

READY = EventLog.State.READY
IN_THE_SOURCE = ("negative", "single", "duplicate")
SHOWN_VARYING = 10
ROLE_WORDS = {
    "resource": gettext_lazy("Who did it"),
    "cost": gettext_lazy("Cost"),
    "lifecycle": gettext_lazy("Lifecycle"),
}


@access("programme.read")
def quality(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Each kind of doubt with its share, examples, remedy and the cases it is in."""
    log = log_with_process(request, pk, state=READY)
    rows = [row_of(log, one) for one in lenses.doubts(log)]
    doubts = [one for one in rows if one["count"]]
    context = {
        **frame(request, log, "log-quality", filters_of(request)),
        "says": log_findings.quality(doubts, log.events or 0),
        "read": read_counts(log),
        "doubts": doubts,
        "sound": [one for one in rows if not one["count"]],
        "left_out": left_out(log),
        "varying": log.quality.get("varying", [])[:SHOWN_VARYING],
        "bad_total": log.quality.get("bad_rows_total", 0),
        "closing": closing_form(log, lenses.everything(log)),
        "cleaning": CleaningForm(
            initial={"leave_out": log.recipe.get("leave_out", [])}
        ),
        "may_clean": log.derived_from_id is None and not log.connection,
    }
    return render(request, "diagnosis/logs/quality.html", context)


def row_of(log: EventLog, doubt: dict[str, Any]) -> dict[str, Any]:
    label = str(DOUBTS[doubt["kind"]])
    if doubt["attribute"]:
        name = ROLE_WORDS.get(doubt["attribute"], doubt["attribute"])
        label = _("%(doubt)s of “%(name)s”") % {"doubt": label, "name": name}
    remedy = REMEDIES[doubt["kind"]]
    if doubt["kind"] == "open" and not log.closing:
        remedy = gettext_lazy("Say below when a case is over; then they are counted.")
    if doubt["kind"] in IN_THE_SOURCE and log.connection:
        remedy = gettext_lazy("Correct it where the tables are made, then refresh.")
    return {
        **doubt,
        "label": label,
        "of_what": UNITS[doubt["unit"]],
        "remedy": remedy,
        "href": cases_with(log, doubt),
    }


def cases_with(log: EventLog, doubt: dict[str, Any]) -> str:
    """The page of the log for the cases with the doubt; none for rows left out."""
    if doubt["kind"] == "unread" or not doubt["count"]:
        return ""
    about = list(log.closing) if doubt["kind"] == "open" else []
    if doubt["kind"] == "missing":
        about = [doubt["attribute"]]
    text = spell("doubt", doubt["kind"], True, *about)
    return f"{page_url('logs-detail', log)}?{query_of([text])}"


def read_counts(log: EventLog) -> list[tuple[str, int]]:
    """What the import met, as label and count; only what there was of it."""
    held = log.quality
    lines = [
        (_("Rows read"), held.get("rows", 0)),
        (_("Rows left out"), held.get("bad_rows_total", 0)),
        (_("Start times that cannot be right"), held.get("bad_starts_total", 0)),
        (_("Events that stood before an earlier one"), held.get("out_of_order", 0)),
        (_("Start rows joined to their completion"), held.get("folded", 0)),
    ]
    return [(label, int(value)) for label, value in lines if value]


def left_out(log: EventLog) -> list[tuple[str, int]]:
    """What this version leaves out on purpose, with its count of events."""
    found = log.quality.get("left_out", {})
    return [(str(LEFT_OUT[kind]), count) for kind, count in found.items()]


def quality_tables(request: MelioraRequest, pk: int) -> Tables:
    """What is doubtful, with its examples."""
    log = log_with_process(request, pk, state=READY)
    head = [_("Doubt"), _("Count"), _("Share"), _("Of what"), _("What to do")]
    names = ("label", "count", "share", "of_what", "remedy")
    rows = [row_of(log, one) for one in lenses.doubts(log)]
    sheets = [
        Sheet(_("Quality"), head, ([row[name] for name in names] for row in rows))
    ]
    return Tables(log, _("quality"), sheets)


@access("export")
def bad_rows(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """The rows that were left out, the first thousand of them, as CSV."""
    log = log_with_process(request, pk, state=READY)
    note_export(request, "event log")
    head = [_("File"), _("Row"), _("Column"), _("Reason"), _("Value")]
    names = ("file", "row", "column", "reason", "value")
    listed = meta_of(log).quality
    rows = [*listed["bad_rows"], *listed["bad_starts"]]
    return csv_answer(
        f"{log.name}-rows",
        head,
        ([one.get(name) or "" for name in names] for one in rows),
    )


@access("log.edit")
@require_POST
def clean(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Read the files again without what is doubtful, as a new version."""
    log = log_with_process(request, pk)
    form = CleaningForm(request.POST)
    chosen = form.cleaned_data["leave_out"] if form.is_valid() else []
    try:
        newer = log_versions.clean_log(
            by=request.user, log=log, leave_out=chosen, now=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        page = "log-quality" if log.is_ready else "logs-detail"
        return HttpResponseRedirect(page_url(page, log))
    said = _("Version %(n)s is being made of the same file.")
    messages.success(request, said % {"n": newer.edition})
    return HttpResponseRedirect(page_url("logs-detail", newer))


BASE = "p/<slug:code>/logs/<int:pk>/"
urlpatterns = [
    path(f"{BASE}quality/", quality, name="log-quality"),
    *export_paths(f"{BASE}quality", "log-quality", quality_tables),
    path(f"{BASE}quality/rows.csv", bad_rows, name="log-bad-rows"),
    path(f"{BASE}clean/", clean, name="log-clean"),
]
