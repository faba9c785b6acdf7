"""The remarks of a unit: what is read first, what came up, and how its offices reply."""

from datetime import date, timedelta
from fractions import Fraction
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from offices.models import AdministrativeUnit, Membership, Office
from surveys.models import Remark, RemarkStep
from surveys.remarks.steps import WAITING
from surveys.remarks.timeliness import timeliness_of
from tests import factories
from tests.officials.two import client_of

pytestmark = pytest.mark.django_db
Role = Membership.Role
State = Remark.State


@pytest.fixture
def province() -> AdministrativeUnit:
    return factories.province()


def office_in(province: AdministrativeUnit, name: str) -> Office:
    return factories.office(factories.unit(parent=province), name=name)


def remark(office: Office, text: object = "Thiếu ghế", **given: object) -> Remark:
    today = timezone.localdate()
    row = {"released_on": today, "due_on": today + timedelta(days=7), **given}
    return Remark.objects.create(
        office=office, response_id=uuid4(), day=date(2026, 1, 1), text=str(text), **row
    )


def replied(office: Office, days: int, due: int | None = 7, **given: object) -> Remark:
    """One that was handed over forty days ago and had its first reply so many days later."""
    handed = timezone.localdate() - timedelta(days=40)
    row = {
        "released_on": handed,
        "due_on": None if due is None else handed + timedelta(days=due),
        "state": State.ANSWERED,
        **given,
    }
    one = remark(office, **row)
    for later in (days, days + 3):  # the second only mends the first
        RemarkStep.objects.create(
            office=office, remark_key=one.key, by=factories.user(), before=State.NEW,
            after=State.ANSWERED, at=factories.at(handed + timedelta(days=later), 23),
        )  # fmt: skip
    return one


def page(client: Client, unit: AdministrativeUnit) -> str:
    answer = client.get(reverse("officials:unit_remarks", args=[unit.pk]))
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_the_table_counts_what_was_handed_over(province: AdministrativeUnit) -> None:
    today = timezone.localdate()
    busy, quiet = office_in(province, "Trung tâm Bận"), office_in(province, "Trung tâm An")
    for days in (1, 2, 3, 9, 11):
        replied(busy, days)
    remark(busy, due_on=today - timedelta(days=1))
    remark(busy)
    remark(busy, released_on=None)
    remark(busy, state=State.REOPENED, raised=True, due_on=today - timedelta(days=1))
    remark(busy, tone=1, due_on=None, urgent=True)
    for days in (1, 2, 3, 4):
        replied(quiet, days)
    remark(factories.office(), "Nơi khác")
    first, second = timeliness_of(Office.objects.filter(pk__in=[busy.pk, quiet.pk]), today)
    assert (first.slug, second.slug) == (busy.slug, quiet.slug), "the most late comes first"
    assert (first.waiting, first.late, first.raised, first.urgent) == (3, 1, 1, 1)
    assert (first.replies, first.median, first.on_time) == (5, 3.0, Fraction(3, 5))
    assert (second.replies, second.median, second.on_time) == (4, None, None)
    html = page(client_of(factories.official(province)), province)
    assert "60\N{NO-BREAK SPACE}%" in html
    assert html.count("<td") == 8
    assert html.count(">ít<") == 2
    assert "Nơi khác" not in html


def test_an_office_is_told_for_a_year_and_as_long_as_anything_waits(
    province: AdministrativeUnit,
) -> None:
    long_ago = timezone.localdate() - timedelta(days=800)
    answered, silent, lately = (office_in(province, name) for name in ("An", "Bình", "Cường"))
    remark(answered, released_on=long_ago, due_on=long_ago, state=State.ANSWERED)
    remark(silent, released_on=long_ago, due_on=long_ago)
    remark(lately, state=State.PUBLISHED)
    remark(lately, released_on=None, due_on=None)
    rows = timeliness_of(Office.objects.within(province), timezone.localdate())
    assert [(one.name, one.waiting, one.late) for one in rows] == [("Bình", 1, 1), ("Cường", 0, 0)]


