"""The last night in one sentence: done and agreeing, differing, failed, at work, missing."""

import re
from datetime import date, datetime, timedelta

import pytest
import time_machine

from reports.briefing.last_night import night_words
from reports.models import Night, NightStep
from reports.night import steps
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 10)
YESTERDAY = date(2026, 6, 9)
Name, State = NightStep.Name, NightStep.State


def night(day: date = YESTERDAY, **given: object) -> Night:
    at: datetime = factories.at(day + timedelta(days=1), 2)
    return Night.objects.create(day=day, began_at=at, ended_at=at, **given)


def test_before_the_first_night_nothing_is_said() -> None:
    assert night_words(TODAY) == ""


def test_a_night_made_by_the_product_says_that_all_figures_agree() -> None:
    with time_machine.travel(factories.at(TODAY, 2), tick=False):
        factories.instrument({"A": 1})
        office = factories.office(factories.unit(parent=factories.province()))
        for _ in range(12):
            factories.answer(office, [5], now=factories.at(date(2026, 5, 12)))
        steps.close(YESTERDAY)
        said = night_words(TODAY)
    assert re.fullmatch(
        r"Đêm qua đã khóa sổ ngày 09/06/2026, xong lúc \d\d:\d\d\. "
        r"Đối chiếu: mọi số liệu khớp với 12 phiếu\.",
        said,
    )


def test_differences_are_said() -> None:
    night(responses=1200, differences=3)
    assert night_words(TODAY).endswith("Đối chiếu: 3 số liệu lệch, trên 1.200 phiếu.")


@pytest.mark.parametrize(
    ("name", "state", "said"),
    [
        (Name.PROOF, State.FAILED, "Một bước của đêm khóa sổ ngày 09/06/2026 bị lỗi"),
        (Name.PROOF, State.WAITING, "Đêm khóa sổ ngày 09/06/2026 còn đang chạy."),
        (Name.PROVINCE, State.RUNNING, "Đêm khóa sổ ngày 09/06/2026 còn đang chạy."),
        (Name.LETTERS, State.RUNNING, "Đêm qua đã khóa sổ ngày 09/06/2026"),
        (Name.LETTERS, State.FAILED, "Một bước của đêm khóa sổ ngày 09/06/2026 bị lỗi"),
        (Name.PROOF, State.COVERED, "Đêm qua đã khóa sổ ngày 09/06/2026"),
    ],
)
def test_what_is_left_and_what_failed(name: str, state: str, said: str) -> None:
    NightStep.objects.create(night=night(), name=name, position=1, state=state)
    assert night_words(TODAY).startswith(said)


def test_a_night_that_was_never_made_is_missed() -> None:
    night(date(2026, 6, 7))
    assert night_words(TODAY) == "Đêm gần nhất khóa sổ ngày 07/06/2026; từ đó chưa có đêm nào."
    night(date(2026, 6, 8))
    assert night_words(TODAY).startswith("Đêm qua đã khóa sổ ngày 08/06/2026")
