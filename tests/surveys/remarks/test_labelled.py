"""Of remarks as people write them: how many secrets are hidden, how many others stay untouched."""

import pytest

from surveys.remarks.masking import mask
from surveys.remarks.text import clean_text
from tests.surveys.remarks.labelled import Labelled, labelled, survives

REMARKS = tuple(labelled())
FEWEST = 300


def hidden(text: str) -> str:
    return mask(clean_text(text)).text


def rate(remarks: list[Labelled]) -> float:
    return sum(remark.is_right(hidden) for remark in remarks) / len(remarks)


@pytest.mark.parametrize(
    ("secret", "blind", "reached"),
    [
        (True, False, 0.9938),
        (True, True, 0.9935),
        (False, False, 1),
        (False, True, 1),
    ],
)
def test_the_rates_are_those_we_reached(secret: bool, blind: bool, reached: float) -> None:
    chosen = [
        remark
        for remark in REMARKS
        if bool(remark.secrets) == secret and (remark.blind or not blind)
    ]
    found = rate(chosen)
    done = "masked" if secret else "kept"
    print(f"{done}{' (blind half)' if blind else ''}: {found:.4f} of {len(chosen)}")
    assert len(chosen) >= (FEWEST // 2 if blind else FEWEST)
    assert found >= max(reached, 0.97)


def test_hiding_nothing_or_everything_is_wrong() -> None:
    for remark in REMARKS:
        assert remark.is_right(str) == (not remark.secrets)
        assert remark.is_right(lambda _text: "") == bool(remark.secrets)


def test_what_was_hidden_stays_the_same_when_it_comes_again() -> None:
    for remark in REMARKS:
        once = hidden(remark.text)
        assert hidden(once) == once


@pytest.mark.parametrize(
    ("left", "seen"),
    [
        ("gọi [số điện thoại đã ẩn]", False),
        ("gọi 0912[dãy số đã ẩn]", False),
        ("gọi 09I2,3 [dãy số đã ẩn]", True),
        ("gọi không chín một hai ba", True),
    ],
)
def test_enough_digits_to_find_somebody_are_found_however_they_are_written(
    left: str, seen: bool
) -> None:
    assert survives("0912345678", left) == seen


def test_what_nobody_sees_does_not_survive() -> None:
    unseen = "\u200b\u200d\u200e\u202e\u2066\u2069\ufeff\xad"
    assert clean_text("".join(f"{letter}{unseen}" for letter in "Hài lòng")) == "Hài lòng"
    assert clean_text("e\u200b\N{COMBINING ACUTE ACCENT}") == "é"
