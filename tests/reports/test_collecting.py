"""What is missing, needed a day and to be expected: by figures that are shown and the calendar."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from offices.validity import Days
from reports.counting.periods import Span, span_of
from reports.models import Period
from reports.showing.collecting import (
    Before,
    Collecting,
    Outlook,
    Pace,
    days_together,
    working_days,
)
from reports.showing.progress import Finished
from reports.sipas.samples import sampling

JUNE = span_of(Period.MONTH, date(2026, 6, 1))  # 22 working days
TODAY = date(2026, 6, 11)  # a Thursday: eight working days are over, 14 are left


def pace(today: date = TODAY, *, is_open: bool = True, span: Span = JUNE) -> Pace:
    return Pace(span, today, is_open, 10)


def finished(dossiers: int, through: date = TODAY - timedelta(days=1)) -> Finished:
    return Finished(dossiers, through, simulated=False)


def test_working_days_know_weekends_the_list_and_own_days() -> None:
    assert working_days(date(2026, 6, 1), date(2026, 6, 30)) == 22
    assert working_days(date(2026, 4, 27), date(2026, 5, 3)) == 2, "30/4 and 1/5 are days off"
    own = {date(2026, 6, 5): False, date(2026, 6, 6): True, date(2026, 6, 8): False}
    assert working_days(date(2026, 6, 1), date(2026, 6, 30), own) == 21
    assert working_days(date(2026, 6, 2), date(2026, 6, 1)) == 0


def test_the_target_of_an_open_month_is_that_of_the_dossiers_it_will_have() -> None:
    state = pace().of(64, finished(400))
    assert (state.gone, state.left) == (8, 14)
    assert state.target == 294, "of 1,100 dossiers"
    assert state.missing == 230
    assert state.needed == 17, "230 in 14 days, rounded up"
    assert state.forecast == 170, "64 in 8 days are 176 in 22, in tens"
    assert state.outlook == Outlook.SHORT
    assert state.is_behind


@pytest.mark.parametrize(
    ("people", "outlook", "behind"),
    [(110, "enough", False), (106, "short", True), (3, "hidden", True)],
)
def test_a_word_for_what_is_expected(people: int, outlook: str, behind: bool) -> None:
    """3 in 8 days are 8 in 22: no figure is shown of them."""
    state = pace().of(people, finished(400))
    assert state.outlook == outlook
    assert state.is_behind == behind


def test_what_is_set_from_above_is_the_target_and_more_is_never_capped() -> None:
    state = pace().of(130, finished(400), aim=120)
    assert (state.target, state.missing, state.needed) == (120, 0, None)
    assert state.outlook == Outlook.ENOUGH


def test_where_nothing_is_shown_yet_the_period_before_speaks() -> None:
    before = pace().of(None, finished(400), before=Before(290))
    assert before.forecast == 290
    assert before.by_before
    assert before.outlook == Outlook.SHORT
    assert (before.missing, before.most) == (294, True), "all of it at most"
    hidden = pace().of(None, finished(400), before=Before(None))
    assert (hidden.forecast, hidden.outlook) == (None, Outlook.HIDDEN)
    unknown = pace().of(None, finished(400))
    assert unknown.outlook == Outlook.UNKNOWN
    assert not unknown.is_behind, "nobody is reminded of what nobody knows"


def test_a_figure_that_moves_every_week_came_in_the_days_until_sunday() -> None:
    state = pace().of(50, finished(400), turn="week")
    assert state.gone == 5
    assert state.forecast == 220, "50 in 5 of 22 days; the figure says nothing of the newest 3"


def test_a_closed_period_is_what_it_is() -> None:
    closed = pace(date(2026, 7, 20), is_open=False)
    short = closed.of(200, finished(1100, JUNE.last))
    assert (short.target, short.missing, short.needed) == (294, 94, None)
    assert (short.forecast, short.outlook) == (None, Outlook.SHORT)
    assert not short.is_behind
    assert closed.of(None, finished(1100, JUNE.last)).outlook == Outlook.HIDDEN
    assert closed.of(300, finished(1100, JUNE.last)).outlook == Outlook.ENOUGH


def test_without_dossiers_there_is_no_target() -> None:
    state = pace().of(64, None)
    assert (state.target, state.missing, state.needed) == (None, None, None)
    assert (state.forecast, state.outlook) == (170, Outlook.UNKNOWN)


def test_the_forecast_is_of_what_is_shown_alone() -> None:
    """Whatever is expected follows from the figure, the day and the numbers of dossiers."""
    names = set(Collecting.__dataclass_fields__)
    assert names == {
        *("people", "target", "gone", "left", "days", "open"),
        *("minimum", "before"),
    }


def test_before_the_first_day_is_over_the_period_before_speaks() -> None:
    first = pace(date(2026, 6, 1)).of(20, finished(1, JUNE.first), before=Before(200))
    assert first.gone == 0
    assert (first.forecast, first.by_before) == (200, True)


QUARTER = span_of(Period.QUARTER, date(2025, 10, 1))
YEAR = span_of(Period.YEAR, date(2025, 1, 1))
COMMUNES = Days(date(2025, 7, 1), None)


@pytest.mark.parametrize("turn", ["month", ""])
def test_a_figure_that_moves_every_month_came_in_closed_months(turn: str) -> None:
    """October's people of a quarter, seen in November; without a turn nothing is shown before."""
    autumn = Pace(QUARTER, date(2025, 11, 20), True, 10, through=date(2025, 11, 19))
    state = autumn.of(60, None, turn=turn, aim=150)
    assert state.gone == 23
    assert state.forecast == 170, "60 in 23 of 66 days"
    assert state.outlook == Outlook.ENOUGH
    assert replace(autumn, through=None).of(60, None, turn=turn).gone == 0


