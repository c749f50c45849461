"""Pages of staff without a sign-in: read by GET, acted on by POST only.

They know the person by the link alone: no session is read or written, callers are only
counted, and a wrong link looks like an old one and like one that was never given out.
"""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from programmes.access import access
from programmes.forms.pulses import PulseAnswerForm
from programmes.kit.errors import Refusal
from programmes.kit.open_links import (
    closed,
    guard,
    missing,
    notice,
    thanks_for_answers,
)
from programmes.models import PersonalLink, Pulse, Receipt
from programmes.services.notices import acknowledge
from programmes.services.personal_links import find_link
from programmes.services.pulses import PulseClosed, answer_pulse
from programmes.services.questions import ask_by_link, published
from programmes.services.reach import units_in_scope
from programmes.services.training import (
    MOST_ATTEMPTS,
    certificate,
    has_passed,
    participation_of,
    quiz_of,
    take_quiz,
)

DOOR, PULSE_DOOR = "staff", "pulse"
MOST_ANSWERS = 20
ANSWERED_SECONDS = 180 * 24 * 3600
ANSWER = re.compile(r"answer-(\d{1,18})")


@access(public=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def personal(request: HttpRequest, token: str) -> HttpResponse:
    """What the link is for, with its button; and a question to the champions."""
    if refused := guard(request, DOOR):
        return refused
    link = find_link(token, timezone.localdate())
    if link is None:
        return missing(request)
    if request.method != "POST":
        return page(request, link)
    here = reverse("staff-link", args=[token])
    try:
        act(request, link)
    except Refusal as refusal:
        return page(request, link, str(refusal), status=422)
    done = "asked" if "text" in request.POST else "done"
    return HttpResponseRedirect(f"{here}?{done}=1")


def act(request: HttpRequest, link: PersonalLink) -> None:
    """Ask, acknowledge, or hand in the quiz.

    :raises Refusal: with the reason, for the page.
    """
    now = timezone.now()
    if "text" in request.POST:
        text = request.POST["text"]
        ask_by_link(person=link.person, programme=link.programme, text=text, now=now)
    elif link.notice is not None:
        receipt = receipt_of(link)
        if receipt is not None:
            acknowledge(receipt=receipt, way=Receipt.Way.LINK, now=now)
    else:
        take_quiz(link=link, answers=chosen(request), now=now)


def chosen(request: HttpRequest) -> dict[int, int]:
    """The chosen places by question; what is no number is not answered."""
    return {
        int(found[1]): int(value)
        for name in request.POST
        if (found := ANSWER.fullmatch(name))
        and re.fullmatch(r"[1-9]", value := request.POST[name])
    }


def receipt_of(link: PersonalLink) -> Receipt | None:
    rows = Receipt.objects.filter(notice=link.notice, person=link.person)
    return rows.select_related("notice").first()


def page(
    request: HttpRequest, link: PersonalLink, problem: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "link": link,
        "issuer": link.programme.enterprise.name,
        "problem": problem,
        "asked": "asked" in request.GET,
        "answers": published(link.programme)[:MOST_ANSWERS],
        "typed": request.POST.get("text", ""),
    }
    if link.notice is not None:
        receipt = receipt_of(link)
        context |= {"is_read": receipt is None or receipt.read_at is not None}
        return render(request, "programmes/staff/notice.html", context, status=status)
    context |= quiz_page(request, link)
    return render(request, "programmes/staff/quiz.html", context, status=status)


def quiz_page(request: HttpRequest, link: PersonalLink) -> dict[str, Any]:
    row = participation_of(link)
    course = link.course
    passed = row is not None and course is not None and has_passed(row, course)
    given = chosen(request) if request.method == "POST" else {}
    questions = [
        {"question": one, "chosen": given.get(one.pk)}
        for one in (quiz_of(course) if course else [])
    ]
    return {
        "row": row,
        "passed": passed,
        "is_over": row is None or passed or row.attempts >= MOST_ATTEMPTS,
        "questions": questions,
        "has_certificate": passed and row is not None and row.done_on is not None,
    }


@access(public=True)
@never_cache
@require_http_methods(["GET", "HEAD"])
def own_certificate(request: HttpRequest, token: str) -> HttpResponse:
    """One's own certificate as PDF."""
    if refused := guard(request, DOOR):
        return refused
    link = find_link(token, timezone.localdate())
    row = participation_of(link) if link and link.course else None
    if link is None or row is None:
        return missing(request)
    try:
        file = certificate(participation=row, asks_quiz=bool(quiz_of(row.course)))
    except Refusal:
        return missing(request)
    response = HttpResponse(file, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="certificate.pdf"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@access(public=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pulse(request: HttpRequest, token: str) -> HttpResponse:
    """The five questions of a pulse, behind one open link for all."""
    if refused := guard(request, PULSE_DOOR):
        return refused
    found = find_pulse(token)
    if found is None:
        return missing(request)
    if not found.takes_answers(timezone.localdate()):
        return closed(request, found.programme.enterprise.name)
    if mark_of(found) in request.COOKIES:
        return answered_before(request, found)
    units = units_in_scope(found.programme)
    form = PulseAnswerForm(request.POST or None, units=units)
    if request.method == "POST" and form.is_valid():
        try:
            answer_pulse(
                pulse=found,
                nonce=form.cleaned_data["nonce"],
                unit=form.cleaned_data["unit"],
                group=form.cleaned_data["group"],
                scores=form.scores(),
                now=timezone.now(),
            )
        except PulseClosed:
            return closed(request, found.programme.enterprise.name)
        return thanked(request, found)
    issuer = found.programme.enterprise.name
    context = {"pulse": found, "form": form, "issuer": issuer}
    status = 422 if form.errors else 200
    return render(request, "programmes/staff/pulse.html", context, status=status)


def mark_of(found: Pulse) -> str:
    """The cookie of a browser that has answered; it holds no key to the answer."""
    return f"pulse-{found.pk}"


def thanked(request: HttpRequest, found: Pulse) -> HttpResponse:
    """On to the thanks; the browser keeps that it has answered, and nothing else."""
    token = found.token
    response = HttpResponseRedirect(reverse("staff-pulse-thanks", args=[token]))
    response.set_cookie(
        mark_of(found),
        "1",
        max_age=ANSWERED_SECONDS,
        path=reverse("staff-pulse", args=[token]),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def answered_before(request: HttpRequest, found: Pulse) -> HttpResponse:
    return notice(
        request,
        _("You have answered already"),
        _("One answer a person is counted, so this browser shows the form only once."),
        issuer=found.programme.enterprise.name,
    )


def find_pulse(token: str) -> Pulse | None:
    rows = Pulse.objects.public(token).select_related("programme__enterprise")
    found: Pulse | None = rows.first()
    return found


@access(public=True)
@never_cache
@require_http_methods(["GET", "HEAD"])
def pulse_thanks(request: HttpRequest, token: str) -> HttpResponse:
    if refused := guard(request, PULSE_DOOR):
        return refused
    found = find_pulse(token)
    if found is None:
        return missing(request)
    return thanks_for_answers(request, found.programme.enterprise.name)


urlpatterns = [
    path("a/<slug:token>/", personal, name="staff-link"),
    path("a/<slug:token>/certificate.pdf", own_certificate, name="staff-certificate"),
    path("pulse/<slug:token>/", pulse, name="staff-pulse"),
    path("pulse/<slug:token>/thanks/", pulse_thanks, name="staff-pulse-thanks"),
]
