"""Surveys, their questions, and answers that lead back to nobody.

A response knows its survey, its round and its day, and nothing else: no person, no
address, no moment; its key is random, so that not even the order of arrival is kept.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import date

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programmes.models import Record
from programmes.models.programme import RecordQuerySet
from programmes.phases import Phase

DIAGNOSIS = (Phase.DIAGNOSIS,)
FEWEST_ANSWERS, FEWEST_TEXTS = 5, 10
MOST_OPTIONS, LONGEST_TEXT = 12, 2000


def new_token() -> str:
    """128 random bits for the open link."""
    return secrets.token_urlsafe(16)


class SurveyQuerySet(RecordQuerySet):
    def public(self, token: str) -> SurveyQuerySet:
        """The survey behind an open link, once it was launched."""
        return self.filter(token=token, deleted_at=None).exclude(
            state=Survey.State.DRAFT
        )


class Survey(Record):
    """A questionnaire behind an open link, answered anonymously."""

    act = "survey.edit"
    evidence_of = DIAGNOSIS
    material = frozenset({"audience", "population"})

    class Audience(models.TextChoices):
        CUSTOMERS = "customers", _("Customers")
        STAFF = "staff", _("Staff")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    title = models.CharField(_("title"), max_length=160)
    introduction = models.TextField(
        _("introduction"),
        max_length=2000,
        blank=True,
        help_text=_("Why you ask, and what happens with the answers"),
    )
    audience = models.CharField(
        _("audience"), max_length=9, choices=Audience, default=Audience.CUSTOMERS
    )
    population = models.PositiveIntegerField(
        _("people asked about"),
        validators=[MinValueValidator(1)],
        help_text=_("How many customers or staff there are in all"),
    )
    opens_on = models.DateField(_("opens"), null=True, blank=True)
    closes_on = models.DateField(_("closes after"), null=True, blank=True)
    state = models.CharField(
        _("state"),
        max_length=6,
        choices=State,
        default=State.DRAFT,
        editable=False,
    )
    token = models.CharField(
        max_length=22, unique=True, default=new_token, editable=False
    )
    fewest_answers = models.PositiveSmallIntegerField(
        default=FEWEST_ANSWERS, editable=False
    )
    fewest_texts = models.PositiveSmallIntegerField(
        default=FEWEST_TEXTS, editable=False
    )
    # Answers after a reopening are a round of their own, shown only when big enough.
    round = models.PositiveSmallIntegerField(default=1, editable=False)
    launched_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = SurveyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints = [
            models.CheckConstraint(
                name="survey_in_order",
                condition=Q(opens_on=None)
                | Q(closes_on=None)
                | Q(closes_on__gte=models.F("opens_on")),
                violation_error_message=_("It closes before it opens."),
            ),
        ]

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.CLOSED

    def takes_answers(self, today: date) -> bool:
        """Open, and today lies within its days."""
        began = self.opens_on is None or self.opens_on <= today
        over = self.closes_on is not None and self.closes_on < today
        return self.state == self.State.OPEN and began and not over


class Question(Record):
    """One question of a survey; fixed once the survey was launched."""

    act = "survey.edit"
    evidence_of = DIAGNOSIS
    material = frozenset({"kind", "options", "text"})

    class Kind(models.TextChoices):
        SCALE = "scale", _("Scale from 1 to 5")
        NPS = "nps", _("Recommendation from 0 to 10")
        CHOICE = "choice", _("One of several")
        TEXT = "text", _("Free text")

    survey = models.ForeignKey(
        Survey,
        on_delete=models.CASCADE,
        related_name="questions",
        verbose_name=_("survey"),
        editable=False,
    )
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.SCALE)
    text = models.CharField(_("question"), max_length=300)
    hint = models.CharField(_("hint"), max_length=200, blank=True)
    options = models.TextField(
        _("options"),
        max_length=1500,
        blank=True,
        help_text=_("One a line; for a scale the words from worst to best, if any"),
    )
    required = models.BooleanField(_("must be answered"), default=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    @property
    def labels(self) -> list[str]:
        """The lines of the options, without empty ones."""
        return [line.strip() for line in self.options.splitlines() if line.strip()]

    @property
    def choices(self) -> list[tuple[int, str]]:
        """What can be tapped: stored value and words; none for a text."""
        labels = self.labels
        if self.kind == self.Kind.SCALE:
            return [(n, labels[n - 1] if labels else str(n)) for n in range(1, 6)]
        if self.kind == self.Kind.NPS:
            return [(n, str(n)) for n in range(11)]
        if self.kind == self.Kind.CHOICE:
            return list(enumerate(labels, start=1))
        return []


class Response(models.Model):
    """One filled-in form. `nonce` is the form's, so that it counts once only."""

    class Source(models.TextChoices):
        LINK = "link", _("Open link")
        FILE = "file", _("Imported")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(
        Survey, on_delete=models.CASCADE, related_name="responses"
    )
    round = models.PositiveSmallIntegerField()
    answered_on = models.DateField()
    source = models.CharField(max_length=4, choices=Source, default=Source.LINK)
    nonce = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "nonce"], name="response_once"),
        ]

    def __str__(self) -> str:
        return str(self.answered_on)


class Answer(models.Model):
    """What one response says to one question: a number or a text."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    response = models.ForeignKey(
        Response, on_delete=models.CASCADE, related_name="answers"
    )
    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, related_name="answers"
    )
    value = models.PositiveSmallIntegerField(null=True)
    text = models.CharField(max_length=LONGEST_TEXT, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["response", "question"], name="answer_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text or str(self.value)
