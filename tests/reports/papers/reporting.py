"""A province to report on: offices that many and that few people answered about, over months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from offices.models import AdministrativeUnit, DossierCount, DossierSource, Office
from officials.figures.choice import Choice
from reports.counting.periods import Span, span_of
from reports.counting.policy import POLICY
from reports.models import Period, TerritoryMap
from reports.night import steps
from reports.papers.contents import Contents, office_contents, unit_contents
from reports.sipas.hiding.suppression import Policy
from surveys.models import Instrument
from surveys.questionnaires import catalogue
from tests import factories

# The hidden office's people are a number that stands nowhere else.
FEW = 7
CLOSED = date(2025, 7, 31)
JUNE = span_of(Period.MONTH, date(2025, 6, 1))
ADDRESS = "https://hailong.example.vn/bao-cao/"


@dataclass(frozen=True)
class Reported:
    """What the report is of. few: an office that too few people answered about."""

    province: AdministrativeUnit
    office: Office
    other: Office
    few: Office


def reported(
    name: str = "Trung tâm Mỹ Thới",
    months: Sequence[int] = (4, 5, 6),
    few_said: Sequence[Sequence[int]] = ((1, 1, 1),) * FEW,
) -> Reported:
    """Months of 2025 of three offices, closed. name: of the first; few_said: to the last."""
    if not Instrument.objects.exists():
        factories.instrument({"A": 2, "B": 1}, slug="thu")
    province = factories.province("An Giang", code="91")
    office = factories.office(factories.unit(parent=province, name="Mỹ Thới"), name=name)
    other = factories.office(
        factories.unit(parent=province, name="Hà Tiên"), name="Trung tâm Hà Tiên"
    )
    few = factories.office(
        factories.unit(parent=province, name="Thới Sơn"), name="Trung tâm Thới Sơn"
    )
    for month in months:
        day = date(2025, month, 10)
        for number in range(23):
            low = 1 if number < 12 - 2 * month else 5
            answer(office, [low, 4, 9 if number % 4 == 0 else 5], day)
        for number in range(31):
            answer(other, [5, 2 if number < 3 else 4, 3], day)
    for said in few_said:
        answer(few, said, date(2025, 6, 10))
    for place, finished in ((office, 60), (other, 97), (few, 41)):
        DossierCount.objects.create(
            office=place, day=date(2025, 6, 12), finished=finished, source=DossierSource.PORTAL
        )
    steps.close(CLOSED)
    return Reported(province, office, other, few)


def answer(office: Office, answers: Sequence[int], day: date) -> None:
    """One finished form of that day."""
    factories.answer(office, answers, now=factories.at(day))


def view(
    span: Span = JUNE, policy: Policy = POLICY, territory: TerritoryMap = TerritoryMap.TODAY
) -> Choice:
    """A view of the standard questionnaire."""
    instrument = catalogue.current().default
    assert instrument is not None
    return Choice(span, instrument, territory, (span,), (instrument,), policy=policy)


def of_office(office: Office, **given: object) -> Contents:
    """The report of an office, which must be there."""
    made = office_contents(office, view(**given), address=ADDRESS)  # type: ignore[arg-type]
    assert made is not None
    return made


def of_unit(unit: AdministrativeUnit, **given: object) -> Contents:
    """The report of a unit, which must be there."""
    made = unit_contents(unit, view(**given), address=ADDRESS)  # type: ignore[arg-type]
    assert made is not None
    return made
