"""Lists: search, filter, sort, pages and CSV, all driven by the query string."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from io import StringIO
from operator import or_
from typing import Any, Protocol

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.utils.http import content_disposition_header

from programmes.kit.errors import Text
from programmes.kit.sheets import guarded

PER_PAGE = 50
MOST_EXPORTED = 100_000


@dataclass(frozen=True)
class Column:
    """One column of a list.

    :param name: field or attribute of the row; also its name in `?sort=`.
    :param kind: text, number, money, date, moment, person, choice, flag, percent,
        rating (1 to 5, as dots).
    :param order: the ORM path to sort by; empty: not sortable.
    :param tones: for kind "choice": stored value -> badge tone.
    """

    name: str
    label: Text
    kind: str = "text"
    order: str = ""
    value: Callable[[Any], Any] | None = None
    tones: dict[str, str] = field(default_factory=dict)

    @property
    def is_numeric(self) -> bool:
        return self.kind in {"number", "money", "percent"}

    def of(self, row: Any) -> Any:
        if self.value:
            return self.value(row)
        return getattr(row, self.name)

    def is_known(self, row: Any) -> bool:
        """A row out of the history has fields only, nothing that was counted."""
        try:
            self.of(row)
        except AttributeError:
            return False
        return True

    def words(self, row: Any) -> Any:
        """The value as shown: the label of a choice, else the value itself."""
        display = getattr(row, f"get_{self.name}_display", None)
        return display() if display else self.of(row)


@dataclass(frozen=True)
class Filter:
    """A choice above a list, `?<name>=<value>`.

    :param path: ORM path that must equal the value; fixed here, never from the client.
    :param narrow: where no path says it: the rows that the value leaves.
    """

    name: str
    label: Text
    choices: Callable[[], Sequence[tuple[Any, Text]]]
    path: str = ""
    narrow: Callable[[QuerySet[Any], str], QuerySet[Any]] | None = None


@dataclass(frozen=True)
class Listing:
    """What a list page shows now."""

    page: Page[Any]
    columns: Sequence[Column]
    filters: list[dict[str, Any]]
    query: str
    sort: str
    is_filtered: bool
    total: int
    base: str


def listing(
    rows: Any,
    parameters: QueryDict,
    columns: Sequence[Column],
    *,
    search: Sequence[str] = (),
    filters: Sequence[Filter] = (),
    default: str = "",
    per_page: int = PER_PAGE,
    sieve: Sieve | None = None,
) -> Listing:
    """Apply the query string to the rows: unknown values are left out.

    :param sieve: how rows are chosen that are no queryset.
    """
    sieve = sieve or TABLE
    query = parameters.get("q", "").replace("\0", "").strip()[:200]
    if query and search:
        rows = sieve.holding(rows, query, search)
    shown = []
    for one in filters:
        choices = [(str(value), label) for value, label in one.choices()]
        chosen = parameters.get(one.name, "")
        if chosen in [value for value, _label in choices]:
            rows = (
                one.narrow(rows, chosen)
                if one.narrow
                else sieve.equal(rows, one.path, chosen)
            )
        else:
            chosen = ""
        shown.append(
            {"name": one.name, "label": one.label, "choices": choices, "value": chosen}
        )
    sort = parameters.get("sort", default)
    rows = sieve.ordered(rows, sort, columns)
    paginator = Paginator(rows, per_page)
    page = paginator.get_page(parameters.get("page"))
    kept = parameters.copy()
    for name in ("page", "sort"):
        kept.pop(name, None)
    return Listing(
        page=page,
        columns=columns,
        filters=shown,
        query=query,
        sort=sort,
        is_filtered=bool(query or any(one["value"] for one in shown)),
        total=paginator.count,
        base=kept.urlencode(),
    )


class Sieve(Protocol):
    """How the rows of a list are chosen and ordered."""

    def holding(self, rows: Any, text: str, paths: Sequence[str]) -> Any: ...
    def equal(self, rows: Any, path: str, value: str) -> Any: ...
    def ordered(self, rows: Any, sort: str, columns: Sequence[Column]) -> Any: ...


class Table:
    """Rows of the database."""

    def holding(self, rows: Any, text: str, paths: Sequence[str]) -> Any:
        found = [Q(**{f"{one}__icontains": text}) for one in paths]
        return rows.filter(reduce(or_, found))

    def equal(self, rows: Any, path: str, value: str) -> Any:
        return rows.filter(**{path: value})

    def ordered(self, rows: Any, sort: str, columns: Sequence[Column]) -> Any:
        return ordered(rows, sort, columns)


TABLE = Table()


def ordered(rows: QuerySet[Any], sort: str, columns: Sequence[Column]) -> QuerySet[Any]:
    """Order by a column named by the client, looked up in the fixed list."""
    descending = sort.startswith("-")
    paths = {one.name: one.order for one in columns if one.order}
    path = paths.get(sort.lstrip("-"))
    if path is None:
        return rows.order_by("pk")
    by = F(path).desc(nulls_last=True) if descending else F(path).asc(nulls_last=True)
    return rows.order_by(by, "pk")


def safe_cell(value: Any) -> Any:
    """A cell for a spreadsheet: numbers stay numbers, formulas become text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return guarded(str(value))


def csv_answer(
    name: str, head: Iterable[Text], rows: Iterable[Iterable[Any]]
) -> HttpResponse:
    """A CSV download: UTF-8 with a byte-order mark, so that spreadsheets read it."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([safe_cell(str(one)) for one in head])
    for row in rows:
        writer.writerow([safe_cell(one) for one in row])
    response = HttpResponse(
        "\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8"
    )
    plain = "".join(one for one in name if one.isprintable())
    said = content_disposition_header(True, f"{plain}.csv")
    response["Content-Disposition"] = said or "attachment"
    return response
