"""One description of a kind of record gives its pages: list, form, history, export.

A `Register` names the model, its columns and its form. `urls()` gives the addresses;
each app joins those of its registers in its urls.py. Topics with more than that (a
survey, a gate) have views of their own beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.forms.records import RecordForm
from programmes.kit.errors import NotAllowed, Refusal, Text
from programmes.kit.pages import Column, Filter, Listing, listing
from programmes.models import Programme, Record
from programmes.permissions import who_may
from programmes.phases import Phase
from programmes.services.records import delete_record, restore_record, save_record
from programmes.views.facts import facts_of
from programmes.views.history import activity_url, history_rows
from programmes.views.looking_back import remembers
from programmes.views.reasons import ask_for
from programmes.views.register_files import export_view, import_view
from programmes.views.register_past import detail_then, export_then, list_then
from programmes.views.register_rows import row_of

LAST = gettext_lazy("Nothing here yet.")


@dataclass(frozen=True)
class Register:
    """A kind of record of a programme, and how it is listed and edited.

    :param slug: in the address: /p/<code>/<slug>/.
    :param one: the noun for one record, lower case ("objective").
    :param empty: what the list is for, shown while it is empty.
    :param columns: of the list; the first links to the record.
    :param form: a RecordForm.
    :param rows: narrows or annotates the rows (select_related goes here).
    :param detail: the template of a record's page; empty: the standard one.
    :param detail_context: more for that page, called as (request, record).
    :param home: where one goes on after saving or deleting a row of a parent's page.
    :param save: a service in place of save_record, with the same keywords.
    :param can_add: False where rows come from elsewhere (phase plan).
    :param can_import: rows can come from a file of a list.
    """

    slug: str
    phase: Phase
    model: type[Record]
    title: Text
    one: Text
    columns: Sequence[Column]
    form: type[RecordForm]
    empty: Text = LAST
    icon: str = "list"
    rows: Callable[[Any], Any] = lambda rows: rows
    search: Sequence[str] = ()
    filters: Sequence[Filter] = ()
    sort: str = ""
    create_act: str = ""
    detail: str = "records/detail.html"
    detail_context: Callable[[MelioraRequest, Any], dict[str, Any]] | None = None
    list_template: str = "records/list.html"
    list_context: Callable[[MelioraRequest], dict[str, Any]] | None = None
    home: Callable[[Any], str] | None = None
    save: Callable[..., Any] = save_record
    can_add: bool = True
    can_delete: bool = True
    can_import: bool = False
    in_workspace: bool = True

    @property
    def act(self) -> str:
        return self.model.act

    @property
    def money(self) -> frozenset[str]:
        """The names of the fields that are amounts."""
        return frozenset(one.name for one in self.columns if one.kind == "money")

    def name(self, page: str) -> str:
        return f"{self.slug}-{page}"

    def url(self, page: str, programme: Programme, pk: int | None = None) -> str:
        arguments: dict[str, Any] = {"code": programme.code}
        if pk is not None:
            arguments["pk"] = pk
        return reverse(self.name(page), kwargs=arguments)

    def queryset(self, request: MelioraRequest) -> Any:
        manager: Any = self.model._default_manager
        rows = manager.visible_to(request.user).of(request.programme)
        return self.rows(rows)

    def crumbs(
        self, programme: Programme, *more: dict[str, Text]
    ) -> list[dict[str, Text]]:
        return [
            {"label": programme.name, "href": f"/p/{programme.code}/"},
            {
                "label": self.phase.label,
                "href": reverse("phase", args=[programme.code, int(self.phase)]),
            },
            {"label": self.title, "href": self.url("list", programme)},
            *more,
        ]

    def listed(self, request: MelioraRequest) -> Listing:
        return listing(
            self.queryset(request),
            request.GET,
            self.columns,
            search=self.search,
            filters=self.filters,
            default=self.sort,
        )

    def urls(self) -> list[URLPattern]:
        base = f"p/<slug:code>/{self.slug}/"
        found = [
            path(base, list_view(self), name=self.name("list")),
            path(f"{base}<int:pk>/", detail_view(self), name=self.name("detail")),
            path(f"{base}<int:pk>/edit/", edit_view(self), name=self.name("edit")),
            path(
                f"{base}<int:pk>/history/", past_view(self), name=self.name("history")
            ),
        ]
        for kind, name in (("csv", "export"), ("xlsx", "xlsx-export")):
            view = remembers(export_view(self, kind), export_then(self, kind))
            found.append(path(f"{base}export.{kind}", view, name=self.name(name)))
        if self.can_add:
            found.append(path(f"{base}new/", new_view(self), name=self.name("new")))
        if self.can_import:
            found.append(
                path(f"{base}import/", import_view(self), name=self.name("import"))
            )
        if self.can_delete:
            found += [
                path(
                    f"{base}<int:pk>/delete/",
                    delete_view(self),
                    name=self.name("delete"),
                ),
                path(
                    f"{base}<int:pk>/restore/",
                    restore_view(self),
                    name=self.name("restore"),
                ),
            ]
        return found


# Registers of all apps, in the order of registration; phase pages list theirs.
REGISTERS: list[Register] = []


def add_register(register: Register) -> Register:
    REGISTERS.append(register)
    return register


def crumbs(
    request: MelioraRequest, register: Register, *more: dict[str, Text]
) -> list[dict[str, Text]]:
    return register.crumbs(request.programme, *more)


def list_view(register: Register) -> Callable[..., HttpResponse]:
    @access("programme.read")
    def view(request: MelioraRequest, code: str) -> HttpResponse:
        found = register.listed(request)
        act = register.create_act or register.act
        context = {
            "register": register,
            "listing": found,
            "rows": [row_of(register, request.programme, one) for one in found.page],
            "may_add": register.can_add and request.grants.may(act),
            "who_may": who_may(act),
            "new_url": register.url("new", request.programme)
            if register.can_add
            else "",
            "export_url": register.url("export", request.programme)
            if request.grants.may("export")
            else "",
            "import_url": register.url("import", request.programme)
            if register.can_import and request.grants.may(act)
            else "",
            "xlsx_url": register.url("xlsx-export", request.programme),
            "crumbs": [*crumbs(request, register)[:-1], {"label": register.title}],
            "nav": f"phase{int(register.phase)}",
        }
        if register.list_context:
            context |= register.list_context(request)
        return render(request, register.list_template, context)

    return remembers(view, list_then(register))


def fetch(register: Register, request: MelioraRequest, pk: int) -> Any:
    return get_object_or_404(register.queryset(request), pk=pk)


def detail_view(register: Register) -> Callable[..., HttpResponse]:
    @access("programme.read")
    def view(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
        record = fetch(register, request, pk)
        may_edit = request.grants.may(register.act, record)
        programme = request.programme
        context = {
            "register": register,
            "record": record,
            "facts": facts_of(register, record),
            "may_edit": may_edit,
            "who_may": who_may(register.act),
            "edit_url": register.url("edit", programme, pk),
            "delete_url": register.url("delete", programme, pk)
            if register.can_delete
            else "",
            "history_url": register.url("history", programme, pk),
            "crumbs": crumbs(request, register, {"label": str(record)}),
            "nav": f"phase{int(register.phase)}",
        }
        if register.detail_context:
            context |= register.detail_context(request, record)
        return render(request, register.detail, context)

    return remembers(view, detail_then(register))


def new_view(register: Register) -> Callable[..., HttpResponse]:
    @access(register.create_act or register.act)
    def view(request: MelioraRequest, code: str) -> HttpResponse:
        record = register.model(programme=request.programme)
        return form_page(request, register, record)

    return view


def edit_view(register: Register) -> Callable[..., HttpResponse]:
    @access(register.act)
    def view(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
        record = fetch(register, request, pk)
        if not request.grants.may(register.act, record):
            raise NotAllowed(request.grants.why_not(register.act))
        return form_page(request, register, record)

    return view


def form_page(request: MelioraRequest, register: Register, record: Any) -> HttpResponse:
    """Show or take the form. A refusal is shown on it and loses nothing."""
    is_new = record.pk is None
    form = form_of(request, register, record)
    if request.method == "POST" and form.is_valid():
        saved = save_form(request, register, form, is_new)
        if saved is not None:
            return HttpResponseRedirect(next_url(request, register, saved))
    words = _("New %(noun)s") if is_new else _("Edit %(noun)s")
    title = words % {"noun": register.one}
    context = {
        "register": register,
        "form": form,
        "title": title,
        "is_new": is_new,
        "back_url": register.url("list", request.programme)
        if is_new
        else register.url("detail", request.programme, record.pk),
        "crumbs": crumbs(request, register, {"label": title}),
        "nav": f"phase{int(register.phase)}",
    }
    status = 422 if form.errors else 200
    return render(request, "records/form.html", context, status=status)


def form_of(request: MelioraRequest, register: Register, record: Any) -> RecordForm:
    """The form, asking for a reason where an approval rests on the record."""
    form = register.form(
        request.POST or None,
        request.FILES or None,
        instance=record,
        programme=request.programme,
        user=request.user,
        initial=dict(request.GET.items()) if record.pk is None else {},
    )
    ask_for(form, record)
    return form


def save_form(
    request: MelioraRequest, register: Register, form: RecordForm, is_new: bool
) -> Any:
    """The saved record, or None: then the form says why not."""
    try:
        saved = register.save(
            by=request.user,
            record=form.instance,
            now=timezone.now(),
            version=form.seen_version,
            act=register.create_act if is_new else "",
            **form.reason,
            **form.extra(),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    messages.success(request, _("%(name)s saved.") % {"name": saved})
    return saved


def next_url(request: MelioraRequest, register: Register, saved: Any) -> str:
    """Where a saved form leads: to another one, or to the page of the record."""
    if request.POST.get("add_another"):
        return register.url("new", request.programme)
    if register.home:
        return register.home(saved)
    return register.url("detail", request.programme, saved.pk)


def delete_view(register: Register) -> Callable[..., HttpResponse]:
    @access(register.act)
    @require_POST
    def view(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
        record = fetch(register, request, pk)
        try:
            delete_record(by=request.user, record=record, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(register.url("detail", request.programme, pk))
        undo = register.url("restore", request.programme, pk)
        messages.success(
            request,
            _("%(name)s deleted.") % {"name": record},
            extra_tags=f"undo:{undo}",
        )
        if register.home:
            return HttpResponseRedirect(register.home(record))
        return HttpResponseRedirect(register.url("list", request.programme))

    return view


def restore_view(register: Register) -> Callable[..., HttpResponse]:
    @access(register.act)
    @require_POST
    def view(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
        manager: Any = register.model._default_manager
        rows = manager.visible_to(request.user).filter(programme=request.programme)
        record = get_object_or_404(rows.exclude(deleted_at=None), pk=pk)
        try:
            restore_record(by=request.user, record=record, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(register.url("list", request.programme))
        messages.success(request, _("%(name)s is back.") % {"name": record})
        return HttpResponseRedirect(register.url("detail", request.programme, pk))

    return view


def past_view(register: Register) -> Callable[..., HttpResponse]:
    @access("programme.read")
    def view(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
        record = fetch(register, request, pk)
        url = register.url("detail", request.programme, pk)
        context = {
            "register": register,
            "record": record,
            "changes": history_rows(record, register.money),
            "activity_url": activity_url(record),
            "crumbs": crumbs(
                request,
                register,
                {"label": str(record), "href": url},
                {"label": _("History")},
            ),
            "nav": f"phase{int(register.phase)}",
        }
        return render(request, "records/history.html", context)

    return view
