"""The door of pages that are open to whoever has the link: not too often, not too much.

No session is read or written; the address of a caller is only counted, as a keyed hash,
for a minute.
"""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

PER_MINUTE = 30
LARGEST_BODY = 64 * 1024


def caller(request: HttpRequest) -> str:
    """The address of the caller; behind a proxy the one that the proxy saw."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        seen = request.headers.get("X-Forwarded-For", "").split(",")
        return seen[-1].strip() or address
    return address


def too_many(request: HttpRequest, door: str) -> bool:
    """Count the request. Without the cache nobody gets through."""
    minute = int(timezone.now().timestamp() // 60)
    digest = salted_hmac(f"{door} link", caller(request)).hexdigest()[:32]
    key = f"{door}:{digest}:{request.method}:{minute}"
    try:
        cache.add(key, 0, timeout=120)
        return cache.incr(key) > PER_MINUTE
    except (RedisError, OSError, ValueError):
        return True


def too_large(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not str(length).isdigit() or int(length) > LARGEST_BODY


def guard(request: HttpRequest, door: str) -> HttpResponse | None:
    """The answer to those who come too often or bring too much.

    :param door: the kind of link; each kind is counted by itself.
    """
    if too_large(request):
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
