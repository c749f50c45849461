"""Gates, their rounds of review, conditions, waivers and signatures."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from programmes.gate_words import (
    GATE_KINDS,
    GATE_STATES,
    OUTCOMES,
    REVIEW_STATES,
    gate_name,
    gate_words,
    outcome_words,
)
from programmes.lifecycle import UNDECIDED, GateKind, GateState, ReviewState
from programmes.models.people import Account, Person
from programmes.models.programme import Membership, Programme, RecordQuerySet
from programmes.models.work import WorkItem
from programmes.phases import Phase


class PhaseGates(models.Manager["Gate"].from_queryset(RecordQuerySet)):  # type: ignore[misc]
    """The gates that close phases: what is meant wherever nothing else is said."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(kind=GateKind.PHASE)


class Gate(models.Model):
    """The decision at the end of a phase of one programme, or of several phases.

    `phase` is the last phase it closes, `first_phase` the first one. Two flags stand
    beside the state: the evidence changed since the approval, and an earlier gate was
    reopened, so that this approval has to be affirmed again.

    Decisions outside the sequence are gates of another kind: they belong to the phase
    that was open, close none, and are counted by `number`. `objects` are the gates of
    phases alone, `every` all of them.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="gates"
    )
    phase = models.PositiveSmallIntegerField(_("gate"), choices=Phase)
    first_phase = models.PositiveSmallIntegerField(_("from phase"), choices=Phase)
    state = models.CharField(
        _("state"), max_length=12, choices=GATE_STATES, default=GateState.PREPARING
    )
    changed_at = models.DateTimeField(_("changed since approval"), null=True)
    to_reaffirm = models.BooleanField(_("to re-affirm"), default=False)
    kind = models.CharField(
        _("kind"), max_length=9, choices=GATE_KINDS, default=GateKind.PHASE
    )
    number = models.PositiveSmallIntegerField(_("number"), default=0)
    subject = models.CharField(_("subject"), max_length=120, blank=True)
    # Decides in place of the role, where one person is named.
    chair = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+"
    )
    history = HistoricalRecords()

    objects = PhaseGates()
    every = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "phase"],
                condition=Q(kind=GateKind.PHASE),
                name="gate_once",
            ),
            models.UniqueConstraint(
                fields=["programme", "number"],
                condition=~Q(kind=GateKind.PHASE),
                name="review_once",
            ),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(kind=GateKind.EXCEPTION, state__in=UNDECIDED),
                name="one_exception_at_a_time",
            ),
            models.CheckConstraint(
                name="gate_covers_in_order",
                condition=Q(first_phase__lte=F("phase")),
            ),
        ]

    def __str__(self) -> str:
        return gate_name(self.kind, self.shown_number, self.subject)

    @property
    def is_of_phase(self) -> bool:
        return self.kind == GateKind.PHASE

    @property
    def shown_number(self) -> int:
        return self.phase if self.is_of_phase else self.number

    @property
    def address(self) -> str:
        """Its part of an address: gates/3, reviews/1."""
        place = "gates" if self.is_of_phase else "reviews"
        return f"{place}/{self.shown_number}"

    @property
    def words(self) -> str:
        """As it is called within a sentence."""
        return gate_words(self.kind, self.shown_number, self.subject)

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The phases that it closes, in order."""
        return tuple(Phase(one) for one in range(self.first_phase, self.phase + 1))

    @property
    def is_flagged(self) -> bool:
        return self.changed_at is not None or self.to_reaffirm


