"""The auditor reads beside each rule which months follow it, and which wait for what."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from offices.models import Office, User
from offices.rights import Role
from reports.counting.closing import closing_day
from reports.counting.periods import span_of
from reports.models import Period
from reports.night import steps
from surveys.exclusions.rules import Rule
from surveys.exclusions.steps import exclude, lift
from surveys.flags.rules import NO_FLAG, Flag
from surveys.models import Exclusion, Mark, Response
from tests import factories

pytestmark = pytest.mark.django_db
LAST = factories.last_month_end()
BEFORE = LAST - timedelta(days=3)
FIRST = LAST.replace(day=1)
MONTH = f"{LAST:%m/%Y}"
WHY = "Bốn mươi phiếu giống nhau trong ba phút"
FOLLOWED = f"Tháng {MONTH}: số liệu đã theo quy tắc này."
ALONE = f"Tháng {MONTH}: riêng quy tắc này không làm thay đổi số liệu nào."


@pytest.fixture
def office() -> Office:
    factories.instrument({"A": 2, "B": 1})
    return factories.office()


@pytest.fixture
def auditor(office: Office) -> User:
    assert office.unit.parent is not None
    return factories.official(office.unit.parent, Role.AUDITOR)


def answered(office: Office, people: int, day: date = LAST, flags: Flag = NO_FLAG) -> None:
    factories.responses(office, people, day=day, flags=flags.value)
    Mark.objects.create(office=office, day=day)


def client_of(auditor: User) -> Client:
    client = Client()
    client.force_login(auditor)
    return client


def said(office: Office, auditor: User) -> list[list[str]]:
    """What the page says of the months of each rule, the newest rule first."""
    answer = client_of(auditor).get(reverse("officials:exclusions", args=[office.slug]))
    lists = re.findall(r'<ul class="rule-months">(.*?)</ul>', answer.content.decode(), re.DOTALL)
    return [re.findall(r"<li>(.*?)</li>", unescape(one), re.DOTALL) for one in lists]


def left_out(office: Office, by: User, flags: Flag = Flag.BURST, first: date = FIRST) -> Exclusion:
    return exclude(Rule(office.pk, first, LAST, flags), WHY, by, approved=1)


def test_a_rule_is_followed_once_it_is_counted(office: Office, auditor: User) -> None:
    answered(office, 30)
    answered(office, 14, flags=Flag.BURST)
    steps.close(LAST)
    left_out(office, auditor)
    [[counting]] = said(office, auditor)
    assert counting.startswith(f"Tháng {MONTH}: đang tính lại số liệu.")
    steps.count_marked()
    assert said(office, auditor) == [[FOLLOWED]]


def test_an_open_month_waits_for_the_night_that_closes_it(
    office: Office, auditor: User, settings: Settings
) -> None:
    settings.CLOSING_WORKING_DAYS = 60
    factories.rhythm(office)
    for day, honest, burst in ((BEFORE, 20, 14), (LAST - timedelta(days=1), 15, 0)):
        answered(office, honest, day)
        answered(office, burst, day, Flag.BURST)
        steps.close(day)
    sent = {"first_day": f"{FIRST}", "last_day": f"{LAST}", "flags": [f"{Flag.BURST.value}"]}
    done = client_of(auditor).post(
        reverse("officials:exclusions", args=[office.slug]),
        {**sent, "reason": WHY, "step": "exclude"},
        follow=True,
    )
    assert "được phép thay đổi sẽ thay đổi trong vài phút tới" in unescape(done.content.decode())
    steps.count_marked()
    assert not Response.objects.filter(withdrawn=True).exists()
    closes = closing_day(span_of(Period.MONTH, LAST))
    [[sentence]] = said(office, auditor)
    assert sentence.startswith(f"Tháng {MONTH}: tháng chưa khóa sổ.")
    assert sentence.endswith(f"trong đêm sau ngày {closes:%d/%m/%Y}.")


def test_a_month_whose_night_is_late_names_no_day(office: Office, auditor: User) -> None:
    answered(office, 14, flags=Flag.BURST)
    exclude(Rule(office.pk, FIRST, LAST, Flag.BURST), WHY, auditor)
    [[sentence]] = said(office, auditor)
    assert sentence.endswith("trong đêm tới.")


def test_a_closed_month_waits_where_few_would_be_left_of_a_night(
    office: Office, auditor: User
) -> None:
    """Ten of a burst in a night of 15 people."""
    factories.rhythm(office)
    nights = ((BEFORE, 5, 10), (LAST - timedelta(days=1), 15, 0), (LAST, 0, 0))
    for day, honest, burst in nights:
        answered(office, honest, day)
        answered(office, burst, day, Flag.BURST)
        steps.close(day)
    left_out(office, auditor)
    steps.count_marked()
    assert Response.objects.filter(excluded=True, withdrawn=False).count() == 10
    [[sentence]] = said(office, auditor)
    assert sentence.startswith(ALONE)


def test_few_people_and_nobody_read_alike(office: Office, auditor: User) -> None:
    """A rule over two months means one person in the second, or none."""
    earlier = FIRST - timedelta(days=1)
    for day in (earlier, LAST):
        answered(office, 30, day)
        answered(office, 14 if day == earlier else 0, day, Flag.BURST)
    steps.close(earlier)
    steps.close(LAST)
    left_out(office, auditor, first=earlier)
    steps.count_marked()
    nobody = said(office, auditor)
    assert nobody[0][0] == FOLLOWED.replace(MONTH, f"{earlier:%m/%Y}")
    assert nobody[0][1].startswith(ALONE)
    one = Response.objects.filter(day=LAST).values("id")[:1]
    Response.objects.filter(id__in=one).update(flags=Flag.BURST.value, excluded=True)
    assert said(office, auditor) == nobody


def test_one_person_who_left_with_others_is_not_told(office: Office, auditor: User) -> None:
    """A rule over two months means one person in the second, who left with twelve of another."""
    earlier = FIRST - timedelta(days=1)
    answered(office, 30, earlier)
    answered(office, 14, earlier, Flag.TOO_FAST)
    answered(office, 30)
    answered(office, 12, flags=Flag.BURST)
    answered(office, 1, flags=Flag.TOO_FAST)
    steps.close(earlier)
    steps.close(LAST)
    left_out(office, auditor)
    left_out(office, auditor, Flag.TOO_FAST, earlier)
    steps.count_marked()
    assert Response.objects.filter(day=LAST, withdrawn=True).count() == 13
    fast, burst = said(office, auditor)
    assert fast[0] == FOLLOWED.replace(MONTH, f"{earlier:%m/%Y}")
    assert fast[1].startswith(ALONE)
    assert burst == [FOLLOWED]


def test_a_lifted_rule_waits_for_those_who_left_with_its_forms(
    office: Office, auditor: User
) -> None:
    """Two rules left out 26 people together; one of them is lifted."""
    answered(office, 30)
    answered(office, 14, flags=Flag.BURST | Flag.TOO_FAST)
    answered(office, 12, flags=Flag.BURST)
    steps.close(LAST)
    fast = left_out(office, auditor, Flag.TOO_FAST)
    burst = left_out(office, auditor)
    steps.count_marked()
    assert Response.objects.filter(withdrawn=True).count() == 26
    assert said(office, auditor) == [[FOLLOWED], [FOLLOWED]]
    lift(burst.pk, WHY, auditor, approved=1)
    steps.count_marked()
    assert Response.objects.filter(withdrawn=True).count() == 26
    [lifted], [stands] = said(office, auditor)
    assert lifted.startswith(f"Tháng {MONTH}: số liệu chưa thay đổi theo việc hủy.")
    assert stands == FOLLOWED
    lift(fast.pk, WHY, auditor, approved=1)
    steps.count_marked()
    assert not Response.objects.filter(withdrawn=True).exists()
    back = f"Tháng {MONTH}: số liệu đã theo việc hủy."
    assert said(office, auditor) == [[back], [back]]


def test_a_rule_of_days_without_any_figure_says_so(office: Office, auditor: User) -> None:
    answered(office, 14, timezone.localdate(), Flag.BURST)
    today = timezone.localdate()
    made = exclude(Rule(office.pk, today, today, Flag.BURST), WHY, auditor)
    assert "tháng chưa khóa sổ" in said(office, auditor)[0][0]
    lift(made.pk, WHY, auditor)
    assert said(office, auditor)[0][0].startswith("Chưa có tháng nào đã khóa sổ")
