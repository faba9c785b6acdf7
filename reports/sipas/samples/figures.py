"""Every figure of a set of responses, as the command prints them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from reports.sipas.counts.layout import Indices, Kind, Method
from reports.sipas.counts.sums import Sums, count
from reports.sipas.index import interval
from reports.sipas.index.percentages import MEAN, POOLED
from reports.sipas.samples import survey
from reports.sipas.samples.csvfile import Table

Figure = dict[str, float | int | None]
Responses = dict[str, int]
Figures = dict[str, Responses | Figure | dict[str, Figure]]

SERVICES = "services"
OVERALL = "overall"


def compute(table: Table, method: Method = POOLED, *, count_all: bool = False) -> Figures:
    """`criteria`, `factors`, `component` (services, else the first), in percent and unrounded.

    Only whoever answers as many criteria as the questionnaire asks for counts, as on the pages, and
    whose weight is not 0; count_all: everybody with a weight. `responses` says how many were `read`
    and `counted`, and how many were not for which of the two reasons. With a design the others stay
    in it as people who gave no answer (`subset` in R); without one they are gone.

    With several components also `components` and `overall`, which is the form's own overall
    question where it has one, else all criteria. Each figure: value, n (valid answers),
    respondents (people who gave them), se, low, high; all but the numbers None without a valid
    answer. Without a design, and pooled, low and high are those of `interval`.
    """
    return _Computation(table, method, count_all).figures()


class _Computation:
    def __init__(self, table: Table, method: Method, count_all: bool) -> None:
        self.layout = table.layout
        self.design = table.design
        self.method = method
        enough = table.layout.enough(table.answers)
        if count_all:
            enough[:] = True
        counted = enough & (table.design.weights > 0.0)
        self.responses: Responses = {
            "read": len(counted),
            "counted": int(counted.sum()),
            "too_few_answers": int((~enough).sum()),
            "weight_0": int((enough & ~counted).sum()),
            "answers_needed": 0 if count_all else table.layout.answers_needed,
        }
        answers = np.where(counted, table.answers, np.uint8(0))
        self.sums: Sums | None = None
        if self.design.plain:
            answers = table.answers[:, counted]
            self.design = survey.Design.of(answers.shape[1])
            self.sums = count(table.layout, np.ascontiguousarray(answers.T))
        self.satisfied = _among(table.layout.satisfied)[answers]
        self.valid = _among(table.layout.valid)[answers]

    def figures(self) -> Figures:
        layout = self.layout
        criteria = {item.code: self._criterion(i) for i, item in enumerate(layout.items)}
        factors = {code: self._group("factor", code, ix) for code, ix in layout.factors.items()}
        components = {
            code: self._group("component", code, ix) for code, ix in layout.components.items()
        }
        services = components.get(SERVICES) or next(iter(components.values()))
        result: Figures = {
            "responses": self.responses,
            "criteria": criteria,
            "factors": factors,
            "component": services,
        }
        if len(components) > 1:
            result["components"] = components
            result[OVERALL] = components.get(OVERALL) or self._group("overall", "", layout.criteria)
        return result

    def _criterion(self, i: int) -> Figure:
        y, m = self.satisfied[i], self.valid[i]
        shown = interval.criterion(self.sums, self.layout.items[i].code) if self.sums else None
        return self._figure(survey.ratio(y, m, self.design), m, shown)

    def _group(self, kind: Kind, code: str, indices: Indices) -> Figure:
        m = self.valid[indices].sum(axis=0, dtype=np.int64)
        shown = None
        if self.sums and self.method is POOLED:
            shown = interval.group(self.sums, kind, code)
        return self._figure(self._estimate(kind, indices), m, shown)

    def _estimate(self, kind: Kind, indices: Indices) -> survey.DesignEstimate | None:
        """As `index.factor`, `index.component` and `index.overall` put criteria together."""
        if self.method is MEAN:
            return self._mean(np.array([i]) for i in indices)
        if self.method is POOLED or kind == "factor":
            return self._pooled(indices)
        parts = (np.intersect1d(ix, indices) for ix in self.layout.factors.values())
        return self._mean(ix for ix in parts if len(ix))

    def _pooled(self, indices: Indices) -> survey.DesignEstimate | None:
        y = self.satisfied[indices].sum(axis=0, dtype=np.int64)
        m = self.valid[indices].sum(axis=0, dtype=np.int64)
        return survey.ratio(y, m, self.design)

    def _mean(self, parts: Iterable[Indices]) -> survey.DesignEstimate | None:
        return survey.mean_of((self._pooled(indices) for indices in parts), self.design)

    def _figure(
        self,
        estimate: survey.DesignEstimate | None,
        m: NDArray[np.integer],
        shown: interval.Interval | None,
    ) -> Figure:
        figure: Figure = {
            "value": None,
            "n": int(m.sum(dtype=np.int64)),
            "respondents": int(np.count_nonzero(m)),
            "se": None,
            "low": None,
            "high": None,
        }
        if estimate is not None:
            limits = shown or survey.limits(estimate, m, self.design)
            error = estimate.standard_error
            figure["value"] = 100.0 * estimate.value
            figure["se"] = None if error is None else 100.0 * error
            figure["low"], figure["high"] = limits.low, limits.high
        return figure


def _among(answers: frozenset[int]) -> NDArray[np.uint8]:
    table = np.zeros(256, dtype=np.uint8)
    table[sorted(answers)] = 1
    return table
