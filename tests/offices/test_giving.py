"""Nobody gives what their own role does not give away, outside what they hold, or to themselves."""

import threading

import pytest
from django.db import connection, connections

from offices.giving import (
    NotGiven,
    Obstacle,
    give,
    obstacle_to_acting_on,
    obstacle_to_taking,
    roles_given_by,
    scopes_given_by,
    seen_people,
    take,
)
from offices.models import AdministrativeUnit, Membership, Office, User
from offices.names import plain
from offices.rights import Role, Scope
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Office:
    return factories.office(name="Trung tâm Hà Tiên")


def holding(role: Role, place: Office | AdministrativeUnit) -> User:
    """An account with one role."""
    user = factories.user()
    column = "office" if isinstance(place, Office) else "unit"
    Membership.objects.create(user=user, role=role, **{column: place})
    return user


def why_not(by: User, to: User, role: Role, place: Office | AdministrativeUnit) -> Obstacle | None:
    """Why the role is not given; None if it was."""
    try:
        give(by, to, role, place)
    except NotGiven as refused:
        return refused.obstacle
    return None


def test_a_head_gives_clerks_of_the_own_office_and_nothing_else(here: Office) -> None:
    head, colleague = holding(Role.OFFICE_HEAD, here), factories.user()
    elsewhere = factories.office()
    assert roles_given_by(head) == [Role.CLERK]
    assert why_not(head, colleague, Role.CLERK, here) is None
    assert why_not(head, colleague, Role.CLERK, here) is Obstacle.HELD
    assert why_not(head, colleague, Role.CLERK, elsewhere) is Obstacle.OUTSIDE
    assert why_not(head, colleague, Role.OFFICE_HEAD, here) is Obstacle.NOT_YOURS
    assert why_not(head, head, Role.CLERK, here) is Obstacle.SELF
    assert list(colleague.memberships.values_list("role", flat=True)) == [Role.CLERK]


def test_no_role_is_given_where_it_may_not_be_held(here: Office) -> None:
    officer = holding(Role.PROVINCIAL_OFFICER, here.unit.province)
    person = factories.user()
    assert why_not(officer, person, Role.OFFICE_HEAD, here.unit.province) is Obstacle.WRONG_SCOPE
    assert why_not(officer, person, Role.PROVINCIAL_OFFICER, here) is Obstacle.WRONG_SCOPE
    assert why_not(officer, person, Role.OPERATOR, factories.country()) is Obstacle.NOT_YOURS
    assert why_not(officer, person, Role.AUDITOR, here.unit.province) is Obstacle.NOT_YOURS
    assert why_not(officer, person, Role.ANALYST, factories.country()) is Obstacle.OUTSIDE
    assert not person.memberships.exists()


def test_a_role_gives_only_with_the_place_where_it_is_held(here: Office) -> None:
    """Head here and officer of another unit: not an officer's giving here."""
    both = holding(Role.OFFICE_HEAD, here)
    Membership.objects.create(user=both, role=Role.UNIT_OFFICER, unit=factories.office().unit)
    assert why_not(both, factories.user(), Role.OFFICE_HEAD, here) is Obstacle.OUTSIDE


def test_a_closed_account_neither_gives_nor_gets(here: Office) -> None:
    head, person = holding(Role.OFFICE_HEAD, here), factories.user()
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert why_not(head, person, Role.CLERK, here) is Obstacle.CLOSED
    User.objects.filter(pk=person.pk).update(is_active=True)
    User.objects.filter(pk=head.pk).update(is_active=False)
    # `head` was read when the account was open
    assert why_not(head, person, Role.CLERK, here) is Obstacle.NOT_YOURS


def test_even_a_superuser_gives_nothing_to_themselves() -> None:
    root = factories.user(is_superuser=True)
    assert why_not(root, root, Role.OPERATOR, factories.country()) is Obstacle.SELF
    assert why_not(root, factories.user(), Role.OPERATOR, factories.country()) is None


def test_somebody_who_manages_accounts_is_left() -> None:
    land = factories.country()
    first, second = holding(Role.COUNTRY_OFFICER, land), holding(Role.OPERATOR, land)
    take(second, first.memberships.get().pk)
    third = holding(Role.COUNTRY_OFFICER, factories.province())  # gives nothing there
    with pytest.raises(NotGiven) as refused:
        take(third, second.memberships.get().pk)
    assert refused.value.obstacle is Obstacle.NOT_YOURS
    auditor = holding(Role.AUDITOR, land)
    take(second, auditor.memberships.get().pk)
    assert list(Membership.objects.exclude(user=third).values_list("user", flat=True)) == [
        second.pk
    ]


