"""Phase 1: when the phases run, on which working days, and how they were moved."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programmes.models.mandate import MASTER_PLAN
from programmes.models.programme import Record
from programmes.phases import Phase


class PhasePlan(Record):
    """When a phase runs and when its gate is due; eight a programme."""

    act = "plan.edit"
    evidence_of = MASTER_PLAN
    material = frozenset({"starts_on", "ends_on", "gate_on"})
    is_plan = True
    is_named = False

    phase = models.PositiveSmallIntegerField(_("phase"), choices=Phase, editable=False)
    starts_on = models.DateField(_("starts"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    gate_on = models.DateField(_("gate"), null=True, blank=True)

    class Meta:
        verbose_name = _("phase plan")
        verbose_name_plural = _("phase plan")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "phase"], name="phase_plan_once"
            ),
            models.CheckConstraint(
                name="phase_plan_in_order",
                condition=Q(ends_on=None)
                | Q(starts_on=None)
                | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A phase cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return str(Phase(self.phase).label)


class WorkCalendar(Record):
    """Which days nobody works: the holidays of a country; at most one a programme."""

    act = "plan.edit"
    is_named = False

    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}$", _("Use two letters: DE."))],
    )
    region = models.CharField(_("region"), max_length=12, blank=True)

    class Meta:
        verbose_name = _("working calendar")
        constraints = [
            models.UniqueConstraint(fields=["programme"], name="work_calendar_once"),
        ]

    def __str__(self) -> str:
        return "-".join(filter(None, (self.country, self.region)))


class PlanMove(Record):
    """One change of the phase plan: the dates before and after it, to be undone whole.

    Both are lists of rows with phase, starts_on, ends_on and gate_on.
    """

    act = "plan.edit"
    is_named = False

    before = models.JSONField(default=list, editable=False)
    after = models.JSONField(default=list, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("move of the plan")
