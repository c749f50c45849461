"""Indicators: the register, values by hand and by file, and the contract."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access, may_own
from programmes.forms.indicators import (
    IndicatorForm,
    MeasurementFileForm,
    MeasurementForm,
)
from programmes.kit.errors import Refusal, Text
from programmes.kit.formats import scaled, unit_said
from programmes.kit.pages import Column, Filter
from programmes.models import Indicator, Measurement
from programmes.phases import Phase
from programmes.services import indicators, measurements
from programmes.services.measurement_files import read_file
from programmes.views.register import Register, add_register

MOST_SHOWN = 60


def indicator_list(request: MelioraRequest) -> dict[str, Any]:
    act = "measurement.record"
    return {"may_record": request.grants.may(act) or may_own(request, act)}


def indicator_detail(request: MelioraRequest, record: Any) -> dict[str, Any]:
    values = record.measurements.order_by("-at", "-pk")[:MOST_SHOWN]
    return {
        "values": list(values),
        "value_count": record.measurements.count(),
        "form": MeasurementForm(unit=record.unit),
        "may_record": request.grants.may("measurement.record", record),
        "monitor_url": f"/p/{request.programme.code}/monitor/{record.pk}/",
    }


def measured(name: str, label: Text) -> Column:
    """A value in the unit of its row, as people say it."""
    return Column(
        name,
        label,
        kind="number",
        order=name,
        value=lambda row: scaled(getattr(row, name), row.unit),
    )


INDICATORS = add_register(
    Register(
        slug="indicators",
        phase=Phase.DIAGNOSIS,
        model=Indicator,
        title=gettext_lazy("Indicators"),
        one=gettext_lazy("indicator"),
        empty=gettext_lazy("What is measured, how, from where, and what is wanted."),
        icon="gauge",
        columns=[
            Column("name", gettext_lazy("Indicator"), order="name"),
            Column("branch", gettext_lazy("Branch"), kind="choice", order="branch"),
            Column("unit", gettext_lazy("Unit"), value=lambda row: unit_said(row.unit)),
            measured("baseline", gettext_lazy("Baseline")),
            measured("latest_value", gettext_lazy("Now")),
            measured("target", gettext_lazy("Target")),
            Column("latest_at", gettext_lazy("As of"), kind="date", order="latest_at"),
            Column("is_frozen", gettext_lazy("Contract frozen"), kind="flag"),
            Column("owner", gettext_lazy("Owner"), kind="person", order="owner__name"),
        ],
        form=IndicatorForm,
        rows=lambda rows: rows.with_latest().select_related("owner", "process"),
        search=["name", "code", "definition"],
        filters=[
            Filter(
                "branch",
                gettext_lazy("Branch"),
                lambda: Indicator.Branch.choices,
                "branch",
            )
        ],
        sort="name",
        save=indicators.save_indicator,
        detail="programmes/indicators/indicator.html",
        detail_context=indicator_detail,
        list_template="programmes/indicators/list.html",
        list_context=indicator_list,
    )
)
REGISTERS = [INDICATORS]


def find(request: MelioraRequest, pk: int) -> Indicator:
    found: Indicator = get_object_or_404(Indicator.objects.of(request.programme), pk=pk)
    return found


@access("measurement.record")
@require_POST
def record_value(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    indicator = find(request, pk)
    form = MeasurementForm(request.POST, unit=indicator.unit)
    if form.is_valid():
        data = form.cleaned_data
        row = {
            "series": indicator.code,
            "at": data["at"].isoformat(),
            "value": data["value"],
            "note": data["note"],
        }
        try:
            result = measurements.record_measurements(
                by=request.user,
                programme=request.programme,
                rows=[row],
                source=Measurement.Source.HAND,
                now=timezone.now(),
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            said = result.errors[0]["detail"] if result.errors else _("Value saved.")
            (messages.error if result.errors else messages.success)(request, said)
    else:
        said = " ".join(str(one) for one in form.errors.get("value", ()))
        messages.error(request, said or _("Enter a day and a value."))
    return HttpResponseRedirect(INDICATORS.url("detail", request.programme, pk))


@access("measurement.record")
@require_POST
def remove_value(
    request: MelioraRequest, code: str, pk: int, value: int
) -> HttpResponse:
    row = get_object_or_404(Measurement, pk=value, indicator=find(request, pk))
    try:
        measurements.remove_measurement(
            by=request.user, measurement=row, now=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Value removed; the history keeps it."))
    return HttpResponseRedirect(INDICATORS.url("detail", request.programme, pk))


@access("indicator.edit")
@require_POST
def contract(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Freeze the contract, or open it again."""
    undo = bool(request.POST.get("unfreeze") or request.GET.get("unfreeze"))
    change = indicators.unfreeze_contract if undo else indicators.freeze_contract
    try:
        change(by=request.user, indicator=find(request, pk), now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("The contract is open again.") if undo else _("Contract frozen.")
        tags = "" if undo else f"undo:{request.path}?unfreeze=1"
        messages.success(request, said, extra_tags=tags)
    return HttpResponseRedirect(INDICATORS.url("detail", request.programme, pk))


@access("measurement.record")
def upload(request: MelioraRequest, code: str) -> HttpResponse:
    """Values from a CSV: errors are listed with their line, nothing is lost."""
    form = MeasurementFileForm(request.POST or None, request.FILES or None)
    errors: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            rows = read_file(form.cleaned_data["file"].read())
            result = measurements.record_measurements(
                by=request.user,
                programme=request.programme,
                rows=rows,
                source=Measurement.Source.CSV,
                now=timezone.now(),
                atomic=form.cleaned_data["all_or_nothing"],
            )
        except measurements.RowsRejected as refusal:
            form.add_error(None, str(refusal))
            errors = refusal.errors
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            errors = result.errors
            stored = result.accepted + result.replaced
            said = ngettext("%(n)s value stored.", "%(n)s values stored.", stored)
            messages.success(request, said % {"n": stored})
            if not errors:
                return HttpResponseRedirect(INDICATORS.url("list", request.programme))
    context = {
        "form": form,
        "errors": [with_line(one) for one in errors[:100]],
        "error_count": len(errors),
        "back_url": INDICATORS.url("list", request.programme),
        "crumbs": [
            {"label": request.programme.name, "href": f"/p/{code}/"},
            {
                "label": INDICATORS.title,
                "href": INDICATORS.url("list", request.programme),
            },
            {"label": _("Import values")},
        ],
        "nav": "phase3",
    }
    status = 422 if form.errors else 200
    return render(request, "programmes/indicators/upload.html", context, status=status)


def with_line(error: dict[str, Any]) -> dict[str, Any]:
    """`/rows/3/value` becomes line 5, column value (line 1 is the head)."""
    parts = error["pointer"].split("/")
    return {"line": int(parts[2]) + 2, "column": parts[3], "detail": error["detail"]}


BASE = "p/<slug:code>/indicators/"
urlpatterns = [
    path(f"{BASE}import/", upload, name="indicators-import"),
    path(f"{BASE}<int:pk>/values/", record_value, name="indicators-value"),
    path(
        f"{BASE}<int:pk>/values/<int:value>/remove/",
        remove_value,
        name="indicators-value-remove",
    ),
    path(f"{BASE}<int:pk>/contract/", contract, name="indicators-contract"),
]
