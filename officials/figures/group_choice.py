"""What the address of a comparison asks for: which places, in which order, which of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urlencode

from offices.search import LONGEST_SEARCH
from officials.figures.choice import Choice
from reports.models import TerritoryMap
from reports.showing.comparison import ComparedGroup

PROVINCES = "tinh"  # stands for a group where a country's provinces are compared
MOST_BESIDE = 5
LONGEST_NUMBER = 6

# Columns as addresses name them.
NAME, TIER, FIGURE, PEOPLE, STANDARDISED, GAP = "ten", "nhom", "muc", "so-phieu", "chung", "lech"
COLUMNS = (NAME, TIER, FIGURE, PEOPLE, STANDARDISED, GAP)
TODAY = ("ban-do", TerritoryMap.TODAY.value)
BASE = frozenset({"ky", "tu", "phieu", "ban-do"})


@dataclass(frozen=True, slots=True)
class Sort:
    """By which column the rows stand, and which way."""

    column: str = TIER
    descending: bool = False

    @property
    def key(self) -> str:
        """The order in an address."""
        return ("-" if self.descending else "") + self.column


@dataclass(frozen=True, kw_only=True)
class GroupChoice(Choice):
    """What is compared: besides period, form and map the group of places and the table's view.

    group: None where the provinces of a country are compared; called: words in the names of the
    rows that are shown; apart_only: only rows that are told apart; page: from 1 on; beside: keys of
    the places that stand side by side; alone: the short name of the office whose planned
    comparisons are shown, empty for none.
    """

    group: ComparedGroup | None
    sort: Sort = Sort()
    called: str = ""
    apart_only: bool = False
    page: int = 1
    beside: tuple[str, ...] = ()
    alone: str = ""

    def query(self, **changed: str) -> str:
        """The address's query for this view with some of it changed; "" takes something away."""
        base = {name: value for name, value in changed.items() if value or name in BASE}
        own = urlencode([pair for pair in self.kept if pair[0] not in changed])
        return super().query(**base) + (f"&{own}" if own else "")

    @cached_property  # each place of a list asks for it
    def of_places(self) -> str:
        """The query for the pages of the places: period, form, and the map unless it is today's."""
        asked = parse_qsl(super().query()[1:])
        return "?" + urlencode([pair for pair in asked if pair != TODAY])

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        """What the form of the view carries along unseen."""
        return (
            ("loai", self.group.key if self.group else PROVINCES),
            *((("sap", self.sort.key),) if self.sort != Sort() else ()),
            *((("ten", self.called),) if self.called else ()),
            *((("ro", "1"),) if self.apart_only else ()),
            *((("trang", str(self.page)),) if self.page > 1 else ()),
            *(("canh", key) for key in self.beside),
            *((("rieng", self.alone),) if self.alone else ()),
        )

    def without(self, *names: str) -> list[tuple[str, str]]:
        """All names and values of the query but these, for a form that asks for them."""
        return [pair for pair in parse_qsl(self.query()[1:]) if pair[0] not in names]

    @property
    def for_alone(self) -> list[tuple[str, str]]:
        """What the form that chooses an office carries along."""
        return self.without("rieng")

    @property
    def for_filter(self) -> list[tuple[str, str]]:
        """What the form that filters the table carries along."""
        return self.without("ten", "ro", "trang")


def read_sort(asked: Mapping[str, str]) -> Sort | None:
    """The order that is asked for, also under its former name; None for one that is not known."""
    text = asked.get("sap") or asked.get("xep") or ""
    column = text.removeprefix("-")
    if not column:
        return Sort()
    return Sort(column, text.startswith("-")) if column in COLUMNS else None


def read_words(asked: Mapping[str, str]) -> str:
    """The words that names are filtered by."""
    return " ".join(asked.get("ten", "").replace("\0", " ").split())[:LONGEST_SEARCH]


def read_page(asked: Mapping[str, str]) -> int:
    """The page that is asked for, 1 for what is none."""
    text = asked.get("trang", "")
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER):
        return 1
    return max(int(text), 1)


def read_beside(asked: Iterable[str], known: Iterable[str]) -> tuple[tuple[str, ...], int, int]:
    """Keys to stand side by side; how many more were asked for, how many are not of the list."""
    wanted = list(dict.fromkeys(key for key in asked if key))
    there = set(known)
    found = [key for key in wanted if key in there]
    beside = tuple(found[:MOST_BESIDE])
    return beside, len(found) - len(beside), len(wanted) - len(found)
