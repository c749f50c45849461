"""One list of everything to do, each row with the label and link of its reason."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programmes.models.people import Person
from programmes.models.programme import Record
from programmes.phases import Phase


class WorkItem(Record):
    """A task, action or condition with an owner and a date."""

    act = "work.edit"

    class Kind(models.TextChoices):
        TASK = "task", _("Task")
        MILESTONE = "milestone", _("Milestone")
        CONDITION = "condition", _("Gate condition")
        CORRECTIVE = "corrective", _("Corrective action")

    class State(models.TextChoices):
        OPEN = "open", _("To do")
        DOING = "doing", _("In progress")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    title = models.CharField(_("what"), max_length=200)
    detail = models.TextField(_("detail"), max_length=4000, blank=True)
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind, default=Kind.TASK, editable=False
    )
    phase = models.PositiveSmallIntegerField(
        _("phase"), choices=Phase, default=Phase.IMPLEMENTATION
    )
    owner = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="work",
        verbose_name=_("owner"),
    )
    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.OPEN
    )
    is_must = models.BooleanField(_("must be done before the gate"), default=True)
    starts_on = models.DateField(_("starts"), null=True, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    duration_days = models.PositiveSmallIntegerField(
        _("working days"), default=1, validators=[MinValueValidator(1)]
    )
    done_share = models.PositiveSmallIntegerField(
        _("done, %"), default=0, validators=[MaxValueValidator(100)]
    )
    done_at = models.DateTimeField(null=True, editable=False)
    reason_label = models.CharField(max_length=200, blank=True, editable=False)
    reason_url = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.CheckConstraint(
                name="work_in_order",
                condition=Q(due_on=None)
                | Q(starts_on=None)
                | Q(due_on__gte=F("starts_on")),
                violation_error_message=_("A task cannot be due before it starts."),
            ),
        ]


class Dependency(Record):
    """The second task starts after the first has ended."""

    act = "work.edit"

    before = models.ForeignKey(
        WorkItem,
        on_delete=models.CASCADE,
        related_name="followers",
        verbose_name=_("first"),
    )
    after = models.ForeignKey(
        WorkItem,
        on_delete=models.CASCADE,
        related_name="needs",
        verbose_name=_("then"),
    )

    class Meta:
        verbose_name = _("dependency")
        verbose_name_plural = _("dependencies")
        constraints = [
            models.UniqueConstraint(
                fields=["before", "after"],
                condition=Q(deleted_at=None),
                name="dependency_once",
                violation_error_message=_("This dependency exists already."),
            ),
            models.CheckConstraint(
                name="dependency_of_two",
                condition=~Q(before=F("after")),
                violation_error_message=_("A task cannot wait for itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
