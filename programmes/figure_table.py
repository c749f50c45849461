"""Plan and forecast of an exception review, as they were frozen, for its record."""

from __future__ import annotations

from django.utils.translation import gettext as _

from programmes.forecast import figure_words, figures_in
from programmes.models import GateReview
from programmes.reports import Block, Cell, table


def figure_blocks(review: GateReview) -> list[Block]:
    """A table where the round has figures."""
    currency = review.gate.programme.currency
    rows = [
        (
            str(one.label),
            figure_words(one.approved, currency),
            figure_words(one.forecast, currency),
            Cell(f"{one.over:.0f}%", tone="critical" if one.is_beyond else ""),
            f"{one.tolerance}%",
        )
        for one in figures_in(review.pack)
    ]
    head = [_("Figure"), _("As approved"), _("Forecast"), _("Worse by"), _("Tolerance")]
    return [table(head, rows, title=_("Plan and forecast"))] if rows else []
