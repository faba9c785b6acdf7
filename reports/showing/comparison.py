"""Offices of one kind and level side by side: which differences are real.

Everything comes from closed scores that have passed the suppression policy together with the figure
of their unit. Three families of tests, each corrected for its number: every office against the
unit, every office against its own previous period, all pairs of offices (for the ranks).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from offices.models import AdministrativeUnit, Office
from offices.names import in_order, told_apart
from reports.counting.layouts import layout_of
from reports.counting.periods import Span, previous
from reports.counting.policy import POLICY
from reports.counting.stored import headline_group, inflate
from reports.models import Score, TerritoryMap
from reports.showing.figures import HIDDEN, Figure, headlines
from reports.showing.subjects import Subjects
from reports.showing.summed import scores_in
from reports.sipas.comparing.difference import (
    Difference,
    Estimate,
    difference,
    estimate,
    from_whole,
    real,
)
from reports.sipas.comparing.funnel import Funnel, funnel
from reports.sipas.comparing.ranking import Rank, ranks
from reports.sipas.comparing.standardise import NotStandardised, Standardised
from reports.sipas.counts.layout import Layout
from reports.sipas.counts.sums import Sums
from reports.sipas.hiding.suppression import Cell, Policy, Shown, suppress
from reports.sipas.index.headline import same_counting
from surveys.questionnaires.catalogue import InstrumentEntry

# The figure of an office under the common mix of fields (by their short names), of a closed period.
Standardiser = Callable[[Office, Span], Standardised[str] | NotStandardised | None]

MOST = 400  # offices on one page; a country's communes are compared province by province


@dataclass(frozen=True, order=True, slots=True)
class ComparedGroup:
    """Offices that may be compared: one kind, standing in units of one level."""

    kind: str
    level: str

    @property
    def key(self) -> str:
        """The group in an address."""
        return f"{self.kind}.{self.level}"


@dataclass(frozen=True, slots=True)
class Judged:
    """A difference, and whether it is real among all that were judged with it."""

    difference: Difference
    real: bool

    @property
    def direction(self) -> int:
        """1 really higher, -1 really lower, 0 not to be told apart."""
        if not self.real:
            return 0
        return 1 if self.difference.value > 0 else -1


@dataclass(frozen=True, slots=True)
class ComparedOffice:
    """One office that is shown. `gap`: to the unit; `change`: to its previous period.

    name: short, that of the place where every office of the list has a place of its own;
    full_name: the office's.
    """

    office: Office
    name: str
    figure: Figure
    estimate: Estimate
    rank: Rank
    gap: Judged | None
    change: Judged | None
    earlier: Figure | None
    standardised: Standardised[str] | NotStandardised | None
    simulated: bool
    full_name: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All offices of a group in one closed period.

    lines: by name; reference: the unit's own figure, over all its offices, hidden where it may not
    be shown; funnel: of the lines, in their order; hidden: offices with too few forms, by
    name, each under it.
    """

    span: Span
    reference: Figure
    lines: tuple[ComparedOffice, ...]
    funnel: Funnel | None
    hidden: tuple[tuple[str, Office], ...]


def offices_of(unit: AdministrativeUnit, territory: TerritoryMap, span: Span) -> QuerySet[Office]:
    """The offices of a unit, on a map, that worked at any time of the period."""
    offices = Office.objects.within(unit, territory.column)
    return offices.during(span.first, span.last).with_places()


