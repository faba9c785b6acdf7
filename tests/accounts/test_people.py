"""Accounts are made, corrected, closed and opened by whoever gives all their roles."""

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client, override_settings
from pytest_django import Settings

from accounts import links, people
from accounts.people import EmailTaken, NameTaken
from audit.models import Entry
from offices.giving import NotGiven, Obstacle
from offices.models import Membership, Office, User
from offices.rights import Role
from tests import factories
from tests.overlapping import held

pytestmark = pytest.mark.django_db
NOWHERE = {
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "EMAIL_HOST": "127.0.0.1",
    "EMAIL_PORT": 1,
    "EMAIL_TIMEOUT": 2,
}


@pytest.fixture
def here() -> Office:
    return factories.office()


@pytest.fixture
def head(here: Office) -> User:
    user = factories.user("truong")
    Membership.objects.create(user=user, role=Role.OFFICE_HEAD, office=here)
    return user


def test_an_invitation_makes_an_account_with_a_role_and_mails_a_link(
    head: User, here: Office, settings: Settings
) -> None:
    settings.EMAIL_HOST = "mail.example.vn"
    sent = people.invite(head, "Nguyễn Văn An", "nguyenvanan", "an@example.vn", Role.CLERK, here)
    assert sent.mailed
    assert sent.person.get_full_name() == "Nguyễn Văn An"
    assert not sent.person.has_usable_password()
    assert list(sent.person.memberships.values_list("role", "office")) == [("clerk", here.pk)]
    (message,) = mail.outbox
    assert message.to == ["an@example.vn"]
    assert [one.action for one in factories.acts().order_by("pk")] == [
        *("account.invited", "role.given", "link.made", "account.invite_link"),
    ]
    assert sent.link not in str(list(Entry.objects.values()))


def test_a_mail_that_cannot_be_sent_leaves_the_account_and_a_link_to_hand_over(
    head: User, here: Office
) -> None:
    with override_settings(**NOWHERE):
        sent = people.invite(head, "An", "an", "an@example.vn", Role.CLERK, here)
    assert not sent.mailed
    assert "/lien-ket/" in sent.link
    assert Client().get(sent.link, follow=True).status_code == 200


def test_nothing_is_made_of_a_role_that_is_not_given(head: User, here: Office) -> None:
    with pytest.raises(NotGiven):
        people.invite(head, "An", "an", "an@example.vn", Role.OFFICE_HEAD, here)
    assert not User.objects.filter(username="an").exists()
    assert mail.outbox == []


def test_names_and_addresses_are_of_one_account(head: User, here: Office) -> None:
    people.invite(head, "An", "an", "An@Example.vn", Role.CLERK, here)
    with pytest.raises(NameTaken):
        people.invite(head, "An", "AN", "", Role.CLERK, here)
    with pytest.raises(EmailTaken):
        people.invite(head, "An", "an2", "an@example.VN", Role.CLERK, here)
    with pytest.raises(ValidationError):
        people.invite(head, "An", "an3", "an@", Role.CLERK, here)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("an4", "AN@example.vn")
    people.invite(head, "Bình", "binh", "", Role.CLERK, here)
    people.invite(head, "Bình", "binh2", "", Role.CLERK, here)  # two without an address


def test_old_accounts_with_one_address_keep_it_and_no_other_joins(head: User, here: Office) -> None:
    for name in ("cu", "cu2"):
        User.objects.create(username=name, email="chung@example.vn", email_shared=True)
    with pytest.raises(EmailTaken):
        people.invite(head, "An", "an", "Chung@example.vn", Role.CLERK, here)


def test_a_free_user_name_is_proposed() -> None:
    assert people.proposed_name("Nguyễn Văn Đạt") == "nguyenvandat"
    factories.user("NguyenVanDat")
    factories.user("nguyenvandat2")
    assert people.proposed_name("Nguyễn Văn Đạt") == "nguyenvandat3"
    assert people.proposed_name("…") == ""
    assert len(people.proposed_name("An " * 100)) <= 30


def test_closing_ends_what_runs_and_reopening_gives_the_roles_back(
    head: User, here: Office
) -> None:
    clerk = factories.user("lan")
    Membership.objects.create(user=clerk, role=Role.CLERK, office=here)
    browser = Client()
    browser.force_login(clerk)
    assert browser.get("/bao-cao/").status_code in (200, 302)
    people.close(head, clerk)
    assert "_auth_user_id" not in browser.session
    clerk.refresh_from_db()
    assert not clerk.is_active
    people.reopen(head, clerk)
    clerk.refresh_from_db()
    assert clerk.is_active
    assert clerk.memberships.count() == 1
    assert [one.action for one in factories.acts().order_by("pk")] == [
        *("account.closed", "account.reopened"),
    ]


