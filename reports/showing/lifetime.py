"""How much of a period a unit or an office lived through, in words for the page of its figure.

As of then, a province that ended on 2025-06-30 has half of 2025, and so has the one that came after
it: a figure of such a year says so, wherever it stands.
"""

from datetime import date

from django.utils.translation import gettext as _

from offices.validity import Days
from reports.counting.periods import Span

HALVES = (((1, 1), (6, 30)), ((7, 1), (12, 31)))


def lived_days(days: Days, span: Span) -> Days | None:
    """The days of the period on which it lived; None where these are all of them or none."""
    if days.cover(span) or not days.touch(span):
        return None
    return Days(max(days.first or span.first, span.first), min(days.last or span.last, span.last))


def lived_words(days: Days, span: Span) -> str:
    """A sentence that its figure of this period is one of fewer days; empty where it is not."""
    lived = lived_days(days, span)
    if lived is None:
        return ""
    if _is_half(lived):
        return _(
            "Half a year only: of %(year)s the days from %(first)s to %(last)s are counted, "
            "because it did not exist on the others."
        ) % {"year": span.first.year, **_named(lived)}
    return _(
        "Part of the period only: the days from %(first)s to %(last)s are counted, because it did "
        "not exist on the others."
    ) % _named(lived)


def lived_briefly(days: Days, span: Span) -> str:
    """The same in few words, for a row of a list."""
    lived = lived_days(days, span)
    if lived is None:
        return ""
    if _is_half(lived):
        return _("half a year: %(first)s to %(last)s") % _named(lived)
    return _("only %(first)s to %(last)s") % _named(lived)


def _is_half(lived: Days) -> bool:
    """No other period than a year has half a year for a part."""
    return (_in_year(lived.first), _in_year(lived.last)) in HALVES


def _in_year(day: date | None) -> tuple[int, int]:
    return (day.month, day.day) if day else (0, 0)


def _named(lived: Days) -> dict[str, str]:
    return {"first": f"{lived.first:%d/%m/%Y}", "last": f"{lived.last:%d/%m/%Y}"}
