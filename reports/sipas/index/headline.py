"""A figure of a group by its instrument's own method: its value, its limits, the method's name."""

from __future__ import annotations

from reports.sipas.counts.layout import Kind, Layout, Method
from reports.sipas.counts.sums import Sums
from reports.sipas.index import interval, percentages
from reports.sipas.index.interval import CURRENT, LEVEL, Formula, Interval
from reports.sipas.index.percentages import VALID

# Changes with the arithmetic: how intervals are made (3), that waiting dossiers stand apart (2).
REVISION = 3
# What was counted or published by an earlier revision keeps its limits, and can be computed again.
FORMULAS = {
    2: Formula(weight=5.0, correlation=0.4, skewed=False),
    REVISION: CURRENT,
}
# What a release says of how it was made: the arithmetic and its revision. How the criteria are put
# together belongs to each questionnaire.
METHOD = f"arithmetic-{REVISION}"
ARITHMETIC = {f"arithmetic-{revision}": revision for revision in FORMULAS}


def limits(
    sums: Sums,
    kind: Kind,
    code: str = "",
    deff_prior: float | None = None,
    level: float = LEVEL,
    revision: int = REVISION,
) -> Interval | None:
    """95 % interval of the group around `index.of_group`; None without a valid answer.

    POOLED: `interval.group`. Means: `interval.of_mean`, which widens the pooled interval where
    answers do not weigh the same; see docs/methodology.md for its measured coverage. revision: of
    the arithmetic, one of `FORMULAS`; KeyError for another.
    """
    formula = FORMULAS[revision]
    if sums.layout.method is Method.POOLED:
        return interval.group(sums, kind, code, deff_prior, level, formula)
    share = percentages.of_group(sums, kind, code)
    if share is None:
        return None
    return interval.of_mean(
        float(share),
        percentages.weighting(sums, kind, code),
        sums.people,
        sums.moments[sums.layout.group_of(kind, code)],
        deff_prior,
        level,
        formula,
    )


def method_name(layout: Layout, revision: int = REVISION) -> str:
    """What a score says about how it was made, such as `pooled-45-3`, in at most 32 letters.

    The method, the answers that count as satisfied, those that count at all where they are not
    1 to 5 (`pooled-3of123-3`), and the revision of the arithmetic.
    """
    answers = _digits(layout.satisfied)
    if layout.valid != VALID:
        answers += f"of{_digits(layout.valid)}"
    return f"{layout.method.value}-{answers}-{revision}"


def revision_of(name: str) -> int:
    """The revision that a score's `method_name` ends with, such as 2 for `pooled-45-2`.

    Today's for a name that says none which is known.
    """
    _, _, said = name.rpartition("-")
    return next((known for known in FORMULAS if str(known) == said), REVISION)


def same_counting(one: str, other: str) -> bool:
    """Whether two scores count the same answers alike: only their limits' revisions may differ."""
    return one.rpartition("-")[0] == other.rpartition("-")[0]


def _digits(answers: frozenset[int]) -> str:
    return "".join(str(answer) for answer in sorted(answers))
