"""The environment: outside factors by PESTEL dimension, inside ones, and SWOT."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programmes.models import Record
from programmes.phases import Phase

DIAGNOSIS = (Phase.DIAGNOSIS,)


class Factor(Record):
    """Something outside or inside the enterprise that helps or hurts the process."""

    act = "environment.edit"
    evidence_of = DIAGNOSIS
    material = frozenset({"dimension", "impact", "likelihood", "text"})

    class Dimension(models.TextChoices):
        POLITICAL = "political", _("Political")
        ECONOMIC = "economic", _("Economic")
        SOCIAL = "social", _("Social")
        TECHNOLOGICAL = "technological", _("Technological")
        ENVIRONMENTAL = "environmental", _("Environmental")
        LEGAL = "legal", _("Legal")
        INTERNAL = "internal", _("Internal")

    class Horizon(models.TextChoices):
        NOW = "now", _("Now")
        YEAR = "year", _("Within a year")
        LATER = "later", _("Later")

    dimension = models.CharField(_("dimension"), max_length=13, choices=Dimension)
    text = models.CharField(_("factor"), max_length=300)
    impact = models.SmallIntegerField(
        _("impact"),
        validators=[MinValueValidator(-5), MaxValueValidator(5)],
        help_text=_("From −5, hurts badly, to 5, helps a lot"),
    )
    likelihood = models.PositiveSmallIntegerField(
        _("likelihood"),
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=_("From 1, unlikely, to 5, certain"),
    )
    horizon = models.CharField(
        _("horizon"), max_length=5, choices=Horizon, default=Horizon.YEAR
    )
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("Who says so, or where")
    )

    class Meta:
        verbose_name = _("factor")
        verbose_name_plural = _("factors")
        constraints = [
            models.CheckConstraint(
                name="factor_in_range",
                condition=Q(impact__range=(-5, 5)) & Q(likelihood__range=(1, 5)),
            ),
        ]

    @property
    def attention(self) -> int:
        """How much attention the factor deserves: |impact| × likelihood."""
        return abs(self.impact) * self.likelihood


class SwotItem(Record):
    """One strength, weakness, opportunity or threat."""

    act = "environment.edit"
    evidence_of = DIAGNOSIS
    material = frozenset({"field", "text"})

    class Field(models.TextChoices):
        STRENGTH = "strength", _("Strength")
        WEAKNESS = "weakness", _("Weakness")
        OPPORTUNITY = "opportunity", _("Opportunity")
        THREAT = "threat", _("Threat")

    field = models.CharField(_("field"), max_length=11, choices=Field)
    text = models.CharField(_("entry"), max_length=300)
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("Who says so, or where")
    )

    class Meta:
        verbose_name = _("SWOT entry")
        verbose_name_plural = _("SWOT")


OUTSIDE = tuple(one for one in Factor.Dimension if one != Factor.Dimension.INTERNAL)
