"""The months of a province come from its own offices, and no single one moves them."""

from datetime import date
from itertools import count

import pytest

from offices import directory
from offices.models import Office
from surveys.floods.expecting import Pace
from surveys.floods.pacing import months_of, pace_of
from surveys.models import Evidence, EvidenceCount
from tests import factories

USUAL = Pace().months
# Busy in June: twice an ordinary month.
SUMMER = [100] * 5 + [200] + [100] * 6
_names = (f"Tỉnh của nhịp {number}" for number in count())


def test_months_are_those_of_working_days() -> None:
    months = months_of([SUMMER] * 20, 2025)
    assert months is not None
    assert sum(months) == pytest.approx(12)
    assert months[5] == pytest.approx(max(months))
    # June 2025 has 21 working days, March 21: twice as busy
    assert months[5] / months[2] == pytest.approx(2.0)
    # February has 20, July 23
    assert months[1] / months[6] == pytest.approx(23 / 20)


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_no_office_weighs_more_than_a_tenth(share: float) -> None:
    """One office with most of the forms, all of them in December, lifts it by its tenth at most."""
    others = [[100] * 12 for _ in range(20)]
    big = round(20 * 1200 * share / (1 - share))
    alone, calm = months_of([[0] * 11 + [big], *others], 2025), months_of(others, 2025)
    assert alone is not None
    assert calm is not None
    # a tenth of all in one month, where the others have a twelfth of nine tenths
    assert alone[11] / calm[11] < 2.2
    assert alone[2] / calm[2] == pytest.approx(0.9, abs=0.02)


def test_what_happened_once_is_no_season() -> None:
    months = months_of([[100] * 11 + [5000]] * 20, 2025)
    assert months is not None
    assert max(months) / min(months) == pytest.approx(4.0)


@pytest.mark.parametrize(
    "profiles", [[], [SUMMER] * 9, [[10] * 12] * 12], ids=["none", "few offices", "few forms"]
)
def test_too_little_says_nothing(profiles: list[list[int]]) -> None:
    assert months_of(profiles, 2025) is None


def counts(province: str, offices: int, year: int = 2025, months: int = 12) -> None:
    above = factories.province(province)
    for _ in range(offices):
        office = factories.office(factories.unit(parent=above))
        EvidenceCount.objects.bulk_create(
            EvidenceCount(
                office=office, month=date(year, month + 1, 1), evidence=Evidence.OPEN,
                days=[], forms=SUMMER[month], held=0,
            )
            for month in range(months)
        )  # fmt: skip


@pytest.mark.django_db
def test_a_province_has_its_own_months_once_last_year_is_closed() -> None:
    own, other, begun = next(_names), next(_names), next(_names)
    counts(own, 10)
    counts(begun, 10, months=11)
    counts(other, 3)
    day = date(2026, 5, 4)
    assert pace_of(name_of(own), day).months[5] > 1.7
    assert pace_of(name_of(begun), day).months == USUAL
    assert pace_of(name_of(other), day).months == USUAL
    assert date(2026, 4, 30) in pace_of(name_of(own), day).holidays
    assert date(2025, 9, 2) in pace_of(name_of(own), day).holidays


def zeros_and_forms(office: Office, forms: list[int]) -> None:
    """All months of last year, as a night writes them down, also those before the first form."""
    EvidenceCount.objects.bulk_create(
        EvidenceCount(
            office=office, month=date(2025, month + 1, 1), evidence=Evidence.OPEN,
            days=[], forms=number, held=0,
        )
        for month, number in enumerate(forms)
    )  # fmt: skip


@pytest.mark.django_db
def test_months_before_offices_began_to_ask_are_not_quiet_ones() -> None:
    """A province that began in July had no quiet spring: nothing is known of its spring."""
    province = next(_names)
    above = factories.province(province)
    for _ in range(12):
        zeros_and_forms(factories.office(factories.unit(parent=above)), [0] * 6 + [100] * 6)
    assert pace_of(name_of(province), date(2026, 5, 6)).months == USUAL


@pytest.mark.django_db
def test_a_merger_in_july_makes_no_season() -> None:
    """What heirs took over counts with them, whether they are new or took in a neighbour."""
    province = next(_names)
    above = factories.province(province)
    for number in range(12):
        heir = factories.office(factories.unit(parent=above))
        before = factories.office(
            factories.unit(parent=above), valid_to=date(2025, 6, 30), heir=heir
        )
        own = [0, 100] if number % 2 else [50, 100]
        zeros_and_forms(heir, own[:1] * 6 + own[1:] * 6)
        zeros_and_forms(before, [100 - own[0]] * 6)
    busy = pace_of(name_of(province), date(2026, 5, 7)).months
    # alike but for working days: January has 17, July 23
    assert max(busy) / min(busy) == pytest.approx(23 / 17)


def name_of(province: str) -> str:
    """As the directory says it."""

    return next(
        one.province_name
        for one in directory.current().offices_by_id.values()
        if one.province_name.endswith(province)
    )


@pytest.mark.django_db
def test_it_is_read_once_a_night(django_assert_num_queries: object) -> None:
    province = next(_names)
    counts(province, 10)
    name = name_of(province)
    pace_of(name, date(2026, 5, 5))
    with django_assert_num_queries(0):  # type: ignore[operator]
        pace_of(name, date(2026, 5, 5))
