"""Simulated responses: believable, labelled, repeatable, and never mixed with real ones unasked."""

from collections import Counter
from datetime import date

import numpy as np
import pytest
from django.db import connection
from django.db.models import Count
from numpy.typing import NDArray

from demo.simulation import (
    CannotSimulate,
    NotSimulable,
    NoWorkingDays,
    Plan,
    Wish,
    expected_people,
    load,
    make_plan,
    spread_wishes,
    truth,
    working_days,
)
from demo.simulation.draw import People, draw
from demo.simulation.form import form_of
from demo.simulation.normal import below, probit
from offices import directory
from offices.models import Office
from surveys.models import Channel, Criterion, Instrument, Mark, Remark, Response, Stage, State
from surveys.questionnaires import catalogue
from tests import factories

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
FACTORS = {"A": 3, "B": 4, "C": 3, "D": 3, "E": 3}


@pytest.fixture(autouse=True)
def form() -> Instrument:
    """Sixteen criteria in five factors, as the default form has."""
    return factories.instrument(FACTORS)


def plan_of(*wishes: Wish, seed: int = 1) -> Plan:
    """A plan for the half-year with the default instrument."""
    instrument = catalogue.current().default
    assert instrument is not None
    return make_plan(wishes, FIRST, LAST, instrument, directory.current(), seed)


def wish(office: Office, level: float = 0.83, volume: float = 1.0, drift: float = 0.0) -> Wish:
    """What is to be true of an office."""
    return Wish(directory.current().offices[office.slug], level, volume, drift)


def everybody(plan: Plan, responses: int, seed: int = 1) -> dict[str, NDArray[np.int64]]:
    """All drawn people together, by the name of the column."""
    portions = list(draw(plan, responses, seed))
    return {
        name: np.concatenate([getattr(portion, name) for portion in portions])
        for name in People.__dataclass_fields__
    }


def test_exactly_so_many_are_written_all_labelled_and_marked() -> None:
    one, two = factories.office(), factories.office()
    loaded = load(plan_of(wish(one), wish(two)), 3000, seed=1)
    assert Response.objects.filter(simulated=True).count() == loaded.responses == 3000
    assert Remark.objects.filter(simulated=True).count() == loaded.remarks > 50
    cells = set(Response.objects.values_list("office", "day"))
    marks = list(Mark.objects.values_list("office", "day"))
    assert len(marks) == len(cells) == loaded.marks
    assert set(marks) == cells


def test_every_row_is_one_that_the_intake_could_have_written() -> None:
    factories.procedure("1.001193", "Hộ tịch")
    factories.procedure("1.012783", "Đất đai")
    office = factories.office()
    desk = office.counters.create(number=1, name="Quầy 1")
    plan = plan_of(wish(office))
    load(plan, 3000, seed=1)
    entry = plan.form.instrument
    for row in Response.objects.all():
        answers = bytes(row.answers)
        assert row.id.version == 4
        assert len(answers) == 16
        assert all(item.accepts(answers[item.position]) for item in entry.items)
        assert row.valid == entry.enough(answers)
        assert row.day <= row.received_on <= LAST
        assert office.is_open_on(row.day)
        assert row.state in (State.FINISHED, State.SETTLED)
        assert row.counter_id in ((desk.pk,) if row.channel == Channel.TABLET else (None,))
    assert set(Response.objects.values_list("channel", flat=True)) == set(Channel.values)
    assert set(Response.objects.values_list("stage", flat=True)) == set(Stage.values)
    assert set(Response.objects.values_list("language", flat=True)) == {"vi", "km", "en"}
    assert set(Response.objects.values_list("procedure__code", flat=True)) == {
        "1.001193",
        "1.012783",
        None,
    }


def test_the_same_seed_gives_the_same_people_and_another_gives_others() -> None:
    plan = plan_of(wish(factories.office()))
    first, again, other = (everybody(plan, 500, seed) for seed in (1, 1, 2))
    for name, column in first.items():
        assert np.array_equal(column, again[name])
    assert not np.array_equal(first["answers"], other["answers"])
    assert not np.array_equal(first["id"], other["id"])


def test_a_seed_is_not_loaded_twice() -> None:
    plan = plan_of(wish(factories.office()))
    load(plan, 100, seed=5)
    with pytest.raises(CannotSimulate, match="seed 5"):
        load(plan, 100, seed=5)
    assert load(plan, 100, seed=6).responses == 100


def test_it_refuses_beside_real_responses_unless_told() -> None:
    office = factories.office()
    factories.answer(office, [5] * 16)
    plan = plan_of(wish(office))
    with pytest.raises(CannotSimulate, match="real responses"):
        load(plan, 100, seed=1)
    assert Response.objects.count() == 1
    load(plan, 100, seed=1, beside_real_data=True)
    assert Response.objects.filter(simulated=False).count() == 1


