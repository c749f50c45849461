"""The pulse: five questions on readiness, answered by people nobody can name.

An answer knows its pulse, its unit and its kind of role, and nothing else: no person,
no address, no moment; its key is random, so that not even the order is kept.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import date
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.models.kickoff import KICK_OFF
from programmes.models.people import OrgUnit
from programmes.models.programme import Record, RecordQuerySet

FEWEST = 5


def new_token() -> str:
    """128 random bits for the open link."""
    return secrets.token_urlsafe(16)


class PulseQuerySet(RecordQuerySet):
    def public(self, token: str) -> PulseQuerySet:
        """The pulse behind an open link, once it was opened."""
        return self.filter(token=token, deleted_at=None).exclude(opened_at=None)


class Pulse(Record):
    """A short anonymous survey of readiness by the five elements of ADKAR."""

    act = "pulse.edit"
    evidence_of = KICK_OFF
    material = frozenset({"title", "population"})

    title = models.CharField(_("pulse"), max_length=160)
    introduction = models.TextField(_("introduction"), max_length=1000, blank=True)
    population = models.PositiveIntegerField(
        _("people asked"),
        validators=[MinValueValidator(1)],
        help_text=_("How many staff there are in the units in scope"),
    )
    closes_on = models.DateField(_("closes after"), null=True, blank=True)
    token = models.CharField(
        max_length=22, unique=True, default=new_token, editable=False
    )
    opened_at = models.DateTimeField(_("opened"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)

    objects: ClassVar[Any] = PulseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pulse")
        verbose_name_plural = _("pulses")

    def takes_answers(self, today: date) -> bool:
        if self.opened_at is None or self.closed_at is not None:
            return False
        return self.closes_on is None or today <= self.closes_on


def score(label: Any) -> models.PositiveSmallIntegerField[int, int]:
    return models.PositiveSmallIntegerField(
        label, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )


class PulseAnswer(models.Model):
    """What one person answered; nothing leads back to them."""

    class Group(models.TextChoices):
        STAFF = "staff", _("Staff")
        MANAGER = "manager", _("Team and unit leads")
        SUPPORT = "support", _("IT and support")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    pulse = models.ForeignKey(Pulse, on_delete=models.CASCADE, related_name="answers")
    unit = models.ForeignKey(
        OrgUnit, on_delete=models.PROTECT, null=True, related_name="+"
    )
    group = models.CharField(_("role"), max_length=7, choices=Group)
    awareness = score(_("awareness"))
    desire = score(_("desire"))
    knowledge = score(_("knowledge"))
    ability = score(_("ability"))
    reinforcement = score(_("reinforcement"))

    def __str__(self) -> str:
        return str(self.pk)
