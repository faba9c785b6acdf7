"""While the database is away: 503 at once, with everything that was typed; then it is served."""

import time
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import ResolverMatch
from pytest_django import Settings

from config.away import AwayMiddleware
from config.errors import server_error
from launch.page import Form
from offices import directory
from offices.models import Membership, Office
from surveys.citizen.sheet import start_of
from surveys.devices.delivery.sealing import seal
from surveys.models import Remark, Response, State
from surveys.questionnaires import catalogue
from tests import factories
from tests.away import database_away

pytestmark = pytest.mark.django_db(transaction=True)

RESPONSE = UUID("11111111-2222-4333-8444-555555555555")
# As a phone seals it.
RECORD = {
    "v": 2, "office": "co-quan", "form": "phieu.1", "id": str(RESPONSE), "step": 3,
    "finished": True, "channel": "phone", "answers": {"A1": 5, "A2": 4, "B1": 1},
    "language": "vi", "at": 1,
}  # fmt: skip


@pytest.fixture
def office() -> Office:
    """An office whose questionnaire this process knows."""
    factories.instrument({"A": 2, "B": 1}, slug="phieu")
    made = factories.office(slug="co-quan")
    directory.current()
    catalogue.current()
    return made


@pytest.fixture
def head(office: Office, client: Client) -> Client:
    """The head of the office, signed in."""
    user = factories.user("dau", "only-for-this-test")
    Membership.objects.create(user=user, role=Membership.Role.OFFICE_HEAD, office=office)
    client.force_login(user)
    return client


def begun(office: Office) -> str:
    """The start of a form that our page was opened for: what nobody finished is kept only then."""
    return start_of(office.pk, RESPONSE)


def form(**more: str) -> dict[str, str]:
    """A finished form as its last page sends it."""
    state = {"form": "phieu.1", "id": str(RESPONSE), "step": "2", "page": "2"}
    return {**state, "A1": "5", "A2": "4", "B1": "1", **more}


def test_a_citizens_form_comes_back_as_it_was_sent(office: Office, client: Client) -> None:
    remark = "Chờ hai tiếng.\n<b>Nóng</b>"
    with database_away():
        answer = client.post("/ks/co-quan/", form(remark=remark, respondent="2"))
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Các câu trả lời vẫn còn ở đây" in page
    again = Form(page)
    assert again.filled["remark"].replace("\r", "") == remark
    assert again.filled["respondent"] == "2"
    assert {name: again.filled[name] for name in form()} == form()
    assert not Response.objects.exists()
    answer = client.post("/ks/co-quan/", again.filled)
    assert 'id="thanks"' in answer.content.decode()
    assert [*Response.objects.values_list("id", "state")] == [(RESPONSE, State.FINISHED)]
    assert Remark.objects.get().text == remark


def test_a_page_in_the_middle_comes_back_with_its_choices(office: Office, client: Client) -> None:
    with database_away():
        sent = {**form(start=begun(office)), "page": "0", "ngon-ngu": "en"}
        page = client.post("/ks/co-quan/", sent).content.decode()
    assert "Your answers are here" in page
    assert '<html lang="en">' in page
    assert Form(page).filled["A1"] == "5"
    assert Form(page).filled["page"] == "0"


def test_a_saved_tap_is_told_to_come_again(office: Office, client: Client) -> None:
    with database_away():
        answer = client.post("/ks/co-quan/", form(save="1", start=begun(office)))
    assert (answer.status_code, answer.content, answer["Retry-After"]) == (503, b"", "5")


def test_the_form_can_be_opened(office: Office, client: Client, settings: Settings) -> None:
    with database_away():
        assert client.get("/ks/co-quan/").status_code == 200
    settings.DIRECTORY_CHECK_SECONDS = 60
    assert client.get("/ks/co-quan/").status_code == 200


