"""Days and weeks are sums of whole batches: told again person by person, in plain Python."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from offices.models import Office
from reports.counting.closing import closed_through
from reports.counting.layouts import instrument_of, layout_of
from reports.counting.periods import Span, span_of
from reports.models import Batch, ClosedMonth, Period, Score
from reports.night import steps
from reports.showing.figures import figures, headlines
from reports.showing.subjects import Subjects
from reports.showing.summed import HEADLINE_ONLY, newest_shown, scores_in
from reports.sipas.counts.layout import Kind
from reports.sipas.counts.sums import Sums, count
from reports.sipas.index.headline import limits
from reports.sipas.index.percentages import of_group
from surveys.models import Instrument, Mark, Response
from surveys.questionnaires import catalogue
from tests import factories
from tests.reports.attacker import everybody, offices_by_subject
from tests.reports.test_attack import FIRST, Story

pytestmark = pytest.mark.django_db
SERVICES: tuple[Kind, str] = ("component", "services")
A_DAY = timedelta(days=1)


class TwoForms(Story):
    """The attacker's story with a second questionnaire, whose figure is a mean of its criteria."""

    def __init__(self, random: Random) -> None:
        super().__init__(random)
        self.mean: Instrument = factories.instrument(
            {"A": 1, "B": 1}, default=False, method="mean_of_criteria"
        )

    def _response(self, office: Office, day: date) -> Response:
        made = super()._response(office, day)
        if self.random.random() < 0.4:
            made.instrument = self.mean
        return made


class Told:
    """What people's own forms say of every day and week, without any table that is derived."""

    def __init__(self) -> None:
        self.people = list(
            Response.objects.exclude(batch=None).values_list(
                "office_id", "instrument_id", "batch", "day", "answers"
            )
        )
        days: dict[tuple[int, int, int], list[date]] = defaultdict(list)
        for office, instrument, number, day, _ in self.people:
            assert number is not None
            days[office, instrument, number].append(day)
        extents = {batch: (min(found), max(found)) for batch, found in days.items()}
        newest: dict[tuple[int, int, date], int] = {}
        closed = set(ClosedMonth.objects.values_list("office", "instrument", "start"))
        for (office, instrument, number), (first, last) in extents.items():
            month = (office, instrument, first.replace(day=1))
            if last.replace(day=1) == month[2] and month not in closed:
                newest[month] = max(number, newest.get(month, 0))
        held = {(office, form, number) for (office, form, _), number in newest.items()}
        self.shown = {batch: extent for batch, extent in extents.items() if batch not in held}

    def sums(self, offices: Collection[int | None], instrument: int, span: Span) -> Sums:
        answers = b"".join(
            bytes(said)
            for office, form, number, _, said in self.people
            if form == instrument
            and office in offices
            and number is not None
            and (extent := self.shown.get((office, form, number))) is not None
            and extent[0] in span
            and extent[1] in span
        )
        return count(layout_of(instrument_of(instrument)), answers)


def grid(until: date) -> list[Span]:
    days = [FIRST - timedelta(50) + timedelta(n) for n in range((until - FIRST).days + 51)]
    return sorted({span_of(kind, day) for kind in HEADLINE_ONLY for day in days})


def lived(seed: int) -> TwoForms:
    """A story that ends with an open month."""
    story = TwoForms(Random(seed))
    for office in story.offices[:2]:
        factories.rhythm(office, "night", story.form)
        factories.rhythm(office, "week", story.mean)
    for _ in range(16):
        what = story.random.random()
        story.arrivals(late=what < 0.2)
        if what > 0.85:
            story.exclusion()
        if what < 0.2:
            steps.count_marked()
        else:
            steps.close(story.today)
        story.today += timedelta(story.random.choice([1, 1, 1, 1, 2, 6]))
    for _ in range(3):  # so that single days are shown whatever came before
        rows = [story._response(story.offices[0], story.today) for _ in range(60)]
        Response.objects.bulk_create(rows)
        Mark.objects.create(office=story.offices[0], day=story.today)
        steps.close(story.today)
        story.today += A_DAY
    return story


@pytest.mark.parametrize("seed", range(6))
def test_every_day_and_week_is_the_sum_of_its_batches(seed: int) -> None:
    story = lived(seed)
    told, spans, through = Told(), grid(story.today), closed_through()
    below = offices_by_subject()
    shown = 0
    for form in (instrument_of(story.form.pk), instrument_of(story.mean.pk)):
        found = {
            ((s.office_id, s.unit_id, s.map), span_of(s.period, s.start)): s
            for s in scores_in(form, spans, *everybody())
        }
        for key, offices in below.items():
            for span in spans:
                expected = told.sums(offices, form.id, span)
                score = found.get((key, span))
                if score is None:
                    assert expected.people == 0
                    continue
                assert score.pk is None
                assert score.closed == (through is not None and span.last <= through)
                shown += same(score, expected)
    assert shown > 5


def same(score: Score, expected: Sums) -> bool:
    """Whether it is shown at all; every number of it is asserted."""
    row = expected.moments[expected.layout.group_of(*SERVICES)]
    interval = limits(expected, *SERVICES)
    assert score.people == expected.people
    assert (score.satisfied, score.answered) == (row[0], row[1])
    assert score.low == (interval.low if interval else None)
    assert score.high == (interval.high if interval else None)
    (figure,) = headlines([score])
    assert figure.hidden == (expected.people < 10)
    assert figure.hidden or figure.share == of_group(expected, *SERVICES)
    return not figure.hidden


def answered(office: Office, people: int, day: date) -> None:
    for _ in range(people):
        factories.answer(office, [5, 4, 1], now=factories.at(day))


