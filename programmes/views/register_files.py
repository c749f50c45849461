"""Files of a register: its rows as CSV and XLSX, and the import of a list.

An import is shown before anything is kept; the table travels signed with the form that
confirms it, so nothing waits on the server.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.db.models import ForeignKey
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from programmes.access import MelioraRequest, access
from programmes.kit import sheets
from programmes.kit.errors import Refusal, Text
from programmes.kit.pages import MOST_EXPORTED, Column, csv_answer
from programmes.kit.sheets import Sheet, Table
from programmes.services.list_import import ID, Outcome, Target, flat, import_rows
from programmes.views.exports import note_export

if TYPE_CHECKING:
    from programmes.views.register import Register

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
VALID_SECONDS = 3600
MOST_SHOWN = 100
SALT = "list-import"
ACTIONS = {
    "new": (gettext_lazy("New"), "positive"),
    "changed": (gettext_lazy("Changed"), "accent"),
    "same": (gettext_lazy("As it is"), "neutral"),
    "wrong": (gettext_lazy("Wrong"), "critical"),
}


class ListFileForm(forms.Form):
    """A file to look at."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV or XLSX, at most 500 rows"),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason of the change"),
        required=False,
        max_length=500,
        help_text=gettext_lazy(
            "Only needed where rows change that a gate was approved on"
        ),
    )


