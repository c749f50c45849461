"""What was learned, for this programme and the next ones."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.models import Record
from programmes.phases import Phase


class Lesson(Record):
    """A success or failure with its cause, and advice for others."""

    act = "lesson.edit"
    evidence_of = (Phase.EVALUATION,)

    class Kind(models.TextChoices):
        SUCCESS = "success", _("Success")
        FAILURE = "failure", _("Failure")

    title = models.CharField(_("lesson"), max_length=160)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    phase = models.PositiveSmallIntegerField(_("phase"), choices=Phase)
    happened = models.TextField(_("what happened"), max_length=2000)
    cause = models.TextField(_("cause"), max_length=2000, blank=True)
    advice = models.TextField(_("advice to others"), max_length=2000)
    tags = models.CharField(
        _("tags"),
        max_length=200,
        blank=True,
        help_text=_("Words for finding it again, separated by commas"),
    )

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    @property
    def tag_list(self) -> list[str]:
        return [one.strip() for one in self.tags.split(",") if one.strip()]
