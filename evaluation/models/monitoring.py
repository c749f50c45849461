"""Phase 8: changes of the process, signals, and what is done about them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programmes.models import Account, Indicator, Person, Programme, Record, WorkItem
from programmes.phases import Phase

IMPROVEMENT = (Phase.IMPROVEMENT,)


class LimitChange(Record):
    """From this day on the process is another one; its limits start anew."""

    act = "indicator.edit"
    evidence_of = IMPROVEMENT
    material = frozenset({"starts_on"})

    indicator = models.ForeignKey(
        Indicator,
        on_delete=models.CASCADE,
        related_name="limit_changes",
        verbose_name=_("indicator"),
    )
    starts_on = models.DateField(_("first day of the new process"))
    reason = models.CharField(
        _("what changed"),
        max_length=200,
        help_text=_("New limits need a cause, such as a change that went live"),
    )

    class Meta:
        verbose_name = _("change of the process")
        verbose_name_plural = _("changes of the process")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "starts_on"],
                condition=Q(deleted_at=None),
                name="limit_change_once",
                violation_error_message=_("A change is marked on this day already."),
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class SignalQuerySet(models.QuerySet["Signal"]):
    def of(self, programme: Programme) -> SignalQuerySet:
        return self.filter(programme=programme)

    def still_open(self) -> SignalQuerySet:
        return self.filter(closed_at=None)


class Signal(models.Model):
    """An episode in which an indicator shows more than chance, or misses its target.

    Opened and closed by the job that refreshes the dashboard; a person may close it
    with a reason. One indicator has at most one that is open.
    """

    class Kind(models.TextChoices):
        RULE = "rule", _("Control rule")
        TARGET = "target", _("Missed target")

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="signals"
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="signals"
    )
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    pattern = models.CharField(max_length=20)
    at = models.DateTimeField(_("first seen"))
    last_at = models.DateTimeField(help_text="Newest point of the episode")
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6)
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = SignalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator"],
                condition=Q(closed_at=None),
                name="one_open_signal",
            ),
            models.CheckConstraint(
                name="closing_by_hand_has_reason",
                condition=Q(closed_by=None) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.get_kind_display()}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class CorrectiveAction(Record):
    """What is done about a signal: contain, find the cause, correct, check."""

    act = "action.edit"
    evidence_of = IMPROVEMENT

    class Effect(models.TextChoices):
        OPEN = "open", _("Not checked yet")
        HELD = "effective", _("It worked")
        FAILED = "not_effective", _("It did not work")

    signal = models.ForeignKey(
        Signal,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        editable=False,
    )
    title = models.CharField(_("action"), max_length=200)
    containment = models.TextField(
        _("containment"),
        max_length=2000,
        blank=True,
        help_text=_("What limits the harm at once"),
    )
    cause = models.TextField(_("cause"), max_length=2000, blank=True)
    correction = models.TextField(_("correction"), max_length=2000, blank=True)
    check_plan = models.CharField(
        _("closed when"),
        max_length=300,
        blank=True,
        help_text=_("How one sees that it worked"),
    )
    effect = models.CharField(
        _("efficacy check"), max_length=13, choices=Effect, default=Effect.OPEN
    )
    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    due_on = models.DateField(_("due"))
    work_item = models.OneToOneField(
        WorkItem,
        on_delete=models.PROTECT,
        related_name="corrective_action",
        editable=False,
    )

    class Meta:
        verbose_name = _("corrective action")
        verbose_name_plural = _("corrective actions")
