"""Links by mail for people without a sign-in: found by hash, used by POST only."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from programmes.models import Course, Notice, Person, PersonalLink, Programme
from programmes.models.receipts import hash_of

VALID_DAYS = 60


def new_link(
    *,
    programme: Programme,
    person: Person,
    now: datetime,
    notice: Notice | None = None,
    course: Course | None = None,
) -> str:
    """A new link of a person to one thing; its address is told only now."""
    token = secrets.token_urlsafe(24)
    PersonalLink.objects.create(
        programme=programme,
        person=person,
        notice=notice,
        course=course,
        token_hash=hash_of(token),
        created_at=now,
        expires_on=now.date() + timedelta(days=VALID_DAYS),
    )
    return settings.SITE_URL.rstrip("/") + reverse("staff-link", args=[token])


def find_link(token: str, today: date) -> PersonalLink | None:
    """The link of a token; an old one, or one to what is deleted, is no link."""
    alive = Q(notice__isnull=False, notice__deleted_at=None) | Q(
        course__isnull=False, course__deleted_at=None
    )
    rows = PersonalLink.objects.filter(
        alive,
        token_hash=hash_of(token),
        expires_on__gte=today,
        person__is_active=True,
        programme__state=Programme.State.ACTIVE,
    )
    return rows.select_related(
        "person__unit", "programme__enterprise", "notice", "course"
    ).first()


def letter(person: Person, subject: str, text: str, link: str) -> EmailMessage:
    """A mail with a personal link."""
    body = _(
        "%(name)s,\n\n%(text)s\n\n%(link)s\n\n"
        "The link is yours alone and works for %(days)s days."
    ) % {"name": person.name, "text": text, "link": link, "days": VALID_DAYS}
    return EmailMessage(" ".join(subject.split()), body, None, [person.email])
