"""The one gate for figures: whatever is shown to anyone has passed `suppress`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Generic, TypeVar

Name = TypeVar("Name", bound=Hashable)
Payload = TypeVar("Payload", covariant=True)


class About(Enum):
    """What a figure tells about; the minimum depends on it."""

    SCORE = "score"
    REMARKS = "remarks"


class WithheldReason(Enum):
    """Why a figure is not shown. No answer at all counts as too few: 'none' is a figure too.

    People are told neither reason: that a figure protects another says something of that one.
    """

    TOO_FEW = "too_few"
    PROTECTS_ANOTHER = "protects_another"


@dataclass(frozen=True)
class Policy:
    """How many people must stand behind a figure before it is shown; `batch` see batches.py."""

    minimum_people: int = 10
    minimum_remarks: int = 20
    # Releases keep the policy and its hash, so it stays; no figure is about a single official.
    minimum_official: int = 30
    batch: int = 10
    name: str = "blocks"
    version: int = 2

    def __post_init__(self) -> None:
        if self.minimum_people < 1:
            raise ValueError("the minimum must be at least one person")
        if min(self.minimum_remarks, self.minimum_official, self.batch) < self.minimum_people:
            raise ValueError("no other minimum may be below minimum_people")

    def minimum(self, about: About) -> int:
        """The fewest people behind a shown figure of this kind."""
        return {
            About.SCORE: self.minimum_people,
            About.REMARKS: self.minimum_remarks,
        }[about]

    def stricter(self, people: int) -> Policy:
        """The policy for readers who need at least so many people; never a weaker one.

        Whoever sees less than others may find from it what the others see, and not more: figures
        are the same sums of batches for everybody.
        """
        return replace(
            self,
            minimum_people=max(people, self.minimum_people),
            minimum_remarks=max(people, self.minimum_remarks),
            minimum_official=max(people, self.minimum_official),
            batch=max(people, self.batch),
        )


@dataclass(frozen=True)
class Cell(Generic[Name, Payload]):
    """A figure that somebody wants to show.

    people: persons behind it (not answers); parent: the cell whose people include these, from
    which a hidden sibling could be found by subtraction; withheld: must be hidden whatever the
    number of people.
    """

    name: Name
    people: int
    payload: Payload
    parent: Name | None = None
    about: About = About.SCORE
    withheld: bool = False


@dataclass(frozen=True)
class Shown(Generic[Payload]):
    """The figure may be shown, with everything in its payload."""

    payload: Payload


@dataclass(frozen=True)
class Hidden:
    """Nothing of the figure may be shown, not even how many people stand behind it."""

    reason: WithheldReason


def suppress(
    policy: Policy, cells: Iterable[Cell[Name, Payload]]
) -> dict[Name, Shown[Payload] | Hidden]:
    """Decide for a whole table at once which figures may be shown; keeps the table's order.

    The table must hold every figure that is shown together. Besides figures of too few people,
    others are hidden so that no hidden one can be found by subtraction: of every shown figure,
    what its shown parts leave over is nothing, or at least two parts of minimum_people together.
    A part is a cell without children; a parent's people are the sum of its parts' or, where
    people count in several parts, the parts are counted and not the people.
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
    hidden = {
        name: WithheldReason.PROTECTS_ANOTHER for name, cell in table.items() if cell.withheld
    }
    hidden |= {
        name: WithheldReason.TOO_FEW
        for name, cell in table.items()
        if cell.people < policy.minimum(cell.about)
    }
    _complete(policy, table, hidden)
    return {
        name: Hidden(hidden[name]) if name in hidden else Shown(cell.payload)
        for name, cell in table.items()
    }


def _complete(
    policy: Policy, table: Mapping[Name, Cell[Name, Payload]], hidden: dict[Name, WithheldReason]
) -> None:
    """Hides further cells, the smallest first, until nothing can be subtracted."""
    children: dict[Name, list[Name]] = defaultdict(list)
    for name, cell in table.items():
        if cell.parent is not None:
            children[cell.parent].append(name)
    if not children or not hidden:
        return
    changed = True
    while changed:
        changed = False
        for name in [name for name in children if name not in hidden]:
            shown, left_over = _parts(name, children, hidden)
            people = sum(table[part].people for part in left_over)
            if not left_over or (len(left_over) > 1 and people >= policy.minimum_people):
                continue
            if shown:
                hidden[min(shown, key=lambda part: table[part].people)] = (
                    WithheldReason.PROTECTS_ANOTHER
                )
                changed = True


def _parts(
    name: Name, children: Mapping[Name, list[Name]], hidden: Mapping[Name, WithheldReason]
) -> tuple[list[Name], list[Name]]:
    """Of a figure: the largest shown figures it consists of, and the hidden parts beside them."""
    shown: list[Name] = []
    left_over: list[Name] = []
    waiting = list(children[name])
    while waiting:
        part = waiting.pop()
        if part not in hidden:
            shown.append(part)
        elif part in children:
            waiting += children[part]
        else:
            left_over.append(part)
    return shown, left_over


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
