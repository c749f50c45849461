"""Issued documents: the stored PDF is the authority."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.models.people import Account
from programmes.models.programme import Programme, RecordQuerySet


class Document(models.Model):
    """A report as it was issued: facts, PDF and their hashes. Never edited."""

    class Kind(models.TextChoices):
        DIAGNOSIS = "diagnosis", _("Diagnosis report")
        EVALUATION = "evaluation", _("Evaluation report")
        MINUTES = "minutes", _("Minutes")

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="documents"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    number = models.PositiveIntegerField(_("number"))
    facts = models.JSONField()
    facts_sha256 = models.CharField(max_length=64)
    pdf = models.FileField(upload_to="documents/%Y/%m/")
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField(default=0)
    issued_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("issued"))

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "number"], name="document_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"
