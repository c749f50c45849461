"""Phase 2: people know, understand and take part."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.models.people import OrgUnit, Person
from programmes.models.programme import Record
from programmes.phases import Phase

KICK_OFF = (Phase.KICK_OFF,)


class Meeting(Record):
    """A meeting with its agenda, who is invited, and its minutes."""

    act = "meeting.edit"
    evidence_of = KICK_OFF
    material = frozenset({"title", "held_on", "minutes"})

    title = models.CharField(_("meeting"), max_length=160)
    held_on = models.DateField(_("date"), null=True, blank=True)
    starts_at = models.TimeField(
        _("begins"), null=True, blank=True, help_text=_("Local time, such as 09:30")
    )
    duration_minutes = models.PositiveSmallIntegerField(
        _("minutes planned"),
        default=60,
        validators=[MinValueValidator(5), MaxValueValidator(960)],
    )
    place = models.CharField(_("place"), max_length=120, blank=True)
    purpose = models.TextField(_("purpose"), max_length=4000, blank=True)
    minutes = models.TextField(_("minutes"), max_length=10000, blank=True)
    issued_at = models.DateTimeField(null=True, editable=False)
    invited_at = models.DateTimeField(null=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    # Rises with each invitation, so that calendars take the newest one.
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")

    @property
    def begins_at(self) -> datetime | None:
        """The moment it begins, UTC; None while day or time is open."""
        if self.held_on is None or self.starts_at is None:
            return None
        zone = ZoneInfo(self.programme.enterprise.timezone)
        local = datetime.combine(self.held_on, self.starts_at, tzinfo=zone)
        return local.astimezone(UTC)

    @property
    def ends_at(self) -> datetime | None:
        begins = self.begins_at
        return begins + timedelta(minutes=self.duration_minutes) if begins else None


class Attendance(Record):
    """Whether a person came to a meeting."""

    act = "meeting.edit"
    evidence_of = KICK_OFF
    material = frozenset({"meeting", "person", "state"})

    class State(models.TextChoices):
        INVITED = "invited", _("Invited")
        ATTENDED = "attended", _("Attended")
        BRIEFED = "briefed", _("Briefed afterwards")
        ABSENT = "absent", _("Absent")

    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.CASCADE,
        related_name="attendances",
        verbose_name=_("meeting"),
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    state = models.CharField(
        _("attendance"), max_length=8, choices=State, default=State.INVITED
    )

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"],
                condition=models.Q(deleted_at=None),
                name="attendance_once",
                violation_error_message=_("This person is on the list already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class Notice(Record):
    """An announcement to the units in scope, with what it reached."""

    act = "notice.edit"
    evidence_of = KICK_OFF
    material = frozenset({"title", "text"})

    title = models.CharField(_("announcement"), max_length=160)
    text = models.TextField(_("text"), max_length=6000)
    units = models.ManyToManyField(
        OrgUnit, blank=True, related_name="+", verbose_name=_("units")
    )
    sent_on = models.DateField(_("sent"), null=True, blank=True)
    audience = models.PositiveIntegerField(
        _("people told another way"),
        default=0,
        help_text=_("In a shift meeting or on the board, where there is no e-mail"),
    )
    reached = models.PositiveIntegerField(
        _("of these reached"),
        default=0,
        help_text=_("Confirmed by their manager"),
    )

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        constraints = [
            models.CheckConstraint(
                name="notice_reach_within_audience",
                condition=models.Q(reached__lte=models.F("audience")),
                violation_error_message=_(
                    "More people cannot be reached than it is for."
                ),
            ),
        ]


class Course(Record):
    """A training in the concept of process optimisation for a target group."""

    act = "training.edit"
    evidence_of = KICK_OFF
    material = frozenset({"title", "content", "pass_mark"})

    title = models.CharField(_("training"), max_length=160)
    content = models.TextField(_("content"), max_length=4000, blank=True)
    held_on = models.DateField(_("date"), null=True, blank=True)
    hours = models.DecimalField(
        _("hours"),
        max_digits=4,
        decimal_places=1,
        default=2,
        validators=[MinValueValidator(0), MaxValueValidator(200)],
    )
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark, %"), default=70, validators=[MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("training")


class Participation(Record):
    """A person of a training's target group: done or not, with the quiz score."""

    act = "training.edit"
    evidence_of = KICK_OFF
    material = frozenset({"course", "person"})

    course = models.ForeignKey(
        Course,
        on_delete=models.CASCADE,
        related_name="participations",
        verbose_name=_("training"),
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    session = models.ForeignKey(
        "programmes.TrainingSession",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enrolled",
        verbose_name=_("session"),
    )
    done_on = models.DateField(_("done"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    score = models.PositiveSmallIntegerField(
        _("quiz score, %"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.UniqueConstraint(
                fields=["course", "person"],
                condition=models.Q(deleted_at=None),
                name="participation_once",
                violation_error_message=_("This person is on the list already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class StaffQuestion(Record):
    """A question from staff, and its answer."""

    act = "question.edit"
    evidence_of = KICK_OFF
    material = frozenset({"text"})

    text = models.CharField(_("question"), max_length=500)
    asked_on = models.DateField(_("asked"))
    asked_by = models.CharField(_("asked by"), max_length=120, blank=True)
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("asked by"),
    )
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
        verbose_name=_("answered by"),
    )
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    answered_on = models.DateField(_("answered"), null=True, blank=True)
    is_published = models.BooleanField(
        _("published to all staff"),
        default=False,
        help_text=_("Shown with its answer, without a name"),
    )

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
