"""What a release prints, taken for the answers of the people whom its memberships name.

A release that is revised may keep what it said of an office although its pages say more by then,
so it is not compared with scores.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from reports.counting.layouts import instrument_of, layout_of
from reports.counting.periods import span_of
from reports.counting.policy import POLICY
from reports.counting.stored import ScorePart, deflate_opened, score_of
from reports.models import Release, ReleaseFigure, ReleaseMembership, TerritoryMap
from reports.showing.figures import Figure as ShownFigure
from reports.showing.figures import figures
from reports.sipas.counts.sums import Sums, count
from reports.sipas.hiding.columns import Opened, take
from tests.reports import seen
from tests.reports.sipas.hiding.combining import Figure

if TYPE_CHECKING:
    from tests.reports.seen import Sight

Kind = ReleaseFigure.Kind
Printing = tuple[int | None, int | None, str, int]  # office or unit, map, questionnaire
Blocks = Mapping[int, Mapping[str, bytes]]  # by block the answers of its people


class Printed:
    """The sheets of a release, each made of memberships of offices."""

    def __init__(self, release: Release, sights: Sequence[Sight]) -> None:
        self.release = release
        blocks = {sight.place: sight.blocks for sight in sights}
        self.people: dict[ReleaseMembership, Blocks] = {}
        self.sheets: dict[Printing, list[ReleaseMembership]] = defaultdict(list)
        for one in release.memberships.all():
            known = blocks[one.office_id, one.instrument_id]
            out = {str(key) for key in one.withdrawn}
            self.people[one] = {
                n: {key: said for key, said in known[n].people.items() if key not in out}
                for n in one.batches
            }
            if not one.people:
                continue
            self.sheets[one.office_id, None, "", one.instrument_id].append(one)
            chains = {TerritoryMap.THEN.value: one.then, TerritoryMap.TODAY.value: one.today}
            for territory, units in chains.items():
                for unit in units:
                    self.sheets[None, unit, territory, one.instrument_id].append(one)

    def figures(self) -> Iterator[Figure]:
        """Each headline, and each column of each opening and of all on a sheet."""
        for members in self.sheets.values():
            columns: dict[str, set[Figure]] = defaultdict(set)
            everybody: dict[str, bytes] = {}
            for one in members:
                of = self.people[one]
                everybody |= _joined(of, one.batches)
                for numbers, opened in one.openings or ():
                    for column in opened:
                        columns[column].add(seen.column_of(_joined(of, numbers), column))
            yield from seen.headlines_of(everybody)
            for parts in columns.values():
                yield from parts
                yield frozenset().union(*parts)

    def compare(self) -> None:
        """Each line says what these answers say."""
        lines: dict[Printing, list[ReleaseFigure]] = defaultdict(list)
        for line in self.release.figures.all():
            lines[line.office_id, line.unit_id, line.map, line.instrument_id].append(line)
        assert lines.keys() == self.sheets.keys(), self.release
        for place, of in lines.items():
            self._compare(of, place[-1], self.sheets[place])

    def _compare(
        self, lines: Sequence[ReleaseFigure], instrument: int, members: Sequence[ReleaseMembership]
    ) -> None:
        layout = layout_of(instrument_of(instrument))
        whole, beside = Sums.zero(layout), Opened.zero(layout)
        for one in members:
            sums = {n: self._count(people, instrument) for n, people in self.people[one].items()}
            whole = sum(sums.values(), whole)
            for numbers, columns in one.openings or ():
                of = sum((sums[n] for n in numbers), Sums.zero(layout))
                beside = Opened.total(layout, [beside, take(of, columns)])
        span = span_of(self.release.period, self.release.start)
        opened = deflate_opened(beside)
        score = score_of(ScorePart(whole, False), instrument, span, closed=True, opened=opened)
        shown = figures(score, POLICY)
        numbers = {Kind.HEADLINE: {"": shown.headline}}
        numbers[Kind.FACTOR] = {factor.code: factor.figure for factor in shown.factors}
        numbers[Kind.CRITERION] = {one.code: one.figure for one in shown.criteria}
        for line in lines:
            assert _numbers(numbers[Kind(line.kind)].get(line.code)) == (
                None if line.hidden else (line.people, line.satisfied, line.answered)
            ), line

    def _count(self, people: Mapping[str, bytes], instrument: int) -> Sums:
        layout = layout_of(instrument_of(instrument))
        packed = np.frombuffer(b"".join(people.values()), np.uint8)
        return count(layout, packed.reshape(-1, layout.n_items))


def _joined(blocks: Blocks, numbers: Sequence[int]) -> dict[str, bytes]:
    return {key: said for n in numbers for key, said in blocks[n].items()}


def _numbers(figure: ShownFigure | None) -> tuple[int | None, int, int] | None:
    if figure is None or figure.share is None or figure.answers is None:
        return None
    return figure.people, int(figure.share * figure.answers), figure.answers
