"""What is hidden in remarks, and what must stay readable."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.remarks.masking import MaskedKind, mask
from surveys.remarks.text import clean_text
from tests.work import calls

HIDDEN = {
    MaskedKind.PHONE: (
        "0912345678",
        "0912 345 678",
        "0912.345.678",
        "091-234-5678",
        "09.12.34.56.78",
        "0 9 1 2 3 4 5 6 7 8",
        "+84912345678",
        "+84 912 345 678",
        "+84 (0) 912 345 678",
        "84912345678",
        "0084 912 345 678",
        "(0297) 3 862 456",
        "028-3823-4567",
        "0297.3862456",
        "01234567890",
        "+855 12 345 678",
        "０９１２３４５６７８",
        "០៩១២៣៤៥៦៧៨",
        "០៩១២ ៣៤៥ ៦៧៨",
        "0912\N{NO-BREAK SPACE}345\N{NO-BREAK SPACE}678",
        "0912\N{NON-BREAKING HYPHEN}345\N{EN DASH}678",
        "091\N{ZERO WIDTH SPACE}2345678",
        "0912,345,678",
        "0912\N{MIDDLE DOT}345\N{MIDDLE DOT}678",
        "O9I2345678",
        "0912 rồi 345 rồi 678",
        "không chín một hai ba bốn năm sáu bảy tám",
    ),
    MaskedKind.IDENTITY: (
        "079203012345",
        "079 203 012 345",
        "0792 0301 2345",
        "079203 012345",
        "079.203.012.345",
        "091 203 012 345",
        "272123456",
        "272 123 456",
        "272.123.456",
        "27-212-3456",
        "B1234567",
        "២៧២១២៣៤៥៦",
    ),
    MaskedKind.EMAIL: (
        "lan.tran@gmail.com",
        "lan_tran+hs@xa.kiengiang.gov.vn",
        "lan.tran (at) gmail.com",
        "lan.tran (a còng) gmail chấm com",
        "lan.tran @ yahoo.com.vn",
        "lan.tran@gmail",
        "LAN＠YAHOO．COM",
    ),
    MaskedKind.NUMBER: ("19034567891012", "1903 4567 8910 12", "4111 1111 1111 1111", "1234567890"),
    MaskedKind.PLATE: ("68A1-123.45", "68A-123.45", "68-X1 234.56", "KG-91234-TS"),
    MaskedKind.LINK: ("zalo.me/g/abcxyz123", "t.me/lan.rg", "https://m.me/lanrg", "@lan_rg90"),
    MaskedKind.DOSSIER: ("H31.12-231115-0001", "000.00.12.H31-231115-0001"),
}
KEPT = (
    "1.500.000 đồng",
    "1.500.000",
    "150.000.000 đồng",
    "250.000.000",
    "150 000 000 đ",
    "150000000 VNĐ",
    "12,5 triệu",
    "nộp 50.000 100.000 200.000",
    "1.001193",
    "1.001193.000.00.00.H42",
    "2.002767",
    "20/11/2025",
    "3/5/2024",
    "03-05-2024 15 giờ",
    "03.05.2024 10h",
    "2025-11-20",
    "23 11 2026 15 giờ",
    "từ 05.01.2025-31.12.2025",
    "25.000-30.000 đồng",
    "thửa 123, tờ bản đồ 45, 1.234,5 m2",
    "biên lai 0001234",
    "điểm (a) mục 3",
    "năm 2024 2025 2026",
    "giai đoạn 2021-2025",
    "8.30 11.30 13.30 17.00",
    "từ 08.30 11.30 13.30",
    "lúc 7:30 đến 11:30",
    "quầy 12 15 20 22 30",
    "số 101, 102, 103",
    "1022",
    "1900 1022",
    "18001096",
    "Nghị định 118/2025/NĐ-CP",
    "5/5 @ Hà Tiên",
)
# What the reading of words, letters and links has to look at again and again.
HOSTILE = ("năm ", "O.", "0I", "ba mươi ", "a.b", "zalo.", "a@a", "68A1-", "1/1,", "x" * 65 + "@")
ANYTHING = st.text(
    alphabet=st.sampled_from("0123456789 .-+()@:/aZđ០៩０９\u200b\n") | st.characters()
).map(clean_text)


@pytest.mark.parametrize(
    ("kind", "number"), [(kind, number) for kind, of in HIDDEN.items() for number in of]
)
def test_it_hides(kind: MaskedKind, number: str) -> None:
    masked = mask(f"Xin gọi {number} giúp tôi")
    assert masked.text == f"Xin gọi {kind.value} giúp tôi"
    assert masked.hidden == {kind}
    assert mask(number).text == mask(f"({number})").text.strip("()") == kind.value
    assert mask(f"Xin gọi {number}.").text == f"Xin gọi {kind.value}."


@pytest.mark.parametrize("text", KEPT)
def test_it_keeps(text: str) -> None:
    for around in (text, f"Ngày ấy {text} ạ", f"{text}.", f"({text}),"):
        assert mask(around).text == around
        assert mask(around).hidden == frozenset()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("quầy 3 0912345678", "quầy 3 [số điện thoại đã ẩn]"),
        ("ngày 20 0912345678", "ngày 20 [số điện thoại đã ẩn]"),
        ("12 09 12 34 56 78 nhé", "12 [số điện thoại đã ẩn] nhé"),
        ("0912345678 3 lần", "[số điện thoại đã ẩn] 3 lần"),
        ("sđt0912345678zalo", "sđt[số điện thoại đã ẩn]zalo"),
        ("0912345678/0987654321", "[số điện thoại đã ẩn]/[số điện thoại đã ẩn]"),
        ("gửi 272123456 đồng chí Lan", "gửi [số giấy tờ đã ẩn] đồng chí Lan"),
        (
            "20/11/2025 nộp 1.500.000 đồng, gọi 0912345678",
            "20/11/2025 nộp 1.500.000 đồng, gọi [số điện thoại đã ẩn]",
        ),
    ],
)
def test_only_the_number_itself_is_hidden(text: str, expected: str) -> None:
    assert mask(text).text == expected


@given(ANYTHING)
def test_hiding_again_changes_nothing(text: str) -> None:
    once = mask(text)
    assert mask(once.text).text == once.text
    assert mask(once.text).hidden == frozenset()
    assert clean_text(once.text) == once.text
    assert bool(once.hidden) == (once.text != text)


@given(ANYTHING)
def test_no_nine_digits_in_a_row_are_left_without_a_word_behind_them(text: str) -> None:
    plain = "".join(str(unicodedata.decimal(letter, letter)) for letter in mask(text).text)
    for match in re.finditer(r"(?<![\d.,])\d{9,}(?![\d.,])", plain):
        # an amount, or a public service number
        assert re.match(r"\s?(đ|%|₫|vn|usd)", plain[match.end() :], re.IGNORECASE) or re.match(
            "1[89]00", match.group()
        )


@given(
    st.sampled_from(["03", "05", "07", "08", "09"]),
    st.integers(0, 99_999_999),
    st.lists(st.sampled_from(["", " ", ".", "-"]), min_size=9, max_size=9),
)
def test_a_mobile_number_is_hidden_however_it_is_divided(
    prefix: str, rest: int, gaps: list[str]
) -> None:
    digits = f"{prefix}{rest:08}"
    number = digits[0] + "".join(gap + digit for gap, digit in zip(gaps, digits[1:], strict=True))
    left = sum(letter.isdigit() for letter in mask(f"Gọi {number} nhé").text)
    date_like = re.match(r"\d\d?[.-]\d\d?[.-](19|20)\d\d", number)
    assert left == 0 or date_like


@pytest.mark.parametrize(
    "piece", ["a", "1 ", "12 ", "0-", "1.000", "a.-", "((", "84", "12.34-", *HOSTILE]
)
def test_twice_as_long_a_remark_is_about_twice_the_work(piece: str) -> None:
    half, whole = (piece * 1000)[:1000], (piece * 2000)[:2000]
    assert calls(lambda: mask(whole)) <= 2.4 * calls(lambda: mask(half))
