"""The version before knows no remark that was opened again: going back gives it its first reply."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection

from surveys.models import Remark
from tests import factories

BEFORE = "0035"
READ = "SELECT state, reply, due_on FROM surveys_remark"


@pytest.mark.django_db(transaction=True)  # an index is made beside those who answer
def test_a_remark_that_was_opened_again_has_its_first_reply_back() -> None:
    Remark.objects.create(
        office=factories.office(), response_id=uuid4(), day=date(2026, 4, 1), text="Thiếu ghế",
        state=Remark.State.REOPENED, first_reply="Đã ghi nhận.", reopened_on=date(2026, 6, 1),
        released_on=date(2026, 5, 4), due_on=date(2026, 6, 8), first_due_on=date(2026, 5, 11),
    )  # fmt: skip
    # one that its writer had erased is in no earlier version, which would hand it over empty
    Remark.objects.create(
        office=factories.office(), response_id=uuid4(), day=date(2026, 4, 1), text="",
        state=Remark.State.DONE, erased_on=date(2026, 6, 1),
    )  # fmt: skip
    try:
        call_command("migrate", "surveys", BEFORE, verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(READ)
            answered = Remark.State.ANSWERED.value
            assert cursor.fetchall() == [(answered, "Đã ghi nhận.", date(2026, 5, 11))]
    finally:
        call_command("migrate", verbosity=0)
    assert Remark.objects.get().urgent is False
