"""Sign-in of machines by token."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.request import Request

from programmes.kit.bearer import Bearer, digest, same
from programmes.models import ApiToken


class Machine(AnonymousUser):
    """A service account as the user of a request. It has no roles, only scopes."""

    def __init__(self, token: ApiToken) -> None:
        super().__init__()
        self.token = token

    @property
    def is_authenticated(self) -> bool:  # type: ignore[override]
        return True

    def __str__(self) -> str:
        return self.token.name


class TokenAuthentication(Bearer):
    """:raises AuthenticationFailed: unknown, revoked or expired, always alike."""

    def authenticate(self, request: Request) -> tuple[Machine, ApiToken] | None:
        read = self.read(request)
        if read is None:
            return None
        public_id, secret = read
        token = (
            ApiToken.objects.select_related("enterprise", "programme", "created_by")
            .filter(public_id=public_id)
            .first()
        )
        now = timezone.now()
        if (
            token is None
            or not same(token.digest, digest(secret))
            or token.revoked_at is not None
            or token.expires_on < now.date()
        ):
            raise exceptions.AuthenticationFailed("The token is not valid.")
        if token.last_used_at is None or now - token.last_used_at > timedelta(
            minutes=1
        ):
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return Machine(token), token


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes the tokens."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
