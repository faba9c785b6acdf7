"""Rules that leave forms out of the count: whom they meet, when they are refused, what stays."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from offices.models import Membership, Office, User
from offices.rights import Role
from reports.models import Night
from surveys.exclusions.rules import Cell, Rule, matches
from surveys.exclusions.steps import (
    ExclusionNotPossible,
    ExclusionObstacle,
    Preview,
    apply_exclusions,
    exclude,
    lift,
    preview,
    rule_of,
)
from surveys.flags.rules import NO_FLAG, Flag
from surveys.models import Channel, Exclusion, Mark, Response, Stage, State
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)
NEXT = DAY + timedelta(days=1)
REASON = "Máy tính bảng ở quầy 1 do cán bộ tự bấm"


@pytest.fixture
def office() -> Office:
    """An office with a form of three questions."""
    factories.instrument({"A": 2, "B": 1})
    return factories.office()


@pytest.fixture
def auditor(office: Office) -> User:
    """An auditor of the office's province."""
    assert office.unit.parent is not None
    return factories.official(office.unit.parent, Role.AUDITOR)


def forms(
    office: Office, people: int, flags: Flag = NO_FLAG, day: date = DAY, **also: object
) -> None:
    """So many finished forms with these flags."""
    factories.responses(office, people, flags=flags.value, day=day, **also)


def rule(office: Office, **given: object) -> Rule:
    """A rule for the two days."""
    return replace(Rule(office.pk, DAY, NEXT), **given)  # type: ignore[arg-type]


def excluded() -> int:
    return Response.objects.filter(excluded=True).count()


def refusal(attempt: Callable[[], object]) -> ExclusionObstacle:
    """Why an attempt is refused, having changed nothing."""
    before = (excluded(), Exclusion.objects.count(), Mark.objects.count())
    with pytest.raises(ExclusionNotPossible) as refused:
        attempt()
    assert (excluded(), Exclusion.objects.count(), Mark.objects.count()) == before
    return refused.value.obstacle


def test_it_leaves_out_what_the_rule_means_and_marks_the_days(
    office: Office, auditor: User
) -> None:
    forms(office, 12, Flag.BURST)
    forms(office, 3, Flag.BURST | Flag.TOO_FAST, NEXT)
    forms(office, 20)
    forms(office, 11, Flag.BURST, NEXT + timedelta(days=1))
    forms(factories.office(), 11, Flag.BURST)
    made = exclude(rule(office, flags=Flag.BURST), REASON, auditor)
    assert excluded() == 15
    assert set(Response.objects.filter(excluded=True).values_list("office", "flags")) == {
        (office.pk, 4),
        (office.pk, 5),
    }
    assert sorted(Mark.objects.values_list("office_id", "day")) == [
        (office.pk, DAY),
        (office.pk, NEXT),
    ]
    assert (made.reason, made.made_by, made.lifted_at) == (REASON, auditor, None)


def test_any_of_several_flags_is_enough_and_none_means_all_forms(
    office: Office, auditor: User
) -> None:
    forms(office, 10, Flag.BURST)
    forms(office, 10, Flag.TOO_FAST)
    forms(office, 10)
    assert preview(rule(office, flags=Flag.BURST | Flag.TOO_FAST)) == Preview(20, None)
    assert preview(rule(office)) == Preview(30, None)
    assert excluded() == 0


def test_a_rule_may_name_a_channel_and_a_counter(office: Office, auditor: User) -> None:
    desk, other = (office.counters.create(number=n, name="Quầy") for n in (1, 2))
    forms(office, 10, channel=Channel.TABLET, counter=desk)
    forms(office, 10, channel=Channel.TABLET, counter=other)
    forms(office, 10, channel=Channel.PHONE, counter=desk)
    exclude(rule(office, channel=Channel.TABLET, counter_id=desk.pk), REASON, auditor)
    assert list(
        Response.objects.filter(excluded=True).values_list("channel", "counter").distinct()
    ) == [(Channel.TABLET, desk.pk)]


