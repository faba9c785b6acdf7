"""The pages of people: who is listed, what may be done, and what whoever is refused reads."""

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from audit.models import Entry
from launch.page import Form
from offices.addresses import public_url
from offices.models import Membership, Office, User
from offices.rights import Role
from tests import factories
from tests.accounts.test_people import NOWHERE

pytestmark = pytest.mark.django_db
LIST = reverse("officials:people")
INVITE = reverse("officials:people_invite")


@pytest.fixture
def here() -> Office:
    ward = factories.unit(parent=factories.province("An Giang"), name="Hà Tiên")
    return factories.office(ward, name="Trung tâm Hà Tiên", slug="ha-tien")


def browser(role: Role, here: Office, *, of_unit: bool = False) -> Client:
    """The browser of somebody with a role in the office, or in its province."""
    user = factories.user(last_name="Trần Thị Trưởng")
    place = {"unit": here.unit.province} if of_unit else {"office": here}
    Membership.objects.create(user=user, role=role, **place)
    client = Client()
    client.force_login(user)
    return client


def colleague(here: Office, name: str = "Nguyễn Văn An", role: Role = Role.CLERK) -> User:
    """An account in the office."""
    user = factories.user(last_name=name)
    Membership.objects.create(user=user, role=role, office=here)
    return user


def page_of(person: User) -> str:
    """The address of the page of an account."""
    return reverse("officials:person", args=[person.pk])


def test_a_stranger_reads_nothing(here: Office) -> None:
    assert Client().get(LIST).status_code == 302
    assert browser(Role.CLERK, here).get(LIST).status_code == 403
    assert browser(Role.CLERK, here).get(INVITE).status_code == 403
    head = browser(Role.OFFICE_HEAD, here)
    elsewhere = colleague(factories.office())
    for answer in (
        head.get(page_of(elsewhere)),
        head.post(page_of(elsewhere), {"step": "close"}),
        head.post(page_of(factories.user()), {"step": "reset_password"}),
    ):
        assert answer.status_code == 404
    elsewhere.refresh_from_db()
    assert elsewhere.is_active


def test_the_list_is_searched_without_diacritics_and_filtered(here: Office) -> None:
    head = browser(Role.OFFICE_HEAD, here)
    colleague(here, "Nguyễn Văn Đức")
    closed = colleague(here, "Lê Thị Bưởi")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    assert "Nguyễn Văn Đức" in head.get(LIST, {"tim": "duc nguyen"}).content.decode()
    assert "Nguyễn Văn Đức" not in head.get(LIST, {"tim": "duc le"}).content.decode()
    assert "Nguyễn Văn Đức" not in head.get(LIST, {"vai-tro": "office_head"}).content.decode()
    assert "Lê Thị Bưởi" not in head.get(LIST).content.decode()
    assert "Lê Thị Bưởi" in head.get(LIST, {"dong": "1"}).content.decode()


def test_the_list_asks_as_often_for_one_as_for_many(here: Office) -> None:
    head = browser(Role.OFFICE_HEAD, here)
    for _ in range(30):
        colleague(here)
    with CaptureQueriesContext(connection) as asked:
        head.get(LIST)
    assert len(asked) <= 16


@pytest.fixture
def mails(settings: Settings, mailoutbox: list[object]) -> list[object]:
    """What was mailed; a mail server is named."""
    settings.EMAIL_HOST = "mail.example.vn"
    return mailoutbox


def test_a_head_invites_a_clerk_of_the_only_place(here: Office, mails: list[object]) -> None:
    head = browser(Role.OFFICE_HEAD, here)
    form = Form(head.get(INVITE, {"office": "ha-tien"}).content.decode())
    sent = {**form.filled, "full_name": "Phạm  Thị Hoà", "email": "hoa@example.vn"}
    answer = head.post(INVITE, {**sent, "role": "clerk", "step": "invite"})
    assert answer.status_code == 200
    made = User.objects.get(username="phamthihoa")
    assert made.get_full_name() == "Phạm Thị Hoà"
    assert made.memberships.get().office == here
    assert "hoa@example.vn" in answer.content.decode()
    assert "/lien-ket/" not in answer.content.decode()
    assert len(mails) == 1


def test_a_mail_that_cannot_be_sent_is_shown_with_the_link(here: Office) -> None:
    head = browser(Role.OFFICE_HEAD, here)
    with override_settings(**NOWHERE):
        answer = head.post(
            INVITE,
            {"full_name": "An", "email": "an@example.vn", "role": "clerk", "step": "invite"},
        )
    assert answer.status_code == 200
    assert public_url("/lien-ket/") in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_what_was_typed_stays(here: Office) -> None:
    officer = browser(Role.PROVINCIAL_OFFICER, here, of_unit=True)
    typed = {"full_name": "Phạm Thị Hoà", "email": "hoa@", "username": "x y", "role": "clerk"}
    place = f"office:{here.pk}"
    answer = officer.post(INVITE, {**typed, "search": "khong co", "place": place})
    assert answer.status_code == 422
    form = Form(answer.content.decode())
    assert {name: form.filled[name] for name in typed} == typed
    assert form.filled["place"] == place
    searched = officer.post(INVITE, {**typed, "search": "ha tien an giang", "step": "search"})
    assert searched.status_code == 200
    assert Form(searched.content.decode()).filled["full_name"] == "Phạm Thị Hoà"
    assert "tỉnh An Giang" in searched.content.decode() or "Tỉnh An Giang" in (
        searched.content.decode()
    )


