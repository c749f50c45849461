"""What people are told: rows of their inbox, of which some go out by mail."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.models.people import Account
from programmes.models.programme import Programme


class Notification(models.Model):
    """One line for one account. `kind` is a key of services/notifications.py.

    `send_after` keeps what can still be undone from going out too early.
    """

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="notifications"
    )
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=200)
    # The same thing is told once: such as "review-12-due-7".
    key = models.CharField(max_length=80)
    at = models.DateTimeField(_("told"))
    send_after = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], name="told_once"),
        ]
        indexes = [
            models.Index(fields=["account", "-at"], name="inbox_newest"),
            models.Index(
                fields=["send_after"],
                condition=models.Q(mailed_at=None),
                name="mail_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.kind
