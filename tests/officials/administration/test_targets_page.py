"""Targets are set from above, never for one's own, and stand beside the progress."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Entry
from launch.page import Form
from offices.models import AdministrativeUnit, Membership, Office, User
from offices.rights import Role
from surveys.models import Target
from tests import factories

pytestmark = pytest.mark.django_db
TARGETS = reverse("officials:targets")
REASON = "Kế hoạch số 12/KH-UBND"


@pytest.fixture
def here() -> Office:
    return factories.office(factories.unit(parent=factories.province("An Giang")))


def holding(role: Role, place: Office | AdministrativeUnit) -> User:
    """An account with one role."""
    user = factories.user()
    column = "office" if isinstance(place, Office) else "unit"
    Membership.objects.create(user=user, role=role, **{column: place})
    return user


def browser(user: User) -> Client:
    """Signed in."""
    client = Client()
    client.force_login(user)
    return client


def wish(where: Office | AdministrativeUnit, **given: str) -> dict[str, str]:
    """What is sent."""
    kind = "office" if isinstance(where, Office) else "unit"
    year = str(timezone.localdate().year)
    wanted = {"year": year, "forms": "600", "satisfied": "92,5", "reason": REASON}
    return {"place": f"{kind}:{where.pk}", **wanted, **given}


def test_a_target_is_set_shown_and_kept_in_the_history(here: Office) -> None:
    officer = browser(holding(Role.PROVINCIAL_OFFICER, here.unit.province))
    assert officer.post(TARGETS, wish(here)).status_code == 302
    assert officer.post(TARGETS, wish(here, satisfied="95")).status_code == 302
    assert [one.satisfied for one in Target.objects.order_by("pk")] == [
        *(Decimal("92.5"), Decimal("95")),
    ]
    page = officer.get(TARGETS).content.decode()
    assert "95" in page
    assert "92,5" in page
    entry = Entry.objects.filter(action="target.set").order_by("-pk")[0]
    assert entry.details["was"] == {"forms": 600, "satisfied": "92.5"}
    assert entry.details["now"] == {"forms": 600, "satisfied": "95.0"}
    factories.instrument()
    progress = officer.get(reverse("officials:office_progress", args=[here.slug]))
    assert "Chỉ tiêu năm" in progress.content.decode()


def test_a_target_is_taken_back_by_leaving_it_empty(here: Office) -> None:
    officer = browser(holding(Role.PROVINCIAL_OFFICER, here.unit.province))
    officer.post(TARGETS, wish(here))
    officer.post(TARGETS, wish(here, forms="", satisfied=""))
    factories.instrument()
    progress = officer.get(reverse("officials:office_progress", args=[here.slug]))
    assert "Chỉ tiêu năm" not in progress.content.decode()


def test_nobody_sets_a_target_for_their_own(here: Office) -> None:
    head = browser(holding(Role.OFFICE_HEAD, here))
    assert head.get(TARGETS).status_code == 403
    assert head.post(TARGETS, wish(here)).status_code == 403
    both = holding(Role.PROVINCIAL_OFFICER, here.unit.province)
    Membership.objects.create(user=both, role=Role.CLERK, office=here)
    assert browser(both).post(TARGETS, wish(here)).status_code == 422
    ward = browser(holding(Role.UNIT_OFFICER, here.unit))
    assert ward.post(TARGETS, wish(here.unit)).status_code == 422
    assert not Target.objects.exists()
    assert ward.post(TARGETS, wish(here)).status_code == 302
    above = browser(holding(Role.PROVINCIAL_OFFICER, here.unit.province))
    assert above.post(TARGETS, wish(here.unit)).status_code == 302


def test_nobody_sets_one_elsewhere(here: Office) -> None:
    stranger = browser(holding(Role.PROVINCIAL_OFFICER, factories.province()))
    assert stranger.post(TARGETS, wish(here, search="khong co")).status_code == 422
    assert not Target.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"satisfied": "101"},
        {"satisfied": "92,55"},
        {"satisfied": "NaN"},
        {"forms": "0"},
        {"forms": "-5"},
        {"forms": "99999999999"},
        {"year": "26"},
        {"reason": "vì"},
        {"place": "office:0"},
    ],
)
def test_wrong_input_keeps_what_was_typed(here: Office, wrong: dict[str, str]) -> None:
    officer = browser(holding(Role.COUNTRY_OFFICER, factories.country()))
    for number in range(25):
        factories.office(name=f"Trung tâm {number}")
    sent = wish(here, **wrong)
    answer = officer.post(TARGETS, sent)
    assert answer.status_code == 422
    typed = Form(answer.content.decode()).filled
    assert {name: typed[name] for name in ("year", "forms", "satisfied", "reason")} == {
        name: sent[name] for name in ("year", "forms", "satisfied", "reason")
    }
    assert not Target.objects.exists()
