"""April and May of an office, closed, on a morning in June 2026; and who holds it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import time_machine

from offices.models import AdministrativeUnit, Office
from reports.briefing.brief import Brief, brief_of
from reports.night import steps
from surveys.models import Mark
from tests import factories

APRIL, MAY, JUNE = date(2026, 4, 15), date(2026, 5, 13), date(2026, 6, 3)
THROUGH, TODAY = date(2026, 6, 9), date(2026, 6, 10)
GOOD, BAD, SECOND_BAD = bytes([5, 5, 5]), bytes([1, 1, 1]), bytes([5, 1, 5])


def said(office: Office, day: date, good: int, bad: int, worst: bytes = BAD) -> None:
    """So many satisfied and unsatisfied forms of a day."""
    factories.answered(office, [GOOD] * good + [worst] * bad, day=day)
    Mark.objects.create(office=office, day=day)


@contextmanager
def morning(
    april: tuple[int, int],
    may: tuple[int, int],
    name: str = "Trung tâm phường Tô Châu",
    before: Callable[[Office], None] = lambda office: None,
    closes: date = THROUGH,
) -> Iterator[Office]:
    """Good and bad forms of two closed months of an office; before: what else came before."""
    with time_machine.travel(factories.at(TODAY, 7), tick=False):
        factories.instrument({"A": 2, "B": 1})
        office = factories.office(name=name)
        said(office, APRIL, *april)
        said(office, MAY, *may)
        before(office)
        steps.close(closes)
        yield office


def briefed(place: Office | AdministrativeUnit) -> Brief:
    """The brief of whoever holds the place."""
    return brief_of(factories.official(place), place, TODAY)
