"""The pack of a gate: what the decision rests on, frozen at submission.

A pack holds codes, versions, material values and keys of people, never names, counts
or ages; its canonical JSON is hashed (`programmes.kit.canonical`). Two packs can be
compared: a later round shows only what changed.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Sum

from programmes.gating import Verdict
from programmes.method_packs import GateRules
from programmes.models import Gate, PhasePlan, Programme, Record, Tranche, Waiver
from programmes.phases import Phase

FORM = 1


def evidence_models(phases: tuple[Phase, ...]) -> list[type[Record]]:
    """The kinds of record that the gates of these phases rest on."""
    found = [
        one
        for one in apps.get_models()
        if issubclass(one, Record) and set(one.evidence_of) & set(phases)
    ]
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


def freeze_evidence(programme: Programme, phases: tuple[Phase, ...]) -> list[Any]:
    """Every record the gate rests on, with its version and material values."""
    rows = []
    for model in evidence_models(phases):
        manager: Any = model._default_manager
        for record in manager.of(programme).order_by("pk"):
            rows.append(
                {
                    "type": model._meta.label_lower,
                    "id": record.pk,
                    "version": record.version,
                    "label": str(record) if model.is_named else "",
                    "fields": material_values(record),
                }
            )
    return rows


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
        "gate": int(gate.phase),
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
        "next": next_phase(programme, gate.phase),
        "money": money(programme, gate.phases),
        "evidence": freeze_evidence(programme, gate.phases),
    }


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
