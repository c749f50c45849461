"""Phase 2: announcements with reading confirmed, and what one was told oneself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, F, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.forms.kickoff import NoticeForm
from programmes.kit.errors import Refusal
from programmes.kit.pages import Column
from programmes.models import Notice, Receipt
from programmes.phases import Phase
from programmes.services.notices import (
    acknowledge,
    acknowledge_own,
    confirm_reading,
    reach_of,
    remind,
    save_notice,
    send_notice,
)
from programmes.views.register import Register, add_register

MOST_TOLD = 100


def with_reach(rows: Any) -> Any:
    """With how many it is for and how many read it, told in whatever way."""
    people = Count("receipts")
    read = Count("receipts", filter=Q(receipts__read_at__isnull=False))
    return rows.prefetch_related("units").annotate(
        all=F("audience") + people, read=F("reached") + read
    )


def units_of(row: Any) -> str:
    """The units it is for, by name; nothing where it is for all in scope."""
    return ", ".join(sorted(one.name for one in row.units.all()))


def read_share(row: Any) -> float | None:
    return row.read / row.all if row.all else None


def notice_detail(request: MelioraRequest, record: Any) -> dict[str, Any]:
    rows = record.receipts.select_related("person", "unit")
    receipts = list(rows.order_by("person__name", "pk"))
    mine = request.grants.person_ids
    own = [one for one in receipts if one.person_id in mine]
    return {
        "receipts": receipts,
        "reach": reach_of(receipts),
        "waiting": [one for one in receipts if one.read_at is None],
        "own": own[0] if own else None,
        "all": record.all,
        "read": record.read,
        "share": read_share(record),
    }


NOTICES = add_register(
    Register(
        slug="announcements",
        phase=Phase.KICK_OFF,
        model=Notice,
        title=gettext_lazy("Announcements"),
        one=gettext_lazy("announcement"),
        empty=gettext_lazy("What staff were told, and how many it reached."),
        icon="megaphone",
        columns=[
            Column("title", gettext_lazy("Announcement"), order="title"),
            Column("units", gettext_lazy("Only for"), value=units_of),
            Column("sent_on", gettext_lazy("Sent"), kind="date", order="sent_on"),
            Column("all", gettext_lazy("For"), kind="number", order="all"),
            Column("read", gettext_lazy("Read"), kind="percent", value=read_share),
        ],
        form=NoticeForm,
        save=save_notice,
        rows=with_reach,
        search=["title", "text"],
        detail="programmes/kickoff/notice.html",
        detail_context=notice_detail,
    )
)
REGISTERS = [NOTICES]


def changed(
    request: MelioraRequest, pk: int, change: Any, said: Any, **more: Any
) -> HttpResponse:
    """Do one thing with the announcement and go back to its page."""
    notice = get_object_or_404(NOTICES.queryset(request), pk=pk)
    try:
        found = change(by=request.user, notice=notice, now=timezone.now(), **more)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said(found) if callable(said) else said)
    return HttpResponseRedirect(NOTICES.url("detail", request.programme, pk))


def told_words(n: int) -> str:
    said = ngettext("%(n)s person is told.", "%(n)s people are told.", n)
    return said % {"n": n}


def reminded_words(n: int) -> str:
    said = ngettext("%(n)s person is reminded.", "%(n)s people are reminded.", n)
    return said % {"n": n}


@access("notice.edit")
@require_POST
def send(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Tell everybody it is for."""
    return changed(request, pk, send_notice, told_words)


@access("notice.edit")
@require_POST
def reminder(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Mail those again who have not read it."""
    return changed(request, pk, remind, reminded_words)


@access("notice.edit")
@require_POST
def confirm(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Say who was told in person."""
    people = [int(one) for one in request.POST.getlist("person") if one.isdigit()]
    return changed(request, pk, confirm_reading, _("Saved."), people=people)


@access("programme.read")
@require_POST
def read_own(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Say that one has read it oneself."""
    return changed(request, pk, acknowledge_own, _("Thank you."))


@access()
def told(request: MelioraRequest) -> HttpResponse:
    """What one was told, in all programmes; no role in them is needed."""
    rows = Receipt.objects.filter(
        person__in=[one.pk for one in request.people], notice__deleted_at=None
    )
    found = rows.select_related("notice__programme")
    context = {
        "receipts": found.order_by(F("read_at").desc(nulls_first=True), "-pk")[
            :MOST_TOLD
        ],
        "crumbs": [{"label": _("Announcements to me")}],
        "nav": "told",
    }
    return render(request, "programmes/kickoff/told.html", context)


@access()
@require_POST
def told_read(request: MelioraRequest, pk: int) -> HttpResponse:
    """Say that one has read what one was told."""
    rows = Receipt.objects.filter(person__in=[one.pk for one in request.people])
    receipt = get_object_or_404(
        rows.select_related("notice"), notice=pk, notice__deleted_at=None
    )
    acknowledge(receipt=receipt, way=Receipt.Way.APP, now=timezone.now())
    messages.success(request, _("Thank you."))
    return HttpResponseRedirect(reverse("told"))


BASE = "p/<slug:code>/announcements/<int:pk>/"
urlpatterns = [
    path(f"{BASE}send/", send, name="announcements-send"),
    path(f"{BASE}remind/", reminder, name="announcements-remind"),
    path(f"{BASE}confirm/", confirm, name="announcements-confirm"),
    path(f"{BASE}read/", read_own, name="announcements-acknowledge"),
    path("announcements/", told, name="told"),
    path("announcements/<int:pk>/", told_read, name="told-read"),
]
