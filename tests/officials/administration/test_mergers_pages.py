"""The page of mergers: what is entered, what is seen before, what follows when it is approved."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from launch.page import Form
from offices.access import Missing
from offices.changing.merging import Merger
from offices.models import AdministrativeUnit, Membership, Office, Proposal, Succession
from offices.proposals import NotProposed
from reports import mergers
from reports.models import Score
from surveys.models import Response
from tests import factories
from tests.officials.administration.conftest import CHANGE, Level, Role, commune, signed_in

pytestmark = pytest.mark.django_db


def merger(**sent: object) -> dict[str, object]:
    """What the form sends: Tô Châu goes over into Hà Tiên."""
    return {
        "predecessors": [str(commune("30766").pk)],
        "successor": str(commune("30769").pk),
        "effective_on": (timezone.localdate() + timedelta(days=1)).isoformat(),
        "basis": "Nghị quyết 1/NQ-HĐND",
        "reason": "Đã kiểm tra với Sở Nội vụ.",
        **sent,
    }


def test_a_merger_is_looked_at_proposed_and_carried_out(
    officer: Client, an_giang: AdministrativeUnit
) -> None:
    office = Office.objects.get()
    signed_in(Role.OFFICE_HEAD, None, office)
    factories.answer(office, [5, 4])
    page = reverse("officials:merge", args=[an_giang.pk])
    seen = officer.post(page, {**merger(), "step": "preview"}).content.decode()
    assert "Phường Tô Châu" in seen
    assert "office_head" in seen
    assert "Trung tâm Phục vụ hành chính công phường Hà Tiên begins" in seen
    assert Form(seen).filled["basis"] == "Nghị quyết 1/NQ-HĐND"
    assert officer.post(page, {**merger(), "step": "change"}).status_code == 200
    assert officer.post(page, {**merger(), "step": "propose"}).status_code == 302
    assert commune("30766").valid_to is None
    made = Proposal.objects.get()
    assert (made.kind, made.unit, made.reason) == ("merger", an_giang, merger()["reason"])
    waiting = reverse("officials:proposal", args=[made.pk])
    assert "Commune that takes over" in officer.get(waiting).content.decode()
    assert officer.post(waiting, {"step": "approve"}).status_code == 422
    assert commune("30766").valid_to is None
    second = signed_in(Role.PROVINCIAL_OFFICER, an_giang)
    shown = second.get(waiting).content.decode()
    for said in ("Phường Tô Châu (30766)", "Phường Hà Tiên (30769)", "office_head", "Posters"):
        assert said in shown
    assert second.post(waiting, {"step": "approve"}).status_code == 302
    assert "Phường Hà Tiên (30769)" in second.get(waiting).content.decode()
    assert factories.acts().filter(action="merger.carried_out", account_id__isnull=False).exists()
    assert commune("30766").valid_to == timezone.localdate()
    office.refresh_from_db()
    assert office.heir is not None
    assert office.heir.slug == "phuong-ha-tien"
    assert Response.objects.get().office == office
    assert not Score.objects.filter(unit=commune("30766"), map="today").exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"predecessors": []}, "at least one commune"),
        ({"successor": ""}, "describe the new one"),
        ({"successor": "new"}, "what kind of commune"),
        ({"successor": "new", "kind": "xã", "name": "Mới", "code": "12"}, "five digits"),
        ({"effective_on": "2099-01-01"}, "on the eve"),
        ({"effective_on": "2025-07-01"}, "Choose a later day"),
        ({"effective_on": "mai"}, "Give the day"),
        ({"basis": ""}, "Name the resolution"),
        ({"reason": "ok"}, "at least 10 characters"),
    ],
)
def test_an_impossible_merger_comes_back_with_its_reason(
    officer: Client, an_giang: AdministrativeUnit, sent: dict[str, object], said: str
) -> None:
    page = reverse("officials:merge", args=[an_giang.pk])
    for step in ("preview", "propose"):
        answer = officer.post(page, {**merger(**sent), "step": step})
        assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not Proposal.objects.exists()
    assert not factories.acts().exists()


def test_a_commune_of_another_province_cannot_be_chosen(
    officer: Client, an_giang: AdministrativeUnit
) -> None:
    foreign = factories.unit(Level.COMMUNE, factories.province("Cà Mau"))
    page = reverse("officials:merge", args=[an_giang.pk])
    for sent in ({"predecessors": [str(foreign.pk)]}, {"successor": str(foreign.pk)}):
        answer = officer.post(page, {**merger(**sent), "step": "propose"})
        assert answer.status_code == 422
    assert not Proposal.objects.exists()
    assert not factories.acts().exists()


def proposed(officer: Client, place: AdministrativeUnit, **sent: object) -> Proposal:
    """A merger that waits."""
    page = reverse("officials:merge", args=[place.pk])
    assert officer.post(page, {**merger(**sent), "step": "propose"}).status_code == 302
    return Proposal.objects.latest("pk")


def test_the_same_is_proposed_once(officer: Client, an_giang: AdministrativeUnit) -> None:
    proposed(officer, an_giang)
    page = reverse("officials:merge", args=[an_giang.pk])
    answer = officer.post(page, {**merger(), "step": "propose"})
    assert (answer.status_code, "proposed already" in answer.content.decode()) == (422, True)


def an_office_more() -> None:
    factories.office(commune("30766"), slug="to-chau-2", name="Trung tâm thứ hai")


def an_heir_instead() -> None:
    factories.office(commune("30769"), slug="ha-tien", name="Trung tâm Hà Tiên")


def another_name() -> None:
    Office.objects.update(name="Tên khác")


def one_of_the_past() -> None:
    factories.office(
        commune("30766"),
        slug="to-chau-cu",
        valid_from=CHANGE,
        valid_to=CHANGE + timedelta(days=30),
        today_unit=commune("30766"),
    )


def the_commune_is_called_otherwise() -> None:
    AdministrativeUnit.objects.filter(pk=commune("30769").pk).update(name="Tên khác")


@pytest.mark.parametrize(
    "change",
    [
        an_office_more,
        an_heir_instead,
        another_name,
        one_of_the_past,
        the_commune_is_called_otherwise,
    ],
)
def test_what_changed_meanwhile_is_looked_at_again(
    officer: Client, an_giang: AdministrativeUnit, change: Callable[[], None]
) -> None:
    made = proposed(officer, an_giang)
    change()
    second = signed_in(Role.PROVINCIAL_OFFICER, an_giang)
    answer = second.post(reverse("officials:proposal", args=[made.pk]), {"step": "approve"})
    assert (answer.status_code, "When it was proposed" in answer.content.decode()) == (422, True)
    assert commune("30766").valid_to is None
    assert not Succession.objects.exists()
    assert not factories.acts().filter(action="merger.carried_out").exists()


def test_what_is_in_the_way_by_now_is_said(officer: Client, an_giang: AdministrativeUnit) -> None:
    made = proposed(officer, an_giang)
    other = proposed(officer, an_giang, basis="Nghị quyết 2/NQ-HĐND")
    second = signed_in(Role.PROVINCIAL_OFFICER, an_giang)
    for one, status in ((made, 302), (other, 422)):
        page = reverse("officials:proposal", args=[one.pk])
        assert second.post(page, {"step": "approve"}).status_code == status
    assert "ended on" in second.get(page).content.decode()
    assert Succession.objects.get().legal_basis == "Nghị quyết 1/NQ-HĐND"


def test_a_province_merges_its_own_communes_only(
    officer: Client, an_giang: AdministrativeUnit
) -> None:
    """Whatever the page offers: the step itself asks."""
    other = factories.province("Cà Mau")
    by = factories.user()
    Membership.objects.create(user=by, role=Role.PROVINCIAL_OFFICER, unit=other)
    wish = Merger(
        (commune("30766").pk,), commune("30769").pk, None, timezone.localdate(), "Nghị quyết"
    )
    with translation.override("en"), pytest.raises(NotProposed, match="another province"):
        mergers.propose(other, wish, by, "Đã kiểm tra với Sở")
    with pytest.raises(Missing):
        mergers.propose(an_giang, wish, by, "Đã kiểm tra với Sở")
    assert not Proposal.objects.exists()


def test_without_a_second_person_the_operator_does_it(
    officer: Client, an_giang: AdministrativeUnit
) -> None:
    made = proposed(officer, an_giang)
    call_command("approve", str(made.pk), reason="Tỉnh chỉ có một cán bộ")
    assert commune("30766").valid_to == timezone.localdate()
