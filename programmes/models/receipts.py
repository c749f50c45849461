"""What a person was sent: announcements told and read, and personal links."""

from __future__ import annotations

import hashlib

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programmes.models.kickoff import Course, Notice
from programmes.models.people import OrgUnit, Person
from programmes.models.programme import Programme


class Receipt(models.Model):
    """An announcement to one person: when it was told, and when read."""

    class Way(models.TextChoices):
        LINK = "link", _("By the link in the mail")
        APP = "app", _("In the app")
        HAND = "hand", _("Confirmed by a champion")

    notice = models.ForeignKey(
        Notice, on_delete=models.CASCADE, related_name="receipts"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        OrgUnit, on_delete=models.PROTECT, null=True, related_name="+"
    )
    told_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    way = models.CharField(max_length=4, choices=Way, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "person"], name="receipt_once"),
        ]

    def __str__(self) -> str:
        return str(self.person)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class PersonalLink(models.Model):
    """A link by mail with which a person without a sign-in reads, and acts by POST.

    Only the hash of its token is kept; who has the database cannot use it.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    notice = models.ForeignKey(
        Notice, on_delete=models.CASCADE, null=True, related_name="+"
    )
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, null=True, related_name="+"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="link_for_one_thing",
                condition=Q(notice=None) ^ Q(course=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)
