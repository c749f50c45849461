"""Sessions of a training and the questions of its quiz."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from programmes.kit import formats
from programmes.models.kickoff import KICK_OFF, Course
from programmes.models.people import Person
from programmes.models.programme import Record

FEWEST_CHOICES, MOST_CHOICES = 2, 6


class TrainingSession(Record):
    """A date on which a training is held, for at most so many people."""

    act = "training.edit"
    evidence_of = KICK_OFF

    course = models.ForeignKey(
        Course,
        on_delete=models.CASCADE,
        related_name="sessions",
        verbose_name=_("training"),
    )
    held_on = models.DateField(_("date"))
    starts_at = models.TimeField(_("begins"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("places"), default=12, validators=[MinValueValidator(1)]
    )
    trainer = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("trainer"),
    )

    class Meta:
        verbose_name = _("training session")
        verbose_name_plural = _("training sessions")

    def __str__(self) -> str:
        return f"{formats.day(self.held_on)}, {self.place or '·'}"


class QuizQuestion(Record):
    """A question of a training's quiz; one of its choices is right."""

    act = "training.edit"
    evidence_of = KICK_OFF
    material = frozenset({"course", "text", "choices", "right"})

    course = models.ForeignKey(
        Course,
        on_delete=models.CASCADE,
        related_name="quiz",
        verbose_name=_("training"),
    )
    position = models.PositiveSmallIntegerField(_("place"), default=1)
    text = models.CharField(_("question"), max_length=300)
    choices = models.TextField(
        _("choices"), max_length=1500, help_text=_("One a line, two to six")
    )
    right = models.PositiveSmallIntegerField(
        _("right one"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("1 for the first line"),
    )

    class Meta:
        verbose_name = _("quiz question")
        verbose_name_plural = _("quiz")

    @property
    def options(self) -> list[str]:
        lines = [one.strip() for one in self.choices.splitlines()]
        return [one for one in lines if one]

    def clean(self) -> None:
        count = len(self.options)
        if not FEWEST_CHOICES <= count <= MOST_CHOICES:
            raise ValidationError(
                {"choices": translate("Give two to six choices, one a line.")}
            )
        if self.right > count:
            raise ValidationError({"right": translate("There is no such choice.")})