def test_a_head_does_not_reset_an_account_that_holds_more(head: User, here: Office) -> None:
    """Else a head lets an officer into the office and signs in with the officer's new password."""
    officer = factories.user()
    Membership.objects.create(user=officer, role=Role.CLERK, office=here)
    Membership.objects.create(user=officer, role=Role.PROVINCIAL_OFFICER, unit=here.unit.province)
    for act in (
        lambda: people.send_again(head, officer, "reset_password"),
        lambda: people.close(head, officer),
        lambda: people.correct(head, officer, "An", "head@example.vn"),
    ):
        with pytest.raises(NotGiven) as refused:
            act()
        assert refused.value.obstacle is Obstacle.ABOVE
    assert mail.outbox == []
    assert set(factories.acts().values_list("outcome", flat=True)) == {"refused"}


def test_the_last_who_manages_accounts_is_not_closed() -> None:
    root = factories.user(is_superuser=True)
    other = factories.user(is_superuser=True)
    factories.country()
    people.close(root, other)
    operator = factories.user()
    Membership.objects.create(user=operator, role=Role.OPERATOR, unit=factories.country())
    User.objects.filter(pk=root.pk).update(is_superuser=False)
    root.refresh_from_db()
    Membership.objects.create(user=root, role=Role.OPERATOR, unit=factories.country())
    people.close(root, operator)
    with pytest.raises(NotGiven) as refused:
        people.close(operator, root)  # closed meanwhile: gives nothing
    assert refused.value.obstacle in (Obstacle.ABOVE, Obstacle.LAST)
    root.refresh_from_db()
    assert root.is_active


def test_a_name_and_an_address_are_corrected(head: User, here: Office) -> None:
    sent = people.invite(head, "Nguyen Van An", "an", "an@exmaple.vn", Role.CLERK, here)
    people.correct(head, sent.person, "Nguyễn Văn An", "an@example.vn")
    sent.person.refresh_from_db()
    assert (sent.person.get_full_name(), sent.person.email) == ("Nguyễn Văn An", "an@example.vn")
    # whoever got the first mail cannot use its link any more
    assert "new_password1" not in Client().get(sent.link, follow=True).content.decode()
    changed = Entry.objects.get(action="account.changed")
    assert changed.details["was"]["email"] == "an@exmaple.vn"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["correct", "send_again"])
def test_whoever_is_given_more_while_one_waits_is_out_of_ones_hands(act: str) -> None:
    """Else an address or a link of the head's choice would open what the province gave."""
    here = factories.office()
    head, clerk = factories.official(here, Role.OFFICE_HEAD), factories.official(here, Role.CLERK)
    province = here.unit.parent
    assert province is not None

    def do() -> Obstacle | None:
        try:
            if act == "correct":
                people.correct(head, clerk, "An", "head@example.vn")
            else:
                people.send_again(head, clerk, "reset_password")
        except NotGiven as refused:
            return refused.obstacle
        return None

    with held(do, before="pg_advisory_xact_lock") as running:
        Membership.objects.create(user=clerk, role=Role.PROVINCIAL_OFFICER, unit=province)
    assert running.result() is Obstacle.ABOVE
    clerk.refresh_from_db()
    assert clerk.email != "head@example.vn"
    assert not clerk.links.exists()
    assert Entry.objects.filter(outcome="refused", subject=clerk.username).exists()


CHOSEN = dict.fromkeys(("new_password", "repeated"), "bảy từ mới hoàn toàn khác")


def path(link: str) -> str:
    return "/lien-ket/" + link.partition("/lien-ket/")[2]


def test_a_link_that_somebody_kept_opens_no_account_that_has_become_more_than_they_give(
    head: User, here: Office
) -> None:
    clerk = people.invite(head, "An", "an", "", Role.CLERK, here).person
    kept = people.send_again(head, clerk, "reset_password")
    found = links.find(path(kept.link).split("/")[2])
    assert found is not None
    Membership.objects.create(user=clerk, role=Role.UNIT_OFFICER, unit=here.unit)
    assert Client().get(path(kept.link)).status_code == 410
    assert Client().post(path(kept.link), CHOSEN).status_code == 410
    assert not links.use(found)  # found a moment before the role was given
    assert not User.objects.get(pk=clerk.pk).has_usable_password()


@pytest.mark.parametrize("how", ["closed", "without the role"])
def test_a_link_ends_with_the_right_of_whoever_made_it(head: User, here: Office, how: str) -> None:
    kept = people.invite(head, "An", "an", "", Role.CLERK, here)
    if how == "closed":
        User.objects.filter(pk=head.pk).update(is_active=False)
    else:
        head.memberships.all().delete()
    assert Client().post(path(kept.link), CHOSEN).status_code == 410
