"""Showing in batches: an open figure never moves by fewer than k people.

Whoever sees a figure before and after one answer knows that answer. So the answers to one
instrument at one office are put into batches of at least k people, numbered in the order in
which they are made, and open figures advance by whole batches (docs/methodology.md):

1. While a day runs, its people without a batch make batches of k, first come first in (`form`).
2. When a day is closed, its remaining people join its last batch; a day that has none hands them
   to those carried over, who make a batch of their own once they are k (`settle`). So a batch
   lies within one day, or holds all of several days that are too small to be shown.
3. An OPEN period shows the batches that lie wholly within it, except the newest of these
   (`visible`). That one is kept for the closing, so that closing adds at least k people.
4. A CLOSED period shows everything in it; later it changes only together with the changes of at
   least k people (`revises`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Batch:
    """A batch of one office and instrument; first_day and last_day are inclusive."""

    number: int
    first_day: date
    last_day: date
    people: int


@dataclass(frozen=True)
class Settlement:
    """What closing a day does with its people without a batch and with those carried over.

    join: people of the day who join its last batch; form: people, carried and of the day, who
    make a new batch: all of them or none (0); carry: people who stay without a batch.
    """

    join: int
    form: int
    carry: int


def form(pending: int, k: int) -> int:
    """How many batches of exactly k a running day's `pending` people make now; the rest waits."""
    _check(pending, k)
    return pending // k


def settle(day: date, pending: int, carried: int, newest: Batch | None, k: int) -> Settlement:
    """Close `day`: what becomes of its `pending` people and of the office's `carried` ones.

    carried: people without a batch whose days were closed before, late answers included.
    newest: the office's newest batch. Only into that one may people join: every open figure
    still holds it back, so that nobody sees it grow.
    """
    _check(pending, k)
    _check(carried, k)
    if newest is not None and newest.first_day == newest.last_day == day:
        made = carried if carried >= k else 0
        return Settlement(join=pending, form=made, carry=carried - made)
    made = carried + pending if carried + pending >= k else 0
    return Settlement(join=0, form=made, carry=carried + pending - made)


def visible(batches: Iterable[Batch], period_first: date, period_last: date) -> set[int]:
    """Numbers of the batches that an open period shows; both days inclusive.

    Held back is the newest batch within the period, not the newest of the office: a newer one
    that reaches outside would leave fewer than k people for the closing.
    """
    within = {
        batch.number
        for batch in batches
        if period_first <= batch.first_day and batch.last_day <= period_last
    }
    return within - {max(within)} if within else within


def revises(added: int, removed: int, k: int) -> bool:
    """Whether a figure that is already shown may change by so many people coming and going."""
    _check(added, k)
    _check(removed, k)
    return added + removed >= k


def _check(people: int, k: int) -> None:
    if k < 1:
        raise ValueError("a batch holds at least one person")
    if people < 0:
        raise ValueError("a negative number of people")
