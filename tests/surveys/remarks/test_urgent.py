"""What is read first: how much of what should be is found, and how much else is with it."""

from datetime import date
from uuid import uuid4

import pytest

from offices.models import Office
from reports.handover import hand_over_everywhere
from surveys.models import Remark
from surveys.remarks.urgent import LISTS, Concern, concerns_of, look_for_urgent
from tests import factories
from tests.surveys.remarks.urgent_remarks import (
    BLIND_NOT_URGENT,
    BLIND_URGENT,
    NOT_URGENT,
    URGENT,
)

State = Remark.State


def missed(remarks: tuple[str, ...]) -> list[str]:
    return [one for one in remarks if not concerns_of(one)]


def test_the_file_is_large_enough_and_half_of_it_is_urgent() -> None:
    urgent, others = {*URGENT, *BLIND_URGENT}, {*NOT_URGENT, *BLIND_NOT_URGENT}
    assert len(urgent) + len(others) >= 120
    assert 0.45 <= len(urgent) / (len(urgent) + len(others)) <= 0.55
    assert not urgent & others
    without_marks = [one for one in (*URGENT, *NOT_URGENT) if one.isascii()]
    assert len(without_marks) >= 40


@pytest.mark.parametrize(
    ("urgent", "others", "most_missed", "most_false"),
    [(URGENT, NOT_URGENT, 0, 0), (BLIND_URGENT, BLIND_NOT_URGENT, 0.35, 0.05)],
    ids=["known", "blind"],
)
def test_the_rates_are_those_we_reached(
    urgent: tuple[str, ...],
    others: tuple[str, ...],
    most_missed: float,
    most_false: float,
) -> None:
    left = missed(urgent)
    taken = [one for one in others if concerns_of(one)]
    print(f"missed {len(left)} of {len(urgent)}: {left}")
    print(f"false alarms {len(taken)} of {len(others)}: {taken}")
    assert len(left) / len(urgent) <= most_missed
    assert len(taken) / len(others) <= most_false


def test_money_and_danger_are_told_apart() -> None:
    assert concerns_of("Bị đòi tiền lót tay") == {Concern.BRIBERY}
    assert concerns_of("BỊ ĐÁNH ở bãi xe") == {Concern.DANGER}
    assert concerns_of("Bị đòi tiền rồi bị đánh") == set(Concern)


@pytest.mark.parametrize(
    ("said", "is_one"),
    [
        ("đánh người", True),
        ("danh nguoi", True),
        ("dành người", False),  # another word with other marks
        ("bi danh sach", False),  # too common without its marks
        ("phong-bì", True),
        ("phong\nbì", True),
        ("phong bì hồ sơ và phong bì cho anh ấy", True),  # the second is what it seems
        ("", False),
    ],
)
def test_words_are_compared_as_people_type_them(said: str, is_one: bool) -> None:
    assert bool(concerns_of(said)) == is_one


def test_every_word_of_the_list_is_found_and_its_exceptions_are_not() -> None:
    for concern, words in LISTS.items():
        assert len({one.words for one in words}) == len(words)
        for one in words:
            assert concern in concerns_of(f"Tôi nói: {one.words}!"), one.words
            for other in one.unless:
                assert one.words in other or concern not in concerns_of(other), other


def waiting(office: Office, text: str, **given: object) -> Remark:
    row = {"released_on": date(2026, 6, 1), "due_on": date(2026, 6, 8), **given}
    return Remark.objects.create(
        office=office, response_id=uuid4(), day=date(2026, 5, 1), text=text, **row
    )


@pytest.mark.django_db
def test_the_night_marks_what_was_handed_over_and_waits() -> None:
    office = factories.office()
    bribe = waiting(office, "Bị đòi tiền lót tay")
    chairs = waiting(office, "Thiếu ghế")
    kept_back = waiting(office, "Bị đòi tiền lót tay", released_on=None)
    done = waiting(office, "Bị đòi tiền lót tay", state=State.DONE)
    hand_over_everywhere()
    marked = set(Remark.objects.filter(urgent=True).values_list("key", flat=True))
    assert marked == {bribe.key}
    assert not marked & {chairs.key, kept_back.key, done.key}
    assert look_for_urgent() == 0
