"""What a report is made of: the same figures as the pages, for this reader, of closed periods."""

from datetime import date

import pytest
from django.test import override_settings
from django.utils.translation import override

from offices.models import DossierCount, DossierSource
from reports.counting.periods import previous, span_of
from reports.counting.policy import POLICY
from reports.models import Period, Score, TerritoryMap
from reports.night import steps
from reports.papers import sentences
from reports.papers.contents import office_contents, unit_contents
from reports.papers.listing import first_comes, newest
from reports.papers.listing import reported as listed
from reports.showing.figures import figures, headlines
from reports.showing.subjects import Subjects
from surveys.questionnaires import catalogue
from tests import factories
from tests.reports.papers.reporting import (
    ADDRESS,
    CLOSED,
    JUNE,
    Reported,
    answer,
    of_office,
    of_unit,
    reported,
    view,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Reported:
    """Three months of a province."""
    return reported()


def test_the_figures_are_those_of_the_page(world: Reported) -> None:
    contents = of_unit(world.province)
    score = Score.objects.get(
        unit=world.province, map=TerritoryMap.TODAY, period=Period.MONTH, start=JUNE.first
    )
    assert contents.figures == figures(score)
    months = Score.objects.filter(
        unit=world.province, map=TerritoryMap.TODAY, period=Period.MONTH
    ).order_by("start")
    assert [one.first for one in contents.months] == [one.start for one in months]
    assert [one.figure for one in contents.months] == headlines(months)
    assert contents.computed_at == score.computed_at


def test_an_open_period_has_no_report(world: Reported) -> None:
    today = date(2025, 8, 5)
    for _ in range(12):
        answer(world.office, [5, 5, 5], today)
    august = span_of(Period.MONTH, today)
    assert office_contents(world.office, view(august), address=ADDRESS) is None
    assert unit_contents(world.province, view(august), address=ADDRESS) is None


def test_a_period_without_enough_people_has_no_report(world: Reported) -> None:
    assert office_contents(world.few, view(), address=ADDRESS) is None


def test_days_and_weeks_have_no_report(world: Reported) -> None:
    for kind in (Period.DAY, Period.WEEK):
        span = span_of(kind, date(2025, 6, 10))
        assert office_contents(world.office, view(span), address=ADDRESS) is None


def test_quarters_and_years_have_one(world: Reported) -> None:
    quarter = of_office(world.office, span=span_of(Period.QUARTER, JUNE.first))
    assert quarter.figures.headline.people == 69
    assert len(quarter.months) == 3


def test_the_trend_ends_with_the_period(world: Reported) -> None:
    contents = of_office(world.office, span=previous(JUNE))
    assert [one.first.month for one in contents.months] == [4, 5]


def test_whoever_needs_more_people_gets_a_stricter_report(world: Reported) -> None:
    strict = POLICY.stricter(30)
    assert office_contents(world.office, view(policy=strict), address=ADDRESS) is None
    contents = of_unit(world.province, policy=strict)
    shown = {one.part.name: one.part.figure.value for one in contents.parts}
    assert shown["Trung tâm Mỹ Thới"] is None
    assert shown["Trung tâm Hà Tiên"] is not None
    assert contents.coverage.shown == 1


def test_the_parts_say_who_has_no_figure(world: Reported) -> None:
    contents = of_unit(world.province)
    assert [one.part.name for one in contents.parts] == [
        *("Trung tâm Hà Tiên", "Trung tâm Mỹ Thới", "Trung tâm Thới Sơn")
    ]
    assert [one.part.figure.hidden for one in contents.parts] == [False, False, True]
    assert (contents.coverage.parts, contents.coverage.shown) == (3, 2)


def test_the_country_is_made_of_provinces(world: Reported) -> None:
    contents = of_unit(factories.country())
    assert contents.parts_are_provinces
    assert [one.part.name for one in contents.parts] == ["Tỉnh An Giang"]
    assert contents.parts[0].part.figure.people == contents.figures.headline.people
    assert contents.coverage.progress.finished is not None
    assert contents.coverage.progress.finished.dossiers == 198


def test_a_whole_without_all_dossiers_has_no_response_rate(world: Reported) -> None:
    assert of_unit(world.province).coverage.progress.rate is not None
    DossierCount.objects.filter(office=world.other).delete()
    contents = of_unit(world.province)
    assert contents.coverage.missing == 1
    assert contents.coverage.progress.rate is None
    with override("vi"):
        said = " ".join(sentences.coverage(contents))
    assert "chưa kể 1 dòng chưa có số hồ sơ" in said


def test_numbers_that_offices_tell_of_themselves_are_said_to_be_so(world: Reported) -> None:
    DossierCount.objects.filter(office=world.office).update(source=DossierSource.OWN)
    with override("vi"):
        assert "tự khai" in " ".join(sentences.coverage(of_office(world.office)))
        assert "tự khai" not in " ".join(sentences.coverage(of_office(world.other)))


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ([5, 5, 5], [1, 1, 1], "giảm 100,0 điểm phần trăm"),
        ([1, 1, 1], [5, 5, 5], "tăng 100,0 điểm phần trăm"),
        ([5, 5, 1], [5, 5, 1], "chưa thấy thay đổi rõ rệt"),
    ],
)
def test_a_change_is_told_where_it_is_more_than_chance(
    before: list[int], now: list[int], said: str
) -> None:
    world = reported(months=())
    for day, answers in ((date(2025, 5, 10), before), (date(2025, 6, 10), now)):
        for _ in range(20):
            answer(world.office, answers, day)
    steps.close(CLOSED)
    with override("vi"):
        assert said in sentences.change(of_office(world.office))


def test_nothing_before_is_said_to_be_nothing(world: Reported) -> None:
    with override("vi"):
        said = sentences.change(of_office(world.office, span=previous(previous(JUNE))))
    assert "Không có số liệu kỳ trước" in said


@pytest.mark.parametrize(
    ("kind", "day", "said"),
    [
        (Period.MONTH, date(2025, 2, 1), "tháng 02 năm 2025"),
        (Period.MONTH, date(2025, 3, 1), "tháng 3 năm 2025"),
        (Period.MONTH, date(2025, 12, 1), "tháng 12 năm 2025"),
        (Period.QUARTER, date(2025, 10, 1), "quý IV năm 2025"),
        (Period.YEAR, date(2025, 1, 1), "năm 2025"),
    ],
)
def test_periods_are_written_as_the_decree_says(kind: Period, day: date, said: str) -> None:
    with override("vi"):
        assert sentences.period_on_paper(span_of(kind, day)) == said


def test_closed_periods_are_listed_newest_first(world: Reported) -> None:
    subject = Subjects.of_offices([world.office.pk])
    instrument = catalogue.current().default
    assert instrument is not None
    found = listed(subject, instrument, POLICY)
    assert [span.first.month for span in found[Period.MONTH]] == [6, 5, 4]
    assert [span.first.month for span in found[Period.QUARTER]] == [4]
    assert found[Period.YEAR] == ()
    assert newest(subject, instrument, POLICY, Period.MONTH) == JUNE
    assert newest(subject, instrument, POLICY, Period.YEAR) == JUNE
    few = Subjects.of_offices([world.few.pk])
    assert newest(few, instrument, POLICY, Period.MONTH) is None


@override_settings(CLOSING_WORKING_DAYS=5)
def test_the_first_report_comes_when_a_month_closes() -> None:
    # nothing is closed: the month before is the first that may be
    assert first_comes(date(2025, 8, 1)) == date(2025, 8, 8)
