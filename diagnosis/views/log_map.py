"""The process map as files: connections, activities, and what is repeated."""

from __future__ import annotations

from django.utils.translation import gettext as _

from diagnosis.services import lenses
from diagnosis.views.log_frame import Tables, ask, export_paths
from programmes.access import MelioraRequest
from programmes.kit.sheets import Sheet


def map_tables(request: MelioraRequest, pk: int) -> Tables:
    """All connections and activities of the map, and what is repeated."""
    asked = ask(request, pk, lenses.everything)
    chart = lenses.chart_of(asked.found["map"])
    has_cost = bool(asked.log.mapping.get("cost"))
    edges = [
        (e.source, e.target, e.count, e.cases, e.median_s, e.p90_s, e.mean_s, e.sum_s)
        for e in chart.edges
    ]
    nodes = [
        (n.activity, n.cases, n.events, n.rework_cases, n.starts, n.ends, n.work_s)
        + ((n.cost_sum, n.cost_median) if has_cost else ())
        for n in chart.nodes
    ]
    seconds = [
        _("Median seconds"),
        _("p90 seconds"),
        _("Mean seconds"),
        _("Sum of seconds"),
    ]
    ends = [_("Cases that repeat it"), _("First"), _("Last"), _("Median work, seconds")]
    if has_cost:
        ends += [_("Cost"), _("Median cost of an event")]
    sheets = [
        Sheet(
            _("Connections"),
            [_("From"), _("To"), _("Times"), _("Cases"), *seconds],
            edges,
        ),
        Sheet(_("Activities"), [_("Activity"), _("Cases"), _("Times"), *ends], nodes),
        Sheet(
            _("Rework"),
            [_("Activity"), _("Cases"), _("Share"), _("Repeats")],
            (
                (one["activity"], one["cases"], one["share"], one["repeats"])
                for one in asked.found["rework"]
            ),
        ),
    ]
    return Tables(asked.log, _("map"), sheets)


BASE = "p/<slug:code>/logs/<int:pk>/map"
urlpatterns = export_paths(BASE, "logs-detail", map_tables)
