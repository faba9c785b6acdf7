"""What officials read who are refused or find nothing: what is missing, whom to ask, the way on."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from offices.models import Membership, Office, User
from offices.rights import Action, Role
from officials.refusals import givers
from tests import factories

pytestmark = pytest.mark.django_db
MAIN = re.compile(r"<main.*</main>", re.DOTALL)  # without the token of signing out


@pytest.fixture
def office() -> Office:
    factories.instrument({"A": 2, "B": 1})
    return factories.office(name="Trung tâm Tô Châu")


def named(name: str) -> User:
    return factories.user(last_name=name)


def asked(user: User | None, address: str, **headers: str) -> tuple[int, str]:
    client = Client()
    if user is not None:
        client.force_login(user)
    answer = client.get(address, headers=headers)
    return answer.status_code, unescape(answer.content.decode())


def exclusions(office: Office) -> str:
    return reverse("officials:exclusions", args=[office.slug])


def test_whoever_is_refused_reads_which_right_is_missing_and_who_gives_it(office: Office) -> None:
    country = factories.country()
    factories.official(country, Role.OPERATOR, account=named("Lê Vận Hành"))
    factories.official(office.unit, account=named("Trần Của Phường"))
    closed = factories.official(country, account=named("Đỗ Đã Nghỉ"))
    User.objects.filter(pk=closed.pk).update(is_active=False)
    status, page = asked(factories.official(office), exclusions(office))
    assert status == 403
    assert "loại phiếu khỏi kết quả tính" in page
    assert office.name in page
    assert "Người kiểm tra, thanh tra" in page
    assert "Lê Vận Hành" in page
    assert "Trần Của Phường" not in page  # gives no auditors
    assert "Đỗ Đã Nghỉ" not in page
    assert reverse("officials:home") in page


def test_it_is_written_down(office: Office) -> None:
    asked(factories.official(office), exclusions(office))
    entry = Entry.objects.get(action="access.refused")
    assert (entry.outcome, entry.office_id) == (Entry.Outcome.REFUSED, office.pk)
    assert entry.details["right"] == Action.EXCLUDE.value


def test_what_is_not_there_and_what_is_of_others_read_the_same(office: Office) -> None:
    head, other = factories.official(office), factories.office(name="Trung tâm của người khác")
    factories.official(other.unit, account=named("Người Của Nơi Khác"))
    factories.official(office.unit, account=named("Trần Của Phường"))
    theirs = asked(head, reverse("officials:office", args=[other.slug]))
    nobodys = asked(head, reverse("officials:office", args=["khong-co"]))
    assert theirs[0] == nobodys[0] == 404
    assert MAIN.findall(theirs[1]) == MAIN.findall(nobodys[1]) != []
    assert "Trung tâm của người khác" not in theirs[1]
    assert "Người Của Nơi Khác" not in theirs[1]
    assert "Trần Của Phường" in theirs[1]
    assert reverse("officials:office", args=[office.slug]) in theirs[1]


def test_strangers_and_citizens_get_the_pages_of_everybody(office: Office) -> None:
    head = factories.official(office)
    for user, address in ((None, "/bao-cao/khong-co/"), (head, "/ks/khong-co/"), (head, "/m/x/y/")):
        status, page = asked(user, address)
        assert status == 404
        assert 'class="official"' not in page
        assert head.username not in page


def test_the_way_back_leads_to_pages_of_ours_only(office: Office) -> None:
    head, before = factories.official(office), f"/bao-cao/co-quan/{office.slug}/?ky=month"
    page = asked(head, exclusions(office), Referer=f"http://testserver{before}")[1]
    assert f'href="{before}"' in page
    for elsewhere in ("http://example.org/x/", "javascript:alert(1)", "//example.org/", "x"):
        page = asked(head, exclusions(office), Referer=elsewhere)[1]
        assert "Quay lại trang trước" not in page


def test_only_people_of_ones_own_units_are_named_and_at_most_five(office: Office) -> None:
    head = factories.official(office)
    province = office.unit.parent
    assert province is not None
    factories.official(factories.province(), account=named("Nơi Khác"))
    for number in range(7):
        factories.official(province, account=named(f"Cán bộ {number}"))
    found = givers(head, Action.ASSIGN, office)
    assert len(found) == 5
    assert all(one.name.startswith("Cán bộ") for one in found)
    assert givers(factories.user(), Action.ASSIGN, office) == []


def test_nobody_is_named_to_themselves_nor_who_could_not_give_it(office: Office) -> None:
    head = factories.official(office)
    clerk = factories.official(office, Role.CLERK)
    assert givers(head, Action.EXCLUDE, office) == []
    assert [one.name for one in givers(clerk, Action.ANSWER, office)] == [head.username]
    assert givers(clerk, Action.ASSIGN, office) == []  # a head makes no heads
    of_old = factories.user()
    Membership.objects.create(user=of_old, role=Role.OFFICE_HEAD, unit=factories.country())
    assert givers(clerk, Action.ASSIGN, office) == []
