"""The filters of ``{% load kit %}``: how values are written."""

from datetime import date, datetime
from typing import Any, cast

from django import template
from django.utils import timezone

from programmes.kit import formats

register = template.Library()

TONES = {"success": "positive", "warning": "attention", "error": "critical"}
SIGNS = {"positive": "check", "attention": "info", "critical": "triangle-alert"}


@register.filter
def money(amount: object, currency: str = "EUR") -> str:
    """{{ amount|money:currency }}: €1.84m, for tiles and sentences."""
    return formats.money_short(amount, currency)


@register.filter
def money_exact(amount: object, currency: str = "EUR") -> str:
    """{{ amount|money_exact:currency }}: €1,840,000, for tables and tooltips."""
    return formats.money(amount, currency)


@register.filter
def number(value: object, places: int | None = None) -> str:
    """{{ value|number:1 }}"""
    return formats.number(value, places)


@register.filter
def signed(value: object, places: int | None = None) -> str:
    """{{ difference|signed:1 }}: +0.4 or −0.4"""
    return formats.number(value, places, signed=True)


@register.filter
def percent(share: object, places: int = 0) -> str:
    """{{ 0.75|percent }}: 75%"""
    return formats.percent(share, places)


@register.filter
def quantity(value: object, unit: str = "") -> str:
    """{{ value|quantity:indicator.unit }}: 35%, or 4.2 days"""
    return formats.quantity(value, unit)


@register.filter
def scaled(value: Any, unit: str = "") -> Any:
    """{{ value|scaled:indicator.unit|number }}: 35 for a share of 0.35"""
    return formats.scaled(value, unit)


@register.filter
def unit_said(unit: str) -> str:
    """{{ indicator.unit|unit_said }}: the unit beside such a number, % for a share"""
    return formats.unit_said(unit)


@register.filter
def duration(value: object, unit: str = "s") -> str:
    """{{ hours|duration:"h" }}: 2.1 d"""
    return formats.duration(value, unit)


@register.filter(expects_localtime=True)
def day(value: date | None) -> str:
    """{{ due_on|day }}: 25 Nov 2026, or Wed 25 Nov within two weeks"""
    return formats.day(value or None, timezone.localdate())


@register.filter(expects_localtime=True)
def moment(value: datetime | None) -> str:
    """{{ decided_at|moment }}: Yesterday, 16:42"""
    return formats.moment(value or None, timezone.localdate())


@register.filter(expects_localtime=True)
def since(value: date | datetime | None) -> str:
    """{{ due_on|since }}: in 5 days"""
    return formats.since(value or None, timezone.localtime())


@register.filter
def share(value: object) -> str:
    """{{ done|share }}: 0.95 for a style attribute, with a point in every language"""
    exact = formats.decimal(value)
    return "0" if exact is None else f"{exact:.4f}".rstrip("0").rstrip(".")


@register.filter
def tone(message: Any) -> str:
    """{{ message|tone }}: the tone of a Django message."""
    return TONES.get(message.level_tag, "neutral")


@register.filter
def sign(message: Any) -> str:
    """{{ message|sign }}: the icon of a Django message."""
    return SIGNS.get(tone(message), "info")


@register.filter
def undo(message: Any) -> str:
    """{{ message|undo }}: the address in the extra tag "undo:<url>", or nothing."""
    tags = cast("str", message.extra_tags or "").split()
    return next((t.removeprefix("undo:") for t in tags if t.startswith("undo:")), "")


@register.filter
def yes_no(value: Any) -> str:
    """{{ value|yes_no }}: a flag in words."""
    return formats.yes_no(value)
