"""How far the dossier is, asked before the result: who waits is not asked, a refusal is named."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from launch.page import Form
from offices.models import Office
from surveys.models import Criterion, Instrument, Response, Stage, State
from surveys.questionnaires import catalogue
from surveys.questionnaires.load import load_instruments
from surveys.questionnaires.terms import BLANK
from tests import factories

pytestmark = pytest.mark.django_db

RECEIVED, REFUSED, WAITING = ("1", "2", "3")
OFFICIAL = "sipas-2026-services.1"
RESULTS = "Kết quả giải quyết thủ tục hành chính cho người dân"
OWN_WORDS = "Kết quả hoặc văn bản từ chối Ông/Bà nhận được"
USUAL_WORDS = "<legend>Kết quả Ông/Bà nhận được</legend>"
NOTE = "Hồ sơ bị từ chối: xin hiểu “kết quả” ở đây là việc từ chối và văn bản từ chối."


@pytest.fixture
def office() -> Office:
    """An office that asks every shipped questionnaire."""
    load_instruments()
    return factories.office()


@pytest.fixture
def official(office: Office) -> Office:
    """An office where the ministry's form asks for the stage first from today on."""
    call_command("ask_stage_first", OFFICIAL, stdout=StringIO())
    return office


def first(office: Office, form: str = "counter/", **said: str) -> str:
    return Client().get(f"/ks/{office.slug}/{form}", said).content.decode().replace(BLANK, " ")


def send(office: Office, page: str, form: str = "counter/", **said: str) -> str:
    """Sends a page with what is said on it; the next page."""
    filled = Form(page).filled
    answer = Client().post(f"/ks/{office.slug}/{form}", {**filled, **said})
    assert answer.status_code == 200
    return answer.content.decode().replace(BLANK, " ")


def asked(page: str) -> list[str]:
    """The names of what the page asks with answers to choose from, in order."""
    return re.findall(r'<fieldset class="(?:scale|scale stage|choice)" id="id_(\w+)"', page)


def answers() -> bytes:
    """What is stored, without the reasons, which stand behind everything else."""
    stored = Response.objects.get()
    levels = stored.instrument.criteria.exclude(scale=Criterion.Scale.REASON).count()
    return bytes(stored.answers)[:levels]


def test_the_one_minute_form_asks_it_after_the_overall_question(office: Office) -> None:
    page = first(office)
    assert asked(page) == ["O1", "stage"]
    assert 'data-before="0" data-questions="7"' in page
    page = send(office, page, O1="4", stage=RECEIVED)
    assert asked(page) == ["A1", "B1", "C1", "D1", "E1"]
    assert 'data-before="2" data-questions="7"' in page
    assert USUAL_WORDS in page
    assert Response.objects.get().stage == Stage.RECEIVED
    page = send(office, page, D1="5")
    assert asked(page) == ["respondent"]
    send(office, page)
    stored = Response.objects.get()
    assert (stored.state, stored.stage) == (State.FINISHED, Stage.RECEIVED)
    assert answers() == bytes([4, 0, 0, 0, 5, 0])


def test_who_waits_is_not_asked_about_the_result(office: Office) -> None:
    page = send(office, first(office), O1="4", stage=WAITING)
    assert asked(page) == ["A1", "B1", "C1", "E1"]
    assert 'data-before="2" data-questions="6"' in page
    send(office, send(office, page, A1="5"))
    stored = Response.objects.get()
    assert (stored.state, stored.stage, stored.valid) == (State.FINISHED, Stage.WAITING, True)
    assert answers() == bytes([4, 5, 0, 0, 8, 0])


def test_who_was_refused_reads_of_the_refusal(office: Office) -> None:
    page = send(office, first(office), O1="2", stage=REFUSED)
    assert OWN_WORDS in page
    assert USUAL_WORDS not in page
    assert NOTE not in page
    assert answers() == bytes([2, 0, 0, 0, 0, 0])


def test_nobody_has_to_say_it_and_nobody_is_asked_twice(office: Office) -> None:
    page = send(office, first(office), O1="4")
    assert asked(page) == ["A1", "B1", "C1", "D1", "E1"]
    assert asked(send(office, page)) == ["respondent"]
    assert Response.objects.get().stage == Stage.UNKNOWN


def test_what_a_link_says_is_not_asked_first_and_may_be_put_right_last(office: Office) -> None:
    page = first(office, gd="dang-cho")
    assert asked(page) == ["O1"]
    assert 'data-questions="5"' in page
    page = send(office, page, O1="4")
    assert asked(page) == ["A1", "B1", "C1", "E1"]
    # whoever goes back is asked no more than before
    assert asked(send(office, page, go="back")) == ["O1"]
    page = send(office, page)
    assert asked(page) == ["stage", "respondent"]
    page = send(office, page, stage=RECEIVED, remark="Đã nhận kết quả")
    assert (Response.objects.get().stage, answers()) == (Stage.RECEIVED, bytes([4, 0, 0, 0, 0, 0]))
    assert asked(page) == ["A1", "B1", "C1", "D1", "E1"]
    page = send(office, page, D1="2")
    assert asked(page) == ["respondent"]
    assert "Đã nhận kết quả" in page
    send(office, page)
    stored = Response.objects.get()
    assert (stored.state, answers()) == (State.FINISHED, bytes([4, 0, 0, 0, 2, 0]))


