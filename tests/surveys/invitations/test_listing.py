"""Lists as offices have them: what Excel made of numbers and days is understood, or asked about."""

import csv
import io
from collections.abc import Sequence
from datetime import date

import openpyxl
import pytest

from offices.models import Office
from offices.tables import FileRefused
from surveys.invitations.listing import (
    DayOrder,
    Listed,
    OrderAsked,
    day_in,
    read_list,
    recipient,
)
from surveys.models import Stage
from tests import factories
from tests.surveys.invitations.invited import entry

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 30)
HEADINGS = ["Mã hồ sơ", "Ngày kết thúc", "Kết quả", "Mã thủ tục", "Liên hệ"]


@pytest.fixture
def office() -> Office:
    return factories.office()


def code(number: int) -> str:
    return f"H15.50.05.13-261008-{number:04}"


def written(days: Sequence[str], separator: str = ";") -> str:
    rows = [[code(n), day, "", "", "912000001"] for n, day in enumerate(days)]
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows([HEADINGS, *rows])
    return out.getvalue()


def days(office: Office, *said: str, order: DayOrder | None = None) -> list[date]:
    read = read_list(written(said).encode(), entry(office), TODAY, order)
    return [one.wish.finished_on for one in read.listed]


@pytest.mark.parametrize(
    ("written_to", "understood"),
    [
        ("0912000001", "+84912000001"),
        ("912000001", "+84912000001"),
        ("912 000 001", "+84912000001"),
        ("84912000001", "+84912000001"),
        ("+84 912.000.001", "+84912000001"),
        ("'0912000001", "+84912000001"),
        ("tel:0912000001", "+84912000001"),
        ("a@example.vn", "a@example.vn"),
        ("a@example.vn,", "a@example.vn"),
        ("a@example.vn.", "a@example.vn"),
        ("mailto:a@example.vn", "a@example.vn"),
        ("MAILTO: a@example.vn;", "a@example.vn"),
        ("<a@example.vn>", "a@example.vn"),
        ("\u200ba@example.vn\u00a0", "a@example.vn"),
        ("", ""),
        ("@example.vn", ""),
        ("9.12E+08", ""),
        ("212000001", ""),
        ("91200000", ""),
        ("0912000001 - 0912000002", ""),
        ("a@example.vn, b@example.vn", ""),
        (f"a@{'x' * 70}.vn", ""),
        (f"{'a' * 60}@{'x' * 60}.vn", ""),
        ("ở nhà", ""),
    ],
)
def test_a_contact_is_understood_or_left_out(written_to: str, understood: str) -> None:
    assert recipient(written_to) == understood


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("first", ["", "sep={}\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_lists_come_in_many_spellings(
    office: Office, separator: str, first: str, encoding: str
) -> None:
    text = first.replace("{}", separator) + written(["30/11/2026"], separator)
    read = read_list(text.encode(encoding), entry(office), TODAY)
    (one,) = read.listed
    assert (one.wish.dossier, one.wish.finished_on) == (code(0), TODAY)
    assert (one.send_to, one.is_stage_told) == ("+84912000001", False)


def test_a_workbook_is_taken_as_it_is(office: Office) -> None:
    book = openpyxl.Workbook()
    for cells in (HEADINGS, [code(1), date(2026, 11, 5), "từ chối", None, 912000001]):
        book.active.append(cells)
    out = io.BytesIO()
    book.save(out)
    read = read_list(out.getvalue(), entry(office), TODAY)
    (one,) = read.listed
    assert isinstance(one, Listed)
    assert one.wish.finished_on == date(2026, 11, 5)  # a day of Excel is one day only
    assert (one.wish.stage, one.is_stage_told) == (Stage.REFUSED, True)
    assert one.send_to == "+84912000001"


def test_days_that_may_be_swapped_are_asked_about(office: Office) -> None:
    with pytest.raises(OrderAsked) as asked:
        days(office, "2026-11-20", "11/5/2026", "11/11/2026")
    assert asked.value.written == "11/5/2026"
    assert asked.value.as_day_first == date(2026, 5, 11)
    assert asked.value.as_month_first == date(2026, 11, 5)
    assert asked.value.likely is DayOrder.MONTH  # the 11th of May is too long ago
    by_month = days(office, "2026-11-20", "11/5/2026", "11/11/2026", order=DayOrder.MONTH)
    assert by_month == [date(2026, 11, 20), date(2026, 11, 5), date(2026, 11, 11)]


def test_what_was_said_is_believed_even_where_no_day_fits(office: Office) -> None:
    with pytest.raises(FileRefused):
        days(office, "11/5/2026", order=DayOrder.DAY)


@pytest.mark.parametrize(
    ("today", "said", "likely"),
    [
        (date(2026, 12, 31), "12/11/2026", DayOrder.MONTH),  # the 11th of December
        (date(2026, 12, 31), "5/12/2026", DayOrder.DAY),
        (date(2027, 1, 3), "1/2/2027", DayOrder.MONTH),  # the other one is still to come
        (date(2026, 12, 12), "11/12/2026", None),  # both may be: of December, of November
        (date(2026, 12, 12), "1/2/2026", None),  # neither
    ],
)
def test_the_likelier_order_is_offered(
    office: Office, today: date, said: str, likely: DayOrder | None
) -> None:
    with pytest.raises(OrderAsked) as asked:
        read_list(written([said]).encode(), entry(office), today)
    assert asked.value.likely is likely


@pytest.mark.parametrize("order", [None, *DayOrder])
def test_a_day_that_can_be_read_in_one_way_only_tells_of_all(
    office: Office, order: DayOrder | None
) -> None:
    assert days(office, "11/5/2026", "11/20/2026", order=order) == [
        date(2026, 11, 5),
        date(2026, 11, 20),
    ]
    assert days(office, "5/11/2026", "20/11/2026", order=order) == [
        date(2026, 11, 5),
        date(2026, 11, 20),
    ]
    assert days(office, "11/11/2026", "2026-11-05", order=order)[1] == date(2026, 11, 5)


def test_two_ways_in_one_list_are_a_mistake_of_the_line(office: Office) -> None:
    with pytest.raises(FileRefused) as refused:
        days(office, "20/11/2026", "11/20/2026")
    (mistake,) = refused.value.mistakes
    assert (mistake.line, mistake.column) == (3, "Ngày có kết quả")


def test_a_list_with_other_mistakes_tells_them_before_it_asks(office: Office) -> None:
    text = f"{';'.join(HEADINGS)}\n{code(1)};11/5/2026;;;;x"
    with pytest.raises(FileRefused) as refused:
        read_list(text.encode(), entry(office), TODAY)
    assert [mistake.line for mistake in refused.value.mistakes] == [2]


@pytest.mark.parametrize("order", DayOrder)
def test_what_is_no_day_is_none_in_either_order(order: DayOrder) -> None:
    for text in ("", "hôm qua", "13/13/2026", "31/2/2026", "2/31/2026", "1/2/26", "2026-13-01"):
        assert day_in(text, order) is None
