"""The admin serves offices, counters, procedures, questionnaires and accounts; no answers."""

import re

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from offices.admin import OfficeAdmin
from offices.models import Office
from reports.models import Batch, Score
from surveys.models import Remark, Response
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Client:
    """Signed in as a superuser."""
    client = Client()
    client.force_login(factories.user(is_superuser=True, is_staff=True))
    return client


def test_every_list_and_form_opens_in_vietnamese(administrator: Client) -> None:
    factories.instrument()
    office = factories.office()
    procedure = factories.procedure()
    for model in ("administrativeunit", "office", "field", "procedure", "user", "dossiercount"):
        assert administrator.get(reverse(f"admin:offices_{model}_changelist")).status_code == 200
    assert administrator.get(reverse("admin:surveys_instrument_changelist")).status_code == 200
    for name, key in (("office", office.pk), ("procedure", procedure.pk)):
        page = administrator.get(reverse(f"admin:offices_{name}_change", args=[key]))
        assert page.status_code == 200
    index = administrator.get(reverse("admin:index")).content.decode()
    assert "Bộ phận Một cửa" in index or "bộ phận Một cửa" in index


def test_questionnaires_and_units_cannot_be_changed_there(administrator: Client) -> None:
    made = factories.instrument()
    office = factories.office()
    for name, key in (
        ("surveys_instrument", made.pk),
        ("offices_administrativeunit", office.unit_id),
    ):
        assert administrator.get(reverse(f"admin:{name}_change", args=[key])).status_code == 200
        assert administrator.post(reverse(f"admin:{name}_change", args=[key])).status_code == 403
        assert administrator.post(reverse(f"admin:{name}_delete", args=[key])).status_code == 403
        assert administrator.get(reverse(f"admin:{name}_add")).status_code == 403


def test_a_counter_is_added_with_its_office(administrator: Client) -> None:
    office = factories.office(slug="quay-moi")
    page = reverse("admin:offices_office_change", args=[office.pk])
    fields = {
        "slug": office.slug,
        "name": office.name,
        "kind": office.kind,
        "unit": office.unit_id,
        "today_unit": office.today_unit_id,
        "valid_from": "01/07/2025",
        "counters-TOTAL_FORMS": "1",
        "counters-INITIAL_FORMS": "0",
        "counters-0-number": "1",
        "counters-0-name": "Hộ tịch",
        "counters-0-active": "on",
    }
    assert administrator.post(page, fields).status_code == 302
    assert Office.objects.get(pk=office.pk).counters.get().name == "Hộ tịch"


def test_nobody_merges_or_moves_an_office_there_alone(administrator: Client) -> None:
    office, other = factories.office(), factories.office()
    fields = {
        "slug": "khac",
        "name": "Tên mới",
        "kind": office.kind,
        "unit": other.unit_id,
        "today_unit": other.unit_id,
        "heir": other.pk,
        "predecessors": [other.pk],
        "valid_from": "01/07/2024",
        "valid_to": "01/07/2025",
        "counters-TOTAL_FORMS": "0",
        "counters-INITIAL_FORMS": "0",
    }
    page = administrator.post(reverse("admin:offices_office_change", args=[office.pk]), fields)
    assert page.status_code == 302
    now = Office.objects.get(pk=office.pk)
    assert now.name == "Tên mới"
    for name in OfficeAdmin.decided_elsewhere:
        if name != "predecessors":
            assert getattr(now, name) == getattr(office, name)
    assert not now.predecessors.exists()


def test_an_office_that_is_its_own_heir_gets_a_sentence() -> None:
    office = factories.office()
    office.heir = office
    with translation.override("vi"), pytest.raises(ValidationError) as refused:
        office.full_clean()
    assert "Cơ quan không thể kế thừa chính mình." in refused.value.messages


@pytest.mark.parametrize("model", [Response, Remark, Batch, Score])
def test_answers_are_nowhere_in_the_admin(model: type) -> None:
    assert model not in admin.site._registry


def test_an_official_without_rights_stays_outside() -> None:
    client = Client()
    client.force_login(factories.user())
    assert client.get(reverse("admin:index")).status_code == 302


def test_a_click_at_the_name_sorts_as_vietnamese_readers_expect(administrator: Client) -> None:
    for name in ("Ô Môn", "Đất Đỏ", "Dầu Giây", "Phường 10", "Phường 2"):
        factories.office(factories.unit(name=name), name=name)
    order = ["Dầu Giây", "Đất Đỏ", "Ô Môn", "Phường 2", "Phường 10"]
    for model, key, wanted in (
        ("office", "", order),
        ("office", "?o=-1", order[::-1]),
        ("administrativeunit", "?o=0", [f"Phường {name}" for name in order]),
    ):
        page = administrator.get(reverse(f"admin:offices_{model}_changelist") + key)
        shown = re.findall(r'class="field-called"><a [^>]*>([^<]*)<', page.content.decode())
        assert [name for name in shown if name in wanted] == wanted
