"""Figures are written as Django writes numbers in each language, to the last mark."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation
from django.utils.formats import number_format

from reports.showing.written import decimal, grouped, percentage, signed

LANGUAGES = ["vi", "en", "km"]
COUNTS = [0, 7, 999, 1000, 1204, 12345, 999_999, 1_000_000, 3_000_000_007, -1204]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_percentage_and_all_sizes_of_counts(language: str) -> None:
    with translation.override(language):
        for hundredths in range(10_001):
            number = Decimal(hundredths).scaleb(-2)
            written = number_format(number, decimal_pos=2)
            assert percentage(number) == f"{written}\N{NO-BREAK SPACE}%"
        for count in COUNTS:
            assert grouped(count) == number_format(count, force_grouping=True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("places", [0, 1, 2])
def test_limits_with_so_many_decimals(language: str, places: int) -> None:
    with translation.override(language):
        for number in (0.0, 0.05, 0.25, 62.46, 84.0, 99.95, 100.0, 1234.55):
            half_up = Decimal(repr(number)).quantize(Decimal(1).scaleb(-places), "ROUND_HALF_UP")
            assert decimal(number, places) == number_format(half_up, decimal_pos=places)


def test_as_they_are_read() -> None:
    said = {}
    for language in ("vi", "en", "vi"):
        with translation.override(language):
            said[language] = [percentage(Decimal("83.07")), decimal(62.45), grouped(1204)]
            said[language] += [signed(Fraction(9, 4)), signed(Fraction(-2, 5)), signed(0.04)]
    space, minus = "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"
    assert said["vi"] == [f"83,07{space}%", "62,5", "1.204", "+2,3", f"{minus}0,4", "0,0"]
    assert said["en"] == [f"83.07{space}%", "62.5", "1,204", "+2.3", f"{minus}0.4", "0.0"]
    with translation.override(None):
        assert percentage(Decimal("83.07")) == f"{number_format(Decimal('83.07'), 2)}{space}%"