def test_a_sum_has_the_turn_of_all_or_none() -> None:
    autumn = Pace(QUARTER, date(2025, 11, 20), True, 10, through=date(2025, 11, 19))
    ended = Days(None, date(2025, 10, 20))
    assert autumn.turn_of([(COMMUNES, "week"), (COMMUNES, "week")]) == "week"
    assert autumn.turn_of([(COMMUNES, "month"), (ended, "night")]) == "month", "all is shown"
    assert autumn.turn_of([]) == ""
    assert autumn.turn_of([(COMMUNES, "month"), (COMMUNES, "night")]) is None
    mixed = autumn.of(60, None, turn=None, aim=150, before=Before(400))
    assert (mixed.forecast, mixed.outlook) == (None, Outlook.UNKNOWN)


def test_an_office_that_began_meanwhile_is_measured_by_its_own_days() -> None:
    autumn = pace(date(2025, 10, 1), span=YEAR)
    state = autumn.of(300, finished(1000, date(2025, 9, 30)), days=COMMUNES, aim=500)
    assert (state.gone, state.days) == (64, 130)
    assert (state.forecast, state.outlook) == (600, Outlook.ENOUGH)
    by_letter = autumn.of(300, finished(1000, date(2025, 9, 30)), days=COMMUNES)
    assert by_letter.target == sampling.target(1000 * 130 // 64)


def test_an_office_that_ended_needs_nothing_any_more() -> None:
    autumn = pace(date(2025, 10, 1), span=YEAR)
    days = Days(None, date(2025, 6, 30))
    state = autumn.of(100, finished(1000, days.last or TODAY), days=days)
    assert (state.left, state.needed) == (0, None)
    assert state.gone == state.days
    assert state.target == sampling.target(1000)
    assert state.forecast == 100


def test_the_period_before_speaks_only_of_who_worked_in_all_of_it() -> None:
    new = pace().of(None, None, days=Days(date(2026, 5, 4), None), before=Before(None))
    assert (new.before, new.outlook) == (None, Outlook.UNKNOWN)
    old = pace().of(None, None, days=Days(date(2026, 5, 1), None), before=Before(None))
    assert old.outlook == Outlook.HIDDEN


def test_days_together_go_from_the_first_to_the_last() -> None:
    ended = Days(date(2020, 1, 1), date(2025, 6, 30))
    assert days_together([ended, COMMUNES]) == Days(date(2020, 1, 1), None)
    assert days_together([ended]) == ended
    assert days_together([]) == Days(None, None)
