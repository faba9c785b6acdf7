"""Whatever is done to the audit past its triggers is noticed; what cannot be, the file tells."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit import chain, heads, verification
from audit.actors import Actor, acting
from audit.heads import Head
from audit.models import Entry, Link, Waiting
from audit.recording import record
from audit.verification import HEAD_WRITTEN, verify
from tests.audit.tampering import make_the_chain_anew, past_the_triggers

pytestmark = pytest.mark.django_db
DAY = date(2025, 11, 28)
LAN = Actor("lan", 17, "10.1.2.3")


def written(count: int) -> None:
    for number in range(count):
        with acting(LAN):
            record("office.changed", subject=str(number), details={"size": number})
    chain.seal()


def head_of(day: date = DAY) -> Head:
    link = Link.objects.order_by("seq").last()
    assert link is not None
    return Head(day.isoformat(), link.seq, bytes(link.hash).hex(), "2025-11-29T01:34:05+07:00")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of heads whose last line says that ten entries were there; three came later."""
    written(10)
    head = head_of()
    heads.append(tmp_path, head)
    record(HEAD_WRITTEN, subject=head.day, details={"seq": head.seq})
    written(2)
    return tmp_path / heads.NAME


def told(path: Path) -> list[str]:
    """The codes, without what tells two of one place apart."""
    codes = [broken.code for broken in verify(path).breaks]
    return [
        ":".join(code.split(":")[:2]) if code.startswith("clock") else code.rpartition(":")[0]
        for code in codes
    ]


def test_what_nobody_touched_holds(path: Path) -> None:
    found = verify(path)
    assert (found.links, found.heads, found.breaks) == (13, 1, [])
    assert found.newest == (13, bytes(Link.objects.get(seq=13).hash).hex())


# Every column of an entry, and what also differs where a text of it would not.
CHANGES = {
    "id": ["1000000"],
    "at": ["at + interval '1 microsecond'", "(at::timestamp::text || ' BC')::timestamptz"],
    "action": ["'office.renamed'"],
    "outcome": ["'refused'"],
    "account_id": ["7", "0"],
    "account": ["'somebody'", "' '"],
    "source": ["'10.0.0.1'", "'10.1.2.3/8'", "'::ffff:10.1.2.3'", "NULL"],
    "subject": ["''"],
    "office_id": ["7"],
    "unit_id": ["7"],
    "details": ["'{\"size\": 99}'", "'{\"size\": 4.0}'", "'null'"],
    "transaction": ["1"],
    "begun": ["begun - interval '1 day'", "'-infinity'"],
    "role": ["'nobody'"],
}


def test_every_column_is_tried() -> None:
    assert {field.column for field in Entry._meta.concrete_fields} == set(CHANGES)


@pytest.mark.django_db(transaction=True)  # a link's entry is gone, which a rollback would check
@pytest.mark.parametrize(
    ("column", "value"), [(column, value) for column in CHANGES for value in CHANGES[column]]
)
def test_a_changed_entry_is_found_and_no_other_blamed(path: Path, column: str, value: str) -> None:
    entry = Link.objects.get(seq=5).entry_id
    past_the_triggers(f"UPDATE audit_entry SET {column} = {value} WHERE id = {entry}")
    assert told(path) == (["smuggled", "entry"] if column == "id" else ["hash:5"])


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ("seq = 1000", ["gap:5", "gap:14", "hash:1000"]),
        ("at = at + interval '1 microsecond'", ["hash:5"]),
        ("at = (at::timestamp::text || ' BC')::timestamptz", ["hash:5"]),
        ("previous = sha256('x')", ["joint", "hash:5"]),
        ("hash = sha256('x')", ["hash:5", "joint"]),
    ],
)
def test_a_changed_link_is_found(path: Path, change: str, codes: list[str]) -> None:
    past_the_triggers(f"UPDATE audit_link SET {change} WHERE seq = 5")
    assert told(path) == codes


def test_two_entries_that_change_places_are_found(path: Path) -> None:
    five, six = (Link.objects.get(seq=seq).entry_id for seq in (5, 6))
    past_the_triggers(
        "UPDATE audit_link SET entry_id = -1 WHERE seq = 5",
        f"UPDATE audit_link SET entry_id = {five} WHERE seq = 6",
        f"UPDATE audit_link SET entry_id = {six} WHERE seq = 5",
    )
    assert told(path) == ["hash:5", "hash:6"]