def test_lifting_takes_in_again_and_keeps_the_history(office: Office, auditor: User) -> None:
    forms(office, 12, Flag.BURST)
    made = exclude(rule(office), REASON, auditor)
    Mark.objects.all().delete()
    lifted = lift(made.pk, "Đã kiểm tra lại, phiếu là thật", auditor)
    assert excluded() == 0
    assert list(Mark.objects.values_list("day", flat=True)) == [DAY]
    stored = Exclusion.objects.get()
    assert (stored.lifted_by, stored.lifted_at) == (auditor, lifted.lifted_at)
    assert stored.reason == REASON
    assert refusal(lambda: lift(made.pk, REASON, auditor)) is ExclusionObstacle.LIFTED


def test_what_another_rule_leaves_out_stays_out(office: Office, auditor: User) -> None:
    forms(office, 10, Flag.BURST)
    forms(office, 10, Flag.BURST | Flag.TOO_FAST)
    forms(office, 10, Flag.TOO_FAST)
    fast = exclude(rule(office, flags=Flag.TOO_FAST), REASON, auditor)
    exclude(rule(office, flags=Flag.BURST), REASON, auditor)
    assert excluded() == 30
    lift(fast.pk, REASON, auditor)
    assert excluded() == 20
    assert not Response.objects.filter(excluded=True, flags=Flag.TOO_FAST).exists()


def test_fewer_than_ten_people_are_never_left_out(office: Office, auditor: User) -> None:
    forms(office, 9, Flag.BURST)
    forms(office, 5, Flag.BURST, valid=False)
    forms(office, 5, Flag.BURST, stage=Stage.WAITING)
    forms(office, 5, Flag.BURST, state=State.OPEN)
    bursts = rule(office, flags=Flag.BURST)
    assert preview(bursts) == Preview(None, ExclusionObstacle.TOO_FEW)
    assert refusal(lambda: exclude(bursts, REASON, auditor)) is ExclusionObstacle.TOO_FEW
    forms(office, 1, Flag.BURST)
    exclude(bursts, REASON, auditor)
    # whoever is in no figure follows the rule all the same, once the form is closed
    assert excluded() == 20


def test_interviewed_people_do_not_make_up_the_ten(office: Office, auditor: User) -> None:
    forms(office, 1)
    forms(office, 9, channel=Channel.INTERVIEW)
    assert preview(rule(office)) == Preview(None, ExclusionObstacle.TOO_FEW)
    assert refusal(lambda: exclude(rule(office), REASON, auditor)) is ExclusionObstacle.TOO_FEW
    forms(office, 9)
    assert preview(rule(office)) == Preview(10, None)


def test_interviewed_people_alone_are_nobody_to_leave_out(office: Office, auditor: User) -> None:
    forms(office, 30, channel=Channel.INTERVIEW)
    interviews = rule(office, channel=Channel.INTERVIEW)
    assert refusal(lambda: exclude(interviews, REASON, auditor)) is ExclusionObstacle.TOO_FEW


def test_only_those_who_are_still_in_count(office: Office, auditor: User) -> None:
    forms(office, 30, Flag.BURST)
    forms(office, 9)
    exclude(rule(office, flags=Flag.BURST), REASON, auditor)
    assert refusal(lambda: exclude(rule(office), REASON, auditor)) is ExclusionObstacle.TOO_FEW


def test_nine_people_of_one_questionnaire_are_too_few_beside_many_of_another(
    office: Office, auditor: User
) -> None:
    forms(office, 30)
    other = factories.instrument({"A": 3}, default=False)
    forms(office, 9, instrument_id=other.pk)
    assert refusal(lambda: exclude(rule(office), REASON, auditor)) is ExclusionObstacle.TOO_FEW
    forms(office, 1, instrument_id=other.pk)
    exclude(rule(office), REASON, auditor)
    assert excluded() == 40


