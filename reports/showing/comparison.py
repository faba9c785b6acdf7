"""Offices of one kind and level side by side: which stand high, which low beside their unit.

Everything comes from closed scores that have passed the suppression policy together with the figure
of their unit. One procedure decides (`reports.sipas.comparing.tiers`), over all offices of the list
together; what was planned for one office alone is `reports.showing.planned`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from django.db.models import QuerySet

from offices.models import AdministrativeUnit, Office
from offices.names import in_order, told_apart
from reports.counting.layouts import layout_of
from reports.counting.periods import Span
from reports.counting.policy import POLICY
from reports.counting.stored import headline_group, inflate
from reports.models import Score, TerritoryMap
from reports.showing.evidence import levels_of
from reports.showing.figures import HIDDEN, Figure, headlines
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
class ComparedOffice:
    """One office that is shown, and where it stands.

    name: short, that of the place where every office of the list has a place of its own;
    full_name: the office's; figure: with the limits that hold together with those of all others;
    standing: beside the unit, None where there is nothing to hold it against.
    """

    office: Office
    name: str
    figure: Figure
    standing: Standing | None
    standardised: Standardised[str] | NotStandardised | None
    simulated: bool
    full_name: str

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
    """All offices of a group in one closed period.

    lines: by name; reference: the unit's own figure, over all its offices, hidden where it may not
    be shown; hidden: offices with too few forms, by name, each under it.
    """

    span: Span
    reference: Figure
    lines: tuple[ComparedOffice, ...]
    hidden: tuple[tuple[str, Office], ...]


def offices_of(unit: AdministrativeUnit, territory: TerritoryMap, span: Span) -> QuerySet[Office]:
    """The offices of a unit, on a map, that worked at any time of the period."""
    offices = Office.objects.within(unit, territory.column)
    return offices.during(span.first, span.last).with_places()


def groups_of(offices: Iterable[Office], year: int) -> dict[ComparedGroup, list[Office]]:
    """The offices by what may be compared in a year, the largest group first."""
    found: dict[ComparedGroup, list[Office]] = {}
    every = list(offices)
    evidence = levels_of([office.pk for office in every], year)
    for office in every:
        group = ComparedGroup(office.kind, office.unit.level, evidence[office.pk].name)
        found.setdefault(group, []).append(office)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def compare(
    offices: Mapping[ComparedGroup, Sequence[Office]],
    group: ComparedGroup,
    whole: Score,
    span: Span,
    instrument: InstrumentEntry,
    standardised: Standardiser | None = None,
    policy: Policy = POLICY,
) -> Comparison:
    """The offices of `group` beside each other and beside their unit.

    offices: all of the unit, because the policy judges the whole table; whole: the unit's closed
    score; standardised: gives the figure under a common mix of fields, where there is one.
    """
    layout = layout_of(instrument)
    every = [office.pk for members in offices.values() for office in members]
    now = _allowed(_closed(every, span, instrument), whole, policy)
    names, full_names = _names(offices.get(group, ()))
    members = sorted(offices.get(group, ()), key=lambda office: in_order(full_names[office.pk]))
    measured = [
        (office, now[office.pk], found)
        for office in members
        if office.pk in now and (found := measured_of(layout, now[office.pk])) is not None
    ]
    figures = headlines([score for _, score, _ in measured], policy)
    reference = headlines([whole], policy)[0] if UNIT in now else HIDDEN
    against = measured_of(layout, whole) if not reference.hidden else None
    standing: list[Standing | None] = [None] * len(measured)
    if against is not None:
        standing = standings(
            [one if enough_elsewhere(one, against, policy) else None for _, _, one in measured],
            against,
        )
    lines = tuple(
        ComparedOffice(
            office=office,
            name=names[office.pk],
            figure=_together(figures[row], standing[row]),
            standing=standing[row],
            standardised=standardised(office, span) if standardised else None,
            simulated=score.simulated,
            full_name=full_names[office.pk],
        )
        for row, (office, score, _) in enumerate(measured)
    )
    shown = {line.office.pk for line in lines}
    return Comparison(
        span=span,
        reference=reference,
        lines=lines,
        hidden=tuple(
            (full_names[office.pk], office) for office in members if office.pk not in shown
        ),
    )


def _together(figure: Figure, standing: Standing | None) -> Figure:
    """The figure with the limits by which it is judged, where it is."""
    if standing is None:
        return figure
    return replace(figure, low=standing.reach.low, high=standing.reach.high)


def _names(offices: Sequence[Office]) -> tuple[dict[int, str], dict[int, str]]:
    """By office what it is called in short and in full."""
    keys = [office.pk for office in offices]
    full = dict(zip(keys, told_apart([office.named for office in offices]), strict=True))
    if len({office.unit_id for office in offices}) < len(offices):
        return full, full
    places = told_apart([replace(o.named, name=o.unit.full_name) for o in offices])
    return dict(zip(keys, places, strict=True)), full


def _closed(offices: Iterable[int], span: Span, instrument: InstrumentEntry) -> list[Score]:
    """The closed figures of the period."""
    found = scores_in(instrument, [span], Subjects.of_offices(offices))
    return [score for score in found if score.closed]


UNIT = 0  # the unit's own line in a table that is otherwise keyed by offices


def _allowed(scores: Iterable[Score], whole: Score | None, policy: Policy) -> dict[int, Score]:
    """The scores that may be shown, by office; that of the unit under `UNIT`.

    No office protects another here: all of them are sums of whole batches.
    """
    # of a single question not everybody with a form need have given an answer
    table = [
        Cell(score.office_id or UNIT, min(score.people, score.answered), score) for score in scores
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
