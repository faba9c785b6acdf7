"""The pages on which somebody above an office decides about floods and levels of evidence."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offices.models import AdministrativeUnit, Membership, Office, Proposal, User
from offices.proposals import approve
from reports.counting.recount import recount
from surveys.floods.bounds import Excess, Rule
from surveys.floods.holding import hold
from surveys.floods.levels import Level, begin_year, level_of
from surveys.models import Evidence, EvidenceLevel, Hold, NewNormal, Response
from tests import factories

pytestmark = pytest.mark.django_db
REASON = "Đã xem xét cùng cơ quan"


@pytest.fixture
def office() -> Office:
    factories.instrument({"A": 2, "B": 1})
    return factories.office(name="Trung tâm phường Hà Tiên")


def held(office: Office, forms: int = 64) -> Hold:
    """Open forms of this morning that stand aside."""
    today = timezone.localdate()
    factories.responses(office, forms, day=today, evidence=Evidence.OPEN)
    excess = Excess(Rule.ARRIVALS, (today,), forms, 11, by_arrival=True)
    made = hold(office.pk, Evidence.OPEN, excess, 3, today, today - timedelta(days=40))
    assert made is not None
    return made


def auditor_of(place: AdministrativeUnit | None) -> User:
    assert place is not None
    return factories.official(place, Membership.Role.AUDITOR)


def test_whoever_decides_sees_tens_and_no_score(client: Client, office: Office) -> None:
    held(office)
    client.force_login(auditor_of(office.unit.parent))
    page = client.get(reverse("officials:floods", args=[office.slug])).content.decode()
    assert "khoảng 60 phiếu (phiếu mở)" in page
    assert "mức cao thường thấy là 11" in page
    assert not re.search(r">[^<]*\b64\b", page), "in no text; a token may hold any letters"
    listed = client.get(reverse("officials:unit_floods", args=[office.unit.parent_id]))
    assert "khoảng 60" in listed.content.decode()


@pytest.mark.parametrize(("decision", "counts"), [("accept", True), ("refuse", False)])
def test_a_decision_holds_for_all_forms_of_it(
    client: Client, office: Office, decision: str, counts: bool
) -> None:
    one = held(office)
    client.force_login(auditor_of(office.unit.parent))
    sent = {"step": "decide", "holds": [one.pk], "decision": decision, "reason": REASON}
    address = reverse("officials:floods", args=[office.slug])
    assert client.post(address, sent).status_code == 302
    assert Response.objects.filter(excluded=False).count() == (64 if counts else 0)
    assert client.post(address, sent).status_code == 422, "decided once"
    (entry,) = factories.acts().filter(action="flood.decided")
    assert entry.details["forms"] == 64


def test_without_a_reason_nothing_is_decided_and_what_was_chosen_stays(
    client: Client, office: Office
) -> None:
    one = held(office)
    client.force_login(auditor_of(office.unit.parent))
    sent = {"step": "decide", "holds": [one.pk], "decision": "refuse", "reason": "x"}
    answer = client.post(reverse("officials:floods", args=[office.slug]), sent)
    assert answer.status_code == 422
    assert "checked" in answer.content.decode()
    assert Hold.objects.get().state == Hold.State.WAITING


def test_who_is_measured_sees_no_such_page(client: Client, office: Office) -> None:
    held(office)
    client.force_login(factories.official(office))
    assert client.get(reverse("officials:floods", args=[office.slug])).status_code == 403
    figures = client.get(reverse("officials:office", args=[office.slug])).content.decode()
    assert reverse("officials:floods", args=[office.slug]) not in figures


def test_at_a_provinces_own_centre_two_persons_decide(client: Client) -> None:
    factories.instrument({"A": 2, "B": 1})
    province = factories.province()
    centre = factories.office(province, kind=Office.Kind.PROVINCIAL_CENTRE)
    one = held(centre)
    client.force_login(auditor_of(province))
    sent = {"step": "decide", "holds": [one.pk], "decision": "accept", "reason": REASON}
    answer = client.post(reverse("officials:floods", args=[centre.slug]), sent)
    proposal = Proposal.objects.get()
    assert answer["Location"] == reverse("officials:proposal", args=[proposal.pk])
    assert Hold.objects.get().state == Hold.State.WAITING
    other = factories.official(province)
    shown = Client()
    shown.force_login(other)
    assert "ít nhất" in shown.get(answer["Location"]).content.decode()
    approve(proposal, other)
    assert Hold.objects.get().state == Hold.State.ACCEPTED


def test_a_campaign_is_announced(client: Client, office: Office) -> None:
    client.force_login(auditor_of(office.unit.parent))
    today = timezone.localdate()
    sent = {
        "step": "announce",
        "evidence": Evidence.OPEN.value,
        "first_day": f"{today:%Y-%m-%d}",
        "last_day": f"{today + timedelta(days=6):%Y-%m-%d}",
        "a_month": "900",
        "reason": REASON,
    }
    address = reverse("officials:floods", args=[office.slug])
    assert client.post(address, {**sent, "a_month": "0"}).status_code == 422
    assert client.post(address, sent).status_code == 302
    assert NewNormal.objects.get().a_month == 900
    assert "900 phiếu một tháng" in client.get(address).content.decode()


def test_the_level_is_set_from_above_and_breaks_the_line(client: Client, office: Office) -> None:
    year = timezone.localdate().year + 1
    address = reverse("officials:levels", args=[office.slug])
    client.force_login(auditor_of(office.unit.parent))
    assert client.get(address).status_code == 403
    client.force_login(factories.official(office.unit.province))
    sent = {"year": year, "level": Level.B.value, "reason": REASON}
    assert client.post(address, sent).status_code == 302
    assert level_of(office.pk, year) == Level.B
    assert "Mức B" in client.get(address).content.decode()
    (entry,) = factories.acts().filter(action="evidence.level")
    assert entry.details == {"before": "C", "level": "B"}


def test_weaker_evidence_counts_in_nothing(office: Office) -> None:
    today = timezone.localdate()
    EvidenceLevel.objects.create(
        office=office, year=today.year, level=Level.B, set_at=timezone.now()
    )
    factories.responses(office, 12, day=today, evidence=Evidence.TABLET)
    factories.responses(office, 15, day=today, evidence=Evidence.OPEN)
    factories.responses(office, 13, day=today)
    recount(office.pk, None, [today])
    assert Response.objects.filter(excluded=True).count() == 28, "by their channel, those of before"


def test_a_level_holds_for_forms_that_are_there_already(client: Client, office: Office) -> None:
    year = timezone.localdate().year + 1
    day = timezone.localdate().replace(year=year, day=5)
    factories.responses(office, 12, day=day, evidence=Evidence.OPEN)
    client.force_login(factories.official(office.unit.province))
    address = reverse("officials:levels", args=[office.slug])
    for level, excluded in ((Level.A, 12), (Level.C, 0)):
        client.post(address, {"year": year, "level": level.value, "reason": REASON})
        assert Response.objects.filter(excluded=True).count() == excluded


def test_whoever_is_measured_sets_neither_level_nor_number(client: Client) -> None:
    factories.instrument({"A": 2, "B": 1})
    province = factories.province()
    centre = factories.office(province, kind=Office.Kind.PROVINCIAL_CENTRE)
    client.force_login(factories.official(province))
    assert client.get(reverse("officials:levels", args=[centre.slug])).status_code == 403
    client.force_login(auditor_of(province))
    sent = {
        "step": "announce",
        "evidence": Evidence.OPEN.value,
        "first_day": f"{timezone.localdate():%Y-%m-%d}",
        "a_month": "90000",
        "reason": REASON,
    }
    answer = client.post(reverse("officials:floods", args=[centre.slug]), sent)
    assert answer.status_code == 422
    assert not NewNormal.objects.exists()


def test_a_year_takes_the_level_of_the_year_before(office: Office) -> None:
    year = timezone.localdate().year
    EvidenceLevel.objects.create(office=office, year=year, level=Level.A, set_at=timezone.now())
    assert begin_year(year + 1) == 1
    assert begin_year(year + 1) == 0
    assert level_of(office.pk, year + 1) == Level.A
