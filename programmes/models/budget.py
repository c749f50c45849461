"""Phase 1: what the programme costs, who releases it, and what it is to bring."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import (
    MaxValueValidator,
    MinValueValidator,
    RegexValidator,
)
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programmes.maths.budget import BenefitRange, benefit_range
from programmes.models.mandate import MASTER_PLAN
from programmes.models.people import Account, Person
from programmes.models.programme import Record
from programmes.phases import Phase

NOT_NEGATIVE = [MinValueValidator(Decimal(0))]
CENT = Decimal("0.01")
# The columns hold fourteen digits before the point.
MOST_MONEY = Decimal(10) ** 14


def money(label: Any, **options: Any) -> models.DecimalField[Any, Any]:
    """An amount in the enterprise's currency."""
    return models.DecimalField(
        label, max_digits=18, decimal_places=4, validators=NOT_NEGATIVE, **options
    )


class BudgetLine(Record):
    """Money planned for one phase and category, in the programme's currency.

    A line in another currency keeps its own amount and the rate it was planned with.
    `committed` and `actual` are sums over its entries, kept by services/budget.py.
    """

    act = "budget.edit"
    evidence_of = MASTER_PLAN
    material = frozenset({"phase", "category", "planned", "currency", "rate"})
    is_plan = True

    class Category(models.TextChoices):
        PEOPLE = "people", _("Own people")
        CONSULTING = "consulting", _("Consulting")
        IT = "it", _("IT")
        TRAINING = "training", _("Training")
        OTHER = "other", _("Other")

    title = models.CharField(_("what for"), max_length=200)
    phase = models.PositiveSmallIntegerField(
        _("phase"), choices=Phase, null=True, blank=True
    )
    category = models.CharField(
        _("category"), max_length=12, choices=Category, blank=True
    )
    planned = money(_("planned"))
    currency = models.CharField(
        _("other currency"),
        max_length=3,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Use three letters: USD."))],
        help_text=_("Three letters; empty for the programme's currency"),
    )
    rate = models.DecimalField(
        _("fixed rate"),
        max_digits=14,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.000001"))],
        help_text=_("What one unit of it is worth in the programme's currency"),
    )
    planned_foreign = money(_("planned, in that currency"), null=True, blank=True)
    committed = money(_("committed"), default=0, editable=False)
    actual = money(_("actual"), default=0, editable=False)

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget")
        constraints = [
            models.CheckConstraint(
                name="budget_line_currency_has_rate",
                condition=Q(currency="", rate=None, planned_foreign=None)
                | ~Q(currency="")
                & Q(rate__isnull=False, planned_foreign__isnull=False),
                violation_error_message=_(
                    "A line in another currency needs its amount and a fixed rate."
                ),
            ),
        ]

    def clean(self) -> None:
        """The plan of a line in another currency follows from its rate."""
        if self.currency and self.planned_foreign is not None:
            self.planned = self.home(self.planned_foreign)
            if self.planned >= MOST_MONEY:
                raise ValidationError(
                    {"planned_foreign": _("This is too much in programme currency.")}
                )

    def currency_of(self, field: str) -> str:
        return self.currency if field == "planned_foreign" else ""

    def home(self, amount: Decimal) -> Decimal:
        """An amount of the line's currency in the programme's, by the fixed rate."""
        return (amount * (self.rate or 1)).quantize(CENT, ROUND_HALF_UP)


class Tranche(Record):
    """A part of the budget that the approval of a gate releases."""

    act = "budget.edit"
    evidence_of = MASTER_PLAN
    material = frozenset({"gate", "amount"})
    is_named = False

    gate = models.PositiveSmallIntegerField(_("released by gate"), choices=Phase)
    amount = money(_("amount"))
    released_at = models.DateTimeField(_("released"), null=True, editable=False)

    class Meta:
        verbose_name = _("tranche")
        verbose_name_plural = _("tranches")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "gate"],
                condition=Q(deleted_at=None),
                name="tranche_once_per_gate",
                violation_error_message=_("This gate has a tranche already."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Tranche of gate %(number)s") % {"number": self.gate})


class Estimate(Record):
    """The first benefit range and the contingency; one a programme."""

    act = "budget.edit"
    evidence_of = MASTER_PLAN
    material = frozenset(
        {
            "benefit_low",
            "benefit_likely",
            "benefit_high",
            "contingency",
            "owner",
            "horizon_years",
        }
    )
    is_plan = True
    is_named = False

    benefit_low = money(_("yearly benefit, low"), null=True, blank=True)
    benefit_likely = money(_("yearly benefit, likely"), null=True, blank=True)
    benefit_high = money(_("yearly benefit, high"), null=True, blank=True)
    horizon_years = models.PositiveSmallIntegerField(
        _("years looked at"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("For the return; the payback is computed without it"),
    )
    owner = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who answers for the benefit"),
    )
    basis = models.TextField(_("basis of the estimate"), max_length=2000, blank=True)
    contingency = money(_("contingency"), null=True, blank=True)

    class Meta:
        verbose_name = _("benefit range")
        constraints = [
            models.UniqueConstraint(fields=["programme"], name="estimate_once"),
            models.CheckConstraint(
                name="estimate_in_order",
                condition=(
                    Q(benefit_low=None) | Q(benefit_likely=None) | Q(benefit_high=None)
                )
                | Q(benefit_low__lte=F("benefit_likely"))
                & Q(benefit_likely__lte=F("benefit_high")),
                violation_error_message=_(
                    "Give the range in order: low, likely, high."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Benefit range"))

    def worth(self, planned: Decimal) -> BenefitRange | None:
        """Payback and return on all costs; None while the range is incomplete."""
        low, likely, high = self.benefit_low, self.benefit_likely, self.benefit_high
        if low is None or likely is None or high is None:
            return None
        cost = planned + (self.contingency or Decimal(0))
        return benefit_range(cost, low, likely, high, self.horizon_years)


class BudgetEntry(Record):
    """Money of a budget line that was ordered, or that was paid.

    Entries keep flowing while a gate is in review: they are no evidence of gate 1, and
    change the line's sums but not its version. The controller confirms what was paid.
    """

    act = "budget.edit"

    class Kind(models.TextChoices):
        COMMITTED = "committed", _("Ordered")
        ACTUAL = "actual", _("Paid")

    line = models.ForeignKey(
        BudgetLine,
        on_delete=models.PROTECT,
        related_name="entries",
        verbose_name=_("budget line"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    amount = models.DecimalField(
        _("amount"),
        max_digits=18,
        decimal_places=4,
        help_text=_("In the currency of the line; a credit note is negative"),
    )
    booked_on = models.DateField(_("date"))
    document = models.CharField(
        _("document"),
        max_length=80,
        blank=True,
        help_text=_("Number of the order, contract or invoice"),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    home_amount = models.DecimalField(
        _("amount, programme currency"),
        max_digits=18,
        decimal_places=4,
        default=0,
        editable=False,
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    confirmed_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    confirmed_version = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("budget entry")
        verbose_name_plural = _("budget entries")

    def __str__(self) -> str:
        return self.document or str(self.line)

    def currency_of(self, field: str) -> str:
        is_of_line = field == "amount"
        return self.line.currency or self.programme.currency if is_of_line else ""

    @property
    def is_confirmed(self) -> bool:
        """Confirmed by the controller, and not changed since."""
        return self.confirmed_at is not None and self.confirmed_version == self.version
