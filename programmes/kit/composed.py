"""
Questions of every request: their SQL is composed once, then only the values change.

Composing a query of some joins takes Django several times as long as the database needs
to answer it. What a builder composes is kept with the places of its values, so the rule
of who sees what stays written once, as a queryset.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler


@dataclass(frozen=True)
class Plan:
    """A composed query: its text, its values or their names, and what makes objects."""

    query: Any
    sql: str
    values: tuple[Any, ...]
    names: tuple[str | None, ...]
    compiler: SQLCompiler

    def filled(self, given: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(
            value if name is None else given[name]
            for value, name in zip(self.values, self.names, strict=True)
        )


class Filled(SQLCompiler):
    """Answers with the text of the plan instead of composing it."""

    def __init__(self, plan: Plan, given: dict[str, Any], using: str) -> None:
        super().__init__(plan.query, connection, using)
        self.plan, self.given = plan, given
        for name in ("select", "klass_info", "annotation_col_map"):
            setattr(self, name, getattr(plan.compiler, name))
        self.col_count = plan.compiler.col_count
        self.has_extra_select = plan.compiler.has_extra_select

    def as_sql(self, *_args: Any, **_options: Any) -> tuple[str, tuple[Any, ...]]:
        return self.plan.sql, self.plan.filled(self.given)


class Composed:
    """
    :param build: makes the queryset from the values; it may look at none of them, as it
        is called once, with the examples.
    :param examples: for each value of `build` one that nothing else in it equals.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]], **examples: Any) -> None:
        self.build, self.examples = build, examples

    @cached_property
    def plan(self) -> Plan:
        query = self.build(**self.examples).query
        compiler = query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        names = tuple(self.name_of(one) for one in values)
        return Plan(query, sql, tuple(values), names, compiler)

    def name_of(self, value: Any) -> str | None:
        for name, example in self.examples.items():
            if type(value) is type(example) and value == example:
                return name
        return None

    def rows(self, **given: Any) -> list[Any]:
        """The rows for these values, as the queryset would give them."""
        query = copy(self.plan.query)
        query.get_compiler = lambda using, **_options: Filled(self.plan, given, using)
        return list(QuerySet(self.plan.query.model, query=query))
