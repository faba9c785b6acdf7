"""Counts that another system sends, such as the province's portal; the sentences it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from offices.dossiers.entering import by_system
from offices.dossiers.file import MOST_DOSSIERS, Cell
from offices.dossiers.store import FROZEN, HELD, ClosedMonths, Stored, store
from offices.models import Field, Office
from offices.tables import FileRefused

MOST_ROWS = 5_000  # in one request

WRONG_FIELDS = _(
    "Some fields are missing or have the wrong shape. Send `counts`: a list of at most 5000 "
    "objects with `office`, `day` as 2026-12-31, `finished` from 0 to 1000000 and, where known, "
    "`field`."
)
NO_OFFICE = _(
    "There is no such office, or this key does not reach it. Send the office's short name as in "
    "the address of its form."
)
NOT_OPEN = _("The office was not open on this day, or the day is still to come.")
NO_FIELD = _("There is no such field. Send its short name, or leave it out.")
TWICE = _("The same office, day and field stand in the list twice.")


@dataclass(frozen=True, slots=True)
class Sent:
    """A count as it was sent; field: its short name, empty where it is not known."""

    office: str
    day: date
    field: str
    finished: int


class NotTaken(Exception):
    """Nothing was stored. row: which one of the list, from 0; word: for programs."""

    def __init__(self, word: str, sentence: str | Promise, row: int | None = None) -> None:
        super().__init__(word)
        self.word, self.sentence, self.row = word, sentence, row


def take(sent: Sequence[Sent], content: bytes, name: str, offices: QuerySet[Office]) -> Stored:
    """Stores what a system sent, whole or not at all; the same again changes nothing.

    content: the body, whose hash the ledger keeps. name: of the system. offices: those that it
    reaches. Raises NotTaken.
    """
    today = timezone.localdate()
    known = {
        office.slug: office for office in offices.filter(slug__in={one.office for one in sent})
    }
    fields = dict(Field.objects.values_list("slug", "pk"))
    cells: dict[tuple[int, date, int | None], Cell] = {}
    for row, one in enumerate(sent):
        office = known.get(one.office)
        if office is None:
            raise NotTaken("office", NO_OFFICE, row)
        if one.day > today or not office.is_open_on(one.day):
            raise NotTaken("day", NOT_OPEN, row)
        if one.field and one.field not in fields:
            raise NotTaken("field", NO_FIELD, row)
        if not 0 <= one.finished <= MOST_DOSSIERS:
            raise NotTaken("finished", WRONG_FIELDS, row)
        key = (office.pk, one.day, fields.get(one.field))
        if key in cells:
            raise NotTaken("twice", TWICE, row)
        cells[key] = Cell(*key, one.finished, row)
    try:
        return store(list(cells.values()), by_system(name, content), today)
    except FileRefused as refused:
        held = not isinstance(refused, ClosedMonths)
        line = refused.mistakes[0].line
        raise NotTaken("closed", HELD if held else FROZEN, line) from None
