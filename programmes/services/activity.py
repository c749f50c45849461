"""Who did what: one line in the transaction of the deed."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programmes.models import Account, Activity, Enterprise, Programme

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
    "invited": _("added the person"),
    "granted": _("gave a role to"),
    "revoked": _("took a role from"),
}


def record(
    *,
    by: Account | None,
    verb: str,
    label: str,
    now: datetime,
    programme: Programme | None = None,
    enterprise: Enterprise | None = None,
    url: str = "",
    note: str = "",
) -> Activity:
    """Write one line of the feed. `verb` is a key of VERBS (KeyError otherwise)."""
    VERBS[verb]
    place = enterprise or (programme.enterprise if programme else None)
    if place is None:
        raise ValueError("give a programme or an enterprise")
    return Activity.objects.create(
        enterprise=place,
        programme=programme,
        actor=by,
        verb=verb,
        label=label[:200],
        url=url[:200],
        note=note[:500],
        at=now,
    )
