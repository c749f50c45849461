"""The rows of a step of the wizard: their forms, their drafts, and saving them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from programmes.access import MelioraRequest
from programmes.forms.charter import StartForm, attach
from programmes.forms.people import MembershipForm
from programmes.kit.errors import Refusal
from programmes.maths.calendars import Change
from programmes.models import Membership, PhasePlan
from programmes.services import material
from programmes.services import plan as plans
from programmes.services.programmes import grant_role
from programmes.services.records import save_record
from programmes.views.charter_steps import PLAN, TEAM, Section, Step
from programmes.views.reasons import ask_for

SESSION = "charter-drafts"
MOST_DRAFTS = 200
MOST_OPEN = 12
# Not of the record: kept as a draft, and saved with what it explains.
REASON = "change_reason"


# --- drafts -----------------------------------------------------------------------


def place(request: MelioraRequest, step: Step) -> str:
    return f"{request.programme.code}/{step.key}"


def drafts_of(request: MelioraRequest, step: Step) -> Mapping[str, str]:
    """What was typed on the step and could not be saved yet, by field."""
    found: Mapping[str, str] = request.session.get(SESSION, {}).get(
        place(request, step), {}
    )
    return found


def keep(request: MelioraRequest, step: Step, typed: Mapping[str, str | None]) -> None:
    """Remember what was typed; None forgets the field."""
    every = dict(request.session.get(SESSION, {}))
    here = {**every.get(place(request, step), {}), **typed}
    left = {name: value for name, value in here.items() if value is not None}
    every[place(request, step)] = dict(list(left.items())[-MOST_DRAFTS:])
    request.session[SESSION] = every


def forget(request: MelioraRequest, step: Step) -> None:
    every = dict(request.session.get(SESSION, {}))
    if every.pop(place(request, step), None) is not None:
        request.session[SESSION] = every


# --- rows -------------------------------------------------------------------------


@dataclass
class Block:
    """One section of a step: rows that are open as forms, the others, and a new one."""

    section: Section | None
    forms: list[Any] = field(default_factory=list)
    new: Any = None
    others: list[Any] = field(default_factory=list)

    def __iter__(self) -> Iterator[Any]:
        yield from self.forms
        if self.new is not None:
            yield self.new


@dataclass
class Rows:
    """All forms of a step."""

    blocks: list[Block]
    team: list[Membership] = field(default_factory=list)
    plan: list[PhasePlan] = field(default_factory=list)

    @property
    def every(self) -> list[Any]:
        return [form for block in self.blocks for form in block]

    @property
    def is_good(self) -> bool:
        """Every form that was filled in is right."""
        return all(not form.errors for form in self.every if not is_left_out(form))

    def form_with(self, name: str) -> Any:
        """The form that a field of the page belongs to, or None."""
        for form in self.every:
            prefix = f"{form.prefix}-"
            if name.startswith(prefix) and name.removeprefix(prefix) in form.fields:
                return form
        return None

    def save(self, request: MelioraRequest, now: datetime) -> list[str]:
        """Save what changed; returns what was refused, to be said on the page."""
        refused = []
        for form in self.every:
            if is_left_out(form) or not form.is_valid() or not has_edits(form):
                continue
            try:
                save_form(request, form, now)
            except material.ReasonNeeded as refusal:
                form.refuse(refusal)
            except Refusal as refusal:
                refused.append(str(refusal))
        return refused


def is_left_out(form: Any) -> bool:
    """A new row in which nothing was typed."""
    is_new: bool = form.prefix.endswith("-new")
    return form.is_bound and is_new and not form.has_changed()


def has_edits(form: Any) -> bool:
    """More was typed than a reason."""
    return bool(set(form.changed_data) - {REASON})


def rows_of_step(request: MelioraRequest, step: Step, data: Any = None) -> Rows:
    """The forms of the step, filled from the database, drafts and what was posted."""
    rows = Rows([block_of(request, step, one, data) for one in step.sections])
    drafts = drafts_of(request, step)
    if step.key == TEAM:
        form = MembershipForm(data, prefix="team-new", enterprise=request.enterprise)
        rows.blocks.append(Block(None, new=attach(form, drafts)))
        members = Membership.objects.filter(programme=request.programme)
        rows.team = list(
            members.select_related("person", "unit").order_by("role", "person__name")
        )
    if step.key == PLAN:
        rows.plan = list(PhasePlan.objects.of(request.programme).order_by("phase"))
        begin = {"starts_on": rows.plan[0].starts_on}
        approvals = material.decisions_on_any(rows.plan)
        gates = [str(one.gate) for one in approvals]
        start = StartForm(data, prefix="start", initial=begin, gates=gates)
        rows.blocks.append(Block(None, [attach(start, drafts)]))
    return rows


def block_of(request: MelioraRequest, step: Step, section: Section, data: Any) -> Block:
    rows = section.model.objects.visible_to(request.user).of(request.programme)
    found = list(rows.order_by("pk"))
    if not section.many:
        record = found[0] if found else section.model(programme=request.programme)
        return Block(
            section, [form_of(request, step, section, record, data, alone=True)]
        )
    asked = open_rows(request, step, section)
    fresh = section.model(programme=request.programme)
    return Block(
        section,
        [
            form_of(request, step, section, one, data)
            for one in found
            if one.pk in asked
        ],
        form_of(request, step, section, fresh, data),
        [one for one in found if one.pk not in asked],
    )


def open_rows(request: MelioraRequest, step: Step, section: Section) -> set[int]:
    """The rows that are open: asked for, posted or with a draft, up to a few."""
    names = [
        f"{request.GET.get('row', '')}-",
        request.GET.get("field", ""),
        *request.POST,
        *drafts_of(request, step),
    ]
    start = re.compile(rf"{re.escape(section.slug)}-(\d{{1,9}})-")
    found = [int(match[1]) for name in names if (match := start.match(name))]
    return set(list(dict.fromkeys(found))[:MOST_OPEN])


def form_of(
    request: MelioraRequest,
    step: Step,
    section: Section,
    record: Any,
    data: Any,
    *,
    alone: bool = False,
) -> Any:
    form = section.form(
        data,
        instance=record,
        prefix=f"{section.slug}-{'one' if alone else record.pk or 'new'}",
        programme=request.programme,
        user=request.user,
    )
    form.is_alone = alone  # type: ignore[attr-defined]
    ask_for(form, record)
    return attach(form, drafts_of(request, step))


def save_form(request: MelioraRequest, form: Any, now: datetime) -> None:
    """Save one row by the service of its kind."""
    if isinstance(form, MembershipForm):
        programme = request.programme
        grant_role(by=request.user, programme=programme, now=now, **form.cleaned_data)
    elif isinstance(form, StartForm):
        propose(request, form, now)
    else:
        save_record(
            by=request.user,
            record=form.instance,
            now=now,
            version=version_for(request, form),
            **form.reason,
        )


def version_for(request: MelioraRequest, form: Any) -> int | None:
    """The version that was seen, unless only this person has saved since.

    The field that was left last is on its way by itself while the step is sent.
    """
    seen: int | None = form.seen_version
    if seen is None:
        return None
    later = form.instance.history.filter(version__gt=seen)
    return seen if later.exclude(history_user=request.user).exists() else None


def propose(request: MelioraRequest, form: StartForm, now: datetime) -> None:
    """Date the phases from a first day on, where they have no dates yet."""
    begin = form.cleaned_data["starts_on"]
    rows = list(PhasePlan.objects.of(request.programme).order_by("phase"))
    if begin is None:
        return
    known = plans.working_days(plans.calendar_of(request.programme), rows)
    if any(one.ends_on for one in rows):
        wanted = {rows[0].phase: Change(starts=begin)}
    else:
        wanted = plans.proposal(rows, begin, known)
    plans.move_plan(
        by=request.user,
        programme=request.programme,
        wanted=wanted,
        now=now,
        reason=form.reason,
    )
