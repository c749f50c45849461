"""What customers and staff say: closed surveys, with their thresholds kept."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from diagnosis.charts import likert
from diagnosis.models import Question, Survey
from diagnosis.models.survey_results import QuestionResult, SurveyResults, results_of
from programmes.kit import formats
from programmes.models import Programme
from programmes.reports import (
    Block,
    Chart,
    Figure,
    Figures,
    Note,
    Section,
    Table,
    Words,
    table,
)

MOST_SURVEYS = 2
MOST_TEXTS = 10


def customers(programme: Programme, as_of: datetime) -> Section | None:
    """The newest closed surveys; an open one tells nothing yet."""
    rows = Survey.objects.of(programme).filter(state=Survey.State.CLOSED)
    surveys = list(rows.order_by("audience", "-closed_at", "-pk")[:MOST_SURVEYS])
    found = [results_of(one) for one in surveys]
    shown = [one for one in found if one.is_shown]
    if not shown:
        return None
    blocks: list[Block] = []
    for one in shown:
        blocks += survey_blocks(one)
    first = shown[0]
    lead = _("%(n)s people answered “%(title)s”, %(share)s of those asked about.") % {
        "n": formats.number(first.n),
        "title": first.survey.title,
        "share": formats.percent(first.share),
    }
    return Section(
        "customers",
        _("Customers and staff"),
        lead,
        tuple(blocks),
        (
            Note(
                _("Margin at 95%%, corrected for the %(n)s people asked about.")
                % {"n": formats.number(first.survey.population)},
                "survey.margin_fpc",
            ),
            Note(_("Satisfied: the two best grades of five."), "survey.csat_top2"),
            Note(
                _("Questions with fewer than %(n)s answers are left out.")
                % {"n": first.survey.fewest_answers}
            ),
        ),
    )


def survey_blocks(found: SurveyResults) -> list[Block]:
    margin = "·" if found.margin is None else f"±{formats.percent(found.margin, 1)}"
    figures = Figures(
        (
            Figure(_("Answers"), formats.number(found.n), found.survey.title),
            Figure(_("Needed"), formats.number(found.needed), _("for ±10 points")),
            Figure(_("Margin"), margin, _("at 95% confidence")),
            *[
                Figure(_("Net promoter score"), formats.number(one.nps.nps, 0), "")
                for one in found.questions
                if one.nps is not None
            ][:1],
        )
    )
    scales = [one for one in found.questions if one.csat is not None and one.options]
    blocks: list[Block] = [figures]
    if scales:
        blocks += [scale_chart(found, scales), scale_table(scales)]
    blocks += [
        Words("\n".join(different(one.texts)), title=one.question.text)
        for one in found.questions
        if one.question.kind == Question.Kind.TEXT and one.texts
    ]
    return blocks


def scale_chart(found: SurveyResults, scales: list[QuestionResult]) -> Chart:
    rows = [
        (one.question.text, [option.share for option in one.options]) for one in scales
    ]
    return Chart(
        found.survey.title,
        _("Share of the answers from worst (left) to best (right); %(n)s answers.")
        % {"n": formats.number(found.n)},
        _("Diverging bars of the five grades, question by question."),
        likert(rows),
        (_("Question"), "1", "2", "3", "4", "5"),
        tuple(
            (text, *[formats.percent(share) for share in shares])
            for text, shares in rows
        ),
    )


def scale_table(scales: list[QuestionResult]) -> Table:
    head = [_("Question"), _("Answers"), _("Satisfied"), _("From"), _("To")]
    rows = [
        (
            one.question.text,
            formats.number(one.n),
            formats.percent(part(one.csat.csat_pct)),
            formats.percent(part(one.csat.low_pct)),
            formats.percent(part(one.csat.high_pct)),
        )
        for one in scales
        if one.csat is not None
    ]
    return table(head, rows, title=_("Who is satisfied"), numbers=[1, 2, 3, 4])


def part(percent: float | None) -> float | None:
    """A percentage of the methods as a share."""
    return None if percent is None else percent / 100


def different(texts: tuple[str, ...]) -> list[str]:
    """The first of them, each once."""
    return list(dict.fromkeys(texts))[:MOST_TEXTS]
