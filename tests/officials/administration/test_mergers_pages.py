"""The page of mergers: what is entered, what is seen before, what follows when it is approved."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from launch.page import Form
from offices.models import AdministrativeUnit, Office
from reports.models import Score
from surveys.models import Response
from tests import factories
from tests.officials.administration.conftest import Level, Role, commune, signed_in

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
    (entry,) = factories.acts()
    assert entry.action == "merger.proposed"
    call_command("carry_out_merger", str(entry.pk))
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
    assert not factories.acts().exists()


def test_a_commune_of_another_province_cannot_be_chosen(
    officer: Client, an_giang: AdministrativeUnit
) -> None:
    foreign = factories.unit(Level.COMMUNE, factories.province("Cà Mau"))
    page = reverse("officials:merge", args=[an_giang.pk])
    for sent in ({"predecessors": [str(foreign.pk)]}, {"successor": str(foreign.pk)}):
        answer = officer.post(page, {**merger(**sent), "step": "propose"})
        assert answer.status_code == 422
    assert not factories.acts().exists()


def test_the_command_knows_proposals_only(an_giang: AdministrativeUnit) -> None:
    with pytest.raises(CommandError, match="No merger was proposed"):
        call_command("carry_out_merger", "1")
