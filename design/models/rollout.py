"""The roll-out: which unit goes live when, and that its head accepted it."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programmes.models import Gate, OrgUnit, Person, Record
from programmes.phases import Phase


class Rollout(Record):
    """The go-live of the scheme in one unit.

    Its head accepts it at a checkpoint, a gate outside the sequence; what was accepted
    before there were any stands with name and time and has none.
    """

    act = "work.edit"
    evidence_of = (Phase.IMPLEMENTATION,)
    material = frozenset({"fallback", "go_live_on", "is_pilot", "unit"})

    unit = models.ForeignKey(
        OrgUnit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit")
    )
    go_live_on = models.DateField(_("goes live"), null=True, blank=True)
    is_pilot = models.BooleanField(_("pilot"), default=False)
    owner = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("head of the unit"),
    )
    note = models.TextField(_("what was seen"), max_length=2000, blank=True)
    fallback = models.TextField(
        _("fallback and hypercare"),
        max_length=2000,
        blank=True,
        help_text=_("The way back, and who helps in the first weeks"),
    )
    fallback_tested_on = models.DateField(_("fallback tested"), null=True, blank=True)
    adoption = models.DecimalField(
        _("cases done the new way, %"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
        help_text=_("Share of the newest period"),
    )
    gate = models.OneToOneField(
        Gate,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="rollout",
        verbose_name=_("go-live checkpoint"),
    )
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    accepted_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("roll-out")
        verbose_name_plural = _("roll-outs")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "unit"],
                condition=Q(deleted_at=None),
                name="rollout_once",
                violation_error_message=_("This unit is in the roll-out already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit)
