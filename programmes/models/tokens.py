"""Tokens for machines. Only a hash is kept; the secret is shown once."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.models.people import Account, Enterprise
from programmes.models.programme import Programme


class ApiToken(models.Model):
    """A service account: what a system may do, until when."""

    class Scope(models.TextChoices):
        MEASUREMENTS = "kpi:write", _("Send measurements")
        LOGS = "logs:write", _("Send event logs and read their state")
        METHODS = "methods:run", _("Run methods")

    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.CASCADE, related_name="tokens"
    )
    programme = models.ForeignKey(
        Programme,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("programme"),
        help_text=_("Empty: all of the enterprise"),
    )
    name = models.CharField(_("name"), max_length=80)
    public_id = models.CharField(max_length=16, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(default=list)
    expires_on = models.DateField(_("valid until"))
    created_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return self.name