def test_nobody_comes_on_weekends_holidays_and_at_tet() -> None:
    days = working_days(date(2026, 1, 1), date(2026, 12, 31))
    assert date(2026, 1, 1) not in days
    assert date(2026, 2, 17) not in days
    assert date(2026, 4, 30) not in days
    assert date(2026, 2, 24) in days
    assert all(day.weekday() < 5 for day in days)
    assert 240 <= len(days) <= 255
    with pytest.raises(NoWorkingDays):
        working_days(date(2026, 2, 16), date(2026, 2, 20))
    with pytest.raises(ValueError, match="2040"):
        working_days(date(2040, 1, 1), date(2040, 2, 1))


def test_mondays_are_busier_and_noon_is_quiet() -> None:
    plan = plan_of(wish(factories.office()))
    people = everybody(plan, 20_000)
    weekday = np.array([day.weekday() for day in plan.days])
    came = np.bincount(weekday[people["day"]], minlength=5) / np.bincount(weekday, minlength=5)
    assert came[0] > 1.1 * came[2] > 1.1 * came[4]
    hours = Counter(people["hour"].tolist())
    assert hours[9] > 5 * hours[12]


def test_offices_are_answered_only_while_they_are_open() -> None:
    ended = factories.office(valid_to=date(2026, 3, 31))
    begun = factories.office(valid_from=date(2026, 4, 1))
    load(plan_of(wish(ended), wish(begun)), 2000, seed=1)
    assert Response.objects.filter(office=ended, day__gt=date(2026, 3, 31)).count() == 0
    assert Response.objects.filter(office=begun, day__lt=date(2026, 4, 1)).count() == 0
    assert min(Counter(Response.objects.values_list("office", flat=True)).values()) > 800
    with pytest.raises(CannotSimulate, match="None of the offices"):
        plan_of(wish(factories.office(valid_to=date(2025, 12, 31))))


def test_an_office_may_ask_on_some_days_only() -> None:
    office = factories.office()
    only = frozenset({date(2026, 3, 3), date(2026, 5, 5)})
    wished = Wish(directory.current().offices[office.slug], 0.8, 40, only=only)
    plan = plan_of(wished)
    load(plan, 100, seed=1)
    assert set(Response.objects.values_list("day", flat=True)) == only
    # 40 on an ordinary day; both are Tuesdays (1.1), in a March (1.05) and a May (1.0)
    assert expected_people([wished], plan.days) == pytest.approx(40 * 1.1 * (1.05 + 1.0))


def test_land_takes_longer_and_satisfies_less() -> None:
    commune = factories.office()
    land, birth = (
        factories.procedure("1.012783", "Đất đai"),
        factories.procedure("1.001193", "Hộ tịch"),
    )
    people = everybody(plan_of(wish(commune)), 20_000)
    of_land, of_birth = people["procedure"] == land.pk, people["procedure"] == birth.pk
    satisfied = (people["answers"] == 4) | (people["answers"] == 5)
    assert satisfied[of_birth].mean() > satisfied[of_land].mean() + 0.1
    waiting = people["stage"] == Stage.WAITING
    assert waiting[of_land].mean() > 3 * waiting[of_birth].mean()


def test_few_know_how_complaints_are_handled_and_paper_has_gaps() -> None:
    people = everybody(plan_of(wish(factories.office())), 20_000)
    finished = people["state"] == State.FINISHED
    unknown = (people["answers"] == 9)[finished]
    assert unknown[:, 13:].mean() > 8 * unknown[:, :13].mean()
    blank = (people["answers"] == 0)[finished].mean(axis=1)
    paper = people["channel"][finished] == Channel.PAPER
    assert blank[paper].mean() > 2 * blank[~paper].mean()
    assert not people["valid"].all()