def test_searching_proposes_a_user_name(here: Office) -> None:
    officer = browser(Role.PROVINCIAL_OFFICER, here, of_unit=True)
    typed = {"full_name": "Phạm Thị Hoà", "search": "ha tien", "step": "search"}
    form = Form(officer.post(INVITE, typed).content.decode())
    assert form.filled["username"] == "phamthihoa"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"role": "office_head"}, "không có quyền giao vai trò này"),
        ({"role": "king"}, "Xin chọn một trong các vai trò"),
        ({"role": "clerk", "place": "office:999999999"}, "rồi chọn một trong số"),
        ({"role": "clerk", "place": "office:99999999999999999999"}, "rồi chọn một trong số"),
        ({"role": "clerk", "place": "unit:\u0663"}, "rồi chọn một trong số"),
    ],
)
def test_a_forged_choice_makes_nothing(here: Office, given: dict[str, str], said: str) -> None:
    head = browser(Role.OFFICE_HEAD, here)
    answer = head.post(INVITE, {"full_name": "An", "step": "invite", **given})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not User.objects.filter(username="an").exists()


def test_roles_are_given_and_taken(here: Office) -> None:
    officer = browser(Role.PROVINCIAL_OFFICER, here, of_unit=True)
    person = colleague(here)
    given = {"step": "give", "role": "unit_officer", "place": f"unit:{here.unit.pk}"}
    assert officer.post(page_of(person), given).status_code == 302
    assert person.memberships.count() == 2
    again = officer.post(page_of(person), given)
    assert again.status_code == 422
    assert "đã giữ vai trò này" in again.content.decode()
    wrong = officer.post(page_of(person), {**given, "place": f"office:{here.pk}"})
    assert wrong.status_code == 422
    for held in person.memberships.all():
        officer.post(page_of(person), {"step": "take", "role": held.pk})
    assert not person.memberships.exists()


def test_whoever_loses_the_last_role_here_leaves_the_list(here: Office) -> None:
    head, person = browser(Role.OFFICE_HEAD, here), colleague(here)
    taken = {"step": "take", "role": person.memberships.get().pk}
    answer = head.post(page_of(person), taken)
    assert answer.headers["Location"] == LIST


def test_a_role_of_another_person_is_not_taken_through_this_one(here: Office) -> None:
    head, person = browser(Role.OFFICE_HEAD, here), colleague(here)
    other = colleague(here, role=Role.OFFICE_HEAD)
    answer = head.post(page_of(person), {"step": "take", "role": other.memberships.get().pk})
    assert answer.status_code == 404
    assert other.memberships.count() == 1


def test_nobody_changes_themselves(here: Office) -> None:
    head = browser(Role.OFFICE_HEAD, here)
    itself = User.objects.get(pk=head.session["_auth_user_id"])
    page = head.get(page_of(itself)).content.decode()
    assert 'value="give"' not in page
    for step in ("close", "reset_password", "correct"):
        sent = {"step": step, "full_name": "X", "email": ""}
        assert head.post(page_of(itself), sent).status_code == 403
    held = itself.memberships.get()
    assert head.post(page_of(itself), {"step": "take", "role": held.pk}).status_code == 403
    given = {"step": "give", "role": "clerk", "place": f"office:{here.pk}"}
    assert head.post(page_of(itself), given).status_code == 422
    itself.refresh_from_db()
    assert itself.is_active
    assert itself.memberships.get() == held


def test_a_link_is_made_once_more(here: Office, mails: list[object]) -> None:
    head, person = browser(Role.OFFICE_HEAD, here), colleague(here)
    User.objects.filter(pk=person.pk).update(email="an@example.vn")
    answer = head.post(page_of(person), {"step": "reset_second_factor"})
    assert answer.status_code == 200
    assert len(mails) == 1


def test_an_account_is_corrected_and_the_error_keeps_what_was_typed(here: Office) -> None:
    head, person = browser(Role.OFFICE_HEAD, here), colleague(here)
    factories.user(email="co@example.vn")
    typed = {"step": "correct", "full_name": "Nguyễn Văn Ân", "email": "CO@example.vn"}
    answer = head.post(page_of(person), typed)
    assert answer.status_code == 422
    assert Form(answer.content.decode()).filled["email"] == "CO@example.vn"
    assert head.post(page_of(person), {**typed, "email": "an@example.vn"}).status_code == 302
    person.refresh_from_db()
    assert (person.get_full_name(), person.email) == ("Nguyễn Văn Ân", "an@example.vn")


@pytest.mark.parametrize("wanted", [Role.OFFICE_HEAD, Role.AUDITOR])
def test_whoever_asks_for_more_than_they_give_stands_in_the_audit(
    here: Office, wanted: Role
) -> None:
    """The form does not offer it; whoever sends it all the same is refused, and it is recorded."""
    officer, clerk = factories.official(here.unit), colleague(here)
    client = Client()
    client.force_login(officer)
    place = f"unit:{here.unit_id}" if wanted == Role.AUDITOR else f"office:{here.pk}"
    sent = {"role": wanted, "place": place}
    itself = client.post(page_of(officer), {"step": "give", **sent})
    assert itself.status_code == 422
    refused = Entry.objects.filter(outcome="refused", account_id=officer.pk).order_by("pk")
    assert [(one.action, one.subject) for one in refused] == [("role.given", officer.username)]
    if wanted == Role.AUDITOR:  # a head is theirs to give to others
        invited = {"full_name": "An", "username": "an", **sent}
        assert client.post(page_of(clerk), {"step": "give", **sent}).status_code == 422
        assert client.post(INVITE, {"step": "invite", **invited}).status_code == 422
        told = [
            (one.action, one.subject, one.details["role"], one.unit_id) for one in refused.all()[1:]
        ]
        here_too = (wanted, here.unit_id)
        assert told == [
            ("role.given", clerk.username, *here_too),
            ("account.invited", "an", *here_too),
        ]
    assert clerk.memberships.count() == officer.memberships.count() == 1
    assert not User.objects.filter(username="an").exists()
