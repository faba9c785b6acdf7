"""What a kind of due thing is: what it reads, and how it is told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from offices.lists import Asked, Row
from offices.models import User
from offices.names import short
from reports.showing.written import grouped


@dataclass(frozen=True, slots=True)
class Due:
    """Something to do. late: it should have been done already. address: a path on our site.

    fresh: whether letters tell it too; what stands for long is on the page only.
    """

    words: str
    address: str
    late: bool = False
    fresh: bool = True


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of due thing: what to read for a person, None for nothing; and how it is told.

    All that is read is read by one statement.
    """

    told: Callable[[User, date, list[Row]], list[Due]]
    asked: Callable[[User, date], Asked | None] = lambda _user, _today: None


def most(name: str, number: int) -> str:
    """Which office has the most of something, as the end of a sentence."""
    said = {"office": short(name), "number": grouped(number)}
    return " " + _("Most at %(office)s: %(number)s.") % said
