"""What each page of a log says first: its finding, in one sentence.

Names of activities are cut, so that the sentence stays one; nothing is said of cases
that are not there, as the page then says how to get to some.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from diagnosis.log_words import short
from programmes.kit.formats import duration, number, percent

NO_TIME = gettext_lazy(
    "No time passes between the activities of a case. Look whether the right column "
    "names the time."
)


def part(share: float) -> str:
    """A share in a sentence: small ones with a decimal, so that they are not 0%."""
    return percent(share, 0 if share >= 0.1 else 1)


def flow(found: Mapping[str, Any], slow: Mapping[str, Any] | None, waits: bool) -> str:
    """The slowest wait, or why there is none."""
    if not found["cases"]:
        return ""
    if slow is None:
        if found["events"] == found["cases"]:
            return _(
                "Every case has a single event, so nothing follows anything. Look "
                "whether the right column names the case."
            )
        return str(NO_TIME)
    said = (
        _(
            "From “%(source)s” to “%(target)s” cases wait %(median)s by the median: "
            "%(share)s of all time between activities."
        )
        if waits
        else _(
            "“%(target)s” comes %(median)s after “%(source)s” by the median: "
            "%(share)s of all time between activities."
        )
    )
    return said % {
        "source": short(slow["source"]),
        "target": short(slow["target"]),
        "median": duration(slow["median_s"]),
        "share": part(slow["share"]),
    }


def paths(found: Mapping[str, Any]) -> str:
    """The share of the most frequent path, and of the most frequent ones."""
    known, rows = found["overview"], found["variants"]
    cases, many = known["cases"], known["variants"]
    if not cases:
        return ""
    words = {"n": number(cases), "paths": number(many), "top": len(rows)}
    if many == 1:
        return (
            ngettext(
                "There is %(n)s case, and so one path.",
                "All %(n)s cases take the same path.",
                cases,
            )
            % words
        )
    if many == cases:
        return _("No two of the %(n)s cases take the same path.") % words
    words["share"] = part(rows[0]["share"])
    words["covered"] = percent(sum(one["share"] for one in rows))
    if many <= len(rows):
        said = _("The most frequent of %(paths)s paths holds %(share)s of %(n)s cases.")
    else:
        said = _(
            "The most frequent of %(paths)s paths holds %(share)s of %(n)s cases, the "
            "%(top)s most frequent hold %(covered)s."
        )
    return said % words


def cases(found: Mapping[str, Any]) -> str:
    """How long the completed cases take."""
    over = found["cases"] - found["open_cases"]
    if not found["cases"]:
        return ""
    if not over:
        return _("No case is over yet.")
    said = ngettext(
        "%(n)s completed case took %(median)s.",
        "Half of %(n)s completed cases took %(median)s or less, nine in ten %(p90)s or "
        "less.",
        over,
    )
    return said % {
        "n": number(over),
        "median": duration(found["median_s"]),
        "p90": duration(found["p90_s"]),
    }


def times(worst: Mapping[str, Any] | None, share: float) -> str:
    """Before which activity most time passes."""
    if worst is None:
        return str(NO_TIME)
    said = (
        _(
            "Most waiting stands before “%(name)s”: %(median)s by the median, "
            "%(share)s of the time before all activities."
        )
        if worst["is_wait"]
        else _(
            "Most time passes before “%(name)s”: %(median)s by the median, "
            "%(share)s of the time before all activities."
        )
    )
    return said % {
        "name": short(worst["activity"]),
        "median": worst["before"]["median"],
        "share": part(share),
    }


def work(moved: Mapping[str, Any], most: Mapping[str, Any] | None) -> str:
    """The largest hand-over, and how many steps change hands."""
    steps = moved["total"] + moved["kept"]
    if not steps:
        return ""
    if not moved["total"]:
        return _("No case is handed over: each stays with one resource.")
    changed = percent(moved["total"] / steps)
    if most is None:
        return _("%(changed)s of steps change hands.") % {"changed": changed}
    said = _(
        "Most hand-overs go from “%(giver)s” to “%(taker)s”: %(n)s, %(share)s of all; "
        "%(changed)s of steps change hands."
    )
    return said % {
        "giver": short(most["giver"]),
        "taker": short(most["taker"]),
        "n": number(most["n"]),
        "share": part(most["share"]),
        "changed": changed,
    }


def workload(
    busiest: Mapping[str, Any], total: int, weekend: float, is_by_day: bool
) -> str:
    """The busiest hour; the busiest weekday where the source records no times."""
    words = {
        "day": busiest["day"],
        "since": busiest["from"],
        "until": busiest["to"],
        "n": number(busiest["n"]),
        "total": number(total),
        "weekend": percent(weekend, 1),
    }
    if not total:
        return ""
    said = (
        _("The source records days, not times: most events fall on midnight.")
        if is_by_day
        else ngettext(
            "The one event falls on %(day)s from %(since)s to %(until)s o'clock.",
            "The busiest hour is %(day)s from %(since)s to %(until)s o'clock with "
            "%(n)s of %(total)s events; Saturday and Sunday hold %(weekend)s.",
            total,
        )
    )
    return said % words


def contrast(rows: Sequence[Mapping[str, Any]]) -> str:
    """What slow cases have most of all, the first of the differences."""
    if not rows:
        return ""
    first = rows[0]
    words = {
        "name": short(first["label"]),
        "slow": first["slow"],
        "fast": first["fast"],
    }
    if not first["is_share"]:
        said = _(
            "Slow cases differ most in “%(name)s”: the median is %(slow)s, in fast "
            "ones %(fast)s."
        )
    elif first["effect"] > 0:
        said = _(
            "Slow cases differ most by “%(name)s”: %(slow)s of them have it, and "
            "%(fast)s of fast ones."
        )
    else:
        said = _(
            "Fast cases differ most by “%(name)s”: %(fast)s of them have it, and "
            "%(slow)s of slow ones."
        )
    return said % words


def conformance(told: Mapping[str, Any] | None, process: str, first: str) -> str:
    """The share of cases that go as foreseen, and the most frequent deviation."""
    if not told or not told["cases"]:
        return ""
    words = {
        "n": number(told["cases"]),
        "share": percent(told["share"]),
        "process": short(process),
        "deviation": first,
    }
    if told["conforming"] == told["cases"]:
        said = ngettext(
            "The one case went as “%(process)s” foresees.",
            "All %(n)s cases went as “%(process)s” foresees.",
            told["cases"],
        )
    else:
        said = _(
            "%(share)s of cases went as “%(process)s” foresees. The most frequent "
            "deviation: %(deviation)s"
        )
    return said % words


def comparison(median: Mapping[str, str], edge: Mapping[str, Any] | None) -> str:
    """Both median throughput times, and the connection that differs most."""
    words = {"one": median["one"], "other": median["other"]}
    if edge is None:
        said = _("The median case takes %(one)s on the left, %(other)s on the right.")
        return said % words
    said = _(
        "The median case takes %(one)s on the left, %(other)s on the right; "
        "“%(source)s” → “%(target)s” differs most, %(difference)s of cases."
    )
    return said % {
        **words,
        "source": short(edge["source"]),
        "target": short(edge["target"]),
        "difference": edge["difference"],
    }


def quality(doubts: Sequence[Mapping[str, Any]], events: int) -> str:
    """How many kinds of doubt there are, and the most frequent."""
    if not doubts:
        said = ngettext(
            "Nothing is doubtful in %(n)s event.",
            "Nothing is doubtful in %(n)s events.",
            events,
        )
        return said % {"n": number(events)}
    most = max(doubts, key=lambda one: one["share"] or 0)
    said = ngettext(
        "There is %(n)s kind of doubt. %(label)s: %(count)s, %(share)s %(unit)s.",
        "There are %(n)s kinds of doubt. The most frequent, %(label)s: %(count)s, "
        "%(share)s %(unit)s.",
        len(doubts),
    )
    return said % {
        "n": number(len(doubts)),
        "label": most["label"],
        "count": number(most["count"]),
        "share": percent(most["share"], 1),
        "unit": most["of_what"],
    }


def one_version() -> str:
    """Of a log whose events stay where they are."""
    return _(
        "The events of this log stay in their database, so it has one version: what "
        "its tables held when they were read last."
    )


def versions(many: int, edition: int, file_name: str) -> str:
    """Which version this is, and what a newer file does."""
    said = ngettext(
        "This is the only version, from “%(file)s”; a newer file makes another one.",
        "This is version %(edition)s of %(n)s, from “%(file)s”; a newer file makes "
        "another one, and the older ones stay.",
        many,
    )
    return said % {
        "n": number(many),
        "edition": edition,
        "file": short(file_name),
    }


def costs(
    cost: Mapping[str, Any] | None,
    worth: Mapping[str, Any] | None,
    money: Callable[[float | None], str],
) -> str:
    """Where most cost arises; else what open cases hold."""
    first = cost["activities"][0] if cost and cost["activities"] else None
    if first and first["share"]:
        return _(
            "“%(name)s” costs most: %(share)s of all cost, %(median)s by the median "
            "of an event."
        ) % {
            "name": short(first["activity"]),
            "share": part(first["share"]),
            "median": money(first["median"]),
        }
    if worth and worth["open_cases"]:
        return _("Open cases hold %(open)s of %(total)s in “%(name)s”.") % {
            "open": money(worth["open_total"]),
            "total": money(worth["total"]),
            "name": short(worth["name"]),
        }
    return ""
