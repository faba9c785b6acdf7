"""The method of releases until 0.6: factors and criteria hidden beside others, family by family.

Combined over families it gave single people away (decision 0032), so nothing is published by it any
more. It stays so that what was published can be computed again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

import numpy as np

from offices.models import AdministrativeUnit
from reports.counting.layouts import instrument_of
from reports.counting.policy import POLICY
from reports.models import Score
from reports.showing.figures import (
    HIDDEN,
    CriterionFigure,
    FactorFigure,
    Figure,
    Figures,
    group_figure,
    headlines,
)
from reports.sipas.counts.layout import Layout
from reports.sipas.counts.sums import Sums
from reports.sipas.hiding import details
from reports.sipas.hiding.suppression import Cell, Policy, Shown, suppress
from reports.sipas.index import interval, percentages
from reports.sipas.index.headline import FORMULAS
from surveys.questionnaires.catalogue import InstrumentEntry

FORMER_METHOD = "arithmetic-2"
WHOLE = ""  # no code of a factor or criterion
Level = AdministrativeUnit.Level
Unit = tuple[str, str, int]  # a map, a level and a unit's key


class Siblings:
    """Offices whose figures of one period and instrument are shown beside each other's sums.

    units: by office, the units that its figures add up to on both maps, below the country.
    """

    def __init__(
        self, layout: Layout, parts: Mapping[int, Sums], units: Mapping[int, Collection[Unit]]
    ) -> None:
        self.layout = layout
        offices = [office for office, sums in parts.items() if _is_shown(sums)]
        self.place = {office: place for place, office in enumerate(offices)}
        rows = [details.answering(parts[office]) for office in offices]
        people = np.array(rows, dtype=np.int64).reshape(len(rows), len(details.codes(layout)))
        families: dict[Unit, list[int]] = defaultdict(list)
        for place, office in enumerate(offices):
            for unit in units.get(office, ()):
                families[unit].append(place)
        self.family = {unit: number for number, unit in enumerate(families)}
        members = [np.array(family, dtype=np.intp) for family in families.values()]
        provinces = {n for (_, level, _), n in self.family.items() if level == Level.PROVINCE}
        self.decided = details.decide(people, members, POLICY.minimum_people, provinces)

    def of_office(self, office: int) -> set[str]:
        """Codes that this office hides, for itself or for another."""
        if office not in self.place:
            return set()
        return details.named(self.layout, self.decided.hidden[self.place[office]])

    def of_unit(self, territory: str, key: int) -> set[str]:
        """Codes of which the sum of this unit's offices would give a hidden one away."""
        found = [n for (on, _, unit), n in self.family.items() if (on, unit) == (territory, key)]
        return details.named(self.layout, self.decided.unsafe[found[0]]) if found else set()


def _is_shown(sums: Sums) -> bool:
    return sums.people >= POLICY.minimum_people


def former_figures(score: Score, sums: Sums, policy: Policy, withheld: Collection[str]) -> Figures:
    """What such a release shows of a score; withheld: what would give others away."""
    (headline,) = headlines([score], policy)
    if headline.hidden:
        return Figures(HIDDEN, (), (), ())
    instrument = instrument_of(score.instrument_id)
    shown = _shown(sums, policy, withheld)
    return Figures(
        headline,
        tuple(
            FactorFigure(f.code, f.title, group_figure(sums, "factor", f.code, policy, 2))
            for f in instrument.factors
            if f.code in shown
        ),
        tuple(_criteria(instrument, sums, shown)),
        (),
    )


def _criteria(
    instrument: InstrumentEntry, sums: Sums, shown: Collection[str]
) -> Iterator[CriterionFigure]:
    for item in instrument.items:
        if item.code in shown and item.scale == "satisfaction":
            row = sums.counts[item.position]
            answered = int(row[sorted(sums.layout.valid)].sum())
            share = percentages.criterion(row, sums.layout.satisfied, sums.layout.valid)
            limits = interval.criterion(sums, item.code, formula=FORMULAS[2])
            low, high = (limits.low, limits.high) if limits else (None, None)
            figure = Figure(share, low, high, answered, answered)
            yield CriterionFigure(item.code, item.factor_code, item.text, figure, ())


def _shown(sums: Sums, policy: Policy, withheld: Collection[str]) -> set[str]:
    """Codes of the factors and criteria that were shown together beside the headline."""
    layout = sums.layout
    answering = dict(zip(details.codes(layout), details.answering(sums).tolist(), strict=True))
    factor_of = {
        layout.items[i].code: code for code, indices in layout.factors.items() for i in indices
    }
    table = [Cell(WHOLE, max(sums.people, policy.minimum_people), None)]
    table += [
        Cell(code, people, None, factor_of.get(code, WHOLE), withheld=code in withheld)
        for code, people in answering.items()
    ]
    decided = suppress(policy, table)
    return {code for code, outcome in decided.items() if isinstance(outcome, Shown)}
