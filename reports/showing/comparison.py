"""Places side by side: which stand high, which low beside the unit that they are part of.

They are offices of one kind and level, or the provinces of the country. Everything comes from
closed scores that have passed the suppression policy together with the figure of the unit. One
procedure decides (`reports.sipas.comparing.tiers`), over all places of the list together; what was
planned for one office alone is `reports.showing.planned`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import OuterRef, QuerySet, Subquery

from offices.models import AdministrativeUnit, Office
from offices.names import in_order, province_in_order, short, told_apart
from reports.counting.layouts import layout_of
from reports.counting.periods import Span
from reports.counting.policy import POLICY
from reports.counting.stored import headline_group, inflate
from reports.models import Score, TerritoryMap
from reports.showing.figures import HIDDEN, Figure, headlines
from reports.showing.parts import unit_names
from reports.showing.subjects import Subjects
from reports.showing.summed import scores_in
from reports.sipas.comparing.standardise import NotStandardised, Standardised
from reports.sipas.comparing.tiers import Measured, Standing, Tier, standings
from reports.sipas.counts.layout import Layout, Method
from reports.sipas.hiding.suppression import Cell, Policy, Shown, suppress
from reports.sipas.index import percentages
from surveys.models import EvidenceLevel
from surveys.questionnaires.catalogue import InstrumentEntry

# The figure of an office under the common mix of fields (by their short names), of a closed period.
Standardiser = Callable[[Office, Span], Standardised[str] | NotStandardised | None]

MOST = 400  # offices on one page; a country's communes are compared province by province


@dataclass(frozen=True, order=True, slots=True)
class ComparedGroup:
    """Offices that may be compared: one kind, standing in units of one level, with one evidence.

    evidence: the letter of their level of evidence (`surveys.models.EvidenceLevel`).
    """

    kind: str
    level: str
    evidence: str = EvidenceLevel.Level.C.name

    @property
    def key(self) -> str:
        """The group in an address."""
        common = self.evidence == EvidenceLevel.Level.C.name
        return f"{self.kind}.{self.level}" + ("" if common else f".{self.evidence}")


@dataclass(frozen=True, slots=True)
class ComparedPlace:
    """One office or unit that is shown, and where it stands.

    name: short, that of the place where every office of the list has a place of its own;
    figure: with the limits that hold together with those of all others; standing: beside the whole,
    None where there is nothing to hold it against; score: what the figure was read from.
    """

    place: Office | AdministrativeUnit
    name: str
    figure: Figure
    standing: Standing | None
    standardised: Standardised[str] | NotStandardised | None
    score: Score

    @property
    def key(self) -> str:
        """What stands for the place in an address."""
        return key_of(self.place)

    @property
    def high(self) -> bool:
        """Whether it stands above its unit by more than chance."""
        return self.standing is not None and self.standing.tier is Tier.HIGH

    @property
    def low(self) -> bool:
        """Whether it stands below its unit by more than chance."""
        return self.standing is not None and self.standing.tier is Tier.LOW

    @property
    def apart(self) -> bool:
        """Whether it is told apart from its unit at all."""
        return self.high or self.low


@dataclass(frozen=True, slots=True)
class Comparison:
    """All places of a list in one closed period.

    lines: by name; reference: the unit's own figure, over all its offices, hidden where it may not
    be shown; hidden: places with too few forms, by name, each under it.
    """

    span: Span
    reference: Figure
    lines: tuple[ComparedPlace, ...]
    hidden: tuple[tuple[str, Office | AdministrativeUnit], ...]


def key_of(place: Office | AdministrativeUnit) -> str:
    """An office's short name, a unit's key."""
    return place.slug if isinstance(place, Office) else str(place.pk)


def place_in_order(name: str, place: Office | AdministrativeUnit) -> str:
    """The key under which a reader looks for the place in a list of its kind."""
    return in_order(name) if isinstance(place, Office) else province_in_order(name)


def offices_of(unit: AdministrativeUnit, territory: TerritoryMap, span: Span) -> QuerySet[Office]:
    """The offices of a unit, on a map, that worked at any time of the period."""
    offices = Office.objects.within(unit, territory.column)
    return offices.during(span.first, span.last).with_places()


def groups_of(offices: QuerySet[Office], year: int) -> dict[ComparedGroup, list[int]]:
    """The keys of offices by what may be compared in a year, the largest group first.

    Where no level of evidence is set, all forms count (level C).
    """
    found: dict[ComparedGroup, list[int]] = {}
    set_levels = EvidenceLevel.objects.filter(office=OuterRef("pk"), year=year).values("level")
    told = offices.order_by().annotate(evidence=Subquery(set_levels[:1]))
    grouped = told.values_list("kind", "unit__level", "evidence").annotate(keys=ArrayAgg("pk"))
    for kind, level, evidence, keys in grouped:
        letter = EvidenceLevel.Level.C if evidence is None else EvidenceLevel.Level(evidence)
        found.setdefault(ComparedGroup(kind, level, letter.name), []).extend(keys)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def provinces_of(territory: TerritoryMap, span: Span) -> list[AdministrativeUnit]:
    """The provinces of a map, of that of then those that were one at any time of the period."""
    provinces = AdministrativeUnit.objects.filter(level=AdministrativeUnit.Level.PROVINCE)
    if territory == TerritoryMap.THEN:
        provinces = provinces.during(span.first, span.last)
    else:
        provinces = provinces.filter(valid_to=None)
    return list(provinces.select_related("parent").prefetch_related(AdministrativeUnit.called()))


def compare(
    groups: Mapping[ComparedGroup, Sequence[int]],
    members: Sequence[Office],
    whole: Score,
    span: Span,
    instrument: InstrumentEntry,
    standardised: Standardiser | None = None,
    policy: Policy = POLICY,
) -> Comparison:
    """The offices of one group beside each other and beside their unit.

    groups: all of the unit, because the policy judges the whole table; members: those of the one
    that is compared; whole: the unit's closed score; standardised: gives the figure under a common
    mix of fields, where there is one.
    """
    every = [key for keys in groups.values() for key in keys]
    scores = scores_in(instrument, [span], Subjects.of_offices(every))
    names = _names(members)
    listed = [(names[office.pk], office) for office in members]
    found = _compared(listed, scores, whole, span, instrument, policy)
    if standardised is None:
        return found
    lines = tuple(
        replace(line, standardised=standardised(line.place, span))
        for line in found.lines
        if isinstance(line.place, Office)
    )
    return replace(found, lines=lines)


def compare_provinces(
    provinces: Sequence[AdministrativeUnit],
    territory: TerritoryMap,
    whole: Score,
    span: Span,
    instrument: InstrumentEntry,
    policy: Policy = POLICY,
) -> Comparison:
    """The provinces of the country beside each other and beside it, by the same procedure.

    provinces: those of the map; whole: the country's closed score on it. What a province may be by
    chance supposes its own offices and other people (decision 0044).
    """
    of_level = Subjects.of_level(AdministrativeUnit.Level.PROVINCE, territory)
    scores = scores_in(instrument, [span], of_level)
    names = unit_names(provinces, span)
    listed = [(names[unit.pk], unit) for unit in provinces]
    return _compared(listed, scores, whole, span, instrument, policy)


def _compared(
    listed: Iterable[tuple[str, Office | AdministrativeUnit]],
    scores: Iterable[Score],
    whole: Score,
    span: Span,
    instrument: InstrumentEntry,
    policy: Policy,
) -> Comparison:
    """These places under their names; scores: of all that the policy judges together."""
    layout = layout_of(instrument)
    now = _allowed([score for score in scores if score.closed], whole, policy)
    members = sorted(listed, key=lambda pair: place_in_order(*pair))
    measured = [
        (name, place, now[place.pk], found)
        for name, place in members
        if place.pk in now and (found := measured_of(layout, now[place.pk])) is not None
    ]
    figures = headlines([score for _, _, score, _ in measured], policy)
    reference = headlines([whole], policy)[0] if UNIT in now else HIDDEN
    against = measured_of(layout, whole) if not reference.hidden else None
    standing: list[Standing | None] = [None] * len(measured)
    if against is not None:
        standing = standings(
            [one if enough_elsewhere(one, against, policy) else None for *_, one in measured],
            against,
        )
    lines = tuple(
        ComparedPlace(
            place=place,
            name=name,
            figure=_together(figures[row], standing[row]),
            standing=standing[row],
            standardised=None,
            score=score,
        )
        for row, (name, place, score, _) in enumerate(measured)
    )
    shown = {line.place.pk for line in lines}
    hidden = tuple(pair for pair in members if pair[1].pk not in shown)
    return Comparison(span=span, reference=reference, lines=lines, hidden=hidden)


def _together(figure: Figure, standing: Standing | None) -> Figure:
    """The figure with the limits by which it is judged, where it is."""
    if standing is None:
        return figure
    return replace(figure, low=standing.reach.low, high=standing.reach.high)


def _names(offices: Sequence[Office]) -> dict[int, str]:
    """By office what it is called in a list of its kind; the kind stands in the list's heading."""
    if len({office.unit_id for office in offices}) < len(offices):
        listed = [replace(one.named, name=short(one.name)) for one in offices]
    else:
        listed = [replace(one.named, name=one.unit.full_name) for one in offices]
    return dict(zip((one.pk for one in offices), told_apart(listed), strict=True))


