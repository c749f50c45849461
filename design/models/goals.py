"""Goals: what an indicator is to reach, until when, and why."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diagnosis.models.problems import Problem
from programmes.models import Indicator, Objective, Person, Record
from programmes.phases import Phase


class Goal(Record):
    """An indicator moved from a baseline to a target; it serves an objective.

    How it ended is written down in the evaluation, so it is not material: gate 4
    rests on the aim alone.
    """

    act = "goal.edit"
    evidence_of = (Phase.DESIGN, Phase.EVALUATION)
    material = frozenset({"baseline", "due_on", "indicator", "owner", "target"})

    class Outcome(models.TextChoices):
        MET = "met", _("Met")
        PARTLY = "partly", _("Partly met")
        MISSED = "missed", _("Not met")

    title = models.CharField(_("goal"), max_length=200)
    objective = models.ForeignKey(
        Objective,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="goals",
        verbose_name=_("serves the objective"),
    )
    problem = models.ForeignKey(
        Problem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="goals",
        verbose_name=_("solves the problem"),
    )
    indicator = models.ForeignKey(
        Indicator,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="goals",
        verbose_name=_("indicator"),
    )
    baseline = models.DecimalField(
        _("baseline"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    target = models.DecimalField(
        _("target"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    due_on = models.DateField(_("by"), null=True, blank=True)
    owner = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    outcome = models.CharField(
        _("outcome"),
        max_length=6,
        choices=Outcome,
        blank=True,
        help_text=_("Said in the evaluation"),
    )
    outcome_reason = models.TextField(
        _("reason of the outcome"), max_length=2000, blank=True
    )

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        constraints = [
            models.CheckConstraint(
                name="goal_target_moves",
                condition=Q(baseline=None) | Q(target=None) | ~Q(baseline=F("target")),
                violation_error_message=_("The target must differ from the baseline."),
            ),
        ]

    def unit_of(self, field: str) -> str:
        return self.indicator.unit if self.indicator else ""

    @property
    def is_measurable(self) -> bool:
        """It says what is measured, from where to where, and until when."""
        numbers = (self.baseline, self.target)
        return bool(self.indicator_id and self.due_on) and None not in numbers

    @property
    def is_closed(self) -> bool:
        """It is said how it ended, and why."""
        return bool(self.outcome and self.outcome_reason.strip())

    @property
    def is_traced(self) -> bool:
        return bool(self.objective_id and self.problem_id)
