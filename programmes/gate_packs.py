"""The pack of a gate: what the decision rests on, frozen at submission.

A pack holds codes, versions, material values and keys of people, never names, counts
or ages; its canonical JSON is hashed (`programmes.kit.canonical`). Two packs can be
compared: a later round shows only what changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Sum

from programmes.forecast import compare, foreseen_cost
from programmes.gating import Verdict
from programmes.lifecycle import GateKind
from programmes.method_packs import GateRules
from programmes.models import (
    BudgetLine,
    Gate,
    PhasePlan,
    Programme,
    Record,
    Tranche,
    Waiver,
)
from programmes.phases import Phase

FORM = 1


def evidence_models(phases: tuple[Phase, ...]) -> list[type[Record]]:
    """The kinds of record that the gates of these phases rest on."""
    return records_where(lambda one: bool(set(one.evidence_of) & set(phases)))


def plan_models() -> list[type[Record]]:
    """What forecasts are compared with."""
    return records_where(lambda one: one.is_plan)


def records_where(holds: Callable[[type[Record]], bool]) -> list[type[Record]]:
    found = [one for one in apps.get_models() if issubclass(one, Record) and holds(one)]
    return sorted(found, key=lambda one: one._meta.label_lower)


def material_values(record: Record) -> dict[str, str]:
    """The material fields as text, the same for equal values."""
    found = {}
    for name in sorted(record.material):
        field: Any = record._meta.get_field(name)
        found[name] = plain(field.to_python(getattr(record, field.attname)))
    return found


def plain(value: Any) -> str:
    """One text for equal values: 5, 5.0 and 5.00 are one."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else str(value)


# What a gate outside the sequence rests on, by its kind; later apps add theirs.
OUTSIDE: dict[GateKind, Callable[[Gate], Iterable[Record]]] = {}


def records_of(gate: Gate) -> Iterator[Record]:
    """Every record the gate rests on."""
    if not gate.is_of_phase:
        yield from OUTSIDE[GateKind(gate.kind)](gate)
        return
    for model in evidence_models(gate.phases):
        yield from rows_of(model, gate.programme)


def rows_of(model: type[Record], programme: Programme) -> Iterable[Record]:
    manager: Any = model._default_manager
    rows: Iterable[Record] = manager.of(programme).order_by("pk")
    return rows


def exception_records(gate: Gate) -> Iterator[Record]:
    """The case, and the plan as it would be from now on."""
    yield gate.case
    for model in plan_models():
        yield from rows_of(model, gate.programme)


OUTSIDE[GateKind.EXCEPTION] = exception_records


def frozen(record: Record) -> dict[str, Any]:
    """A record with its version and material values."""
    return {
        "type": record._meta.label_lower,
        "id": record.pk,
        "version": record.version,
        "label": str(record) if record.is_named else "",
        "fields": material_values(record),
    }


def freeze(
    *,
    gate: Gate,
    number: int,
    verdict: Verdict,
    rules: GateRules,
    ask: str,
    due_on: date,
    panel: list[dict[str, Any]],
    waivers: list[Waiver],
) -> dict[str, Any]:
    """The pack of one round."""
    programme = gate.programme
    return {
        "form": FORM,
        "programme": {
            "id": programme.pk,
            "code": programme.code,
            "name": programme.name,
        },
        **place_of(gate),
        "phases": [int(one) for one in gate.phases],
        "round": number,
        "ask": ask,
        "due_on": due_on.isoformat(),
        "rule": str(rules.rule),
        "veto": sorted(rules.veto),
        "hurdle": rules.hurdle,
        "judged": [
            {"key": one.key, "title": one.title, "weight": one.weight}
            for one in rules.judged
        ],
        "panel": panel,
        "criteria": verdict.frozen(),
        "waivers": [
            {"code": one.code, "reason": one.reason, "granted_by": one.answered_by_id}
            for one in waivers
        ],
        **opened_by(gate),
        "evidence": [frozen(one) for one in records_of(gate)],
    }


def opened_by(gate: Gate) -> dict[str, Any]:
    """What an approval opens: the next phase and its money, or the cost from now on."""
    if gate.kind == GateKind.EXCEPTION:
        found = compare(gate.programme)
        return {
            "cost": str(foreseen_cost(list(BudgetLine.objects.of(gate.programme)))),
            "figures": [one.frozen() for one in found.figures] if found else [],
        }
    if not gate.is_of_phase:
        return {}
    return {
        "next": next_phase(gate.programme, gate.phase),
        "money": money(gate.programme, gate.phases),
    }


def place_of(gate: Gate) -> dict[str, Any]:
    """Where the gate stands, for packs and for the ledger."""
    place: dict[str, Any] = {"gate": int(gate.phase)}
    if not gate.is_of_phase:
        place |= {"what": str(gate.kind), "number": gate.number}
    return place


def next_phase(programme: Programme, phase: int) -> dict[str, Any]:
    """Dates of the phase that the decision opens."""
    rows = PhasePlan.objects.of(programme).filter(phase=phase + 1)
    found = rows.values("phase", "starts_on", "ends_on", "gate_on").first() or {}
    return {key: str(value) for key, value in found.items() if value is not None}


def money(programme: Programme, phases: tuple[Phase, ...]) -> dict[str, str]:
    """What the decision releases."""
    amount = released(programme, phases)
    if amount is None:
        return {}
    return {"tranche": str(amount), "currency": programme.currency}


def released(programme: Programme, phases: tuple[Phase, ...]) -> Decimal | None:
    """The tranches of the phases that a gate closes; None: it has none."""
    rows = Tranche.objects.of(programme).filter(gate__in=phases)
    found: Decimal | None = rows.aggregate(whole=Sum("amount"))["whole"]
    return found
