"""A register as it was at a moment: its list, its files, and the page of a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from programmes.access import MelioraRequest
from programmes.kit.errors import Text
from programmes.kit.pages import MOST_EXPORTED, Column, Listing, csv_answer, listing
from programmes.moments import Moment
from programmes.past import Past, Paths, follow
from programmes.views.exports import note_export
from programmes.views.facts import facts_of
from programmes.views.looking_back import banner
from programmes.views.past_parts import parts_then
from programmes.views.register_files import book_answer
from programmes.views.register_rows import row_of

if TYPE_CHECKING:
    from programmes.views.register import Register

Then = Callable[..., HttpResponse]


class Remembered:
    """Chooses among rows that were read from the history."""

    def holding(self, rows: Any, text: str, paths: Sequence[str]) -> Any:
        wanted = text.casefold()
        return [
            row
            for row in rows
            if any(wanted in str(follow(row, one) or "").casefold() for one in paths)
        ]

    def equal(self, rows: Any, path: str, value: str) -> Any:
        return [row for row in rows if key_of(follow(row, path)) == value]

    def ordered(self, rows: Any, sort: str, columns: Sequence[Column]) -> Any:
        column = next((one for one in columns if one.name == sort.lstrip("-")), None)
        if column is None or not column.order:
            return rows
        values = {row.pk: sortable(row, column) for row in rows}
        known = [row for row in rows if values[row.pk] is not None]
        known.sort(key=lambda row: values[row.pk], reverse=sort.startswith("-"))
        return [*known, *(row for row in rows if values[row.pk] is None)]


def key_of(value: Any) -> str:
    return str(getattr(value, "pk", value))


def sortable(row: Any, column: Column) -> Any:
    value = follow(row, column.order)
    if value is None:
        value = column.of(row)
    return value.casefold() if isinstance(value, str) else value


def paths_of(register: Register) -> Paths:
    """The links that the pages of the register show, sort and search by."""
    chosen = register.rows(register.model._default_manager.all()).query.select_related
    paths: Paths = {}
    merge(paths, chosen if isinstance(chosen, dict) else {})
    names = [*register.search, *(one.path for one in register.filters)]
    names += [one.order for one in register.columns]
    for name in names:
        nest(paths, name.split("__"))
    for field in register.model._meta.concrete_fields:
        if field.name in (register.form._meta.fields or ()) and field.is_relation:
            paths.setdefault(field.name, {})
    links = {
        one.name for one in register.model._meta.concrete_fields if one.is_relation
    }
    return {name: deeper for name, deeper in paths.items() if name in links}


def merge(paths: Paths, more: Paths) -> None:
    for name, deeper in more.items():
        merge(paths.setdefault(name, {}), deeper)


def nest(paths: Paths, names: list[str]) -> None:
    for name in names[:-1]:
        paths = paths.setdefault(name, {})


def known_columns(columns: Iterable[Column], rows: list[Any]) -> list[Column]:
    """The columns that the history can fill."""
    return [
        replace(one, value=quiet(one))
        for one in columns
        if not rows or any(one.is_known(row) for row in rows)
    ]


def quiet(column: Column) -> Callable[[Any], Any]:
    """The value, or nothing where it was counted from other rows."""

    def value(row: Any) -> Any:
        try:
            return column.of(row)
        except AttributeError:
            return None

    return value


def listed_then(
    register: Register, request: MelioraRequest, moment: Moment
) -> tuple[Listing, list[Text]]:
    """The list of the moment, and the columns that nobody can know any more."""
    past = Past(request.programme, moment.at)
    rows = past.rows(register.model)
    past.link(rows, paths_of(register))
    columns = known_columns(register.columns, rows)
    found = listing(
        rows,
        request.GET,
        columns,
        search=register.search,
        filters=register.filters,
        default=register.sort,
        sieve=Remembered(),
    )
    names = {one.name for one in columns}
    return found, [one.label for one in register.columns if one.name not in names]


def list_then(register: Register) -> Then:
    def view(request: MelioraRequest, moment: Moment, code: str) -> HttpResponse:
        found, lost = listed_then(register, request, moment)
        rows = [
            row_of(register, request.programme, one, found.columns)
            for one in found.page
        ]
        for row in rows:
            row["url"] += f"?as_of={moment.asked}"
        context = {
            "register": register,
            "listing": found,
            "rows": rows,
            "lost": lost,
            "may_export": request.grants.may("export"),
            "export_url": register.url("export", request.programme),
            "xlsx_url": register.url("xlsx-export", request.programme),
            "crumbs": [
                *register.crumbs(request.programme)[:-1],
                {"label": register.title},
            ],
            "nav": f"phase{int(register.phase)}",
            **banner(request, moment),
        }
        return render(request, "records/list_then.html", context)

    return view


def export_then(register: Register, kind: str) -> Then:
    def view(request: MelioraRequest, moment: Moment, code: str) -> HttpResponse:
        found, _lost = listed_then(register, request, moment)
        note_export(request, register.slug)
        rows: Any = found.page.paginator.object_list
        name = f"{code}-{register.slug}-{moment.day.isoformat()}"
        head = [one.label for one in found.columns]
        cells = [[one.words(row) for one in found.columns] for row in rows]
        if kind == "xlsx":
            return book_answer(name, register.title, head, cells[:MOST_EXPORTED])
        return csv_answer(name, head, cells[:MOST_EXPORTED])

    return view


def detail_then(register: Register) -> Then:
    def view(
        request: MelioraRequest, moment: Moment, code: str, pk: int
    ) -> HttpResponse:
        past = Past(request.programme, moment.at)
        record = past.row(register.model, pk)
        list_url = f"{register.url('list', request.programme)}?as_of={moment.asked}"
        context = {
            "register": register,
            "list_url": list_url,
            "nav": f"phase{int(register.phase)}",
            **banner(request, moment),
        }
        if record is None:
            return absent(register, request, pk, context)
        past.link([record], paths_of(register))
        context |= {
            "record": record,
            "entry": record._history,
            "facts": facts_of(register, record),
            "parts": parts_then(past, record),
            "history_url": register.url("history", request.programme, pk),
            "crumbs": register.crumbs(request.programme, {"label": str(record)}),
        }
        return render(request, "records/detail_then.html", context)

    return view


def absent(
    register: Register, request: MelioraRequest, pk: int, context: dict[str, Any]
) -> HttpResponse:
    """It came later, or was away then. What was never here is not found."""
    history: Any = register.model.history
    if not history.filter(programme=request.programme, id=pk).exists():
        raise Http404(pk)
    context["crumbs"] = register.crumbs(request.programme)
    return render(request, "records/absent_then.html", context, status=404)
