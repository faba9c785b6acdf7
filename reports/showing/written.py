"""How figures are written for people: decimal comma, groups of three, two decimals half up.

As Django writes numbers, by the formats of `config.formats`, but looked up once a language: a page
of a hundred places has five hundred of them.
"""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from django.utils.formats import get_format
from django.utils.translation import get_language

from reports.sipas.index.percentages import half_up


def percentage(number: Decimal) -> str:
    """A percentage as people write it: `83,07 %`. The space does not break."""
    return f"{_written(number, 2)}\N{NO-BREAK SPACE}%"


def decimal(number: float, places: int = 1) -> str:
    """A limit of an interval with so many decimals, half up."""
    return _written(rounded(number, places), places)


def rounded(number: float, places: int = 1) -> Decimal:
    """The number with so many decimals, half up, as it is written."""
    return Decimal(repr(number)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def signed(points: Fraction | float) -> str:
    """A difference in percentage points with its sign, one decimal, half up: `+2,3`, `−0,4`."""
    near = half_up(*points.as_integer_ratio(), 1)
    sign = {True: "+", False: "\N{MINUS SIGN}"}[near > 0] if near else ""
    return sign + _written(abs(near), 1)


def grouped(number: int) -> str:
    """A count of people: `1.204`."""
    return _written(number, 0)


def _written(number: Decimal | int, places: int) -> str:
    """The number, which has no more decimals than places, with so many."""
    return f"{number:,.{places}f}".translate(_marks(get_language()))


@lru_cache(maxsize=20)
def _marks(language: str | None) -> dict[int, str]:
    """What stands for the marks of a number that Python writes, in a language."""
    grouped = int(get_format("NUMBER_GROUPING", language)) == 3
    thousands = str(get_format("THOUSAND_SEPARATOR", language)) if grouped else ""
    return str.maketrans({",": thousands, ".": str(get_format("DECIMAL_SEPARATOR", language))})
