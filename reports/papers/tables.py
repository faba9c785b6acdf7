"""The tables of a report, the same for both files: what stands in each cell, and in which unit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports.papers.contents import Contents
from reports.showing.behind import unanswered
from reports.showing.figures import Figure
from reports.showing.wording import question_words
from reports.showing.written import rounded
from reports.sipas.index.percentages import percent
from surveys.questionnaires.catalogue import text_in
from surveys.questionnaires.questionnaire import Texts

Cell = str | int | Decimal | date | None


class Unit(Enum):
    """What the numbers of a column are."""

    TEXT = "text"
    COUNT = "count"
    PERCENT = "percent"  # 0 to 100, two decimals
    LIMIT = "limit"  # of an interval: 0 to 100, one decimal
    MONTH = "month"  # its first day


@dataclass(frozen=True, slots=True)
class PaperColumn:
    """A column; broad: whether it takes what the others leave."""

    title: str
    unit: Unit
    broad: bool = False


@dataclass(frozen=True, slots=True)
class PaperTable:
    """A table with as many cells in each row as columns; what is not shown is None.

    A row without a figure says why in its first column of numbers (`hidden_in`); it stands for
    the `covered` columns from there on. name: short, of a
    sheet; note: what the reader has to know.
    """

    name: str
    title: str
    columns: tuple[PaperColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str
    covered: int

    @property
    def hidden_in(self) -> int:
        """The place of the first column of numbers."""
        return next(
            place
            for place, column in enumerate(self.columns)
            if column.unit not in (Unit.TEXT, Unit.MONTH)
        )


def tables(contents: Contents) -> list[PaperTable]:
    """Factors, criteria, months and parts, as far as there are any."""
    shown = contents.figures
    made = (
        _marked(factors(contents), (one.figure for one in shown.factors)),
        _marked(criteria(contents), (one.figure for one in shown.criteria)),
        _marked(months(contents), (one.figure for one in contents.months)),
        _marked(parts(contents), (one.part.figure for one in contents.parts)),
    )
    return [one for one in made if one.rows]


def factors(contents: Contents) -> PaperTable:
    """The factors; empty where none is told apart."""
    return PaperTable(
        _("Factors"),
        _("Satisfaction by factor"),
        (_code(), PaperColumn(_("Factor"), Unit.TEXT, broad=True), *_share()),
        tuple(
            (one.code, _said(one.title), *_shares(one.figure, _("too few answers")))
            for one in contents.figures.factors
        ),
        _interval_note(),
        covered=3,
    )


def criteria(contents: Contents) -> PaperTable:
    """The criteria, with how many answered and which share of the people did not."""
    return PaperTable(
        _("Criteria"),
        _("Satisfaction by criterion"),
        (
            _code(),
            PaperColumn(_("Criterion"), Unit.TEXT, broad=True),
            PaperColumn(_("Satisfied (%)"), Unit.PERCENT),
            PaperColumn(_("Valid answers"), Unit.COUNT),
            PaperColumn(_("No answer (%)"), Unit.PERCENT),
        ),
        tuple(
            (one.code, question_words(_said(one.text)), *_answered(one.figure))
            for one in contents.figures.criteria
        ),
        _(
            "“No answer” is the share of the figure's people without a valid answer to the "
            "criterion: they left it blank, did not know or were not asked."
        ),
        covered=3,
    )


def months(contents: Contents) -> PaperTable:
    """The closed months of the trend."""
    return PaperTable(
        _("Months"),
        _("Satisfaction by closed month"),
        (PaperColumn(_("Month"), Unit.MONTH, broad=True), *_share(), _forms()),
        tuple(
            (one.first, *_shares(one.figure, _("too few forms")), one.figure.people)
            for one in contents.months
        ),
        _interval_note(),
        covered=4,
    )


def parts(contents: Contents) -> PaperTable:
    """The offices or provinces of a unit; empty for an office."""
    provinces = contents.parts_are_provinces
    name = _("Province") if provinces else _("Office")
    return PaperTable(
        _("Units"),
        _("Satisfaction by province") if provinces else _("Satisfaction by office"),
        (
            PaperColumn(name, Unit.TEXT, broad=True),
            *_share(),
            _forms(),
            PaperColumn(_("Finished dossiers"), Unit.COUNT),
        ),
        tuple(
            (
                f"{one.part.name} ({one.part.lived})" if one.part.lived else one.part.name,
                *_shares(one.part.figure, _("too few forms")),
                one.part.figure.people,
                one.finished.dossiers if one.finished else None,
            )
            for one in contents.parts
        ),
        _(
            "In alphabetical order, which is no ranking: differences smaller than the intervals "
            "say nothing. Without a number of dossiers: nobody has told it."
        ),
        covered=4,
    )


def _code() -> PaperColumn:
    return PaperColumn(_("Code"), Unit.TEXT)


def _forms() -> PaperColumn:
    return PaperColumn(_("Forms"), Unit.COUNT)


def _share() -> Iterator[PaperColumn]:
    yield PaperColumn(_("Satisfied (%)"), Unit.PERCENT)
    yield PaperColumn(_("From (%)"), Unit.LIMIT)
    yield PaperColumn(_("To (%)"), Unit.LIMIT)


def _shares(figure: Figure, hidden: str) -> tuple[Cell, Cell, Cell]:
    """A percentage and its limits as pages round them; else why there are none."""
    if figure.value is None or figure.low is None or figure.high is None:
        return hidden, None, None
    return figure.value, rounded(figure.low), rounded(figure.high)


def _answered(figure: Figure) -> tuple[Cell, Cell, Cell]:
    if figure.hidden or figure.value is None:
        return _("too few answers"), None, None
    without = unanswered(figure)
    return figure.value, figure.answers, None if without is None else percent(without)


def _marked(table: PaperTable, figures: Iterable[Figure]) -> PaperTable:
    """With a column that says which figures are being checked, where any is. figures: by row."""
    checked = [figure.checked for figure in figures]
    if not any(checked):
        return table
    mark = _("being checked")
    return replace(
        table,
        columns=(*table.columns, PaperColumn(_("Note"), Unit.TEXT)),
        rows=tuple(
            (*row, mark if is_checked else "")
            for row, is_checked in zip(table.rows, checked, strict=True)
        ),
    )


def _interval_note() -> str:
    return _("From and to: the interval (95 %), in percent.")


def _said(texts: Texts) -> str:
    return text_in(texts, get_language() or "vi")
