"""Background work: the row is the truth, the queue only rings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programmes.models.people import Account
from programmes.models.programme import Programme, RecordQuerySet


class Job(models.Model):
    """One piece of background work and how far it is."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, null=True, related_name="jobs"
    )
    key = models.CharField(
        max_length=120, blank=True, help_text="Waiting jobs of one key are one job"
    )
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    step = models.CharField(max_length=120, blank=True)
    share = models.FloatField(default=0)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    created_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(state="queued") & ~Q(key=""),
                name="one_waiting_job_per_key",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "lease_until"],
                condition=Q(state__in=["queued", "running"]),
                name="open_jobs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
