"""Looking back: any page of a programme with `?as_of=` shows how it was then.

A view that can answer for the past carries another one as `then` (see `remembers`).
The middleware calls it in place of the view; where there is none, the pack that a gate
froze nearest before is shown, and the page says so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from programmes.access import MelioraRequest, access
from programmes.gate_changes import frozen_rows, result_word
from programmes.gating import criteria
from programmes.lifecycle import OPENING, GateKind
from programmes.models import GateReview
from programmes.moments import APPROVED, Moment, NoMoment, read_moment
from programmes.phases import Phase

View = TypeVar("View", bound=Callable[..., HttpResponse])
# What the address carries to look back, and what only makes sense today.
MOMENT, HOUR = "as_of", "hour"
PER_PAGE = 50


def remembers(view: View, then: Callable[..., HttpResponse]) -> View:
    """Say which view answers for the past: called as (request, moment, ...)."""
    view.then = then  # type: ignore[attr-defined]
    return view


class LookingBackMiddleware:
    """Answers for the past; rights were checked by the door before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: MelioraRequest,
        view: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        asked = request.GET.get(MOMENT, "").strip()
        is_reading = request.method in ("GET", "HEAD")
        if not asked or not is_reading or not hasattr(request, "programme"):
            return None
        try:
            moment = read_moment(request.programme, with_hour(request), timezone.now())
        except NoMoment as refusal:
            return no_moment(request, str(refusal))
        then = getattr(view, "then", frozen)
        found: HttpResponse = then(request, moment, **kwargs)
        return found


def with_hour(request: HttpRequest) -> str:
    """The day and the hour of the form as one moment."""
    asked, hour = request.GET.get(MOMENT, ""), request.GET.get(HOUR, "")
    return f"{asked}T{hour}" if hour and "T" not in asked else asked


def banner(request: MelioraRequest, moment: Moment) -> dict[str, Any]:
    """What the band above a page of the past says, and where it leads."""
    query = request.GET.copy()
    for name in (MOMENT, HOUR, "page"):
        query.pop(name, None)
    rest = query.urlencode()
    here = f"{request.path}?{rest}" if rest else request.path
    changes = reverse("changes", args=[request.programme.code])
    return {
        "moment": moment,
        "today_url": here,
        "changes_url": f"{changes}?from={moment.asked}",
        "moment_url": picker_url(request, here, moment),
    }


def picker_url(request: MelioraRequest, here: str, moment: Moment | None = None) -> str:
    query = QueryDict(mutable=True)
    query["page"] = here
    if moment:
        query["day"] = moment.day.isoformat()
    url = reverse("look-back", args=[request.programme.code])
    return f"{url}?{query.urlencode()}"


def no_moment(request: MelioraRequest, why: str) -> HttpResponse:
    """The page cannot be shown: say why, and offer another moment."""
    return picker(request, request.path, why, status=422)


# --- choosing ---------------------------------------------------------------------


@access("programme.read")
def look_back(request: MelioraRequest, code: str) -> HttpResponse:
    """Choose a day, an hour or a gate to see a page as of."""
    page = request.GET.get("page", "")
    if not page.startswith(f"/p/{code}/") or not url_has_allowed_host_and_scheme(
        page, allowed_hosts=None
    ):
        return HttpResponseRedirect(
            f"{reverse('look-back', args=[code])}?page=/p/{code}/"
        )
    return picker(request, page)


def picker(
    request: MelioraRequest, page: str, why: str = "", status: int = 200
) -> HttpResponse:
    path_only, _mark, query = page.partition("?")
    programme = request.programme
    now = timezone.localtime()
    context = {
        "why": why,
        "page_url": page,
        "path_only": path_only,
        "query": query,
        "kept": kept(query),
        "first": timezone.localtime(programme.created_at).date().isoformat(),
        "last": now.date().isoformat(),
        "day": request.GET.get("day", "")[:10],
        "approvals": approvals(programme),
        "crumbs": [
            {"label": programme.name, "href": f"/p/{programme.code}/"},
            {"label": _("Look back")},
        ],
        "nav": "",
    }
    return render(request, "programmes/past/picker.html", context, status=status)


def kept(query: str) -> list[tuple[str, str]]:
    """The rest of the page's query, for hidden fields."""
    from_address = QueryDict(query)
    return [
        (name, value)
        for name, values in from_address.lists()
        for value in values
        if name not in (MOMENT, HOUR, "page")
    ]


def approvals(programme: Any) -> list[dict[str, Any]]:
    """The last approval of each gate, the newest first."""
    reviews = (
        GateReview.objects.filter(
            gate__programme=programme,
            gate__kind=GateKind.PHASE,
            state__in=APPROVED,
            outcome__in=OPENING,
        )
        .select_related("gate")
        .order_by("gate", "-round")
        .distinct("gate")
    )
    found = [
        {"asked": f"gate-{one.gate.phase}", "gate": one.gate, "at": one.decided_at}
        for one in reviews
    ]
    return sorted(found, key=lambda one: one["at"], reverse=True)


# --- pages without a history ------------------------------------------------------


def frozen(request: MelioraRequest, moment: Moment, **_kwargs: Any) -> HttpResponse:
    """For a page without history: the pack that was frozen nearest before."""
    programme = request.programme
    reviews = GateReview.objects.filter(
        gate__programme=programme,
        gate__kind=GateKind.PHASE,
        submitted_at__lte=moment.at,
    )
    review = reviews.select_related("gate").order_by("-submitted_at", "-pk").first()
    pack = review.pack if review else {}
    rows = pack.get("evidence", [])
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "review": review,
        "criteria": criteria_of(pack),
        "page": page,
        "rows": frozen_rows(list(page)),
        "registers_url": f"/p/{programme.code}/?as_of={moment.asked}",
        "crumbs": [
            {"label": programme.name, "href": f"/p/{programme.code}/"},
            {"label": _("Frozen pack")},
        ],
        "nav": "",
        **banner(request, moment),
    }
    return render(request, "programmes/past/frozen.html", context)


def criteria_of(pack: dict[str, Any]) -> list[dict[str, Any]]:
    titles = {
        one.code: one.title
        for phase in pack.get("phases", ())
        for one in criteria(Phase(phase))
    }
    return [
        {
            "title": titles.get(one["code"], one["code"]),
            "result": result_word(one["result"]),
            "is_met": one["result"] != "fail",
        }
        for one in pack.get("criteria", ())
    ]


urlpatterns = [path("p/<slug:code>/look-back/", look_back, name="look-back")]
