"""What the parsers of outside input cost: calls, letters and rows are counted, never seconds.

Whatever is sent, the work grows with its size and ends at a budget (decision 0035).
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.functional import lazystr
from django.utils.translation import gettext, override
from hypothesis import given
from hypothesis import strategies as st

from accounts import drafts
from offices import directory, tables
from offices.dossiers import file as dossier_file
from offices.models import Office
from offices.names import plain
from offices.tables import (
    MOST_COLUMNS,
    MOST_EMPTY_LINES,
    Column,
    FileRefused,
    Shape,
    UploadedTable,
)
from officials.figures import choice
from surveys.citizen.sheet import read_sheet
from surveys.devices import views
from surveys.devices.delivery import deliver
from surveys.devices.delivery.record import read_record
from surveys.devices.delivery.sealing import Unreadable, seal, unseal
from surveys.exclusions import rules
from surveys.intake.submit import LONGEST_REMARK
from surveys.invitations import integrations, listing
from surveys.models import Response
from surveys.questionnaires import catalogue
from surveys.questionnaires.entry import BadFile
from surveys.questionnaires.reader import DEEPEST, MOST_VALUES, parse
from tests import factories
from tests.officials.figures.test_pages import signed_in
from tests.surveys.devices.test_delivery import record
from tests.surveys.exclusions.test_rules import CELLS, RULES
from tests.test_house import ROOT, tracked
from tests.work import calls

SHAPE = Shape(
    columns={
        "day": Column(lazystr("Day"), frozenset({"ngay"}), needed=True),
        "note": Column(lazystr("Note"), frozenset({"ghichu"})),
    },
    most_bytes=5 * 1024 * 1024,
    most_lines=1_000,
)
MEGABYTE = 1024 * 1024


def read_table(content: str, shape: Shape = SHAPE) -> list[str]:
    """What is said of a table, in English."""
    table = UploadedTable(content.encode(), shape)
    with override("en"):
        for _ in table.rows():
            pass
        try:
            table.check()
        except FileRefused as refused:
            return [mistake.text for mistake in refused.mistakes]
    return []


@pytest.fixture(scope="module", autouse=True)
def _texts_are_loaded() -> None:
    """Reading all translations and letters once costs more than anything here."""
    read_table("ngày\n1")
    gettext("Save")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("ngay," * 1_000_000, "more than 100 columns"),
        (",ngay" * 1_000_000 + "\n1", "more than 100 columns"),
        ("x," * 2 * MEGABYTE, "more than 100 columns"),
        ("ngày\n" + "1," * 2 * MEGABYTE, "no line below|cells, but|more than 100 columns"),
        ("ngày\n" + "\n" * 4 * MEGABYTE, "more than 10000 empty lines"),
        ("\n" * 4 * MEGABYTE, "more than 10000 empty lines"),
        ("ngày,ghi chú\n" + ",\n" * 2 * MEGABYTE, "more than 10000 empty lines"),
        ("ngày\n" + "1\n" * MEGABYTE, "more than 1000 lines"),
        ("x\n" + ("ngay;" * 100_000 + "\n") * 8, "stand in line 2 only"),
        ("x" * 4 * MEGABYTE, "cannot be read"),
        ("ngày\n" + "x" * 100_000, "more than 10000 letters"),
        ('"' * 4 * MEGABYTE, "cannot be read"),
        ("ngày" + "x" * 100_000 + "\n1", "more than 10000 letters"),
        (("ngày" * 5_000 + ",") * 50 + "\n1", "more than 10000 letters"),
    ],
    ids=range(14),
)
def test_a_table_made_to_keep_a_worker_busy_is_refused_with_little_work(
    content: str, said: str
) -> None:
    found: list[str] = []
    done = calls(lambda: found.extend(read_table(content)))
    assert re.search(said, found[0]), found[0]
    # a row takes about 20
    assert done < 40 * (SHAPE.most_lines + MOST_EMPTY_LINES)


@given(st.integers(1, 3_000), st.integers(0, 60), st.sampled_from(",;\t"), st.booleans())
def test_headings_are_matched_in_work_that_their_number_bounds(
    columns: int, length: int, separator: str, known: bool
) -> None:
    heading = "ngày" if known else "x" * length
    given_to: list[str] = []

    def counting(text: str, real: Callable[[str], str] = plain) -> str:
        given_to.append(text)
        return real(text)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(tables, "plain", counting)
        read_table(separator.join([heading] * columns) + "\n1")
    # once as headings, once more where they are looked for below a title, in two lines
    assert len(given_to) <= 3 * min(columns, MOST_COLUMNS) + 3
    assert sum(map(len, given_to)) <= 3 * MOST_COLUMNS * max(len(heading), 4) + 3


@given(st.lists(st.lists(st.text(max_size=8), max_size=6), max_size=30))
def test_whatever_a_table_holds_each_row_costs_the_same(rows: list[list[str]]) -> None:
    text = "\n".join(["ngay,ghi chu", *(",".join(cells) for cells in rows)])
    # a cell may hold the ends of lines
    lines = len(re.split(r"\r\n|\r|\n", text))
    assert calls(lambda: read_table(text)) < 400 + 120 * lines + 20 * text.count(",")


@pytest.mark.parametrize("shape", [listing.SHAPE, dossier_file.SHAPE])
def test_what_a_spreadsheet_writes_beside_a_table_is_taken(shape: Shape) -> None:
    headings = [min(column.headings) for column in shape.columns.values()]
    empty = "," * 300
    text = "\n".join([",".join(headings) + empty, "," * 4 + empty, "a" + empty, *([empty] * 900)])
    table = UploadedTable(text.encode(), shape)
    assert [line for line, _ in table.rows()] == [3]
    table.check()


DEEP = "[" * 50_000
YAML = [
    *("a: [" + "x, " * 9 + "]\n", "- a\n", "a: {b: c}\n", "# note\n", '"', "- |\n  x\n", "? "),
    *("&a b: 1\n", "x", "x ", "- [", "{", "- - ", "a: b: ", "!!str a\n", "%", "'", "\t", "é: 1\n"),
    *("a:\n  ", "<<: {a: 1}\n", "- 2026-01-01\n", "- 1_000.5e3\n", "- 190:20:30\n", "\n\n"),
]


def read_yaml(text: str) -> str:
    with pytest.raises(BadFile) as refused:
        parse(text, "phieu.yaml")
    return str(refused.value)


@pytest.mark.parametrize("piece", YAML)
def test_a_questionnaire_costs_no_more_than_its_letters(piece: str) -> None:
    shorter, longer = ((piece * length)[:length] for length in (8_000, 16_000))
    once = calls(lambda: read_yaml(shorter))
    assert calls(lambda: read_yaml(longer)) < 2.3 * once + 20_000
    assert once < 250 * len(shorter) + 20_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a\n" * (MOST_VALUES + 1), f"more than {MOST_VALUES} values"),
        ("[" * (DEEPEST + 1), f"more than {DEEPEST} deep"),
        (DEEP, f"more than {DEEPEST} deep"),
        ("- " * 10_000, f"more than {DEEPEST} deep"),
        ("- a\n" * 60_000, f"more than {MOST_VALUES} values"),
    ],
)
def test_a_questionnaire_with_more_than_any_is_not_read_on(text: str, said: str) -> None:
    message = ""

    def read() -> None:
        nonlocal message
        message = read_yaml(text)

    done = calls(read)
    assert said in message
    assert done < 150 * 4 * MOST_VALUES


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
LISTS = st.lists(LEAVES, max_size=5)
WORDS = st.text(max_size=9)
JSON = LEAVES | LISTS | st.dictionaries(WORDS, LEAVES | LISTS, max_size=5)
HONEST: dict[str, Any] = {  # Any: JSON
    **{"v": 2, "office": "ha-tien", "form": "counter.1", "step": 3, "finished": True, "at": 1},
    **{"id": str(uuid4()), "channel": "phone", "answers": {"O1": 5}, "language": "vi", "took": 40},
}


@given(st.dictionaries(st.sampled_from([*HONEST, "remark", "procedure", "counter"]), JSON))
def test_an_envelope_is_read_or_unreadable_and_costs_little(changed: dict[str, Any]) -> None:
    def read() -> None:
        with suppress(Unreadable):
            read_record(HONEST | changed)

    size = len(json.dumps(changed))
    assert calls(read) < 300 + 10 * size


@pytest.mark.parametrize(
    "envelope",
    [
        {"answers": {str(n): 1 for n in range(100_000)}},
        {"remark": "x" * MEGABYTE},
        {"form": "a." * MEGABYTE},
        {"id": "a" * MEGABYTE},
        {"step": 10**400},
    ],
)
def test_what_is_too_long_in_an_envelope_is_looked_at_no_further(envelope: dict[str, Any]) -> None:
    def read() -> None:
        with pytest.raises(Unreadable):
            read_record(HONEST | envelope)

    assert calls(read) < 600


@pytest.fixture
def office(db: None) -> Office:
    factories.instrument({"O": 1, "A": 1}, slug="counter")
    return factories.office()


def delivered(body: bytes) -> Any:  # Any: a response of the test client
    return Client().post(reverse("surveys:delivery"), body, content_type="application/json")


def test_the_longest_answers_fit_into_a_delivery_and_a_backlog_is_delivered_whole(
    office: Office,
) -> None:
    # a letter of a remark has three bytes at most, as browsers count and write them
    words = dict.fromkeys(("tablet", "invitation", "procedure"), "x" * 100)
    sealed = seal(record(office, remark="x" * 3 * LONGEST_REMARK, **words))
    assert unseal(sealed)
    longest = len(json.dumps({"at": 2**48, "records": [sealed] * deliver.AT_ONCE}))
    assert longest <= views.LARGEST_DELIVERY < settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    backlog = [seal(record(office)) for _ in range(2 * deliver.AT_ONCE + 7)]
    sent = record(office)["at"]
    outcomes = []
    while backlog:  # as static/js/deliver.js does
        part, backlog = backlog[: deliver.AT_ONCE], backlog[deliver.AT_ONCE :]
        answer = delivered(json.dumps({"at": sent, "records": part}).encode())
        outcomes += [result["outcome"] for result in answer.json()["results"]]
    assert outcomes == ["stored"] * len(outcomes)
    assert Response.objects.count() == len(outcomes) == 107


def client_at_once() -> int:
    found = re.search(r"AT_ONCE = (\d+)", (ROOT / "static/js/deliver.js").read_text("utf-8"))
    assert found is not None
    return int(found[1])


@pytest.mark.django_db
def test_devices_send_what_is_taken_at_once() -> None:
    assert client_at_once() == deliver.AT_ONCE
    body = b'{"at": 1, "records": [' + b" " * views.LARGEST_DELIVERY + b"]}"
    answer = delivered(body)
    assert answer.status_code == 413
    assert "ít phiếu" in answer.json()["error"]
    for name in ("pair", "heartbeat"):
        said = Client().post(
            reverse(f"surveys:{name}"), b"[" * 100_000, content_type="application/json"
        )
        assert said.status_code in (401, 404)


@pytest.mark.django_db
@pytest.mark.parametrize("body", [DEEP, '{"at":' + "9" * 5_000 + "}", '{"a":' * 9_000, "\x00"])
def test_a_body_that_is_made_to_fail_is_told_so(body: str) -> None:
    assert delivered(body.encode()).status_code == 422


@pytest.mark.django_db
def test_another_system_is_told_that_a_body_is_too_large(office: Office) -> None:
    key = integrations.make("Cổng", office.unit).key
    answer = Client().post(
        "/api/loi-moi",
        b" " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )
    assert answer.status_code == 413
    assert answer.json()["error"] == "size"
    assert "Chia" in answer.json()["message"]["vi"]


def test_a_sheet_costs_the_same_however_long_its_texts_are(office: Office) -> None:
    where, asked = directory.current().office(office.slug), catalogue.current().default
    assert where is not None
    assert asked is not None

    def cost(length: int) -> int:
        sent = QueryDict(mutable=True)
        names = ("form", "id", "step", "counter", "start", "website", "invitation", "remark")
        sent.update(dict.fromkeys((*names, "O1", "A1", "contact", "procedure"), "9" * length))
        return calls(lambda: read_sheet(where, asked, sent))

    cost(200)  # what is loaded once is loaded now
    assert cost(200_000) < cost(200) + 100


@given(st.lists(CELLS, max_size=12), st.lists(RULES, max_size=4))
def test_each_rule_looks_at_each_cell_once_whatever_was_changed_how_often(
    cells: list[rules.Cell], known: list[rules.Rule]
) -> None:
    looked: list[object] = []

    def counting(rule: rules.Rule, cell: rules.Cell, real: Any = rules.matches) -> bool:
        looked.append((rule, cell))
        return bool(real(rule, cell))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rules, "matches", counting)
        meant = rules.meant_by(cells, known * 3)
        for number in range(len(known)):
            rules.counts_by_difference(meant, known[:number], known[number:])
    assert len(looked) <= len(cells) * len(set(known))


# No number, one that Python does not read, and one that no column holds.
NUMBERS = ["²", "9" * 5_000, "9" * 30]


@pytest.mark.django_db
@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_that_is_none_or_too_long_is_no_error(office: Office, number: str) -> None:
    request = RequestFactory().post("/", {drafts.AGAIN: number})
    drafts.was_sent(factories.user(), request)
    assert office.unit.parent is not None
    page = signed_in(factories.official(office.unit.parent))
    address = reverse("officials:office_edit", args=[office.slug])
    assert page.post(address, {"step": "counter", "counter": number}).status_code == 404


@given(st.text(max_size=50), st.integers(1, 2_000))
def test_what_an_address_asks_of_figures_costs_the_same_whatever_it_is(
    text: str, times: int
) -> None:
    def ask() -> None:
        choice.is_day(text * times)
        choice.read_territory({"ban-do": text * times})

    assert calls(ask) < 30


def searches() -> Iterator[tuple[str, str]]:
    """Where a page reads what somebody looks for."""
    for path in tracked("*.py"):
        if path.relative_to(ROOT).parts[0] in ("officials", "surveys", "reports", "accounts"):
            for line in path.read_text("utf-8").splitlines():
                if re.search(r"GET\.get\(\"(tim|tu|den)\"", line):
                    yield path.name, line


def test_what_somebody_looks_for_is_cut_before_it_is_read() -> None:
    found = list(searches())
    assert len(found) > 5
    assert [name for name, line in found if not re.search(r"\[:LONGEST", line)] == []
