"""What a report of one closed period holds, gathered once for both files.

Everything comes from `reports.showing` under the reader's policy, so a report never says more than
the pages of the same period.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from offices.models import AdministrativeUnit, Office
from reports.counting.periods import KEPT, Span, span_of
from reports.models import Period, Release, TerritoryMap
from reports.papers.coverage import Coverage, PaperPart, of_office, of_unit
from reports.showing.behind import independent_answers
from reports.showing.change import Change, change_of
from reports.showing.evidence import breaks_of, evidence_words
from reports.showing.figures import Figure, Figures, all_marked, figures, headlines, marked
from reports.showing.lifetime import lived_words
from reports.showing.parts import Viewed
from reports.showing.subjects import Subjects
from surveys.questionnaires.catalogue import InstrumentEntry

MONTHS = (
    24  # of the trend: two years, so that a month stands beside the same one of the year before
)


@dataclass(frozen=True, slots=True)
class PaperMonth:
    """A closed month of the trend, by its first day."""

    first: date
    figure: Figure


@dataclass(frozen=True, slots=True)
class Marks:
    """What the proof found otherwise: such figures bear "being checked".

    own: whether it concerns a period of the place itself; parts: which of these keys it concerns.
    """

    own: Callable[[Span], bool] = lambda _span: False
    parts: Callable[[Sequence[int | None]], Collection[int | None]] = lambda _keys: ()


@dataclass(frozen=True, slots=True)
class Contents:
    """One report. name: of the place, as it was called then; above: what it lies in below the
    country, or empty.

    territory: the map of a unit's report, None for an office. independent: how many answers of
    different people the headline is worth. breaks: first days with which other forms count.
    release: one of the period that holds the place; address: of the page with the same figures.
    lived and evidence are sentences.
    """

    name: str
    above: str
    span: Span
    instrument: InstrumentEntry
    territory: TerritoryMap | None
    figures: Figures
    change: Change
    independent: float | None
    months: tuple[PaperMonth, ...]
    breaks: frozenset[date]
    parts: tuple[PaperPart, ...]
    parts_are_provinces: bool
    coverage: Coverage
    lived: str
    evidence: tuple[str, ...]
    release: Release | None
    address: str

    @property
    def method(self) -> str:
        """How the figure was made, with its revision, such as `pooled-45-3`."""
        return self.change.score.method

    @property
    def computed_at(self) -> datetime:
        """When the figure was computed; the only time that the files tell."""
        return self.change.score.computed_at

    @property
    def simulated(self) -> bool:
        """Whether any of it is made up."""
        return self.change.score.simulated or any(one.part.simulated for one in self.parts)


def office_contents(
    office: Office,
    view: Viewed,
    *,
    address: str,
    release: Release | None = None,
    marks: Marks | None = None,
) -> Contents | None:
    """The report of an office; None where the period is open or shows this reader no figure."""
    subject = Subjects.of_offices([office.pk])
    offices = Office.objects.filter(pk=office.pk)
    breaks = breaks_of(offices) | view.instrument.asked_anew
    change = _change(subject, view, breaks)
    if change is None:
        return None
    marks = marks or Marks()
    return Contents(
        name=office.name,
        above=office.unit.full_name_on(view.span.last),
        span=view.span,
        instrument=view.instrument,
        territory=None,
        figures=_figures(change, view, marks),
        change=change,
        independent=independent_answers(change.score, change.figure),
        months=_months(subject, view, marks),
        breaks=frozenset(breaks),
        parts=(),
        parts_are_provinces=False,
        coverage=of_office(office, view, change.figure),
        lived=lived_words(office.days, view.span),
        evidence=tuple(evidence_words(offices, view.span, closed=True)),
        release=release,
        address=address,
    )


def unit_contents(
    unit: AdministrativeUnit,
    view: Viewed,
    *,
    address: str,
    release: Release | None = None,
    marks: Marks | None = None,
) -> Contents | None:
    """The report of a commune, district, province or the country, on the view's map; else None."""
    subject = Subjects.of_unit(unit, view.territory)
    offices = Office.objects.within(unit, view.territory.column)
    breaks = breaks_of(offices) | view.instrument.asked_anew
    change = _change(subject, view, breaks)
    if change is None:
        return None
    marks = marks or Marks()
    parts, coverage = of_unit(unit, view, change.figure)
    checked = marks.parts([one.part.key for one in parts])
    parent = unit.parent
    return Contents(
        name=unit.full_name_on(view.span.last),
        above=parent.full_name_on(view.span.last) if parent and parent.parent_id else "",
        span=view.span,
        instrument=view.instrument,
        territory=view.territory,
        figures=_figures(change, view, marks),
        change=change,
        independent=independent_answers(change.score, change.figure),
        months=_months(subject, view, marks),
        breaks=frozenset(breaks),
        parts=tuple(_marked(one, one.part.key in checked) for one in parts),
        parts_are_provinces=unit.level == AdministrativeUnit.Level.COUNTRY,
        coverage=coverage,
        lived=lived_words(unit.days, view.span) if view.territory == TerritoryMap.THEN else "",
        evidence=tuple(evidence_words(offices, view.span, closed=True)),
        release=release,
        address=address,
    )


def _change(subject: Subjects, view: Viewed, breaks: Collection[date]) -> Change | None:
    if view.span.kind not in KEPT:
        return None
    return change_of(subject, view.span, view.instrument, view.policy, breaks)


def _figures(change: Change, view: Viewed, marks: Marks) -> Figures:
    unfolded = figures(change.score, view.policy)
    return all_marked(unfolded) if marks.own(view.span) else unfolded


def _months(subject: Subjects, view: Viewed, marks: Marks) -> tuple[PaperMonth, ...]:
    """The closed months up to the period's end, oldest first."""
    stored = subject.stored.filter(
        period=Period.MONTH,
        instrument=view.instrument.id,
        closed=True,
        start__lte=view.span.last,
    )
    months = list(stored.order_by("-start")[:MONTHS])[::-1]
    shown = headlines(months, view.policy)
    return tuple(
        PaperMonth(one.start, marked(figure, marks.own(span_of(Period.MONTH, one.start))))
        for one, figure in zip(months, shown, strict=True)
    )


def _marked(one: PaperPart, checked: bool) -> PaperPart:
    return replace(one, part=replace(one.part, figure=marked(one.part.figure, checked)))
