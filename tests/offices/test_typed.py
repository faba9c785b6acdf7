"""What a person types for a place, taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offices.typed import take_apart


@pytest.mark.parametrize(
    ("typed", "words", "kind"),
    [
        ("Hà Tiên", "ha tien", ""),
        ("TP Hà Tiên", "ha tien", "thanh pho"),
        ("TP.Hà Tiên", "ha tien", "thanh pho"),
        ("P. Hà Tiên", "ha tien", "phuong"),
        ("UBND phường Hà Tiên", "ha tien", "phuong"),
        ("Ủy ban nhân dân xã Hà Tiên", "ha tien", "xa"),
        ("một cửa Hà Tiên", "ha tien", ""),
        ("Trung tâm PVHCC phường Hà Tiên", "ha tien", "phuong"),
        ("TX. Hà Tiên", "ha tien", "thi xa"),
        ("Hà Tiên, tỉnh An Giang", "ha tien an giang", ""),
        ("phường 04", "4", "phuong"),
        ("P4", "4", "phuong"),
        ("đặc khu Phú Quốc", "phu quoc", "dac khu"),
        ("huyện Quan Sơn", "quan son", "huyen"),
        ("UBND", "ubnd", ""),
        ("Ea H\u2019leo", "ea hleo", ""),
        ("phường", "phuong", ""),
    ],
)
def test_fixed_words_weigh_nothing(typed: str, words: str, kind: str) -> None:
    assert take_apart(typed).readings[-1] == (tuple(words.split()), kind)


def test_a_kind_of_place_may_be_a_name() -> None:
    assert take_apart("Tịnh Biên").readings[0] == (("tinh", "bien"), "")


@pytest.mark.parametrize("typed", ["", "  ", "...", "%_,;", "\0\0", "’’"])
def test_signs_are_no_words(typed: str) -> None:
    assert take_apart(typed).words == ()
    assert take_apart(typed).readings == ()


@pytest.mark.parametrize("typed", ["UBND", "một cửa", "phường", "trung tâm, bộ phận"])
def test_nothing_but_fixed_words_is_told(typed: str) -> None:
    assert take_apart(typed).only_fixed
    assert not take_apart(f"{typed} Hà Tiên").only_fixed


@given(st.text(max_size=500))
def test_anything_can_be_taken_apart(typed: str) -> None:
    found = take_apart(typed)
    assert all(words for words, _ in found.readings)
