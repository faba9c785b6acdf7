"""An office with a past, for stories of floods: a hundred honest forms a month, two years long."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import time_machine

from offices.models import Office
from reports.models import Score
from reports.night import steps
from surveys.models import Hold
from tests import factories

HONEST = 100
# One honest answer in five is not satisfied.
GOOD, BAD, FORGED = bytes([5, 5, 5]), bytes([2, 2, 2]), bytes([5, 5, 5])


@dataclass
class Story:
    """An office, and the day whose night was last."""

    office: Office
    night: date

    def came(self, day: date, forms: int, **columns: object) -> None:
        """So many forms of which all are satisfied, on a day."""
        factories.answered(self.office, [FORGED] * forms, **{"day": day, "hour": 9, **columns})

    def honest(self, first: date, last: date, seed: int = 1) -> None:
        """A hundred a month, on working days, a fifth of them not satisfied."""
        drawn = Random(seed)
        for n in range((last - first).days + 1):
            day = first + timedelta(days=n)
            if day.weekday() < 5:
                number = HONEST * 12 // 250 + (drawn.random() < HONEST * 12 / 250 % 1)
                said = [BAD if drawn.random() < 0.2 else GOOD for _ in range(number)]
                hour = drawn.choice((8, 9, 10, 14, 15))
                factories.answered(self.office, said, day=day, hour=hour)

    def close(self, day: date) -> None:
        """The night of a day."""
        steps.close(day)
        self.night = day

    def holds(self) -> list[Hold]:
        """What stands aside, the oldest first."""
        return list(Hold.objects.filter(office=self.office).order_by("pk"))

    def headline(self, period: str, start: date) -> float | None:
        """The shown score of a period."""
        row = Score.objects.filter(office=self.office, period=period, start=start).first()
        return None if row is None or not row.answered else 100 * row.satisfied / row.answered


TODAY = date(2026, 6, 26)  # a Friday
# The night of the first of them closed everything before it.
PAST_ENDS = date(2026, 6, 12)


@contextmanager
def begun() -> Iterator[Story]:
    """An office on the morning of `TODAY`; its past until `PAST_ENDS` is known and counted."""
    with time_machine.travel(factories.at(TODAY, 10), tick=False):
        factories.instrument({"A": 2, "B": 1})
        story = Story(factories.office(), PAST_ENDS)
        story.honest(date(2025, 1, 1), PAST_ENDS)
        story.close(PAST_ENDS)
        yield story
