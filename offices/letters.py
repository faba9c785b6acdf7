"""Letters in one form, at a cost that grows with the text and no faster.

Whoever composes letters must put the marks behind each in order; thousands of marks behind one
letter take the square of their number. No writing has more than a few, so runs of marks are cut
first (the limit is that of Unicode's stream-safe text, UAX #15 §13).
"""

import re
import sys
import unicodedata
from functools import cache
from typing import Literal

MOST_MARKS = 30  # behind one letter


def composed(text: str, form: Literal["NFC", "NFD", "NFKC"] = "NFC") -> str:
    """The text in this form of Unicode; of more than MOST_MARKS marks in a row the rest is cut."""
    if text.isascii():
        return text
    return unicodedata.normalize(form, _too_many().sub(r"\1", text))


@cache
def _too_many() -> re.Pattern[str]:
    marks = [code for code in range(sys.maxunicode + 1) if unicodedata.combining(chr(code))]
    ranges = list[list[int]]()
    for code in marks:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    mark = "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)
    return re.compile(f"([{mark}]{{{MOST_MARKS}}})[{mark}]+")
