"""Sign-in of machines by a bearer token, without knowing what a token may do."""

from __future__ import annotations

import hashlib
import hmac

from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request


def digest(secret: str) -> str:
    """SHA-256 is enough for a secret of 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one, other)


class Bearer(BaseAuthentication):
    """Base of token sign-in: reads `Authorization: Bearer mel_<id>_<secret>`."""

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    def read(self, request: Request) -> tuple[str, str] | None:
        """Public id and secret; None when there is no such header."""
        header = request.headers.get("Authorization", "")
        if not header.startswith("Bearer "):
            return None
        parts = header.removeprefix("Bearer ").strip().split("_", 2)
        if len(parts) != 3 or parts[0] != "mel":
            raise exceptions.AuthenticationFailed("The token is not valid.")
        return parts[1], parts[2]
