"""Problems of the register: what hurts, before anybody asks why."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.models import Record


class Problem(Record):
    """Something that does not work as it should."""

    act = "problem.edit"

    title = models.CharField(_("problem"), max_length=200)

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
