"""Method packs: what each gate asks, who decides and how, versioned."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programmes.models.people import Account, Enterprise
from programmes.pack_texts import said


class MethodPack(models.Model):
    """One version of a pack of an enterprise. Once released it is never edited.

    `content` has the form that programmes/method_packs.py reads; the shipped packs are
    the YAML files of programmes/packs/, written here when an enterprise first uses one.
    """

    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.CASCADE, related_name="packs"
    )
    key = models.SlugField(_("key"), max_length=40)
    version = models.PositiveIntegerField(_("version"), default=1)
    title = models.CharField(_("title"), max_length=80)
    note = models.TextField(_("what changed"), max_length=2000, blank=True)
    content = models.JSONField()
    created_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    released_at = models.DateTimeField(_("released"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "key", "version"], name="pack_version_once"
            ),
            models.UniqueConstraint(
                fields=["enterprise", "key"],
                condition=Q(released_at=None),
                name="one_draft_of_a_pack",
            ),
        ]

    def __str__(self) -> str:
        return f"{said(self.title)} {self.version}"
