"""What figures do with an exclusion, in sentences: by month, never by day and without a number."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from reports.counting.closing import closing_day
from reports.showing.leaving import Follows, MonthOfRule


def sentences_of(months: Sequence[MonthOfRule], today: date, *, lifted: bool) -> list[str]:
    """What the figures of these months do, a sentence for those that do the same."""
    said = _lifted() if lifted else _in_force()
    found = []
    for follows, sentence in said.items():
        names = [_name(one) for one in months if one.follows == follows]
        if names:
            found.append(sentence % {"months": ", ".join(names)})
    return found + [_of_open(one, today) for one in months if one.follows == Follows.OPEN]


def _name(one: MonthOfRule) -> str:
    return f"{one.month.first:%m/%Y}"


def _in_force() -> dict[Follows, str]:
    return {
        Follows.YES: _("Month %(months)s: the figures follow the rule."),
        Follows.IN_PART: _(
            "Month %(months)s: the figures of one questionnaire follow the rule, those of another "
            "stay as they are."
        ),
        Follows.COUNTING: _counting(),
        Follows.WAITS: _(
            "Month %(months)s: the rule alone changes no figure. It leaves nobody out there, or "
            "too few people would be left on one side of a night, a table or a question. The "
            "figures stay as they are until more forms are left out or taken in again."
        ),
    }


def _lifted() -> dict[Follows, str]:
    return {
        Follows.YES: _("Month %(months)s: the figures follow the lifting."),
        Follows.COUNTING: _counting(),
        Follows.WAITS: _(
            "Month %(months)s: the figures do not follow the lifting yet. Forms that left together "
            "come back together only, and not where too few people would be on one side of a "
            "night, a table or a question. The figures stay as they are until more forms are "
            "left out or taken in again."
        ),
    }


def _counting() -> str:
    return _("Month %(months)s: it is being counted. Look again in a few minutes.")


def _of_open(one: MonthOfRule, today: date) -> str:
    """A night that is late names no day."""
    closes = closing_day(one.month)
    if closes < today:
        return _(
            "Month %(months)s: the month is open. Figures that are shown stay as they are, and "
            "follow when the month closes, with the next night."
        ) % {"months": _name(one)}
    return _(
        "Month %(months)s: the month is open. Figures that are shown stay as they are, and follow "
        "when the month closes, in the night after %(day)s."
    ) % {"months": _name(one), "day": f"{closes:%d/%m/%Y}"}
