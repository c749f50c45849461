"""The pulse: opened, answered by nobody one could name, closed, and then read."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from programmes.kit.errors import Refusal
from programmes.maths.change import ELEMENTS, Readiness, adkar, shown
from programmes.models import Account, OrgUnit, Pulse, PulseAnswer
from programmes.models.pulses import FEWEST
from programmes.permissions import require
from programmes.services.records import Invalid, save_record


class PulseClosed(Refusal):
    """The pulse takes no answers, or is not to be changed any more."""

    code = "pulse-closed"


@dataclass(frozen=True)
class Group:
    """Mean scores of a group; nothing but its name where too few answered."""

    name: str
    n: int = 0
    means: Mapping[str, float] | None = None
    readiness: Readiness | None = None

    @property
    def is_shown(self) -> bool:
        return self.means is not None


@dataclass(frozen=True)
class PulseResult:
    """What a pulse found: all together, by unit and by kind of role."""

    population: int
    n: int
    overall: Group
    units: tuple[Group, ...]
    groups: tuple[Group, ...]

    @property
    def response(self) -> float:
        return min(self.n / self.population, 1) if self.population else 0


def turn_pulse(*, by: Account, pulse: Pulse, now: datetime) -> Pulse:
    """Open a pulse, or close the open one for good.

    :raises NotAllowed, UnderReview: as for save_record.
    :raises PulseClosed: it was closed before.
    """
    require(by, pulse.act, pulse.programme, pulse)
    if pulse.closed_at is not None:
        raise PulseClosed(_("A closed pulse stays closed; take a new one."))
    if pulse.opened_at is None:
        pulse.opened_at = now
    else:
        pulse.closed_at = now
    return save_record(by=by, record=pulse, now=now)


def answer_pulse(
    *,
    pulse: Pulse,
    nonce: uuid.UUID,
    unit: OrgUnit | None,
    group: str,
    scores: Mapping[str, int],
    now: datetime,
) -> None:
    """Keep one answer. Sent twice from one form, it is kept once.

    :raises PulseClosed: it takes no answers now.
    :raises Invalid: a score or a choice is missing.
    """
    if not pulse.takes_answers(now.date()):
        raise PulseClosed(_("This pulse takes no answers now."))
    wrong = [one for one in ELEMENTS if scores.get(one) not in range(1, 6)]
    if wrong or group not in PulseAnswer.Group.values:
        raise Invalid(_("Please answer every question."))
    try:
        with transaction.atomic():
            PulseAnswer.objects.create(
                id=nonce, pulse=pulse, unit=unit, group=group, **scores
            )
    except IntegrityError:
        return


def result_of(pulse: Pulse, answers: Sequence[PulseAnswer]) -> PulseResult | None:
    """What a closed pulse found; nothing while it is open or below five answers."""
    if pulse.closed_at is None or len(answers) < FEWEST:
        return None
    labels: dict[str, Any] = dict(PulseAnswer.Group.choices)
    return PulseResult(
        population=pulse.population,
        n=len(answers),
        overall=group_of(_("All together"), answers),
        units=cut(answers, lambda one: str(one.unit or _("No unit"))),
        groups=cut(answers, lambda one: str(labels[one.group])),
    )


def cut(
    answers: Iterable[PulseAnswer], name: Callable[[PulseAnswer], str]
) -> tuple[Group, ...]:
    """The answers by group; groups in which somebody could be seen keep silent."""
    found: dict[str, list[PulseAnswer]] = {}
    for one in answers:
        found.setdefault(name(one), []).append(one)
    open_ = shown({key: len(rows) for key, rows in found.items()}, FEWEST)
    return tuple(
        group_of(key, rows) if key in open_ else Group(key)
        for key, rows in sorted(found.items())
    )


def group_of(name: str, answers: Sequence[PulseAnswer]) -> Group:
    means = {
        one: sum(getattr(row, one) for row in answers) / len(answers)
        for one in ELEMENTS
    }
    return Group(name, len(answers), means, adkar(means))


def answers_of(pulse: Pulse) -> list[PulseAnswer]:
    """Every answer with its unit, in an order that says nothing; one query."""
    return list(pulse.answers.select_related("unit").order_by("pk"))
