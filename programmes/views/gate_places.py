"""Where a gate stands in an address: gates/3 for a phase's, reviews/1 outside of it.

One converter serves both, so that every act at a gate has one address and one view.
"""

from __future__ import annotations

from django.urls import register_converter

from programmes.models import Gate


class ReviewNumber(int):
    """The number of a gate outside the sequence."""


# The number of a phase, or that of a review.
Place = int | ReviewNumber


class GateConverter:
    """`<gate:number>`; reversed from a gate, from a place, or from a phase."""

    regex = "(?:gates|reviews)/[0-9]{1,6}"

    def to_python(self, value: str) -> Place:
        place, _slash, number = value.partition("/")
        return ReviewNumber(number) if place == "reviews" else int(number)

    def to_url(self, value: Place | Gate) -> str:
        if isinstance(value, Gate):
            return value.address
        return f"{'reviews' if isinstance(value, ReviewNumber) else 'gates'}/{value:d}"


register_converter(GateConverter, "gate")