def test_put_right_by_going_back_or_left_as_it_was_it_asks_no_more_than_is_missing(
    official: Office,
) -> None:
    page = first(official, "", gd="dang-cho")
    for said in ({"A1": "4"}, {}, {}, {}):
        page = send(official, page, "", **said)
    assert asked(page) == ["stage", "respondent"]
    # whoever goes back from the last page first comes past no page about the result either
    page = send(official, page, "", stage=RECEIVED, go="back")
    assert asked(page) == ["E1", "E2", "E3"]
    page = send(official, page, "")
    # what is wrong on the last page is put right first
    sent = {**Form(page).filled, "contact": "?", "wants_reply": "1"}
    wrong = Client().post(f"/ks/{official.slug}/", sent)
    assert wrong.status_code == 422
    page = send(official, wrong.content.decode(), "", contact="", wants_reply="")
    assert asked(page) == ["D1", "D2", "D3"]
    page = send(official, send(official, page, ""), "")
    assert asked(page) == ["respondent"]
    send(official, page, "")
    assert Response.objects.get().state == State.FINISHED


def test_who_still_waits_as_the_link_says_is_done_at_once(office: Office) -> None:
    page = send(office, first(office, gd="dang-cho"), O1="4")
    send(office, send(office, page), stage=WAITING)
    assert Response.objects.get().state == State.FINISHED


def test_the_stage_that_was_said_last_counts_and_takes_answers_back(office: Office) -> None:
    start = first(office)
    page = send(office, send(office, start, O1="4", stage=RECEIVED), D1="1", A1="3")
    assert answers() == bytes([4, 3, 0, 0, 1, 0])
    page = send(office, page, go="back")
    page = send(office, page, go="back")
    assert asked(page) == ["O1", "stage"]
    page = send(office, page, stage=WAITING)
    assert (Response.objects.get().stage, answers()) == (Stage.WAITING, bytes([4, 3, 0, 0, 8, 0]))
    assert asked(page) == ["A1", "B1", "C1", "E1"]
    # what was said about the result before comes back with the result
    page = send(office, send(office, page, go="back"), stage=RECEIVED)
    assert answers() == bytes([4, 3, 0, 0, 1, 0])


def test_a_page_from_before_the_stage_was_said_takes_nothing_wrong_with_it(office: Office) -> None:
    start = first(office)
    send(office, start, O1="4", stage=WAITING)
    # the browser's back button shows the first page as it was sent first
    page = send(office, start, O1="5", stage=REFUSED)
    assert (Response.objects.get().stage, answers()) == (Stage.REFUSED, bytes([5, 0, 0, 0, 0, 0]))
    assert "error-summary" not in page


def test_said_on_the_last_page_it_takes_answers_back_as_well(office: Office) -> None:
    page = send(office, first(office, gd="da-nhan"), O1="4")
    page = send(office, page, D1="2", E1="3")
    assert answers() == bytes([4, 0, 0, 0, 2, 3])
    send(office, page, stage=WAITING)
    stored = Response.objects.get()
    assert (stored.state, answers()) == (State.FINISHED, bytes([4, 0, 0, 0, 8, 3]))


def test_a_tap_on_it_alone_stores_nothing_yet(office: Office) -> None:
    filled = Form(first(office)).filled
    said = {**filled, "save": "1", "stage": WAITING}
    assert Client().post(f"/ks/{office.slug}/counter/", said).status_code == 204
    assert not Response.objects.exists()
    assert Client().post(f"/ks/{office.slug}/counter/", {**said, "O1": "3"}).status_code == 204
    assert Response.objects.get().stage == Stage.WAITING


def test_the_ministry_s_form_is_asked_as_before_until_somebody_decides(office: Office) -> None:
    page = first(office, "")
    assert asked(page) == ["A1", "A2", "A3"]
    for _page in range(3):
        page = send(office, page, "", stage=WAITING, B1="4")
    assert asked(page) == ["D1", "D2", "D3"]
    page = send(office, send(office, page, "", D1="4"), "")
    assert asked(page) == ["stage", "respondent"]
    send(office, page, "", stage=WAITING)
    assert answers()[10:13] == bytes([4, 0, 0])


