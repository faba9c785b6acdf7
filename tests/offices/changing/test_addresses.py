"""A short name that was given once leads to its office for ever, whoever renames."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, resolve, reverse

from launch.page import Form
from offices import directory
from offices.changing.addresses import RESERVED, objection_to
from offices.changing.offices import rename
from offices.changing.refusal import ChangeRefused
from offices.models import Counter, Office, OfficeAddress, User
from surveys.models import Response
from surveys.urls import urlpatterns
from tests import factories
from tests.overlapping import held

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    """An office that was called `ha-tien` and is called `phuong-ha-tien`."""
    factories.instrument({"A": 2})
    made = factories.office(slug="ha-tien", name="Trung tâm Hà Tiên")
    Counter.objects.create(office=made, number=1, name="Hộ tịch")
    return rename(made.pk, "phuong-ha-tien")


CITIZENS = [
    "/ks/{}/",
    "/ks/{}/?quay=1&ngon-ngu=en",
    "/ks/{}/poster/",
    "/ks/{}/qr.svg",
    "/ks/{}/ap-phich.pdf?song-ngu=1",
    "/ks/{}/the-ban.pdf?quay=1",
    "/ks/{}/phieu.json",
    "/ks/{}/thong-bao/",
    "/ks/{}/tra-loi/",
]


@pytest.mark.parametrize("address", CITIZENS)
def test_every_page_of_citizens_leads_on(office: Office, client: Client, address: str) -> None:
    answer = client.get(address.format("ha-tien"))
    assert answer.status_code == 302
    assert answer["Location"] == address.format("phuong-ha-tien")
    assert answer["Cache-Control"] == "no-store, private"


OFFICIALS = ["", "tien-do/?ky=month", "gop-y/?loc=xong", "loi-moi/", "may-tinh-bang/", "loai-tru/"]


@pytest.mark.parametrize("page", OFFICIALS)
def test_every_page_of_officials_leads_on(office: Office, client: Client, page: str) -> None:
    client.force_login(factories.user(is_superuser=True))
    answer = client.get(f"/bao-cao/co-quan/ha-tien/{page}")
    assert answer.status_code == 302
    assert answer["Location"] == f"/bao-cao/co-quan/phuong-ha-tien/{page}"


def test_a_form_that_was_opened_before_is_taken(office: Office, client: Client) -> None:
    page = Form(client.get("/ks/phuong-ha-tien/").content.decode())
    answer = client.post("/ks/ha-tien/", page.filled | {"A1": "5", "A2": "4"})
    assert answer.status_code == 200
    assert Response.objects.get().office == office


def test_what_waited_on_a_telephone_is_taken(office: Office) -> None:
    known = directory.current()
    assert known.office("ha-tien") is None
    assert known.once_called("ha-tien") == known.office("phuong-ha-tien")
    assert known.once_called("khong-co") is None


def test_a_name_nobody_had_is_not_found(office: Office, client: Client) -> None:
    assert client.get("/ks/khong-co/").status_code == 404
    assert client.post("/ks/khong-co/").status_code == 404


def test_a_chain_of_names_leads_to_the_last_and_back(office: Office, client: Client) -> None:
    rename(office.pk, "ward-ha-tien")
    assert client.get("/ks/ha-tien/")["Location"] == "/ks/ward-ha-tien/"
    assert client.get("/ks/phuong-ha-tien/")["Location"] == "/ks/ward-ha-tien/"
    rename(office.pk, "ha-tien")
    assert client.get("/ks/ha-tien/").status_code == 200
    assert client.get("/ks/ward-ha-tien/")["Location"] == "/ks/ha-tien/"


def test_renaming_is_in_the_audit_and_renaming_to_the_same_is_not(office: Office) -> None:
    rename(office.pk, "phuong-ha-tien")
    entry = factories.acts().get()
    assert entry.action == "office.renamed"
    assert entry.office_id == office.pk
    assert entry.details == {"was": {"slug": "ha-tien"}, "now": {"slug": "phuong-ha-tien"}}


def test_whoever_renames_leaves_the_former_name(office: Office) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE offices_office SET slug = 'khac' WHERE id = %s", [office.pk])
    assert set(OfficeAddress.objects.values_list("slug", flat=True)) == {
        "ha-tien",
        "phuong-ha-tien",
    }


@pytest.mark.parametrize(
    "slug", ["", "Ha-Tien", "hà-tiên", "a b", "-a", "a--b", "a/b", "a" * 61, *sorted(RESERVED)]
)
def test_a_short_name_has_to_look_like_one(office: Office, slug: str) -> None:
    with pytest.raises(ChangeRefused) as refused:
        rename(office.pk, slug)
    assert [one.field for one in refused.value.objections] == ["slug"]


def test_no_other_office_gets_a_former_name(office: Office) -> None:
    other = factories.office(slug="khac")
    with pytest.raises(ChangeRefused, match="never given again"):
        rename(other.pk, "ha-tien")
    with pytest.raises(ChangeRefused, match="another office"):
        rename(other.pk, "phuong-ha-tien")
    assert objection_to("ha-tien", office.pk) is None


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: factories.office(slug="ha-tien"),
        lambda: Office.objects.filter(pk=factories.office().pk).update(slug="ha-tien"),
        lambda: OfficeAddress.objects.all().delete(),
        lambda: OfficeAddress.objects.update(office=factories.office()),
        lambda: Office.objects.filter(slug="phuong-ha-tien").delete(),
    ],
)
def test_the_database_itself_refuses(office: Office, attempt: Callable[[], object]) -> None:
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        attempt()
    assert OfficeAddress.objects.get().office == office


@pytest.mark.django_db(transaction=True)
def test_a_name_that_is_given_up_at_this_moment_is_not_taken_by_another() -> None:
    office = factories.office(slug="ha-tien")

    def begin() -> str:
        try:
            factories.office(slug="ha-tien")
        except IntegrityError as error:
            return str(error)
        return ""

    with held(begin, 'INSERT INTO "offices_office"') as other:
        rename(office.pk, "phuong-ha-tien")
    assert "led to another office" in other.result()
    assert Office.objects.filter(slug="ha-tien").count() == 0


def test_words_of_our_addresses_are_no_short_names() -> None:
    firsts = {str(one.pattern).split("/")[0] for one in urlpatterns}
    words = {first.split(".")[0] for first in firsts if first and not first.startswith("<")}
    assert words | {"moi"} == RESERVED


def test_the_whole_list_of_pages_is_tried() -> None:
    """A new page of an office below /ks/ is added here."""
    tried = {resolve(one.format("x").partition("?")[0]).url_name for one in CITIZENS}
    known = {one.name for one in urlpatterns if str(one.pattern).startswith("<slug:slug>/")}
    assert known - tried == {"form"}
    with pytest.raises(NoReverseMatch):
        reverse("surveys:form", args=["x"])


def test_a_stranger_learns_nothing_of_an_office_that_is_not_theirs(
    office: Office, client: Client
) -> None:
    client.force_login(User.objects.create_user("khach"))
    answer = client.get("/bao-cao/co-quan/ha-tien/", follow=True)
    assert answer.status_code == 404
