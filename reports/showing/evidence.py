"""What the forms behind a figure rest on, and how many stand aside: sentences with counts in tens.

Counts of single forms would tell when somebody joined them, so there are none; and of open months
nothing is told but what waits for a decision.
"""

from collections.abc import Mapping
from datetime import date

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from offices.models import Office
from offices.reading import keep, once
from offices.validity import Days
from reports.counting.periods import Span
from reports.showing.circumstances import Circumstances, circumstances_of
from surveys.models import Evidence, EvidenceLevel, Hold

TENS = 10


def evidence_words(offices: QuerySet[Office], span: Span, *, closed: bool) -> list[str]:
    """Sentences for these offices and a period. closed: whether the period is."""
    return words_behind(offices, circumstances_of(offices, span), span, closed=closed)


def words_behind(
    offices: QuerySet[Office], found: Circumstances, span: Span, *, closed: bool
) -> list[str]:
    """The same of what was read already."""
    said = _counted(offices, found, span.first.year)
    if closed:
        said += _made_of(found)
    return [*said, *words_of_waiting(found.waiting, closed=closed)]


def waiting_words(offices: QuerySet[Office], span: Span, *, closed: bool) -> list[str]:
    """A sentence on how many forms of a period wait for a decision; none where none do."""
    return words_of_waiting(waiting_in(offices, span), closed=closed)


def words_of_waiting(forms: int, *, closed: bool) -> list[str]:
    """The same of a number that was read already."""
    return [_waiting(forms, closed=closed)] if forms else []


def waiting_in(offices: QuerySet[Office], span: Span) -> int:
    """How many forms of these offices wait in holds that touch a period."""
    found = Hold.objects.filter(
        office__in=offices.values("pk"),
        state=Hold.State.WAITING,
        days__overlap=list(Days(span.first, span.last).each()),
    )
    return found.aggregate(forms=Sum("forms"))["forms"] or 0


def breaks_of(offices: QuerySet[Office]) -> set[date]:
    """The first days of years that count other forms than the one before, at any of the offices."""
    return {day for _office, day in breaks_by_office(offices)}


def breaks_by_office(offices: QuerySet[Office]) -> list[tuple[int, date]]:
    """The same with the office's key, in the order of both."""
    rows = EvidenceLevel.objects.filter(office__in=offices.values("pk"))
    return _breaks({(office, year): level for office, year, level in rows.values_list(*OF_A_YEAR)})


def breaks_behind(found: Circumstances) -> set[date]:
    """As `breaks_of`, of what was read already."""
    return {day for _office, day in _breaks(found.levels)}


def keep_breaks(office: int, found: Circumstances) -> None:
    """For `breaks_at` on the same page. found: of this office alone."""
    keep(("breaks", office), _breaks(found.levels))


def breaks_at(office: int) -> list[tuple[int, date]]:
    """As `breaks_by_office`, of one office."""
    return once(("breaks", office), lambda: breaks_by_office(Office.objects.filter(pk=office)))


def _breaks(levels: Mapping[tuple[int, int], int]) -> list[tuple[int, date]]:
    usual = EvidenceLevel.Level.C.value
    found = {
        (office, date(began, 1, 1))
        for office, year in levels
        for began in (year, year + 1)
        if levels.get((office, began), usual) != levels.get((office, began - 1), usual)
    }
    return sorted(found)


OF_A_YEAR = ("office", "year", "level")


def _counted(offices: QuerySet[Office], found: Circumstances, year: int) -> list[str]:
    """Which forms count, where that is decided for any of the offices."""
    levels = [EvidenceLevel.Level(n) for (_, at), n in found.levels.items() if at == year]
    if not levels or set(levels) == {EvidenceLevel.Level.C}:
        return []
    if len(levels) < offices.count():
        levels.append(EvidenceLevel.Level.C)
    return [f"{one.label}." for one in sorted(set(levels))]


def _made_of(found: Circumstances) -> list[str]:
    forms = {evidence: n for evidence, n in sorted(found.forms.items()) if n >= TENS}
    if not forms:
        return []
    parts = [
        _("%(forms)s %(evidence)s") % {"forms": n - n % TENS, "evidence": PARTS[evidence]()}
        for evidence, n in forms.items()
    ]
    said = [
        _("Where the forms of this period come from, about: %(parts)s.")
        % {"parts": ", ".join(parts)}
    ]
    if forms.get(Evidence.OPEN):
        said.append(
            _(
                "Nobody can tell who sends open forms: in an office's own rhythm up to about a "
                "quarter of a year's, and more of a single month's or of a small office's, may be "
                "forged without being found."
            )
        )
    return said


def _waiting(forms: int, *, closed: bool) -> str:
    if forms < TENS:
        return _(
            "Fewer than 10 forms wait for a decision: they are not counted, or leave the figure "
            "when the month closes."
        )
    about = {"forms": forms - forms % TENS}
    if closed:
        return _("The period is closed; about %(forms)s forms still wait for a decision.") % about
    said = _(
        "About %(forms)s forms wait for a decision: they are not counted, or leave the figure "
        "when the month closes."
    )
    return said % about


PARTS = {
    Evidence.INVITED: lambda: _("invited by the portal"),
    Evidence.SLIP: lambda: _("by slip or list"),
    Evidence.TABLET: lambda: _("on tablets at counters"),
    Evidence.PAPER: lambda: _("on paper"),
    Evidence.OPEN: lambda: _("open to anybody"),
}
