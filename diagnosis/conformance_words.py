"""How a log departs from its process, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diagnosis.bpmn.successions import reaches
from diagnosis.foreseen import Foreseen
from diagnosis.mining.spelling import LONGEST, spell
from diagnosis.models import Step
from programmes.kit.formats import number


def deviation_said(one: Mapping[str, Any], found: Foreseen) -> str:
    """ "After “Ship” 312 cases went straight to “Invoice”, skipping …" """
    source, target, cases = one["source"], one["target"], one["cases"]
    words = {"source": source, "target": target, "n": number(cases)}
    if source is None and target is None:
        return (
            ngettext(
                "%(n)s case has no step at all.",
                "%(n)s cases have no step at all.",
                cases,
            )
            % words
        )
    if source is None:
        return begun(found, target, cases) % words
    if target is None:
        return (
            ngettext(
                "%(n)s case ends after “%(source)s”, where the process goes on.",
                "%(n)s cases end after “%(source)s”, where the process goes on.",
                cases,
            )
            % words
        )
    return moved(found, source, target, cases) % words


def begun(found: Foreseen, target: str, cases: int) -> str:
    if target not in found.model.steps:
        return ngettext(
            "%(n)s case begins with “%(target)s”, which the process does not know.",
            "%(n)s cases begin with “%(target)s”, which the process does not know.",
            cases,
        )
    return ngettext(
        "%(n)s case begins with “%(target)s”, which the process does not foresee.",
        "%(n)s cases begin with “%(target)s”, which the process does not foresee.",
        cases,
    )


def moved(found: Foreseen, source: str, target: str, cases: int) -> str:
    """The sentence by how the two steps stand to one another."""
    steps = found.model.steps
    if source == target and found.left_out:
        return ngettext(
            "“%(source)s” was done again in %(n)s case.",
            "“%(source)s” was done again in %(n)s cases.",
            cases,
        )
    if source == target:
        return ngettext(
            "“%(source)s” was done again at once in %(n)s case.",
            "“%(source)s” was done again at once in %(n)s cases.",
            cases,
        )
    if target not in steps:
        return ngettext(
            "After “%(source)s” %(n)s case had “%(target)s”, which the process does "
            "not know.",
            "After “%(source)s” %(n)s cases had “%(target)s”, which the process does "
            "not know.",
            cases,
        )
    if source not in steps:
        return ngettext(
            "%(n)s case went on to “%(target)s” from “%(source)s”, which the process "
            "does not know.",
            "%(n)s cases went on to “%(target)s” from “%(source)s”, which the process "
            "does not know.",
            cases,
        )
    if reaches(found.follows, steps[source], steps[target]):
        return ngettext(
            "After “%(source)s” %(n)s case went straight to “%(target)s”, which the "
            "process does not foresee.",
            "After “%(source)s” %(n)s cases went straight to “%(target)s”, which the "
            "process does not foresee.",
            cases,
        )
    return ngettext(
        "After “%(source)s” %(n)s case went back to “%(target)s”, which the process "
        "does not foresee.",
        "After “%(source)s” %(n)s cases went back to “%(target)s”, which the process "
        "does not foresee.",
        cases,
    )


def skipped(one: Mapping[str, Any], found: Foreseen) -> str:
    """The name of the step that was passed over, where exactly one lies between."""
    steps = found.model.steps
    source, target = (steps.get(one[end]) for end in ("source", "target"))
    if (one["source"] and source is None) or (one["target"] and target is None):
        return ""
    between = [
        step.name
        for step in found.steps
        if step.key in found.follows.get(source, ())
        and target in found.follows.get(step.key, ())
        and step.key not in (source, target)
    ]
    return between[0] if len(between) == 1 else ""


def filter_of(one: Mapping[str, Any], left_out: Sequence[str]) -> str:
    """The filter that leaves the cases with this deviation; empty: it is too long."""
    source, target = one["source"], one["target"]
    if source is None and target is None:
        return ""
    if left_out:
        text = spell("move", source, target, sorted(left_out))
        return text if len(text) <= LONGEST else ""
    if source is None or target is None:
        return spell("ends", target, source)
    return spell("follows", source, target, True)


def replay_note(found: Foreseen) -> str:
    """Why tokens cannot be replayed; empty where they can."""
    if found.clash is None:
        return ""
    names = {step.key: step.name for step in found.steps}
    first, second = (
        _("the start") if key is None else f"“{names[key]}”"
        for key in (found.clash.first, found.clash.second)
    )
    return _(
        "Tokens cannot be replayed: some of what may follow %(first)s may also follow "
        "%(second)s, but not all, and a net would need a silent step to say so."
    ) % {"first": first, "second": second}


def never_happened(
    steps: Sequence[Step], told: Mapping[str, Any], found: Foreseen
) -> list[Step]:
    """The steps that should leave a trace and do not, in any of the cases."""
    return [
        one
        for one in steps
        if one.key not in found.silent and not told["step_cases"].get(one.key)
    ]
