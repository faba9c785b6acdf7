"""How figures are written for people: decimal comma, groups of three, two decimals half up."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils.formats import number_format

from reports.sipas.index.percentages import percent


def percentage(number: Decimal) -> str:
    """A percentage as people write it: `83,07 %`. The space does not break."""
    return f"{number_format(number, decimal_pos=2)}\N{NO-BREAK SPACE}%"


def decimal(number: float, places: int = 1) -> str:
    """A limit of an interval with so many decimals, half up."""
    return str(number_format(rounded(number, places), decimal_pos=places))


def rounded(number: float, places: int = 1) -> Decimal:
    """The number with so many decimals, half up, as it is written."""
    return Decimal(repr(number)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def signed(points: Fraction | float) -> str:
    """A difference in percentage points with its sign, one decimal, half up: `+2,3`, `−0,4`."""
    near = percent(Fraction(points) / 100, 1)
    sign = {True: "+", False: "\N{MINUS SIGN}"}[near > 0] if near else ""
    return sign + str(number_format(abs(near), decimal_pos=1))


def grouped(number: int) -> str:
    """A count of people: `1.204`."""
    return str(number_format(number, force_grouping=True))
