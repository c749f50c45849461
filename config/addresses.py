"""Every address of the URLconf, and a row of the data for its parameters.

The picture command and the page tests walk the same list, so no page is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from diagnosis.models import EventLog, Process, Question, Survey
from evaluation.models import IndicatorStatus, Signal
from programmes.models import (
    ApiToken,
    Condition,
    Document,
    ExceptionCase,
    Job,
    OrgUnit,
    Person,
    PlanMove,
    Programme,
)
from programmes.views.register import REGISTERS

# Pages of libraries, and files: nothing to look at.
LEFT_OUT = ("admin:", "account_", "socialaccount_")
FILES = ("-export", "-pdf", "api-", "healthz", "readyz")

# Rows for addresses that are not of a register: name of the address -> key.
Example = Callable[[Programme], Any]
EXAMPLES: dict[str, Example] = {}


def example(*names: str) -> Callable[[Example], Example]:
    """Register where a row for these addresses comes from."""

    def register(find: Example) -> Example:
        for name in names:
            EXAMPLES[name] = find
        return find

    return register


@example("person-edit", "person-invite", "person-activate")
def person(programme: Programme) -> Any:
    return first(Person.objects.filter(enterprise=programme.enterprise_id))


@example("unit-edit")
def unit(programme: Programme) -> Any:
    return first(OrgUnit.objects.filter(enterprise=programme.enterprise_id))


@example("token-revoke")
def token(programme: Programme) -> Any:
    return first(ApiToken.objects.filter(enterprise=programme.enterprise_id))


@example("team-revoke")
def membership(programme: Programme) -> Any:
    return first(programme.memberships.all())


@example("charter-step", "charter-save")
def charter_step(programme: Programme) -> Any:
    return "objectives"


@example("plan-undo")
def plan_move(programme: Programme) -> Any:
    return first(PlanMove.objects.of(programme))


@example("job", "job-cancel", "job-again")
def job(programme: Programme) -> Any:
    return first(Job.objects.filter(programme=programme))


@example("document", "document-pdf")
def document(programme: Programme) -> Any:
    return first(Document.objects.filter(programme=programme))


@example("survey-question-new", "survey-question-edit", "survey-turn", "survey-import")
def survey(programme: Programme) -> Any:
    return first(Survey.objects.of(programme))


@example("survey-results")
def closed_survey(programme: Programme) -> Any:
    return first(Survey.objects.of(programme).filter(state=Survey.State.CLOSED))


@example("survey-answer", "survey-thanks")
def link(programme: Programme) -> Any:
    found = Survey.objects.of(programme).exclude(state=Survey.State.DRAFT)
    return found.order_by("-state", "pk").values_list("token", flat=True).first()


def question(programme: Programme) -> Any:
    survey_of = {"survey": survey(programme), "survey__programme": programme}
    return first(Question.objects.filter(deleted_at=None, **survey_of))


@example("log-columns", "log-import", "log-closing")
def log(programme: Programme) -> Any:
    return first(EventLog.objects.of(programme))


@example("log-conformance", "log-mapping", "log-step-times", "log-problem", "log-feed")
def ready_log(programme: Programme) -> Any:
    return first(EventLog.objects.of(programme).filter(state=EventLog.State.READY))


@example("process-sipoc", "process-ipo", "process-steps", "process-confirm")
def process(programme: Programme) -> Any:
    return first(Process.objects.of(programme))


@example("monitor-one")
def watched(programme: Programme) -> Any:
    found = IndicatorStatus.objects.filter(
        programme=programme, indicator__deleted_at=None
    )
    return found.values_list("indicator", flat=True).order_by("-points").first()


@example("signal-action", "signal-close")
def signal(programme: Programme) -> Any:
    return first(Signal.objects.of(programme).still_open())


@example("review-case")
def exception_case(programme: Programme) -> Any:
    return first(ExceptionCase.objects.of(programme))


@example("gate-condition")
def condition(programme: Programme) -> Any:
    return first(Condition.objects.filter(review__gate__programme=programme))


def first(rows: Any) -> Any:
    return rows.order_by("pk").values_list("pk", flat=True).first()


def patterns(
    resolver: URLResolver | None = None, prefix: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """(name, pattern) of every address, namespaces included."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            inside = f"{prefix}{one.namespace}:" if one.namespace else prefix
            yield from patterns(one, inside)
        else:
            yield f"{prefix}{one.name}", one


def own_addresses() -> dict[str, list[str]]:
    """Name -> parameters of every address of ours."""
    return {
        name: list(found.pattern.converters)
        for name, found in patterns()
        if not name.startswith(LEFT_OUT)
    }


def row_of(name: str, programme: Programme) -> Any:
    """The key of a row for this address, or None when the programme has none."""
    if name in EXAMPLES:
        return EXAMPLES[name](programme)
    slug = name.rsplit("-", 1)[0]
    for register in REGISTERS:
        if register.slug == slug:
            manager: Any = register.model._default_manager
            return first(manager.of(programme))
    return None


def path_in(name: str, parameters: list[str], programme: Programme) -> str | None:
    """The address filled for a programme; None where it has no such row."""
    values: dict[str, Any] = {}
    for one in parameters:
        if one == "code":
            values[one] = programme.code
        elif one == "number":
            values[one] = programme.phase
        elif one == "key":
            values[one] = "finance.npv"
        elif one == "question":
            values[one] = question(programme)
        else:
            values[one] = row_of(name, programme)
        if values[one] is None:
            return None
    try:
        return reverse(name, kwargs=values)
    except NoReverseMatch:
        return None


def pages_of(programmes: list[Programme]) -> list[tuple[str, str]]:
    """(name, path) of every page, in the first programme that has rows for it."""
    found = []
    for name, parameters in sorted(own_addresses().items()):
        if name.endswith(FILES) or name.startswith(FILES):
            continue
        paths = (path_in(name, parameters, one) for one in programmes)
        path = next((one for one in paths if one), None)
        if path:
            found.append((name, path))
    return found
