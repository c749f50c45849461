"""Options, the yardsticks they are scored on, and the business case of each."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from design.maths.case import Case, Line, business_case
from programmes.models import Indicator, OrgUnit, Programme, Record
from programmes.phases import Phase

HUNDRED = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]
LONGEST_CASE = 20


def effect(label: Any) -> Any:
    """A change against today in percent; 0 where nothing changes."""
    return models.DecimalField(
        label, max_digits=6, decimal_places=1, null=True, blank=True
    )


def in_order(name: str) -> models.CheckConstraint:
    low, likely, high = f"{name}_low", f"{name}_likely", f"{name}_high"
    return models.CheckConstraint(
        name=f"option_{name}_in_order",
        condition=Q(**{low: None})
        | Q(**{likely: None})
        | Q(**{high: None})
        | Q(**{f"{low}__lte": F(likely), f"{likely}__lte": F(high)}),
        violation_error_message=_("Low, likely and high must rise."),
    )


class Yardstick(Record):
    """What options are scored on, with its weight and the words for 0 and 100."""

    act = "option.edit"
    evidence_of = (Phase.DESIGN,)
    material = frozenset({"weight"})

    title = models.CharField(_("criterion"), max_length=120)
    weight = models.DecimalField(
        _("weight, %"), max_digits=5, decimal_places=2, validators=HUNDRED
    )
    worst = models.CharField(
        _("0 points mean"), max_length=200, help_text=_("The worst you can imagine")
    )
    best = models.CharField(
        _("100 points mean"), max_length=200, help_text=_("More is always better")
    )

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")


class Option(Record):
    """A way to reach the goals, or to do nothing."""

    act = "option.edit"
    evidence_of = (Phase.DESIGN,)
    material = frozenset({"kind", "name"})

    class Kind(models.TextChoices):
        NOTHING = "nothing", _("Do nothing")
        IMPROVE = "improve", _("Improve the present process")
        REDESIGN = "redesign", _("Redesign the process")
        AUTOMATE = "automate", _("Automate it")
        SOURCE = "source", _("Buy it from others")

    name = models.CharField(_("option"), max_length=120)
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind, default=Kind.REDESIGN
    )
    description = models.TextField(_("description"), max_length=4000, blank=True)
    time_low = effect(_("time, low, %"))
    time_likely = effect(_("time, likely, %"))
    time_high = effect(_("time, high, %"))
    cost_low = effect(_("cost, low, %"))
    cost_likely = effect(_("cost, likely, %"))
    cost_high = effect(_("cost, high, %"))
    quality_low = effect(_("quality, low, %"))
    quality_likely = effect(_("quality, likely, %"))
    quality_high = effect(_("quality, high, %"))

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        constraints = [in_order(one) for one in ("time", "cost", "quality")]

    @property
    def is_nothing(self) -> bool:
        return self.kind == self.Kind.NOTHING


class Score(Record):
    """How good an option is on one yardstick, from 0 to 100."""

    act = "option.edit"
    evidence_of = (Phase.DESIGN,)
    material = frozenset({"points"})

    option = models.ForeignKey(Option, on_delete=models.CASCADE, related_name="scores")
    yardstick = models.ForeignKey(
        Yardstick, on_delete=models.CASCADE, related_name="scores"
    )
    points = models.DecimalField(
        _("points"), max_digits=5, decimal_places=2, validators=HUNDRED
    )

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(
                fields=["option", "yardstick"],
                condition=Q(deleted_at=None),
                name="score_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.option}, {self.yardstick}"


class CaseLine(Record):
    """An amount that an option costs or brings in one year; year 0 is now."""

    act = "case.edit"
    evidence_of = (Phase.DESIGN,)
    material = frozenset({"amount", "kind", "option", "year"})

    class Kind(models.TextChoices):
        COST = "cost", _("Cost")
        BENEFIT = "benefit", _("Benefit")

    class Basis(models.TextChoices):
        MEASURED = "measured", _("Measured")
        ESTIMATED = "estimated", _("Estimated")
        ASSUMED = "assumed", _("Assumed")

    option = models.ForeignKey(
        Option, on_delete=models.CASCADE, related_name="lines", verbose_name=_("option")
    )
    title = models.CharField(_("what for"), max_length=200)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    year = models.PositiveSmallIntegerField(
        _("year"),
        default=0,
        validators=[MaxValueValidator(LONGEST_CASE)],
        help_text=_("0 is now, 1 the first year after"),
    )
    amount = models.DecimalField(
        _("amount"),
        max_digits=18,
        decimal_places=4,
        validators=[MinValueValidator(Decimal(0))],
    )
    basis = models.CharField(
        _("basis"), max_length=9, choices=Basis, default=Basis.ESTIMATED
    )
    indicator = models.ForeignKey(
        Indicator,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("shows in indicator"),
        help_text=_("Two benefits of one indicator, unit and year count double"),
    )
    unit = models.ForeignKey(
        OrgUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("unit"),
    )

    class Meta:
        verbose_name = _("case line")
        verbose_name_plural = _("case lines")

    @property
    def claim(self) -> tuple[int, int | str, int | None]:
        """What a benefit is counted for; two equal claims count double."""
        return (self.year, self.indicator_id or self.title.lower(), self.unit_id)


class CaseRate(Record):
    """The rate a year at which the programme discounts money; one a programme."""

    act = "case.edit"
    evidence_of = (Phase.DESIGN,)
    material = frozenset({"percent"})

    DEFAULT = Decimal(8)

    percent = models.DecimalField(
        _("discount rate, % a year"),
        max_digits=5,
        decimal_places=2,
        default=DEFAULT,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(50))],
    )
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("Who set it, and when")
    )

    class Meta:
        verbose_name = _("discount rate")
        verbose_name_plural = _("discount rates")
        constraints = [
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(deleted_at=None),
                name="rate_once",
                violation_error_message=_("The programme has a discount rate."),
            ),
        ]

    def __str__(self) -> str:
        return f"{Decimal(self.percent).normalize():f}%"

    @classmethod
    def of(cls, programme: Programme) -> CaseRate:
        """The rate of the programme, or an unsaved one with the default."""
        found: CaseRate | None = cls.objects.of(programme).first()
        return found or cls(programme=programme)


def case_of(lines: Iterable[CaseLine], percent: Decimal) -> Case | None:
    """The case of some lines, or nothing where there are none."""
    given = [
        Line(one.kind == CaseLine.Kind.BENEFIT, one.year, one.amount) for one in lines
    ]
    return business_case(given, percent) if given else None
