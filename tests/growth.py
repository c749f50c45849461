"""Ten times the rows: every row of a programme copied, whatever its model is."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

from programmes.models import Person, Programme
from programmes.services import programmes
from tests.rows import APPS
from tests.world import NOW, World

# Rows that stand once for a programme, or belong to the enterprise.
ALONE = {"Account", "Enterprise", "EnterpriseRole", "Programme", "Gate", "Mandate"}
Copies = dict[tuple[type[models.Model], Any], Any]


def kinds() -> list[type[models.Model]]:
    """Our models, those that others point to first."""
    found = [
        model
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if model.__name__ not in ALONE and not model.__name__.startswith("Historical")
    ]
    ordered: list[type[models.Model]] = []
    while found:
        waiting = set(found)
        ready = [m for m in found if not (parents(m) - {m}) & waiting] or found
        ordered += ready
        found = [m for m in found if m not in ready]
    return ordered


def parents(model: type[models.Model]) -> set[Any]:
    return {
        field.related_model
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.OneToOneField)
    }


def path_to_programme(
    model: type[models.Model], seen: tuple[Any, ...] = ()
) -> str | None:
    """How a row of the model reaches its programme, as an ORM path."""
    direct = [
        field
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.OneToOneField)
    ]
    if any(field.related_model is Programme for field in direct):
        return next(f.name for f in direct if f.related_model is Programme)
    for field in direct:
        if field.related_model in seen or field.related_model in (Person, model):
            continue
        further = path_to_programme(field.related_model, (*seen, model))
        if further:
            return f"{field.name}__{further}"
    return None


def grow(world: World, times: int = 9) -> int:
    """Copy every row of the programme `times` times; return how many were made."""
    made = 0
    originals = [
        (model, list(model._base_manager.filter(**{path: world.programme})))
        for model in kinds()
        if (path := path_to_programme(model))
    ]
    for turn in range(times):
        copies: Copies = {}
        for model, rows in originals:
            for row in rows:
                copy = twin(model, row, copies, turn)
                if copy is not None:
                    copies[model, row.pk] = copy
                    made += 1
        programmes.create_programme(
            by=world.lead,
            enterprise=world.enterprise,
            code=f"more-{turn}",
            name=f"§More {turn}",
            starts_on=date(2026, 3, 2),
            now=NOW,
        )
    return made


def twin(
    model: type[models.Model], row: Any, copies: Copies, turn: int
) -> models.Model | None:
    """A copy that hangs on the copies of what the row hangs on, if it may be twice."""
    for suffix in ("", f"-{turn}"):
        copy = model(**{f.attname: getattr(row, f.attname) for f in fields(model)})
        for field in fields(model):
            if field.is_relation:
                parent = copies.get((field.related_model, getattr(row, field.attname)))
                if parent is not None:
                    setattr(copy, field.attname, parent.pk)
            elif suffix and isinstance(field, models.CharField) and not field.choices:
                value = getattr(copy, field.attname)[: field.max_length - len(suffix)]
                setattr(copy, field.attname, value + suffix)
        try:
            with transaction.atomic():
                model._base_manager.bulk_create([copy])
        except IntegrityError:
            continue
        return copy
    return None


def fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]