@dataclass(frozen=True)
class Preview:
    """What an import would do."""

    outcomes: list[Outcome]
    ignored: list[str]
    payload: str

    def count(self, *actions: str) -> int:
        return sum(one.action in actions for one in self.outcomes)

    @property
    def new(self) -> int:
        return self.count("new")

    @property
    def changed(self) -> int:
        return self.count("changed")

    @property
    def same(self) -> int:
        return self.count("same")

    @property
    def good(self) -> int:
        return self.count("new", "changed")

    @property
    def wrong(self) -> int:
        return self.count("wrong")

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Wrong rows first, at most some."""
        ranked = sorted(self.outcomes, key=lambda one: one.action != "wrong")
        return [
            {
                "outcome": one,
                "word": ACTIONS[one.action][0],
                "tone": ACTIONS[one.action][1],
            }
            for one in ranked[:MOST_SHOWN]
        ]

    @property
    def left_out(self) -> int:
        return max(0, len(self.outcomes) - MOST_SHOWN)


def book_answer(name: str, title: Text, head: list[Text], rows: Any) -> HttpResponse:
    return sheets_answer(name, [Sheet(title, head, rows)])


def sheets_answer(name: str, tables: Sequence[Sheet]) -> HttpResponse:
    """A workbook to download, one sheet for each table."""
    response = HttpResponse(sheets.book(tables), content_type=XLSX)
    plain = "".join(one for one in name if one.isprintable())
    said = content_disposition_header(True, f"{plain}.xlsx")
    response["Content-Disposition"] = said or "attachment"
    return response


def columns_of(register: Register) -> list[Column]:
    """The columns of the list; where it can be imported, all that its form takes."""
    columns = list(register.columns)
    if register.can_import:
        shown = {one.name for one in columns}
        columns += [
            Column(name, register.model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            for name in register.form._meta.fields or ()
            if name not in shown
        ]
        columns.append(Column(ID, ID, value=lambda row: row.pk))
    return columns


def links_of(register: Register) -> list[str]:
    fields = register.form._meta.fields or ()
    found = [register.model._meta.get_field(name) for name in fields]
    return [one.name for one in found if isinstance(one, ForeignKey)]


def export_view(register: Register, kind: str) -> Callable[..., HttpResponse]:
    @access("export")
    def view(request: MelioraRequest, code: str) -> HttpResponse:
        found = register.listed(request)
        note_export(request, register.slug)
        rows: Any = found.page.paginator.object_list
        if register.can_import and links_of(register):
            rows = rows.select_related(*links_of(register))
        columns = columns_of(register)
        name = f"{code}-{register.slug}"
        head = [one.label for one in columns]
        values = ([one.words(row) for one in columns] for row in rows[:MOST_EXPORTED])
        if kind == "xlsx":
            return book_answer(name, register.title, head, values)
        return csv_answer(name, head, values)

    return view


def template(register: Register, code: str, kind: str) -> HttpResponse:
    """An empty list to fill in."""
    head: list[Text] = [
        register.model._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        for name in register.form._meta.fields or ()
    ]
    head += [
        register.form.base_fields[name].label or name for name in register.form.linked
    ]
    name = f"{register.slug}-template"
    if kind == "csv":
        return csv_answer(name, head, [])
    return book_answer(name, register.title, head, [])


def target_of(register: Register, request: MelioraRequest) -> Target:
    return Target(
        model=register.model,
        form=register.form,
        labels={one.name: one.label for one in register.columns},
        rows=register.queryset(request),
        save=register.save,
        create_act=register.create_act,
    )


def import_view(register: Register) -> Callable[..., HttpResponse]:
    @access(register.create_act or register.act)
    def view(request: MelioraRequest, code: str) -> HttpResponse:
        if request.GET.get("template") in {"csv", "xlsx"}:
            return template(register, code, request.GET["template"])
        form = ListFileForm()
        preview = None
        if request.method == "POST":
            form = ListFileForm(request.POST, request.FILES)
            try:
                preview = look(register, request, form)
            except Refusal as refusal:
                form.full_clean()
                form.add_error("file", str(refusal))
            if preview and request.POST.get("confirmed") and not form.errors:
                return done(register, request, preview)
        return import_page(register, request, form, preview)

    return view


def look(
    register: Register, request: MelioraRequest, form: ListFileForm
) -> Preview | None:
    """Try the table of the file, or the one that comes back to be confirmed.

    :raises Refusal: the file is no table, or not this list's.
    """
    payload = request.POST.get("payload", "")
    kept = unpack(register, request, payload) if payload else None
    if kept is None:
        if not form.is_valid():
            return None
        table = sheets.read_table(form.cleaned_data["file"].read())
        reason, seen = form.cleaned_data["reason"], None
    else:
        table, reason, seen = kept
        form.fields["file"].required = False
    confirmed = bool(request.POST.get("confirmed")) and seen is not None

    def run(confirmed: bool) -> tuple[Any, list[Outcome]]:
        return import_rows(
            by=request.user,
            programme=request.programme,
            target=target_of(register, request),
            table=table,
            now=timezone.now(),
            reason=reason,
            confirmed=confirmed,
        )

    reader, outcomes = run(False)
    actions = [one.action for one in outcomes]
    if confirmed and actions == seen:
        reader, outcomes = run(True)
    elif confirmed:
        form.add_error(
            "file", _("The list changed meanwhile; look at the rows once more.")
        )
    return Preview(
        outcomes, reader.ignored, pack(register, request, table, reason, actions)
    )


def salt(register: Register, request: MelioraRequest) -> str:
    return f"{SALT}:{register.slug}:{request.programme.pk}:{request.user.pk}"


def pack(
    register: Register,
    request: MelioraRequest,
    table: Table,
    reason: str,
    actions: list[str],
) -> str:
    value = [table.head, table.rows, reason, actions]
    return signing.dumps(value, salt=salt(register, request), compress=True)


def unpack(
    register: Register, request: MelioraRequest, payload: str
) -> tuple[Table, str, list[str]]:
    """:raises Refusal: it was not made here, or long ago."""
    try:
        head, rows, reason, actions = signing.loads(
            payload, salt=salt(register, request), max_age=VALID_SECONDS
        )
    except signing.BadSignature:
        raise sheets.Unreadable(
            _("This was too long ago; choose the file again.")
        ) from None
    return Table(head, [(line, cells) for line, cells in rows]), reason, actions


def done(register: Register, request: MelioraRequest, preview: Preview) -> HttpResponse:
    said = ngettext(
        "%(count)s row was imported.", "%(count)s rows were imported.", preview.good
    )
    messages.success(request, said % {"count": preview.good})
    return HttpResponseRedirect(register.url("list", request.programme))


def import_page(
    register: Register,
    request: MelioraRequest,
    form: ListFileForm,
    preview: Preview | None,
) -> HttpResponse:
    blank = register.form(
        programme=request.programme,
        user=request.user,
        instance=register.model(programme=request.programme),
    )
    names = [*(register.form._meta.fields or ()), *register.form.linked]
    title = _("Import %(list)s") % {"list": register.title}
    context = {
        "register": register,
        "form": form,
        "preview": preview,
        "columns": [described(blank.fields[one]) for one in names],
        "title": title,
        "back_url": register.url("list", request.programme),
        "crumbs": register.crumbs(request.programme, {"label": title}),
        "nav": f"phase{int(register.phase)}",
    }
    status = 422 if form.errors else 200
    return render(request, "records/import.html", context, status=status)


def described(found: Any) -> dict[str, Any]:
    """A column of the file: its name, and what may stand in it."""
    if isinstance(found, forms.ModelMultipleChoiceField):
        what = _("names from the programme, with semicolons between them")
    elif isinstance(found, forms.ModelChoiceField):
        what = _("a name from the programme")
    elif isinstance(found, forms.ChoiceField):
        what = _("one of: %(names)s") % {
            "names": ", ".join(str(label) for key, label in flat(found.choices) if key)
        }
    elif isinstance(found, forms.BooleanField):
        what = _("yes or no")
    elif isinstance(found, forms.DateField):
        what = _("a day, 2026-01-31")
    elif isinstance(found, forms.DecimalField | forms.IntegerField):
        what = _("a number")
    else:
        what = _("text")
    return {"label": found.label, "what": what, "needed": found.required}
