"""June 2025 of a province, answered, closed and published."""

from datetime import date

from offices.models import AdministrativeUnit, Office
from reports.counting.periods import span_of
from reports.models import Period, Release
from reports.night import steps
from reports.release import publish
from tests import factories

JUNE = span_of(Period.MONTH, date(2025, 6, 1))
DAY = date(2025, 6, 10)
CLOSED = date(2025, 7, 31)
FIGURE = ("office", "unit", "map", "kind", "code", "hidden", "people", "satisfied", "percent")


def office_in(unit: AdministrativeUnit) -> Office:
    """An office in a commune of its own."""
    return factories.office(factories.unit(parent=unit))


def answered(
    office: Office, people: int, day: date = DAY, answers: tuple[int, ...] = (5, 4, 1)
) -> None:
    """So many people answer that day."""
    for _ in range(people):
        factories.answer(office, answers, now=factories.at(day))


def frozen(release: Release) -> list[tuple[object, ...]]:
    """Everything that was published, and the hashes."""
    rows = release.figures.order_by("pk").values_list(*FIGURE)
    again = Release.objects.get(pk=release.pk)
    return [*rows, (again.data_hash, again.figures_hash, again.people)]


def published(province: AdministrativeUnit, people: int = 14) -> Release:
    """June of a province with one office."""
    answered(office_in(province), people)
    steps.close(CLOSED)
    return publish(province, JUNE)
