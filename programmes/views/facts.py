"""How the fields of a record are written: on its page, and in its history."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from programmes.kit import formats
from programmes.kit.pages import Column

if TYPE_CHECKING:
    from programmes.views.register import Register


def facts_of(register: Register, record: Any) -> list[dict[str, Any]]:
    """Every field of the form as label and shown value."""
    facts = []
    for name in register.form._meta.fields or ():
        field = record._meta.get_field(name)
        is_text = field.get_internal_type() == "TextField"
        facts.append(
            {
                "label": field.verbose_name,
                "value": Column(name, "").words(record)
                if field.choices or field.is_relation
                else written(getattr(record, name), name, record, register.money),
                "is_text": is_text,
            }
        )
    columns = {one.name: one for one in register.columns}
    for name in register.form.linked:
        column = columns[name]
        if column.is_known(record):
            value = column.of(record) or formats.MISSING
            facts.append({"label": column.label, "value": value, "is_text": False})
    return facts


def written(value: Any, name: str, record: Any, money: frozenset[str]) -> Any:
    """A value as pages write it; what is not known is the missing sign.

    :param money: the names of the fields that are amounts.
    """
    if value in (None, ""):
        return formats.MISSING
    if isinstance(value, bool):
        return formats.yes_no(value)
    if isinstance(value, datetime):
        return formats.moment(timezone.localtime(value), timezone.localdate())
    if isinstance(value, date):
        return formats.day(value, timezone.localdate())
    if not isinstance(value, Decimal | float):
        return value
    currency = record.currency_of(name)
    if currency or name in money:
        return formats.money(value, currency or record.programme.currency)
    return formats.quantity(value, record.unit_of(name))
