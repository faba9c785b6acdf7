"""The single numbers of a report's first sheet, each with its unit in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.papers.contents import Contents
from reports.papers.sentences import label, period_on_paper
from reports.papers.tables import Cell, Unit
from reports.showing.written import rounded
from reports.sipas.index.percentages import percent


@dataclass(frozen=True, slots=True)
class Fact:
    """One number or text under its name; words: its unit as people read it."""

    name: str
    value: Cell
    unit: Unit = Unit.TEXT
    words: str = ""


def facts(contents: Contents) -> Iterator[Fact]:
    """Place, period, headline, change, coverage and dossiers, as far as they are known."""
    figure, past = contents.figures.headline, contents.change.past
    points, forms = _("percentage points"), pgettext("unit", "forms")
    answers = pgettext("unit", "answers")
    yield Fact(_("Place of the report"), contents.name)
    yield Fact(_("Period"), period_on_paper(contents.span))
    yield Fact(label(contents), figure.value, Unit.PERCENT, "%")
    if figure.low is not None and figure.high is not None:
        yield Fact(_("Interval (95 %), from"), rounded(figure.low), Unit.LIMIT, "%")
        yield Fact(_("Interval (95 %), to"), rounded(figure.high), Unit.LIMIT, "%")
    yield Fact(_("Forms"), figure.people, Unit.COUNT, forms)
    yield Fact(_("Valid answers"), figure.answers, Unit.COUNT, answers)
    if contents.independent is not None:
        independent = int(contents.independent)
        yield Fact(_("Worth so many independent answers"), independent, Unit.COUNT, answers)
    if past is not None and contents.change.earlier is not None:
        yield Fact(_("The period before"), contents.change.earlier.value, Unit.PERCENT, "%")
        yield Fact(
            _("Difference from the period before"),
            percent(past.value / 100, 1),
            Unit.LIMIT,
            points,
        )
        yield Fact(_("Difference, from"), rounded(past.low), Unit.LIMIT, points)
        yield Fact(_("Difference, to"), rounded(past.high), Unit.LIMIT, points)
    yield from _coverage(contents)


def _coverage(contents: Contents) -> Iterator[Fact]:
    covered, progress = contents.coverage, contents.coverage.progress
    if covered.parts:
        name = _("Provinces") if contents.parts_are_provinces else _("Offices")
        yield Fact(name, covered.parts, Unit.COUNT)
        yield Fact(_("With a figure"), covered.shown, Unit.COUNT)
        yield Fact(_("Without a figure"), covered.parts - covered.shown, Unit.COUNT)
    if progress.finished is not None:
        yield Fact(_("Finished dossiers"), progress.finished.dossiers, Unit.COUNT, _("dossiers"))
    if progress.rate is not None:
        yield Fact(
            _("Response rate"), progress.rate, Unit.LIMIT, _("forms for 100 finished dossiers")
        )
