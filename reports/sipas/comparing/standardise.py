"""An office's figure as if it had the common mix of fields.

An office that handles land disputes is not compared raw with one that certifies copies. Direct
standardisation weighs the office's figures per field with the same weights everywhere: the people
(or finished dossiers) per field of the province. What it answers: how would all of the province
have fared if every field had gone as it goes here?

The interval is put together from those of the fields (MOVER: Zou, Huang and Zhang 2009), so it
also holds where a field is at 0 % or 100 %.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Generic, TypeVar

from reports.sipas.comparing.difference import Estimate
from reports.sipas.index.interval import LEVEL

FieldName = TypeVar("FieldName", bound=Hashable)

MINIMUM_PEOPLE = 10
LEAST_COVER = Fraction(4, 5)


class Why(Enum):
    """Why there is no standardised figure."""

    NO_MIX = "the common mix is empty"
    TOO_LITTLE = "too little of the common mix has a usable figure here"


@dataclass(frozen=True)
class NotStandardised:
    """No standardised figure; `covered` is the share of the common mix that is usable."""

    why: Why
    covered: Fraction


@dataclass(frozen=True)
class Standardised(Generic[FieldName]):
    """A standardised figure beside the raw one.

    share: exact; low and high: limits in percent, unrounded; variance: of the share, by
    linearisation, 0 where all fields are at 0 % or 100 %; people: behind the fields used; covered:
    share of the common mix that these make up; weights: of each, summing to 1.
    """

    share: Fraction
    low: float
    high: float
    variance: float
    people: int
    covered: Fraction
    weights: Mapping[FieldName, Fraction]
    raw: Estimate


def standardise(
    raw: Estimate,
    fields: Mapping[FieldName, Estimate | None],
    mix: Mapping[FieldName, int],
    *,
    least_cover: Fraction = LEAST_COVER,
    minimum_people: int = MINIMUM_PEOPLE,
    level: float = LEVEL,
) -> Standardised[FieldName] | NotStandardised:
    """The office's figure under the common mix; Refused where it would be mostly guessed.

    raw: the office's own figure; fields: its figures per field, only those that may be shown (None
    for a hidden one; one of fewer than `minimum_people` is left out as well); mix: people or
    dossiers per field, the same for all offices that are compared. Fields that cannot be used are
    left out and the weights of the others grow alike; below `least_cover` of the mix it is
    refused. Raises ValueError for a negative weight.
    """
    if any(weight < 0 for weight in mix.values()):
        raise ValueError("a field cannot have a negative weight")
    whole = sum(mix.values())
    if not whole:
        return NotStandardised(Why.NO_MIX, Fraction(0))
    usable = {
        field: figure
        for field, figure in fields.items()
        if figure is not None and figure.people >= minimum_people and mix.get(field, 0) > 0
    }
    inside = sum(mix[field] for field in usable)
    covered = Fraction(inside, whole)
    if not usable or covered < least_cover:
        return NotStandardised(Why.TOO_LITTLE, covered)
    weights = {field: Fraction(mix[field], inside) for field in usable}
    share = sum((weights[field] * one.share for field, one in usable.items()), Fraction(0))
    down = up = variance = 0.0
    for field, one in usable.items():
        weight, p = float(weights[field]), float(one.share)
        low, high = one.interval(level)
        down += (weight * (100.0 * p - low)) ** 2
        up += (weight * (high - 100.0 * p)) ** 2
        variance += weight * weight * p * (1.0 - p) / one.effective_n
    percent = 100.0 * float(share)
    return Standardised(
        share=share,
        low=max(percent - math.sqrt(down), 0.0),
        high=min(percent + math.sqrt(up), 100.0),
        variance=variance,
        people=sum(one.people for one in usable.values()),
        covered=covered,
        weights=weights,
        raw=raw,
    )
