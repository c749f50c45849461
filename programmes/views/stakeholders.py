"""Phase 2: the stakeholder map, the champions, and the communication plan."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from programmes import kickoff_charts
from programmes.access import MelioraRequest, access
from programmes.forms.stakeholders import CommunicationForm, StakeholderForm
from programmes.kit.charts import DataTable
from programmes.kit.errors import Text
from programmes.kit.pages import Column, Filter
from programmes.models import Communication, Membership, Stakeholder
from programmes.phases import Phase
from programmes.services.reach import units_in_scope
from programmes.views.register import Register, add_register, crumbs
from programmes.views.workspace import Tile, add_tile

STANCE_TONES = {"-2": "critical", "-1": "attention", "1": "positive", "2": "positive"}


def with_people(rows: Any) -> Any:
    return rows.select_related("unit", "owner")


def state_of(row: Communication) -> str:
    """Done, overdue or planned: the stored word behind the badge."""
    if row.done_on:
        return "done"
    return "overdue" if row.is_overdue(timezone.localdate()) else "planned"


def state_words(row: Communication) -> Text:
    words = {"done": _("Done"), "overdue": _("Overdue"), "planned": _("Planned")}
    return words[state_of(row)]


def overdue_words(request: MelioraRequest) -> dict[str, Any]:
    rows = Communication.objects.of(request.programme).filter(
        done_on=None, due_on__lt=timezone.localdate()
    )
    return {"overdue": list(rows.order_by("due_on", "pk")[:20])}


STAKEHOLDERS = add_register(
    Register(
        slug="stakeholders",
        phase=Phase.KICK_OFF,
        model=Stakeholder,
        title=gettext_lazy("Stakeholders"),
        one=gettext_lazy("stakeholder"),
        empty=gettext_lazy("Who decides, who is touched, and how each is won."),
        icon="users",
        columns=[
            Column("name", gettext_lazy("Stakeholder"), order="name"),
            Column("unit", gettext_lazy("Unit"), order="unit__name"),
            Column(
                "influence",
                gettext_lazy("Influence"),
                kind="number",
                order="influence",
            ),
            Column(
                "interest", gettext_lazy("Interest"), kind="number", order="interest"
            ),
            Column(
                "stance",
                gettext_lazy("Now"),
                kind="choice",
                order="stance",
                tones=STANCE_TONES,
            ),
            Column("wanted", gettext_lazy("Wanted"), kind="choice", order="wanted"),
            Column("owner", gettext_lazy("By whom"), kind="person"),
        ],
        form=StakeholderForm,
        rows=with_people,
        search=["name", "strategy"],
        filters=[
            Filter(
                "stance",
                gettext_lazy("Stance now"),
                lambda: Stakeholder.Stance.choices,
                "stance",
            )
        ],
        list_template="programmes/kickoff/stakeholders.html",
    )
)
COMMUNICATIONS = add_register(
    Register(
        slug="communications",
        phase=Phase.KICK_OFF,
        model=Communication,
        title=gettext_lazy("Communication plan"),
        one=gettext_lazy("communication"),
        empty=gettext_lazy("Who is told what, by whom, when and how."),
        icon="calendar",
        columns=[
            Column("message", gettext_lazy("What"), order="message"),
            Column("audience", gettext_lazy("To whom"), order="audience"),
            Column("sender", gettext_lazy("By whom"), kind="person"),
            Column("due_on", gettext_lazy("When"), kind="date", order="due_on"),
            Column("channel", gettext_lazy("How"), kind="choice", order="channel"),
            Column("state", gettext_lazy("State"), value=state_words),
            Column("notice", gettext_lazy("Announcement")),
        ],
        form=CommunicationForm,
        rows=lambda rows: rows.select_related("unit", "sender", "notice"),
        search=["message", "audience"],
        sort="due_on",
        filters=[
            Filter(
                "channel",
                gettext_lazy("How"),
                lambda: Communication.Channel.choices,
                "channel",
            )
        ],
        list_template="programmes/kickoff/communications.html",
        list_context=overdue_words,
        detail="programmes/kickoff/communication.html",
    )
)
REGISTERS = [STAKEHOLDERS, COMMUNICATIONS]


@access("programme.read")
def stakeholder_map(request: MelioraRequest, code: str) -> HttpResponse:
    """Influence against interest, and who stands where."""
    rows = list(STAKEHOLDERS.queryset(request).order_by("-influence", "name", "pk"))
    hot = [one for one in rows if one.is_hot]
    context = {
        "rows": rows,
        "finding": map_finding(rows, hot),
        "chart": kickoff_charts.stakeholder_map(
            [
                kickoff_charts.Dot(
                    one.name, one.interest, one.influence, one.stance, one.wanted
                )
                for one in rows
            ],
            [str(label) for label in Stakeholder.Stance.labels],
        ),
        "table": map_table(rows),
        "hot": hot,
        "may_edit": request.grants.may("stakeholder.edit"),
        "crumbs": crumbs(request, STAKEHOLDERS, {"label": _("Map")}),
        "nav": "phase2",
    }
    return render(request, "programmes/kickoff/stakeholder_map.html", context)


def map_finding(rows: list[Stakeholder], hot: list[Stakeholder]) -> Text:
    if not rows:
        return _("No stakeholder is on the map yet")
    if hot:
        said = ngettext(
            "%(n)s strong stakeholder is against it",
            "%(n)s strong stakeholders are against it",
            len(hot),
        )
        return said % {"n": len(hot)}
    moving = sum(1 for one in rows if one.gap)
    said = ngettext(
        "Nobody strong is against it; %(n)s is still to be won",
        "Nobody strong is against it; %(n)s are still to be won",
        moving,
    )
    return said % {"n": moving}


def map_table(rows: list[Stakeholder]) -> DataTable:
    return DataTable(
        (_("Stakeholder"), _("Influence"), _("Interest"), _("Now"), _("Wanted")),
        [
            (
                one.name,
                one.influence,
                one.interest,
                one.get_stance_display(),
                one.get_wanted_display(),
            )
            for one in rows
        ],
    )


@access("programme.read")
def champions(request: MelioraRequest, code: str) -> HttpResponse:
    """Each unit in scope with its champions; those without one first."""
    rows = Membership.objects.filter(
        programme=request.programme, role=Membership.Role.CHAMPION
    ).select_related("person__unit")
    by_unit: dict[int | None, list[Any]] = {}
    for one in rows.order_by("person__name", "pk"):
        by_unit.setdefault(one.unit_id, []).append(one.person)
    units = [
        {"unit": one, "people": by_unit.get(one.pk, [])}
        for one in units_in_scope(request.programme)
    ]
    missing = [one["unit"] for one in units if not one["people"]]
    context = {
        "units": sorted(units, key=lambda one: bool(one["people"])),
        "missing": missing,
        "covered": len(units) - len(missing),
        "may_edit": request.grants.may("team.edit"),
        "crumbs": [*crumbs(request, STAKEHOLDERS)[:-1], {"label": _("Champions")}],
        "nav": "phase2",
    }
    return render(request, "programmes/kickoff/champions.html", context)


add_tile(
    Tile(Phase.KICK_OFF, gettext_lazy("Stakeholder map"), "map", "stakeholders-map")
)
add_tile(Tile(Phase.KICK_OFF, gettext_lazy("Champions"), "user-check", "champions"))
urlpatterns = [
    path("p/<slug:code>/stakeholders/map/", stakeholder_map, name="stakeholders-map"),
    path("p/<slug:code>/champions/", champions, name="champions"),
]
