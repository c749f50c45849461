"""Links of failed criteria to the pages where they are mended."""

from __future__ import annotations

from programmes.gates import page
from programmes.gating import Link
from programmes.kit.errors import Text
from programmes.models import Programme


def link_to(
    label: Text, programme: Programme, name: str, pk: int | None = None, query: str = ""
) -> Link:
    return Link(label, page(programme, name, pk) + query)
