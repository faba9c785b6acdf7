"""An auditor leaves forms out: whole rows are revised, where nothing then tells of few people."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from offices.models import Membership, Office, User
from reports.counting.recount import recount
from reports.models import Breakdown, BreakdownMembership, Cell, Period, Score
from reports.night import steps
from reports.scores.offices import rescore_office
from surveys.exclusions.rules import Rule
from surveys.exclusions.steps import exclude, lift
from surveys.flags.rules import Flag
from surveys.models import Channel, Exclusion, Instrument, Mark, Response
from tests import factories
from tests.reports.proof.proved import differences

pytestmark = pytest.mark.django_db
LAST = factories.last_month_end()
BEFORE = LAST - timedelta(days=3)
WHY = "Bốn mươi phiếu giống nhau trong ba phút"


@pytest.fixture(autouse=True)
def form() -> None:
    factories.instrument({"A": 2, "B": 1})


@pytest.fixture
def office() -> Office:
    """One with a closed month of 30 honest forms and 14 of a burst."""
    made = factories.office()
    answered(made, 30, answers=bytes([5, 5, 1]))
    answered(made, 14, flags=Flag.BURST.value)
    steps.close(LAST)
    return made


def answered(office: Office, people: int, day: date = LAST, **columns: object) -> None:
    factories.responses(office, people, day=day, **columns)
    Mark.objects.create(office=office, day=day)


def auditor(office: Office) -> User:
    user = factories.user()
    Membership.objects.create(user=user, unit=office.unit.parent, role=Membership.Role.AUDITOR)
    return user


def people(office: Office) -> dict[str, int]:
    shown = Score.objects.filter(office=office, start__lte=LAST)
    return {score.period: score.people for score in shown if score.start.year == LAST.year}


def test_a_burst_leaves_longer_figures_and_returns_when_it_is_lifted(office: Office) -> None:
    everybody = {"month": 44, "quarter": 44, "year": 44}
    assert people(office) == everybody
    rule = exclude(Rule(office.pk, LAST, LAST, Flag.BURST), WHY, auditor(office), approved=1)
    steps.count_marked()
    assert people(office) == {"month": 30, "quarter": 30, "year": 30}
    month = Score.objects.get(office=office, period=Period.MONTH)
    assert (month.satisfied, month.answered) == (60, 90)
    province = Score.objects.get(unit=office.unit.parent, map="then", period=Period.YEAR)
    assert province.people == 30
    assert differences() == []
    lift(rule.pk, WHY, auditor(office), approved=1)
    steps.count_marked()
    assert people(office) == everybody


def test_fewer_than_ten_wait_for_others(office: Office) -> None:
    """The rules themselves refuse that; figures would not follow either."""
    some = Response.objects.filter(office=office).values("id")[:9]
    Response.objects.filter(office=office, id__in=some).update(excluded=True, flags=0)
    with transaction.atomic():
        recount(office.pk, LAST, [BEFORE])
    assert people(office)["month"] == 44
    assert Response.objects.filter(withdrawn=True).count() == 0


def visited(office: Office, *nights: tuple[date, int, int]) -> None:
    """By the night: honest people, and those of a burst."""
    factories.rhythm(office)
    for day, honest, burst in nights:
        factories.responses(office, honest, day=day)
        answered(office, burst, day=day, flags=Flag.BURST.value)
        steps.close(day)


def left_out(office: Office) -> Exclusion:
    """A rule about the burst of the month, and the count that follows it."""
    rule = Rule(office.pk, LAST.replace(day=1), LAST, Flag.BURST)
    made = exclude(rule, WHY, auditor(office), approved=1)
    steps.count_marked()
    return made


def test_nobody_leaves_the_open_figures_of_a_month_until_it_closes() -> None:
    office = factories.office()
    visited(office, (BEFORE, 20, 14), (LAST - timedelta(days=1), 15, 0))
    left_out(office)
    assert not Response.objects.filter(withdrawn=True).exists()
    steps.close(LAST)
    assert people(office)["month"] == 35
    assert Response.objects.filter(withdrawn=True, part=1).count() == 14
    assert differences() == []


def test_whoever_leaves_is_not_told_by_the_day_on_which_they_came() -> None:
    """Ten of a burst on a day of 15: the day less those who left would be 5 people."""
    office = factories.office()
    visited(office, (BEFORE, 5, 10), (LAST - timedelta(days=1), 15, 0), (LAST, 0, 0))
    steps.close(LAST)
    assert people(office)["month"] == 30
    left_out(office)
    assert people(office)["month"] == 30
    assert not Response.objects.filter(withdrawn=True).exists()
    assert Response.objects.filter(excluded=True).count() == 10


def test_a_block_that_nobody_has_seen_loses_people_freely() -> None:
    office = factories.office()
    visited(office, (BEFORE, 5, 10))
    assert Response.objects.filter(batch__isnull=False).count() == 15
    left_out(office)
    assert Response.objects.filter(batch__isnull=False).count() == 15
    answered(office, 6, day=LAST)
    steps.close(LAST)
    assert people(office)["month"] == 11
    assert differences() == []


def test_tables_are_revised_together_with_their_total(office: Office) -> None:
    labels = [cell.labels[1] for cell in Cell.objects.order_by("place")]
    assert labels == ["clean", "flagged"]
    left_out(office)
    assert [cell.people for cell in Cell.objects.order_by("place")] == [30, 0]
    assert differences() == []


def apart(office: Office, *whom: Iterable[Response]) -> int:
    """What the month shows when an auditor wants just these people left out."""
    ids = [one.id for some in whom for one in some]
    Response.objects.filter(office=office).update(excluded=False)
    Response.objects.filter(office=office, id__in=ids).update(excluded=True)
    with transaction.atomic():
        rescore_office(recount(office.pk, LAST), LAST)
    return people(office)["month"]


def test_a_table_that_would_tell_of_few_keeps_its_total_as_it_was() -> None:
    """Twelve of sixty leave, six of them by phone: the cell of phones would lose six people."""
    office = factories.office()
    for channel in (Channel.PHONE, Channel.TABLET):
        answered(office, 30, channel=channel)
    phones, tablets = (
        Response.objects.filter(
            id__in=list(Response.objects.filter(channel=channel).values_list("id", flat=True))
        ).order_by("id")
        for channel in (Channel.PHONE, Channel.TABLET)
    )
    steps.close(LAST)
    assert [cell.people for cell in Cell.objects.all()] == [30, 30]
    assert apart(office, phones[:6], tablets[:6]) == 60
    assert apart(office, phones[:12]) == 48
    assert [cell.people for cell in Cell.objects.order_by("place")] == [18, 30]


def test_a_factor_that_few_of_those_who_leave_answered_keeps_them() -> None:
    Instrument.objects.update(is_default=False)
    factories.instrument({"A": 1, "B": 1, "C": 1})
    office = factories.office()
    answered(office, 30)
    answered(office, 5, answers=bytes([5, 5, 0]))
    answered(office, 9, answers=bytes([4, 4, 4]))
    steps.close(LAST)
    few = Response.objects.filter(answers=bytes([5, 5, 0]))
    rare = Response.objects.filter(answers=bytes([4, 4, 4]))
    assert apart(office, few, rare) == 44
    more = Response.objects.filter(answers=bytes([5, 5, 5])).order_by("id")[:1]
    assert apart(office, few, rare, more) == 29


def test_nobody_leaves_who_stands_in_a_former_table(office: Office) -> None:
    """Eleven of the twelve by phone would leave: the table less them would be one person."""
    former = Breakdown.objects.create(
        unit=office.unit, instrument=Instrument.objects.get(), dimension="channel",
        period="month", start=LAST.replace(day=1), columns=["1"], computed_at=timezone.now(),
    )  # fmt: skip
    BreakdownMembership.objects.create(breakdown=former, office=office, batches=[1], withdrawn=[])
    left_out(office)
    assert people(office)["month"] == 44


def test_all_who_leave_are_a_class_of_their_own() -> None:
    """Else whoever joins the month afterwards would be taken for them."""
    office = factories.office()
    answered(office, 20)
    steps.close(LAST)
    everybody = Response.objects.filter(office=office)
    assert apart(office, everybody) == 0
    assert everybody.filter(part=1).count() == 20
    assert apart(office) == 20


def test_a_class_that_left_comes_back_whole_or_not() -> None:
    office = factories.office()
    answered(office, 30)
    answered(office, 34, answers=bytes([4, 4, 4]))
    steps.close(LAST)
    left = Response.objects.filter(answers=bytes([4, 4, 4])).order_by("id")
    assert apart(office, left) == 30
    assert apart(office, left[:17]) == 30
    assert apart(office, left[:0]) == 64
    assert left.filter(part=1, withdrawn=False).count() == 34
    assert apart(office, left) == 30


def test_what_nobody_has_seen_yet_is_never_shown(office: Office) -> None:
    today = timezone.localdate()
    answered(office, 12, day=today, flags=Flag.BURST.value)
    exclude(Rule(office.pk, today, today, Flag.BURST), WHY, auditor(office), approved=1)
    steps.count_marked()
    assert Response.objects.filter(day=today, batch__isnull=False).count() == 0
    first = today.replace(day=1)
    assert not Score.objects.filter(office=office, start=first, people__gt=0).exists()


def shown(place: dict[str, object]) -> dict[str, tuple[int, int, float | None]]:
    """People, answers and the lower limit of last month, its quarter and its year."""
    first = {"month": 1, "quarter": (LAST.month - 1) // 3 * 3 + 1, "year": 1}
    return {
        score.period: (score.people, score.answered, score.low)
        for score in Score.objects.filter(**place)
        if (score.period == "month" and score.start == LAST.replace(day=1))
        or (
            score.period != "month"
            and score.start == LAST.replace(month=first[score.period], day=1)
        )
    }


def test_a_span_whose_people_all_left_has_no_figure_any_more() -> None:
    """Fourteen of fourteen: the month, its quarter, its year, and the units above."""
    office = factories.office()
    answered(office, 14, flags=Flag.BURST.value)
    steps.close(LAST)
    places: list[dict[str, object]] = [{"office": office}]
    places += [
        {"unit": unit, "map": on} for unit in office.unit.chain() for on in ("then", "today")
    ]
    for place in places:
        assert {people for people, *_ in shown(place).values()} == {14}
    exclude(Rule(office.pk, LAST, LAST, Flag.BURST), WHY, auditor(office), approved=1)
    steps.count_marked()
    nobody = (0, 0, None)
    for place in places:
        assert shown(place) == {"month": nobody, "quarter": nobody, "year": nobody}


def test_a_month_that_nobody_stands_in_any_more_has_no_row(office: Office) -> None:
    """As after a settled form that went on: there is nobody of whom to say that they are few."""
    alone = factories.office(factories.unit(parent=office.unit.parent))
    answered(alone, 1)
    steps.count_marked()
    assert shown({"office": alone})["month"][0] == 0
    Response.objects.filter(office=alone).update(state=0)
    Mark.objects.create(office=alone, day=LAST)
    steps.count_marked()
    assert shown({"office": alone}) == {}
    assert shown({"unit": alone.unit, "map": "today"}) == {}
    assert shown({"unit": office.unit.parent, "map": "today"})["month"][0] == 44
