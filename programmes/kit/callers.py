"""Who calls a public page, and how often: counted for a minute, as a keyed hash."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

PER_MINUTE = 30


def caller(request: HttpRequest) -> str:
    """The address of the caller; behind a proxy the one that the proxy saw."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        seen = request.headers.get("X-Forwarded-For", "").split(",")
        return seen[-1].strip() or address
    return address


def too_many(request: HttpRequest, page: str) -> bool:
    """Count the request to the page. Without the cache nobody gets through."""
    minute = int(timezone.now().timestamp() // 60)
    digest = salted_hmac(f"{page} link", caller(request)).hexdigest()[:32]
    key = f"{page}:{digest}:{request.method}:{minute}"
    try:
        cache.add(key, 0, timeout=120)
        return cache.incr(key) > PER_MINUTE
    except (RedisError, OSError, ValueError):
        return True


def too_large(request: HttpRequest, largest: int) -> bool:
    """More than `largest` bytes, or no length given for what was sent."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not str(length).isdigit() or int(length) > largest
