"""Criteria of gates 1 and 2, and those that every gate shares."""

from programmes.gates import (
    exception,
    kick_off,
    master_plan,
    people_money_time,
    tolerance,
)
from programmes.gates.common import (
    Common,
    common,
    conditions_closed,
    each,
    money_confirmed,
    page,
)

__all__ = [
    "Common",
    "common",
    "conditions_closed",
    "each",
    "exception",
    "kick_off",
    "master_plan",
    "money_confirmed",
    "page",
    "people_money_time",
    "tolerance",
]
