"""What the tests of event logs share."""

from __future__ import annotations

from diagnosis.models.logs import FOLDER
from programmes.models import Indicator


def folders(media) -> list[str]:
    root = media / FOLDER
    return [one.name for one in root.iterdir()] if root.is_dir() else []


def indicator(world, code: str = "days") -> Indicator:
    return world.save(
        Indicator, code=code, name="§Days", owner=world.person("owner"), unit="§d"
    )