def shown_on(office: Office, span: Span) -> int:
    entry = catalogue.current().default
    assert entry is not None
    return sum(score.people for score in scores_in(entry, [span], Subjects.of_offices([office.pk])))


def nights(office: Office, *days: tuple[date, int]) -> None:
    """An office that moves by the night, and the nights of these days with so many people each."""
    factories.rhythm(office)
    for day, people in days:
        answered(office, people, day)
        steps.close(day)


def test_a_batch_over_two_days_stands_in_their_week_and_in_neither_day() -> None:
    factories.instrument({"A": 2, "B": 1})
    office = factories.office()
    monday = date(2025, 9, 15)
    nights(office, (monday, 6), (monday + A_DAY, 7))
    steps.close(date(2025, 9, 30))
    assert [shown_on(office, span_of(Period.DAY, monday + n * A_DAY)) for n in (0, 1)] == [0, 0]
    assert shown_on(office, span_of(Period.WEEK, monday)) == 13
    assert shown_on(office, span_of(Period.WEEK, monday + 7 * A_DAY)) == 0


def test_a_week_that_a_batch_reaches_beyond_is_shown_without_it() -> None:
    factories.instrument({"A": 2, "B": 1})
    office = factories.office()
    sunday = date(2025, 9, 21)
    nights(office, (sunday - A_DAY, 11), (sunday, 6), (sunday + A_DAY, 7))
    steps.close(date(2025, 9, 30))
    assert [shown_on(office, span_of(Period.WEEK, day)) for day in (sunday, sunday + A_DAY)] == [
        11,
        0,
    ]


def test_the_newest_batch_of_an_open_month_is_in_no_day_until_a_newer_one_comes() -> None:
    factories.instrument({"A": 2, "B": 1})
    office = factories.office()
    monday = date(2025, 9, 15)
    nights(office, (monday, 10))
    assert shown_on(office, span_of(Period.DAY, monday)) == 0
    answered(office, 10, monday + A_DAY)
    steps.close(monday + A_DAY)
    assert shown_on(office, span_of(Period.DAY, monday)) == 10
    assert shown_on(office, span_of(Period.DAY, monday + A_DAY)) == 0


def test_a_batch_over_two_months_is_never_held_back() -> None:
    """Also where neither of its months is closed: what holds back is the newest within a month."""
    form = factories.instrument({"A": 2, "B": 1})
    office = factories.office()
    first, last = date(2025, 9, 30), date(2025, 10, 1)
    answered(office, 10, first)
    steps.close(date(2025, 9, 30))
    assert shown_on(office, span_of(Period.WEEK, last)) == 10
    ClosedMonth.objects.all().delete()
    assert shown_on(office, span_of(Period.WEEK, last)) == 0
    one = Batch.objects.get()
    Batch.objects.create(
        office=office, instrument=form, number=one.number, day=last, people=4,
        sums=one.sums, moments=one.moments,
    )  # fmt: skip
    assert shown_on(office, span_of(Period.WEEK, last)) == 14


def test_the_newest_day_is_the_last_one_that_shows_somebody() -> None:
    form = factories.instrument({"A": 2, "B": 1})
    office = factories.office()
    nights(office, *((date(2025, 9, 8 + n), people) for n, people in ((0, 12), (7, 12), (14, 5))))
    answered(office, 6, date(2025, 9, 23))
    steps.close(date(2025, 9, 30))
    whose, entry = Subjects.of_offices([office.pk]), instrument_of(form.pk)

    def newest(kind: Period, until: int) -> date | None:
        found = newest_shown(whose, entry, kind, date(2025, 9, until))
        return None if found is None else found.first

    assert newest(Period.DAY, 30) == date(2025, 9, 15)
    assert newest(Period.DAY, 14) == date(2025, 9, 8)
    assert newest(Period.WEEK, 30) == date(2025, 9, 22)
    assert newest(Period.DAY, 7) is None


@pytest.mark.parametrize("offices", [1, 5])
def test_all_offices_of_a_list_take_one_statement(offices: int) -> None:
    form = factories.instrument({"A": 2, "B": 1})
    province = factories.province()
    for _ in range(offices):
        answered(factories.office(factories.unit(parent=province)), 10, factories.last_month_end())
    steps.close(factories.last_month_end())
    day = span_of(Period.DAY, factories.last_month_end())
    asked, entry = Subjects.of_offices(Office.objects.within(province)), instrument_of(form.pk)
    with CaptureQueriesContext(connection) as captured:
        found = scores_in(entry, [day], asked)
    assert [score.people for score in found] == [10] * offices
    assert len(captured.captured_queries) == 2  # the sums, and how far days are closed


def test_a_day_says_that_it_is_simulated_where_its_month_is() -> None:
    form = factories.instrument({"A": 2, "B": 1})
    office = factories.office()
    answered(office, 10, factories.last_month_end())
    Response.objects.update(simulated=True)
    steps.close(factories.last_month_end())
    day = span_of(Period.DAY, factories.last_month_end())
    (score,) = scores_in(instrument_of(form.pk), [day], Subjects.of_offices([office.pk]))
    assert score.simulated


@pytest.mark.parametrize("method", ["pooled", "mean_of_criteria"])
def test_a_day_shows_its_headline_and_nothing_else(method: str) -> None:
    """Also where it was summed from all answers, as a mean of criteria is."""
    form = factories.instrument({"A": 2, "B": 1}, method=method)
    office = factories.office()
    answered(office, 12, factories.last_month_end())
    steps.close(factories.last_month_end())
    day = span_of(Period.DAY, factories.last_month_end())
    (score,) = scores_in(instrument_of(form.pk), [day], Subjects.of_offices([office.pk]))
    shown = figures(score)
    assert shown.headline.people == 12
    assert (shown.factors, shown.criteria, shown.others) == ((), (), ())
