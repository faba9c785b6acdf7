"""A form in a block of a closed month says in clear what its block says, and nothing else."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import F
from pytest_django import Settings

from offices import sealing
from offices.models import Counter as Desk
from offices.models import Office
from offices.rights import Role
from offices.sealing import CannotOpen
from reports.counting.closing import last_closed_month
from reports.models import OPEN_SEAL, Cell, ClosedMonth, Difference, Partition
from reports.night import steps
from surveys import labels
from surveys.exclusions.rules import Rule
from surveys.exclusions.steps import apply_exclusions, exclude, lift, preview
from surveys.flags.rules import Flag
from surveys.intake.submit import Outcome, SubmissionNotTaken, submit
from surveys.models import (
    Channel,
    Delivery,
    Evidence,
    LabelKey,
    Mark,
    Respondent,
    Response,
    Stage,
    State,
)
from tests import factories
from tests.reports.proof.proved import columns
from tests.surveys.exclusions.test_steps import REASON
from tests.surveys.intake.dumped import dump

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2025, 9, 1), date(2025, 9, 30)
CLOSING = date(2025, 10, 7)  # the fifth working day after it
DAY = timedelta(days=1)
# What a row may say of somebody else than of everybody in its block: an id of no meaning, answers,
# and a number that only our key opens.
OWN = {"id", "answers", "labels"}
FEWEST = 10
ABOUT = f"""
SELECT r.id, {labels.CHANNEL}, {labels.STAGE}, {labels.RESPONDENT}, {labels.FLAGS},
       {labels.PROCEDURE}, {labels.EVIDENCE}, {labels.DELIVERY}
