"""How ready a gate is, as stored: computed rows that other pages read."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from programmes.models.gates import Gate


class Readiness(models.Model):
    """Computed: how ready a gate is. Rows are rewritten, never edited by hand."""

    gate = models.OneToOneField(
        Gate, on_delete=models.CASCADE, related_name="readiness"
    )
    met = models.PositiveSmallIntegerField(default=0)
    needed = models.PositiveSmallIntegerField(default=0)
    missing = models.JSONField(default=list)
    beyond = models.JSONField(
        default=list, help_text="What of time, cost and benefit left its tolerance"
    )
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.gate}: {self.met}/{self.needed}"


class ReadinessPoint(models.Model):
    """How ready a gate was at the end of a day: what the forecast is drawn from."""

    gate = models.ForeignKey(
        Gate, on_delete=models.CASCADE, related_name="readiness_points"
    )
    on = models.DateField()
    met = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(0), MaxValueValidator(1000)]
    )
    needed = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gate", "on"], name="readiness_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.gate}, {self.on}: {self.met}/{self.needed}"
