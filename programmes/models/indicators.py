"""The measuring tape that phases 1, 3, 4, 7 and 8 share."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from programmes.models.mandate import ScopeItem
from programmes.models.people import Account, Person
from programmes.models.programme import Record, RecordQuerySet
from programmes.phases import Phase


class IndicatorQuerySet(RecordQuerySet):
    def with_latest(self) -> IndicatorQuerySet:
        """Annotate latest_value and latest_at, in the same query."""
        latest = Measurement.objects.filter(indicator=OuterRef("pk")).order_by(
            "-at", "-pk"
        )
        rows: IndicatorQuerySet = self.annotate(
            latest_value=Subquery(latest.values("value")[:1]),
            latest_at=Subquery(latest.values("at")[:1]),
        )
        return rows


class Indicator(Record):
    """What is measured, how, and what is wanted. Frozen, it is a KPI contract."""

    act = "indicator.edit"
    evidence_of = (Phase.DIAGNOSIS, Phase.DESIGN, Phase.EVALUATION)
    material = frozenset(
        {"baseline", "definition", "direction", "formula", "source", "target", "unit"}
    )

    class Branch(models.TextChoices):
        ECONOMIC = "economic", _("Economic")
        MANAGEMENT = "management", _("Management process")
        QUALITATIVE = "qualitative", _("Qualitative")

    class Direction(models.TextChoices):
        HIGHER = "benefit", _("Higher is better")
        LOWER = "cost", _("Lower is better")
        TARGET = "target", _("On target is best")

    class Period(models.TextChoices):
        WEEK = "week", _("Weekly")
        MONTH = "month", _("Monthly")
        QUARTER = "quarter", _("Quarterly")

    code = models.SlugField(_("code"), max_length=40, help_text=_("Used by the API"))
    name = models.CharField(_("indicator"), max_length=160)
    definition = models.TextField(_("definition"), max_length=2000, blank=True)
    formula = models.CharField(_("formula"), max_length=300, blank=True)
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    branch = models.CharField(
        _("branch"), max_length=12, choices=Branch, default=Branch.MANAGEMENT
    )
    direction = models.CharField(
        _("direction"), max_length=8, choices=Direction, default=Direction.LOWER
    )
    period = models.CharField(
        _("period"), max_length=8, choices=Period, default=Period.MONTH
    )
    source = models.CharField(_("data source"), max_length=200, blank=True)
    owner = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    process = models.ForeignKey(
        ScopeItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="indicators",
        verbose_name=_("process"),
        limit_choices_to={"kind": ScopeItem.Kind.PROCESS, "deleted_at": None},
    )
    baseline = models.DecimalField(
        _("baseline"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    target = models.DecimalField(
        _("target"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    reaction = models.CharField(
        _("reaction plan"),
        max_length=300,
        blank=True,
        help_text=_("What the owner does when the chart shows a signal"),
    )
    frozen_at = models.DateTimeField(null=True, editable=False)
    frozen_version = models.PositiveIntegerField(null=True, editable=False)

    objects: ClassVar[Any] = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "code"],
                condition=Q(deleted_at=None),
                name="indicator_code",
                violation_error_message=_("This code is taken in the programme."),
            ),
            models.CheckConstraint(
                name="indicator_target_moves",
                condition=Q(baseline=None)
                | Q(target=None)
                | ~Q(baseline=F("target"))
                | Q(direction="target"),
                violation_error_message=_("The target must differ from the baseline."),
            ),
        ]

    def unit_of(self, field: str) -> str:
        return self.unit

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None


class MeasurementBatch(models.Model):
    """One delivery of measurements; sending it again changes nothing."""

    programme = models.ForeignKey(
        "programmes.Programme", on_delete=models.CASCADE, related_name="+"
    )
    source = models.CharField(max_length=12)
    key = models.CharField(max_length=120, blank=True)
    digest = models.CharField(max_length=64)
    result = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "key"], condition=~Q(key=""), name="batch_key"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.received_at:%Y-%m-%d %H:%M}"


class Measurement(models.Model):
    """One value of an indicator. A correction keeps the old value as a revision."""

    class Source(models.TextChoices):
        HAND = "hand", _("By hand")
        CSV = "csv", _("CSV")
        API = "api", _("API")
        LOG = "log", _("Event log")

    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="measurements"
    )
    at = models.DateTimeField(_("measured at"))
    key = models.CharField(max_length=80, blank=True)
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6)
    version = models.PositiveBigIntegerField(default=1)
    source = models.CharField(_("source"), max_length=4, choices=Source)
    note = models.CharField(_("note"), max_length=300, blank=True)
    batch = models.ForeignKey(
        MeasurementBatch, on_delete=models.PROTECT, related_name="measurements"
    )
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "at", "key"], name="measurement_once"
            ),
        ]
        indexes = [models.Index(fields=["received_at"], name="measurement_received")]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value}"


class MeasurementRevision(models.Model):
    """The value a measurement had before it was corrected or removed."""

    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="revisions"
    )
    at = models.DateTimeField()
    key = models.CharField(max_length=80, blank=True)
    value = models.DecimalField(max_digits=20, decimal_places=6)
    version = models.PositiveBigIntegerField()
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value}"
