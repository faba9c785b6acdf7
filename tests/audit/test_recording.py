"""An entry is written with its act or not at all, and a refusal stays."""

import pytest
from django.db import DataError, connection, transaction

from audit.models import Entry, Link
from audit.recording import record

pytestmark = pytest.mark.django_db(transaction=True)


class Undone(Exception):
    """Whatever makes somebody roll back."""


def undo(*, apart: bool) -> None:
    """An act, a refusal where that is asked for, and a rollback of whoever called."""
    with transaction.atomic():
        record("office.changed")
        if apart:
            record("office.refused", outcome=Entry.Outcome.REFUSED, apart=True)
        raise Undone


def test_an_act_that_is_rolled_back_leaves_no_entry() -> None:
    with pytest.raises(Undone):
        undo(apart=False)
    assert not Entry.objects.exists()


def test_what_is_recorded_apart_stays_when_the_caller_rolls_back() -> None:
    with pytest.raises(Undone):
        undo(apart=True)
    assert [entry.action for entry in Entry.objects.all()] == ["office.refused"]


def test_what_is_recorded_apart_stays_after_an_error_of_the_database() -> None:
    def fail() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            try:
                cursor.execute("SELECT 1 / 0")
            finally:
                record("office.refused", apart=True)

    with pytest.raises(DataError):
        fail()
    assert Entry.objects.count() == 1
    record("office.changed")
    assert Link.objects.count() == 2
