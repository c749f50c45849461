"""Programmes, who works in them, and the base of every record they hold."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from programmes.models.packs import MethodPack
from programmes.models.people import (
    Account,
    Enterprise,
    EnterpriseRole,
    OrgUnit,
    Person,
)
from programmes.phases import Phase

READING_ROLES = (EnterpriseRole.Role.AUDITOR,)


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, user: Account | AnonymousUser) -> ProgrammeQuerySet:
        """Programmes in which the user has a role, and all of an auditor's."""
        if not user.is_authenticated:
            return self.none()
        member = Membership.objects.filter(
            person__account=user, person__is_active=True
        ).values("programme")
        audited = EnterpriseRole.objects.filter(
            person__account=user, person__is_active=True, role__in=READING_ROLES
        ).values("person__enterprise")
        return self.filter(Q(pk__in=member) | Q(enterprise__in=audited))


class Programme(models.Model):
    """One process-optimisation programme, from mandate to continuous improvement."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Running")
        HOLD = "hold", _("On hold")
        STOPPED = "stopped", _("Stopped")
        CLOSED = "closed", _("Closed")

    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="programmes"
    )
    code = models.SlugField(
        _("code"),
        max_length=20,
        unique=True,
        help_text=_("Short name in addresses, such as oc-26"),
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*$", _("Use a-z, 0-9 and -."))],
    )
    name = models.CharField(_("name"), max_length=120)
    summary = models.TextField(_("what it is about"), max_length=2000, blank=True)
    unit = models.ForeignKey(
        OrgUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("business area"),
    )
    phase = models.PositiveSmallIntegerField(
        _("phase"), choices=Phase, default=Phase.MASTER_PLAN
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.ACTIVE
    )
    predecessor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="cycles"
    )
    # Null only where the enterprise had no pack yet: then the standard one holds.
    pack = models.ForeignKey(
        MethodPack,
        on_delete=models.PROTECT,
        null=True,
        related_name="programmes",
        verbose_name=_("method pack"),
    )
    held_at = models.DateTimeField(_("on hold since"), null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", null=True
    )
    history = HistoricalRecords()

    objects = ProgrammeQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def currency(self) -> str:
        return self.enterprise.currency


class Membership(models.Model):
    """A person's role in a programme."""

    class Role(models.TextChoices):
        LEAD = "lead", _("Lead")
        SPONSOR = "sponsor", _("Sponsor")
        GATEKEEPER = "gatekeeper", _("Gatekeeper")
        CONTROLLER = "controller", _("Controller")
        OWNER = "owner", _("Process owner")
        MEMBER = "member", _("Team member")
        CHAMPION = "champion", _("Champion")
        VIEWER = "viewer", _("Viewer")

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="memberships"
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("person"),
    )
    role = models.CharField(_("role"), max_length=12, choices=Role)
    seat = models.CharField(
        _("function"),
        max_length=60,
        blank=True,
        help_text=_("For a gatekeeper, such as HR, IT or works council"),
    )
    unit = models.ForeignKey(
        OrgUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("unit"),
        help_text=_("For a champion: whose"),
    )
    capacity_percent = models.PositiveSmallIntegerField(
        _("working time, %"), default=0, validators=[MaxValueValidator(100)]
    )
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "person", "role", "unit"],
                nulls_distinct=False,
                name="membership_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"


class RecordQuerySet(models.QuerySet[Any]):
    """Rows of a programme. Deleted rows stay for 30 days and are left out."""

    def visible_to(self, user: Account | AnonymousUser) -> Self:
        return self.filter(programme__in=Programme.objects.visible_to(user))

    def alive(self) -> Self:
        return self.filter(deleted_at=None)

    def of(self, programme: Programme) -> Self:
        """The rows of one programme that are not deleted."""
        return self.filter(programme=programme, deleted_at=None)


class Record(models.Model):
    """Base of what a programme holds: soft deletion, a version, and its history.

    `act` names the line of the policy table that guards changes; `evidence_of` the
    gates whose review locks it (docs/gates.md); `material` the fields that a decision
    rests on: changed after the approval, they ask for a reason and mark the gate.
    """

    act: ClassVar[str]
    evidence_of: ClassVar[tuple[Phase, ...]] = ()
    material: ClassVar[frozenset[str]] = frozenset()
    # True for what forecasts are compared with: an exception review locks it as well.
    is_plan: ClassVar[bool] = False
    # False where str() is a translated word and no name that somebody typed.
    is_named: ClassVar[bool] = True

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    updated_at = models.DateTimeField(editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    history = HistoricalRecords(inherit=True)

    objects: ClassVar[Any] = RecordQuerySet.as_manager()
    # Set by `stamp` for the history row that save() writes.
    _change_reason: str | None
    _history_user: Account | None
    _history_date: datetime

    class Meta:
        abstract = True

    def __str__(self) -> str:
        for name in ("title", "name", "text"):
            if hasattr(self, name):
                return str(getattr(self, name))[:120]
        return f"{self._meta.verbose_name} {self.pk}"

    def stamp(self, by: Account | None, now: datetime, reason: str = "") -> None:
        """Who changes it, when and why: for the history row that save() writes."""
        self._history_user, self._history_date = by, now
        self._change_reason = reason or None

    def unit_of(self, field: str) -> str:
        """The unit that the number in the field is counted in, where it has one."""
        return ""

    def currency_of(self, field: str) -> str:
        """The currency of the amount in the field, where it is not the programme's."""
        return ""
