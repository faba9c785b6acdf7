"""A figure in a sentence: how it stands, whether it moved, by how much beyond chance.

A sentence is composed by a rule from what a page shows; no word in it depends on anything else.
"""

from decimal import Decimal
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from reports.counting.periods import Span, previous
from reports.showing.change import Change
from reports.showing.figures import Figure
from reports.showing.waiting import period_name
from reports.sipas.index import percentages

# A percent sign never stands alone at the begin of a line.
PERCENT = "\N{NO-BREAK SPACE}%"


def closed_words(span: Span, change: Change) -> str:
    """A closed period's figure and how it stands to the one before."""
    figure, past = change.figure, change.past
    said = {
        "period": _capital(period_name(span)),
        "value": _percent(figure.value),
        "people": number_format(figure.people or 0, force_grouping=True),
        "earlier": period_name(previous(span)),
    }
    if past is None or change.earlier is None:
        return _("%(period)s: %(value)s satisfied, %(people)s forms.") % said
    said["was"] = _percent(change.earlier.value)
    said["points"] = points(abs(past.value))
    if past.low > 0:
        return (
            _(
                "%(period)s: %(value)s satisfied, %(people)s forms. That is %(points)s points "
                "more than in %(earlier)s (%(was)s), and more than chance would do."
            )
            % said
        )
    if past.high < 0:
        return (
            _(
                "%(period)s: %(value)s satisfied, %(people)s forms. That is %(points)s points "
                "less than in %(earlier)s (%(was)s), and more than chance would do."
            )
            % said
        )
    return (
        _(
            "%(period)s: %(value)s satisfied, %(people)s forms. No change beyond chance can be "
            "seen against %(earlier)s (%(was)s)."
        )
        % said
    )


def open_words(span: Span, figure: Figure) -> str:
    """How a period that is open stands so far."""
    return _("%(period)s is open: %(value)s satisfied so far, %(people)s forms.") % {
        "period": _capital(period_name(span)),
        "value": _percent(figure.value),
        "people": number_format(figure.people or 0, force_grouping=True),
    }


def target_words(year: int, target: Decimal, figure: Figure | None) -> str:
    """What was set for a year, and where the year stands."""
    said = {"year": year, "target": f"{number_format(target.normalize())}{PERCENT}"}
    if figure is None or figure.value is None:
        return _("Target of %(year)s: %(target)s.") % said
    said["value"] = _percent(figure.value)
    return _("Target of %(year)s: %(target)s; the year so far: %(value)s.") % said


def points(difference: Fraction) -> str:
    """Percentage points with one decimal, half up; difference: in points."""
    return number_format(percentages.percent(difference / 100, 1), decimal_pos=1)


def _percent(value: Decimal | None) -> str:
    return "" if value is None else f"{number_format(value, decimal_pos=2)}{PERCENT}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
