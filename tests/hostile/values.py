"""What an enemy types, and the forms it is typed into."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from django import forms

from programmes.views.register import REGISTERS, Register
from tests.addresses import addresses
from tests.stage import Stage

HUGE = "x" * 1_000_000
MARKUP = "<script>alert(1)</script><b onload=x>"
# Texts that a field may take: pages must then show them harmlessly.
TEXTS = {
    "markup": MARKUP,
    "attribute": "\"'><img src=x onerror=alert(1)>",
    "template": "{{ 7*7 }}{% load x %}${7*7}#{7*7}",
    "formula": "=cmd|' /C calc'!A0",
    "percent": "%(name)s %s %d {0} {name}",
    "right to left": "\u202egnp.exe\u2066",
    "emoji": "👩‍👩‍👧‍👦🏴‍☠️" * 4,
    "combining": "Z" + "\u0301" * 100,
    "lines": "a\r\nSet-Cookie: x=1\r\n\r\nb",
}
# Texts that no field may take.
REFUSED_TEXTS = {"null": "a\0b", "huge": HUGE, "word": "w" * 100_000}
NUMBERS = [
    *("NaN", "-NaN", "sNaN", "Infinity", "-inf", "1e999", "-1e999", "1e-999"),
    *("-1", "0", str(10**30), str(-(10**30)), "1,5", "", "abc", "٣", "0x10"),
    *("2147483648", "9223372036854775808", "1_000", "--1", "9" * 5000, "\0"),
]
DATES = [
    *("2026-02-31", "31.02.2026", "0000-01-01", "0001-01-01", "9999-12-31"),
    *("99999-01-01", "-1", "", "abc", "2026-13-01", "2026-01-01T25:00", "\0"),
]
CHOICES = ["__class__", "", "\0", "-1", str(10**30), "0", MARKUP, "null"]
LOST = "\ufffd"


@dataclass(frozen=True)
class Sent:
    """A form as it was offered: the address, its fields, and good data for it."""

    path: str
    actor: str
    fields: dict[str, forms.Field]
    data: dict[str, Any]


def flat(form: forms.BaseForm) -> dict[str, Any]:
    """The data that a browser would send back of an untouched form."""
    sent: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if isinstance(bound.field, forms.BooleanField):
            value = "on" if value else None
        if isinstance(value, list | tuple):
            value = [getattr(one, "pk", one) for one in value]
        if value is not None and not isinstance(bound.field, forms.FileField):
            sent[bound.html_name] = getattr(value, "pk", value)
    return sent


def offered(stage: Stage, path: str) -> Sent | None:
    """The form of an address as the first who may open it sees it."""
    for actor in ("lead", "controller", "owner", "sponsor", "champion", "admin"):
        answer = stage.clients[actor].get(path)
        if answer.status_code == 200 and answer.context is not None:
            form = answer.context.get("form")
            if isinstance(form, forms.BaseForm):
                return Sent(path, actor, dict(form.fields), flat(form))
    return None


def edits(stage: Stage, register: Register) -> Sent | None:
    return offered(stage, stage.paths[register.name("edit")])


def kinds(sent: Sent, kind: Any) -> list[str]:
    """Names of the fields of a kind; plain text is what is none of the others."""
    return [name for name, one in sent.fields.items() if isinstance(one, kind)]


def texts(sent: Sent) -> list[str]:
    return [
        name
        for name, one in sent.fields.items()
        if type(one) in (forms.CharField, forms.SlugField)
    ]


def fits(field: forms.Field, text: str) -> str:
    longest = getattr(field, "max_length", None)
    return text[:longest] if longest else text


# Naming the addresses loads the URLconf, and with it the registers.
NAMES = addresses()
SLUGS = sorted(one.slug for one in REGISTERS)


def register_of(slug: str) -> Register:
    return next(one for one in REGISTERS if one.slug == slug)


def assert_no_formula(text: str) -> None:
    for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))):
        for cell in row:
            assert not cell.startswith(("=", "@", "\t", "\r")), cell
