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
from surveys.models import Hold, Mark, Response
from tests import factories

HONEST = 100
# One honest answer in five is not satisfied.
GOOD, BAD, FORGED = bytes([5, 5, 5]), bytes([2, 2, 2]), bytes([5, 5, 5])


@dataclass
class Story:
    """What happens at an office."""

    office: Office

    def came(self, day: date, forms: int, **columns: object) -> None:
        """So many forms of which all are satisfied, on a day."""
        factories.answered(self.office, [FORGED] * forms, **{"day": day, "hour": 9, **columns})
        Mark.objects.create(office=self.office, day=day)

    def honest(self, first: date, last: date, seed: int = 1, **columns: object) -> None:
        """A hundred a month, on working days, a fifth of them not satisfied."""
        drawn, rows = Random(seed), []
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        for day in days:
            if day.weekday() < 5:
                number = HONEST * 12 // 250 + (drawn.random() < HONEST * 12 / 250 % 1)
                said = [BAD if drawn.random() < 0.2 else GOOD for _ in range(number)]
                hour = drawn.choice((8, 9, 10, 14, 15))
                rows += [
                    factories.unsaved(self.office, one, **{"day": day, "hour": hour, **columns})
                    for one in said
                ]
        Response.objects.bulk_create(rows)
        Mark.objects.bulk_create(Mark(office=self.office, day=day) for day in days)

    def close(self, day: date) -> None:
        """The night of a day."""
        steps.close(day)

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
def begun(offices: int = 1) -> Iterator[list[Story]]:
    """Offices with one past, on the morning of `TODAY`; until `PAST_ENDS` it is counted."""
    with time_machine.travel(factories.at(TODAY, 10), tick=False):
        factories.instrument({"A": 2, "B": 1})
        stories = [Story(factories.office()) for _ in range(offices)]
        for story in stories:
            story.honest(date(2025, 1, 1), PAST_ENDS)
        steps.close(PAST_ENDS)
        yield stories


@contextmanager
def closed_june() -> Iterator[None]:
    """The day after the night that closes June; it is closed here."""
    with time_machine.travel(factories.at(date(2026, 7, 10), 10), tick=False):
        steps.close(date(2026, 7, 9))
        yield
