"""The list of Thu phiếu: what is missing first, filtered, sorted and paged by its address."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.core.paginator import Page, Paginator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from offices.names import plain, province_in_order
from officials.figures.choice import Choice
from officials.figures.lines import ProgressLine
from reports.showing.collecting import Outlook

ON_A_PAGE = 50
LONGEST_SEARCH = 100


def _missing(line: ProgressLine) -> tuple[int, int]:
    """The most first; what is hidden and lacks a target stands before what has enough."""
    missing = line.state.missing
    if missing is None:
        return (0 if line.state.outlook == Outlook.HIDDEN else 1, 0)
    return (0, -missing) if missing else (2, line.state.missing or 0)


def _number(number: int | None, *, most_first: bool = True) -> tuple[int, int]:
    if number is None:
        return (1, 0)
    return (0, -number if most_first else number)


OUTLOOKS = (Outlook.HIDDEN, Outlook.SHORT, Outlook.UNKNOWN, Outlook.ENOUGH)
# By the word of an address: the heading, and what is compared; the names decide between equals.
ORDERS: Mapping[str, tuple[Promise, Callable[[ProgressLine], tuple[int, int]]]] = {
    "ten": (_("Name"), lambda line: (0, 0)),
    "phieu": (_("Forms / target"), lambda line: _number(line.state.people)),
    "thieu": (_("Still missing"), _missing),
    "can": (_("Needed a working day"), lambda line: _number(line.state.needed)),
    "du-bao": (
        _("Forecast at the end"),
        lambda line: (
            OUTLOOKS.index(line.state.outlook),
            _number(line.state.forecast, most_first=False)[1],
        ),
    ),
    "ho-so": (
        _("Finished dossiers"),
        lambda line: _number(line.progress.finished.dossiers if line.progress.finished else None),
    ),
}
USUAL = "thieu"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of the table: its title, the address that sorts by it, whether it does now."""

    key: str
    title: str | Promise
    address: str
    is_chosen: bool


@dataclass(frozen=True)
class Listing:
    """What the address asks of the list."""

    choice: Choice
    search: str = ""
    only_missing: bool = False
    order: str = USUAL
    lines: Sequence[ProgressLine] = field(default=())
    number: str = ""

    def address(self, **changed: str) -> str:
        """The query of the same list with some of it changed."""
        asked = {
            "tim": self.search,
            "thieu": "1" if self.only_missing else "",
            "xep": self.order if self.order != USUAL else "",
        }
        kept = {name: value for name, value in (asked | changed).items() if value}
        return self.choice.query(**kept)

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        """What the form of the period carries along unseen."""
        asked = (("tim", self.search), ("thieu", "1" if self.only_missing else ""))
        return tuple(pair for pair in (*asked, ("xep", self.order)) if pair[1])

    @property
    def carried(self) -> tuple[tuple[str, str], ...]:
        """What the form of the filter carries along: the view and the order."""
        choice = self.choice
        return (
            ("ky", choice.span.kind.value),
            ("tu", choice.span.first.isoformat()),
            ("phieu", f"{choice.instrument.slug}.{choice.instrument.version}"),
            ("ban-do", choice.territory.value),
            ("xep", self.order),
        )

    @property
    def headings(self) -> list[Heading]:
        """The columns."""
        return [
            Heading(key, title, self.address(xep=key), key == self.order)
            for key, (title, _key) in ORDERS.items()
        ]

    @property
    def page(self) -> Page[ProgressLine]:
        """The lines of this page."""
        wanted = plain(self.search)
        found = [
            line
            for line in self.lines
            if wanted in plain(line.name) and (not self.only_missing or line.state.missing)
        ]
        compare = ORDERS[self.order][1]
        found.sort(key=lambda line: (not line.address, compare(line), province_in_order(line.name)))
        return Paginator(found, ON_A_PAGE).get_page(self.number)


def listing(choice: Choice, asked: Mapping[str, str]) -> Listing:
    """What is asked for; what is not understood is as usual."""
    search = " ".join(asked.get("tim", "").replace("\0", " ").split())[:LONGEST_SEARCH]
    order = asked.get("xep", USUAL)
    return Listing(
        choice,
        search,
        asked.get("thieu") == "1",
        order if order in ORDERS else USUAL,
        number=asked.get("trang", ""),
    )


def listed(lines: Iterable[ProgressLine], choice: Choice, asked: Mapping[str, str]) -> Listing:
    """The list as it is asked for, with its lines."""
    return replace(listing(choice, asked), lines=tuple(lines))
