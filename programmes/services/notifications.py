"""Telling people what waits for them and what was decided: inbox and mail."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from programmes.gate_words import OUTCOMES, gate_name, gate_words
from programmes.kit import formats
from programmes.lifecycle import GateKind, Outcome, ReviewState
from programmes.models import (
    Account,
    Condition,
    Gate,
    GateReview,
    Membership,
    Notification,
    Programme,
    WorkItem,
)
from programmes.services.gate_steps import chairs_at, gate_url

UNDO = timedelta(minutes=10)
REMIND_BEFORE = (7, 1)
MOST_MAILED = 200
MOST_LINES = 50

# kind -> the sentence, from its facts and in the reader's language.
WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "decide": lambda f: _("%(gate)s waits for your decision until %(due)s.") % f,
    "vote": lambda f: _("%(gate)s waits for your ballot until %(due)s.") % f,
    "due": lambda f: _("The decision at %(words)s is due on %(due)s.") % f,
    "overdue": lambda f: _("The decision at %(words)s is late; due was %(due)s.") % f,
    "decided": lambda f: _("%(gate)s: %(outcome)s.") % f,
    "waiver": lambda f: _("You are asked to let a criterion of %(words)s go.") % f,
    "waiver_answer": lambda f: _("Your request at %(words)s is answered.") % f,
    "condition": lambda f: _("A condition of %(words)s is yours, due %(due)s.") % f,
    "lapsed": lambda f: _("A condition of %(words)s has lapsed; decide again.") % f,
    "changed": lambda f: _("What %(words)s rests on has changed.") % f,
    "exception": lambda f: (
        _("The forecast has left its tolerance; open an exception review.") % f
    ),
    "hold": lambda f: _("The hold at %(words)s is to be looked at again.") % f,
}


def sentence(row: Notification) -> str:
    """What the line says, in the language that is active."""
    facts = dict(row.facts)
    kind, subject = facts.get("kind", GateKind.PHASE), facts.get("subject", "")
    number = facts.get("number") or facts["gate"]
    facts["gate"] = gate_name(kind, number, subject)
    facts["words"] = gate_words(kind, number, subject)
    if due := facts.get("due"):
        facts["due"] = formats.day(date.fromisoformat(due))
    if outcome := facts.get("outcome"):
        words = {str(key): str(label) for key, label in OUTCOMES}
        facts["outcome"] = words.get(outcome, outcome)
    return WORDS[row.kind](facts)


def notify(
    accounts: Iterable[Account],
    kind: str,
    gate: Gate,
    *,
    key: str,
    now: datetime,
    due: date | None = None,
    outcome: str = "",
    wait: timedelta = timedelta(0),
    url: str = "",
) -> None:
    """Tell each account once; the same key again changes nothing."""
    facts: dict[str, Any] = {"gate": gate.phase}
    if not gate.is_of_phase:
        facts |= {"kind": gate.kind, "number": gate.number, "subject": gate.subject}
    if due is not None:
        facts["due"] = due.isoformat()
    if outcome:
        facts["outcome"] = outcome
    Notification.objects.bulk_create(
        [
            Notification(
                account=one,
                programme=gate.programme,
                kind=kind,
                facts=facts,
                url=url or gate_url(gate),
                key=f"{kind}-{key}"[:80],
                at=now,
                send_after=now + wait,
            )
            for one in {account.pk: account for account in accounts}.values()
        ],
        ignore_conflicts=True,
    )


# --- whom -------------------------------------------------------------------------


def accounts_of(persons: Any) -> QuerySet[Account]:
    return Account.objects.filter(
        is_active=True, people__in=persons, people__is_active=True
    ).distinct()


def in_roles(programme: Programme, *roles: str) -> QuerySet[Account]:
    rows = Membership.objects.filter(programme=programme, role__in=roles)
    return accounts_of(rows.values("person"))


def chairs_of(gate: Gate, today: date) -> QuerySet[Account]:
    """The chairs of a gate, and who stands in for them."""
    rows = chairs_at(gate)
    handed = gate.programme.delegations.filter(
        giver__in=rows,
        starts_on__lte=today,
        ends_on__gte=today,
        revoked_at=None,
    )
    persons = [
        *rows.values_list("pk", flat=True),
        *(one.taker_id for one in handed if one.gate_id in (None, gate.pk)),
    ]
    return accounts_of(persons)


# --- what happened at a gate ------------------------------------------------------


def tell_submitted(review: GateReview, now: datetime) -> None:
    gate, key = review.gate, f"r{review.pk}"
    chairs = chairs_of(gate, now.date()).exclude(pk=review.submitted_by_id)
    notify(chairs, "decide", gate, key=key, now=now, due=review.due_on)
    voters = accounts_of([one["person"] for one in review.panel])
    notify(voters, "vote", gate, key=key, now=now, due=review.due_on)


def tell_decided(review: GateReview, now: datetime) -> None:
    """The team learns it at once in the inbox; mail waits until nobody can undo it."""
    gate = review.gate
    team = [
        *in_roles(gate.programme, Membership.Role.LEAD),
        *accounts_of([one["person"] for one in review.panel]),
    ]
    told = [one for one in team if one.pk != review.decided_by_id]
    outcome = str(review.outcome)
    key = f"r{review.pk}"
    notify(told, "decided", gate, key=key, now=now, outcome=outcome, wait=UNDO)
    for one in review.conditions.select_related("owner__account"):
        if one.owner.account is not None:
            notify(
                [one.owner.account],
                "condition",
                gate,
                key=f"c{one.pk}",
                now=now,
                due=one.due_on,
                wait=UNDO,
            )


def untell(review: GateReview) -> None:
    """An undone decision is not told any more; what was mailed was not undone."""
    keys = [f"decided-r{review.pk}"]
    keys += [f"condition-c{one.pk}" for one in review.conditions.all()]
    Notification.objects.filter(key__in=keys, mailed_at=None).delete()


def settle_before(moment: datetime) -> None:
    """What was told before counts as read and mailed (for the demo's story)."""
    rows = Notification.objects.filter(at__lt=moment)
    rows.update(read_at=moment, mailed_at=moment)


# --- what the clock tells ---------------------------------------------------------


def remind(now: datetime) -> None:
    """7 days and 1 day before a decision is due, and when it is late."""
    today = now.date()
    rows = GateReview.objects.filter(state=ReviewState.OPEN).select_related(
        "gate__programme__enterprise", "submitted_by"
    )
    for review in rows.order_by("pk"):
        left = (review.due_on - today).days
        chairs = chairs_of(review.gate, today)
        for days in REMIND_BEFORE:
            asked = (review.due_on - review.submitted_at.date()).days
            if 0 <= left <= days < asked:
                key = f"r{review.pk}-{days}"
                notify(chairs, "due", review.gate, key=key, now=now, due=review.due_on)
        if left < 0:
            leads = in_roles(review.gate.programme, Membership.Role.LEAD)
            notify(
                [*chairs, *leads],
                "overdue",
                review.gate,
                key=f"r{review.pk}",
                now=now,
                due=review.due_on,
            )


def lapse(now: datetime) -> None:
    """A condition that is late calls the chair; it never expires by itself."""
    rows = Condition.objects.filter(
        closed_at=None,
        lapsed_at=None,
        due_on__lt=now.date(),
        review__state=ReviewState.DECIDED,
        work_item__state__in=[WorkItem.State.OPEN, WorkItem.State.DOING],
    ).select_related("review__gate__programme__enterprise")
    for one in rows:
        one.lapsed_at = now
        one.save(update_fields=["lapsed_at"])
        gate = one.review.gate
        chairs = chairs_of(gate, now.date())
        notify(chairs, "lapsed", gate, key=f"c{one.pk}", now=now)


def look_at_holds(now: datetime) -> None:
    rows = GateReview.objects.filter(
        state=ReviewState.DECIDED,
        outcome=Outcome.HOLD,
        review_on__lte=now.date(),
        gate__programme__state=Programme.State.HOLD,
    ).select_related("gate__programme__enterprise")
    for one in rows:
        chairs = chairs_of(one.gate, now.date())
        notify(chairs, "hold", one.gate, key=f"r{one.pk}", now=now)


# --- mail -------------------------------------------------------------------------


def send_mails(now: datetime) -> int:
    """Send what waits, one mail an account; the number of mails.

    At once, once a day or once a week, as each account likes it. Each account is a
    transaction of its own: a mail server that fails for one leaves the others told.
    """
    waiting = (
        Account.objects.filter(notifications__in=to_mail(now))
        .exclude(mail=Account.Mail.NEVER)
        .distinct()
        .order_by("pk")
    )
    sent = 0
    for account in waiting[: MOST_MAILED * 2]:
        if sent < MOST_MAILED and is_time(account, now):
            sent += send_one(account, now)
    return sent


def to_mail(now: datetime) -> QuerySet[Notification]:
    return Notification.objects.filter(
        mailed_at=None, read_at=None, send_after__lte=now
    )


def send_one(account: Account, now: datetime) -> int:
    """The mail of one account; 0 where somebody else is sending it."""
    with transaction.atomic():
        rows = to_mail(now).select_for_update(skip_locked=True, of=("self",))
        lines = list(
            rows.filter(account=account)
            .select_related("programme")
            .order_by("at", "pk")[:MOST_LINES]
        )
        if not lines:
            return 0
        keys = [one.pk for one in lines]
        Notification.objects.filter(pk__in=keys).update(mailed_at=now)
        Account.objects.filter(pk=account.pk).update(mailed_at=now)
        mail_of(account, lines).send()
    return 1


def is_time(account: Account, now: datetime) -> bool:
    """A digest comes when the day, or the week, since the last one is over."""
    gaps = {Account.Mail.DAILY: 1, Account.Mail.WEEKLY: 7}
    gap = gaps.get(Account.Mail(account.mail))
    return gap is None or (
        account.mailed_at is None or now - account.mailed_at >= timedelta(days=gap)
    )


def absolute(path: str) -> str:
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def mail_of(account: Account, lines: list[Notification]) -> EmailMessage:
    with override(settings.LANGUAGE_CODE):
        told = [
            f"{one.programme.name}: {sentence(one)}\n{absolute(one.url)}"
            for one in lines
        ]
        first = f"{lines[0].programme.name}: {sentence(lines[0])}"
        subject = (
            first
            if len(lines) == 1
            else _("%(count)s things for you") % {"count": len(lines)}
        )
        foot = _("You choose how often these mails come:")
    body = "\n\n".join([*told, f"{foot}\n{absolute('/settings/')}"])
    # A header holds one line, whatever somebody called their programme.
    return EmailMessage(" ".join(subject.split())[:200], body, to=[account.email])
