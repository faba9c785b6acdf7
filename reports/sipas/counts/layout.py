"""Which byte of a packed response is which question, and which questions make which figure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from hashlib import blake2b
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Answers = NDArray[np.uint8]
Scale = Literal["satisfaction", "level4", "choice", "box", "yesno", "reason"]
Kind = Literal["factor", "component", "overall"]
Indices = NDArray[np.intp]

# A response's (y, m) pair of a group is counted in one table of at most 256 x 256 cells.
NOT_ASKED = 8
MOST_CRITERIA = 255


class Method(Enum):
    """How criteria are put together into a factor, a component or the overall index.

    POOLED is the documented default. It is consistent with the published figures of 2023 and 2024
    if 82.49, which is derived, is right and 82.97 a misprint; weights of 32 to 19 fit without the
    latter (docs/methodology.md). The means are for instruments whose rules say so.
    """

    POOLED = "pooled"
    MEAN_OF_CRITERIA = "mean_of_criteria"
    MEAN_OF_FACTORS = "mean_of_factors"


class DifferentInstruments(ValueError):  # named for what is wrong
    """Figures of two different instruments were about to be put together."""


@dataclass(frozen=True)
class Item:
    """One question (or one box of a multiple choice): one byte of a packed response.

    criterion: the one below whose low answers it stands, of a reason.
    """

    code: str
    scale: Scale
    factor: str | None = None
    component: str | None = None
    # whoever still waits for the result is not asked: byte 8
    about_result: bool = False
    criterion: str | None = None


@dataclass(frozen=True, eq=False)
class IndexGroup:
    """The criteria that are pooled into one figure; `indices` point into the items."""

    kind: Kind
    code: str
    indices: Indices


@dataclass(frozen=True)
class Layout:
    """The arithmetic side of one version of an instrument.

    `satisfied` are the answers that count as satisfied (sipas.md §4.1: 4 and 5), `valid` those
    that count at all, `method` is how criteria are put together. `instrument` names the version:
    two instruments never add up, even if their questions have the same codes. `minimum_answered`
    is the share of the criteria that a response must answer to count.

    Raises ValueError for repeated codes, for a `satisfied` answer that is not valid, for more than
    255 criteria, and for a `minimum_answered` outside 0..1.
    """

    items: tuple[Item, ...]
    satisfied: frozenset[int] = frozenset({4, 5})
    valid: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    instrument: str = ""
    method: Method = Method.POOLED
    minimum_answered: float = 0.0

    def __post_init__(self) -> None:
        codes = [item.code for item in self.items]
        if len(set(codes)) != len(codes):
            raise ValueError("an item code occurs twice")
        if not self.satisfied <= self.valid or not self.valid <= frozenset(range(1, 8)):
            raise ValueError("satisfied answers must be valid ones, and valid ones lie in 1..7")
        if len(self.criteria) > MOST_CRITERIA:
            raise ValueError(f"more than {MOST_CRITERIA} satisfaction criteria")
        if not 0.0 <= self.minimum_answered <= 1.0:
            raise ValueError(f"minimum_answered is {self.minimum_answered}, not from 0 to 1")

    @property
    def n_items(self) -> int:
        return len(self.items)

    @property
    def n_groups(self) -> int:
        return len(self.groups)

    @cached_property
    def criteria(self) -> Indices:
        """Indices of the satisfaction items."""
        return _indices(i for i, item in enumerate(self.items) if item.scale == "satisfaction")

    @cached_property
    def reasons(self) -> tuple[Item, ...]:
        """What people may say below a low answer."""
        return tuple(item for item in self.items if item.scale == "reason")

    @property
    def answers_needed(self) -> int:
        """How many criteria a response must answer to count; never 0."""
        return max(1, math.ceil(self.minimum_answered * len(self.criteria)))

    def enough(self, answers: Answers) -> NDArray[np.bool_]:
        """Who answers enough criteria, 1 to 5 each. answers: uint8[items, people]; bool[people].

        Of whoever was not asked about the result those count that were asked. What the apps keep as
        `Response.valid`; a test holds the two together.
        """
        criteria = answers[self.criteria]
        told = ((criteria >= 1) & (criteria <= 5)).sum(axis=0)
        results = [i for i in self.criteria.tolist() if self.items[i].about_result]
        asked = len(self.criteria) - (answers[results] == NOT_ASKED).sum(axis=0)
        return np.asarray((told >= 1) & (told >= self.minimum_answered * asked))

    @cached_property
    def factors(self) -> dict[str, Indices]:
        """Factor codes in the instrument's order, each with the indices of its criteria."""
        return self._grouped({i: self.items[i].factor for i in self.criteria.tolist()})

    @cached_property
    def components(self) -> dict[str, Indices]:
        """Component codes in the instrument's order, each with the indices of its criteria."""
        return self._grouped({i: self.items[i].component for i in self.criteria.tolist()})

    @cached_property
    def headline(self) -> tuple[Kind, str]:
        """The group that a page shows large: one overall question, else the services, else all."""
        for code in ("overall", "services"):
            if code in self.components:
                return "component", code
        return "overall", ""

    @cached_property
    def parts(self) -> dict[str, Indices]:
        """What the criteria are divided into: the factors, and each criterion that has none.

        In the order of the questionnaire; a criterion without a factor is a part of its own, named
        by its code behind a number sign.
        """
        alone = {
            f"#{self.items[i].code}": _indices([i])
            for i in self.criteria.tolist()
            if self.items[i].factor is None
        }
        both = self.factors | alone
        return dict(sorted(both.items(), key=lambda part: int(part[1][0])))

    @cached_property
    def anchor(self) -> int:
        """Position of the criterion by which people are counted: the first of the headline.

        It belongs to the version of the questionnaire, so it never changes (decision 0032).
        """
        return int(self.groups[self.group_of(*self.headline)].indices[0])

    @cached_property
    def anchor_part(self) -> str:
        """The part that holds the anchor."""
        return next(code for code, indices in self.parts.items() if self.anchor in indices)

    @cached_property
    def headline_parts(self) -> frozenset[str]:
        """The parts whose criteria the headline sums."""
        summed = set(self.groups[self.group_of(*self.headline)].indices.tolist())
        return frozenset(code for code, of in self.parts.items() if summed.issuperset(of.tolist()))

    def anchored(self, answers: Answers) -> NDArray[np.bool_]:
        """Who counts where people are counted: bool[people]; answers: uint8[people, items].

        Whoever answered the anchor and, where the headline has more than one part, a criterion of
        another part: so k of them have also answered two of them, as intervals need.
        """
        valid = np.isin(answers, sorted(self.valid))
        told = valid[:, self.anchor]
        headline = self.groups[self.group_of(*self.headline)].indices
        others = np.setdiff1d(headline, self.parts[self.anchor_part])
        return np.asarray(told & valid[:, others].any(axis=1) if len(others) else told)

    @cached_property
    def groups(self) -> tuple[IndexGroup, ...]:
        """Factors, then components; then the overall figure unless the one component is it.

        The overall figure of two components needs its own moments: the answers of one person
        to both are correlated, so its interval does not follow from theirs.
        """
        groups = [IndexGroup("factor", code, indices) for code, indices in self.factors.items()]
        groups += [
            IndexGroup("component", code, indices) for code, indices in self.components.items()
        ]
        if not any(np.array_equal(ix, self.criteria) for ix in self.components.values()):
            groups.append(IndexGroup("overall", "", self.criteria))
        return tuple(groups)

    @cached_property
    def fingerprint(self) -> bytes:
        """Eight bytes that differ between instruments; kept with stored sums.

        Not the method: the sums are the same for all of them.
        """
        described = repr(
            (
                self.instrument,
                [(item.code, item.scale, item.factor, item.component) for item in self.items],
                sorted(self.satisfied),
                sorted(self.valid),
            )
        )
        return blake2b(described.encode(), digest_size=8).digest()

    def index_of(self, code: str) -> int:
        """Position of an item; KeyError if the instrument has no such item."""
        return self._positions[code]

    def group_of(self, kind: Kind, code: str = "") -> int:
        """Row of a group in `Sums.moments`; KeyError if there is no such group.

        "overall" is the component's row where the one component holds every criterion.
        """
        for row, group in enumerate(self.groups):
            if (group.kind, group.code) == (kind, code):
                return row
        if kind == "overall":
            for row, group in enumerate(self.groups):
                if group.kind == "component" and np.array_equal(group.indices, self.criteria):
                    return row
        raise KeyError(f"no {kind} {code!r} in instrument {self.instrument!r}")

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {item.code: i for i, item in enumerate(self.items)}

    @staticmethod
    def _grouped(labels: dict[int, str | None]) -> dict[str, Indices]:
        members: dict[str, list[int]] = {}
        for index, label in labels.items():
            if label is not None:
                members.setdefault(label, []).append(index)
        return {label: _indices(indices) for label, indices in members.items()}


def _indices(positions: Iterable[int]) -> Indices:
    array = np.fromiter(positions, dtype=np.intp)
    array.setflags(write=False)
    return array
