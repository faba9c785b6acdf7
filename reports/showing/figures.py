"""What a page shows of a score: its headline, which has passed the policy, and what has opened."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from reports.counting.layouts import instrument_of, layout_of
from reports.counting.policy import POLICY
from reports.counting.stored import headline_group, inflate, inflate_opened
from reports.models import Score
from reports.showing.beside import Beside
from reports.showing.questions import Question, questions
from reports.showing.reasons import ReasonFigure, reasons
from reports.showing.summed import HEADLINE_ONLY
from reports.sipas.counts.layout import Indices, Kind, Method
from reports.sipas.counts.sums import Sums
from reports.sipas.hiding.columns import levels as told_apart
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
class Level:
    """Answers to a criterion that stand together, such as 4 and 5, and who gave them."""

    answers: tuple[int, ...]
    people: int


@dataclass(frozen=True, slots=True)
class CriterionFigure:
    """A criterion's figure; `levels`: its answers from the lowest on, if they are told apart.

    reasons: why low ones were given, where the questionnaire asks for reasons.

    The figure's `people` less its `answers` did not answer the criterion.
    """

    code: str
    factor_code: str | None
    text: Texts
    figure: Figure
    levels: tuple[Level, ...]
    reasons: tuple[ReasonFigure, ...] = ()


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


def figures(score: Score, policy: Policy = POLICY) -> Figures:
    """Everything a page shows of one score: its headline, and what has opened beside it."""
    decided = suppress(policy, [Cell(0, _behind(score), score)])[0]
    if not isinstance(decided, Shown):
        return Figures(HIDDEN, (), (), ())
    if score.period in HEADLINE_ONLY:
        return Figures(_headline(score), (), (), ())
    instrument = instrument_of(score.instrument_id)
    beside = Beside(
        inflate_opened(layout_of(instrument), score.opened), score.people, policy.minimum_people
    )
    revision = headline.revision_of(score.method)
    return Figures(
        headline=_headline(score),
        factors=tuple(
            FactorFigure(f.code, f.title, _factor(beside, f.code, revision))
            for f in instrument.factors
            if f.code in beside.opened.sums.layout.factors
        ),
        criteria=tuple(_criteria(instrument, beside, revision)),
        others=tuple(questions(instrument, beside)),
    )


def _behind(score: Score) -> int:
    """How many people surely stand behind a headline: where it is one question, who answered it."""
    return min(score.people, score.answered)


def _factor(beside: Beside, code: str, revision: int) -> Figure:
    """The figure of a factor by the instrument's method (`Layout.method`)."""
    opened, layout = beside.opened, beside.opened.sums.layout
    moments = opened.sums.moments[layout.group_of("factor", code)].copy()
    people, answers = opened.people(f"f:{code}"), int(moments[1])
    if not beside.shows(f"f:{code}", -(-answers // len(layout.factors[code]))):
        return HIDDEN
    if layout.method is Method.POOLED:
        if opened.people(f"p:{code}") < people:
            moments[2:] = interval.UNKNOWN
        share = Fraction(int(moments[0]), answers) if answers else None
        limits = interval.ratio(people, moments, formula=headline.FORMULAS[revision])
        return _figure(share, limits, people, answers)
    criteria = [layout.items[i].code for i in layout.factors[code].tolist()]
    if any(opened.people(f"i:{criterion}") < people for criterion in criteria):
        return HIDDEN  # a mean is made of its criteria
    known = replace(opened.sums, people=people)
    limits = headline.limits(known, "factor", code, revision=revision)
    return _figure(percentages.factor(known, code), limits, people, answers)


def group_figure(
    sums: Sums,
    kind: Kind,
    code: str,
    policy: Policy = POLICY,
    revision: int = headline.REVISION,
) -> Figure:
    """The figure of a group of people who stand in a row of a table, by the instrument's method.

    Hidden where too few of them answered.
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
    instrument: InstrumentEntry, beside: Beside, revision: int
) -> Iterable[CriterionFigure]:
    layout = beside.opened.sums.layout
    for item in instrument.items:
        if item.scale != "satisfaction":
            continue
        row = beside.opened.sums.counts[item.position]
        answered = int(row[sorted(layout.valid)].sum())
        shown = beside.shows(f"i:{item.code}", answered)
        figure = (
            _figure(
                percentages.criterion(row, layout.satisfied, layout.valid),
                interval.wilson(
                    int(row[sorted(layout.satisfied)].sum()),
                    answered,
                    formula=headline.FORMULAS[revision],
                ),
                people=beside.opened.people(f"i:{item.code}"),
                answers=answered,
            )
            if shown
            else HIDDEN
        )
        levels = told_apart(layout, beside.stage(item.code)) if shown else ()
        yield CriterionFigure(
            item.code,
            item.factor_code,
            item.text,
            figure,
            tuple(Level(values, int(row[list(values)].sum())) for values in levels),
            reasons(instrument, item.code, beside) if shown else (),
        )


def _figure(share: Fraction | None, limits: Interval | None, people: int, answers: int) -> Figure:
    return Figure(
        share,
        limits.low if limits else None,
        limits.high if limits else None,
        people,
        answers,
    )


def marked(figure: Figure, checked: bool) -> Figure:
    """The figure, with the mark where it is being checked and anything of it is shown."""
    return replace(figure, checked=True) if checked and not figure.hidden else figure


def all_marked(figures: Figures) -> Figures:
    """Everything that a page shows of a score, with the mark."""
    return Figures(
        marked(figures.headline, True),
        tuple(replace(one, figure=marked(one.figure, True)) for one in figures.factors),
        tuple(replace(one, figure=marked(one.figure, True)) for one in figures.criteria),
        figures.others,
    )
