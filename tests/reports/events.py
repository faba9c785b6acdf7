"""What happened to people in a story: who left, came back, left again, and what was said anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reports.models import Release
from tests.reports.lives import QUESTIONS

if TYPE_CHECKING:
    from tests.reports.seen import Sight

# left, back: people. The others: how often, row by row and night by night.
KINDS = (
    "left",
    "back",
    "early",  # rows that somebody left before their month closed
    "back_early",  # who left before their month closed, after it opened something with others
    "back_late",  # who left a closed month
    "again",  # who had come back leave once more
    "beside",  # others leave a row to which somebody has come back
    "questions",  # openings of questions that are part of no index
    "releases",
    "revised",  # releases, because somebody left or came back
)


class Events:
    """Counts what happens from one look at the figures to the next."""

    def __init__(self) -> None:
        self.found = Counter[str]()
        self._gone: set[str] = set()
        self._early: set[str] = set()
        self._returned: set[str] = set()
        self._rows: set[tuple[tuple[int, int], int]] = set()

    def look(self, sights: Sequence[Sight]) -> None:
        """Compares what is shown now with what was."""
        before = set(self._gone)
        self.found["questions"] = 0
        for sight in sights:
            for number, blocks in sight.rows.items():
                people = {key for n in blocks for key in sight.blocks[n].people}
                gone = {key for n in blocks for key in sight.blocks[n].gone}
                if (sight.place, number) not in self._rows:
                    self._rows.add((sight.place, number))
                    self._early |= gone
                    self.found["early"] += bool(gone)
                self._row(gone - before, (before & people) - gone, people, number in sight.together)
                self._gone = (self._gone - people) | gone
            for _, _, columns in sight.openings:
                self.found["questions"] += any(column[2:] in QUESTIONS for column in columns)

    def _row(self, left: set[str], back: set[str], people: set[str], together: bool) -> None:
        self.found["left"] += len(left)
        self.found["back"] += len(back)
        self.found["back_early"] += together and bool(back & self._early)
        self.found["back_late"] += bool(back - self._early)
        self.found["again"] += bool(left & self._returned)
        self.found["beside"] += bool(left - self._returned and people & self._returned - left)
        self._returned |= back

    def release(self, release: Release) -> None:
        """Counts a release that was made."""
        self.found["releases"] += 1
        if release.revises is not None:
            moved = sum(one.removed + one.added for one in release.memberships.all())
            self.found["revised"] += bool(moved)
