"""What a proof finds: one stored number that is wrong, or a row that is missing or too many."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from reports.models import Part
from reports.proof.periods import Stretch

# More differences of one place and column than this are one row that says how many: whoever
# overwrites a whole table is told so, and not by a million rows.
MOST_OF_A_COLUMN = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Whose row it is: an office's, or a unit's on a map; or of neither, as a release."""

    office: int | None = None
    unit: int | None = None
    map: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A difference, in the words of `Difference`."""

    part: Part
    table: str
    column: str
    place: Place
    instrument: int | None
    period: str
    first: date
    last: date
    key: str
    shown: str
    proved: str

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes it the same difference when it is found again."""
        place = (self.place.office, self.place.unit, self.place.map)
        row = (self.instrument, self.period, self.first, self.last, self.key)
        return (self.table, self.column, *place, *row)

    @property
    def whole(self) -> tuple[object, ...]:
        """The table or release that it is in; nothing for a figure, which is in none."""
        if self.part in (Part.TABLES, Part.RELEASES):
            return self.instrument, self.period, self.first, self.last, self.key.split(":")[0]
        return ()


def in_period(
    part: Part,
    of: tuple[int, int],
    table: str,
    column: str,
    period: Stretch,
    key: str,
    shown: str,
    proved: str,
) -> Found:
    """A difference in what is kept of an office and questionnaire (of) for a period."""
    office, instrument = of
    return Found(
        part=part,
        table=table,
        column=column,
        place=Place(office),
        instrument=instrument,
        period=period.period,
        first=period.first,
        last=period.last,
        key=key[:200],
        shown=shown[:200],
        proved=proved[:200],
    )


@dataclass(slots=True)
class Ledger:
    """What one proof has computed so far, and what it found."""

    responses: int = 0
    figures: Counter[Part] = field(default_factory=Counter)
    unproved: int = 0
    behind: int = 0
    found: list[Found] = field(default_factory=list)

    def note(self, found: Found) -> None:
        """Takes a difference in."""
        self.found.append(found)

    def differences(self) -> Iterator[Found]:
        """Each difference; of very many in one place and column, one that stands for all."""
        together: dict[tuple[object, ...], list[Found]] = defaultdict(list)
        for one in self.found:
            together[one.part, one.table, one.column, one.place, one.whole].append(one)
        for those in together.values():
            if len(those) <= MOST_OF_A_COLUMN:
                yield from those
            else:
                yield _all_of(those)


def _all_of(those: list[Found]) -> Found:
    one = those[0]
    in_whole = bool(one.whole)
    return Found(
        one.part,
        one.table,
        one.column,
        one.place,
        instrument=one.instrument if in_whole else None,
        period=one.period if in_whole else "",
        first=min(each.first for each in those),
        last=max(each.last for each in those),
        key=one.key.split(":")[0] + ":" if in_whole else "",
        shown=str(len(those)),
        proved="0",
    )
