"""Risks of a programme: what may go wrong, how bad that is, and what is done."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programmes.models.people import Person
from programmes.models.programme import Record
from programmes.phases import Phase

# Probability times impact: from here on a risk is high, or medium.
HIGH, MEDIUM = 15, 8
SCALE = [MinValueValidator(1), MaxValueValidator(5)]


class Risk(Record):
    """Something that may happen and would hurt.

    What was named as a risk is material; its rating and response live on freely, as
    risks are looked at again all the time.
    """

    act = "risk.edit"
    evidence_of = (Phase.MASTER_PLAN,)
    material = frozenset({"cause", "effect", "title"})

    class Category(models.TextChoices):
        PEOPLE = "people", _("People and acceptance")
        IT = "it", _("IT and data")
        TIME = "time", _("Time")
        MONEY = "money", _("Money")
        PROCESS = "process", _("Running business")
        LEGAL = "legal", _("Law and works council")
        OTHER = "other", _("Other")

    class Response(models.TextChoices):
        AVOID = "avoid", _("Avoid")
        REDUCE = "reduce", _("Reduce")
        TRANSFER = "transfer", _("Transfer")
        ACCEPT = "accept", _("Accept")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    class Level(models.TextChoices):
        HIGH = "high", _("High")
        MEDIUM = "medium", _("Medium")
        LOW = "low", _("Low")

    title = models.CharField(_("risk"), max_length=200)
    cause = models.CharField(_("cause"), max_length=500, blank=True)
    effect = models.CharField(_("effect"), max_length=500, blank=True)
    category = models.CharField(
        _("category"), max_length=8, choices=Category, blank=True
    )
    probability = models.PositiveSmallIntegerField(
        _("probability"),
        validators=SCALE,
        help_text=_("1 hardly ever to 5 almost certain"),
    )
    impact = models.PositiveSmallIntegerField(
        _("impact"), validators=SCALE, help_text=_("1 hardly felt to 5 threatening")
    )
    owner = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    response = models.CharField(
        _("response"), max_length=8, choices=Response, blank=True
    )
    response_text = models.TextField(_("what is done"), max_length=2000, blank=True)
    control = models.TextField(
        _("control in the process"),
        max_length=2000,
        blank=True,
        help_text=_("What prevents it in the running business, or shows it in time"),
    )
    due_on = models.DateField(_("by"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.OPEN
    )
    reviewed_on = models.DateField(_("last looked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("risk")
        verbose_name_plural = _("risks")

    @property
    def score(self) -> int:
        return self.probability * self.impact

    @property
    def level(self) -> str:
        return level_of(self.score).value

    def get_level_display(self) -> str | Promise:
        return level_of(self.score).label

    @property
    def is_answered(self) -> bool:
        """A kind of response is chosen, and somebody wrote what that is."""
        return bool(self.response and self.response_text.strip())


def level_of(score: int) -> Risk.Level:
    if score >= HIGH:
        return Risk.Level.HIGH
    return Risk.Level.MEDIUM if score >= MEDIUM else Risk.Level.LOW
