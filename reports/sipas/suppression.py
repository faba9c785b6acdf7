"""The one gate for figures: whatever is shown to anyone has passed `suppress`."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

Name = TypeVar("Name", bound=Hashable)
Payload = TypeVar("Payload", covariant=True)


class About(Enum):
    """What a figure tells about; the minimum depends on it."""

    SCORE = "score"
    REMARKS = "remarks"
    OFFICIAL = "official"


class Reason(Enum):
    """Why a figure is not shown. No answer at all counts as too few: 'none' is a figure too."""

    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Policy:
    """How many people must stand behind a figure before it is shown; `batch` see batches.py."""

    minimum_people: int = 10
    minimum_remarks: int = 20
    minimum_official: int = 30
    batch: int = 10
    name: str = "minimum-n"
    version: int = 1

    def __post_init__(self) -> None:
        if self.minimum_people < 1:
            raise ValueError("the minimum must be at least one person")
        if min(self.minimum_remarks, self.minimum_official, self.batch) < self.minimum_people:
            raise ValueError("no other minimum may be below minimum_people")

    def minimum(self, about: About) -> int:
        return {
            About.SCORE: self.minimum_people,
            About.REMARKS: self.minimum_remarks,
            About.OFFICIAL: self.minimum_official,
        }[about]


@dataclass(frozen=True)
class Cell(Generic[Name, Payload]):
    """A figure that somebody wants to show.

    people: persons behind it (not answers); parent: the cell whose people include these, from
    which a hidden sibling could be found by subtraction.
    """

    name: Name
    people: int
    payload: Payload
    parent: Name | None = None
    about: About = About.SCORE


@dataclass(frozen=True)
class Shown(Generic[Payload]):
    """The figure may be shown, with everything in its payload."""

    payload: Payload


@dataclass(frozen=True)
class Hidden:
    """Nothing of the figure may be shown, not even how many people stand behind it."""

    reason: Reason


def suppress(
    policy: Policy, cells: Iterable[Cell[Name, Payload]]
) -> dict[Name, Shown[Payload] | Hidden]:
    """Decide for a whole table at once which figures may be shown; keeps the table's order.

    The table must hold every figure that is shown together: policy version 1 looks at each
    cell's own people only, but one that hides siblings of hidden cells as well needs them all.
    Raises ValueError for a repeated name, a parent that is not in the table, a chain of parents
    that returns to itself, or a negative number of people.
    """
    table: dict[Name, Cell[Name, Payload]] = {}
    for cell in cells:
        if cell.name in table:
            raise ValueError(f"the figure {cell.name!r} occurs twice")
        if cell.people < 0:
            raise ValueError(f"the figure {cell.name!r} has a negative number of people")
        table[cell.name] = cell
    _check_parents(table)
    return {
        name: Shown(cell.payload)
        if cell.people >= policy.minimum(cell.about)
        else Hidden(Reason.TOO_FEW)
        for name, cell in table.items()
    }


def _check_parents(table: dict[Name, Cell[Name, Payload]]) -> None:
    rooted: set[Name] = set()
    for name in table:
        path: dict[Name, None] = {}
        step: Name | None = name
        while step is not None and step not in rooted:
            if step in path:
                raise ValueError(f"the figure {step!r} is among its own parents")
            path[step] = None
            parent = table[step].parent
            if parent is not None and parent not in table:
                raise ValueError(f"the parent {parent!r} of {step!r} is not in the table")
            step = parent
        rooted.update(path)
