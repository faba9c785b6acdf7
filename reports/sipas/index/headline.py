"""A figure of a group by its instrument's own method: its value, its limits, the method's name."""

from __future__ import annotations

from reports.sipas.counts.layout import Kind, Layout, Method
from reports.sipas.counts.sums import Sums
from reports.sipas.index import interval, percentages
from reports.sipas.index.interval import LEVEL, Interval
from reports.sipas.index.percentages import VALID

# Changes with the arithmetic: how intervals are made, that waiting dossiers stand apart.
REVISION = 2


def limits(
    sums: Sums,
    kind: Kind,
    code: str = "",
    deff_prior: float | None = None,
    level: float = LEVEL,
) -> Interval | None:
    """95 % interval of the group around `index.of_group`; None without a valid answer.

    POOLED: `interval.group`. Means: `interval.of_mean`, which widens the pooled interval where
    answers do not weigh the same; see docs/methodology.md for its measured coverage.
    """
    if sums.layout.method is Method.POOLED:
        return interval.group(sums, kind, code, deff_prior, level)
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
    )


def method_name(layout: Layout) -> str:
    """What a score says about how it was made, such as `pooled-45-2`, in at most 32 letters.

    The method, the answers that count as satisfied, those that count at all where they are not
    1 to 5 (`pooled-3of123-2`), and the revision of the arithmetic.
    """
    answers = _digits(layout.satisfied)
    if layout.valid != VALID:
        answers += f"of{_digits(layout.valid)}"
    return f"{layout.method.value}-{answers}-{REVISION}"


def _digits(answers: frozenset[int]) -> str:
    return "".join(str(answer) for answer in sorted(answers))
