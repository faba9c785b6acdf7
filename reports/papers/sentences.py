"""What a report says in sentences, the same in both files; months as offices write them."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports.counting.periods import Span
from reports.models import Period
from reports.papers.contents import Contents
from reports.showing.counted import counted_words
from reports.showing.progress import Progress
from reports.showing.written import decimal, grouped, percentage, signed
from surveys.models import Instrument
from surveys.questionnaires.catalogue import text_in

QUARTERS = ("I", "II", "III", "IV")


def period_on_paper(span: Span) -> str:
    """A month, quarter or year by Nghị định 30/2020: January and February as 01 and 02."""
    year = span.first.year
    if span.kind == Period.MONTH:
        month = span.first.month
        said = f"{month:02}" if month < 3 else f"{month}"
        return _("month %(month)s of %(year)s") % {"month": said, "year": year}
    if span.kind == Period.QUARTER:
        quarter = QUARTERS[(span.first.month - 1) // 3]
        return _("quarter %(quarter)s of %(year)s") % {"quarter": quarter, "year": year}
    return _("the year %(year)s") % {"year": year}


def title(contents: Contents) -> str:
    """What the report is about."""
    return _("Satisfaction of citizens with the service at %(name)s, %(period)s") % {
        "name": contents.name,
        "period": period_on_paper(contents.span),
    }


def draft() -> str:
    """What kind of paper it is."""
    return _(
        "Draft made by a machine from figures of a closed period. Number, date and signature are "
        "for the person who checks and signs it."
    )


def label(contents: Contents) -> str:
    """What the headline is the share of."""
    counted = counted_words(contents.instrument)
    if counted:
        return _("Answered “%(counted)s” about the service") % {"counted": counted}
    return _("Satisfied or very satisfied with the service")


def doubt(contents: Contents) -> str:
    """The interval of the headline and who stands behind it."""
    figure = contents.figures.headline
    return _("95 %% interval: from %(low)s to %(high)s; %(people)s forms") % {
        "low": decimal(figure.low or 0.0),
        "high": decimal(figure.high or 0.0),
        "people": grouped(figure.people or 0),
    }


def behind(contents: Contents) -> Iterator[str]:
    """What stands behind the headline, and what it is of."""
    figure = contents.figures.headline
    if figure.checked:
        yield _("The last proof computed another number from the forms: it is being checked.")
    if contents.lived:
        yield contents.lived
    if contents.independent is not None:
        yield _(
            "%(answers)s valid answers by %(people)s people. As one person's answers resemble each "
            "other, they are worth about %(independent)s independent answers."
        ) % {
            "answers": grouped(figure.answers or 0),
            "people": grouped(figure.people or 0),
            "independent": grouped(int(contents.independent)),
        }


def change(contents: Contents) -> str:
    """The headline against the period before, where the two may be compared."""
    past, earlier = contents.change.past, contents.change.earlier
    if past is None or earlier is None or earlier.value is None:
        return _(
            "There is no figure of the period before that this one may be compared with: none is "
            "shown, or it was counted otherwise."
        )
    said = {
        "before": percentage(earlier.value),
        "points": signed(past.value),
        "size": signed(abs(past.value)).removeprefix("+"),
        "interval": _("95 %% interval: from %(low)s to %(high)s")
        % {"low": signed(past.low), "high": signed(past.high)},
    }
    if past.low > 0:
        return (
            _("The period before: %(before)s. It has risen by %(size)s points (%(interval)s).")
            % said
        )
    if past.high < 0:
        return (
            _("The period before: %(before)s. It has fallen by %(size)s points (%(interval)s).")
            % said
        )
    return (
        _(
            "The period before: %(before)s. The difference of %(points)s points (%(interval)s) "
            "lies within chance: no change can be seen."
        )
        % said
    )


def coverage(contents: Contents) -> Iterator[str]:
    """How many parts there are and how many show a figure; the response rate and its source."""
    covered = contents.coverage
    if covered.parts:
        counts = {
            "parts": grouped(covered.parts),
            "shown": grouped(covered.shown),
            "hidden": grouped(covered.parts - covered.shown),
        }
        yield (
            _("Provinces: %(parts)s; with a figure: %(shown)s; without one: %(hidden)s.")
            if contents.parts_are_provinces
            else _("Offices: %(parts)s; with a figure: %(shown)s; without one: %(hidden)s.")
        ) % counts
    yield from _rate(covered.progress, covered.missing)


def _rate(progress: Progress, missing: int) -> Iterator[str]:
    finished = progress.finished
    if finished is None:
        yield _("No finished dossiers are known for the period, so there is no response rate.")
        return
    said = {"dossiers": grouped(finished.dossiers), "people": grouped(progress.people or 0)}
    if missing:
        yield _(
            "Finished dossiers: %(dossiers)s, without those of %(missing)s lines that have no "
            "number. So the whole has no response rate."
        ) % {**said, "missing": grouped(missing)}
    elif progress.rate is not None:
        yield _(
            "Response rate: %(people)s forms for %(dossiers)s finished dossiers, %(rate)s forms "
            "for 100 dossiers."
        ) % {**said, "rate": decimal(float(progress.rate))}
    else:
        yield (
            _(
                "There are %(people)s forms, but only %(dossiers)s finished dossiers: one of the "
                "two numbers is wrong, so there is no response rate."
            )
            % said
        )
    if finished.own:
        yield _(
            "Source of the dossiers: some or all of the numbers were told by the offices "
            "themselves, which are measured by them."
        )
    else:
        yield _("Source of the dossiers: the portal or the unit above.")
    if finished.simulated:
        yield _("The numbers of dossiers are simulated.")


def method(contents: Contents) -> Iterator[str]:
    """What the figure means, how it was made and by which questionnaire, on which map."""
    instrument = contents.instrument
    words = Instrument.Method(instrument.method).label
    yield _(
        "Service component by the SIPAS method, from forms at offices; not the ministry's SIPAS."
    )
    yield _(
        "The interval is about the people of this period: how far the figure may be off because "
        "these came and not others of the same days."
    )
    yield _("Questionnaire: %(title)s (%(slug)s, version %(version)s).") % {
        "title": text_in(instrument.title, get_language() or "vi"),
        "slug": instrument.slug,
        "version": instrument.version,
    }
    yield _("Put together as %(method)s; method and revision: %(code)s; computed at %(at)s.") % {
        "method": words,
        "code": contents.method,
        "at": f"{timezone.localtime(contents.computed_at):%H:%M %d/%m/%Y}",
    }
    if contents.territory is not None:
        yield _("Map: %(map)s.") % {"map": contents.territory.label}


def again(contents: Contents) -> str:
    """How anybody computes it again, or where the same figures stand."""
    if contents.release is not None:
        return _(
            "To compute it again: the release %(release)s holds the period, and "
            "“manage.py reproduce %(release)s” names whatever differs from the forms."
        ) % {"release": contents.release.slug}
    return _("The period has not been published yet. The same figures stand at %(address)s.") % {
        "address": contents.address
    }
