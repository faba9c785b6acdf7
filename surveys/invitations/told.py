"""The ledger of dossiers that somebody told us of: which day was told first.

All links of a dossier are of that day, so whoever claims 31 days gets one link and one response.
What a system with a key tells is known; what an office alone lists is not, and stands for itself:
by listing beforehand nobody shifts or uses up what the portal will tell.
"""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256

from django.db import connection

from surveys.invitations.dossier import year_of
from surveys.invitations.keys import key_folder
from surveys.models import Sending, Teller, ToldDossier

SEEN_BYTES = 16
# A year's key and rows are kept through so many years after it.
YEARS_KEPT = 2


@dataclass(frozen=True, slots=True)
class Told:
    """A dossier as somebody told of it. dossier: its code in its one form."""

    office_id: int
    dossier: str = field(repr=False)
    finished_on: date
    field_id: int | None
    teller: Teller


@dataclass(frozen=True, slots=True)
class First:
    """What was told of a dossier first. known: by a system with a key, for this office."""

    finished_on: date
    known: bool


def has_ended(year: int, today: date) -> bool:
    """Whether the key of a year is destroyed, or to be: of its dossiers nothing is known."""
    return today.year > year + YEARS_KEPT


def first_told(told: Sequence[Told]) -> list[First]:
    """What was told first, in order; what is new is noted. Of two at once one is the first.

    To be called in a transaction. Raises Exposed or OSError where keys cannot be used.
    """
    keys = year_keys(told)
    known = [seen_as_known(keys, one) for one in told]
    given = list(zip(known, told, strict=True))
    add((seen, one) for seen, one in given if one.teller != Teller.OFFICE)
    found = _found(known)
    own = {
        at: _both(keys, one)[1]
        for at, (seen, one) in enumerate(given)
        if found.get(seen, (0, None))[0] != one.office_id
    }
    if own:
        add((seen, replace(told[at], teller=Teller.OFFICE)) for at, seen in own.items())
        found |= _found(own.values())
    return [
        First(found[own.get(at, seen)][1], known=at not in own) for at, seen in enumerate(known)
    ]


# Of two lists at once one gets it. A list has its own row, also for what the portal told: it uses
# up nothing of the portal's, and sends nothing where the portal's message went or is to go.
CLAIM = """
INSERT INTO surveys_tolddossier AS told
    (seen, year, office_id, finished_on, field_id, teller, sending)
SELECT %(own)s, %(year)s, %(office)s, %(day)s, %(field)s, %(teller)s, %(taken)s
WHERE NOT EXISTS (
    SELECT FROM surveys_tolddossier
    WHERE seen = %(known)s AND office_id = %(office)s AND sending = ANY(%(busy)s)
)
ON CONFLICT (seen) DO UPDATE SET sending = excluded.sending WHERE told.sending = %(free)s
RETURNING seen
"""
BUSY = (Sending.WAITING, Sending.ASKED, Sending.TAKEN, Sending.SENT)


def claim(one: Told) -> bytes | None:
    """Takes the one message of a dossier for a list of its office: the row to `put`, or None.

    None where a message was sent, or may have been, or waits as the portal told.
    """
    known, own = _both(year_keys([one]), one)
    values: dict[str, bytes | int | date | list[int] | None] = {
        "own": own,
        "known": known,
        "year": year_of(one.dossier),
        "office": one.office_id,
        "day": one.finished_on,
        "field": one.field_id,
        "teller": Teller.OFFICE.value,
        "taken": Sending.TAKEN.value,
        "free": Sending.NOWHERE.value,
        "busy": [state.value for state in BUSY],
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, values)
        return own if cursor.fetchone() else None


def put(seen: bytes, *, sent: bool) -> None:
    """Notes of a message that was claimed whether it was sent; if not, it is free again."""
    state = Sending.SENT if sent else Sending.NOWHERE
    ToldDossier.objects.filter(seen=seen).update(sending=state)


def not_free(told: Sequence[Told]) -> int:
    """Of how many of these dossiers `claim` would not take the message. Notes nothing."""
    keys = year_keys(told)
    rows = {one: _both(keys, one) for one in told}
    busy = ToldDossier.objects.filter(
        seen__in=[seen for both in rows.values() for seen in both], sending__in=BUSY
    )
    offices = {bytes(seen): office for seen, office in busy.values_list("seen", "office_id")}
    return sum(any(offices.get(seen) == one.office_id for seen in rows[one]) for one in told)


def _both(keys: dict[int, bytes], one: Told) -> tuple[bytes, bytes]:
    """What stands for a dossier that the portal told of, and for one that its office lists."""
    return seen_as_known(keys, one), _seen(keys, one, f"{one.office_id}/{one.dossier}")


def year_keys(told: Iterable[Told]) -> dict[int, bytes]:
    """The keys of the years of these dossiers, made where there are none."""
    folder = key_folder()
    return {year: folder.ensured(year) for year in {year_of(one.dossier) for one in told}}


def seen_as_known(keys: dict[int, bytes], one: Told) -> bytes:
    """What stands for a dossier that a system with a key told of."""
    return _seen(keys, one, one.dossier)


def _seen(keys: dict[int, bytes], one: Told, content: str) -> bytes:
    # no code has a stroke, so what is made with an office is never what is made without
    key = keys[year_of(one.dossier)]
    return hmac.new(key, b"seen\0" + content.encode(), sha256).digest()[:SEEN_BYTES]


# In one order, so that two lists with the same dossiers do not wait for each other in a circle.
ADD = """
INSERT INTO surveys_tolddossier (seen, year, office_id, finished_on, field_id, teller)
SELECT * FROM unnest(
    %s::bytea[], %s::smallint[], %s::bigint[], %s::date[], %s::bigint[], %s::smallint[]
) AS given (seen, year, office_id, finished_on, field_id, teller)
ORDER BY seen
ON CONFLICT (seen) DO NOTHING
"""


def add(given: Iterable[tuple[bytes, Told]]) -> None:
    """Notes what is not there; what is there stays as first told."""
    rows = [
        (seen, year_of(one.dossier), one.office_id, one.finished_on, one.field_id, one.teller.value)
        for seen, one in given
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(ADD, [list(column) for column in zip(*rows, strict=True)])


def _found(seen: Iterable[bytes]) -> dict[bytes, tuple[int, date]]:
    """Office and day of those that are there."""
    rows = ToldDossier.objects.filter(seen__in=list(seen))
    return {
        bytes(key): (office, day)
        for key, office, day in rows.values_list("seen", "office_id", "finished_on")
    }