def test_an_answer_for_a_break_that_stands_in_no_chain_answers_for_nothing(path: Path) -> None:
    """Two that were smuggled in and name each other, or the file's loss."""
    past_the_triggers(
        "INSERT INTO audit_entry (id, action, outcome, account, subject, details, at) VALUES"
        " (1000000, 'break.accepted', 'done', 'lan', 'smuggled:1000001', '{}', now()),"
        " (1000001, 'break.accepted', 'done', 'lan', 'smuggled:1000000', '{}', now()),"
        " (1000002, 'heads.lost', 'done', 'lan', '', '{}', now())"
    )
    path.unlink()
    found = verify(path)
    assert found.accepted == []
    assert told(path) == ["smuggled"] * 3 + ["line:2025-11-28"]


def test_lines_of_days_that_are_not_over_keep_no_night_from_writing_its_own(
    path: Path, today: date
) -> None:
    """Each fits the chain; with them no night would write, and nothing would vouch for the rest."""
    for later in (today, today + timedelta(days=40)):
        heads.append(path.parent, head_of(later))
    assert told(path) == [f"ahead:{today}", f"ahead:{today + timedelta(days=40)}"]


def test_a_clock_that_was_set_back_is_told_and_one_that_was_set_right_is_not(path: Path) -> None:
    past_the_triggers("UPDATE audit_link SET at = at - interval '9 minutes' WHERE seq = 12")
    make_the_chain_anew()
    path.unlink()
    heads.append(path.parent, replace(head_of(), seq=10, hash=links()[9].hex()))
    assert told(path) == []
    past_the_triggers("UPDATE audit_link SET at = at - interval '1 day' WHERE seq IN (11, 12)")
    make_the_chain_anew()
    assert told(path) == ["clock:11", "clock:12"]


def links() -> list[bytes]:
    return [bytes(link.hash) for link in Link.objects.order_by("seq")]


@pytest.mark.django_db(transaction=True)  # the foreign key is broken, which a rollback would check
def test_an_entry_that_was_cut_out_is_found(path: Path) -> None:
    entry = Link.objects.get(seq=5).entry_id
    past_the_triggers(f"DELETE FROM audit_entry WHERE id = {entry}")
    assert told(path) == ["entry"]


def test_a_link_that_was_cut_out_is_found_with_its_entry(path: Path) -> None:
    past_the_triggers("DELETE FROM audit_link WHERE seq = 5")
    assert told(path) == ["smuggled", "gap:5"]


def test_the_rows_of_a_day_whose_head_was_written_cannot_be_cut(path: Path) -> None:
    """Cut, with whatever came after, so that the chain by itself is whole."""
    past_the_triggers(
        "CREATE TEMPORARY TABLE cut ON COMMIT DROP AS"
        " SELECT entry_id FROM audit_link WHERE seq > 6;"
        " DELETE FROM audit_link WHERE seq > 6;"
        " DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM cut);"
        " DROP TABLE cut"
    )
    assert verify(path.parent / "none").holds
    assert told(path) == ["head:2025-11-28:10"]


def test_an_older_copy_of_the_database_is_noticed_also_when_it_went_on(path: Path) -> None:
    past_the_triggers(
        "CREATE TEMPORARY TABLE cut ON COMMIT DROP AS"
        " SELECT entry_id FROM audit_link WHERE seq > 6;"
        " DELETE FROM audit_link WHERE seq > 6;"
        " DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM cut);"
        " DROP TABLE cut"
    )
    written(30)
    assert verify(path.parent / "none").holds
    assert told(path) == ["head:2025-11-28:10"]


def test_a_chain_made_anew_by_its_owner_is_told_by_the_file_alone(path: Path) -> None:
    entry = Link.objects.get(seq=5).entry_id
    past_the_triggers(f"UPDATE audit_entry SET account = 'somebody' WHERE id = {entry}")
    make_the_chain_anew()
    assert verify(path.parent / "copy").breaks[0].code == "line:2025-11-28:10"
    assert told(path) == ["head:2025-11-28:10"]


def test_what_came_after_the_last_head_can_only_be_cut_until_the_next(path: Path) -> None:
    """The price of a head a day, said in docs/operations.md."""
    past_the_triggers(
        "DELETE FROM audit_waiting",
        "DELETE FROM audit_link WHERE seq = 13",
        "DELETE FROM audit_entry WHERE id = (SELECT max(id) FROM audit_entry)",
    )
    assert verify(path).holds


