"""Phase 1: what the programme is entrusted with, wants and covers."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programmes.models.people import OrgUnit, Person
from programmes.models.programme import Record
from programmes.phases import Phase

MASTER_PLAN = (Phase.MASTER_PLAN,)
ONE_TO_FIVE = [MinValueValidator(1), MaxValueValidator(5)]


class Mandate(Record):
    """Management's support and entrustment; one a programme, signed by the sponsor."""

    act = "mandate.edit"
    evidence_of = MASTER_PLAN
    material = frozenset({"purpose", "direction", "authority", "limits"})
    is_named = False

    purpose = models.TextField(_("purpose"), max_length=4000, blank=True)
    direction = models.TextField(_("direction"), max_length=4000, blank=True)
    authority = models.TextField(
        _("authority given"),
        max_length=4000,
        blank=True,
        help_text=_("What the team may decide, ask for and look into"),
    )
    limits = models.TextField(_("limits"), max_length=4000, blank=True)
    signed_at = models.DateTimeField(null=True, editable=False)
    signed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    signed_version = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("mandate")
        constraints = [
            models.UniqueConstraint(fields=["programme"], name="mandate_once"),
        ]

    def __str__(self) -> str:
        return str(_("Mandate"))

    @property
    def is_signed(self) -> bool:
        """Signed, and not changed since."""
        return self.signed_at is not None and self.signed_version == self.version


class Objective(Record):
    """What the programme, or the strategy above it, is to reach."""

    act = "objective.edit"
    evidence_of = MASTER_PLAN
    material = frozenset(
        {
            "title",
            "level",
            "parent",
            "owner",
            "measure",
            "unit",
            "baseline",
            "target",
            "due_on",
        }
    )

    class Level(models.TextChoices):
        STRATEGIC = "strategic", _("Strategic")
        PROGRAMME = "programme", _("Programme")

    level = models.CharField(
        _("level"), max_length=10, choices=Level, default=Level.PROGRAMME
    )
    title = models.CharField(_("objective"), max_length=200)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("serves"),
    )
    owner = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    measure = models.CharField(_("measure"), max_length=200, blank=True)
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    baseline = models.DecimalField(
        _("baseline"),
        max_digits=18,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("Where it stands before the programme"),
    )
    target = models.DecimalField(
        _("target"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    due_on = models.DateField(_("by"), null=True, blank=True)

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")

    def unit_of(self, field: str) -> str:
        return self.unit


class Need(Record):
    """What somebody in the enterprise needs; it serves an objective or is out."""

    act = "need.edit"
    evidence_of = MASTER_PLAN
    material = frozenset({"title", "priority", "objective", "is_out"})

    class Priority(models.TextChoices):
        MUST = "1must", _("Must")
        SHOULD = "2should", _("Should")
        COULD = "3could", _("Could")

    title = models.CharField(_("need"), max_length=200)
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("Who said so, or where")
    )
    priority = models.CharField(
        _("priority"), max_length=8, choices=Priority, blank=True
    )
    objective = models.ForeignKey(
        Objective,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="needs",
        verbose_name=_("serves objective"),
    )
    is_out = models.BooleanField(_("declared out"), default=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        constraints = [
            models.CheckConstraint(
                name="need_out_has_reason",
                condition=Q(is_out=False) | ~Q(reason=""),
                violation_error_message=_("Say why the need is declared out."),
            ),
        ]


class ScopeItem(Record):
    """A process or unit that the programme covers, or leaves out on purpose."""

    act = "scope.edit"
    evidence_of = MASTER_PLAN
    material = frozenset({"kind", "name", "is_in", "unit", "owner"})

    class Kind(models.TextChoices):
        PROCESS = "process", _("Process")
        UNIT = "unit", _("Unit")
        OTHER = "other", _("Other")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    name = models.CharField(_("name"), max_length=160)
    is_in = models.BooleanField(_("in scope"), default=True)
    unit = models.ForeignKey(
        OrgUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("unit"),
    )
    owner = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    reason = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("scope item")
        verbose_name_plural = _("scope")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "name"],
                condition=Q(deleted_at=None),
                name="scope_item_once",
                violation_error_message=_("This is already in the scope list."),
            ),
        ]


def rating(label: Any) -> models.PositiveSmallIntegerField[Any, Any]:
    return models.PositiveSmallIntegerField(
        label,
        null=True,
        blank=True,
        validators=ONE_TO_FIVE,
        help_text=_("1 poor to 5 very good"),
    )


class ItAsset(Record):
    """A system of the enterprise that the processes in scope use, rated."""

    act = "it.edit"
    evidence_of = MASTER_PLAN
    material = frozenset(
        {"name", "owner", "state", "interface", "data_quality", "fit", "ease"}
    )

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        LIVE = "live", _("In use")
        ENDING = "ending", _("Being replaced")

    class Interface(models.TextChoices):
        NONE = "none", _("None")
        FILES = "files", _("File export")
        API = "api", _("API")
        EVENTS = "events", _("API and event log")

    name = models.CharField(_("system"), max_length=120)
    owner = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    state = models.CharField(_("state"), max_length=8, choices=State, blank=True)
    interface = models.CharField(
        _("interface possibility"), max_length=8, choices=Interface, blank=True
    )
    data_quality = rating(_("data quality"))
    fit = rating(_("fit to the process"))
    ease = rating(_("ease of change"))
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("IT system")
        verbose_name_plural = _("IT construction")


class SystemUse(Record):
    """A system that supports a process of the scope."""

    act = "it.edit"
    evidence_of = MASTER_PLAN
    is_named = False

    system = models.ForeignKey(
        ItAsset,
        on_delete=models.PROTECT,
        related_name="uses",
        verbose_name=_("IT system"),
    )
    process = models.ForeignKey(
        ScopeItem,
        on_delete=models.PROTECT,
        related_name="systems",
        verbose_name=_("process"),
    )

    class Meta:
        verbose_name = _("system of a process")
        verbose_name_plural = _("systems of processes")
        constraints = [
            models.UniqueConstraint(
                fields=["system", "process"],
                condition=Q(deleted_at=None),
                name="system_use_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