def test_batches_are_those_that_the_nights_would_have_made() -> None:
    """By the rhythm of each office: nights at the large one, months at the small one."""
    large, small = factories.office(), factories.office()
    wishes = wish(large, volume=400), wish(small, volume=2)
    instrument = catalogue.current().default
    assert instrument is not None
    begin, june = date(2025, 9, 1), date(2026, 6, 1)
    load(make_plan(wishes, begin, LAST, instrument, directory.current(), 1), 24_000, seed=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT office_id, batch, count(*), count(DISTINCT day), min(day), max(day)"
            " FROM surveys_response WHERE batch IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
        )
        batches = cursor.fetchall()
    assert min(people for _, _, people, *_ in batches) >= 10
    # by the month before there is a past, then night after night
    nights = [
        days for office, *_, days, first, _ in batches if office == large.pk and first >= FIRST
    ]
    assert len(nights) > 80
    assert set(nights) == {1}
    assert all(days > 1 for office, *_, days, _, _ in batches if office == small.pk)
    for office in (large, small):
        mine = [row for row in batches if row[0] == office.pk]
        assert all((first.year, first.month) == (last.year, last.month) for *_, first, last in mine)
        left = Response.objects.filter(office=office, batch=None, valid=True)
        left = left.exclude(stage=Stage.WAITING).exclude(channel=Channel.INTERVIEW)
        left = left.filter(day__lt=june)  # whose month is over
        months = left.values("day__year", "day__month")
        assert all(month["people"] < 10 for month in months.annotate(people=Count("pk")))
    assert not Response.objects.filter(stage=Stage.WAITING, batch__isnull=False).exists()
    assert not Response.objects.filter(valid=False, batch__isnull=False).exists()


def test_a_second_load_numbers_its_batches_after_the_first() -> None:
    plan = plan_of(wish(factories.office()))
    load(plan, 1000, seed=1)
    before = set(Response.objects.values_list("id", flat=True))
    batched = Response.objects.exclude(batch=None).order_by("batch")
    highest = max(number or 0 for number in batched.values_list("batch", flat=True))
    load(plan, 1000, seed=2)
    later = batched.exclude(id__in=before)
    numbers = [number or 0 for number in later.values_list("batch", flat=True)]
    assert len(numbers) > 600
    assert min(numbers) > highest


def test_the_true_level_is_the_one_wished_for() -> None:
    factories.procedure("1.012783", "Đất đai")
    good, bad = factories.office(), factories.office()
    plan = plan_of(wish(good, 0.93), wish(bad, 0.61))
    assert truth(plan, {good.slug}).overall == pytest.approx(93, abs=1e-3)
    assert truth(plan, {bad.slug}).overall == pytest.approx(61, abs=1e-3)
    assert truth(plan).overall == pytest.approx(77, abs=1e-3)


def test_the_truth_rises_with_the_drift() -> None:
    office = factories.office()
    plan = plan_of(wish(office, 0.8, drift=0.5))
    halves = [truth(plan, first=FIRST, last=date(2026, 3, 31)), truth(plan, first=date(2026, 4, 1))]
    assert halves[0].overall + 2 < halves[1].overall
    assert halves[0].overall < 80 < halves[1].overall
    with pytest.raises(ValueError, match="no simulated person"):
        truth(plan, {"nowhere"})


def test_the_answered_shares_are_those_of_the_people_drawn() -> None:
    plan = plan_of(wish(factories.office()))
    people = everybody(plan, 200_000)
    counted = people["answers"][people["valid"]]
    answered = ((counted >= 1) & (counted <= 5)).mean(axis=0)
    error = np.sqrt(answered * (1 - answered) / len(counted))
    expected = form_of(plan.form.instrument).answered()
    assert np.all(np.abs(answered - expected) < 4.5 * error)


def test_normal_shares_are_right() -> None:
    points = np.array([-3.0, -1.0, 0.0, 0.5, 1.959963984540054])
    shares = [0.0013498980316301, 0.1586552539314571, 0.5, 0.6914624612740131, 0.975]
    assert below(points) == pytest.approx(shares, abs=1e-9)
    assert below(np.array([probit(0.83)]))[0] == pytest.approx(0.83, abs=1e-9)


def test_offices_differ_around_the_level() -> None:
    slugs = [factories.office().slug for _ in range(60)]
    offices = [directory.current().offices[slug] for slug in slugs]
    levels = [wish.level for wish in spread_wishes(offices, 0.83, seed=3)]
    assert 0.79 < np.mean(levels) < 0.86
    assert np.std(levels) > 0.03
    assert spread_wishes(offices, 0.83, seed=3) == spread_wishes(offices, 0.83, seed=3)


def test_a_form_with_other_questions_cannot_be_simulated() -> None:
    instrument = factories.instrument({"A": 2}, default=False)
    instrument.criteria.filter(code="A2").update(scale=Criterion.Scale.YESNO)
    entry = catalogue.current().by_id(instrument.pk)
    assert entry is not None
    with pytest.raises(NotSimulable, match="A2"):
        form_of(entry)


def test_a_form_on_three_levels_cannot_be_simulated() -> None:
    instrument = factories.instrument({"A": 2}, default=False, satisfied=[3], valid=[1, 2, 3])
    options = [{"value": value, "text": {"vi": str(value)}} for value in (1, 2, 3)]
    instrument.criteria.update(options=options)
    entry = catalogue.current().by_id(instrument.pk)
    assert entry is not None
    with pytest.raises(NotSimulable, match="no five levels"):
        form_of(entry)
