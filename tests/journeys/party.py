"""Those who walk the journey together, and what they agreed on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tests.journeys.walk import Walker


@dataclass(frozen=True)
class Party:
    """One browser window for each role, and one without a sign-in.

    :param names: role -> name of the person who has it.
    :param folder: where files are written that are uploaded or came down.
    """

    lead: Walker
    sponsor: Walker
    controller: Walker
    owner: Walker
    guest: Walker
    names: dict[str, str]
    unit: str
    today: date
    folder: Path
    code: str = "renewal"
    title: str = "§Renewal"

    @property
    def base(self) -> str:
        return f"/p/{self.code}/"

    @property
    def all(self) -> Iterator[Walker]:
        yield from (self.lead, self.sponsor, self.controller, self.owner, self.guest)

    @property
    def begin(self) -> date:
        return self.today - timedelta(weeks=46)

    @property
    def changed_on(self) -> date:
        """The day from which the new process runs: what is measured gets better."""
        return self.today - timedelta(weeks=20)