def test_nobody_but_the_operator_chooses_the_auditor_of_what_they_hold(here: Office) -> None:
    land, province = factories.country(), here.unit.province
    officer, operator = holding(Role.COUNTRY_OFFICER, land), holding(Role.OPERATOR, land)
    person, auditor = factories.user(), holding(Role.AUDITOR, land)
    assert why_not(officer, person, Role.AUDITOR, land) is Obstacle.NOT_YOURS
    assert why_not(officer, person, Role.AUDITOR, province) is None
    assert why_not(operator, person, Role.AUDITOR, land) is None
    assert obstacle_to_taking(officer, auditor.memberships.get()) is Obstacle.NOT_YOURS
    assert obstacle_to_taking(operator, auditor.memberships.get()) is None
    assert obstacle_to_acting_on(officer, auditor) is Obstacle.ABOVE
    assert obstacle_to_acting_on(officer, holding(Role.AUDITOR, province)) is None
    below = scopes_given_by(officer, Role.AUDITOR)
    assert below
    assert scopes_given_by(operator, Role.AUDITOR) == [Scope.COUNTRY, *below]


def test_the_whole_account_is_only_for_who_gives_all_its_roles(here: Office) -> None:
    head, both = holding(Role.OFFICE_HEAD, here), holding(Role.CLERK, here)
    assert obstacle_to_acting_on(head, both) is None
    Membership.objects.create(user=both, role=Role.PROVINCIAL_OFFICER, unit=here.unit.province)
    assert obstacle_to_acting_on(head, both) is Obstacle.ABOVE
    assert obstacle_to_acting_on(head, head) is Obstacle.SELF
    root = factories.user(is_superuser=True)
    operator = holding(Role.OPERATOR, factories.country())
    assert obstacle_to_acting_on(operator, root) is Obstacle.ABOVE
    assert obstacle_to_acting_on(root, operator) is None


def test_who_is_seen(here: Office) -> None:
    head = holding(Role.OFFICE_HEAD, here)
    clerk, stranger = holding(Role.CLERK, here), holding(Role.CLERK, factories.office())
    without = factories.user()
    officer = holding(Role.PROVINCIAL_OFFICER, here.unit.province)
    everybody = {head, clerk, stranger, without, officer}
    assert set(User.objects.filter(seen_people(head))) == {head, clerk}
    assert set(User.objects.filter(seen_people(officer))) == {head, clerk, officer}
    assert set(User.objects.filter(seen_people(clerk))) == set()
    operator = holding(Role.OPERATOR, factories.country())
    assert set(User.objects.filter(seen_people(operator))) == {*everybody, operator}


def test_acts_and_refusals_are_recorded(here: Office) -> None:
    head, person = holding(Role.OFFICE_HEAD, here), factories.user("lan")
    give(head, person, Role.CLERK, here)
    take(head, person.memberships.get().pk)
    why_not(head, head, Role.CLERK, here)
    found = (
        factories.acts()
        .order_by("pk")
        .values_list("action", "outcome", "subject", "account_id", "office_id")
    )
    assert list(found) == [
        ("role.given", "done", "lan", head.pk, here.pk),
        ("role.taken", "done", "lan", head.pk, here.pk),
        ("role.given", "refused", head.username, head.pk, here.pk),
    ]
    assert factories.acts().order_by("pk")[0].details["now"] == Role.CLERK


@pytest.mark.parametrize("text", ["Nguyễn Văn Đức", "ĐẶNG THỊ Ở", "Phường Hà Tiên", "M'Drắk 2"])
def test_the_database_searches_as_we_do(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT offices_plain(%s)", [text])
        assert cursor.fetchone() == (plain(text),)


class Threads:
    """Acts that begin together, each on a connection of its own; what each raised."""

    def __init__(self) -> None:
        self.raised: list[BaseException] = []

    def run(self, *acts: object) -> None:
        """Runs them and waits."""
        start = threading.Barrier(len(acts))

        def one(act: object) -> None:
            try:
                start.wait(10)
                assert callable(act)
                act()
            except Exception as error:
                self.raised.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)


@pytest.fixture
def threads() -> Threads:
    return Threads()


@pytest.mark.django_db(transaction=True)
def test_two_who_take_each_others_role_at_once_leave_one(threads: Threads) -> None:
    land = factories.country()
    for _ in range(5):
        Membership.objects.all().delete()
        first, second = holding(Role.OPERATOR, land), holding(Role.OPERATOR, land)
        threads.raised.clear()
        mine, yours = first.memberships.get().pk, second.memberships.get().pk
        threads.run(lambda: take(first, yours), lambda: take(second, mine))  # noqa: B023
        assert Membership.objects.count() == 1
        assert len(threads.raised) == 1
        assert isinstance(threads.raised[0], NotGiven)


@pytest.mark.django_db(transaction=True)
def test_two_who_give_the_same_role_at_once_give_it_once(threads: Threads) -> None:
    here = factories.office()
    first, second = holding(Role.OFFICE_HEAD, here), holding(Role.OFFICE_HEAD, here)
    person = factories.user()
    threads.run(
        lambda: give(first, person, Role.CLERK, here),
        lambda: give(second, person, Role.CLERK, here),
    )
    assert person.memberships.count() == 1
    assert [str(error) for error in threads.raised] == ["held"]
