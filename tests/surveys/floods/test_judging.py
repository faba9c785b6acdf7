"""Attacks as strangers and officials would make them, played through real nights."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from audit.models import Entry
from offices.models import (
    Counter,
    DossierCount,
    DossierSource,
    Membership,
    Office,
    User,
)
from offices.validity import Days
from reports.models import Difference, OfficeRhythm, Proof
from reports.night import steps
from surveys.floods.deciding import decide, empty_refused
from surveys.floods.levels import Level, level_of
from surveys.models import (
    Channel,
    Evidence,
    EvidenceLevel,
    Hold,
    NewNormal,
    Response,
    State,
)
from tests import factories
from tests.surveys.floods.stories import GOOD, PAST_ENDS, Story, begun, closed_june

pytestmark = pytest.mark.django_db
JUNE, MAY = date(2026, 6, 1), date(2026, 5, 1)
LAST = date(2026, 6, 25)
REASON = "Đã xem xét cùng cơ quan"


@pytest.fixture
def story() -> Iterator[Story]:
    with begun() as (told,):
        told.honest(PAST_ENDS + timedelta(days=1), LAST, seed=2)
        yield told


def auditor_of(office: Office) -> User:
    """The auditor of the province above it."""
    province = office.unit.parent
    assert province is not None
    return factories.official(province, Membership.Role.AUDITOR)


def feed(story: Story, first: date, last: date, dossiers: int) -> None:
    """So many finished dossiers on each working day, as a portal told."""
    DossierCount.objects.bulk_create(
        DossierCount(office=story.office, day=day, finished=dossiers, source=DossierSource.PORTAL)
        for day in Days(first, last).each()
        if day.weekday() < 5
    )


def waiting(story: Story) -> list[tuple[str, int, int]]:
    return [(hold.rule, hold.seen, hold.forms) for hold in story.holds()]


def test_an_honest_office_is_left_in_peace(story: Story) -> None:
    story.close(LAST)
    assert waiting(story) == []


def test_a_burst_in_an_hour_stands_aside_before_it_counts(story: Story) -> None:
    story.came(LAST, 290, hour=21)
    story.close(LAST)
    assert waiting(story) == [("hour", 290, 290)]
    assert Response.objects.filter(batch__isnull=False, hold__isnull=False).count() == 0
    (entry,) = factories.acts().filter(action="flood.held")
    assert entry.details["forms"] == 290
    story.close(LAST)
    assert waiting(story) == [("hour", 290, 290)], "another look holds nothing more"


def test_who_comes_into_a_held_cell_later_is_held_with_it(story: Story) -> None:
    story.came(LAST - timedelta(days=1), 290, hour=21)
    story.close(LAST - timedelta(days=1))
    story.came(LAST - timedelta(days=1), 12, hour=21)
    story.close(LAST)
    assert waiting(story) == [("hour", 290, 302)]


def test_days_that_are_claimed_are_judged_as_those_of_arrival(story: Story) -> None:
    for back in range(8):
        day = LAST - timedelta(days=back)
        story.came(day, 40, received_on=LAST, hour=8 + back)
    story.close(LAST)
    assert sum(hold.forms for hold in story.holds()) >= 320
    assert {hold.rule for hold in story.holds()} <= {"hour", "arrivals"}


def test_a_tablet_that_was_away_brings_its_week_in_peace(story: Story) -> None:
    story.honest(date(2025, 1, 1), date(2025, 12, 31), seed=3, channel=Channel.TABLET, evidence=3)
    for back in range(1, 10):
        day = LAST - timedelta(days=back)
        if day.weekday() < 5:
            story.came(
                day, 6, received_on=LAST, hour=20, evidence=3, delivery=1, channel=Channel.TABLET
            )
    tablet = {"hour": 20, "evidence": 3, "channel": Channel.TABLET}
    story.came(LAST, 40, **tablet)
    story.close(LAST)
    assert waiting(story) == [("hour", 40, 40)], "what came of today in the same hour is no excuse"


def test_many_that_nobody_finished_stand_aside(story: Story) -> None:
    for hour in range(8, 18):
        story.came(LAST, 3, hour=hour, state=State.SETTLED)
    story.close(LAST)
    assert [rule for rule, *_ in waiting(story)] in (["unfinished"], ["arrivals"])


def test_patience_is_found_when_the_window_is_full(story: Story) -> None:
    day = PAST_ENDS + timedelta(days=1)
    while day <= LAST:
        if day.weekday() < 5:
            for hour in (8, 9, 10, 14):
                story.came(day, 3, hour=hour)
        story.close(day)
        day += timedelta(days=1)
    held = sum(hold.forms for hold in story.holds())
    assert {hold.rule for hold in story.holds()} & {"days_5", "days_21", "day"}
    assert held > 60


def test_a_new_office_is_judged_by_credentials_alone(story: Story) -> None:
    other = factories.office()
    factories.answered(other, [GOOD] * 60, day=LAST, hour=9)
    factories.answered(other, [GOOD] * 40, day=LAST, hour=10, flags=512)
    story.close(LAST)
    (hold,) = Hold.objects.filter(office=other)
    assert (hold.rule, hold.seen, hold.startless) == ("startless", 40, 40)


def test_three_forms_of_a_stranger_silence_nobody(story: Story) -> None:
    story.came(LAST, 3, hour=9, flags=512)
    for hour in (9, 10, 14):
        story.came(LAST, 2, hour=hour, state=State.SETTLED)
    story.close(LAST)
    assert waiting(story) == [("startless", 3, 3), ("unfinished", 6, 6)]
    held = Response.objects.filter(hold__isnull=False)
    assert held.filter(flags=0, state=State.FINISHED).count() == 0


def test_a_flood_into_a_closed_month_is_judged_by_its_arrival(story: Story) -> None:
    story.came(MAY + timedelta(days=28), 290, received_on=LAST, hour=20)
    story.close(LAST)
    assert waiting(story) == [("hour", 290, 290)]
    (hold,) = story.holds()
    (late,) = decide(story.office, [hold.pk], True, REASON, auditor_of(story.office))
    assert late.state == Hold.State.LATE, "its month is closed, though not that of its arrival"


def test_the_month_closes_without_them_and_refused_ones_never_count(story: Story) -> None:
    story.close(LAST)
    honest = Response.objects.filter(office=story.office, day__gte=JUNE).count()
    story.came(LAST, 290, hour=21)
    story.close(LAST)
    (hold,) = story.holds()
    auditor = auditor_of(story.office)
    (refused,) = decide(story.office, [hold.pk], accept=False, reason=REASON, by=auditor)
    assert refused.state == Hold.State.REFUSED
    assert Response.objects.filter(excluded=True).count() == 290
    assert Response.objects.filter(day__gte=JUNE, excluded=False).count() == honest


def test_accepted_before_closing_they_count(story: Story) -> None:
    story.came(LAST, 60, hour=9, channel=Channel.PHONE)
    story.close(LAST)
    holds = [hold.pk for hold in story.holds()]
    auditor = auditor_of(story.office)
    decide(story.office, holds, accept=True, reason=REASON, by=auditor)
    assert not Response.objects.filter(excluded=True).exists()


def test_accepted_after_closing_few_expected_people_count_in_nothing(story: Story) -> None:
    """Whoever sent 290 knows all but the two or three honest ones of that hour."""
    story.came(LAST, 290, hour=21)
    story.close(LAST)
    (hold,) = story.holds()
    with closed_june():
        shown = story.headline("month", JUNE)
        auditor = auditor_of(story.office)
        (late,) = decide(story.office, [hold.pk], accept=True, reason=REASON, by=auditor)
        assert (late.state, hold.expected) == (Hold.State.LATE, 0)
        steps.close(date(2026, 7, 9))
        assert story.headline("month", JUNE) == shown
        assert Response.objects.filter(excluded=True, batch=None).count() == 290


def test_refused_forms_are_deleted_after_a_year_and_their_numbers_stay(story: Story) -> None:
    story.came(LAST, 290, hour=21)
    story.close(LAST)
    (hold,) = story.holds()
    auditor = auditor_of(story.office)
    decide(story.office, [hold.pk], accept=False, reason=REASON, by=auditor)
    assert empty_refused(LAST + timedelta(days=360)) == 0
    assert empty_refused(LAST + timedelta(days=370)) == 290
    assert not Response.objects.filter(hold=hold.pk).exists()
    (kept,) = story.holds()
    assert (kept.forms, kept.emptied_on) == (290, LAST + timedelta(days=370))


def test_what_stood_in_a_batch_leaves_when_it_is_held_later(story: Story) -> None:
    """Patience in an office whose figures move every night: the month closes without it."""
    OfficeRhythm.objects.filter(office=story.office).update(turn="night")
    day = PAST_ENDS + timedelta(days=1)
    while day <= LAST:
        if day.weekday() < 5:
            for hour in (8, 9, 10, 14):
                story.came(day, 3, hour=hour)
        story.close(day)
        day += timedelta(days=1)
    assert Response.objects.filter(hold__isnull=False, batch__isnull=False).exists()
    with closed_june():
        gone = Response.objects.filter(hold__isnull=False, batch__isnull=False)
        assert set(gone.values_list("withdrawn", flat=True)) == {True}
        assert not Difference.objects.filter(ended_at=None).exists()


def test_forms_are_held_against_the_dossiers_that_a_feed_told(story: Story) -> None:
    """A fifth of the dossiers answered last year; this year dossiers are few and forms are not."""
    feed(story, date(2025, 1, 1), date(2025, 12, 31), 24)
    feed(story, date(2026, 1, 1), LAST, 6)
    story.close(LAST)
    assert {hold.rule for hold in story.holds()} == {"dossiers"}


def test_what_was_announced_is_not_held_against_last_years_dossiers(story: Story) -> None:
    feed(story, date(2025, 1, 1), date(2025, 12, 31), 24)
    feed(story, date(2026, 1, 1), LAST, 6)
    NewNormal.objects.create(
        office=story.office,
        evidence=Evidence.OPEN,
        first_day=date(2026, 6, 1),
        a_month=150,
        reason=REASON,
        set_by=factories.user(),
        set_at=timezone.now(),
    )
    story.close(LAST)
    assert waiting(story) == []


def test_what_two_rules_find_is_held_once_and_told_once(story: Story) -> None:
    desk = Counter.objects.create(office=story.office, number=1, name="Quầy 1")
    story.came(LAST, 60, hour=9, evidence=3, channel=Channel.TABLET, counter=desk)
    story.close(LAST)
    assert waiting(story) == [("counter", 60, 60)]
    told = Entry.objects.filter(action__startswith="row.", details__table="surveys_hold")
    assert list(told.values_list("action", flat=True)) == ["row.added"]


def test_the_night_gives_levels_to_a_new_year_and_deletes_what_was_refused(story: Story) -> None:
    story.came(LAST, 290, hour=21)
    story.close(LAST)
    (hold,) = story.holds()
    decide(story.office, [hold.pk], False, REASON, auditor_of(story.office))
    EvidenceLevel.objects.create(
        office=story.office, year=2026, level=Level.A, set_at=timezone.now()
    )
    with time_machine.travel(factories.at(date(2027, 1, 3), 10), tick=False):
        steps.close(date(2027, 1, 2))
        assert level_of(story.office.pk, 2027) == Level.A
        assert Response.objects.filter(hold=hold.pk).count() == 290
    with time_machine.travel(factories.at(date(2027, 7, 2), 10), tick=False):
        steps.close(date(2027, 7, 1))
        assert not Response.objects.filter(hold=hold.pk).exists()


def test_figures_are_proved_while_forms_stand_aside(story: Story) -> None:
    story.came(LAST, 290, hour=21)
    story.close(LAST)
    assert Proof.objects.latest("pk").differences == 0
    assert not Difference.objects.filter(ended_at=None).exists()
