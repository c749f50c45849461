"""Phase 1: lists of an earlier programme taken over, with counts before it is done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from programmes.access import MelioraRequest, access
from programmes.kit.errors import NotAllowed, Refusal
from programmes.kit.given import whole
from programmes.models import Programme
from programmes.phases import Phase
from programmes.services.copying import LISTS, all_to_copy, copy_lists, sources
from programmes.views.workspace import Tile, add_tile

MOST_NAMED = 8

add_tile(
    Tile(
        Phase.MASTER_PLAN,
        gettext_lazy("Take over from an earlier programme"),
        "copy",
        "copy-lists",
    )
)


class SourceForm(forms.Form):
    source = forms.ModelChoiceField(
        label=gettext_lazy("Programme"), queryset=Programme.objects.none()
    )

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source: Any = self.fields["source"]
        source.queryset = choices
        # Asked for once: whether there are any, and which.
        self.names = [(one.pk, str(one)) for one in choices]
        source.choices = [("", "—"), *self.names]


@access("objective.edit")
def copy(request: MelioraRequest, code: str) -> HttpResponse:
    """Choose a programme, see what would come, take it over."""
    programme = request.programme
    found = sources(request.user, programme)
    key = whole(request.POST or request.GET, "source")
    source = get_object_or_404(found, pk=key) if key else None
    form = SourceForm(initial={"source": key}, choices=found)
    error = ""
    if request.method == "POST" and source:
        try:
            counts = copy_lists(
                by=request.user,
                source=source,
                into=programme,
                slugs=request.POST.getlist("list"),
                now=timezone.now(),
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            error = str(refusal)
        else:
            count = sum(counts.values())
            said = ngettext(
                "%(count)s row was taken over.",
                "%(count)s rows were taken over.",
                count,
            )
            messages.success(request, said % {"count": count})
            return HttpResponseRedirect(reverse("phase", args=[code, 1]))
    context = {
        "form": form,
        "source": source,
        "error": error,
        "lists": preview(source, programme) if source else [],
        "has_sources": bool(form.names),
        "crumbs": [
            {"label": programme.name, "href": f"/p/{code}/"},
            {
                "label": Phase.MASTER_PLAN.label,
                "href": reverse("phase", args=[code, 1]),
            },
            {"label": _("Take over")},
        ],
        "nav": "phase1",
    }
    status = 422 if error or (request.method == "POST" and not source) else 200
    return render(request, "programmes/copying/copy.html", context, status=status)


def preview(source: Programme, programme: Programme) -> list[dict[str, Any]]:
    """Each list with its new rows; two queries."""
    found = []
    new_rows = all_to_copy(source, programme)
    for slug, (model, _left_out) in LISTS.items():
        rows = new_rows[slug]
        found.append(
            {
                "slug": slug,
                "label": model._meta.verbose_name_plural,
                "count": len(rows),
                "names": [str(one) for one in rows[:MOST_NAMED]],
                "more": max(0, len(rows) - MOST_NAMED),
            }
        )
    return found


urlpatterns = [path("p/<slug:code>/copy/", copy, name="copy-lists")]
