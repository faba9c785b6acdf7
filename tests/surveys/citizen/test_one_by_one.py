"""The one-minute form as the server sends it: the overall question first, which may be all."""

from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from launch.page import Form
from offices.models import Office
from surveys.flags.rules import BURST_FORMS, Flag
from surveys.intake.settling import settle
from surveys.intake.submit import submit
from surveys.models import Channel, Instrument, Mark, Response, State
from surveys.questionnaires import catalogue
from surveys.questionnaires.load import load_instruments
from tests import factories

pytestmark = pytest.mark.django_db
ONLY_OVERALL = bytes([2, 0, 0, 0, 0, 0])
SCALE = '<fieldset class="scale'


@pytest.fixture
def office() -> Office:
    """An office that asks every shipped questionnaire."""
    load_instruments()
    return factories.office()


def send(office: Office, page: str, **said: str) -> tuple[int, str]:
    """Sends a page of the one-minute form; the status and the next page."""
    filled = Form(page).filled if page else {}
    answer = Client().post(f"/ks/{office.slug}/counter/", {**filled, **said})
    return answer.status_code, answer.content.decode()


def first_page(office: Office, form: str = "counter/") -> str:
    return Client().get(f"/ks/{office.slug}/{form}").content.decode()


def test_the_overall_question_stands_alone_and_may_end_the_form(office: Office) -> None:
    page = first_page(office)
    # with how far the dossier is, which has a screen after it
    assert (page.count(SCALE), "Kể thêm" in page, "Gửi, thế là xong" in page) == (
        2,
        True,
        True,
    )
    assert send(office, page, O1="2", go="done")[0] == 200
    stored = Response.objects.get()
    assert (stored.state, bytes(stored.answers)[:6]) == (State.FINISHED, ONLY_OVERALL)
    # whoever goes on gets the five others, and may end it there as well
    status, page = send(office, first_page(office), O1="2")
    assert (status, page.count(SCALE), "Gửi, thế là xong" in page) == (200, 5, True)
    assert send(office, page, A1="3", go="done")[0] == 200
    assert sorted(bytes(one.answers)[:2] for one in Response.objects.all()) == [b"\2\0", b"\2\3"]


def test_nothing_at_all_does_not_end_it(office: Office) -> None:
    status, page = send(office, first_page(office), go="done")
    assert (status, "error-summary" in page, Response.objects.exists()) == (422, True, False)


def test_who_leaves_after_the_overall_question_counts_when_settled(office: Office) -> None:
    assert send(office, first_page(office), O1="2", save="1")[0] == 204
    left = Response.objects.get()
    assert (left.state, bytes(left.answers)[:6], left.valid) == (State.OPEN, ONLY_OVERALL, True)
    assert not Mark.objects.exists()
    settle(timezone.now() + timedelta(hours=2))
    left.refresh_from_db()
    assert (left.state, Mark.objects.filter(office=office).count()) == (State.SETTLED, 1)


def test_a_tap_that_may_stay_alone_is_judged_as_a_finished_form(office: Office) -> None:
    entry = catalogue.current().instrument("counter", 2)
    noon = factories.at(timezone.localdate(), 9)
    forms = [
        factories.submission(
            office, {"O1": 5}, instrument=entry, finished=False, channel=Channel.TABLET
        )
        for _ in range(BURST_FORMS)
    ]
    flags = []
    for number, form in enumerate(forms):
        submit(form, noon + timedelta(seconds=9 * number))
        flags.append(Flag(Response.objects.get(id=form.id).flags))
    assert [Flag.BURST in flag for flag in flags] == [False] * (BURST_FORMS - 1) + [True]
    # whoever goes on is one among those who finish, and not counted a second time as begun
    ended = replace(forms[0], answers={"O1": 5, "A1": 4}, finished=True, step=2)
    submit(ended, noon + timedelta(seconds=60))
    assert Flag.BURST not in Flag(Response.objects.get(id=ended.id).flags)


def test_one_person_who_goes_on_page_by_page_is_no_burst(office: Office) -> None:
    entry = catalogue.current().instrument("counter", 2)
    noon = factories.at(timezone.localdate(), 9)
    given: dict[str, object] = {
        "instrument": entry,
        "finished": False,
        "channel": Channel.TABLET,
    }
    first = factories.submission(office, {"O1": 5}, **given)
    for step in range(1, BURST_FORMS + 1):
        submit(replace(first, step=step), noon + timedelta(seconds=9 * step))
    other = factories.submission(office, {"O1": 4}, **given)
    submit(other, noon + timedelta(seconds=90))
    assert Flag.BURST not in Flag(Response.objects.get(id=other.id).flags)


def test_what_people_took_away_comes_back_with_no_file(office: Office) -> None:
    Instrument.objects.filter(slug="counter").delete()
    load_instruments()
    Instrument.objects.filter(slug="counter", version=3).delete()
    Instrument.objects.filter(slug="counter").update(offered=False, decided_on=date(2026, 11, 2))
    load_instruments()
    assert not Instrument.objects.get(slug="counter", version=3).offered


def test_of_the_first_version_half_is_needed_as_before(office: Office) -> None:
    versions = [catalogue.current().instrument("counter", version) for version in (1, 2)]
    assert [one and one.enough(ONLY_OVERALL) for one in versions] == [False, True]
    assert [one and one.overall_alone for one in versions] == [False, True]
    usual = catalogue.current().default
    assert usual is not None
    assert not usual.overall_alone


def test_phones_ask_by_page_until_somebody_decides_otherwise(office: Office) -> None:
    assert "screens." in first_page(office)
    assert "screens." not in first_page(office, "")
    said = StringIO()
    call_command("ask_one_by_one", "sipas-2026-services.1", stdout=said)
    today = timezone.localdate()
    assert said.getvalue() == f"One question a screen since {today}.\n"
    assert factories.acts().get(action="questionnaire.one_by_one").subject == (
        "sipas-2026-services v1"
    )
    page = first_page(office, "")
    assert 'data-before="0" data-questions="16"' in page
    assert page.count("<use ") == 15
    # the day stays when it is said again, and a day to come has not come
    Instrument.objects.update(one_by_one_since=today + timedelta(days=1))
    call_command("ask_one_by_one", "sipas-2026-services.1", stdout=StringIO())
    assert Instrument.objects.filter(one_by_one_since=today).count() == 0
    assert "screens." not in first_page(office, "")


def test_a_questionnaire_that_is_not_there_is_named(office: Office) -> None:
    for name in ("sipas-2026-services", "counter.x", "counter.9"):
        with pytest.raises(CommandError, match=r"(?s)There is no such questionnaire.*counter\.2"):
            call_command("ask_one_by_one", name)