def test_a_process_that_knows_no_office_keeps_the_form_all_the_same(
    office: Office, client: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.LANGUAGES = [(code, code) for code in ("vi", "en", "km")]
    for remembered in (directory._directory, catalogue._catalogue):
        monkeypatch.setattr(remembered, "value", None)
    monkeypatch.setattr(directory._watch, "asked_at", None)
    with database_away():
        answer = client.post("/ks/co-quan/", form(remark="Chờ hai tiếng."))
    page = answer.content.decode()
    assert answer.status_code == 503
    sections = [page.index(f'<div class="message" lang="{code}">') for code in ("vi", "en", "km")]
    assert sections == sorted(sections)
    assert Form(page).filled == form(remark="Chờ hai tiếng.")
    assert 'id="thanks"' in client.post("/ks/co-quan/", Form(page).filled).content.decode()


def test_an_officials_text_comes_back_and_is_stored_afterwards(head: Client) -> None:
    address = "/bao-cao/co-quan/co-quan/loai-tru/?trang=2"
    sent = {"reason": "Một dòng.\nHai dòng & hơn", "flag": "1", "csrfmiddlewaretoken": "x" * 64}
    with database_away():
        answer = head.post(address, sent)
    page = answer.content.decode()
    assert (answer.status_code, answer["Cache-Control"]) == (503, "no-store, private")
    assert 'lang="km"' not in page
    found = Form(page).filled
    assert {**found, "reason": found["reason"].replace("\r", "")} == sent
    assert f'action="{address}"' in page


def test_a_page_that_was_only_looked_at_is_offered_again(head: Client) -> None:
    with database_away():
        answer = head.get("/bao-cao/?trang=2")
    assert answer.status_code == 503
    assert 'href="/bao-cao/?trang=2"' in answer.content.decode()
    assert "<form" not in answer.content.decode()


def test_a_password_comes_back_in_no_page(office: Office, client: Client) -> None:
    factories.user("dau", "only-for-this-test")
    sent = {"username": "dau", "password": "only-for-this-test"}
    with database_away():
        answer = client.post("/dang-nhap/", sent)
    assert answer.status_code == 503
    assert "only-for-this-test" not in answer.content.decode()
    assert 'href="/dang-nhap/"' in answer.content.decode()
    assert client.post("/dang-nhap/", sent).status_code == 302


@pytest.mark.parametrize(
    "path", ["/ks/giao/", "/ks/may-tinh-bang/nhip/", "/ks/may-tinh-bang/ghep/", "/api/loi-moi"]
)
def test_programs_are_told_in_their_own_language(office: Office, client: Client, path: str) -> None:
    sent = {"at": 1, "waiting": 0, "code": "AAAA-2222", "records": [seal(RECORD)]}
    key = {"Authorization": "Bearer " + "x" * 43}
    with database_away():
        answer = client.post(path, sent, content_type="application/json", headers=key)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json().keys() == {"error"}
    assert not Response.objects.exists()


def test_a_file_has_to_be_chosen_again(head: Client) -> None:
    sent = {"file": SimpleUploadedFile("a.csv", b"1,2"), "note": "two words"}
    with database_away():
        answer = head.post("/bao-cao/ho-so/", sent)
    assert answer.status_code == 503
    assert "<form" not in answer.content.decode()
    assert 'href="/bao-cao/ho-so/"' in answer.content.decode()


def test_health_says_so_at_once_and_again_when_it_is_back(client: Client) -> None:
    with database_away():
        begun = time.monotonic()
        answer = client.get("/healthz")
        assert time.monotonic() - begun < 2
    assert answer.status_code == 503
    assert client.get("/healthz").status_code == 200


class Dying:
    """A view whose session dies at its first call, after its work was committed."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, request: HttpRequest, **_named: str) -> HttpResponse:
        self.calls += 1
        if self.calls == 1:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return HttpResponse("done")


def meets(request: HttpRequest, name: str) -> tuple[int, HttpResponse | None]:
    """How often the view with this name is called, and what comes of it."""
    view = Dying()
    app, _, own = name.rpartition(":")
    apps: list[str | None] = [app] if app else []
    kwargs = {"slug": "co-quan"}
    request.resolver_match = ResolverMatch(view, (), kwargs, own, app_names=apps, namespaces=apps)
    with pytest.raises(OperationalError) as told:
        view(request)
    answer = AwayMiddleware(lambda _: HttpResponse()).process_exception(request, told.value)
    return view.calls, answer


def test_whoever_only_looks_is_served_by_the_next_connection(rf: RequestFactory) -> None:
    calls, answer = meets(rf.get("/bao-cao/"), "officials:home")
    assert answer is not None
    assert (calls, answer.content) == (2, b"done")


@pytest.mark.parametrize("name", ["surveys:start", "surveys:form"])
def test_a_form_with_its_id_is_taken_once_more(rf: RequestFactory, name: str) -> None:
    assert meets(rf.post("/ks/co-quan/", form()), name)[0] == 2


def test_a_delivery_is_taken_once_more(rf: RequestFactory) -> None:
    sent = rf.post("/ks/giao/", {}, content_type="application/json")
    assert meets(sent, "surveys:delivery")[0] == 2


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("surveys:start", {"A1": "5"}),  # without an id it would be another response
        ("officials:remark", {"id": str(RESPONSE), "step": "answer"}),
        ("surveys:reply", {"id": str(RESPONSE)}),
        ("login", {"id": str(RESPONSE)}),
    ],
)
def test_what_may_have_been_stored_is_not_done_twice(
    rf: RequestFactory, name: str, fields: dict[str, str]
) -> None:
    calls, answer = meets(rf.post("/anywhere/", fields), name)
    assert answer is not None
    assert (calls, answer.status_code) == (1, 503)


def test_what_goes_wrong_at_the_second_time_is_told_as_ever(rf: RequestFactory) -> None:
    def gone(request: HttpRequest) -> HttpResponse:
        raise Http404

    with pytest.raises(OperationalError) as told:
        Dying()(rf.get("/"))
    request = rf.get("/ks/co-quan/")
    request.resolver_match = ResolverMatch(gone, (), {}, "start")
    with pytest.raises(Http404):
        AwayMiddleware(lambda _: HttpResponse()).process_exception(request, told.value)


def test_nobody_is_asked_twice_while_nobody_is_there(rf: RequestFactory) -> None:
    calls = []

    def asking(request: HttpRequest) -> HttpResponse:
        calls.append(request)
        return HttpResponse(str(Response.objects.exists()))

    request = rf.get("/ks/co-quan/")
    request.resolver_match = ResolverMatch(asking, (), {}, "start")
    with database_away():
        with pytest.raises(OperationalError) as told:
            asking(request)
        answer = AwayMiddleware(lambda _: HttpResponse()).process_exception(request, told.value)
    assert answer is not None
    assert (len(calls), answer.status_code) == (1, 503)


def test_other_errors_are_left_alone(rf: RequestFactory) -> None:
    asked = AwayMiddleware(lambda _: HttpResponse()).process_exception
    assert asked(rf.get("/"), ValueError()) is None
    assert asked(rf.get("/"), OperationalError()) is None


def test_a_database_that_goes_outside_a_view_is_told_like_any(rf: RequestFactory) -> None:
    with database_away():
        try:
            Response.objects.exists()
        except OperationalError:
            answer = server_error(rf.post("/dang-xuat/", {"why": "two words"}))
    assert answer.status_code == 503
    assert Form(answer.content.decode()).filled == {"why": "two words"}
    assert server_error(rf.get("/")).status_code == 500