class GateReview(models.Model):
    """One round: the evidence as it was frozen, and what was decided on it.

    Rounds are never edited after the decision and never deleted. `pack` is what was
    frozen (programmes/gate_packs.py), `pack_hash` the SHA-256 of its canonical JSON,
    `evidence` the criteria of that pack and `fingerprint` the hash of their marks.
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
    pack = models.JSONField(default=dict)
    pack_hash = models.CharField(max_length=64, blank=True)
    panel = models.JSONField(
        default=list, help_text="Who may vote: person, role, seat, as submitted"
    )
    submitted_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField()
    due_on = models.DateField(_("decision due"))
    revealed_at = models.DateTimeField(_("ballots revealed"), null=True)
    outcome = models.CharField(max_length=24, choices=OUTCOMES, blank=True)
    rationale = models.TextField(_("reason"), max_length=4000, blank=True)
    review_on = models.DateField(_("look at it again on"), null=True)
    disposal = models.TextField(
        _("what becomes of people, contracts and assets"), max_length=4000, blank=True
    )
    # Where the programme stood, so that undo puts it back there.
    phase_before = models.PositiveSmallIntegerField(choices=Phase, null=True)
    decided_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_for = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The chair on whose behalf a delegate decided",
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

    @property
    def outcome_words(self) -> str:
        """What was decided, as it is called at this kind of gate."""
        return outcome_words(self.outcome, self.gate.kind)


class Vote(models.Model):
    """A sealed ballot of one member of the panel; shown after the reveal only."""

    review = models.ForeignKey(
        GateReview, on_delete=models.CASCADE, related_name="votes"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=Membership.Role)
    seat = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(_("advice"), max_length=24, choices=OUTCOMES)
    scores = models.JSONField(default=dict, help_text="Judged criterion -> 1 to 5")
    comment = models.TextField(_("comment"), max_length=2000, blank=True)
    is_late = models.BooleanField(default=False, help_text="Cast after the reveal")
    cast_at = models.DateTimeField()
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "person"], name="one_ballot"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_outcome_display()}"


class Waiver(models.Model):
    """A criterion that the chair lets go for one decision, for a stated reason."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        GRANTED = "granted", _("Granted")
        DECLINED = "declined", _("Declined")

    gate = models.ForeignKey(Gate, on_delete=models.CASCADE, related_name="waivers")
    code = models.CharField(_("criterion"), max_length=20)
    reason = models.TextField(_("reason"), max_length=2000)
    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.ASKED
    )
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    # Used up by the decision that rests on it.
    review = models.ForeignKey(
        GateReview, on_delete=models.CASCADE, null=True, related_name="waivers"
    )
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gate", "code"],
                condition=Q(review=None) & ~Q(state="declined"),
                name="waiver_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gate}, {self.code}"


class Delegation(models.Model):
    """Somebody else decides or votes for a person, from one day to another."""

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="delegations"
    )
    gate = models.ForeignKey(
        Gate,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="delegations",
        help_text=_("Empty: all gates of the programme"),
    )
    giver = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("for")
    )
    taker = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=300)
    created_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    history = HistoricalRecords()

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="delegation_in_order", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="delegation_of_two", condition=~Q(giver=F("taker"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver} → {self.taker}"


class Condition(models.Model):
    """Something the chair asks for when approving with conditions."""

    review = models.ForeignKey(
        GateReview, on_delete=models.CASCADE, related_name="conditions"
    )
    text = models.CharField(_("condition"), max_length=300)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("due"))
    proof = models.CharField(
        _("met when"),
        max_length=300,
        blank=True,
        help_text=_("The sign by which anybody can tell that it is met"),
    )
    work_item = models.OneToOneField(
        WorkItem, on_delete=models.PROTECT, related_name="condition"
    )
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+"
    )
    lapsed_at = models.DateTimeField(null=True)
    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.text


class EvidenceChange(models.Model):
    """A material field that changed after the approval that rests on it."""

    class Kind(models.TextChoices):
        CHANGED = "changed", _("Changed")
        DELETED = "deleted", _("Deleted")
        RESTORED = "restored", _("Restored")

    gate = models.ForeignKey(Gate, on_delete=models.CASCADE, related_name="changes")
    review = models.ForeignKey(
        GateReview, on_delete=models.CASCADE, related_name="changes"
    )
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.CHANGED)
    record_type = models.CharField(max_length=80, help_text="app_label.model")
    record_id = models.BigIntegerField()
    label = models.CharField(max_length=200)
    field = models.CharField(max_length=60, blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    # The affirmation or reopening that answered it.
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["gate", "answered_at"], name="change_open")]

    def __str__(self) -> str:
        return f"{self.label}: {self.field}"


class Signature(models.Model):
    """A person's signature: name, time, meaning, and the mark of what was signed."""

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="signatures"
    )
    phase = models.PositiveSmallIntegerField(choices=Phase)
    review = models.ForeignKey(
        GateReview, on_delete=models.CASCADE, null=True, related_name="signatures"
    )
    kind = models.CharField(max_length=20)
    meaning = models.CharField(max_length=300)
    name = models.CharField(max_length=120, blank=True, help_text="As printed then")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+"
    )
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=64)
    note = models.CharField(max_length=500, blank=True)
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person}: {self.meaning}"
