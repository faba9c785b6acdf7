"""Which flags a form gets on its way in, and that nothing else about it is kept."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from launch.page import Form
from offices import directory
from offices.models import Counter, Office
from surveys.flags.rules import NO_FLAG, Flag
from surveys.intake import starts
from surveys.intake.submit import Submission, SubmissionNotTaken, submit
from surveys.models import Channel, Response
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)  # a Friday
MIXED = [5, 4, 4, 5, 3, 5, 4, 5, 2, 5]


@pytest.fixture
def office() -> Office:
    """An office with one counter, asking ten questions."""
    factories.instrument({"A": 6, "B": 4})
    made = factories.office()
    Counter.objects.create(office=made, number=1, name="Hộ tịch")
    return made


def send(
    office: Office,
    answers: Sequence[int] = MIXED,
    after: float = 0,
    hour: int = 9,
    desk: bool = False,
    **given: object,
) -> Flag:
    """The flags of a form finished so many seconds after the hour's tenth minute.

    desk: on the tablet of the office's counter.
    """
    if desk:
        (counter,) = directory.current().offices[office.slug].counters
        given |= {"channel": Channel.TABLET, "counter": counter}
    form = factories.submission(office, answers, **given)
    submit(form, factories.at(DAY, hour) + timedelta(seconds=after))
    return Flag(Response.objects.get(id=form.id).flags)


def test_an_ordinary_form_has_no_flag(office: Office) -> None:
    assert send(office, seconds=60.0) == NO_FLAG
    assert send(office) == NO_FLAG


def test_ten_answers_in_four_seconds_are_too_fast(office: Office) -> None:
    assert send(office, seconds=4.0) == Flag.TOO_FAST


def test_the_same_everywhere_is_straight_lined_but_blanks_do_not_count(office: Office) -> None:
    assert send(office, [4] * 8 + [0, 9]) == Flag.STRAIGHT_LINED
    assert send(office, [4] * 7 + [0, 0, 9]) == NO_FLAG


def test_an_evening_and_a_sunday_are_after_hours_but_not_what_is_typed_in(office: Office) -> None:
    assert send(office, hour=18) == Flag.AFTER_HOURS
    assert send(office, hour=17) == NO_FLAG
    assert send(office, hour=18, channel=Channel.PAPER) == Flag.ASSISTED
    sunday = factories.submission(office, MIXED)
    submit(sunday, factories.at(date(2026, 11, 22)))
    assert Response.objects.get(id=sunday.id).flags == Flag.AFTER_HOURS


def test_the_fifth_form_of_a_desk_in_three_minutes_is_a_burst(office: Office) -> None:
    forms = [
        send(office, [number, *MIXED[1:]], after=30 * number, desk=True) for number in range(1, 6)
    ]
    assert forms == [NO_FLAG] * 4 + [Flag.BURST]
    assert send(office, [1, *MIXED[1:]], after=600, desk=True) == NO_FLAG


def test_many_telephones_in_the_hall_are_no_burst(office: Office) -> None:
    assert {send(office, [n % 5 + 1, *MIXED[1:]], after=n) for n in range(9)} == {NO_FLAG}


def test_the_third_identical_form_in_a_row_is_flagged_at_its_own_place_only(
    office: Office,
) -> None:
    flags = [send(office, after=600 * number) for number in range(3)]
    assert flags == [NO_FLAG, NO_FLAG, Flag.IDENTICAL_RUN]
    assert send(office, after=1900, desk=True) == NO_FLAG
    assert send(office, [1, *MIXED[1:]], after=2000) == NO_FLAG
    assert send(office, after=2100) == NO_FLAG


def test_what_a_tablet_kept_back_is_not_judged_by_when_it_arrives(office: Office) -> None:
    late = [
        send(office, [n, *MIXED[1:]], hour=20, after=n, day=DAY, desk=True) for n in range(1, 6)
    ]
    assert late == [NO_FLAG] * 5


def test_help_is_a_flag(office: Office) -> None:
    assert send(office, assisted=True) == Flag.ASSISTED
    assert send(office, channel=Channel.INTERVIEW) == Flag.ASSISTED


@pytest.fixture
def same(office: Office) -> Submission:
    """A form that says the same everywhere, answered in no time."""
    return factories.submission(office, [5] * 10, seconds=2.0)


def at(seconds: float) -> datetime:
    return factories.at(DAY) + timedelta(seconds=seconds)


def test_only_a_finished_form_is_judged(same: Submission) -> None:
    submit(replace(same, finished=False), at(0))
    assert Response.objects.get().flags == 0
    submit(replace(same, step=2), at(5))
    assert Response.objects.get().flags == Flag.TOO_FAST | Flag.STRAIGHT_LINED


def test_a_repeat_changes_no_flag_and_makes_no_run(same: Submission, office: Office) -> None:
    submit(same, at(0))
    for second in range(1, 6):
        submit(replace(same, seconds=900.0, assisted=True), at(second))
    with pytest.raises(SubmissionNotTaken):
        submit(replace(same, answers={"A1": 1}), at(9))
    assert Response.objects.get().flags == Flag.TOO_FAST | Flag.STRAIGHT_LINED
    assert send(office, [5] * 10, after=60) == Flag.STRAIGHT_LINED


class Visitor:
    """A browser that fills in all pages at once."""

    def __init__(self, office: Office) -> None:
        self.address = f"/ks/{office.slug}/"
        self.client = Client()
        self.fields = dict(Form(self.client.get(self.address).content.decode()).filled)

    def send(self, **changed: str) -> Flag:
        """Sends page after page; the flags of what is stored then."""
        codes = [f"A{n}" for n in range(1, 7)] + [f"B{n}" for n in range(1, 5)]
        answers = {code: str(n % 5 + 1) for n, code in enumerate(codes)}
        for page in ("0", "1", "2"):
            sent = {**self.fields, **answers, **changed, "page": page}
            html = self.client.post(self.address, sent).content.decode()
            self.fields = {**self.fields, **Form(html).filled}
        assert 'id="thanks"' in html
        return Flag(Response.objects.get(id=self.fields["id"]).flags) & Flag.TOO_FAST


def signed(office: Office, visitor: Visitor, ago: float) -> str:
    """A start so many seconds before the real one, signed by this server."""
    visit = UUID(visitor.fields["id"])
    began = starts.begun(visitor.fields["start"], office.pk, visit)
    assert began is not None
    return starts.make(office.pk, visit, began - timedelta(seconds=ago))


def test_the_page_knows_how_long_it_took(office: Office) -> None:
    assert Visitor(office).send() == Flag.TOO_FAST
    slow = Visitor(office)
    assert slow.send(start=signed(office, slow, ago=60)) == NO_FLAG


@pytest.mark.parametrize("forged", ["", "x", "1:abc", "9" * 500, "::", "ơ:ơ", "-1"])
def test_a_start_that_is_missing_or_forged_is_no_flag_and_no_error(
    office: Office, forged: str
) -> None:
    assert Visitor(office).send(start=forged) == NO_FLAG


def test_the_start_of_another_form_counts_for_nothing(office: Office) -> None:
    assert Visitor(office).send(start=Visitor(office).fields["start"]) == NO_FLAG


def test_no_start_is_kept(office: Office) -> None:
    visitor = Visitor(office)
    began = visitor.fields["start"].split(".")[1]
    visitor.send()
    stored = Response.objects.values().get()
    assert began not in str({**stored, "answers": bytes(stored["answers"])})
    assert began.isdecimal()
