"""Issued documents: the stored PDF is the authority."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programmes.models.gates import GateReview
from programmes.models.people import Account
from programmes.models.programme import Programme, RecordQuerySet


class Document(models.Model):
    """A report as it was issued: facts, PDF and their hashes. Never edited."""

    class Kind(models.TextChoices):
        MANDATE = "mandate", _("Mandate")
        DIAGNOSIS = "diagnosis", _("Diagnosis report")
        EVALUATION = "evaluation", _("Evaluation report")
        MINUTES = "minutes", _("Minutes")
        GATE = "gate", _("Gate record")

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="documents"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    number = models.PositiveIntegerField(_("number"))
    # Printed on it; cannot be guessed, so that the public check tells no stranger
    # which documents exist.
    reference = models.CharField(_("check number"), max_length=14, blank=True)
    review = models.ForeignKey(
        GateReview,
        on_delete=models.PROTECT,
        null=True,
        related_name="documents",
        help_text="The round that a gate record is of",
    )
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
            models.UniqueConstraint(
                fields=["reference"],
                condition=~Q(reference=""),
                name="document_reference",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"
