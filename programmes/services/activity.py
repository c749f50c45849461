"""Who did what: one line in the transaction of the deed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programmes.models import (
    Account,
    Activity,
    Document,
    Enterprise,
    Membership,
    Programme,
)

# The verbs of the feed: stored as keys, shown in the reader's language.
VERBS: dict[str, Promise] = {
    "created": _("added"),
    "changed": _("changed"),
    "deleted": _("deleted"),
    "restored": _("restored"),
    "signed": _("signed"),
    "confirmed": _("confirmed"),
    "submitted": _("asked for a decision at"),
    "withdrew": _("withdrew"),
    "approved": _("approved"),
    "approved_with_conditions": _("approved with conditions"),
    "returned": _("returned"),
    "held": _("put the programme on hold at"),
    "stopped": _("stopped the programme at"),
    "resumed": _("resumed the programme at"),
    "reaffirmed": _("affirmed again"),
    "took_up": _("reopened"),
    "voted": _("cast a ballot at"),
    "revealed": _("opened the ballots of"),
    "asked_waiver": _("asked to let go"),
    "granted_waiver": _("granted a waiver at"),
    "declined_waiver": _("declined a waiver at"),
    "delegated": _("handed decisions over to"),
    "undelegated": _("took decisions back from"),
    "undid": _("undid the decision at"),
    "closed": _("closed"),
    "reopened": _("reopened"),
    "finished": _("finished"),
    "issued": _("issued"),
    "launched": _("opened"),
    "imported": _("imported"),
    "recorded": _("recorded values for"),
    "froze": _("froze the contract of"),
    "started": _("started"),
    "released": _("released"),
    "moved": _("moved the programme to"),
    "invited": _("added the person"),
    "took_back": _("took back"),
    "granted": _("gave the role"),
    "revoked": _("took the role"),
}

# What the deed was done to, where it is no record: key before the point -> words.
NOUNS: dict[str, Callable[[str], str]] = {
    "gate": lambda number: gettext("gate %(number)s") % {"number": number},
    "exception": lambda number: (
        gettext("exception review %(number)s") % {"number": number}
    ),
    "go_live": lambda unit: gettext("the go-live of %(subject)s") % {"subject": unit},
    "money": lambda number: (
        gettext("the money of gate %(number)s") % {"number": number}
    ),
    "role": lambda role: str(Membership.Role(role).label),
    "document": lambda kind: str(Document.Kind(kind).label),
    "pack": lambda _which: gettext("method pack"),
    "token": lambda _which: gettext("token"),
    "signal": lambda _which: gettext("signal"),
}


def noun(kind: str) -> str:
    """The words of a kind: a key of NOUNS with its detail, or a model's label."""
    if not kind:
        return ""
    what, _point, which = kind.partition(".")
    if what in NOUNS:
        return NOUNS[what](which)
    return str(apps.get_model(kind)._meta.verbose_name)


def record(
    *,
    by: Account | None,
    verb: str,
    now: datetime,
    kind: str = "",
    label: str = "",
    programme: Programme | None = None,
    enterprise: Enterprise | None = None,
    url: str = "",
    note: str = "",
) -> Activity:
    """Write one line of the feed.

    :param verb: a key of VERBS (KeyError otherwise).
    :param kind: what `noun` puts into words.
    :param label: the name people gave the thing.
    """
    VERBS[verb]
    place = enterprise or (programme.enterprise if programme else None)
    if place is None:
        raise ValueError("give a programme or an enterprise")
    return Activity.objects.create(
        enterprise=place,
        programme=programme,
        actor=by,
        verb=verb,
        kind=kind,
        label=label[:200],
        url=url[:200],
        note=note[:500],
        at=now,
    )