FROM surveys_response r
"""


@pytest.fixture
def office(settings: Settings) -> Office:
    settings.CLOSING_WORKING_DAYS = 5
    factories.instrument({"A": 2, "B": 1})
    office = factories.office()
    factories.rhythm(office)
    return office


def people(office: Office, per_day: int = 12) -> None:
    """Of three days, each with everything that tells a person from the others of the day."""
    procedures = [None, factories.procedure(), factories.procedure("2.000001", "Đất đai")]
    desks = [None, Desk.objects.create(office=office, number=1, name="Quầy 1")]
    for day in (FIRST, FIRST + DAY, LAST - 2 * DAY):
        for number in range(per_day):
            factories.responses(
                office, 1, day=day, answers=bytes([1 + number % 5, 2, 3]),
                channel=(Channel.PHONE, Channel.TABLET, Channel.PORTAL)[number % 3],
                stage=(Stage.UNKNOWN, Stage.RECEIVED, Stage.REFUSED)[number // 2 % 3],
                respondent=Respondent(number // 4 % 3),
                flags=(0, Flag.BURST.value, (Flag.SURGE | Flag.TOO_FAST).value)[number // 3 % 3],
                procedure=procedures[number // 5 % 3], counter=desks[number % 2],
                language=("vi", "en", "km")[number % 3],
                evidence=Evidence(number % 6), delivery=Delivery(number % 3 if number % 6 else 0),
                state=(State.FINISHED, State.SETTLED)[number % 7 == 6],
                received_on=day + number % 4 * DAY,
            )  # fmt: skip


def about() -> Mapping[UUID, tuple[object, ...]]:
    """What is known of each form, in clear or not."""
    with connection.cursor() as cursor:
        cursor.execute(ABOUT, {"opener": labels.opener_or_none()})
        return {key: tuple(said) for key, *said in cursor.fetchall()}


def night(day: date = CLOSING) -> None:
    steps.close(day)
    assert not Difference.objects.filter(ended_at=None).exists()


def test_a_dump_of_closed_months_tells_nobody_from_the_others_of_the_day(office: Office) -> None:
    people(office)
    before = about()
    night()
    rows = [row for row in dump("surveys_response") if row["office_id"] == str(office.pk)]
    assert len(rows) == 36
    assert ClosedMonth.objects.filter(office=office, start=FIRST).exists()
    groups = Counter(tuple(v for k, v in row.items() if k not in OWN) for row in rows)
    assert set(groups.values()) == {12}
    # the number says nothing either: no two are the same, whatever they hold
    assert len({row["labels"] for row in rows}) == 36
    assert about() == before


def test_whoever_lacks_the_key_reads_nothing_in_the_number(office: Office) -> None:
    """With the dump alone: no bit of the numbers goes with any label."""
    people(office, per_day=96)
    before = {str(key): said for key, said in about().items()}
    night()
    rows = dump("surveys_response")
    numbers = {row["id"]: int(row["labels"]) for row in rows if row["labels"]}
    assert len(numbers) == 288
    for bit in range(64):
        ones = [before[key] for key, number in numbers.items() if number >> bit & 1]
        # of 288 by chance 144, give or take 8.5
        assert 92 < len(ones) < 196, bit
        phones = sum(said[0] == Channel.PHONE for said in ones)
        assert 0.15 < phones / len(ones) < 0.52, bit
    assert not set(LabelKey.objects.values_list("id", flat=True)) - {1}


def test_forms_of_open_months_stay_in_clear(office: Office) -> None:
    people(office)
    factories.responses(office, 12, day=CLOSING + DAY, channel=Channel.TABLET)
    night(CLOSING + DAY)
    clear = Response.objects.filter(labels=None)
    assert set(clear.values_list("day", "channel")) == {(CLOSING + DAY, Channel.TABLET)}
    assert clear.filter(batch__isnull=False).count() == 12
    assert last_closed_month(CLOSING + DAY).last == LAST
    assert last_closed_month(CLOSING - DAY).last == FIRST - DAY


def test_forms_without_a_block_say_no_more_than_why(office: Office) -> None:
    desk = factories.procedure()
    factories.responses(office, 2, day=FIRST, channel=Channel.INTERVIEW, procedure=desk)
    factories.responses(office, 2, day=FIRST, stage=Stage.WAITING, channel=Channel.PORTAL)
    factories.responses(office, 2, day=FIRST, valid=False, flags=Flag.BURST.value)
    factories.responses(office, 3, day=FIRST, channel=Channel.TABLET, state=State.SETTLED)
    factories.responses(office, 1, day=FIRST, state=State.OPEN, language="km")
    before = about()
    night()
    said = Response.objects.values_list(
        "channel", "stage", "valid", "state", "flags", "procedure", "language"
    )
    assert Counter(said) == {
        (Channel.INTERVIEW, 0, True, State.FINISHED, 0, None, ""): 2,
        (0, Stage.WAITING, True, State.FINISHED, 0, None, ""): 2,
        (0, 0, False, State.FINISHED, 0, None, ""): 2,
        # with whoever was answering when the night began, and was settled by it
        (0, 0, True, State.SETTLED, 0, None, ""): 4,
    }
    assert about() == before


def test_who_stopped_before_the_end_is_not_told_beside_a_block_that_comes_later(
    office: Office,
) -> None:
    """Too few for their month: they are folded, and their quarter makes them a block."""
    for month, day in ((7, date(2025, 8, 7)), (8, date(2025, 9, 5)), (9, CLOSING)):
        factories.responses(office, 3, day=date(2025, month, 9))
        factories.responses(office, 1, day=date(2025, month, 9), state=State.SETTLED)
        Mark.objects.create(office=office, day=date(2025, month, 9))
        night(day)
    assert set(Response.objects.values_list("batch", "state")) == {(1, State.FINISHED)}


def test_who_goes_on_with_a_form_of_a_closed_month_says_all_of_it_again(office: Office) -> None:
    begun = factories.submission(office, [5, 2], channel=Channel.TABLET, finished=False)
    submit(begun, factories.at(FIRST))
    night()
    assert Response.objects.get().labels is not None
    ended = factories.submission(office, [5, 2, 1], id=begun.id, step=2, stage=Stage.RECEIVED)
    assert submit(ended, factories.at(CLOSING + DAY)).outcome is Outcome.STORED
    assert set(Response.objects.values_list("channel", "stage", "labels")) == {
        (ended.channel, Stage.RECEIVED, None)
    }


def test_what_is_folded_once_is_left_alone(office: Office) -> None:
    people(office)
    night()
    before = list(Response.objects.order_by("id").values())
    assert labels.fold(LAST) == 0
    assert list(Response.objects.order_by("id").values()) == before


def test_before_the_month_closes_nobody_is_folded(office: Office) -> None:
    people(office)
    night(CLOSING - DAY)
    assert Response.objects.filter(batch__isnull=False).count() == 36
    assert not Response.objects.exclude(labels=None).exists()
    assert not LabelKey.objects.exists()


def test_rules_leave_out_by_folded_labels_and_let_in_again(office: Office) -> None:
    people(office, per_day=40)
    wanted = Response.objects.filter(channel=Channel.TABLET, flags=Flag.BURST.value)
    wanted_ids = set(wanted.values_list("id", flat=True))
    assert len(wanted_ids) >= FEWEST
    night()
    assert office.unit.parent is not None
    auditor = factories.official(office.unit.parent, Role.AUDITOR)
    rule = Rule(office.pk, FIRST, LAST, Flag.BURST, channel=Channel.TABLET)
    made = exclude(rule, REASON, auditor, approved=1)
    out = Response.objects.filter(excluded=True)
    assert set(out.values_list("id", flat=True)) == wanted_ids
    apply_exclusions(office.pk, [FIRST, FIRST + DAY])  # without the key
    assert set(out.values_list("id", flat=True)) == wanted_ids
    steps.count_marked()
    assert set(out.values_list("id", flat=True)) == wanted_ids
    night(CLOSING + DAY)
    lift(made.pk, REASON, auditor, approved=1)
    assert not out.exists()


def test_a_year_is_told_apart_by_months_that_were_folded_before(office: Office) -> None:
    """Three fields, too few by the month: its cells come with the quarter."""
    procedures = [
        factories.procedure(f"1.00000{n}", field)
        for n, field in enumerate(("Hộ tịch", "Đất đai", "Xây dựng"))
    ]
    for month in (7, 8, 9):
        for number, procedure in enumerate(procedures):
            factories.responses(
                office, (7, 6, 5)[number], day=date(2025, month, 9), procedure=procedure
            )
        night({7: date(2025, 8, 7), 8: date(2025, 9, 8), 9: CLOSING}[month])
    # who was folded a month ago is still told apart by field
    assert Response.objects.filter(labels=None, batch__isnull=False).count() == 0
    made = Partition.objects.get()
    assert made.period == "quarter"
    assert sorted(cell.people for cell in Cell.objects.filter(partition=made)) == [15, 18, 21]


@pytest.mark.parametrize(
    "alter",
    [
        lambda rows: rows.update(channel=Channel.TABLET),
        lambda rows: rows.update(flags=Flag.BURST.value),
        lambda rows: rows.update(procedure=factories.procedure("3.000001")),
        lambda rows: rows.update(labels=None),
        lambda rows: rows.update(labels=5),
        lambda rows: rows.update(labels=F("labels").bitxor(1 << labels.RESERVED_BITS[0])),
        lambda _rows: LabelKey.objects.all().delete(),
        lambda _rows: LabelKey.objects.update(sealed=sealing.seal(b"x" * 32)),
    ],
)
def test_whoever_alters_folded_labels_is_found(
    office: Office, alter: Callable[[object], object]
) -> None:
    people(office)
    night()
    one = Response.objects.order_by("id").values_list("pk", flat=True)[:1]
    alter(Response.objects.filter(pk__in=list(one)))
    steps.close(CLOSING + DAY)
    found = Difference.objects.filter(ended_at=None, column="digest")
    assert found.exists()


def test_a_form_that_is_sent_again_after_its_month_is_a_repeat(office: Office) -> None:
    for _ in range(11):
        factories.answer(office, [5, 4, 1], now=factories.at(FIRST))
    said = factories.submission(office, [5, 4, 1], stage=Stage.RECEIVED)
    submit(said, factories.at(FIRST))
    night()
    assert Response.objects.get(id=said.id).labels is not None
    assert submit(said, factories.at(CLOSING + DAY)).outcome is Outcome.REPEATED
    other = factories.submission(office, [5, 4, 1], id=said.id, stage=Stage.REFUSED)
    with pytest.raises(SubmissionNotTaken):
        submit(other, factories.at(CLOSING + DAY))


def test_after_a_change_of_secret_labels_stay_readable(office: Office, settings: Settings) -> None:
    people(office)
    before = about()
    night()
    first = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 64, [first]
    assert about() == before
    factories.responses(office, 12, day=date(2025, 10, 15))
    night(date(2025, 11, 7))
    # sealed anew: the old one may go now
    settings.SECRET_KEY_FALLBACKS = []
    assert {key: said for key, said in about().items() if key in before} == before


@pytest.fixture
def refused(office: Office) -> Office:
    """Ten people are to leave, seven and three of two cells: they wait."""
    fields = factories.procedure("1.000001", "Hộ tịch"), factories.procedure("2.000001", "Đất đai")
    for field, tablets in zip(fields, (7, 3), strict=True):
        factories.responses(office, tablets, day=FIRST, procedure=field, channel=Channel.TABLET)
        factories.responses(office, 20 - tablets, day=FIRST, procedure=field)
    night()
    assert office.unit.parent is not None
    auditor = factories.official(office.unit.parent, Role.AUDITOR)
    exclude(Rule(office.pk, FIRST, LAST, channel=Channel.TABLET), REASON, auditor, approved=1)
    steps.count_marked()
    assert state_of_labels() == (10, 0, [20, 20])
    return office


def state_of_labels() -> tuple[int, int, list[int]]:
    """How many are to leave, how many have left, and the people of the cells that tell them."""
    left = [Response.objects.filter(**{name: True}).count() for name in ("excluded", "withdrawn")]
    return left[0], left[1], [cell.people for cell in Cell.objects.all() if cell.members]


@pytest.mark.parametrize("lost", ["secret", "row"])
def test_without_the_key_nothing_is_folded_counted_or_moved(
    refused: Office, settings: Settings, lost: str
) -> None:
    first, kept = settings.SECRET_KEY, LabelKey.objects.get()
    if lost == "secret":
        settings.SECRET_KEY = "n" * 64
    else:
        kept.delete()
    factories.responses(refused, 12, day=date(2025, 10, 15))
    Mark.objects.create(office=refused, day=FIRST)
    with pytest.raises(ExceptionGroup, match="could not be counted"):
        steps.count_marked()
    rule = Rule(refused.pk, FIRST, LAST, Flag.BURST)
    for act in (partial(labels.fold, date(2025, 10, 31)), partial(preview, rule)):
        with pytest.raises(CannotOpen, match="key of folded labels"):
            act()
    assert state_of_labels() == (10, 0, [20, 20])
    assert Response.objects.filter(labels=None).count() == 12
    # with the key all goes on
    settings.SECRET_KEY = first
    LabelKey.objects.get_or_create(pk=kept.pk or LabelKey.ONLY, defaults={"sealed": kept.sealed})
    steps.count_marked()
    assert state_of_labels() == (10, 0, [20, 20])
    assert labels.fold(date(2025, 10, 31)) == 12


def test_whoever_sends_an_id_of_another_office_again_learns_nothing(office: Office) -> None:
    """With two dumps: the pads of one id at two offices are not the same."""
    factories.responses(office, 12, day=FIRST, channel=Channel.TABLET)
    other = factories.office()
    factories.rhythm(other)
    factories.responses(other, 12, day=FIRST)
    theirs = Response.objects.filter(office=office).values_list("id", flat=True)[0]
    mine = Response.objects.filter(office=other).values_list("id", flat=True)[0]
    Response.objects.filter(office=other, id=mine).update(id=theirs)
    night()
    one, two = Response.objects.filter(id=theirs).values_list("labels", flat=True)
    assert one is not None
    assert two is not None
    assert one ^ two != Channel.TABLET ^ Channel.PHONE


def test_no_seal_of_the_month_tells_labels_to_whoever_tries_them(office: Office) -> None:
    factories.responses(office, 20, day=FIRST)
    night()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {OPEN_SEAL} FROM surveys_response r", {"opener": labels.ensured()})
        (tried,) = cursor.fetchone()
    closed = ClosedMonth.objects.get(start=FIRST)
    assert closed.keyed
    assert closed.digest != tried


def test_a_month_that_was_sealed_without_the_key_is_sealed_with_it(office: Office) -> None:
    people(office)
    night()
    closed = ClosedMonth.objects.get(start=FIRST)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {OPEN_SEAL} FROM surveys_response r", {"opener": labels.ensured()})
        (before,) = cursor.fetchone()
    ClosedMonth.objects.update(digest=before, keyed=False)
    night(CLOSING + DAY)
    assert set(ClosedMonth.objects.values_list("digest", "keyed")) == {(closed.digest, True)}
    # one that does not fit is not mended by it
    ClosedMonth.objects.update(digest="0" * 64, keyed=False)
    steps.close(CLOSING + 2 * DAY)
    assert set(ClosedMonth.objects.values_list("digest", "keyed")) == {("0" * 64, False)}
    assert ("reports_closedmonth", "digest") in columns()


def test_labels_are_written_in_clear_again_for_an_earlier_version(office: Office) -> None:
    people(office)
    before = about()
    night()
    labels.unfold()
    assert about() == before
    assert not Response.objects.exclude(labels=None).exists()


def test_numbers_that_are_too_large_stay_in_clear(office: Office) -> None:
    factories.responses(office, 12, day=FIRST, flags=2**12)
    night()
    assert set(Response.objects.values_list("flags", "labels")) == {(2**12, None)}