UNIT = 0  # the whole's own line in a table that is otherwise keyed by its places


def _allowed(scores: Iterable[Score], whole: Score | None, policy: Policy) -> dict[int, Score]:
    """The scores that may be shown, by place; that of the whole under `UNIT`.

    No place protects another here: all of them are sums of whole batches.
    """
    # of a single question not everybody with a form need have given an answer
    table = [
        Cell(score.office_id or score.unit_id or UNIT, min(score.people, score.answered), score)
        for score in scores
    ]
    if whole is not None:
        table.append(Cell(UNIT, min(whole.people, whole.answered), whole))
    decided = suppress(policy, table)
    return {key: outcome.payload for key, outcome in decided.items() if isinstance(outcome, Shown)}


def measured_of(layout: Layout, score: Score) -> Measured | None:
    """A headline ready to be held against others; None without a valid answer."""
    sums, group = inflate(layout, score.sums), headline_group(layout)
    row = sums.moments[layout.group_of(*group)]
    if layout.method is Method.POOLED:
        # of a day or week nothing but these sums is known
        y, m = row[:2].tolist()
        return Measured(Fraction(y, m), sums.people, row) if m else None
    share = percentages.of_group(sums, *group)
    if share is None:
        return None
    return Measured(share, sums.people, row, percentages.weighting(sums, *group))


def enough_elsewhere(part: Measured, whole: Measured, policy: Policy) -> bool:
    """Whether enough people answered elsewhere in the unit to hold an office against it."""
    answers = int(whole.moments_row[1] - part.moments_row[1])
    elsewhere = max(min(whole.people - part.people, answers), 0)
    return isinstance(suppress(policy, [Cell(0, elsewhere, None)])[0], Shown)