def test_it_asks_below_its_first_questions_and_leaves_a_whole_page_out(official: Office) -> None:
    page = first(official, "")
    assert asked(page) == ["A1", "A2", "A3", "stage"]
    assert "Phần 1 / 6" in page
    page = send(official, page, "", stage=WAITING, **{f"A{n}": "4" for n in (1, 2, 3)})
    assert "Phần 2 / 5" in page
    page = send(official, page, "", **{f"B{n}": "4" for n in (1, 2, 3)})
    page = send(official, page, "")
    assert (asked(page), "Phần 4 / 5" in page) == (["E1", "E2", "E3"], True)
    assert asked(send(official, page, "", go="back")) == ["C1", "C2", "C3"]
    # half of the thirteen that were asked
    assert not Response.objects.get().valid
    page = send(official, page, "", E1="4")
    stored = Response.objects.get()
    assert (stored.valid, bytes(stored.answers)[10:13]) == (True, bytes([8, 8, 8]))
    assert asked(page) == ["respondent"]


def test_its_words_stay_and_a_line_says_how_they_are_meant(official: Office) -> None:
    page = first(official, "")
    for said in ({"stage": REFUSED}, {"B1": "2"}, {}):
        assert NOTE not in page
        page = send(official, page, "", **said)
    assert asked(page) == ["D1", "D2", "D3"]
    assert (page.count(NOTE), page.count(RESULTS)) == (1, 3)
    assert NOTE not in send(official, page, "")


def test_forms_that_are_under_way_on_the_day_go_on(office: Office) -> None:
    page = send(office, first(office, ""), "", A1="4")
    call_command("ask_stage_first", OFFICIAL, stdout=StringIO())
    for expected in ("C1", "D1", "E1"):
        page = send(office, page, "")
        assert asked(page)[0] == expected
    # the first page did not ask it, so the last one does
    page = send(office, page, "")
    assert asked(page) == ["stage", "respondent"]
    send(office, page, "", stage=WAITING)
    assert (Response.objects.get().stage, answers()[10:13]) == (Stage.WAITING, bytes([8, 8, 8]))


def test_a_form_of_the_version_before_is_finished_as_it_was_begun(office: Office) -> None:
    newest = Instrument.objects.get(slug="counter", version=3)
    Instrument.objects.filter(pk=newest.pk).delete()
    catalogue.current()
    page = send(office, first(office), O1="4")
    load_instruments()
    assert asked(page) == ["A1", "B1", "C1", "D1", "E1"]
    page = send(office, page, D1="2")
    assert asked(page) == ["stage", "respondent"]
    send(office, page, stage=WAITING)
    assert (Response.objects.get().instrument.version, answers()) == (2, bytes([4, 0, 0, 0, 2, 0]))


def test_a_page_of_the_history_that_asks_nothing_any_more_is_passed_over(official: Office) -> None:
    page = send(official, first(official, ""), "", A1="4", stage=WAITING)
    filled = {**Form(page).filled, "page": "3", "go": "resume"}
    shown = Client().post(f"/ks/{official.slug}/", filled).content.decode()
    assert asked(shown) == ["E1", "E2", "E3"]


def test_it_begins_on_a_day_that_stays_and_is_in_the_audit(office: Office) -> None:
    today = timezone.localdate()
    said = StringIO()
    call_command("ask_stage_first", OFFICIAL, stdout=said)
    assert said.getvalue() == f"The stage is asked first since {today}.\n"
    act = factories.acts().get(action="questionnaire.stage_first")
    assert (act.subject, act.details) == ("sipas-2026-services v1", {"day": today.isoformat()})
    Instrument.objects.update(stage_first_since=today + timedelta(days=1))
    call_command("ask_stage_first", OFFICIAL, stdout=StringIO())
    assert Instrument.objects.filter(stage_first_since=today).count() == 0
    # a day to come has not come
    assert asked(first(office, "")) == ["A1", "A2", "A3"]


def test_only_what_says_which_questions_are_about_results_can_ask_it(office: Office) -> None:
    with pytest.raises(CommandError, match=r"There is no such questionnaire"):
        call_command("ask_stage_first", "counter.9")
    with pytest.raises(CommandError, match=r"does not say which of its questions"):
        call_command("ask_stage_first", "counter.2")
    second = Criterion.objects.filter(instrument__slug="counter", instrument__version=2)
    second.filter(code="O1").update(about_result=True)
    with pytest.raises(CommandError, match=r"or its first factor is"):
        call_command("ask_stage_first", "counter.2")
    second.update(about_result=False)
    second.filter(code="D1").update(about_result=True)
    call_command("ask_stage_first", "counter.2", stdout=StringIO())


def test_a_device_learns_where_the_stage_is_asked(office: Office) -> None:
    address = f"/ks/{office.slug}/phieu.json"
    asked = [Client().get(address, {"form": f"counter.{version}"}).json() for version in (2, 3)]
    assert [one["stage_at"] for one in asked] == [None, 1]
    [result] = [i for page in asked[1]["pages"] for i in page["items"] if i["about_result"]]
    assert (result["code"], result["if_refused"]["vi"].replace(BLANK, " ")) == (
        "D1",
        "Kết quả hoặc văn bản từ chối Ông/Bà nhận được",
    )
