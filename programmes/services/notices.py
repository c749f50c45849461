"""Announcements: told by mail and in the app, read by link, button or champion."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.mail import get_connection
from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from programmes import jobs
from programmes.events import announce, records_changed
from programmes.kit.errors import Refusal
from programmes.models import Account, Notice, OrgUnit, Person, Receipt
from programmes.permissions import require
from programmes.phases import Phase
from programmes.services.personal_links import letter, new_link
from programmes.services.reach import Reach, by_unit, staff_in_scope
from programmes.services.records import Invalid, save_record

MAIL = "kickoff.mail_notice"
BATCH = 50


class NobodyToTell(Refusal):
    """There is nobody that it is for, or nobody who has not read it."""

    code = "nobody-to-tell"


@transaction.atomic
def save_notice(
    *,
    by: Account,
    record: Notice,
    now: datetime,
    units: Collection[OrgUnit] | None = None,
    **more: Any,
) -> Notice:
    """Save an announcement with the units it is for; none: all that are in scope.

    :param units: None leaves them as they are.
    :raises NotAllowed, UnderReview, Conflict, ReasonNeeded, Invalid: as save_record.
    """
    if units and any(
        one.enterprise_id != record.programme.enterprise_id for one in units
    ):
        raise Invalid(_("Choose units of this enterprise."))
    saved = save_record(by=by, record=record, now=now, **more)
    if units is not None:
        saved.units.set(units)
    return saved


def send_notice(*, by: Account, notice: Notice, now: datetime) -> int:
    """Tell everybody it is for who was not told yet; returns how many are new.

    Doing it twice tells only those who came to the units meanwhile.

    :raises NotAllowed, UnderReview: as for save_record.
    :raises NobodyToTell: the units have no people, or all were told.
    """
    require(by, notice.act, notice.programme, notice)
    with transaction.atomic():
        there = notice.receipts.values("person")
        units = list(notice.units.all())
        people = staff_in_scope(notice.programme, units).exclude(pk__in=there)
        new = [
            Receipt(notice=notice, person=one, unit_id=one.unit_id) for one in people
        ]
        if not new:
            raise NobodyToTell(_("Nobody is left to tell: check the units in scope."))
        Receipt.objects.bulk_create(new, ignore_conflicts=True)
        if notice.sent_on is None:
            notice.sent_on = now.date()
            save_record(by=by, record=notice, now=now)
        start_mail(by, notice)
        tell(notice)
    return len(new)


def remind(*, by: Account, notice: Notice, now: datetime) -> int:
    """Mail those again who were told and have not read it; returns how many.

    :raises NotAllowed: neither lead nor champion.
    :raises NobodyToTell: everybody has read it, or was reminded today.
    """
    require(by, notice.act, notice.programme, notice)
    rows = unread(notice).exclude(reminded_at__date=now.date())
    found = list(rows.values_list("pk", flat=True))
    if not found:
        raise NobodyToTell(_("Nobody is to be reminded today."))
    with transaction.atomic():
        start_mail(by, notice, reminders=found)
    return len(found)


def unread(notice: Notice) -> Any:
    """Who was told by mail and has not read it."""
    return notice.receipts.filter(read_at=None, told_at__isnull=False)


def start_mail(by: Account, notice: Notice, reminders: Sequence[int] = ()) -> None:
    payload = {
        "notice": notice.pk,
        "language": get_language() or "en",
        "reminders": list(reminders),
    }
    jobs.enqueue(MAIL, payload, programme=notice.programme, by=by)


def mail_notice(*, notice: Notice, reminders: Sequence[int], now: datetime) -> int:
    """Mail what is not mailed yet, in batches; returns how many mails went out.

    Called by the job. Who has a moment set is left out, so that a second run after a
    crash writes at most the batch that was on its way again.
    """
    rows = Receipt.objects.filter(notice=notice, person__is_active=True)
    rows = rows.exclude(person__email="").select_related("person")
    if reminders:
        waiting = Q(reminded_at=None) | Q(reminded_at__date__lt=now.date())
        rows = rows.filter(waiting, pk__in=reminders, read_at=None)
    else:
        rows = rows.filter(told_at=None)
    sent = 0
    found = list(rows.order_by("pk"))
    for start in range(0, len(found), BATCH):
        some = found[start : start + BATCH]
        mail_batch(notice, some, now, is_reminder=bool(reminders))
        sent += len(some)
    tell(notice)
    return sent


def mail_batch(
    notice: Notice, receipts: Iterable[Receipt], now: datetime, *, is_reminder: bool
) -> None:
    subject = _("Reminder: %(title)s") if is_reminder else "%(title)s"
    text = _("%(title)s\n\nPlease read it here and confirm that you did:")
    told = {"title": notice.title}
    keys, letters = [], []
    for one in receipts:
        link = new_link(
            programme=notice.programme, person=one.person, notice=notice, now=now
        )
        letters.append(letter(one.person, subject % told, text % told, link))
        keys.append(one.pk)
    get_connection().send_messages(letters)
    moment = {"reminded_at": now} if is_reminder else {"told_at": now}
    Receipt.objects.filter(pk__in=keys).update(**moment)


def acknowledge(*, receipt: Receipt, way: str, now: datetime) -> Receipt:
    """The person has read it. The first moment stays."""
    Receipt.objects.filter(pk=receipt.pk, read_at=None).update(read_at=now, way=way)
    receipt.refresh_from_db()
    tell(receipt.notice)
    return receipt


def acknowledge_own(*, by: Account, notice: Notice, now: datetime) -> Receipt:
    """Acknowledge what one was told, in the app.

    :raises NobodyToTell: it was not told to this account.
    """
    receipt = notice.receipts.filter(person__account=by, person__is_active=True).first()
    if receipt is None:
        raise NobodyToTell(_("This was not told to you."))
    return acknowledge(receipt=receipt, way=Receipt.Way.APP, now=now)


def confirm_reading(
    *, by: Account, notice: Notice, people: Iterable[int], now: datetime
) -> int:
    """A champion or the lead told people in person; returns how many.

    :raises NotAllowed: neither lead nor champion.
    """
    require(by, notice.act, notice.programme, notice)
    rows = notice.receipts.filter(pk__in=list(people), read_at=None)
    changed = rows.update(read_at=now, way=Receipt.Way.HAND)
    tell(notice)
    return changed


def tell(notice: Notice) -> None:
    """The readiness of the gate is to be looked at again."""
    announce(
        records_changed,
        programme_id=notice.programme_id,
        phases=(int(Phase.KICK_OFF),),
    )


def reach_of(receipts: Iterable[Receipt]) -> list[Reach]:
    """Told and read per unit, from receipts with their units."""
    return by_unit(
        (one.unit, one.told_at is not None, one.read_at is not None) for one in receipts
    )


def receipts_of(person: Person) -> Any:
    """What a person was told, the newest first."""
    rows = Receipt.objects.filter(person=person, notice__deleted_at=None)
    return rows.select_related("notice__programme").order_by("-notice__sent_on", "-pk")
