"""Why a forecast left its tolerance, and what is to be done: the case of a review."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.models.gates import Gate
from programmes.models.programme import Record


class ExceptionCase(Record):
    """What an exception review decides on; one a review."""

    act = "exception.edit"
    material = frozenset({"cause", "options", "plan"})
    is_named = False

    gate = models.OneToOneField(
        Gate, on_delete=models.CASCADE, related_name="case", editable=False
    )
    cause = models.TextField(
        _("cause"),
        max_length=2000,
        blank=True,
        help_text=_("Why the forecast left the plan, and since when that is known"),
    )
    options = models.TextField(
        _("options"),
        max_length=4000,
        blank=True,
        help_text=_("What could be done, with its effect on time, cost and benefit"),
    )
    plan = models.TextField(
        _("exception plan"),
        max_length=4000,
        blank=True,
        help_text=_("What is recommended, by whom and until when"),
    )

    class Meta:
        verbose_name = _("exception case")
        verbose_name_plural = _("exception cases")

    def __str__(self) -> str:
        return str(self.gate)
