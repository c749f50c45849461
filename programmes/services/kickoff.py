"""Phase 2: issuing the minutes of a meeting."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from programmes.kit.errors import Refusal
from programmes.models import Account, Meeting
from programmes.permissions import require
from programmes.services.records import save_record


class NothingToIssue(Refusal):
    """The meeting has no date or no minutes yet."""

    code = "nothing-to-issue"


def issue_minutes(*, by: Account, meeting: Meeting, now: datetime) -> Meeting:
    """Declare the minutes final.

    :raises NotAllowed: not the lead.
    :raises NothingToIssue: date or minutes are missing.
    """
    require(by, meeting.act, meeting.programme, meeting)
    if not meeting.minutes.strip() or meeting.held_on is None:
        raise NothingToIssue(_("Enter the date and the minutes of the meeting first."))
    meeting.issued_at = now
    return save_record(by=by, record=meeting, now=now)


def withdraw_minutes(*, by: Account, meeting: Meeting, now: datetime) -> Meeting:
    """Take issued minutes back, to correct them.

    :raises NotAllowed: not the lead.
    """
    require(by, meeting.act, meeting.programme, meeting)
    meeting.issued_at = None
    return save_record(by=by, record=meeting, now=now)
