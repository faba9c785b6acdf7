"""The auditor's page: who may open it, and what a rule takes to be made and lifted."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from launch.page import Form
from offices.models import AdministrativeUnit, Office
from offices.rights import Role
from reports.counting.policy import POLICY
from surveys.exclusions.steps import FEWEST_PEOPLE
from surveys.flags.rules import Flag
from surveys.models import Channel, Exclusion, Mark, Response
from tests import factories

pytestmark = pytest.mark.django_db
YESTERDAY = timezone.localdate() - timedelta(days=1)
REASON = "Phiếu do cán bộ tự bấm trên máy tính bảng"


@pytest.fixture
def office() -> Office:
    """An office with 25 forms of yesterday, 15 of them from a burst at the first counter."""
    factories.instrument({"A": 2, "B": 1})
    made = factories.office(name="Trung tâm PVHCC phường Tô Châu")
    desk = made.counters.create(number=1, name="Hộ tịch")
    tablet = {"channel": Channel.TABLET, "counter": desk, "day": YESTERDAY}
    factories.responses(made, 15, flags=Flag.BURST.value, **tablet)
    factories.responses(made, 10, **tablet)
    return made


def signed_in(place: Office | AdministrativeUnit | None = None, role: Role | None = None) -> Client:
    """Who holds this role there; without a place somebody who holds nothing."""
    user = factories.official(place, role) if place else factories.user()
    client = Client()
    client.force_login(user)
    return client


def province_of(office: Office) -> AdministrativeUnit:
    assert office.unit.parent is not None
    return office.unit.parent


@pytest.fixture
def auditor(office: Office) -> Client:
    """An auditor of the province."""
    return signed_in(province_of(office), Role.AUDITOR)


def address(office: Office) -> str:
    return reverse("officials:exclusions", args=[office.slug])


def lifting(office: Office, exclusion: Exclusion) -> str:
    return reverse("officials:lift_exclusion", args=[office.slug, exclusion.pk])


def fields(**changed: object) -> dict[str, object]:
    """What the form sends for the bursts of yesterday."""
    day = YESTERDAY.isoformat()
    filled = {"first_day": day, "last_day": day, "flags": [str(Flag.BURST.value)]}
    return {**filled, "reason": REASON, "step": "preview", **changed}


def excluded() -> int:
    return Response.objects.filter(excluded=True).count()


def test_a_rule_is_seen_confirmed_listed_and_lifted(office: Office, auditor: Client) -> None:
    seen = unescape(auditor.post(address(office), fields()).content.decode())
    assert "Sẽ loại thêm ít nhất 10 phiếu" in seen
    assert "nhiều phiếu trong thời gian ngắn" in seen
    assert (excluded(), Exclusion.objects.count()) == (0, 0)
    confirmation = re.search(r'<form method="post">.*?</form>', seen, re.DOTALL)
    assert confirmation is not None
    sent = dict(Form(confirmation.group()).filled)
    done = auditor.post(address(office), {**sent, "step": "exclude"}, follow=True)
    assert excluded() == 15
    assert list(Mark.objects.values_list("office_id", "day")) == [(office.pk, YESTERDAY)]
    page = unescape(done.content.decode())
    assert "Chưa hủy" in page
    assert REASON in page
    made = Exclusion.objects.get()
    assert (made.flags, made.channel, made.counter) == (Flag.BURST, None, None)
    assert made.made_by.username in page
    lifted = auditor.post(
        lifting(office, made), {"reason": "Đã xác minh là phiếu thật"}, follow=True
    )
    assert excluded() == 0
    history = unescape(lifted.content.decode())
    assert "Đã xác minh là phiếu thật" in history
    assert REASON in history
    assert "Chưa hủy" not in history


def test_channel_and_counter_travel_to_the_confirmation(office: Office, auditor: Client) -> None:
    desk = office.counters.get()
    asked = fields(channel=Channel.TABLET.value, counter=desk.pk)
    seen = unescape(auditor.post(address(office), asked).content.decode())
    assert f'name="counter" value="{desk.pk}"' in seen
    auditor.post(address(office), {**asked, "step": "exclude"})
    made = Exclusion.objects.get()
    assert (made.channel, made.counter) == (Channel.TABLET, desk)


def test_a_stranger_is_asked_to_sign_in(office: Office, client: Client) -> None:
    for answer in (client.get(address(office)), client.post(address(office), fields())):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("login"))


@pytest.mark.parametrize("step", ["preview", "exclude"])
def test_who_does_not_see_the_office_finds_nothing(office: Office, step: str) -> None:
    elsewhere = factories.office()
    for client in (
        signed_in(),
        signed_in(elsewhere),
        signed_in(province_of(elsewhere), Role.AUDITOR),
    ):
        assert client.get(address(office)).status_code == 404
        assert client.post(address(office), fields(step=step)).status_code == 404
    assert excluded() == 0


def test_heads_and_officers_see_the_office_but_may_not_exclude(
    office: Office, auditor: Client
) -> None:
    auditor.post(address(office), fields(step="exclude"))
    made = Exclusion.objects.get()
    for client in (
        signed_in(office),
        signed_in(province_of(office)),
    ):
        overview = reverse("officials:office", args=[office.slug])
        assert address(office) not in client.get(overview).content.decode()
        assert client.get(address(office)).status_code == 403
        assert client.post(address(office), fields(step="exclude")).status_code == 403
        assert client.post(lifting(office, made), {"reason": REASON}).status_code == 403
    assert (excluded(), Exclusion.objects.count()) == (15, 1)
    assert Exclusion.objects.get().lifted_at is None


def test_the_auditor_finds_the_page_from_the_office(office: Office, auditor: Client) -> None:
    overview = auditor.get(reverse("officials:office", args=[office.slug])).content.decode()
    assert f'href="{address(office)}"' in overview
    assert auditor.get(address(office)).status_code == 200


def test_few_people_are_refused_without_a_number(office: Office, auditor: Client) -> None:
    Response.objects.filter(flags=0).update(flags=Flag.TOO_FAST)
    Response.objects.filter(pk__in=Response.objects.filter(flags=1).values("pk")[:1]).update(
        flags=0
    )
    for step in ("preview", "exclude"):
        answer = auditor.post(address(office), fields(flags=["1"], step=step))
        page = unescape(answer.content.decode())
        assert answer.status_code == 422
        assert "ít hơn 10" in page
        assert REASON in page
        assert not re.search(r"\b9\b", re.sub(r"<[^>]*>|\d\d/\d\d/\d{4}", "", page))
    assert excluded() == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"first_day": "gestern"},
        {"first_day": ""},
        {"last_day": "0001-01-01"},
        {"last_day": "9999-12-31"},
        {"flags": ["64"]},
        {"flags": ["x"]},
        {"channel": "77"},
        {"counter": "999999"},
        {"counter": "-1"},
        {"reason": "sai"},
        {"reason": "x" * 501},
        {"reason": ""},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_shown_again(
    office: Office, auditor: Client, changed: dict[str, object]
) -> None:
    for step in ("preview", "exclude", "", "x"):
        assert auditor.post(address(office), fields(**changed, step=step)).status_code == 422
    assert not Exclusion.objects.exists()


def test_lifting_needs_a_reason_and_happens_once(office: Office, auditor: Client) -> None:
    auditor.post(address(office), fields(step="exclude"))
    made = Exclusion.objects.get()
    assert auditor.get(lifting(office, made)).status_code == 405
    short = auditor.post(lifting(office, made), {"reason": "sai"})
    assert short.status_code == 422
    assert "<details open>" in short.content.decode()
    assert excluded() == 15
    auditor.post(lifting(office, made), {"reason": REASON})
    again = auditor.post(lifting(office, made), {"reason": REASON}, follow=True)
    assert "đã được hủy" in unescape(again.content.decode())


def test_a_rule_of_another_office_is_not_lifted_here(office: Office, auditor: Client) -> None:
    auditor.post(address(office), fields(step="exclude"))
    made = Exclusion.objects.get()
    neighbour = factories.office(factories.unit(parent=office.unit.parent))
    assert auditor.post(lifting(neighbour, made), {"reason": REASON}).status_code == 404
    assert excluded() == 15


def test_a_form_of_another_site_is_refused(office: Office) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.official(province_of(office), Role.AUDITOR))
    assert client.post(address(office), fields(step="exclude")).status_code == 403
    assert excluded() == 0


def test_what_is_written_cannot_become_markup(office: Office, auditor: Client) -> None:
    evil = "<script>alert(1)</script> đủ dài"
    auditor.post(address(office), fields(reason=evil, step="exclude"))
    page = auditor.get(address(office)).content.decode()
    assert "<script>alert" not in page
    assert evil in unescape(page)


def test_ten_is_the_policys_ten() -> None:
    assert FEWEST_PEOPLE == POLICY.minimum_people == POLICY.batch


def test_an_auditor_who_serves_in_the_office_leaves_nobody_out_there(office: Office) -> None:
    both = factories.official(province_of(office), Role.AUDITOR)
    other = factories.official(province_of(office), Role.AUDITOR)
    factories.official(office, Role.CLERK, account=both)
    client = Client()
    client.force_login(both)
    page = reverse("officials:exclusions", args=[office.slug])
    for answer in (client.get(page), client.post(page, {"step": "exclude"})):
        assert answer.status_code == 403
        assert "Ông/Bà có vai trò tại chính cơ quan này" in answer.content.decode()
        assert other.username in answer.content.decode()
    assert page not in client.get(reverse("officials:office", args=[office.slug])).content.decode()
    assert not Exclusion.objects.exists()
