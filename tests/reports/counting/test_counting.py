"""From answers to shown figures: recounting, batches, closing, both maps."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from offices import directory
from offices.models import AdministrativeUnit
from reports.counting.layouts import instrument_of, layout_of
from reports.counting.stored import inflate
from reports.counting.tally import recount
from reports.models import Batch, NightlyRun, Period, Score, Tally, TerritoryMap
from reports.night import steps
from surveys.intake.submit import submit
from surveys.models import Channel, Instrument, Mark, Response, Stage, State
from surveys.questionnaires import catalogue
from tests import factories
from tests.reports.proof.proved import differences

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def form() -> Instrument:
    """Three criteria in two factors."""
    return factories.instrument({"A": 2, "B": 1})


def score(period: str = Period.DAY, **of: object) -> Score:
    """The one score that fits."""
    return Score.objects.get(period=period, **of)


def test_a_tally_holds_what_the_responses_say() -> None:
    office = factories.office()
    factories.answer(office, [5, 4, 1])
    factories.answer(office, [3, 0, 9])  # one of three answered: does not count
    factories.answer(office, [3, 0, 2])
    factories.answer(office, [5, 5, 9])
    steps.count_marked()
    tally = Tally.objects.get()
    sums = inflate(layout_of(instrument_of(tally.instrument_id)), tally.sums)
    assert tally.people == sums.people == 3
    assert sums.counts[0].tolist() == [0, 0, 0, 1, 0, 2, 0, 0, 0, 0]
    assert sums.counts[1].tolist() == [1, 0, 0, 0, 1, 1, 0, 0, 0, 0]
    assert sums.counts[2].tolist() == [0, 1, 1, 0, 0, 0, 0, 0, 0, 1]
    assert not Mark.objects.exists()


def test_recounting_twice_changes_nothing() -> None:
    office = factories.office()
    for _ in range(12):
        factories.answer(office, [5, 4, 1])
    steps.count_marked()
    before = list(Tally.objects.values_list("day", "people", "sums"))
    batches = list(Batch.objects.values_list("number", "people"))
    with transaction.atomic():
        recount(office.pk, [timezone.localdate()])
    assert list(Tally.objects.values_list("day", "people", "sums")) == before
    assert list(Batch.objects.values_list("number", "people")) == batches


def test_forms_with_too_few_answers_and_open_ones_are_not_counted() -> None:
    office = factories.office()
    factories.answer(office, [5, 0, 0])
    factories.answer(office, [5, 5, 5], finished=False)
    steps.count_marked()
    assert not Tally.objects.exists()


def test_a_voided_response_leaves_the_tally_with_the_next_recount() -> None:
    office = factories.office()
    factories.answer(office, [5, 5, 5])
    steps.count_marked()
    Response.objects.update(state=State.OPEN)
    with transaction.atomic():
        recount(office.pk, [timezone.localdate()])
    assert not Tally.objects.exists()


def test_cells_are_the_cross_of_what_pages_filter_by() -> None:
    office = factories.office()
    factories.procedure("1.001193", "Hộ tịch")
    factories.procedure("1.012783", "Đất đai")
    entries = directory.current().by_level["commune"]
    for procedure in entries:
        factories.answer(office, [5, 5, 5], procedure=procedure)
    factories.answer(office, [5, 5, 5], stage=Stage.WAITING)
    steps.count_marked()
    assert set(Tally.objects.values_list("field__name", "stage", "people")) == {
        ("Hộ tịch", Stage.UNKNOWN, 1),
        ("Đất đai", Stage.UNKNOWN, 1),
        (None, Stage.WAITING, 1),
    }


def test_open_figures_move_by_whole_batches_and_hold_the_newest_back() -> None:
    office = factories.office()
    shown = []
    for _ in range(31):
        factories.answer(office, [5, 4, 1])
        steps.count_marked()
        shown.append(score(office=office).people)
    assert shown == [0] * 19 + [10] * 10 + [20] * 2


def test_the_shown_figure_is_the_sum_of_the_first_answers_done_by_hand() -> None:
    office = factories.office()
    sent = [[5, 4, 1] if n % 3 else [2, 3, 9] for n in range(30)]
    for answers in sent:
        factories.answer(office, answers)
        steps.count_marked()
    first = sent[:20]
    row = score(office=office)
    assert row.people == 20
    assert row.satisfied == sum(a in (4, 5) for answers in first for a in answers)
    assert row.answered == sum(1 <= a <= 5 for answers in first for a in answers)
    assert row.low is not None
    assert row.high is not None
    assert row.low < 100 * row.satisfied / row.answered < row.high


def test_waiting_dossiers_are_counted_apart_and_in_no_score() -> None:
    office = factories.office()
    for _ in range(25):
        factories.answer(office, [1, 1, 1], stage=Stage.WAITING)
    steps.count_marked()
    assert Tally.objects.get().people == 25
    assert not Batch.objects.exists()
    assert not Score.objects.exists()


def test_interviews_are_counted_apart_and_in_no_score() -> None:
    office = factories.office()
    for _ in range(25):
        factories.answer(office, [1, 1, 1], channel=Channel.INTERVIEW)
    steps.count_marked()
    assert Tally.objects.get().people == 25
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


@pytest.mark.parametrize("days_ago", [0, 1])
def test_the_order_of_arrival_goes_with_the_batch(days_ago: int) -> None:
    office = factories.office()
    day = timezone.localdate() - days_ago * A_DAY
    for _ in range(13):
        factories.answer(office, [5, 4, 1], day=day)
    waiting = factories.submission(office, [5, 4, 1], stage=Stage.WAITING, day=day)
    submit(waiting)
    assert not Response.objects.filter(arrival=None).exists()
    steps.count_marked()
    batched = Response.objects.exclude(batch=None)
    assert batched.count() == (10 if days_ago == 0 else 13)
    assert set(batched.values_list("arrival", flat=True)) == {None}
    assert not Response.objects.filter(batch=None, arrival=None).exists()


def test_closing_a_month_shows_all_of_it() -> None:
    last = factories.last_month_end()
    office = factories.office()
    for _ in range(23):
        factories.answer(office, [5, 4, 1], now=factories.at(last))
    run = steps.close(last)
    assert (score(office=office).people, score(office=office).closed) == (23, True)
    assert (run.responses, run.differences) == (23, 0)


def test_late_answers_change_a_closed_figure_only_by_at_least_a_batch() -> None:
    last = factories.last_month_end()
    office = factories.office()
    for _ in range(12):
        factories.answer(office, [5, 4, 1], now=factories.at(last))
    steps.close(last)
    shown = []
    for _ in range(11):
        factories.answer(office, [5, 4, 1], day=last)
        steps.count_marked()
        shown.append(score(office=office, start=last).people)
    assert shown == [12] * 9 + [22] * 2
    assert Tally.objects.get().people == 23


def test_a_closed_day_never_opens_again_while_the_night_is_unfinished() -> None:
    last = factories.last_month_end()
    office = factories.office()
    for _ in range(12):
        factories.answer(office, [5, 4, 1], now=factories.at(last))
    steps.close(last)
    NightlyRun.objects.update(finished_at=None)
    factories.answer(office, [5, 4, 1], day=last)
    steps.count_marked()
    assert score(office=office, start=last).closed


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
    found = Score.objects.filter(office=office, period=Period.DAY)
    assert sorted(found.values_list("people", "satisfied")) == [(12, 0), (12, 36)]


def test_reconciliation_finds_a_tally_that_lies() -> None:
    office = factories.office()
    for answers in ([5, 5, 5], [1, 1, 1]):
        factories.answer(office, answers)
    steps.count_marked()
    assert differences() == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE surveys_response SET answers = set_byte(answers, 0, 3)")
    found = differences()
    assert len(found) == 3
    assert "item 0" in found[0]


def test_a_night_on_an_empty_database_is_quiet() -> None:
    run = steps.close(timezone.localdate() - A_DAY)
    assert (run.responses, run.differences) == (0, 0)
