"""The evaluation system: its weights, rules and grades."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.models import EvaluationSetup, QualitativeItem, Rating, ScoreRule
from programmes.models import Account, Person, Programme
from programmes.permissions import require
from programmes.services.records import Invalid, save_record


def save_score_rule(
    *,
    by: Account,
    record: ScoreRule,
    now: datetime,
    version: int | None = None,
    act: str = "",
    reason: str = "",
) -> ScoreRule:
    """Say how an indicator counts.

    :raises Invalid: worst and best lie the wrong way round for its direction.
    """
    worst = record.indicator.baseline if record.worst is None else record.worst
    best = record.indicator.target if record.best is None else record.best
    if worst is not None and best is not None:
        if worst == best:
            raise Invalid(_("The values that earn 0 and 100 must differ."))
        rises = best > worst
        direction = record.indicator.direction
        if (direction == "benefit" and not rises) or (direction == "cost" and rises):
            message = _("For this indicator the best value lies on the other side.")
            raise Invalid(message, {"best": message})
    return save_record(
        by=by, record=record, now=now, version=version, act=act, reason=reason
    )


def save_setup(
    *,
    by: Account,
    record: EvaluationSetup,
    now: datetime,
    version: int | None = None,
    reason: str = "",
) -> EvaluationSetup:
    """Change weights, periods and interest."""
    url = f"/p/{record.programme.code}/evaluation/"
    return save_record(
        by=by, record=record, now=now, version=version, url=url, reason=reason
    )


def give_ratings(
    *,
    by: Account,
    programme: Programme,
    grades: Mapping[int, int],
    group: str,
    now: datetime,
    is_anonymous: bool = False,
    is_outside: bool = False,
    comment: str = "",
) -> list[Rating]:
    """Grade several items at once; grading again changes one's own grades.

    An anonymous rating leaves no name in the feed nor in the history.

    :param grades: key of an item -> grade from 1 to 5.
    :param is_outside: entered for somebody without a sign-in, by the lead.
    :raises NotAllowed: no role that rates; or not the lead, for outsiders.
    :raises Invalid: nothing graded, or an item of another programme.
    """
    act = "evaluation.edit" if is_outside else "rating.give"
    grants = require(by, act, programme)
    if not grades:
        raise Invalid(_("Give at least one grade."))
    items = {
        one.pk: one
        for one in QualitativeItem.objects.of(programme).filter(pk__in=grades)
    }
    if len(items) < len(grades):
        raise Invalid(_("One of the items is no longer there."))
    person = None
    if not is_outside:
        person = Person.objects.get(
            pk__in=grants.person_ids, enterprise=programme.enterprise_id
        )
    with transaction.atomic():
        return [
            save_record(
                by=None if is_anonymous else by,
                record=graded(items[pk], person, grade, group, is_anonymous, comment),
                now=now,
                url=f"/p/{programme.code}/qualitative/{pk}/",
            )
            for pk, grade in sorted(grades.items())
        ]


def graded(
    item: QualitativeItem,
    person: Person | None,
    grade: int,
    group: str,
    is_anonymous: bool,
    comment: str,
) -> Rating:
    """The person's rating of the item, new or as it was, with the new grade."""
    found = None
    if person:
        mine = Rating.objects.filter(item=item, person=person, deleted_at=None)
        found = mine.first()
    rating = found or Rating(programme=item.programme, item=item, person=person)
    rating.grade, rating.group, rating.comment = grade, group, comment
    rating.is_anonymous = is_anonymous
    if is_anonymous:
        rating.created_by = None
    return rating
