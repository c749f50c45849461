"""Lessons of a programme, and those of all programmes one may see."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.forms.scorecard import LessonForm
from evaluation.models import Lesson
from programmes.access import MelioraRequest, access
from programmes.kit.pages import Column, Filter, listing
from programmes.phases import Phase
from programmes.views.register import Register, add_register

TONES = {"success": "positive", "failure": "attention"}
COLUMNS = [
    Column("title", gettext_lazy("Lesson"), order="title"),
    Column("kind", gettext_lazy("Kind"), kind="choice", order="kind", tones=TONES),
    Column("phase", gettext_lazy("Phase"), kind="choice", order="phase"),
    Column("advice", gettext_lazy("Advice")),
    Column("tags", gettext_lazy("Tags")),
]
FILTERS = [
    Filter(
        "phase",
        gettext_lazy("Phase"),
        lambda: [(str(value), label) for value, label in Phase.choices],
        "phase",
    ),
    Filter("kind", gettext_lazy("Kind"), lambda: Lesson.Kind.choices, "kind"),
]
SEARCH = ["title", "happened", "cause", "advice", "tags"]
LESSONS = add_register(
    Register(
        slug="lessons",
        phase=Phase.EVALUATION,
        model=Lesson,
        title=gettext_lazy("Lessons"),
        one=gettext_lazy("lesson"),
        empty=gettext_lazy(
            "Successes and failures of each phase, with advice to others."
        ),
        icon="lightbulb",
        columns=COLUMNS,
        form=LessonForm,
        can_import=True,
        search=SEARCH,
        filters=FILTERS,
        sort="phase",
        list_template="evaluation/lessons/list.html",
    )
)
REGISTERS = [LESSONS]


@access()
def all_lessons(request: MelioraRequest) -> HttpResponse:
    """What any programme learned, found by phase, kind and words."""
    rows = Lesson.objects.visible_to(request.user).alive().select_related("programme")
    found = listing(
        rows, request.GET, COLUMNS, search=SEARCH, filters=FILTERS, default="phase"
    )
    context = {
        "listing": found,
        "searchable": True,
        "tones": TONES,
        "crumbs": [{"label": _("Lessons")}],
        "nav": "library",
    }
    return render(request, "evaluation/lessons/all.html", context)


urlpatterns = [path("lessons/", all_lessons, name="lessons-all")]