def test_a_rule_made_again_a_little_differently_would_show_single_people(
    office: Office, auditor: User
) -> None:
    forms(office, 20)
    forms(office, 1, day=NEXT)
    first = exclude(rule(office, last_day=DAY), REASON, auditor)
    lift(first.pk, REASON, auditor)
    assert preview(rule(office)) == Preview(None, ExclusionObstacle.TOO_CLOSE)
    assert refusal(lambda: exclude(rule(office), REASON, auditor)) is ExclusionObstacle.TOO_CLOSE
    exclude(rule(office, last_day=DAY), REASON, auditor)
    assert excluded() == 20


def test_the_preview_says_tens_only(office: Office) -> None:
    forms(office, 10)
    assert preview(rule(office)).people == 10
    forms(office, 9)
    assert preview(rule(office)).people == 10
    forms(office, 1)
    assert preview(rule(office)).people == 20


def test_days_that_make_no_sense_are_refused(office: Office, auditor: User) -> None:
    forms(office, 20)
    today = timezone.localdate()
    for first, last in ((NEXT, DAY), (DAY, today + timedelta(days=2))):
        wrong = rule(office, first_day=first, last_day=last)
        assert preview(wrong).obstacle is ExclusionObstacle.WRONG_DAYS
        refused = refusal(partial(exclude, wrong, REASON, auditor))
        assert refused is ExclusionObstacle.WRONG_DAYS


@pytest.mark.parametrize("reason", ["", "sai", " " * 30, "a   b    c    d", "\x00" * 20])
def test_a_reason_is_a_sentence(office: Office, auditor: User, reason: str) -> None:
    forms(office, 20)
    assert refusal(lambda: exclude(rule(office), reason, auditor)) is ExclusionObstacle.SHORT_REASON
    made = exclude(rule(office), REASON, auditor)
    assert refusal(lambda: lift(made.pk, reason, auditor)) is ExclusionObstacle.SHORT_REASON


