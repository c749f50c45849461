"""What slow cases have and fast ones do not."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnosis import log_findings
from diagnosis.mining.spelling import DAY, LONGEST_CASE_DAYS, spell
from diagnosis.services import log_lenses
from diagnosis.views import log_frame
from diagnosis.views.log_filters import query_of
from programmes.access import MelioraRequest, access
from programmes.kit.formats import number, percent
from programmes.kit.sheets import Sheet

SHOWN = 40
TOLD = 3
MOST_ODDS = 1_000
LEAST_ODDS = 0.01


def threshold(request: MelioraRequest) -> float | None:
    """Days from which a case is slow; None where none are named."""
    try:
        days = float(request.GET.get("days", "").replace(",", "."))
    except ValueError:
        return None
    return days if 0 < days <= LONGEST_CASE_DAYS else None


def ask_contrast(request: MelioraRequest, pk: int) -> log_frame.Asked:
    days = threshold(request)
    limit = None if days is None else days * DAY
    return log_frame.ask(
        request, pk, lambda log, texts: log_lenses.slow_and_fast(log, texts, limit)
    )


@access("programme.read")
def contrast(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """What slow cases have and fast ones do not."""
    asked = ask_contrast(request, pk)
    found, days = asked.found, threshold(request)
    shown = found["differences"][:SHOWN]
    rows = [difference_row(asked, one) for one in shown]
    context = {
        "rows": rows,
        "says": log_findings.contrast(rows),
        "total": len(found["differences"]),
        "found": found,
        "days": days,
        "first": [sentence(one) for one in telling(shown)],
        "left_out": ", ".join(found["left_out"]),
    }
    kept = {} if days is None else {"days": f"{days:g}"}
    return log_frame.page(request, asked, "log-contrast", context, kept)


def telling(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The three largest, what can be acted on before plain counts of events."""
    return sorted(shown, key=lambda one: one["kind"] == "count")[:TOLD]


def odds(one: dict[str, Any]) -> str:
    """The odds ratio and its interval, with digits that tell; of one beyond all
    measure the interval says nothing more."""
    ratio, low, high = (
        telling_digits(one[name]) for name in ("odds_ratio", "low", "high")
    )
    if not LEAST_ODDS <= one["odds_ratio"] <= MOST_ODDS:
        return ratio
    return (
        f"{ratio} ({low}–{high})" if one["high"] <= MOST_ODDS else f"{ratio} (≥ {low})"
    )


def telling_digits(ratio: float) -> str:
    """An odds ratio: beyond a thousand, or below a hundredth, its size says nothing."""
    if ratio > MOST_ODDS:
        return f"> {number(MOST_ODDS)}"
    if ratio < LEAST_ODDS:
        return f"< {number(LEAST_ODDS, 2)}"
    return number(ratio, 2 if ratio < 10 else 0)


def difference_row(asked: log_frame.Asked, one: dict[str, Any]) -> dict[str, Any]:
    is_share = one["odds_ratio"] is not None
    say = (lambda share: percent(share, 1)) if is_share else rounded
    text = filter_text(one)
    return {
        **one,
        "label": label(one),
        "sentence": sentence(one),
        "slow": say(one["slow"]),
        "fast": say(one["fast"]),
        "is_share": is_share,
        "odds": odds(one) if is_share else "",
        "size": abs(one["effect"]),
        "side": "slow" if one["effect"] > 0 else "fast",
        "href": "?" + query_of([*asked.texts, text]) if text else "",
    }


def rounded(value: float) -> str:
    """A median of any size: whole, or with as many decimals as tell."""
    size = abs(value)
    if size >= 100 or float(value).is_integer():
        return number(value, 0)
    return number(value, 1 if size >= 1 else 2)


def label(one: dict[str, Any]) -> str:
    """What slow and fast cases differ in."""
    said = {
        "activity": "%(name)s",
        "repeated": _("%(name)s twice or more"),
        "resource": _("done by %(value)s"),
        "attribute": "%(name)s = %(value)s",
        "number": "%(name)s",
        "count": _("Events of the case")
        if one["name"] == "events"
        else _("Repeated steps"),
    }
    words: str = said[one["kind"]] % {"name": one["name"], "value": one["value"]}
    return words


def sentence(one: dict[str, Any]) -> str:
    """The difference as a sentence."""
    name = label(one)
    if one["odds_ratio"] is None:
        words = {
            "name": name,
            "slow": rounded(one["slow"]),
            "fast": rounded(one["fast"]),
        }
        said = _(
            "%(name)s: the median is %(slow)s in slow cases, %(fast)s in fast ones."
        )
        return said % words
    slow, fast = percent(one["slow"]), percent(one["fast"])
    said = _("%(name)s: in %(slow)s of slow cases, in %(fast)s of fast ones.")
    return said % {"name": name, "slow": slow, "fast": fast}


def filter_text(one: dict[str, Any]) -> str:
    """The filter that keeps the cases that have it; none for numbers."""
    if one["kind"] == "activity":
        return spell("activity", one["name"], True)
    if one["kind"] == "attribute":
        return spell("attribute", one["name"], one["value"], True)
    if one["kind"] == "resource":
        return spell("attribute", "resource", one["value"], True)
    return ""


def contrast_tables(request: MelioraRequest, pk: int) -> log_frame.Tables:
    """The differences."""
    asked = ask_contrast(request, pk)
    head = [
        gettext_lazy("What"),
        gettext_lazy("Slow cases"),
        gettext_lazy("Fast cases"),
        gettext_lazy("Cliff's delta"),
        gettext_lazy("Odds ratio"),
        gettext_lazy("from"),
        gettext_lazy("to"),
        gettext_lazy("Cramér's V"),
    ]
    names = ("slow", "fast", "effect", "odds_ratio", "low", "high", "cramers_v")
    rows = (
        [label(one), *(one[name] for name in names)]
        for one in asked.found["differences"]
    )
    sheets = [Sheet(_("Slow and fast"), head, rows)]
    return log_frame.Tables(asked.log, _("slow and fast"), sheets)


BASE = "p/<slug:code>/logs/<int:pk>/slow-and-fast"
urlpatterns = [
    path(f"{BASE}/", contrast, name="log-contrast"),
    *log_frame.export_paths(BASE, "log-contrast", contrast_tables),
]
