"""What dashboards read: computed by jobs, never edited by hand."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.models import Enterprise, Indicator, Programme
from programmes.phases import Phase


class IndicatorStatus(models.Model):
    """Computed: where one indicator stands. Rows are rewritten, never edited."""

    class Rag(models.TextChoices):
        NONE = "", _("No target")
        GREEN = "green", _("On target")
        AMBER = "amber", _("Near target")
        RED = "red", _("Off target")

    class Chart(models.TextChoices):
        FEW = "few", _("Too few values")
        STABLE = "stable", _("Stable")
        BETTER = "better", _("Improving")
        SIGNAL = "signal", _("Signal")

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="indicator_states"
    )
    indicator = models.OneToOneField(
        Indicator, on_delete=models.CASCADE, related_name="status"
    )
    value = models.FloatField(null=True)
    at = models.DateTimeField(null=True)
    baseline = models.FloatField(null=True)
    target = models.FloatField(null=True)
    progress = models.FloatField(
        null=True, help_text="0 at the baseline, 100 at the target, not clipped"
    )
    rag = models.CharField(max_length=5, choices=Rag, default=Rag.NONE, blank=True)
    chart = models.CharField(max_length=6, choices=Chart, default=Chart.FEW)
    pattern = models.CharField(
        max_length=20, blank=True, help_text="Key of the newest pattern, see charts.py"
    )
    pattern_at = models.DateTimeField(null=True)
    points = models.PositiveIntegerField(default=0)
    spark = models.JSONField(default=list)
    computed_at = models.DateTimeField()
    refreshed_at = models.DateTimeField(
        null=True, help_text="Newest arrival of a value that was looked at"
    )

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value}"


class DashboardSnapshot(models.Model):
    """Computed: the figures of one programme. Portfolios add up those one may see."""

    programme = models.OneToOneField(
        Programme, on_delete=models.CASCADE, related_name="dashboard"
    )
    numbers = models.JSONField(default=dict)
    as_of = models.DateTimeField()
    watermark = models.DateTimeField(
        null=True, help_text="Values that arrived up to here are surely counted"
    )

    def __str__(self) -> str:
        return f"{self.programme}, {self.as_of:%Y-%m-%d %H:%M}"


class PhasePace(models.Model):
    """Computed: how long programmes of an enterprise are quiet in one phase."""

    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.CASCADE, related_name="+"
    )
    phase = models.PositiveSmallIntegerField(choices=Phase)
    usual_days = models.FloatField(null=True, help_text="Median; null: too few gaps")
    limit_days = models.FloatField(help_text="Longer than this is called stalled")
    gaps = models.PositiveIntegerField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "phase"], name="phase_pace_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{Phase(self.phase).label}: {self.limit_days}"
