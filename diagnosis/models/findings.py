"""The conclusions of the diagnosis: what was found, why it is so, what shows it."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.models import Record, ScopeItem
from programmes.phases import Phase


class Finding(Record):
    """One conclusion, with its cause, its evidence, and what it costs."""

    act = "finding.edit"
    evidence_of = (Phase.DIAGNOSIS,)
    material = frozenset({"cause", "cost_a_year", "priority", "title"})

    class Priority(models.TextChoices):
        CRITICAL = "1critical", _("Critical")
        HIGH = "2high", _("High")
        MEDIUM = "3medium", _("Medium")
        LOW = "4low", _("Low")

    title = models.CharField(
        _("finding"), max_length=200, help_text=_("One sentence that says it all")
    )
    cause = models.CharField(_("root cause"), max_length=300, blank=True)
    evidence = models.TextField(
        _("evidence"),
        max_length=2000,
        blank=True,
        help_text=_("What was measured, seen or read, where and when"),
    )
    advice = models.TextField(
        _("recommendation"),
        max_length=2000,
        blank=True,
        help_text=_("What the optimisation design should take up"),
    )
    process = models.ForeignKey(
        ScopeItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=_("process"),
        limit_choices_to={"kind": ScopeItem.Kind.PROCESS, "deleted_at": None},
    )
    cost_a_year = models.DecimalField(
        _("cost a year"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    priority = models.CharField(
        _("priority"), max_length=9, choices=Priority, default=Priority.MEDIUM
    )

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
