"""Tasks: the register, and finishing one from anywhere."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.forms.work import DependencyForm, WorkItemForm
from programmes.kit.errors import NotAllowed, Refusal
from programmes.kit.pages import Column, Filter
from programmes.models import Dependency, WorkItem
from programmes.phases import Phase
from programmes.services.work import finish_work, reopen_work, save_dependency
from programmes.views.register import Register, add_register

STATE_TONES = {"doing": "accent", "done": "positive", "dropped": "neutral"}


def task_detail(request: MelioraRequest, record: Any) -> dict[str, Any]:
    needs = record.needs.filter(deleted_at=None).select_related("before")
    followers = record.followers.filter(deleted_at=None).select_related("after")
    return {
        "needs": [one.before for one in needs],
        "followers": [one.after for one in followers],
        "may_finish": request.grants.may("work.finish", record),
    }


TASKS = add_register(
    Register(
        slug="tasks",
        phase=Phase.IMPLEMENTATION,
        model=WorkItem,
        title=gettext_lazy("Tasks"),
        one=gettext_lazy("task"),
        empty=gettext_lazy("The work plan: who does what until when."),
        icon="list-checks",
        columns=[
            Column("title", gettext_lazy("Task"), order="title"),
            Column("owner", gettext_lazy("Owner"), kind="person", order="owner__name"),
            Column(
                "state",
                gettext_lazy("State"),
                kind="choice",
                order="state",
                tones=STATE_TONES,
            ),
            Column("starts_on", gettext_lazy("Starts"), kind="date", order="starts_on"),
            Column("due_on", gettext_lazy("Due"), kind="date", order="due_on"),
            Column(
                "duration_days",
                gettext_lazy("Days"),
                kind="number",
                order="duration_days",
            ),
            Column("phase", gettext_lazy("Phase"), kind="choice", order="phase"),
        ],
        form=WorkItemForm,
        can_import=True,
        rows=lambda rows: rows.select_related("owner"),
        search=["title", "detail", "owner__name"],
        filters=[
            Filter(
                "state", gettext_lazy("State"), lambda: WorkItem.State.choices, "state"
            ),
            Filter("phase", gettext_lazy("Phase"), lambda: Phase.choices, "phase"),
        ],
        sort="due_on",
        detail="programmes/work/task.html",
        detail_context=task_detail,
    )
)
DEPENDENCIES = add_register(
    Register(
        slug="dependencies",
        phase=Phase.IMPLEMENTATION,
        model=Dependency,
        title=gettext_lazy("Dependencies"),
        one=gettext_lazy("dependency"),
        empty=gettext_lazy("Which task waits for which."),
        icon="git-branch",
        columns=[
            Column("before", gettext_lazy("First"), order="before__title"),
            Column("after", gettext_lazy("Then"), order="after__title"),
        ],
        form=DependencyForm,
        rows=lambda rows: rows.select_related("before", "after"),
        save=save_dependency,
    )
)
REGISTERS = [TASKS, DEPENDENCIES]


@access()
@require_POST
def finish(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """Finish a task, or reopen it (undo)."""
    item = get_object_or_404(WorkItem.objects.of(request.programme), pk=pk)
    reopen = bool(request.GET.get("reopen"))
    change = reopen_work if reopen else finish_work
    try:
        change(by=request.user, item=item, now=timezone.now())
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("%(title)s is open again.") if reopen else _("%(title)s is done.")
        tags = "" if reopen else f"undo:{request.path}?reopen=1"
        messages.success(request, said % {"title": item.title}, extra_tags=tags)
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return HttpResponseRedirect(
        wanted if safe else TASKS.url("detail", request.programme, pk)
    )


urlpatterns = [
    path("p/<slug:code>/tasks/<int:pk>/finish/", finish, name="tasks-finish"),
]
