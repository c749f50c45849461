"""What belongs to a meeting: agenda, decisions, and actions that become tasks."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.models.kickoff import KICK_OFF, Meeting
from programmes.models.people import Person
from programmes.models.programme import Record
from programmes.models.work import WorkItem


class AgendaItem(Record):
    """A point of a meeting's agenda with its time box."""

    act = "meeting.edit"
    evidence_of = KICK_OFF

    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.CASCADE,
        related_name="agenda",
        verbose_name=_("meeting"),
    )
    position = models.PositiveSmallIntegerField(_("place"), default=1)
    title = models.CharField(_("point"), max_length=200)
    presenter = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("presented by"),
    )
    box_minutes = models.PositiveSmallIntegerField(
        _("time box, minutes"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(480)],
    )

    class Meta:
        verbose_name = _("agenda point")
        verbose_name_plural = _("agenda")


class MeetingDecision(Record):
    """What a meeting decided."""

    act = "meeting.edit"
    evidence_of = KICK_OFF
    material = frozenset({"meeting", "text"})

    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.CASCADE,
        related_name="decisions",
        verbose_name=_("meeting"),
    )
    text = models.CharField(_("decision"), max_length=500)
    decided_by = models.CharField(_("decided by"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("decision of a meeting")
        verbose_name_plural = _("decisions of meetings")


class MeetingAction(Record):
    """What somebody has to do after a meeting; it stands in the owner's list."""

    act = "meeting.edit"
    evidence_of = KICK_OFF
    material = frozenset({"meeting", "text"})

    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.CASCADE,
        related_name="actions",
        verbose_name=_("meeting"),
    )
    text = models.CharField(_("action"), max_length=200)
    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    due_on = models.DateField(_("due"))
    work_item = models.OneToOneField(
        WorkItem,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="meeting_action",
    )

    class Meta:
        verbose_name = _("action of a meeting")
        verbose_name_plural = _("actions of meetings")
