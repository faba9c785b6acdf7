"""What the row of a form says besides its answers, kept so that a dump does not say it.

A row with its block and its labels is a set of one: the only tablet form of its night, the only
birth certificate. So a form that stands in a block of a closed month keeps the block in clear, and
channel, stage, respondent, marks, procedure and authority in one number that only our key opens:
the proof computes cells from them, rules of exclusion go on working (decision 0038). The key is in
the database, sealed with the keys of `offices.sealing`, which are not.

    fold(through)            # in the night: whoever is in a block of these days
    opener()                 # the key, for statements with the expressions below
    unfold()                 # before going back to a version that knows nothing of this
"""

import logging
import secrets
from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.db import connection, transaction

from offices.locks import Lock, wait_for
from offices.sealing import CannotOpen, renewed, seal, unseal
from surveys.models import LabelKey, State

log = logging.getLogger("surveys.intake")

# Where each stands in the number: its lowest bit and how many it has. Stored: it never changes, and
# there is room from bit 59 to 62.
CHANNEL_BITS = (0, 3)
STAGE_BITS = (3, 2)
RESPONDENT_BITS = (5, 2)
FLAG_BITS = (7, 12)
PROCEDURE_BITS = (19, 20)
AUTHORITY_BITS = (39, 20)

PAD = "('x' || encode(substr(sha256(%(opener)s::bytea || uuid_send(r.id)), 1, 8), 'hex'))"
NUMBER = f"(r.labels # {PAD}::bit(64)::bigint)"


def _part(bits: tuple[int, int]) -> str:
    low, width = bits
    return f"({NUMBER} >> {low} & {2**width - 1})"


# Labels of a row `r` of surveys_response, in clear or not; statements need the parameter `opener`.
# What stands in clear is added, so that whoever alters it beside the number is found by a seal.
CHANNEL = f"(r.channel + coalesce({_part(CHANNEL_BITS)}, 0))"
STAGE = f"(r.stage + coalesce({_part(STAGE_BITS)}, 0))"
RESPONDENT = f"(r.respondent + coalesce({_part(RESPONDENT_BITS)}, 0))"
FLAGS = f"(r.flags + coalesce({_part(FLAG_BITS)}, 0))::int"
PROCEDURE = f"coalesce(r.procedure_id, nullif({_part(PROCEDURE_BITS)}, 0))"
AUTHORITY = (
    f"coalesce(nullif(r.authority_id, r.office_id), nullif({_part(AUTHORITY_BITS)}, 0),"
    " r.office_id)"
)
# Whether the labels can be read at all.
READABLE = "(r.labels IS NULL OR %(opener)s::bytea IS NOT NULL)"

PACKED = " | ".join(
    f"(({column})::bigint << {low})"
    for column, (low, _) in (
        ("r.channel", CHANNEL_BITS),
        ("r.stage", STAGE_BITS),
        ("r.respondent", RESPONDENT_BITS),
        ("r.flags", FLAG_BITS),
        ("coalesce(r.procedure_id, 0)", PROCEDURE_BITS),
        ("coalesce(nullif(r.authority_id, r.office_id), 0)", AUTHORITY_BITS),
    )
)
# Who holds too large a number to be kept stays in clear.
FITS = (
    f"r.flags < {2 ** FLAG_BITS[1]} AND coalesce(r.procedure_id, 0) < {2 ** PROCEDURE_BITS[1]}"
    f" AND r.authority_id < {2 ** AUTHORITY_BITS[1]}"
)

OFFICES = """
SELECT DISTINCT office_id FROM surveys_response
WHERE batch IS NOT NULL AND labels IS NULL AND day <= %s ORDER BY 1
"""