def test_an_entry_inserted_past_the_triggers_is_found_and_stays_out_of_the_chain(
    path: Path,
) -> None:
    past_the_triggers(
        "INSERT INTO audit_entry (action, outcome, account, subject, details, at)"
        " VALUES ('office.changed', 'done', 'lan', '', '{}', '2020-01-01')"
    )
    chain.seal()
    assert told(path) == ["smuggled"]


def test_an_entry_deleted_before_it_was_linked_is_found(path: Path) -> None:
    record("office.changed")
    past_the_triggers("DELETE FROM audit_entry WHERE id = (SELECT max(id) FROM audit_entry)")
    chain.seal()
    assert told(path) == ["gone"]


@pytest.mark.parametrize("text", ["", "\n"])
def test_a_file_of_heads_that_was_emptied_is_noticed(path: Path, text: str) -> None:
    path.write_text(text)
    assert told(path) == ["line:2025-11-28"]
    path.unlink()
    assert told(path) == ["line:2025-11-28"]


@pytest.mark.parametrize("text", ["{", "[]", '{"day": "heute", "seq": 1, "hash": "", "at": ""}'])
def test_a_file_of_heads_that_cannot_be_read_is_a_break(path: Path, text: str) -> None:
    path.write_text(text + "\n")
    assert "heads" in [code.partition(":")[0] for code in told(path)]


def test_a_line_that_a_crash_left_unfinished_spoils_no_other(tmp_path: Path) -> None:
    written(1)
    tmp_path.joinpath(heads.NAME).write_text("")
    heads.append(tmp_path, head_of())
    with tmp_path.joinpath(heads.NAME).open("a") as file:
        file.write('{"day": "2025-')
    heads.append(tmp_path, head_of(date(2025, 11, 29)))
    lines = tmp_path.joinpath(heads.NAME).read_text().splitlines()
    assert json.loads(lines[2])["day"] == "2025-11-29"
    with pytest.raises(heads.Unreadable, match="line 2"):
        heads.read(tmp_path / heads.NAME)


def test_many_breaks_are_counted_and_few_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.verification.MOST_TOLD", 4)
    past_the_triggers("UPDATE audit_entry SET account = 'somebody'")
    found = verify(path)
    assert (len(found.breaks), found.more) == (4, 9)


def test_pages_join(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "PAGE", 4)
    monkeypatch.setattr(verification, "CHAIN", verification.CHAIN.replace("10000", "4"))
    beats: list[None] = []
    found = verify(path, lambda: beats.append(None))
    assert (found.links, found.breaks, len(beats)) == (13, [], 4)


def test_the_command_says_what_is_broken_and_somebody_answers_for_it(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("audit_verify", heads=path)
    assert "13 links, 1 heads" in capsys.readouterr().out
    entry = Link.objects.get(seq=5).entry_id
    past_the_triggers(f"UPDATE audit_entry SET account = 'somebody' WHERE id = {entry}")
    with pytest.raises(CommandError, match="not what it was"):
        call_command("audit_verify", heads=path)
    code = capsys.readouterr().out.split(": ")[0]
    for arguments, said in (
        ({"accept": [code]}, "say why"),
        ({"accept": ["hash:6:00"], "reason": "phục hồi bản sao"}, "nothing is broken"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("audit_verify", heads=path, **arguments)
    call_command("audit_verify", heads=path, accept=[code], reason="phục hồi bản sao cũ")
    assert "accepted: hash:5" in capsys.readouterr().out
    assert Entry.objects.get(action="break.accepted").details == {"reason": "phục hồi bản sao cũ"}
    past_the_triggers(f"UPDATE audit_entry SET account = 'another' WHERE id = {entry}")
    with pytest.raises(CommandError):  # another change than the one that was accepted
        call_command("audit_verify", heads=path)


def test_heads_begin_anew_where_their_file_is_lost(path: Path, settings: object) -> None:
    path.unlink()
    with pytest.raises(CommandError):
        call_command("audit_verify")
    call_command("audit_verify", anew=True, reason="ổ đĩa hỏng, không còn bản sao")
    call_command("audit_verify")
    with pytest.raises(CommandError, match="no file"):
        call_command("audit_verify", heads=path)


def test_nothing_waits_after_the_command(path: Path) -> None:
    record("office.changed")
    call_command("audit_verify", heads=path)
    assert not Waiting.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry")
        assert cursor.fetchone() == (14,)
