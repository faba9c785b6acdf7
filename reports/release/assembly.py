"""From the sums of offices to the lines of a release: offices first, then units on both maps."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256

from offices.models import AdministrativeUnit
from reports.figures import Figure, figures
from reports.layouts import instrument_of
from reports.models import ReleaseFigure, TerritoryMap
from reports.periods import Span
from reports.release.cut import instrument_name
from reports.scores import METHOD, Part, score_of
from reports.sipas.sums import Sums
from reports.sipas.suppression import Policy

Kind = ReleaseFigure.Kind
FOUR_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Place:
    """Whose figures: an office's, or a unit's on one map. `name` is the same in every database."""

    name: str
    office: int | None = None
    unit: int | None = None
    territory: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure as it is published; a hidden one has no numbers."""

    kind: str
    code: str
    hidden: bool
    people: int | None = None
    satisfied: int | None = None
    answered: int | None = None
    percent: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None

    def __str__(self) -> str:
        numbers = (self.people, self.satisfied, self.answered, self.percent, self.low, self.high)
        said = "hidden" if self.hidden else " ".join(map(str, numbers))
        return f"{self.kind} {self.code or '-'} {said}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """All figures of one place and questionnaire."""

    place: Place
    instrument: int
    lines: tuple[Line, ...]


class Assembly:
    """Takes offices one after another, adds them up to units, and hashes what is published."""

    def __init__(self, span: Span, policy: Policy) -> None:
        self.span = span
        self.policy = policy
        self.units: dict[tuple[str, int, int], Part] = {}
        self.members: dict[tuple[str, int, int], list[Sums]] = defaultdict(list)
        rules = json.dumps(asdict(policy), sort_keys=True)
        self.hash = sha256(f"{METHOD} {rules}\n".encode())

    def office(
        self, place: Place, instrument: int, part: Part, chains: Mapping[str, Sequence[int]]
    ) -> Sheet:
        """The sheet of an office; by map, `chains` names the units that it counts in."""
        for territory, units in chains.items():
            for unit in units:
                key = (territory, unit, instrument)
                before = self.units.get(key)
                self.units[key] = _plus(before, part) if before else part
                self.members[key].append(part.sums)
        return self._sheet(place, instrument, part)

    def rest(self) -> Iterator[Sheet]:
        """The sheets of the units, once all offices are in."""
        known = AdministrativeUnit.objects.in_bulk({unit for _, unit, _ in self.units})
        sheets = {
            (unit_place(known[unit], territory), instrument): (territory, unit, instrument)
            for territory, unit, instrument in self.units
        }
        for place, instrument in sorted(
            sheets, key=lambda key: (key[0].name, instrument_name(key[1]))
        ):
            key = sheets[place, instrument]
            yield self._sheet(place, instrument, self.units[key], self.members[key])

    def _sheet(
        self, place: Place, instrument: int, part: Part, members: Sequence[Sums] = ()
    ) -> Sheet:
        sheet = Sheet(place, instrument, tuple(self._lines(instrument, part, members)))
        name = f"{place.name} {instrument_name(instrument)}"
        for line in sheet.lines:
            self.hash.update(f"{name} {line}\n".encode())
        return sheet

    def _lines(self, instrument: int, part: Part, members: Sequence[Sums]) -> Iterator[Line]:
        """What a page would show of these sums; hidden lines keep their place.

        members: the offices of a unit, which are published beside it.
        """
        score = score_of(part, instrument, self.span, closed=True)
        shown = figures(score, self.policy, [members])
        yield _line(Kind.HEADLINE, "", shown.headline)
        factors = {factor.code: factor.figure for factor in shown.factors}
        criteria = {criterion.code: criterion.figure for criterion in shown.criteria}
        layout = part.sums.layout
        for code in layout.factors:
            yield _line(Kind.FACTOR, code, factors.get(code))
        for item in instrument_of(instrument).items:
            if item.scale == "satisfaction":
                yield _line(Kind.CRITERION, item.code, criteria.get(item.code))


def unit_place(unit: AdministrativeUnit, territory: str) -> Place:
    """A unit's place; the day it began tells units of one code apart."""
    name = f"{territory} {unit.level} {unit.code} {unit.valid_from}"
    return Place(name, unit=unit.pk, territory=territory)


def office_place(office: int, slug: str) -> Place:
    """An office's place."""
    return Place(f"office {slug}", office=office)


def chains(then: Sequence[int], today: Sequence[int]) -> dict[str, Sequence[int]]:
    """By map, the units an office counts in."""
    return {TerritoryMap.THEN.value: then, TerritoryMap.TODAY.value: today}


def _plus(one: Part, other: Part) -> Part:
    return Part(one.sums + other.sums, one.simulated or other.simulated)


def _line(kind: Kind, code: str, figure: Figure | None) -> Line:
    if figure is None or figure.share is None or figure.answers is None:
        return Line(kind.value, code, hidden=True)
    return Line(
        kind.value,
        code,
        hidden=False,
        people=figure.people,
        satisfied=int(figure.share * figure.answers),
        answered=figure.answers,
        percent=figure.value,
        low=_rounded(figure.low),
        high=_rounded(figure.high),
    )


def _rounded(limit: float | None) -> Decimal | None:
    return None if limit is None else Decimal(repr(limit)).quantize(FOUR_PLACES, ROUND_HALF_UP)
