"""Steps of the chosen scheme."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from design.models import Scheme, SchemeStep
from programmes.kit.errors import Refusal
from programmes.models import Account
from programmes.permissions import require
from programmes.services.records import save_record


class NoScheme(Refusal):
    """The programme has not chosen a scheme, so it has no steps."""

    code = "no-scheme"


def save_step(
    *,
    by: Account,
    record: SchemeStep,
    now: datetime,
    version: int | None = None,
    act: str = "",
    reason: str = "",
) -> SchemeStep:
    """Create or change a step; it belongs to the scheme that is chosen now.

    :raises NotAllowed: may not edit the scheme.
    :raises NoScheme: none is chosen.
    """
    require(by, act or record.act, record.programme)
    scheme = Scheme.objects.of(record.programme).first()
    if scheme is None:
        raise NoScheme(_("Choose the scheme first; its steps follow."))
    record.scheme = scheme
    return save_record(
        by=by, record=record, now=now, version=version, act=act, reason=reason
    )
