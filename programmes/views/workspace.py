"""Tiles of a phase: what else than registers a phase page offers.

Later apps add theirs here by calling `add_tile` from their views, so that the phase
page and the command palette know them without importing them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse

from programmes.kit.errors import Text
from programmes.models import Programme
from programmes.phases import Phase


@dataclass(frozen=True)
class Tile:
    """A page of a phase that is not a register.

    :param state: a short sentence about it, at most one query; None: no state.
    :param first: shown before the registers.
    """

    phase: Phase
    label: Text
    icon: str
    view: str
    state: Callable[[Programme], Text] | None = None
    first: bool = False

    def url(self, programme: Programme) -> str:
        return reverse(self.view, kwargs={"code": programme.code})


TILES: list[Tile] = []


def add_tile(tile: Tile) -> Tile:
    TILES.append(tile)
    return tile


def read_phase(number: int) -> Phase:
    """:raises Http404: not a phase."""
    try:
        return Phase(number)
    except ValueError:
        raise Http404(number) from None
