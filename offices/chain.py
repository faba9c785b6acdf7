"""A unit's chain: the unit and all above it, commune, district, province, country.

The chain is walked here alone: over objects or keys by `upward`, in SQL by `lookups`.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

Step = TypeVar("Step")

ABOVE = 3  # district, province and country stand above a commune


def upward(start: Step | None, above: Callable[[Step], Step | None]) -> Iterator[Step]:
    """`start` and all above it, from the lowest; each step is asked for only when it is reached."""
    step = start
    while step is not None:
        yield step
        step = above(step)


def lookups(column: str = "") -> tuple[str, ...]:
    """By what a query reaches a unit and all above it, from the lowest to the country.

    column: leads to the lowest unit, such as `unit` of an office; empty where units are asked for.
    """
    above = [f"{column}{'__parent' * steps}" for steps in range(ABOVE + 1)]
    return tuple(above) if column else ("pk", *(path.removeprefix("__") for path in above[1:]))


def within(column: str, units: Iterable[int] | QuerySet[Any, Any]) -> Q:
    """Whatever has one of these units in the chain that begins at `column`; see `lookups`."""
    found = Q(pk__in=[])
    for path in lookups(column):
        found |= Q(**{f"{path}__in": units})
    return found
