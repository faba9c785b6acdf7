"""Between two days: both belong to it, and either may be missing, which means without end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol, Self, TypeVar

from django.db import models
from django.db.models import Q

M = TypeVar("M", bound=models.Model)


class Stretch(Protocol):
    """Anything with a first and a last day, such as a period of figures."""

    @property
    def first(self) -> date | None:
        """None: since ever."""

    @property
    def last(self) -> date | None:
        """None: until further notice."""


@dataclass(frozen=True, slots=True)
class Days:
    """All days from `first` to `last`, both included; None: without end on that side."""

    first: date | None
    last: date | None

    def hold(self, day: date) -> bool:
        """Whether `day` is one of them."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def each(self) -> Iterator[date]:
        """Every one of them in order. Raises ValueError where they have no end on a side."""
        if self.first is None or self.last is None:
            raise ValueError(f"{self} have no end")
        for number in range(self.first.toordinal(), self.last.toordinal() + 1):
            yield date.fromordinal(number)

    def touch(self, other: Stretch) -> bool:
        """Whether at least one day is in both."""
        return _begins_by(self.first, other.last) and _begins_by(other.first, self.last)

    def cover(self, other: Stretch) -> bool:
        """Whether all days of `other` are among these."""
        begun = self.first is None or (other.first is not None and self.first <= other.first)
        lasts = self.last is None or (other.last is not None and other.last <= self.last)
        return begun and lasts


def _begins_by(first: date | None, last: date | None) -> bool:
    return first is None or last is None or first <= last


class _Dated(Protocol):
    @property
    def valid_from(self) -> date | None: ...

    @property
    def valid_to(self) -> date | None: ...


class Valid:
    """What is true from `valid_from` to `valid_to`: rows of tables, of files and of memory."""

    __slots__ = ()

    @property
    def days(self: _Dated) -> Days:
        """The days on which it is true."""
        return Days(self.valid_from, self.valid_to)


class ValidQuerySet(models.QuerySet[M]):
    """Questions about what is true between two days."""

    def on(self, day: date) -> Self:
        """Those that are true on `day`."""
        return self.during(day, day)

    def during(self, first: date, last: date) -> Self:
        """Those that are true on at least one day from `first` to `last`."""
        return self.filter(~Q(valid_to__lt=first), ~Q(valid_from__gt=last))
