"""The definition of an indicator, and the contract that freezes it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from programmes.kit.errors import Refusal
from programmes.models import Account, Indicator
from programmes.permissions import require
from programmes.services.records import Invalid, label_of, save_record


class ContractFrozen(Refusal):
    """The definition is frozen; values still come in."""

    code = "contract-frozen"


def save_indicator(
    *,
    by: Account | None,
    record: Indicator,
    now: datetime,
    version: int | None = None,
    act: str = "",
    reason: str = "",
) -> Indicator:
    """Create or change an indicator; a frozen contract refuses a new definition.

    :raises ContractFrozen: definition, formula, unit, direction or code differ.
    """
    if record.pk and record.is_frozen:
        before = Indicator.objects.get(pk=record.pk)
        names = ["code", "definition", "formula", "unit", "direction", "source"]
        changed = [one for one in names if getattr(before, one) != getattr(record, one)]
        if changed:
            raise ContractFrozen(
                _("The contract is frozen; open it before changing the definition."),
                {one: _("Frozen") for one in changed},
            )
    return save_record(
        by=by, record=record, now=now, version=version, act=act, reason=reason
    )


def freeze_contract(*, by: Account, indicator: Indicator, now: datetime) -> Indicator:
    """Fix definition, formula, source, unit and direction. Twice does no harm.

    :raises NotAllowed: neither lead nor owner.
    :raises Invalid: the definition is incomplete; the message names what is missing.
    """
    require(by, indicator.act, indicator.programme, indicator)
    if indicator.is_frozen:
        return indicator
    needed = ["definition", "unit", "source", "owner"]
    missing = [
        label_of(Indicator, one) for one in needed if not getattr(indicator, one)
    ]
    if missing:
        raise Invalid(_("Still missing: %(names)s.") % {"names": ", ".join(missing)})
    indicator.frozen_at = now
    indicator.frozen_version = indicator.version + 1
    return save_record(by=by, record=indicator, now=now)


def unfreeze_contract(*, by: Account, indicator: Indicator, now: datetime) -> Indicator:
    """Open the definition again; gates that asked for it turn red until refrozen.

    :raises NotAllowed: neither lead nor owner.
    """
    require(by, indicator.act, indicator.programme, indicator)
    indicator.frozen_at = indicator.frozen_version = None
    return save_record(by=by, record=indicator, now=now)