def test_what_waits_has_an_index_of_its_own() -> None:
    """A page must not read the remarks of all years to find the few that wait."""
    (index,) = [one for one in Remark._meta.indexes if one.name == "remark_waiting"]
    assert index.condition == Q(state__in=sorted(state.value for state in WAITING))


def test_praise_has_a_reply_and_no_day(province: AdministrativeUnit) -> None:
    office = office_in(province, "Trung tâm A")
    for _ in range(5):
        replied(office, 2, due=None)
    (row,) = timeliness_of(Office.objects.filter(pk=office.pk), timezone.localdate())
    assert (row.median, row.on_time) == (2, None)


def test_of_a_remark_that_was_opened_again_the_first_reply_counts(
    province: AdministrativeUnit,
) -> None:
    office = office_in(province, "Trung tâm A")
    today = timezone.localdate()
    for _ in range(5):
        first_due = today - timedelta(days=38)
        replied(
            office, 5, due_on=today + timedelta(days=9), first_due_on=first_due, reopened_on=today
        )
    (row,) = timeliness_of(Office.objects.filter(pk=office.pk), today)
    assert (row.median, row.on_time) == (5.0, Fraction(0))


def test_what_is_urgent_stands_before_those_above(province: AdministrativeUnit) -> None:
    office = office_in(province, "Trung tâm A")
    remark(office, "Đòi tiền lót tay", urgent=True)
    remark(office, "Thiếu ghế")
    remark(office, "Đã trả lời rồi", urgent=True, state=State.ANSWERED)
    remark(office, "Chưa chuyển", urgent=True, released_on=None)
    html = page(client_of(factories.official(province)), province)
    assert "Đòi tiền lót tay" in html
    for text in ("Thiếu ghế", "Đã trả lời rồi", "Chưa chuyển"):
        assert text not in html


def test_many_opened_again_hide_nothing_urgent(province: AdministrativeUnit) -> None:
    office = office_in(province, "Trung tâm A")
    client = client_of(factories.official(province))
    for number in range(40):
        remark(office, f"Mở lại {number}", state=State.REOPENED, raised=True)
    remark(office, "Đòi tiền lót tay", urgent=True)
    html = page(client, province)
    assert html.count("<blockquote") == 21
    assert "Đòi tiền lót tay" in html
    assert html.count("còn 20 góp ý nữa") == 1
    for number in range(24):
        remark(office, f"Lót tay {number}", urgent=True)
    html = page(client, province)
    assert html.count("<blockquote") == 40
    assert html.count("còn 5 góp ý nữa") == 1


def test_who_may_see_it(province: AdministrativeUnit) -> None:
    office = office_in(province, "Trung tâm A")
    address = reverse("officials:unit_remarks", args=[province.pk])
    expected = {
        factories.official(province): 200,
        factories.official(province, Role.AUDITOR): 200,
        factories.official(province, Role.ANALYST): 403,
        factories.official(office): 404,
        factories.official(factories.province()): 404,
    }
    for user, status in expected.items():
        assert client_of(user).get(address).status_code == status
    officer = client_of(factories.official(province))
    unit = officer.get(reverse("officials:unit", args=[province.pk])).content.decode()
    assert address in unit
    assert address in officer.get("/bao-cao/").content.decode()
    queue = reverse("officials:remarks", args=[office.slug])
    assert address in officer.get(queue).content.decode()
    analyst = client_of(factories.official(province, Role.ANALYST))
    assert address not in analyst.get("/bao-cao/").content.decode()


def test_many_offices_cost_what_one_does(province: AdministrativeUnit) -> None:
    client = client_of(factories.official(province))

    def statements() -> int:
        page(client, province)  # the directory is read anew where offices were added
        with CaptureQueriesContext(connection) as captured:
            page(client, province)
        return len(captured)

    remark(office_in(province, "Trung tâm A"), urgent=True)
    few = statements()
    for number in range(6):
        office = office_in(province, f"Trung tâm {number}")
        remark(office, urgent=True)
        replied(office, 3)
    assert statements() <= few <= 15
