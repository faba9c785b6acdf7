"""From answers to shown figures: recounting, batches, closing, both maps."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from offices.models import AdministrativeUnit, Office
from reports.counting.layouts import instrument_of, layout_of
from reports.counting.recount import recount
from reports.counting.stored import inflate
from reports.models import Batch, Night, Period, Score, TerritoryMap
from reports.night import steps
from surveys.intake.submit import submit
from surveys.models import Channel, Instrument, Mark, Response, Stage, State
from surveys.questionnaires import catalogue
from tests import factories

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)
YESTERDAY = timezone.localdate() - A_DAY


@pytest.fixture(autouse=True)
def form() -> Instrument:
    """Three criteria in two factors."""
    return factories.instrument({"A": 2, "B": 1})


def score(period: str = Period.MONTH, **of: object) -> Score:
    """The one score that fits."""
    return Score.objects.get(period=period, **of)


def by_night(office: Office, day: date) -> None:
    """The office moves by the night, and that of this day has come."""
    factories.rhythm(office)
    steps.close(day)


def recounted(office: Office, *days: date) -> None:
    """Counts these days of the office again, marked or not."""
    with transaction.atomic():
        recount(office.pk, None, days)


def test_a_batch_holds_what_the_responses_say() -> None:
    office = factories.office()
    for answers in ([5, 4, 1], [3, 0, 9], [3, 0, 2], [5, 5, 9], [5, 5, 2]):
        for _ in range(4):  # the second answers too little
            factories.answer(office, answers, day=YESTERDAY)
    by_night(office, YESTERDAY)
    batch = Batch.objects.get()
    sums = inflate(layout_of(instrument_of(batch.instrument_id)), batch.sums)
    assert batch.people == sums.people == 16
    assert sums.counts[0].tolist() == [0, 0, 0, 4, 0, 12, 0, 0, 0, 0]
    assert sums.counts[1].tolist() == [4, 0, 0, 0, 4, 8, 0, 0, 0, 0]
    assert sums.counts[2].tolist() == [0, 4, 8, 0, 0, 0, 0, 0, 0, 4]
    # Of four people each: 2 of 3 answers satisfied, 0 of 2, 2 of 2, 2 of 3.
    assert batch.moments == [4 * 6, 4 * 10, 4 * 12, 4 * 26, 4 * 16]
    assert not Mark.objects.exists()


def test_recounting_twice_changes_nothing() -> None:
    office = factories.office()
    for _ in range(22):
        factories.answer(office, [5, 4, 1])
    steps.count_marked()
    rows = Batch.objects.order_by("pk").values_list("pk", "number", "day", "people", "sums")
    scores = Score.objects.order_by("pk").values_list("pk", "people", "sums", "computed_at")
    before = (list(rows), list(scores))
    recounted(office, timezone.localdate())
    steps.count_office(office.pk, None)
    assert (list(rows), list(scores)) == before


def test_forms_with_too_few_answers_and_open_ones_are_not_counted() -> None:
    office = factories.office()
    for _ in range(12):
        factories.answer(office, [5, 0, 0], day=YESTERDAY)
        factories.answer(office, [5, 5, 5], finished=False)
    steps.count_marked()
    assert not Batch.objects.exists()
    assert not Score.objects.exists()


def test_a_voided_response_leaves_its_batch_with_the_next_recount() -> None:
    office = factories.office()
    for _ in range(12):
        factories.answer(office, [5, 5, 5], day=YESTERDAY)
    by_night(office, YESTERDAY)
    voided = Response.objects.order_by("id")[:1].get().id
    Response.objects.filter(id=voided).update(state=State.OPEN)
    recounted(office, YESTERDAY)
    assert Batch.objects.get().people == 11
    Response.objects.update(state=State.OPEN)
    recounted(office, YESTERDAY)
    assert not Batch.objects.exists()


def test_open_figures_move_by_the_night_and_hold_the_newest_batch_back() -> None:
    office = factories.office()
    factories.rhythm(office)
    noon = factories.at(timezone.localdate().replace(day=10), hour=12)
    shown = []
    for number, people in enumerate((13, 9, 4, 31, 10)):
        with time_machine.travel(noon + number * A_DAY, tick=False):
            for _ in range(people):
                factories.answer(office, [5, 4, 1])
                steps.count_marked()
            during = score(office=office).people
        with time_machine.travel(noon + (number + 1) * A_DAY, tick=False):
            steps.close((noon + number * A_DAY).date())
        shown.append((during, score(office=office).people))
    # nothing moves during a day; nine wait for others, and the newest batch is held back
    assert shown == [(0, 0), (0, 0), (0, 13), (13, 26), (26, 57)]
    assert sorted(Batch.objects.values_list("number", "people")) == [
        (1, 13),
        (2, 4),
        (2, 9),
        (3, 31),
        (4, 10),
    ]


def test_an_office_without_a_past_shows_nothing_before_its_month_is_closed() -> None:
    office = factories.office()
    first = factories.last_month_end().replace(day=1)
    for _ in range(40):
        factories.answer(office, [5, 4, 1], now=factories.at(first))
    steps.close(first)
    assert (score(office=office).people, Batch.objects.count()) == (0, 0)
    steps.close(factories.last_month_end())
    assert score(office=office).people == 40


def test_a_batch_needs_ten_people_who_answered_the_anchor_and_another_factor() -> None:
    office = factories.office()
    factories.rhythm(office)
    day = date(2025, 9, 15)
    few = [[0, 4, 1], [5, 4, 0], [5, 4, 9]]
    for answers in [[5, 4, 1]] * 9 + few:
        factories.answer(office, answers, now=factories.at(day))
    steps.close(day)
    assert not Batch.objects.exists()
    factories.answer(office, [1, 0, 1], now=factories.at(day))
    steps.close(day)
    assert Batch.objects.get().people == 13


def test_the_shown_figure_is_the_sum_of_the_answers_done_by_hand() -> None:
    office = factories.office()
    last = factories.last_month_end()
    sent = [[5, 4, 1] if n % 3 else [2, 3, 9] for n in range(30)]
    for answers in sent:
        factories.answer(office, answers, now=factories.at(last))
    steps.close(last)
    row = score(office=office)
    assert row.people == 30
    assert row.satisfied == sum(a in (4, 5) for answers in sent for a in answers)
    assert row.answered == sum(1 <= a <= 5 for answers in sent for a in answers)
    assert row.low is not None
    assert row.high is not None
    assert row.low < 100 * row.satisfied / row.answered < row.high


def test_waiting_dossiers_are_in_no_score() -> None:
    office = factories.office()
    for _ in range(25):
        factories.answer(office, [1, 1, 1], stage=Stage.WAITING)
    steps.count_marked()
    assert not Batch.objects.exists()
    assert not Score.objects.exists()


def test_interviews_are_in_no_score() -> None:
    office = factories.office()
    for _ in range(25):
        factories.answer(office, [1, 1, 1], channel=Channel.INTERVIEW)
    steps.count_marked()
    assert not Batch.objects.exists()
    assert not Score.objects.exists()


def test_a_score_holds_who_came_forward_and_nobody_interviewed() -> None:
    last = factories.last_month_end()
    office = factories.office()
    for channel, answers, people in (
        (Channel.TABLET, [5, 5, 5], 12),
        (Channel.INTERVIEW, [1, 1, 1], 30),
    ):
        for _ in range(people):
            factories.answer(office, answers, now=factories.at(last), channel=channel)
    Response.objects.filter(channel=Channel.INTERVIEW).update(simulated=True)
    steps.close(last)
    for place in ({"office": office}, {"unit": office.unit, "map": TerritoryMap.TODAY}):
        shown = score(**place)
        assert (shown.people, shown.satisfied, shown.answered) == (12, 36, 36)
        assert not shown.simulated


def test_the_order_of_arrival_goes_with_the_batch() -> None:
    office = factories.office()
    for _ in range(13):
        factories.answer(office, [5, 4, 1], day=YESTERDAY)
    submit(factories.submission(office, [5, 4, 1], stage=Stage.WAITING, day=YESTERDAY))
    by_night(office, YESTERDAY)
    batched = Response.objects.exclude(batch=None)
    assert batched.count() == 13
    assert set(batched.values_list("arrival", flat=True)) == {None}


def test_closing_a_month_shows_all_of_it() -> None:
    last = factories.last_month_end()
    office = factories.office()
    for _ in range(23):
        factories.answer(office, [5, 4, 1], now=factories.at(last))
    run = steps.close(last)
    assert (score(office=office).people, score(office=office).closed) == (23, True)
    assert (run.responses, run.differences) == (23, 0)


def test_late_answers_come_with_their_quarter_and_never_by_fewer_than_ten() -> None:
    office = factories.office()
    april, june = date(2025, 4, 30), date(2025, 6, 30)
    for _ in range(12):
        factories.answer(office, [5, 4, 1], now=factories.at(april))
    steps.close(april)
    for _ in range(11):
        factories.answer(office, [5, 4, 1], day=april, now=factories.at(date(2025, 5, 2)))
    steps.count_marked()
    steps.close(date(2025, 5, 31))
    assert score(office=office, start=date(2025, 4, 1)).people == 12
    steps.close(june)
    assert score(Period.QUARTER, office=office).people == 23
    for _ in range(9):
        factories.answer(office, [5, 4, 1], day=april, now=factories.at(date(2025, 7, 2)))
    steps.close(date(2025, 7, 31))
    assert score(Period.QUARTER, office=office).people == 23


def test_a_closed_day_never_opens_again_while_the_night_is_unfinished() -> None:
    last = factories.last_month_end()
    office = factories.office()
    for _ in range(12):
        factories.answer(office, [5, 4, 1], now=factories.at(last))
    steps.close(last)
    Night.objects.update(closed_at=None)
    factories.answer(office, [5, 4, 1], day=last)
    steps.count_marked()
    assert score(office=office, start=last.replace(day=1)).closed


def test_today_cannot_be_closed() -> None:
    with pytest.raises(ValueError, match="not over"):
        steps.close(timezone.localdate())


def test_units_show_the_sum_of_what_their_offices_show() -> None:
    last = factories.last_month_end()
    province = factories.province()
    offices = [factories.office(factories.unit(parent=province)) for _ in range(3)]
    for number, office in enumerate(offices):
        for _ in range(10 + number):
            factories.answer(office, [5, 4, 1 + number], now=factories.at(last))
    steps.close(last)
    for territory in TerritoryMap:
        whole = score(unit=province, map=territory)
        country = score(unit=AdministrativeUnit.objects.get(level="country"), map=territory)
        assert whole.people == country.people == 33
        assert whole.satisfied == country.satisfied == 2 * 33
    assert score(unit=offices[1].unit, map=TerritoryMap.THEN).people == 11


def test_both_maps_have_the_same_total_when_a_province_ends() -> None:
    end = date(2025, 6, 30)
    old = factories.province("Kiên Giang", valid_to=end)
    new = factories.province("An Giang", valid_from=end + timedelta(days=1))
    heir = factories.office(factories.unit(parent=new, valid_from=end + timedelta(days=1)))
    whole = factories.office(factories.unit(parent=old, valid_to=end), heir=heir, valid_to=end)
    divided = factories.office(
        factories.unit("district", old, valid_to=end), today_unit=new, valid_to=end
    )
    for office, n in ((whole, 14), (divided, 11)):
        for _ in range(n):
            factories.answer(office, [4, 4, 2], now=factories.at(end), day=end)
    steps.close(date(2025, 12, 31))
    assert score(Period.YEAR, unit=old, map=TerritoryMap.THEN).people == 25
    assert score(Period.YEAR, unit=new, map=TerritoryMap.TODAY).people == 25
    assert score(Period.YEAR, unit=heir.unit, map=TerritoryMap.TODAY).people == 14
    assert not Score.objects.filter(unit=new, map=TerritoryMap.THEN).exists()
    assert not Score.objects.filter(unit=old, map=TerritoryMap.TODAY).exists()


def test_instruments_are_never_added() -> None:
    last = factories.last_month_end()
    office = factories.office()
    other = factories.instrument({"A": 2, "B": 1}, default=False)
    entry = catalogue.current().by_id(other.pk)
    for _ in range(12):
        factories.answer(office, [5, 5, 5], now=factories.at(last))
        factories.answer(office, [1, 1, 1], now=factories.at(last), instrument=entry)
    steps.close(last)
    found = Score.objects.filter(office=office, period=Period.MONTH)
    assert sorted(found.values_list("people", "satisfied")) == [(12, 0), (12, 36)]


def test_a_night_on_an_empty_database_is_quiet() -> None:
    run = steps.close(timezone.localdate() - A_DAY)
    assert (run.responses, run.differences) == (0, 0)


def test_an_office_costs_at_most_twelve_statements(settings: Settings) -> None:
    """Closing its night with a batch; during the day fewer. Closing a month costs some more."""
    office = factories.office()
    factories.rhythm(office)
    day = date(2025, 9, 15)
    for back in (0, 1):
        for _ in range(21):
            factories.answer(office, [5, 4, 1], now=factories.at(day - back * A_DAY))
    assert catalogue.current().default
    settings.DIRECTORY_CHECK_SECONDS = 60

    def statements(night: bool) -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            if night:
                steps.close_office(office.pk, day)
            else:
                steps.count_office(office.pk, None)
        return [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]

    assert len(during := statements(night=False)) <= 8, during
    assert len(made := statements(night=True)) <= 16, made
    assert {batch.number for batch in Batch.objects.all()} == {1}
