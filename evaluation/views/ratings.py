"""Phase 7: raters grade all items on one page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.forms.scorecard import RatingForm
from evaluation.models import QualitativeItem, Rating
from evaluation.services.scorecard import give_ratings
from evaluation.views.scorecard import evaluation_crumbs
from programmes.access import MelioraRequest, access
from programmes.kit.errors import Refusal


@access("rating.give")
def ratings(request: MelioraRequest, code: str) -> HttpResponse:
    """Grade all items on one page."""
    items = list(QualitativeItem.objects.of(request.programme).order_by("pk"))
    may_enter = request.grants.may("evaluation.edit")
    form = RatingForm(request.POST or None, items=items, may_enter=may_enter)
    if not request.POST:
        form.initial = own_grades(request)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            given = give_ratings(
                by=request.user,
                programme=request.programme,
                grades=form.grades,
                group=data["group"],
                comment=data["comment"],
                is_anonymous=data["is_anonymous"],
                is_outside=data.get("is_outside", False),
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Grades saved: %(n)s.") % {"n": len(given)})
            return HttpResponseRedirect(reverse("qualitative-list", args=[code]))
    context = {
        "form": form,
        "items": items,
        "back_url": reverse("qualitative-list", args=[code]),
        "crumbs": evaluation_crumbs(request, _("Give grades")),
        "nav": "phase7",
    }
    status = 422 if form.errors else 200
    return render(request, "evaluation/scorecard/rate.html", context, status=status)


def own_grades(request: MelioraRequest) -> dict[str, Any]:
    """What the person gave before, to be changed."""
    mine = Rating.objects.of(request.programme).filter(person=request.person)
    found: dict[str, Any] = {}
    for one in mine:
        found[f"item-{one.item_id}"] = one.grade
        found |= {
            "group": one.group,
            "comment": one.comment,
            "is_anonymous": one.is_anonymous,
        }
    return found


urlpatterns = [
    path("p/<slug:code>/evaluation/grades/", ratings, name="ratings"),
]
