"""Criteria of gate 3."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from diagnosis.gate_processes import (
    ProcessEvidence,
    assess_confirmed,
    assess_described,
    assess_measured,
    process_evidence,
    process_rows,
)
from diagnosis.maths.pareto import pareto
from diagnosis.models import (
    OUTSIDE,
    Cause,
    EventLog,
    Evidence,
    Factor,
    Problem,
    Step,
    Survey,
    SwotItem,
)
from diagnosis.models.survey_results import (
    counted_answers,
    needed_answers,
    with_rounds,
)
from programmes.gates import Common, common, conditions_closed, page
from programmes.gating import (
    Assessment,
    Kind,
    Link,
    Result,
    counted,
    criterion,
    evidence,
    marks,
)
from programmes.kit.together import together
from programmes.models import Document, ItAsset, Programme, ScopeItem
from programmes.phases import Phase
from programmes.reports import documents, newest_change, report_current

OPEN_STATES = (Problem.State.REPORTED, Problem.State.RATED)


@dataclass(frozen=True)
class Diagnosis:
    shared: Common
    factors: list[Factor]
    swot: list[SwotItem]
    survey: Survey | None
    problems: list[Problem]
    causes: list[Cause]
    proofs: list[Evidence]
    processes: ProcessEvidence
    report: Document | None
    changed_at: datetime | None

    @property
    def programme(self) -> Programme:
        return self.shared.programme

    def weighty(self, share: float) -> list[Problem]:
        """The problems that hold this share of the weight (their RPN)."""
        return weighty_of(self.problems, share)

    def weighty_causes(self, share: float) -> list[Cause]:
        keys = {one.pk for one in self.weighty(share)}
        return [one for one in self.causes if one.problem_id in keys]


def weighty_of(problems: list[Problem], share: float) -> list[Problem]:
    rows = {str(one.pk): one for one in problems}
    weights = {key: one.rpn or 0 for key, one in rows.items()}
    return [rows[key] for key in pareto(weights, 100 * share).vital_few]


@evidence(Phase.DIAGNOSIS)
def diagnosis(programme: Programme, now: datetime) -> Diagnosis:
    """Four queries."""
    problems = Problem.objects.of(programme).exclude(state=Problem.State.MERGED)
    proofs = Evidence.objects.of(programme).filter(cause__deleted_at=None)
    parts = process_rows(programme)
    rows: dict[str, Any] = together(
        programme,
        factors=Factor.objects.of(programme).order_by("pk"),
        swot=SwotItem.objects.of(programme).order_by("pk"),
        survey=customer_surveys(programme)[:1],
        problems=problems.order_by("pk"),
        causes=Cause.objects.of(programme).order_by("pk"),
        proofs=proofs.order_by("pk"),
        report=documents(programme, Document.Kind.DIAGNOSIS)[:1],
        **parts,
    )
    survey, report = rows.pop("survey"), rows.pop("report")
    return Diagnosis(
        shared=common(programme, Phase.DIAGNOSIS, now),
        survey=survey[0] if survey else None,
        report=report[0] if report else None,
        changed_at=newest_change(programme, Phase.DIAGNOSIS),
        processes=process_evidence(programme, **{key: rows.pop(key) for key in parts}),
        **rows,
    )


def customer_surveys(programme: Programme) -> Any:
    """Closed ones before others, and the newest of these, with their rounds."""
    surveys = Survey.objects.of(programme).filter(audience=Survey.Audience.CUSTOMERS)
    return with_rounds(surveys).order_by("state", "-pk")


@criterion(Phase.DIAGNOSIS, "G3.A0", _("Conditions of earlier gates are closed"))
def diagnosis_conditions(found: Diagnosis, limits: dict[str, Any]) -> Assessment:
    return conditions_closed(found.shared)


@criterion(
    Phase.DIAGNOSIS,
    "G3.A1",
    _("Each dimension of the environment and each SWOT field has a sourced entry"),
)
def environment_analysed(found: Diagnosis, limits: dict[str, Any]) -> Assessment:
    dimensions = {one.dimension for one in found.factors if one.source}
    fields = {one.field for one in found.swot if one.source}
    links = [
        Link(one.label, f"{page(found.programme, 'factors-new')}?dimension={one}")
        for one in OUTSIDE
        if one not in dimensions
    ] + [
        Link(one.label, f"{page(found.programme, 'swot-new')}?field={one}")
        for one in SwotItem.Field
        if one not in fields
    ]
    of = len(OUTSIDE) + len(SwotItem.Field)
    detail = _("%(done)s of %(of)s dimensions and fields have a sourced entry.") % {
        "done": of - len(links),
        "of": of,
    }
    return counted(
        of - len(links),
        of,
        detail,
        mark=marks([*found.factors, *found.swot]),
        links=tuple(links),
    )


@criterion(
    Phase.DIAGNOSIS,
    "G3.A2",
    _("A customer survey is closed, with answers enough for its margin at 95%"),
    limits={"margin": 10},
)
def customers_asked(found: Diagnosis, limits: dict[str, Any]) -> Assessment:
    survey = found.survey
    if survey is None:
        link = Link(_("New customer survey"), page(found.programme, "surveys-new"))
        return counted(0, 1, _("No customer survey yet."), mark="none", links=(link,))
    margin = limits["G3.A2"]["margin"]
    needed = needed_answers(survey.population, margin / 100)
    answers = counted_answers(survey)
    link = Link(str(survey), page(found.programme, "surveys-detail", survey.pk))
    detail = _("%(n)s answers of %(needed)s needed for ±%(margin)s; %(state)s.") % {
        "n": answers,
        "needed": needed,
        "margin": f"{margin:g}",
        "state": str(survey.get_state_display()).lower(),
    }
    done = min(answers, needed)
    if not survey.is_closed:
        done = min(done, needed - 1)
    return counted(done, needed, detail, mark=marks([survey]), links=(link,))


@criterion(
    Phase.DIAGNOSIS, "G3.A6", _("Each problem is rated and placed, none is untriaged")
)
def problems_triaged(found: Diagnosis, limits: dict[str, Any]) -> Assessment:
    left = [one for one in found.problems if one.state in OPEN_STATES]
    links = [
        Link(str(one), page(found.programme, "problems-edit", one.pk)) for one in left
    ]
    if not found.problems:
        links = [Link(_("Report the first"), page(found.programme, "problems-new"))]
    detail = ngettext(
        "%(n)s problem waits for its rating or place.",
        "%(n)s problems wait for their rating or place.",
        len(left),
    ) % {"n": len(left)}
    return counted(
        len(found.problems) - len(left),
        len(found.problems),
        detail,
        mark=marks(found.problems),
        links=tuple(links),
    )


@criterion(
    Phase.DIAGNOSIS,
    "G3.A7",
    _("The problems that hold most of the weight each have a cause"),
    limits={"share": 0.8},
)
def weighty_explained(found: Diagnosis, limits: dict[str, Any]) -> Assessment:
    explained = {one.problem_id for one in found.causes}
    weighty = found.weighty(limits["G3.A7"]["share"])
    left = [one for one in weighty if one.pk not in explained]
    links = tuple(
        Link(str(one), f"{page(found.programme, 'causes-new')}?problem={one.pk}")
        for one in left
    )
    if not weighty:
        links = (Link(_("Rate the problems"), page(found.programme, "problems-list")),)
    done, of = len(weighty) - len(left), len(weighty)
    detail = _("%(done)s of %(of)s weighty problems have a cause.") % {
        "done": done,
        "of": of,
    }
    return counted(done, of, detail, mark=marks(found.causes), links=links)


@criterion(
    Phase.DIAGNOSIS,
    "G3.A8",
    _("Each weighty problem's cause rests on evidence other than opinion"),
)
def causes_proven(found: Diagnosis, limits: dict[str, Any]) -> Assessment:
    proven = {one.cause_id for one in found.proofs if one.kind != Evidence.Kind.OPINION}
    chains = {one.pk: one.parent_id for one in found.causes}
    covered = set(proven)
    for key in proven:
        above = chains.get(key)
        while above is not None and above not in covered:
            covered.add(above)
            above = chains.get(above)
    causes = found.weighty_causes(limits["G3.A7"]["share"])
    left = [one for one in causes if one.pk not in covered]
    links = tuple(
        Link(str(one), f"{page(found.programme, 'evidence-new')}?cause={one.pk}")
        for one in left
    )
    if not causes:
        links = (Link(_("Causes"), page(found.programme, "causes-list")),)
    done, of = len(causes) - len(left), len(causes)
    detail = _("%(done)s of %(of)s causes rest on more than opinion.") % {
        "done": done,
        "of": of,
    }
    return counted(done, of, detail, mark=marks(found.proofs), links=links)


@criterion(Phase.DIAGNOSIS, "G3.A3", _("The processes in scope are described"))
def processes_described(found: Diagnosis, limits: dict[str, Any]) -> Assessment:
    return assess_described(found.processes)


@criterion(Phase.DIAGNOSIS, "G3.A4", _("Flows are sound and confirmed by the owners"))
def processes_confirmed(found: Diagnosis, limits: dict[str, Any]) -> Assessment:
    return assess_confirmed(found.processes)


@criterion(
    Phase.DIAGNOSIS,
    "G3.A5",
    _("Processes have a measured baseline"),
    limits={"least": 6},
)
def processes_measured(found: Diagnosis, limits: dict[str, Any]) -> Assessment:
    return assess_measured(found.processes, limits["G3.A5"]["least"])


@criterion(
    Phase.DIAGNOSIS,
    "G3.a1",
    _("The steps have a role and a time"),
    Kind.SHOULD,
    limits={"share": 0.9},
)
def steps_timed(found: Diagnosis, limits: dict[str, Any]) -> Assessment:
    """One query."""
    rows = Step.objects.of(found.programme).filter(
        process__deleted_at=None, kind=Step.Kind.TASK
    )
    steps = list(rows.order_by("pk"))
    good = [one for one in steps if one.role and one.work_minutes is not None]
    least = limits["G3.a1"]["share"]
    detail = _("%(good)s of %(all)s tasks have both; %(least)s%% are asked for.") % {
        "good": len(good),
        "all": len(steps),
        "least": round(100 * least),
    }
    holds = bool(steps) and len(good) >= least * len(steps)
    untimed = dict.fromkeys(one.process_id for one in steps if one not in good)
    links = (
        tuple(
            Link(_("Steps"), page(found.programme, "process-steps", one))
            for one in untimed
        )
        or assess_described(found.processes).links
    )
    return counted(int(holds), 1, detail, mark=marks(steps), links=links)


@criterion(
    Phase.DIAGNOSIS,
    "G3.a3",
    _("An event log is used where a system exists"),
    Kind.SHOULD,
)
def logs_used(found: Diagnosis, limits: dict[str, Any]) -> Assessment:
    """Two queries."""
    if not ItAsset.objects.of(found.programme).exists():
        nothing = _("No system is named in the IT assessment.")
        return Assessment(Result.NOT_APPLICABLE, 0, 0, "none", nothing)
    logs = EventLog.objects.of(found.programme).filter(state=EventLog.State.READY)
    rows = list(logs.order_by("pk"))
    link = Link(_("Event logs"), page(found.programme, "logs-list"))
    detail = _("Event logs that are ready: %(n)s.") % {"n": len(rows)}
    return counted(int(bool(rows)), 1, detail, mark=marks(rows), links=(link,))


@criterion(
    Phase.DIAGNOSIS, "G3.A9", _("The diagnosis report is issued after the last change")
)
def diagnosis_report_current(found: Diagnosis, limits: dict[str, Any]) -> Assessment:
    return report_current(
        found.programme, Document.Kind.DIAGNOSIS, found.report, found.changed_at
    )


@criterion(
    Phase.DIAGNOSIS,
    "G3.a2",
    _("Most units in scope are heard: problems of theirs are in the register"),
    Kind.SHOULD,
    limits={"share": 0.6},
)
def units_heard(found: Diagnosis, limits: dict[str, Any]) -> Assessment:
    """One query. A report counts also where it was merged into another."""
    told = Problem.objects.of(found.programme).filter(unit=OuterRef("unit"))
    rows = ScopeItem.objects.of(found.programme).filter(
        kind=ScopeItem.Kind.UNIT, is_in=True, unit__isnull=False
    )
    units = list(rows.annotate(is_heard=Exists(told)).order_by("pk"))
    if not units:
        nothing = _("No unit is in scope.")
        return Assessment(Result.NOT_APPLICABLE, 0, 0, "none", nothing)
    good = [one for one in units if one.is_heard]
    least = limits["G3.a2"]["share"]
    holds = len(good) >= least * len(units)
    new = page(found.programme, "problems-new")
    links = tuple(
        Link(str(one), f"{new}?unit={one.unit_id}") for one in units if one not in good
    )
    detail = _("%(good)s of %(all)s units are heard; %(least)s%% are asked for.") % {
        "good": len(good),
        "all": len(units),
        "least": round(100 * least),
    }
    return counted(int(holds), 1, detail, mark=marks(units), links=links)