def groups_of(offices: Iterable[Office]) -> dict[ComparedGroup, list[Office]]:
    """The offices by what may be compared, the largest group first."""
    found: dict[ComparedGroup, list[Office]] = {}
    for office in offices:
        found.setdefault(ComparedGroup(office.kind, office.unit.level), []).append(office)
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
    closed = _closed(every, span, instrument)
    now = _allowed([score for score in closed if score.start == span.first], whole, policy)
    before = _allowed([score for score in closed if score.start != span.first], None, policy)
    before = {
        key: score for key, score in before.items() if same_counting(score.method, whole.method)
    }
    names, full_names = _names(offices.get(group, ()))
    members = sorted(offices.get(group, ()), key=lambda office: in_order(full_names[office.pk]))
    measured = [
        (office, now[office.pk], found)
        for office in members
        if office.pk in now and (found := _estimate(layout, now[office.pk])) is not None
    ]
    figures = headlines([score for _, score, _ in measured], policy)
    earlier = dict(zip(before, headlines(before.values(), policy), strict=True))
    reference = headlines([whole], policy)[0] if UNIT in now else HIDDEN
    whole_sums = inflate(layout, whole.sums) if not reference.hidden else None
    gaps = _judged([_gap(layout, score, whole_sums, policy) for _, score, _ in measured])
    changes = _judged(
        [_change(layout, found, before.get(office.pk)) for office, _, found in measured]
    )
    places = ranks([found for _, _, found in measured])
    lines = tuple(
        ComparedOffice(
            office=office,
            name=names[office.pk],
            figure=figures[row],
            estimate=found,
            rank=places[row],
            gap=gaps[row],
            change=changes[row],
            earlier=earlier[office.pk] if changes[row] else None,
            standardised=standardised(office, span) if standardised else None,
            simulated=score.simulated,
            full_name=full_names[office.pk],
        )
        for row, (office, score, found) in enumerate(measured)
    )
    shown = {line.office.pk for line in lines}
    return Comparison(
        span=span,
        reference=reference,
        lines=lines,
        funnel=funnel(reference.share, [line.estimate for line in lines])
        if reference.share is not None
        else None,
        hidden=tuple(
            (full_names[office.pk], office) for office in members if office.pk not in shown
        ),
    )


def _names(offices: Sequence[Office]) -> tuple[dict[int, str], dict[int, str]]:
    """By office what it is called in short and in full."""
    keys = [office.pk for office in offices]
    full = dict(zip(keys, told_apart([office.named for office in offices]), strict=True))
    if len({office.unit_id for office in offices}) < len(offices):
        return full, full
    places = told_apart([replace(o.named, name=o.unit.full_name) for o in offices])
    return dict(zip(keys, places, strict=True)), full


def _closed(offices: Iterable[int], span: Span, instrument: InstrumentEntry) -> list[Score]:
    """The closed figures of the period and of the one before."""
    found = scores_in(instrument, [previous(span), span], Subjects.of_offices(offices))
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


def _group_row(layout: Layout) -> int:
    return layout.group_of(*headline_group(layout))


def _estimate(layout: Layout, score: Score) -> Estimate | None:
    sums = inflate(layout, score.sums)
    return estimate(sums.people, sums.moments[_group_row(layout)])


def _gap(layout: Layout, score: Score, whole: Sums | None, policy: Policy) -> Difference | None:
    """The office less its unit; None if too few people answered elsewhere."""
    if whole is None:
        return None
    part, row = inflate(layout, score.sums), _group_row(layout)
    elsewhere = min(whole.people - part.people, int(whole.moments[row][1] - part.moments[row][1]))
    if not isinstance(suppress(policy, [Cell(0, max(elsewhere, 0), None)])[0], Shown):
        return None
    try:
        return from_whole(part, whole, row)
    except ValueError:
        return None  # a revised office whose unit is not summed again yet


def _change(layout: Layout, now: Estimate, before: Score | None) -> Difference | None:
    """This period less the previous one, whose people are others."""
    earlier = _estimate(layout, before) if before is not None else None
    return None if earlier is None else difference(now, earlier)


def _judged(differences: Sequence[Difference | None]) -> list[Judged | None]:
    """Each with its verdict, all that exist judged together (Holm)."""
    verdicts = iter(real([found for found in differences if found is not None]))
    return [None if found is None else Judged(found, next(verdicts)) for found in differences]
