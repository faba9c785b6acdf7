"""Loading while other machines load too, and while citizens answer."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import pytest
from django.db import connection, transaction

from surveys.questionnaires import catalogue
from surveys.questionnaires.load import AnsweredInstrument, Loaded, load_instruments
from surveys.questionnaires.reader import FOLDER
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

FORM = "sipas-2026-services.yaml"
PATIENCE = 30.0


def load_elsewhere(folder: Path) -> Loaded:
    """Loads on a connection of its own, as another machine would."""
    try:
        return load_instruments(folder)
    finally:
        connection.close()


def wait_until_somebody_waits_for_a_lock() -> None:
    """Returns when another connection to this database is held up by a lock."""
    deadline = monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while monotonic() < deadline:
            # pg_stat_activity would be read once only within a transaction
            cursor.execute(
                "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database "
                "WHERE NOT granted AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError(f"nobody waited for a lock within {PATIENCE} s")


def test_machines_that_start_together_load_once() -> None:
    with ThreadPoolExecutor(3) as machines:
        done = list(machines.map(load_elsewhere, [FOLDER] * 3))
    assert sorted(len(loaded.added) for loaded in done) == [0, 0, 7]


def test_a_form_being_answered_at_this_moment_is_not_replaced(tmp_path: Path) -> None:
    load_instruments()
    shutil.copy(FOLDER / FORM, tmp_path)
    text = (tmp_path / FORM).read_text(encoding="utf-8")
    (tmp_path / FORM).write_text(text.replace("dễ tìm, dễ thấy", "dễ tìm"), encoding="utf-8")
    office = factories.office()
    form = catalogue.current().default
    with ThreadPoolExecutor(1) as machine:
        with transaction.atomic():
            factories.answer(office, [5] * 16, instrument=form)
            loading = machine.submit(load_elsewhere, tmp_path)
            wait_until_somebody_waits_for_a_lock()
        with pytest.raises(AnsweredInstrument):
            loading.result(timeout=PATIENCE)
