"""Gates, their rounds of review, conditions, signatures and readiness."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from programmes.lifecycle import GateState, Outcome, ReviewState
from programmes.models.people import Account, Person
from programmes.models.programme import Programme, RecordQuerySet
from programmes.models.work import WorkItem
from programmes.phases import Phase

GATE_STATES = [
    (GateState.PREPARING, _("In preparation")),
    (GateState.IN_REVIEW, _("In review")),
    (GateState.PASSED, _("Passed")),
    (GateState.CONDITIONAL, _("Passed with conditions")),
]
REVIEW_STATES = [
    (ReviewState.OPEN, _("Waiting for a decision")),
    (ReviewState.DECIDED, _("Decided")),
    (ReviewState.WITHDRAWN, _("Withdrawn")),
    (ReviewState.UNDONE, _("Decision undone")),
]
OUTCOMES = [
    (Outcome.APPROVE, _("Approve")),
    (Outcome.CONDITIONS, _("Approve with conditions")),
    (Outcome.RETURN, _("Return for rework")),
]


class Gate(models.Model):
    """The decision at the end of a phase of one programme."""

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="gates"
    )
    phase = models.PositiveSmallIntegerField(_("gate"), choices=Phase)
    state = models.CharField(
        _("state"), max_length=12, choices=GATE_STATES, default=GateState.PREPARING
    )
    history = HistoricalRecords()

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "phase"], name="gate_once"),
        ]

    def __str__(self) -> str:
        return str(_("Gate %(number)s") % {"number": self.phase})


class GateReview(models.Model):
    """One round: the evidence as it was frozen, and what was decided on it.

    Rounds are never edited after the decision and never deleted.
    """

    gate = models.ForeignKey(Gate, on_delete=models.CASCADE, related_name="reviews")
    round = models.PositiveSmallIntegerField(_("round"))
    state = models.CharField(
        _("state"), max_length=10, choices=REVIEW_STATES, default=ReviewState.OPEN
    )
    ask = models.TextField(_("what is asked"), max_length=2000)
    evidence = models.JSONField(
        help_text="Codes, results, numbers and marks of every criterion, as submitted"
    )
    fingerprint = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField()
    due_on = models.DateField(_("decision due"))
    outcome = models.CharField(max_length=24, choices=OUTCOMES, blank=True)
    rationale = models.TextField(_("reason"), max_length=4000, blank=True)
    decided_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gate", "round"], name="review_round"),
            models.UniqueConstraint(
                fields=["gate"],
                condition=Q(state=ReviewState.OPEN),
                name="one_open_review",
            ),
            models.CheckConstraint(
                name="decided_review_has_outcome",
                condition=~Q(state=ReviewState.DECIDED)
                | (~Q(outcome="") & Q(decided_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gate}, {self.round}"


class Condition(models.Model):
    """Something the chair asks for when approving with conditions."""

    review = models.ForeignKey(
        GateReview, on_delete=models.CASCADE, related_name="conditions"
    )
    text = models.CharField(_("condition"), max_length=300)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("due"))
    work_item = models.OneToOneField(
        WorkItem, on_delete=models.PROTECT, related_name="condition"
    )
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+"
    )
    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.text


class Signature(models.Model):
    """A person's signature: name, time, meaning, and the mark of what was signed."""

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="signatures"
    )
    phase = models.PositiveSmallIntegerField(choices=Phase)
    kind = models.CharField(max_length=20)
    meaning = models.CharField(max_length=300)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=64)
    note = models.CharField(max_length=500, blank=True)
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person}: {self.meaning}"


class Readiness(models.Model):
    """Computed: how ready a gate is. Rows are rewritten, never edited by hand."""

    gate = models.OneToOneField(
        Gate, on_delete=models.CASCADE, related_name="readiness"
    )
    met = models.PositiveSmallIntegerField(default=0)
    needed = models.PositiveSmallIntegerField(default=0)
    missing = models.JSONField(default=list)
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.gate}: {self.met}/{self.needed}"
