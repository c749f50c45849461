"""
Questions of every request: composed and planned once, then only the values change.

Composing a query of some joins takes Django several times as long as the database needs
to answer it, and so does planning it there. What a builder composes is kept with the
places of its values, so the rule of who sees what stays written once, as a queryset;
each connection prepares the statement when it asks for the first time.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from psycopg2.extensions import AsIs

TYPES = {int: "bigint", str: "text", date: "date"}
# Names of the statements that a connection has prepared.
_prepared: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Plan:
    """A composed query: its statement, the names of its values, what makes objects.

    :param statement: with $1 for the value of the first name, and so on.
    """

    query: Any
    statement: str
    types: tuple[str, ...]
    names: tuple[str, ...]
    compiler: SQLCompiler

    @cached_property
    def name(self) -> str:
        return "composed_" + sha256(self.statement.encode()).hexdigest()[:16]

    def prepare(self) -> None:
        """Tell this connection of the statement, unless it knows it."""
        # A connection that broke is replaced when a cursor is asked for.
        with connection.cursor() as cursor, connection.wrap_database_errors:
            known = _prepared.setdefault(cursor.connection, set())
            if self.name not in known:
                types = ", ".join(self.types)
                text = f"PREPARE {self.name} ({types}) AS {self.statement}"
                # Not a question of the page: past what counts and logs those.
                cursor.cursor.execute(text)
                known.add(self.name)


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
        self.plan.prepare()
        places = ", ".join("%s" for _name in self.plan.names)
        values = tuple(self.given[name] for name in self.plan.names)
        return f"EXECUTE {self.plan.name} ({places})", values


class Composed:
    """
    :param build: makes the queryset from the values; it may look at none of them, as it
        is called once, with the examples.
    :param examples: for each value of `build` one that nothing else in it equals, of
        one of the TYPES.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]], **examples: Any) -> None:
        self.build, self.examples = build, examples

    @cached_property
    def plan(self) -> Plan:
        query = self.build(**self.examples).query
        compiler = query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        places = {name: n for n, name in enumerate(self.examples, start=1)}
        named = [(self.name_of(one), one) for one in values]
        filled = [AsIs(f"${places[name]}") if name else one for name, one in named]
        with connection.cursor() as cursor:
            statement = cursor.mogrify(sql, filled).decode()
        types = tuple(TYPES[type(one)] for one in self.examples.values())
        return Plan(query, statement, types, tuple(self.examples), compiler)

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
