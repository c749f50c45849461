"""The evaluation system: what counts how much, and the grades of raters."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programmes.models import Indicator, Person, Record
from programmes.phases import Phase

EVALUATION = (Phase.EVALUATION,)
SHARE = [MinValueValidator(0), MaxValueValidator(100)]


class EvaluationSetup(Record):
    """How one programme is evaluated: weights of branches, periods, interest."""

    act = "evaluation.edit"
    evidence_of = EVALUATION
    material = frozenset(
        {
            "baseline_until",
            "economic",
            "management",
            "measured_from",
            "qualitative",
            "rate",
        }
    )
    is_named = False

    economic = models.DecimalField(
        _("weight of economic indicators, %"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(40),
        validators=SHARE,
    )
    management = models.DecimalField(
        _("weight of management-process indicators, %"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(40),
        validators=SHARE,
    )
    qualitative = models.DecimalField(
        _("weight of the qualitative evaluation, %"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(20),
        validators=SHARE,
    )
    baseline_until = models.DateField(_("before: values up to"), null=True, blank=True)
    measured_from = models.DateField(
        _("after: values from"),
        null=True,
        blank=True,
        help_text=_("When the new process has settled; values between are left out"),
    )
    rate = models.DecimalField(
        _("interest a year, %"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(8),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("For the net present value"),
    )

    class Meta:
        verbose_name = _("evaluation system")
        verbose_name_plural = _("evaluation systems")
        constraints = [
            models.UniqueConstraint(fields=["programme"], name="evaluation_once"),
            models.CheckConstraint(
                name="branches_are_whole",
                condition=Q(economic=Decimal(100) - F("management") - F("qualitative")),
                violation_error_message=_("The three weights must add up to 100."),
            ),
            models.CheckConstraint(
                name="before_ends_first",
                condition=Q(baseline_until=None)
                | Q(measured_from=None)
                | Q(measured_from__gt=F("baseline_until")),
                violation_error_message=_("After begins when before has ended."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Evaluation system"))


class ScoreRule(Record):
    """How an indicator counts: its weight, and the values that earn 0 and 100."""

    act = "evaluation.edit"
    evidence_of = EVALUATION
    material = frozenset({"best", "indicator", "weight", "worst"})

    indicator = models.ForeignKey(
        Indicator,
        on_delete=models.CASCADE,
        related_name="score_rules",
        verbose_name=_("indicator"),
    )
    weight = models.DecimalField(
        _("weight in its branch, %"),
        max_digits=5,
        decimal_places=2,
        validators=SHARE,
    )
    worst = models.DecimalField(
        _("value that earns 0"),
        max_digits=20,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("Empty: the baseline"),
    )
    best = models.DecimalField(
        _("value that earns 100"),
        max_digits=20,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("Empty: the target"),
    )

    class Meta:
        verbose_name = _("indicator weight")
        verbose_name_plural = _("indicator weights")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator"],
                condition=Q(deleted_at=None),
                name="score_rule_once",
                violation_error_message=_("This indicator has its weight already."),
            ),
        ]

    def unit_of(self, field: str) -> str:
        return "" if field == "weight" else self.indicator.unit

    def __str__(self) -> str:
        return str(self.indicator)


class QualitativeItem(Record):
    """Something that is judged with grades from 1 to 5, not measured."""

    act = "evaluation.edit"
    evidence_of = EVALUATION
    material = frozenset({"target", "title", "weight"})

    title = models.CharField(_("what is judged"), max_length=160)
    question = models.CharField(_("question to the raters"), max_length=300, blank=True)
    weight = models.DecimalField(
        _("weight in its branch, %"), max_digits=5, decimal_places=2, validators=SHARE
    )
    target = models.DecimalField(
        _("target grade"),
        max_digits=2,
        decimal_places=1,
        default=Decimal(4),
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )

    class Meta:
        verbose_name = _("qualitative item")
        verbose_name_plural = _("qualitative items")


class Rating(Record):
    """The grade one rater gave one item. Anonymous names are never shown."""

    act = "rating.give"
    evidence_of = EVALUATION

    class Group(models.TextChoices):
        MANAGEMENT = "management", _("Management")
        STAFF = "staff", _("Staff")
        TEAM = "team", _("Project team")
        CUSTOMER = "customer", _("Customers")
        PARTNER = "partner", _("Partners")

    item = models.ForeignKey(
        QualitativeItem, on_delete=models.CASCADE, related_name="ratings"
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    group = models.CharField(_("group"), max_length=10, choices=Group)
    grade = models.PositiveSmallIntegerField(
        _("grade"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    is_anonymous = models.BooleanField(_("without my name"), default=False)

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "person"],
                condition=Q(deleted_at=None, person__isnull=False),
                name="rating_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.item)
