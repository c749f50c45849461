"""Who did what: one line each, written in the transaction of the deed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.models.people import Account, Enterprise
from programmes.models.programme import Programme, RecordQuerySet

# Deeds that say who may do what, and change none of the programme's records.
QUIET_VERBS = ("granted", "revoked", "invited", "delegated", "undelegated")


class ActivityQuerySet(RecordQuerySet):
    def changes(self) -> ActivityQuerySet:
        """What somebody did to a record of a programme; nothing done by itself."""
        return self.filter(actor__isnull=False).exclude(verb__in=QUIET_VERBS)


class Activity(models.Model):
    """Somebody did something to something.

    `verb` and `kind` are keys of programmes/services/activity.py, shown in the
    reader's language; `label` is what people typed.
    """

    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.CASCADE, related_name="+"
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, null=True, related_name="activities"
    )
    actor = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+"
    )
    verb = models.CharField(max_length=40)
    kind = models.CharField(max_length=80, blank=True)
    label = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    at = models.DateTimeField()

    objects = ActivityQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["programme", "-at"], name="activity_newest")]

    def __str__(self) -> str:
        return f"{self.verb} {self.label}"
