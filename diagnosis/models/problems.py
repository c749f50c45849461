"""Problems, the causes behind them, and what shows that a cause is real."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diagnosis.maths.risk import GRAVE_SEVERITY
from programmes.models import OrgUnit, Person, Record, ScopeItem
from programmes.phases import Phase

DIAGNOSIS = (Phase.DIAGNOSIS,)
DEEPEST = 7
RATED = Q(severity__range=(1, 10), occurrence__range=(1, 10), detection__range=(1, 10))


def one_to_ten(label: Any, hint: Any) -> models.PositiveSmallIntegerField[Any, Any]:
    return models.PositiveSmallIntegerField(
        label,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text=hint,
    )


class Problem(Record):
    """Something that goes wrong in a process, as somebody reported it."""

    act = "problem.edit"
    evidence_of = DIAGNOSIS
    material = frozenset({"category", "cost_a_year", "process", "title"})

    class State(models.TextChoices):
        REPORTED = "reported", _("Reported")
        RATED = "rated", _("Rated")
        PLACED = "placed", _("Placed")
        MERGED = "merged", _("Merged")

    title = models.CharField(_("problem"), max_length=200)
    description = models.TextField(_("description"), max_length=4000, blank=True)
    source = models.CharField(
        _("source"),
        max_length=200,
        blank=True,
        help_text=_("Who reported it, or where"),
    )
    process = models.ForeignKey(
        ScopeItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="problems",
        limit_choices_to={"kind": ScopeItem.Kind.PROCESS},
        verbose_name=_("process"),
    )
    unit = models.ForeignKey(
        OrgUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("unit"),
    )
    category = models.CharField(
        _("cause category"),
        max_length=80,
        blank=True,
        help_text=_("The same words for the same kind of cause: they are counted"),
    )
    severity = one_to_ten(_("severity"), _("From 1, hardly noticed, to 10, disastrous"))
    occurrence = one_to_ten(
        _("occurrence"), _("From 1, very rare, to 10, all the time")
    )
    detection = one_to_ten(
        _("detection"), _("From 1, always noticed, to 10, nobody would notice")
    )
    cost_a_year = models.DecimalField(
        _("cost a year"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=State,
        default=State.REPORTED,
        editable=False,
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="merged",
        editable=False,
    )

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        constraints = [
            models.CheckConstraint(
                name="problem_rated_before_placed",
                condition=~Q(state__in=["rated", "placed"]) | RATED,
            ),
            models.CheckConstraint(
                name="problem_merged_somewhere",
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
            ),
        ]

    @property
    def is_rated(self) -> bool:
        return None not in (self.severity, self.occurrence, self.detection)

    @property
    def is_placed(self) -> bool:
        """It is known where it happens and what kind of cause it has."""
        return bool((self.process_id or self.unit_id) and self.category)

    @property
    def is_grave(self) -> bool:
        """Severe enough to be in the top class whatever its number."""
        return (self.severity or 0) >= GRAVE_SEVERITY

    @property
    def rpn(self) -> int | None:
        """Severity × occurrence × detection, as in the method problem.rpn."""
        if self.severity is None or self.occurrence is None or self.detection is None:
            return None
        return int(self.severity * self.occurrence * self.detection)


class Cause(Record):
    """An answer to "why?": of a problem, or of the cause above it."""

    act = "problem.edit"
    evidence_of = DIAGNOSIS
    material = frozenset({"is_root", "text"})

    problem = models.ForeignKey(
        Problem,
        on_delete=models.CASCADE,
        related_name="causes",
        verbose_name=_("problem"),
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deeper",
        verbose_name=_("explains"),
        help_text=_("The answer above, that this one explains"),
    )
    text = models.CharField(_("cause"), max_length=300)
    is_root = models.BooleanField(_("root cause"), default=False)
    accepted_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accepted by"),
        help_text=_("Who lets it stand, where no goal is about it"),
    )
    accepted_reason = models.CharField(
        _("why it may stand"), max_length=500, blank=True
    )

    class Meta:
        verbose_name = _("cause")
        verbose_name_plural = _("causes")

    @property
    def is_accepted(self) -> bool:
        """Somebody lets it stand, and says why."""
        return bool(self.accepted_by_id and self.accepted_reason.strip())

    def clean(self) -> None:
        """The chain stays within one problem, has an end, and at most seven whys."""
        if self.parent is None:
            return
        if self.parent.problem_id != self.problem_id:
            raise ValidationError({"parent": _("This belongs to another problem.")})
        depth = 1
        above: Cause | None = self.parent
        while above is not None:
            depth += 1
            if above.pk == self.pk:
                raise ValidationError({"parent": _("A cause cannot explain itself.")})
            if depth > DEEPEST:
                raise ValidationError({"parent": _("Seven whys are the most.")})
            above = above.parent


class Evidence(Record):
    """What shows that a cause is real, or what somebody thinks."""

    act = "problem.edit"
    evidence_of = DIAGNOSIS
    material = frozenset({"kind", "text"})

    class Kind(models.TextChoices):
        OPINION = "opinion", _("Opinion")
        OBSERVATION = "observation", _("Observation")
        DATA = "data", _("Data")
        DOCUMENT = "document", _("Document")

    cause = models.ForeignKey(
        Cause,
        on_delete=models.CASCADE,
        related_name="evidence",
        verbose_name=_("cause"),
    )
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    text = models.CharField(_("evidence"), max_length=500)
    link = models.CharField(
        _("link"),
        max_length=300,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
    )

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
