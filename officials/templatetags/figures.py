"""How numbers are written on pages: decimal comma, groups of three, two decimals half up."""

from decimal import Decimal
from fractions import Fraction

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from officials.figures.charts import whisker
from officials.figures.choice import Around, Choice, around_choice
from officials.figures.drawings import (
    checked_mark,
    criterion_row,
    levels_drawing,
    place_row,
    trend_drawing,
    whisker_drawing,
)
from officials.figures.results import CriterionRow
from reports.counting.periods import Span
from reports.models import Period
from reports.showing.questions import Level
from reports.showing.wording import question_words
from reports.showing.written import decimal as decimal
from reports.showing.written import grouped as grouped
from reports.showing.written import percentage as percentage
from reports.showing.written import signed as signed
from reports.sipas.index.percentages import percent

register = template.Library()


@register.filter
def dotted(number: Decimal | int) -> str:
    """A number for machines: a decimal point and no groups."""
    return str(number)


for written in (percentage, decimal, signed, grouped):
    register.filter(written.__name__, written)
register.simple_tag(whisker_drawing, name="draw_whisker")
register.simple_tag(levels_drawing, name="draw_levels")
register.simple_tag(trend_drawing, name="draw_trend")
register.simple_tag(place_row, name="draw_place")


@register.filter
def as_percent(share: Fraction) -> str:
    """An exact share as people write it: `83,07 %`."""
    return percentage(percent(share))


@register.filter
def as_whole(share: Fraction) -> str:
    """A share in whole percent, half up: `83 %`. The space does not break."""
    return f"{percent(share, 0)}\N{NO-BREAK SPACE}%"


@register.filter
def whole(number: float) -> str:
    """An effective number of answers, rounded down: `1.204`."""
    return grouped(int(number))


@register.simple_tag
def address(choice: Choice, **changed: str) -> str:
    """The query of this view with some of it changed; `map` stands for the map's name."""
    names = {
        "kind": "ky",
        "start": "tu",
        "form": "phieu",
        "map": "ban-do",
        "group": "loai",
        "order": "xep",
        "alone": "rieng",
    }
    return choice.query(**{names[name]: str(value) for name, value in changed.items()})


@register.simple_tag(takes_context=True)
def around(context: Context, choice: Choice) -> Around:
    """The periods before and after the chosen one, and whether it is closed."""
    score = context.get("score")
    return around_choice(choice, closed=score.closed if score else context.get("is_closed"))


@register.simple_tag
def office_words(words: str) -> str:
    """A question's text for officials: the places of local names in plain words."""
    return question_words(words)


@register.simple_tag(takes_context=True)
def draw_criterion(context: Context, row: CriterionRow, middle: float) -> SafeString:
    """A criterion in the table of the place whose page it is."""
    office, code = context.get("office"), row.criterion.code
    page = (
        reverse("officials:office_criterion", args=[office.slug, code])
        if office
        else reverse("officials:unit_criterion", args=[context["unit"].pk, code])
    )
    return criterion_row(row, middle, page + context["query"])


@register.simple_tag
def draw_level(level: Level) -> SafeString:
    """A level's share with its interval, on the scale from 0 to 100."""
    return whisker_drawing(level, whisker(level))


@register.simple_tag
def being_checked(figure: object, also: bool | str = "") -> str:
    """The mark of a number that the last proof computed otherwise, for the eye and the ear.

    also: whether it bears the mark whatever the figure itself says, as all of a release do.
    """
    return checked_mark(bool(also) or getattr(figure, "checked", False))


@register.filter
def points(number: Decimal) -> str:
    """Published points, with their two decimals: `9,12`."""
    return str(number_format(number, decimal_pos=2))


@register.filter
def as_published(number: Decimal) -> str:
    """A published percentage with the decimals it was published with."""
    places = -int(number.as_tuple().exponent)
    return f"{number_format(number, decimal_pos=max(places, 0))}\N{NO-BREAK SPACE}%"


@register.filter
def wording(span: Span) -> str:
    """A period as offices write it."""
    first, last = span.first, span.last
    days = {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
    match span.kind:
        case Period.DAY:
            return days["first"]
        case Period.WEEK:
            return _("Week from %(first)s to %(last)s") % days
        case Period.MONTH:
            return _("Month %(month)s/%(year)s") % {"month": first.month, "year": first.year}
        case Period.QUARTER:
            quarter = (first.month + 2) // 3
            return _("Quarter %(quarter)s/%(year)s") % {"quarter": quarter, "year": first.year}
    return _("Year %(year)s") % {"year": first.year}
