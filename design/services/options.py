"""Scores of the options, many at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from design.models import Option, Score, Yardstick
from programmes.models import Account, Programme
from programmes.permissions import require
from programmes.services.records import Invalid, delete_record, save_record

# (option, yardstick) -> points, or None to take the score away.
Points = Mapping[tuple[int, int], Decimal | None]


def record_scores(
    *,
    by: Account,
    programme: Programme,
    points: Points,
    now: datetime,
    reason: str = "",
) -> int:
    """Set scores of a programme; returns how many changed. Twice does no harm.

    :raises NotAllowed: may not edit options.
    :raises UnderReview: gate 4 is in review.
    :raises ReasonNeeded: gate 4 was approved on what changes, and no reason is given.
    :raises Invalid: a strange option or criterion, or points outside 0 to 100.
    """
    require(by, Score.act, programme)
    with transaction.atomic():
        options = Option.objects.of(programme).in_bulk()
        yardsticks = Yardstick.objects.of(programme).in_bulk()
        # Locking the programme makes two people who score at once wait for another.
        Programme.objects.select_for_update().get(pk=programme.pk)
        present = {
            (one.option_id, one.yardstick_id): one
            for one in Score.objects.of(programme)
        }
        changed = 0
        for (option, yardstick), value in points.items():
            if option not in options or yardstick not in yardsticks:
                raise Invalid(_("This option or criterion is not of the programme."))
            score = present.get((option, yardstick)) or Score(
                programme=programme,
                option=options[option],
                yardstick=yardsticks[yardstick],
            )
            changed += set_score(by, score, value, now, reason)
    return changed


def set_score(
    by: Account, score: Score, value: Decimal | None, now: datetime, reason: str
) -> int:
    """Save, take away or leave one score; 1 if it changed."""
    if value is None:
        if score.pk is None:
            return 0
        delete_record(by=by, record=score, now=now, reason=reason)
        return 1
    if score.pk is not None and score.points == value:
        return 0
    score.points = value
    save_record(by=by, record=score, now=now, reason=reason)
    return 1
