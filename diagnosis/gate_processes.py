"""What gate 3 looks at in the processes, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from diagnosis.models import Process
from diagnosis.models.processes import IPO_CELLS
from programmes.gating import Assessment, Link, counted, marks
from programmes.models import Indicator, Programme, ScopeItem


@dataclass(frozen=True)
class ProcessEvidence:
    """Processes in scope, their descriptions by scope item, and their indicators."""

    programme: Programme
    scope: list[ScopeItem]
    described: dict[int, Any]
    indicators: list[Any]

    def links(self, items: list[ScopeItem]) -> tuple[Link, ...]:
        """To the description of each, or to the list where it can be begun."""
        code = self.programme.code
        begin = reverse("processes-list", args=[code])
        return tuple(
            Link(
                one.name,
                reverse("processes-detail", args=[code, self.described[one.pk].pk])
                if one.pk in self.described
                else begin,
            )
            for one in items
        )

    def judged(
        self,
        missing: list[ScopeItem],
        detail: Any,
        mark: str,
        links: tuple[Link, ...] = (),
    ) -> Assessment:
        """All processes in scope but the missing ones are done."""
        done = len(self.scope) - len(missing)
        links = links or self.links(missing)
        if not self.scope:
            links = (
                Link(_("Scope"), reverse("scope-list", args=[self.programme.code])),
            )
        return counted(done, len(self.scope), detail, mark=mark, links=links)

    @property
    def descriptions(self) -> list[Any]:
        held = (self.described.get(one.pk) for one in self.scope)
        return [one for one in held if one]


def process_rows(programme: Programme) -> dict[str, Any]:
    """The queries of what is looked at, by name."""
    scope = ScopeItem.objects.of(programme).filter(
        kind=ScopeItem.Kind.PROCESS, is_in=True
    )
    indicators = (
        Indicator.objects.of(programme)
        .exclude(process=None)
        .annotate(points=Count("measurements"))
    )
    return {
        "scope": scope.order_by("name", "pk"),
        "described": Process.objects.of(programme).with_counts(),
        "indicators": indicators,
    }


def process_evidence(
    programme: Programme, scope: list[Any], described: list[Any], indicators: list[Any]
) -> ProcessEvidence:
    """From the rows of `process_rows`."""
    by_item = {one.scope_item_id: one for one in described}
    return ProcessEvidence(programme, scope, by_item, indicators)


def is_described(item: ScopeItem, found: Any) -> bool:
    """Owner, trigger, input, a step, output, customer, and the grid of nine cells."""
    return bool(
        found
        and item.owner_id
        and found.trigger.strip()
        and found.input_count
        and found.step_count
        and found.output_count
        and (found.customer.strip() or found.customer_count)
        and found.cell_count >= IPO_CELLS
    )


def assess_described(found: ProcessEvidence) -> Assessment:
    missing = [
        one for one in found.scope if not is_described(one, found.described.get(one.pk))
    ]
    detail = _(
        "Each process in scope has owner, trigger, input, steps, output and customer, "
        "and its input-processing-output grid is filled or marked not applicable."
    )
    mark = marks([*found.scope, *found.descriptions])
    return found.judged(missing, detail, mark)


def assess_confirmed(found: ProcessEvidence) -> Assessment:
    def is_open(item: ScopeItem) -> bool:
        process = found.described.get(item.pk)
        return not (process and process.map_is_valid and process.is_confirmed)

    missing = [one for one in found.scope if is_open(one)]
    detail = _(
        "The flow of each process is sound and its owner confirmed it as it stands."
    )
    return found.judged(missing, detail, marks(found.descriptions))


def assess_measured(found: ProcessEvidence, least: float) -> Assessment:
    good = [one for one in found.indicators if one.is_frozen and one.points >= least]
    measured = {one.process_id for one in good}
    missing = [one for one in found.scope if one.pk not in measured]
    detail = _(
        "Each process in scope has an indicator with a frozen contract and at least "
        "%(least)s baseline values."
    ) % {"least": f"{least:g}"}
    url = reverse("indicators-list", args=[found.programme.code])
    links = tuple(Link(one.name, url) for one in missing)
    return found.judged(missing, detail, marks(good), links)
