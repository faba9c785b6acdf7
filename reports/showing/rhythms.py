"""When what is still open moves: the rhythm of an office, for whoever reads its figures."""

from reports.counting.periods import Span
from reports.models import OfficeRhythm


def turn_in(office_id: int, instrument_id: int, span: Span) -> str:
    """`Turn` of an office in the year of a period; "" until a night has chosen it."""
    chosen = OfficeRhythm.objects.filter(
        office=office_id, instrument=instrument_id, year=span.last.year
    )
    return chosen.values_list("turn", flat=True).first() or ""