def test_the_database_refuses_a_rule_without_reason_or_half_lifted(
    office: Office, auditor: User
) -> None:
    forms(office, 20)
    made = exclude(rule(office), REASON, auditor)
    for change in ({"reason": "sai"}, {"lifted_at": made.made_at}, {"first_day": date(2027, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Exclusion.objects.update(**change)


def test_only_auditors_of_the_office_make_and_lift_rules(office: Office, auditor: User) -> None:
    forms(office, 20)
    province = office.unit.parent
    assert province is not None
    at_a_desk = factories.user()  # a row of old: nobody audits one office
    Membership.objects.create(user=at_a_desk, role=Role.AUDITOR, office=office)
    strangers = [
        factories.user(),
        factories.user(is_superuser=True),
        at_a_desk,
        factories.official(office),
        factories.official(province),
        factories.official(factories.province(), Role.AUDITOR),
    ]
    gone = factories.official(province, Role.AUDITOR, account=factories.user(is_active=False))
    made = exclude(rule(office), REASON, auditor)
    for user in (*strangers, gone):
        with pytest.raises(PermissionDenied):
            exclude(rule(office), REASON, user)
        with pytest.raises(PermissionDenied):
            lift(made.pk, REASON, user)
    lift(made.pk, REASON, factories.official(factories.country(), Role.AUDITOR))
    assert excluded() == 0


def test_what_arrives_later_is_left_out_when_it_is_counted(office: Office, auditor: User) -> None:
    forms(office, 12, Flag.BURST)
    exclude(rule(office, flags=Flag.BURST), REASON, auditor)
    forms(office, 1, Flag.BURST, NEXT)
    forms(office, 1, Flag.BURST, NEXT, state=State.OPEN)
    apply_exclusions(office.pk, [DAY])
    assert excluded() == 12
    apply_exclusions(office.pk, [DAY, NEXT])
    assert excluded() == 13
    Response.objects.filter(state=State.OPEN).update(state=State.SETTLED)
    apply_exclusions(office.pk, {NEXT})
    assert excluded() == 14


def test_applying_again_changes_nothing_and_takes_one_update(office: Office, auditor: User) -> None:
    forms(office, 12, Flag.BURST)
    exclude(rule(office), REASON, auditor)
    forms(office, 5)
    apply_exclusions(office.pk, [DAY, NEXT])
    versions = list(Response.objects.extra(select={"v": "xmin::text"}).values_list("id", "v"))
    with CaptureQueriesContext(connection) as captured:
        apply_exclusions(office.pk, [DAY, NEXT])
    after = list(Response.objects.extra(select={"v": "xmin::text"}).values_list("id", "v"))
    assert sorted(after) == sorted(versions)
    assert sum(q["sql"].lstrip().startswith("UPDATE") for q in captured.captured_queries) == 1
    with CaptureQueriesContext(connection) as captured:
        apply_exclusions(office.pk, [])
    assert len(captured.captured_queries) == 0


def test_sending_an_answer_asks_for_no_exclusion(office: Office, auditor: User) -> None:
    forms(office, 12, day=date.today())
    sent = factories.submission(office, [5, 4, 1])
    with CaptureQueriesContext(connection) as captured:
        factories.answer(office, [5, 4, 1], id=sent.id)
    assert not [q for q in captured.captured_queries if "surveys_exclusion" in q["sql"]]


def test_the_database_means_the_same_as_the_rule_in_python(office: Office, auditor: User) -> None:
    desks = [office.counters.create(number=n, name="Quầy") for n in (1, 2)]
    for number, channel in enumerate(Channel):
        for flags in (0, 1, 4, 5, 8, 63):
            for desk in (None, *desks):
                day = DAY + timedelta(days=(number + flags) % 4)
                forms(office, 10, Flag(flags), day, channel=channel, counter=desk)
    for wanted in (
        rule(office, flags=Flag(4)),
        rule(office, flags=Flag(9), channel=Channel.TABLET),
        rule(office, first_day=NEXT, counter_id=desks[0].pk),
        rule(office, last_day=DAY, flags=Flag(2), counter_id=desks[1].pk),
        rule(office, channel=Channel.PORTAL),
    ):
        made = exclude(wanted, REASON, auditor)
        assert rule_of(made) == wanted
        for response in Response.objects.all():
            cell = Cell(
                response.instrument_id,
                response.day,
                Channel(response.channel),
                response.counter_id,
                Flag(response.flags),
                1,
            )
            assert response.excluded == matches(wanted, cell)
        lift(made.pk, REASON, auditor)
        assert excluded() == 0


def test_a_closed_month_changes_by_two_persons_only(office: Office, auditor: User) -> None:
    closed = DAY.replace(month=10)
    now = timezone.now()
    forms(office, 10, Flag.BURST, closed)
    wanted = rule(office, first_day=closed, last_day=closed)
    made = exclude(wanted, REASON, auditor)
    forms(office, 10, Flag.BURST, closed + timedelta(1))
    Night.objects.create(day=date(2026, 10, 31), began_at=now, closed_at=now)
    later = rule(office, first_day=closed, last_day=NEXT)
    assert refusal(partial(exclude, later, REASON, auditor)) is ExclusionObstacle.CLOSED
    assert refusal(partial(lift, made.pk, REASON, auditor)) is ExclusionObstacle.CLOSED
    lift(made.pk, REASON, auditor, approved=1)
    exclude(later, REASON, auditor, approved=2)
    assert excluded() == 20


def test_until_the_month_closes_one_auditor_leaves_out(
    office: Office, auditor: User, settings: Settings
) -> None:
    """Its last day is over, but it closes with the fifth working day after it, the sixth."""
    settings.CLOSING_WORKING_DAYS = 5
    last = date(2026, 10, 31)
    forms(office, 10, Flag.BURST, last)
    wanted = rule(office, first_day=last, last_day=last)
    Night.objects.create(day=date(2026, 11, 5), began_at=timezone.now(), closed_at=timezone.now())
    made = exclude(wanted, REASON, auditor)
    assert excluded() == 10
    Night.objects.create(day=date(2026, 11, 6), began_at=timezone.now(), closed_at=timezone.now())
    assert refusal(partial(lift, made.pk, REASON, auditor)) is ExclusionObstacle.CLOSED
