"""When what is still open moves: the rhythm of an office, for whoever reads its figures."""

from offices.lists import Asked
from offices.reading import once
from reports.counting.periods import Span
from reports.models import OfficeRhythm


def turn_in(office_id: int, instrument_id: int, span: Span) -> str:
    """`Turn` of an office in the year of a period; "" until a night has chosen it."""
    key = (office_id, instrument_id, span.last.year)
    return once(("turn", *key), lambda: _turn_in(*key))


def _turn_in(office: int, instrument: int, year: int) -> str:
    chosen = turn_asked(office, instrument, year).first()
    return chosen["turn"] if chosen else ""


def turn_asked(office: int, instrument: int, year: int) -> Asked:
    """What `turn_in` reads, for whoever reads it along with something else."""
    chosen = OfficeRhythm.objects.filter(office=office, instrument=instrument, year=year)
    return chosen.values("turn")