FOLD = f"""
UPDATE surveys_response r SET
    labels = ({PACKED}) # {PAD}::bit(64)::bigint,
    channel = 0, stage = 0, respondent = 0, flags = 0, procedure_id = NULL,
    authority_id = office_id, received_on = day, language = '', state = {State.FINISHED.value}
WHERE r.office_id = %(office)s AND r.batch IS NOT NULL AND r.labels IS NULL
  AND r.day <= %(through)s AND {FITS}
"""  # noqa: S608 - constants of this module

UNFOLD = f"""
UPDATE surveys_response r SET
    labels = NULL, channel = {CHANNEL}, stage = {STAGE}, respondent = {RESPONDENT},
    flags = {FLAGS}, procedure_id = {PROCEDURE}, authority_id = {AUTHORITY}
WHERE r.office_id = %(office)s AND r.labels IS NOT NULL
"""  # noqa: S608 - constants of this module

UNFOLDED = f"""
SELECT {PROCEDURE}, {AUTHORITY}, {STAGE}, {RESPONDENT} FROM surveys_response r
WHERE r.office_id = %(office)s AND r.id = %(id)s
"""  # noqa: S608 - constants of this module


def fold(through: date, beat: Callable[[], None] = lambda: None) -> int:
    """Folds the labels of whoever stands in a block of a day up to `through`; returns of how many.

    through: the last day of a closed month. beat: called before each office. An office at a time,
    each in a transaction and under its locks. Doing it again changes nothing. Where the key cannot
    be opened all stays in clear, and the log says so.
    """
    with connection.cursor() as cursor:
        cursor.execute(OFFICES, [through])
        offices = [office for (office,) in cursor.fetchall()]
    if not offices:
        return 0
    key = _ensured()
    if key is None:
        return 0
    folded = 0
    for office in offices:
        beat()
        with transaction.atomic():
            wait_for(Lock.OFFICE_COUNT, office, also=Lock.EXCLUSIONS)
            with connection.cursor() as cursor:
                cursor.execute(FOLD, {"opener": key, "office": office, "through": through})
                folded += cursor.rowcount
    return folded


def unfold() -> None:
    """Writes all labels in clear again, for a version that knows no folded ones.

    Languages, days of arrival and who stopped before the end are forgotten for good. An office at a
    time. Raises CannotOpen where no key of ours opens them: nothing is changed then.
    """
    key = opener()
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT office_id FROM surveys_response WHERE labels IS NOT NULL")
        offices = [office for (office,) in cursor.fetchall()]
        if offices and key is None:
            raise CannotOpen
        for office in offices:
            cursor.execute(UNFOLD, {"opener": key, "office": office})


def opener() -> bytes | None:
    """The key of the labels; None where nothing was folded yet, or no key of ours opens it.

    Then folded labels read as if nothing had been said.
    """
    kept = LabelKey.objects.first()
    if kept is None:
        return None
    try:
        return unseal(bytes(kept.sealed))
    except CannotOpen:
        log.error(
            "the key of folded labels cannot be opened: put the earlier SECRET_KEY into "
            "SECRET_KEY_FALLBACKS, or the earlier key into CONTACT_KEYS"
        )
        return None


def about(office_id: int, response_id: UUID) -> tuple[int | None, int, int, int]:
    """Procedure, authority, stage and respondent of a response that is stored."""
    place = {"opener": opener(), "office": office_id, "id": response_id}
    with connection.cursor() as cursor:
        cursor.execute(UNFOLDED, place)
        procedure, authority, stage, respondent = cursor.fetchone()
    return procedure, authority, stage, respondent


def _ensured() -> bytes | None:
    """The key, made where there is none, and sealed with the newest of our keys."""
    LabelKey.objects.bulk_create(
        [LabelKey(pk=LabelKey.ONLY, sealed=seal(secrets.token_bytes(32)))], ignore_conflicts=True
    )
    key = opener()
    if key is not None:
        kept = LabelKey.objects.get()
        sealed = renewed(bytes(kept.sealed))
        LabelKey.objects.filter(sealed=kept.sealed).exclude(sealed=sealed).update(sealed=sealed)
    return key
