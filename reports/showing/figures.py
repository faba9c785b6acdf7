"""What a page shows of a score: every number has passed the suppression policy."""

from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reports.counting.layouts import instrument_of, layout_of
from reports.counting.policy import POLICY
from reports.counting.stored import headline_group, inflate
from reports.models import Score
from reports.showing.questions import Question, questions
from reports.showing.summed import HEADLINE_ONLY
from reports.sipas.counts.layout import Indices, Kind, Method
from reports.sipas.counts.sums import Sums
from reports.sipas.hiding import details
from reports.sipas.hiding.suppression import Cell, Policy, Shown, suppress
from reports.sipas.index import headline, interval, percentages
from reports.sipas.index.interval import Interval
from surveys.questionnaires.catalogue import InstrumentEntry
from surveys.questionnaires.questionnaire import Texts


@dataclass(frozen=True, slots=True)
class Figure:
    """A percentage with its doubt; limits in percent. All is None if it is hidden or empty.

    people: whose forms stand behind it; answers: valid answers behind the value; checked: whether
    it bears "being checked", because the last proof found another number.
    """

    share: Fraction | None
    low: float | None
    high: float | None
    people: int | None
    answers: int | None
    hidden: bool = False
    checked: bool = False

    @property
    def value(self) -> Decimal | None:
        """The percentage, two decimals, half up; rounded here and nowhere before."""
        return None if self.share is None else percentages.percent(self.share)


HIDDEN = Figure(None, None, None, None, None, hidden=True)


@dataclass(frozen=True, slots=True)
class FactorFigure:
    """A factor's figure under its code and title."""

    code: str
    title: Texts
    figure: Figure


@dataclass(frozen=True, slots=True)
class CriterionFigure:
    """A criterion's figure; `levels` are how many gave each answer of its scale, from 1 on."""

    code: str
    factor_code: str | None
    text: Texts
    figure: Figure
    levels: tuple[int, ...]
    blank: int
    dont_know: int


@dataclass(frozen=True, slots=True)
class Figures:
    """One score unfolded. All but the headline is empty where the whole is hidden, and of a day
    or week.

    others: the questions that are part of no index, with all their answers.
    """

    headline: Figure
    factors: tuple[FactorFigure, ...]
    criteria: tuple[CriterionFigure, ...]
    others: tuple[Question, ...]


def headlines(scores: Iterable[Score], policy: Policy = POLICY) -> list[Figure]:
    """The headline of each score, in their order, hidden where the policy says so.

    Give all scores that are shown together in one call: the policy judges the whole table.
    """
    table = [Cell(place, _behind(score), score) for place, score in enumerate(scores)]
    return [
        _headline(outcome.payload) if isinstance(outcome, Shown) else HIDDEN
        for outcome in suppress(policy, table).values()
    ]


def _headline(score: Score) -> Figure:
    """Pooled from the columns; by another method of the instrument from the stored sums."""
    if score.method.startswith(Method.POOLED.value):
        share = Fraction(score.satisfied, score.answered) if score.answered else None
    else:
        layout = layout_of(instrument_of(score.instrument_id))
        share = percentages.of_group(inflate(layout, score.sums), *headline_group(layout))
    return Figure(share, score.low, score.high, score.people, score.answered)


def figures(
    score: Score, policy: Policy = POLICY, withheld: Collection[str] = frozenset()
) -> Figures:
    """Everything a page shows of one score, by the revision of the arithmetic that it names.

    withheld: codes of factors and criteria that would give away what is hidden elsewhere
    (`reports.sipas.hiding.details`).
    """
    decided = suppress(policy, [Cell(0, _behind(score), score)])[0]
    if not isinstance(decided, Shown):
        return Figures(HIDDEN, (), (), ())
    if score.period in HEADLINE_ONLY:
        return Figures(_headline(score), (), (), ())
    instrument = instrument_of(score.instrument_id)
    sums = inflate(layout_of(instrument), score.sums)
    shown = _shown_details(sums, policy, withheld)
    revision = headline.revision_of(score.method)
    return Figures(
        headline=_headline(score),
        factors=tuple(
            FactorFigure(
                f.code,
                f.title,
                group_figure(sums, "factor", f.code, policy, revision)
                if f.code in shown
                else HIDDEN,
            )
            for f in instrument.factors
            if f.code in sums.layout.factors
        ),
        criteria=tuple(_criteria(instrument, sums, shown, revision)),
        others=tuple(questions(instrument, sums, policy)),
    )


WHOLE = ""  # no code of a factor or criterion


def _shown_details(sums: Sums, policy: Policy, withheld: Collection[str]) -> set[str]:
    """Codes of the factors and criteria that may be shown together beside the headline."""
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


def _behind(score: Score) -> int:
    """How many people surely stand behind a headline: where it is one question, who answered it."""
    return min(score.people, score.answered)


def group_figure(
    sums: Sums,
    kind: Kind,
    code: str,
    policy: Policy = POLICY,
    revision: int = headline.REVISION,
) -> Figure:
    """The figure of a factor or component by the instrument's method (`Layout.method`).

    Hidden where too few people answered this group, however many forms there are: a factor may
    have a single criterion, and most people may have left it out.
    """
    group = sums.layout.group_of(kind, code)
    answering = _surely_answering(sums, sums.layout.groups[group].indices)
    if not isinstance(suppress(policy, [Cell(0, answering, None)])[0], Shown):
        return HIDDEN
    return _figure(
        percentages.of_group(sums, kind, code),
        headline.limits(sums, kind, code, revision=revision),
        people=sums.people,
        answers=int(sums.moments[group, 1]),
    )


def _surely_answering(sums: Sums, indices: Indices) -> int:
    """How many people at least answered something of these criteria: the most at any one."""
    return int(sums.counts[indices][:, sorted(sums.layout.valid)].sum(axis=1).max(initial=0))


def headline_of(sums: Sums, policy: Policy = POLICY) -> Figure:
    """The headline of sums, also of those that have no score, such as a row of a table."""
    return group_figure(sums, *headline_group(sums.layout), policy)


def _criteria(
    instrument: InstrumentEntry, sums: Sums, codes: Container[str], revision: int
) -> Iterable[CriterionFigure]:
    layout = sums.layout
    for item in instrument.items:
        if item.scale != "satisfaction":
            continue
        row = sums.counts[item.position]
        answered = int(row[sorted(layout.valid)].sum())
        shown = item.code in codes
        figure = (
            _figure(
                percentages.criterion(row, layout.satisfied, layout.valid),
                interval.criterion(sums, item.code, formula=headline.FORMULAS[revision]),
                people=answered,
                answers=answered,
            )
            if shown
            else HIDDEN
        )
        yield CriterionFigure(
            item.code,
            item.factor_code,
            item.text,
            figure,
            tuple(int(row[option.value]) if shown else 0 for option in item.options),
            blank=int(row[0]) if shown else 0,
            dont_know=int(row[9]) if shown else 0,
        )


def _figure(share: Fraction | None, limits: Interval | None, people: int, answers: int) -> Figure:
    return Figure(
        share,
        limits.low if limits else None,
        limits.high if limits else None,
        people,
        answers,
    )
