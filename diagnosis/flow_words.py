"""A flow in the reader's language: how it goes, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diagnosis.bpmn.flow import Fault, FlowProblem, FlowStep
from diagnosis.models import Step
from programmes.kit.errors import Text

FAULTS: dict[Fault, Text] = {
    "key_twice": gettext_lazy("The key %(step)s is used %(count)s times."),
    "not_one_start": gettext_lazy("A flow has one start; this one has %(count)s."),
    "no_end": gettext_lazy("The flow has no end."),
    "no_target": gettext_lazy(
        "“%(step)s” goes on to %(target)s, which does not exist."
    ),
    "no_role": gettext_lazy("“%(step)s” has no role."),
    "no_name": gettext_lazy("Step %(step)s has no name."),
    "end_goes_on": gettext_lazy("“%(step)s” is an end and yet goes on."),
    "leads_nowhere": gettext_lazy("“%(step)s” leads nowhere and is no end."),
    "one_way_out": gettext_lazy("“%(step)s” is a decision with one way out only."),
    "many_ways_out": gettext_lazy(
        "“%(step)s” has several ways out and is no decision."
    ),
    "not_reached": gettext_lazy("No way leads to “%(step)s”."),
    "no_end_reached": gettext_lazy("From “%(step)s” no end is reached."),
}


def problem_said(problem: FlowProblem) -> str:
    """What is wrong, as a sentence."""
    words = {
        "step": problem.step,
        "target": problem.target,
        "count": problem.count,
    }
    return str(FAULTS[problem.code]) % words


def flow_said(flow: Sequence[FlowStep]) -> list[str]:
    """The flow step by step, one sentence each."""
    names = {one.key: one.name for one in flow}
    kinds: dict[str, Any] = dict(Step.Kind.choices)
    told = []
    for place, one in enumerate(flow, start=1):
        sentence = _("%(number)s/%(all)s, %(role)s, %(kind)s: %(name)s.") % {
            "number": place,
            "all": len(flow),
            "role": one.role or _("no role"),
            "kind": kinds[one.kind],
            "name": one.name,
        }
        onward = "; ".join(
            f"{label}: {names.get(key, key)}" if label else names.get(key, key)
            for key, label in one.next
        )
        if onward:
            sentence += " " + _("Then: %(steps)s.") % {"steps": onward}
        told.append(sentence)
    return told
