"""Tokens for machines."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from programmes.kit.bearer import digest
from programmes.kit.errors import Refusal
from programmes.models import Account, ApiToken, Enterprise, Programme
from programmes.permissions import require_in_enterprise
from programmes.services import activity, ledger

LONGEST_DAYS = 366


class BadTerm(Refusal):
    """A token must end within a year."""

    code = "bad-term"
    status = 422


def create_token(
    *,
    by: Account,
    enterprise: Enterprise,
    name: str,
    scopes: Sequence[str],
    expires_on: date,
    now: datetime,
    programme: Programme | None = None,
) -> tuple[ApiToken, str]:
    """Make a token and return it with its secret, which is shown only now.

    :raises NotAllowed: not an administrator.
    :raises BadTerm: no scope, in the past, or more than a year ahead.
    """
    require_in_enterprise(by, "token.edit", enterprise)
    if not scopes:
        raise BadTerm(_("Choose what the token may do."))
    if not now.date() < expires_on <= now.date() + timedelta(days=LONGEST_DAYS):
        message = _("Choose a day within the next year.")
        raise BadTerm(message, {"expires_on": message})
    public_id = secrets.token_hex(6)
    secret = secrets.token_hex(32)
    with transaction.atomic():
        token = ApiToken.objects.create(
            enterprise=enterprise,
            programme=programme,
            name=name,
            public_id=public_id,
            digest=digest(secret),
            scopes=list(scopes),
            expires_on=expires_on,
            created_by=by,
        )
        told(by, "created", token, now)
        enter(by, ledger.Kind.TOKEN_CREATED, token, now)
    return token, f"mel_{public_id}_{secret}"


def revoke_token(*, by: Account, token: ApiToken, now: datetime) -> None:
    """End a token at once. Doing it twice does no harm.

    :raises NotAllowed: not an administrator.
    """
    require_in_enterprise(by, "token.edit", token.enterprise)
    if token.revoked_at is None:
        with transaction.atomic():
            token.revoked_at = now
            token.save(update_fields=["revoked_at"])
            told(by, "closed", token, now)
            enter(by, ledger.Kind.TOKEN_REVOKED, token, now)


def told(by: Account, verb: str, token: ApiToken, now: datetime) -> None:
    activity.record(
        by=by,
        verb=verb,
        kind="token",
        label=token.name,
        enterprise=token.enterprise,
        now=now,
    )


def enter(by: Account, kind: ledger.Kind, token: ApiToken, now: datetime) -> None:
    ledger.append(
        enterprise_id=token.enterprise_id,
        kind=kind,
        facts={
            "token": token.pk,
            "scopes": token.scopes,
            "programme": token.programme_id,
            "until": token.expires_on.isoformat(),
        },
        by=by,
        now=now,
    )
