"""When what is still open moves: the rhythm of an office, for whoever reads its figures."""

from offices.reading import once
from reports.counting.periods import Span
from reports.models import OfficeRhythm


def turn_in(office_id: int, instrument_id: int, span: Span) -> str:
    """`Turn` of an office in the year of a period; "" until a night has chosen it."""
    key = (office_id, instrument_id, span.last.year)
    return once(("turn", *key), lambda: _turn_in(*key))


def _turn_in(office: int, instrument: int, year: int) -> str:
    chosen = OfficeRhythm.objects.filter(office=office, instrument=instrument, year=year)
    return chosen.values_list("turn", flat=True).first() or ""
