"""The ledger: decisions and security events of an enterprise, each chained to the last.

Rows are written by programmes/services/ledger.py only. Triggers of the database refuse
every later change; the chain of MACs shows what somebody changed around them.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.models.people import Account, Enterprise, Person

GENESIS = "0" * 64


class LedgerEntry(models.Model):
    """One thing that happened: ids and hashes, never names.

    `mac` is the HMAC-SHA256 over the MAC before it, the number and the canonical JSON
    of everything else.
    """

    class Kind(models.TextChoices):
        SUBMITTED = "gate.submitted", _("Decision asked for")
        WITHDRAWN = "gate.withdrawn", _("Question withdrawn")
        VOTED = "gate.voted", _("Ballot cast")
        REVEALED = "gate.revealed", _("Ballots opened")
        DECIDED = "gate.decided", _("Gate decided")
        UNDONE = "gate.undone", _("Decision undone")
        REAFFIRMED = "gate.reaffirmed", _("Approval affirmed")
        REOPENED = "gate.reopened", _("Gate reopened")
        RESUMED = "gate.resumed", _("Programme resumed")
        WAIVER_ASKED = "waiver.asked", _("Waiver asked for")
        WAIVER_GRANTED = "waiver.granted", _("Waiver granted")
        WAIVER_DECLINED = "waiver.declined", _("Waiver declined")
        DELEGATED = "delegation.given", _("Decisions handed over")
        UNDELEGATED = "delegation.ended", _("Decisions taken back")
        MONEY = "money.confirmed", _("Money confirmed")
        MANDATE = "mandate.signed", _("Mandate signed")
        ROLE_GRANTED = "role.granted", _("Role given")
        ROLE_REVOKED = "role.revoked", _("Role taken")
        PERSON_ADDED = "person.added", _("Person added")
        PERSON_LEFT = "person.left", _("Person left")
        PERSON_BACK = "person.back", _("Person active again")
        OFFICES = "person.roles", _("Enterprise roles set")
        SIGN_IN = "sign_in.done", _("Signed in")
        SIGN_IN_FAILED = "sign_in.failed", _("Sign-in failed")
        TOKEN_CREATED = "token.created", _("Token made")
        TOKEN_REVOKED = "token.revoked", _("Token ended")
        ISSUED = "document.issued", _("Document issued")
        EXPORTED = "export.first", _("First export of the day")

    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="+"
    )
    seq = models.PositiveBigIntegerField(_("number"))
    at = models.DateTimeField(_("when"))
    kind = models.CharField(_("what"), max_length=20, choices=Kind)
    actor = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    facts = models.JSONField(default=dict)
    prev = models.CharField(max_length=64)
    mac = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "seq"], name="ledger_number_once"
            ),
        ]
        indexes = [
            models.Index(fields=["enterprise", "kind", "actor"], name="ledger_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class LedgerCheck(models.Model):
    """One check of the whole ledger of an enterprise: its head then, and what it found.

    The head of the last check is a published one: a ledger that ends before it was cut.
    """

    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.CASCADE, related_name="ledger_checks"
    )
    at = models.DateTimeField()
    by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+"
    )
    seq = models.PositiveBigIntegerField()
    mac = models.CharField(max_length=64)
    findings = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["enterprise", "-at"], name="ledger_checked")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}: {len(self.findings)}"
