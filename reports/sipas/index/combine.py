"""From units to their level and province: the three ways, all from counts (sipas.md §4.4).

Pooled answers are what pages show. The other two answer a question that pooling does not: what a
typical unit is like (EQUAL_UNITS), and what the people who came are like although some units
asked a larger share of theirs than others (WEIGHTED, post-stratification).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from reports.sipas.counts.layout import DifferentInstruments, Kind, Method
from reports.sipas.counts.sums import Sums
from reports.sipas.index import percentages

Unit = TypeVar("Unit", bound=Hashable)


class MissingWeight(ValueError):  # named for what is wrong
    """A unit has answers, but nobody knows how many transactions it had."""


@dataclass(frozen=True)
class Combined:
    """An index over units; None where no unit has a value.

    units: how many have one and stand in the mean; covered: their part of all units or, with
    weights, of all transactions, 0..1. The others are left out, never counted as 0 %.
    """

    share: Fraction | None
    units: int
    covered: Fraction


def pooled(parts: Iterable[Sums]) -> Sums:
    """All people together; a large unit weighs more than a small one.

    Raises DifferentInstruments for parts of two instruments, ValueError for no part at all.
    """
    members = list(parts)
    if not members:
        raise ValueError("there is no unit to put together")
    _same_instrument(members)
    whole = members[0]
    for part in members[1:]:
        whole = whole + part
    return whole


def equal_units(
    parts: Mapping[Unit, Sums], kind: Kind, code: str = "", method: Method | None = None
) -> Combined:
    """EQUAL_UNITS: the mean of the units' indexes, every unit weighing the same.

    Raises DifferentInstruments for units of two instruments.
    """
    return _mean(parts, dict.fromkeys(parts, 1), kind, code, method)


def weighted(
    parts: Mapping[Unit, Sums],
    transactions: Mapping[Unit, int],
    kind: Kind,
    code: str = "",
    method: Method | None = None,
) -> Combined:
    """WEIGHTED: I = Σ w_u I_u with w_u = T_u / ΣT, T_u the unit's transactions of the period.

    A unit without a valid answer has no I_u: it is left out of both sums, and `covered` says how
    much of all transactions the others had.

    Raises MissingWeight for a unit with answers but without transactions, ValueError for a
    negative number of transactions, DifferentInstruments for units of two instruments.
    """
    for unit, count in transactions.items():
        if count < 0:
            raise ValueError(f"unit {unit!r} has a negative number of transactions")
    for unit, sums in parts.items():
        if sums.people and not transactions.get(unit):
            raise MissingWeight(f"unit {unit!r} has answers, but no number of transactions")
    return _mean(parts, transactions, kind, code, method)


def _mean(
    parts: Mapping[Unit, Sums],
    weights: Mapping[Unit, int],
    kind: Kind,
    code: str,
    method: Method | None,
) -> Combined:
    _same_instrument(parts.values())
    values = {unit: percentages.of_group(sums, kind, code, method) for unit, sums in parts.items()}
    known = {unit: value for unit, value in values.items() if value is not None}
    weight, whole = sum(weights[unit] for unit in known), sum(weights.values())
    if not weight:
        return Combined(None, 0, Fraction(0))
    share = sum((weights[unit] * value for unit, value in known.items()), Fraction(0)) / weight
    return Combined(share, len(known), Fraction(weight, whole))


def _same_instrument(parts: Iterable[Sums]) -> None:
    names = {part.layout: part.layout.instrument for part in parts}
    if len(names) > 1:
        listed = ", ".join(sorted(repr(name) for name in names.values()))
        raise DifferentInstruments(f"figures of different instruments are never combined: {listed}")
