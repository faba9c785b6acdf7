"""From the sums of offices to the lines of a release: offices first, then units on both maps."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256

from offices.models import AdministrativeUnit
from reports.counting.layouts import instrument_of, layout_of
from reports.counting.periods import Span
from reports.counting.stored import ScorePart, deflate_opened, score_of
from reports.models import ReleaseFigure, TerritoryMap
from reports.release.former import FORMER_METHOD, Siblings, former_figures
from reports.release.membership import instrument_name
from reports.showing.figures import Figure, figures
from reports.sipas.counts.cells import total
from reports.sipas.hiding.columns import Opened
from reports.sipas.hiding.suppression import Policy
from reports.sipas.index.headline import ARITHMETIC

Kind = ReleaseFigure.Kind
FOUR_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class ReleasedPlace:
    """Whose figures: an office's, or a unit's on one map. `name` is the same in every database."""

    name: str
    office: int | None = None
    unit: int | None = None
    territory: str = ""


@dataclass(frozen=True, slots=True)
class ReleasedLine:
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
class ReleasedFigures:
    """All figures of one place and questionnaire."""

    place: ReleasedPlace
    instrument: int
    lines: tuple[ReleasedLine, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """An office's sums, and by map the units it counts in, from the lowest to the province."""

    place: ReleasedPlace
    instrument: int
    part: ScorePart
    chains: Mapping[str, Sequence[int]]
    opened: Opened


class Assembly:
    """Takes offices one after another, adds them up to units, and hashes what is published.

    method: by which the release was made, `METHOD` or `FORMER_METHOD`.
    """

    def __init__(self, span: Span, policy: Policy, method: str) -> None:
        self.span = span
        self.revision = ARITHMETIC[method]
        self.policy = policy
        self.method = method
        self.entries: list[_Entry] = []
        rules = json.dumps(asdict(policy), sort_keys=True)
        self.hash = sha256(f"{method} {rules}\n".encode())

    def office(
        self,
        place: ReleasedPlace,
        instrument: int,
        part: ScorePart,
        chains: Mapping[str, Sequence[int]],
        opened: Opened,
    ) -> None:
        """Takes an office in, and what is shown beside its headline.

        By map, `chains` names the units that it counts in.
        """
        self.entries.append(_Entry(place, instrument, part, chains, opened))

    def sheets(self) -> Iterator[ReleasedFigures]:
        """The sheets of all offices in the order they came, then those of the units."""
        siblings = {
            instrument: self._siblings(instrument)
            for instrument in sorted({entry.instrument for entry in self.entries})
            if self.method == FORMER_METHOD
        }
        units: dict[tuple[str, int, int], list[_Entry]] = defaultdict(list)
        for entry in self.entries:
            office = entry.place.office or 0
            former = siblings.get(entry.instrument)
            hidden = former.of_office(office) if former else set()
            yield self._sheet(entry, hidden)
            for territory, chain in entry.chains.items():
                for unit in chain:
                    units[territory, unit, entry.instrument].append(entry)
        known = AdministrativeUnit.objects.in_bulk({unit for _, unit, _ in units})
        sheets = {
            (unit_place(known[unit], territory), instrument): members
            for (territory, unit, instrument), members in units.items()
        }
        for place, instrument in sorted(
            sheets, key=lambda key: (key[0].name, instrument_name(key[1]))
        ):
            members = sheets[place, instrument]
            whole = ScorePart(
                total(layout_of(instrument_of(instrument)), [m.part.sums for m in members]),
                any(m.part.simulated for m in members),
            )
            former = siblings.get(instrument)
            hidden = former.of_unit(place.territory, place.unit or 0) if former else set()
            beside = Opened.total(layout_of(instrument_of(instrument)), [m.opened for m in members])
            yield self._sheet(_Entry(place, instrument, whole, {}, beside), hidden)

    def _siblings(self, instrument: int) -> Siblings:
        entries = [entry for entry in self.entries if entry.instrument == instrument]
        units = {unit for entry in entries for chain in entry.chains.values() for unit in chain}
        level_of = dict(AdministrativeUnit.objects.filter(pk__in=units).values_list("pk", "level"))
        return Siblings(
            layout_of(instrument_of(instrument)),
            {entry.place.office or 0: entry.part.sums for entry in entries},
            {
                entry.place.office or 0: [
                    (territory, level_of[unit], unit)
                    for territory, chain in entry.chains.items()
                    for unit in chain
                ]
                for entry in entries
            },
        )

    def _sheet(self, entry: _Entry, hidden: Collection[str]) -> ReleasedFigures:
        lines = tuple(self._lines(entry, hidden))
        sheet = ReleasedFigures(entry.place, entry.instrument, lines)
        name = f"{entry.place.name} {instrument_name(entry.instrument)}"
        for line in sheet.lines:
            self.hash.update(f"{name} {line}\n".encode())
        return sheet

    def _lines(self, entry: _Entry, hidden: Collection[str]) -> Iterator[ReleasedLine]:
        opened = deflate_opened(entry.opened)
        score = score_of(
            entry.part,
            entry.instrument,
            self.span,
            closed=True,
            opened=opened,
            revision=self.revision,
        )
        if self.method == FORMER_METHOD:
            shown = former_figures(score, entry.part.sums, self.policy, hidden)
        else:
            shown = figures(score, self.policy)
        yield _line(Kind.HEADLINE, "", shown.headline)
        factors = {factor.code: factor.figure for factor in shown.factors}
        criteria = {criterion.code: criterion.figure for criterion in shown.criteria}
        for code in entry.part.sums.layout.factors:
            yield _line(Kind.FACTOR, code, factors.get(code))
        for item in instrument_of(entry.instrument).items:
            if item.scale == "satisfaction":
                yield _line(Kind.CRITERION, item.code, criteria.get(item.code))


def unit_place(unit: AdministrativeUnit, territory: str) -> ReleasedPlace:
    """A unit's place; the day it began tells units of one code apart."""
    name = f"{territory} {unit.level} {unit.code} {unit.valid_from}"
    return ReleasedPlace(name, unit=unit.pk, territory=territory)


def office_place(office: int, slug: str) -> ReleasedPlace:
    """An office's place."""
    return ReleasedPlace(f"office {slug}", office=office)


def chains(then: Sequence[int], today: Sequence[int]) -> dict[str, Sequence[int]]:
    """By map, the units an office counts in."""
    return {TerritoryMap.THEN.value: then, TerritoryMap.TODAY.value: today}


def _line(kind: Kind, code: str, figure: Figure | None) -> ReleasedLine:
    if figure is None or figure.share is None or figure.answers is None:
        return ReleasedLine(kind.value, code, hidden=True)
    return ReleasedLine(
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
