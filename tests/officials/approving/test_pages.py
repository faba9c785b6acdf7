"""The pages of two persons: what each sees, and what exclusions and questionnaires do there."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offices import proposals
from offices.access import Missing
from offices.models import AdministrativeUnit, Membership, Office, Proposal, User
from offices.proposals import CannotCarryOut, NotProposed
from officials.approving.questionnaires import propose_state
from reports.models import Night
from surveys.models import Exclusion, Instrument
from surveys.questionnaires.live import DEFAULT, LIVE, RETIRED
from surveys.questionnaires.load import load_instruments
from tests import factories
from tests.officials.two import client_of, holder

pytestmark = pytest.mark.django_db
Role = Membership.Role
State = Proposal.State
TODAY = timezone.localdate()
LAST_MONTH = TODAY.replace(day=1) - timedelta(days=1)
WAITING = "/bao-cao/cho-duyet/"
WHY = "Một người trả lời nhiều lần"


@pytest.fixture
def province() -> AdministrativeUnit:
    """A province whose last month is closed."""
    factories.instrument({"A": 2, "B": 1})
    now = timezone.now()
    Night.objects.create(day=LAST_MONTH, began_at=now, closed_at=now)
    return factories.province("An Giang", code="91")


@pytest.fixture
def office(province: AdministrativeUnit) -> Office:
    return factories.office(factories.unit(parent=province), slug="phuong-ha-tien")


def leave_out(client: Client, office: Office, day: date) -> tuple[int, str]:
    """What the auditor reads after confirming."""
    address = reverse("officials:exclusions", args=[office.slug])
    rule = {"first_day": day, "last_day": day, "reason": WHY, "step": "exclude"}
    answer = client.post(address, rule, follow=True)
    return answer.status_code, answer.content.decode()


def people(office: Office, day: date, number: int = 12) -> None:
    for _ in range(number):
        factories.answer(office, [5, 4, 1], now=factories.at(day))


def newest() -> str:
    return f"{WAITING}{Proposal.objects.latest('pk').pk}/"


def test_in_an_open_month_an_exclusion_is_one_auditors_act(office: Office) -> None:
    people(office, TODAY)
    auditor = client_of(holder(office.unit.province, Role.AUDITOR))
    assert leave_out(auditor, office, TODAY)[0] == 200
    assert Exclusion.objects.count() == 1
    assert not Proposal.objects.exists()


def test_in_a_closed_month_an_exclusion_and_its_lifting_need_two(office: Office) -> None:
    people(office, LAST_MONTH)
    who = holder(office.unit.province, Role.AUDITOR)
    auditor = client_of(who)
    status, html = leave_out(auditor, office, LAST_MONTH)
    assert status == 200
    assert "khóa sổ" in html
    assert not Exclusion.objects.exists()
    assert auditor.post(newest(), {"step": "approve"}).status_code == 422
    officer = client_of(holder(office.unit.province, Role.PROVINCIAL_OFFICER))
    assert officer.post(newest(), {"step": "approve"}).status_code == 302
    made = Exclusion.objects.get()
    assert made.made_by == who
    lifting = reverse("officials:lift_exclusion", args=[office.slug, made.pk])
    auditor.post(lifting, {"reason": "Nhầm máy tính bảng"})
    made.refresh_from_db()
    assert made.lifted_at is None
    assert officer.post(newest(), {"step": "approve"}).status_code == 302
    made.refresh_from_db()
    assert made.lifted_at is not None


def test_an_auditor_who_is_none_any_more_leaves_nothing_out(office: Office) -> None:
    people(office, LAST_MONTH)
    who = holder(office.unit.province, Role.AUDITOR)
    leave_out(client_of(who), office, LAST_MONTH)
    who.memberships.all().delete()
    officer = holder(office.unit.province, Role.PROVINCIAL_OFFICER)
    with pytest.raises(CannotCarryOut):
        proposals.approve(Proposal.objects.get(), officer)
    assert not Exclusion.objects.exists()


def test_each_sees_what_waits_for_them_and_nothing_beside(office: Office) -> None:
    people(office, LAST_MONTH)
    auditor = client_of(holder(office.unit.province, Role.AUDITOR))
    leave_out(auditor, office, LAST_MONTH)
    assert f'href="{newest()}"' in auditor.get(WAITING).content.decode()
    assert "Không có đề nghị nào chờ Ông/Bà" in auditor.get(WAITING).content.decode()
    officer = client_of(holder(office.unit.province, Role.PROVINCIAL_OFFICER))
    page = officer.get(WAITING).content.decode()
    assert f'href="{newest()}"' in page
    assert "Không có đề nghị nào chờ Ông/Bà" not in page
    stranger = client_of(holder(factories.province(), Role.PROVINCIAL_OFFICER))
    assert newest() not in stranger.get(WAITING).content.decode()
    for step in ("approve", "refuse", "withdraw", ""):
        assert stranger.post(newest(), {"step": step}).status_code == 404
    clerk = client_of(holder(office, Role.CLERK))
    assert clerk.get(WAITING).status_code == 403
    assert clerk.get(newest()).status_code == 404
    assert Client().get(newest()).status_code == 302
    officer.post(newest(), {"step": "refuse", "reason": "Chưa đủ căn cứ"})
    assert "Chưa đủ căn cứ" in auditor.get(newest()).content.decode()
    assert "người thứ hai đã từ chối" in auditor.get(WAITING).content.decode()
    assert newest() not in stranger.get(WAITING).content.decode()


def test_a_proposal_is_withdrawn_by_whoever_made_it(office: Office) -> None:
    people(office, LAST_MONTH)
    auditor = client_of(holder(office.unit.province, Role.AUDITOR))
    leave_out(auditor, office, LAST_MONTH)
    auditor.post(newest(), {"step": "withdraw"})
    assert Proposal.objects.get().state == State.WITHDRAWN
    officer = client_of(holder(office.unit.province, Role.PROVINCIAL_OFFICER))
    answer = officer.post(newest(), {"step": "approve"})
    assert answer.status_code == 422
    assert "đã rút" in answer.content.decode()
    assert not Exclusion.objects.exists()


@pytest.fixture
def two() -> tuple[User, User]:
    """Two officers of the country."""
    load_instruments()
    country = factories.country()
    return holder(country, Role.COUNTRY_OFFICER), holder(country, Role.COUNTRY_OFFICER)


def test_two_put_a_questionnaire_into_use_and_its_file_does_not_undo_that(
    two: tuple[User, User],
) -> None:
    one, other = two
    old = Instrument.objects.get(is_default=True)
    found = Instrument.objects.filter(offered=False).first()
    assert found is not None
    made = propose_state(found, DEFAULT, one, "Phiếu mới của Bộ Nội vụ")
    page = client_of(other).get(f"{WAITING}{made.pk}/").content.decode()
    assert found.slug in page
    with pytest.raises(proposals.NotDecided):
        proposals.approve(made, one)
    assert Instrument.objects.get(is_default=True) == old
    proposals.approve(made, other)
    load_instruments()
    assert Instrument.objects.get(is_default=True) == found
    with pytest.raises(NotProposed):
        propose_state(found, RETIRED, one, "Không dùng nữa đâu")
    old.refresh_from_db()
    back = propose_state(old, DEFAULT, one, "Quay lại phiếu cũ")
    retired = propose_state(
        Instrument.objects.exclude(pk__in=[old.pk, found.pk]).filter(offered=True)[0],
        RETIRED,
        one,
        "Không dùng nữa đâu",
    )
    proposals.approve(retired, other)
    proposals.approve(back, other)
    load_instruments()
    assert Instrument.objects.get(is_default=True) == old
    slug, version = retired.payload["instrument"]
    assert not Instrument.objects.get(slug=slug, version=version).offered


def test_a_questionnaire_that_was_changed_meanwhile_is_looked_at_again(
    two: tuple[User, User],
) -> None:
    one, other = two
    found = Instrument.objects.filter(offered=False)[0]
    made = propose_state(found, LIVE, one, "Phiếu mới của Bộ Nội vụ")
    Instrument.objects.filter(pk=found.pk).update(content_hash="khác")
    with pytest.raises(proposals.ChangedMeanwhile):
        proposals.approve(made, other)


def test_a_kind_that_is_no_more_can_be_read_and_not_approved(two: tuple[User, User]) -> None:
    one, other = two
    first = Instrument.objects.filter(offered=False)[0]
    made = propose_state(first, LIVE, one, "Phiếu mới của Bộ Nội vụ")
    known = proposals.KINDS.pop(made.kind)
    try:
        page = client_of(holder(factories.country(), Role.AUDITOR)).get(f"{WAITING}{made.pk}/")
        assert page.status_code == 200
        with pytest.raises((CannotCarryOut, Missing)):
            proposals.approve(made, other)
    finally:
        proposals.register(known)
    first.refresh_from_db()
    assert not first.offered


def test_nothing_can_be_proposed_that_nobody_carries_out() -> None:
    """A kind stands in the list only together with what it does."""
    assert {name for name, kind in proposals.KINDS.items() if kind.carry_out is None} == set()
    assert {"merger", "questionnaire", "questionnaire_state", "release"} <= proposals.KINDS.keys()
    assert "policy" not in proposals.KINDS
