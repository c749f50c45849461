"""Where the rows of phases 1 and 2 stand that are not of a register."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from programmes.models import (
    ApiToken,
    Condition,
    Delegation,
    Document,
    ExceptionCase,
    Indicator,
    Job,
    Measurement,
    Membership,
    MethodPack,
    Notice,
    OrgUnit,
    Person,
    PlanMove,
    Waiver,
)
from tests.programmes.fill_kick_off import certificate_token, link_token, open_pulse
from tests.world import World


def gate_document(_parameter: str, world: World) -> int:
    rows = Document.objects.filter(programme=world.programme, kind="gate")
    return rows.values_list("pk", flat=True).get()


def row_of(model: Any, **scope: Any) -> Callable[[str, World], int]:
    """The key of the first row; scope: lookups whose values come from the world."""

    def found(_parameter: str, world: World) -> int:
        lookups = {path: read(world) for path, read in scope.items()}
        row = model.objects.filter(**lookups).order_by("pk").first()
        return row.pk if row else 0

    return found


def ours(world: World) -> Any:
    return world.programme


def enterprise(world: World) -> Any:
    return world.enterprise


def value_row(parameter: str, world: World) -> int:
    model = Measurement if parameter == "value" else Indicator
    path = "indicator__programme" if parameter == "value" else "programme"
    return row_of(model, **{path: ours})(parameter, world)


def pack_row(parameter: str, world: World) -> Any:
    """The draft; it has gates to be edited."""
    if parameter == "slug":
        return "panel"
    return row_of(MethodPack, enterprise=enterprise, version=lambda _w: 3)(
        parameter, world
    )


ROWS = {
    "staff-link": link_token,
    "staff-certificate": certificate_token,
    "staff-pulse": open_pulse,
    "staff-pulse-thanks": open_pulse,
    "told-read": row_of(Notice, programme=ours),
    "document": gate_document,
    "charter-save": lambda _parameter, _world: "objectives",
    "charter-step": lambda _parameter, _world: "objectives",
    **{
        f"pack{page}": pack_row
        for page in ("", "-take", "-draft", "-release", "-delete", "-edit", "-gate")
    },
    "pack-file": pack_row,
    "programme-pack-move": row_of(
        MethodPack, enterprise=enterprise, version=lambda _w: 2
    ),
    "document-pdf": row_of(Document, programme=ours),
    "delegation-end": row_of(Delegation, programme=ours),
    "gate-waiver-answer": row_of(Waiver, gate__programme=ours),
    "review-case": row_of(ExceptionCase, programme=ours),
    "gate-condition": row_of(Condition, review__gate__programme=ours),
    "job": row_of(Job, programme=ours),
    "job-again": row_of(Job, programme=ours),
    "job-cancel": row_of(Job, programme=ours),
    "person-activate": row_of(Person, enterprise=enterprise),
    "person-edit": row_of(Person, enterprise=enterprise),
    "person-invite": row_of(Person, enterprise=enterprise),
    "plan-undo": row_of(PlanMove, programme=ours),
    "team-revoke": row_of(Membership, programme=ours),
    "token-revoke": row_of(ApiToken, enterprise=enterprise),
    "unit-edit": row_of(OrgUnit, enterprise=enterprise),
    "indicators-value-remove": value_row,
}
