"""The pack of a gate: what the decision rests on, frozen at submission.

A pack holds codes, versions, material values and keys of people, never names, counts
or ages; its canonical JSON is hashed (`programmes.kit.canonical`). Two packs can be
compared: a later round shows only what changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Sum
from django.utils.translation import gettext as _

from programmes.gating import Verdict, criteria
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
        value = getattr(record, field.attname)
        found[name] = "" if value is None else field.value_to_string(record)
    return found


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


@dataclass(frozen=True)
class Change:
    """One difference between two packs, for people."""

    what: str
    field: str
    before: str
    after: str
    tone: str = "changed"


def compare(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """What changed from one pack to the other: criteria first, then evidence."""
    return [*criteria_changes(before, after), *evidence_changes(before, after)]


def criteria_changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    titles = {
        one.code: str(one.title)
        for phase in after.get("phases", ())
        for one in criteria(Phase(phase))
    }
    old = {one["code"]: one["result"] for one in before.get("criteria", ())}
    found = []
    for one in after.get("criteria", ()):
        was = old.get(one["code"], "")
        if was != one["result"]:
            title = titles.get(one["code"], one["code"])
            found.append(
                Change(title, "", result_word(was), result_word(one["result"]))
            )
    return found


def result_word(result: str) -> str:
    words = {
        "pass": _("met"),
        "fail": _("not met"),
        "not_applicable": _("not applicable"),
    }
    return words.get(result, "")


def evidence_changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    old = {(one["type"], one["id"]): one for one in before.get("evidence", ())}
    new = {(one["type"], one["id"]): one for one in after.get("evidence", ())}
    found = []
    for key, one in new.items():
        if key not in old:
            found.append(Change(named(one), "", "", _("new"), "added"))
            continue
        for name, value in one["fields"].items():
            was = old[key]["fields"].get(name, "")
            if was != value:
                found.append(Change(named(one), field_label(key[0], name), was, value))
    gone = [one for key, one in old.items() if key not in new]
    found += [Change(named(one), "", _("there"), _("deleted"), "gone") for one in gone]
    return found


def named(row: dict[str, Any]) -> str:
    """“Noun: what somebody typed” of a frozen record."""
    try:
        noun = str(apps.get_model(row["type"])._meta.verbose_name)
    except LookupError:
        noun = row["type"]
    return f"{noun}: {row['label']}" if row["label"] else noun


def field_label(kind: str, name: str) -> str:
    if not name:
        return ""
    try:
        field: Any = apps.get_model(kind)._meta.get_field(name)
    except LookupError:
        return name
    return str(getattr(field, "verbose_name", name))
