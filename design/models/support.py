"""What the changed steps lean on: information collected, and supporting schemes."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from design.models.schemes import SchemeStep
from programmes.models import Person, Record, WorkItem
from programmes.phases import Phase

SUPPORT = (Phase.SUPPORT,)


class Dimension(models.TextChoices):
    ORGANISATION = "organisation", _("Organisation")
    PEOPLE = "people", _("People and incentives")
    IT = "it", _("IT")
    RULES = "rules", _("Rules and documents")
    DATA = "data", _("Data")
    MONEY = "money", _("Money")


class AuxiliaryInfo(Record):
    """A document, figure or conversation that the schemes draw on."""

    act = "support.edit"
    evidence_of = SUPPORT

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("Document")
        DATA = "data", _("Data")
        INTERVIEW = "interview", _("Interview")
        RULE = "rule", _("Law or rule")
        EXAMPLE = "example", _("Example from elsewhere")

    title = models.CharField(_("information"), max_length=200)
    kind = models.CharField(
        _("kind"), max_length=9, choices=Kind, default=Kind.DOCUMENT
    )
    source = models.CharField(_("source"), max_length=200)
    step = models.ForeignKey(
        SchemeStep,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="information",
        verbose_name=_("for the step"),
    )
    collected_on = models.DateField(_("collected"), null=True, blank=True)
    finding = models.TextField(_("what it tells"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("information")
        verbose_name_plural = _("auxiliary information")


class StepDimension(Record):
    """Whether a dimension of the enterprise is affected by a step, and who said so."""

    act = "support.edit"
    evidence_of = SUPPORT
    material = frozenset({"is_affected"})
    is_named = False

    step = models.ForeignKey(
        SchemeStep, on_delete=models.CASCADE, related_name="dimensions"
    )
    dimension = models.CharField(_("dimension"), max_length=12, choices=Dimension)
    is_affected = models.BooleanField(_("affected"))
    checked_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("check of a step")
        verbose_name_plural = _("checks of steps")
        constraints = [
            models.UniqueConstraint(
                fields=["step", "dimension"],
                condition=Q(deleted_at=None),
                name="step_dimension_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step}: {self.get_dimension_display()}"


class SupportScheme(Record):
    """What must be put in place in one dimension, so that a changed step works."""

    act = "support.edit"
    evidence_of = SUPPORT
    material = frozenset({"cost", "dimension", "due_on", "owner", "step"})

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DRAFTED = "drafted", _("Drafted")
        AGREED = "agreed", _("Agreed")
        IN_FORCE = "in_force", _("In force")

    title = models.CharField(_("what is put in place"), max_length=200)
    dimension = models.CharField(_("dimension"), max_length=12, choices=Dimension)
    step = models.ForeignKey(
        SchemeStep,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supports",
        verbose_name=_("for the step"),
    )
    owner = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    due_on = models.DateField(_("ready by"), null=True, blank=True)
    cost = models.DecimalField(
        _("cost"),
        max_digits=18,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("0 where it costs nothing"),
    )
    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.PLANNED
    )
    detail = models.TextField(_("detail"), max_length=4000, blank=True)
    incentive = models.TextField(
        _("effect on incentives and appraisal"),
        max_length=2000,
        blank=True,
        help_text=_(
            "For people: what is rewarded or judged otherwise, or that nothing is"
        ),
    )
    work_item = models.OneToOneField(
        WorkItem,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="support",
    )

    class Meta:
        verbose_name = _("supporting scheme")
        verbose_name_plural = _("supporting schemes")

    @property
    def is_complete(self) -> bool:
        return bool(self.owner_id and self.due_on) and self.cost is not None
