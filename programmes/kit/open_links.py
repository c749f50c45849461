"""The door of pages that are open to whoever has the link: not too often, not too much.

No session is read or written; the address of a caller is only counted, as a keyed hash,
for a minute.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from programmes.kit.callers import too_large, too_many

LARGEST_BODY = 64 * 1024


def guard(request: HttpRequest, door: str) -> HttpResponse | None:
    """The answer to those who come too often or bring too much.

    :param door: the kind of link; each kind is counted by itself.
    """
    if too_large(request, LARGEST_BODY):
        said = _("This is more than the form can take. Please shorten your text.")
        return notice(request, _("Too much text"), said, status=413)
    if too_many(request, door):
        said = _("Please wait a minute and try again. Nothing is lost if you go back.")
        response = notice(request, _("One moment, please"), said, status=429)
        response["Retry-After"] = "60"
        return response
    return None


def notice(
    request: HttpRequest, title: str, text: str, status: int = 200, issuer: str = ""
) -> HttpResponse:
    """A page with one sentence."""
    context = {"title": title, "text": text, "issuer": issuer}
    return render(request, "notice_public.html", context, status=status)


def missing(request: HttpRequest) -> HttpResponse:
    """The same answer for a wrong link, an old one and one that never was."""
    said = _("Please check the link, or ask the person who sent it to you.")
    return notice(request, _("This link leads nowhere"), said, status=404)


def closed(request: HttpRequest, issuer: str) -> HttpResponse:
    """A survey whose time is over."""
    title = _("This survey takes no answers now")
    return notice(
        request, title, _("Thank you for your interest."), status=410, issuer=issuer
    )


def thanks_for_answers(request: HttpRequest, issuer: str) -> HttpResponse:
    """What one sees behind a survey without names."""
    said = _("Your answers have been stored, without anything that leads back to you.")
    return notice(request, _("Thank you"), said, issuer=issuer)
