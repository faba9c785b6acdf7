"""How numbers are written on pages: decimal comma, groups of three, two decimals half up."""

from decimal import Decimal
from fractions import Fraction

from django import template
from django.template.context import Context
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from officials.figures.charts import Whisker, whisker
from officials.figures.choice import Around, Choice, around_choice
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


@register.filter
def whiskered(level: Level) -> Whisker | None:
    """Where a level's share lies on the scale."""
    return whisker(level)


@register.simple_tag
def being_checked(figure: object, also: bool | str = "") -> str:
    """The mark of a number that the last proof computed otherwise, for the eye and the ear.

    also: whether it bears the mark whatever the figure itself says, as all of a release do.
    """
    if not (also or getattr(figure, "checked", False)):
        return ""
    return format_html(
        ' <small class="being-checked">{}<span class="visually-hidden">: {}</span></small>',
        _("being checked"),
        _("the last proof computed another number from the forms"),
    )


@register.simple_tag
def width(whisker: Whisker) -> str:
    """How wide an interval is drawn; never so narrow that it cannot be seen."""
    return str(max(round(whisker.high - whisker.low, 1), 2.0))


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
