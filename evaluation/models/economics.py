"""What the programme cost and brought, line by line."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.models import Indicator, OrgUnit, Person, Record
from programmes.phases import Phase


class CostBenefit(Record):
    """One cost or benefit of one year; the controller confirms it as it stands."""

    act = "economics.edit"
    evidence_of = (Phase.EVALUATION,)
    material = frozenset({"actual", "kind", "plan", "year"})

    class Kind(models.TextChoices):
        COST = "cost", _("Cost")
        BENEFIT = "benefit", _("Benefit")

    class Basis(models.TextChoices):
        MEASURED = "measured", _("Measured")
        ESTIMATED = "estimated", _("Estimated")
        ASSUMED = "assumed", _("Assumed")

    title = models.CharField(_("what"), max_length=160)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    plan = models.DecimalField(
        _("planned"),
        max_digits=14,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0))],
    )
    actual = models.DecimalField(
        _("actual"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    basis = models.CharField(
        _("evidence"), max_length=9, choices=Basis, default=Basis.ESTIMATED
    )
    indicator = models.ForeignKey(
        Indicator,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("shows in indicator"),
        help_text=_("Two benefits of one indicator, unit and period count double"),
    )
    unit = models.ForeignKey(
        OrgUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("unit"),
    )
    period = models.CharField(_("period"), max_length=40, blank=True)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    confirmed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    confirmed_version = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("cost or benefit")
        verbose_name_plural = _("costs and benefits")

    @property
    def is_confirmed(self) -> bool:
        """Confirmed in the version that stands now."""
        return self.confirmed_version == self.version

    @property
    def claim(self) -> tuple[int | None, int | None, str, int]:
        """What a benefit is counted for; two equal claims count double."""
        return (self.indicator_id, self.unit_id, self.period.strip().lower(), self.year)
