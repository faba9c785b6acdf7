"""A closed period against the one before it, where both are shown and counted alike."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from reports.counting.layouts import layout_of
from reports.counting.periods import Span, previous
from reports.counting.policy import POLICY
from reports.counting.stored import headline_group, inflate
from reports.models import Score
from reports.showing.figures import Figure, headlines
from reports.showing.subjects import Subjects
from reports.showing.summed import scores_in
from reports.sipas.comparing.difference import Difference, Estimate, difference, estimate
from reports.sipas.counts.layout import Layout, Method
from reports.sipas.counts.sums import Sums
from reports.sipas.hiding.suppression import Policy
from reports.sipas.index import percentages
from reports.sipas.index.headline import same_counting
from surveys.questionnaires.catalogue import InstrumentEntry


@dataclass(frozen=True, slots=True)
class Change:
    """One subject's figure of a closed period; the figure before it and their difference.

    earlier, past: None where there is nothing before, or what is there was counted otherwise.
    """

    score: Score
    figure: Figure
    earlier: Figure | None
    past: Difference | None


def change_of(
    subject: Subjects,
    span: Span,
    instrument: InstrumentEntry,
    policy: Policy = POLICY,
    breaks: Collection[date] = (),
    *,
    before: Span | None = None,
) -> Change | None:
    """How one subject's closed period stands to an earlier one; None where it shows no figure.

    breaks: first days with which other forms count. Nothing is compared across them, nor across
    months in which the questionnaire began to be asked in another way.
    before: the earlier period of the same kind; the one just before unless another is given.
    """
    return changes_of(subject, span, instrument, policy, breaks, [before or previous(span)])[0]


def changes_of(
    subject: Subjects,
    span: Span,
    instrument: InstrumentEntry,
    policy: Policy,
    breaks: Collection[date],
    befores: Sequence[Span],
) -> list[Change | None]:
    """The same against several earlier periods, in their order, by one statement."""
    found = scores_in(instrument, {*befores, span}, subject)
    return changes_among(found, span, instrument, policy, breaks, befores)


def changes_among(
    found: Sequence[Score],
    span: Span,
    instrument: InstrumentEntry,
    policy: Policy,
    breaks: Collection[date],
    befores: Sequence[Span],
) -> list[Change | None]:
    """The same of figures of these periods that were read already."""
    breaks = {*breaks, *instrument.asked_anew}
    shown = {
        score.start: (score, figure)
        for score, figure in zip(found, headlines(found, policy), strict=True)
        if score.closed and figure.share is not None
    }
    if span.first not in shown:
        return [None for _before in befores]
    score, figure = shown[span.first]
    changes: list[Change | None] = []
    for before in befores:
        if before.first not in shown or any(before.first < one <= span.last for one in breaks):
            changes.append(Change(score, figure, None, None))
            continue
        earlier, was_shown = shown[before.first]
        past = _difference(score, earlier, instrument)
        changes.append(Change(score, figure, was_shown if past is not None else None, past))
    return changes


def _difference(score: Score, earlier: Score, instrument: InstrumentEntry) -> Difference | None:
    if not same_counting(earlier.method, score.method):
        return None
    layout = layout_of(instrument)
    now, was = (_estimate(layout, inflate(layout, one.sums)) for one in (score, earlier))
    return difference(now, was) if now is not None and was is not None else None


def _estimate(layout: Layout, sums: Sums) -> Estimate | None:
    """The headline by the questionnaire's own method, with the doubt that `of_mean` gives it."""
    kind, code = headline_group(layout)
    pooled = estimate(sums.people, sums.moments[layout.group_of(kind, code)])
    share = percentages.of_group(sums, kind, code) if layout.method is not Method.POOLED else None
    if pooled is None or share is None:
        return pooled
    weighting = percentages.weighting(sums, kind, code)
    below, above = pooled.sides or (pooled.effective_n, pooled.effective_n)
    return replace(
        pooled,
        share=share,
        effective_n=(below if 2 * share > 1 else above) / weighting,
        degrees=max((pooled.degrees + 1.0) / weighting - 1.0, 1.0),
        sides=(below / weighting, above / weighting),
    )
