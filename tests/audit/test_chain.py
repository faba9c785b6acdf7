"""Every entry gets its place in one chain, and nothing on the way holds anybody up."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from audit import chain
from audit.actors import Actor, acting
from audit.models import Entry, Link, Waiting
from audit.recording import record
from audit.verification import verify
from offices.locks import Lock
from tests.audit.tampering import on_its_own, recomputed

pytestmark = pytest.mark.django_db(transaction=True)
LAN = Actor("lan", 17, "10.1.2.3")
WRITERS = 50


def record_in_a_transaction(action: str) -> None:
    with transaction.atomic():
        record(action, by=LAN)


def test_an_entry_is_linked_once_its_transaction_is_committed() -> None:
    with transaction.atomic():
        record("office.changed", subject="phuong-ha-tien", office_id=5, details={"was": "Cũ"})
        assert not Link.objects.exists()
    link = Link.objects.select_related("entry").get()
    assert (link.seq, link.entry.subject) == (1, "phuong-ha-tien")
    assert not Waiting.objects.exists()


def test_an_outsider_computes_the_hashes_with_twenty_lines(tmp_path: Path) -> None:
    for details in ({}, {"was": "Ủy ban", "now": None, "size": 3.5}, {"đ": ["\\", '"']}):
        with acting(LAN):
            record("office.changed", subject="Tên\nhai dòng", details=details)
    assert [bytes(link.hash) for link in Link.objects.order_by("seq")] == recomputed()
    assert verify(tmp_path / "none").links == 3


def test_fields_that_change_places_change_the_hash() -> None:
    assert chain.hash_of(chain.FIRST, 1, "a", ["bc", ""]) != chain.hash_of(
        chain.FIRST, 1, "a", ["b", "c"]
    )
    assert chain.hash_of(chain.FIRST, 1, "a", [None]) != chain.hash_of(chain.FIRST, 1, "a", [""])


def test_fifty_who_write_at_once_do_not_fork_the_chain(tmp_path: Path) -> None:
    together = threading.Barrier(WRITERS, timeout=30)

    def write(number: int) -> None:
        try:
            connection.ensure_connection()
            together.wait()
            for _ in range(3):
                with transaction.atomic():
                    record("office.changed", subject=str(number))
        finally:
            connection.close()

    pool_size = connection.settings_dict["OPTIONS"].get("pool", {}).get("size")
    if connection.pool is not None:  # type: ignore[attr-defined]  # our backend's
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        connection.settings_dict["OPTIONS"]["pool"]["size"] = WRITERS + 5
    try:
        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(write, range(WRITERS)))
    finally:
        if pool_size is not None:
            connection.close()
            connection.close_pool()  # type: ignore[attr-defined]
            connection.settings_dict["OPTIONS"]["pool"]["size"] = pool_size
    chain.seal()  # of whoever waited for the lock for too long
    found = verify(tmp_path / "none")
    assert (found.links, found.breaks) == (3 * WRITERS, [])
    assert list(Link.objects.values_list("seq", flat=True)) == [*range(1, 3 * WRITERS + 1)]
    assert {str(number) for number in range(WRITERS)} == {
        *Entry.objects.values_list("subject", flat=True)
    }


def test_a_second_link_with_the_same_one_before_is_refused_even_without_the_lock() -> None:
    record("office.changed")
    record("office.changed")
    third = Entry.objects.create(action="office.changed", outcome="done")
    with pytest.raises(IntegrityError, match="previous"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_link (seq, entry_id, at, previous, hash)"
            " SELECT 3, %s, at, previous, hash FROM audit_link WHERE seq = 2",
            [third.pk],
        )


def test_a_long_snapshot_holds_up_no_other_entry_and_forks_nothing(tmp_path: Path) -> None:
    """A release of minutes under REPEATABLE READ, and a sign-in meanwhile."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        record("release.made")
        on_its_own(lambda: record_in_a_transaction("session.began"))
        assert on_its_own(lambda: list(Link.objects.values_list("entry__action", flat=True))) == [
            "session.began"
        ]
        record("release.shown")
    actions = list(Link.objects.order_by("seq").values_list("entry__action", flat=True))
    assert actions == ["session.began", "release.made", "release.shown"]
    assert verify(tmp_path / "none").holds


def test_whoever_finds_the_lock_taken_leaves_the_entry_to_the_next(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(chain, "TAKE_LOCK", chain.TAKE_LOCK.replace("'2s'", "'50ms'"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [chain.LOCK])
        on_its_own(lambda: record_in_a_transaction("session.began"))
        with pytest.raises(OperationalError):
            on_its_own(chain.seal)
    assert Entry.objects.count() == 1
    assert not Link.objects.exists()
    assert chain.seal() == 1
    assert chain.seal() == 0
    assert "seal" in caplog.text


def test_more_than_one_round_takes_is_linked_as_well(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(chain, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(chain, "WAITING", chain.WAITING.replace("LIMIT 5000", "LIMIT 2"))
    with transaction.atomic():
        for _ in range(5):
            record("office.changed")
    assert Link.objects.count() == 5
    assert verify(tmp_path / "none").holds


def test_who_puts_a_linked_entry_among_the_waiting_stops_nothing() -> None:
    record("office.changed")
    Waiting.objects.create(entry_id=Entry.objects.get().pk)
    record("office.changed")
    assert Link.objects.count() == 2


def test_a_few_statements_link_many(django_assert_max_num_queries: Any) -> None:
    with transaction.atomic():
        for _ in range(100):
            Entry.objects.create(action="office.changed", outcome="done")
    with django_assert_max_num_queries(8):
        assert chain.seal() == 100


def test_the_lock_is_none_of_those_of_the_floors_above() -> None:
    assert chain.LOCK not in {lock.value for lock in Lock}
