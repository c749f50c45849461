"""Who must be won, and who is told what, when and how."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.models.kickoff import KICK_OFF, Notice
from programmes.models.people import OrgUnit, Person
from programmes.models.programme import Record

STRONG = 4


def one_to_five(label: Any, note: Any) -> models.PositiveSmallIntegerField[Any, Any]:
    return models.PositiveSmallIntegerField(
        label,
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=note,
    )


class Stakeholder(Record):
    """A person or group whose stance matters, and how it is won."""

    act = "stakeholder.edit"
    evidence_of = KICK_OFF
    material = frozenset({"name", "influence", "wanted"})

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        GROUP = "group", _("Group")

    class Stance(models.IntegerChoices):
        BLOCKS = -2, _("Blocks")
        DOUBTS = -1, _("Doubts")
        NEUTRAL = 0, _("Neutral")
        SUPPORTS = 1, _("Supports")
        DRIVES = 2, _("Drives")

    name = models.CharField(_("stakeholder"), max_length=120)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.PERSON)
    unit = models.ForeignKey(
        OrgUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("unit"),
    )
    influence = one_to_five(_("influence"), _("1 hardly any to 5 decisive"))
    interest = one_to_five(_("interest"), _("1 hardly touched to 5 daily work changes"))
    stance = models.SmallIntegerField(
        _("stance now"), choices=Stance, default=Stance.NEUTRAL
    )
    wanted = models.SmallIntegerField(
        _("stance wanted"), choices=Stance, default=Stance.SUPPORTS
    )
    strategy = models.TextField(
        _("what is done"),
        max_length=2000,
        blank=True,
        help_text=_("How the stance is won or kept"),
    )
    owner = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by whom"),
    )

    class Meta:
        verbose_name = _("stakeholder")
        verbose_name_plural = _("stakeholders")

    @property
    def gap(self) -> int:
        """Steps between the stance now and the one wanted; never below nothing."""
        return max(self.wanted - self.stance, 0)

    @property
    def is_hot(self) -> bool:
        """Strong, and against it."""
        return self.influence >= STRONG and self.stance < self.Stance.NEUTRAL

    @property
    def has_plan(self) -> bool:
        return bool(self.strategy.strip()) and self.owner_id is not None


class Communication(Record):
    """A line of the communication plan: who is told what, by whom, when, how."""

    act = "notice.edit"
    evidence_of = KICK_OFF
    material = frozenset({"message", "audience", "due_on"})

    class Channel(models.TextChoices):
        MAIL = "mail", _("E-mail")
        MEETING = "meeting", _("Meeting")
        TALK = "talk", _("Conversation")
        BOARD = "board", _("Notice board")
        INTRANET = "intranet", _("Intranet")
        TRAINING = "training", _("Training")

    message = models.CharField(_("what"), max_length=200)
    audience = models.CharField(_("to whom"), max_length=160)
    unit = models.ForeignKey(
        OrgUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("unit"),
    )
    sender = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by whom"),
    )
    channel = models.CharField(
        _("how"), max_length=8, choices=Channel, default=Channel.MAIL
    )
    due_on = models.DateField(_("when"))
    done_on = models.DateField(_("done"), null=True, blank=True)
    notice = models.ForeignKey(
        Notice,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="planned_as",
        verbose_name=_("announcement"),
    )

    class Meta:
        verbose_name = _("communication")
        verbose_name_plural = _("communication plan")

    def __str__(self) -> str:
        return self.message

    def is_overdue(self, today: date) -> bool:
        return self.done_on is None and self.due_on < today
