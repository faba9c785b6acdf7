"""What the row of a form says besides its answers, kept so that a dump does not say it.

A row with its block and its labels is a set of one: the only tablet form of its night, the only
birth certificate. So a form of a closed month keeps its day and block in clear, and channel, stage,
respondent, marks, procedure and evidence in one number that only our key opens: the proof computes
cells from them, rules of exclusion go on working (decision 0038). The key is in the database,
sealed with the keys of `offices.sealing`, which are not.

    fold(through)            # in the night: finished forms of these days
    opener(office)           # the key, for statements with the expressions below
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
from surveys.models import Channel, Evidence, Hold, LabelKey, Response, State
from surveys.models.standing import CHANNEL_APART, FINISHED, STAGE_APART

log = logging.getLogger("surveys.intake")

# Where each stands in the number: its lowest bit and how many it has. Stored: it never changes.
CHANNEL_BITS = (0, 3)
STAGE_BITS = (3, 2)
RESPONDENT_BITS = (5, 2)
FLAG_BITS = (7, 12)
PROCEDURE_BITS = (19, 20)
# Of the office that resolved the dossier where it was another one, which forms no longer say
# (decision 0042). Nothing else may ever stand here: seals of closed months read these bits.
RESERVED_BITS = (39, 20)
# Evidence and delivery in one: 0 from before they were noted, else 1 to 15.
EVIDENCE_BITS = (59, 4)
CLASSES = Evidence.OPEN.value

# Somebody may send an id of another office again: the pad must be another one there.
OWN = "%(opener)s::bytea || int8send(r.office_id) || uuid_send(r.id)"
PAD = f"('x' || encode(substr(sha256({OWN}), 1, 8), 'hex'))"
# Only where there are labels: the pad costs more than all else that is read of a row.
NUMBER = f"(CASE WHEN r.labels IS NOT NULL THEN r.labels # {PAD}::bit(64)::bigint END)"


def _part(bits: tuple[int, int]) -> str:
    low, width = bits
    return f"({NUMBER} >> {low} & {2**width - 1})"


# Labels of a row `r` of surveys_response, in clear or not; statements need the parameter `opener`.
# What stands in clear is added, so that whoever alters it beside the number is found by a seal.
CHANNEL = f"(r.channel + coalesce({_part(CHANNEL_BITS)}, 0))"
STAGE = f"(r.stage + coalesce({_part(STAGE_BITS)}, 0))"
RESPONDENT = f"(r.respondent + coalesce({_part(RESPONDENT_BITS)}, 0))"
FLAGS = f"(r.flags + coalesce({_part(FLAG_BITS)}, 0))::int"
PROCEDURE = f"nullif(coalesce(r.procedure_id, 0) + coalesce({_part(PROCEDURE_BITS)}, 0), 0)"
# For seals alone: the office, as of everybody who ever came in by a way of ours.
RESOLVED_BY = f"coalesce(nullif({_part(RESERVED_BITS)}, 0), r.office_id)"
PROVED_LEFT = f"(CASE r.evidence WHEN 0 THEN 0 ELSE r.evidence + {CLASSES} * r.delivery END)"
PROVED = f"({PROVED_LEFT} + coalesce({_part(EVIDENCE_BITS)}, 0))"
_BY_CHANNEL = " ".join(f"WHEN {one.value} THEN {one.evidence.value}" for one in Channel)
EVIDENCE = (
    f"(CASE {PROVED} WHEN 0 THEN CASE {CHANNEL} {_BY_CHANNEL} END"
    f" ELSE mod({PROVED} - 1, {CLASSES}) + 1 END)::int"
)
DELIVERY = f"(CASE {PROVED} WHEN 0 THEN 0 ELSE ({PROVED} - 1) / {CLASSES} END)::int"
# Whether the labels can be read at all.
READABLE = "(r.labels IS NULL OR %(opener)s::bytea IS NOT NULL)"

CHANNEL_LEFT = f"(CASE r.channel WHEN {CHANNEL_APART.value} THEN r.channel ELSE 0 END)"
STAGE_LEFT = f"(CASE r.stage WHEN {STAGE_APART.value} THEN r.stage ELSE 0 END)"
PACKED = " | ".join(
    f"(({column})::bigint << {low})"
    for column, (low, _) in (
        (f"(r.channel - {CHANNEL_LEFT})", CHANNEL_BITS),
        (f"(r.stage - {STAGE_LEFT})", STAGE_BITS),
        ("r.respondent", RESPONDENT_BITS),
        ("r.flags", FLAG_BITS),
        ("coalesce(r.procedure_id, 0)", PROCEDURE_BITS),
        (PROVED_LEFT, EVIDENCE_BITS),
    )
)
# Who holds too large a number to be kept stays in clear.
FITS = f"r.flags < {2 ** FLAG_BITS[1]} AND coalesce(r.procedure_id, 0) < {2 ** PROCEDURE_BITS[1]}"

# With a block and without one, for each of which there is an index.
OFFICES = f"""
SELECT office_id FROM surveys_response
WHERE batch IS NOT NULL AND labels IS NULL AND day <= %(through)s
UNION SELECT office_id FROM surveys_response
WHERE batch IS NULL AND {FINISHED} AND labels IS NULL AND day <= %(through)s
ORDER BY 1
"""  # noqa: S608 - constants of ours

# Who stands in no figure by channel or stage goes on saying that one of them. A form that was
# settled may go on as long as it is in no block.
FOLD = f"""
UPDATE surveys_response r SET
    labels = ({PACKED}) # {PAD}::bit(64)::bigint,
    channel = {CHANNEL_LEFT}, stage = {STAGE_LEFT},
    respondent = 0, flags = 0, procedure_id = NULL, evidence = 0, delivery = 0,
    received_on = day, language = '',
    hold = CASE WHEN EXISTS (
        SELECT 1 FROM surveys_hold h WHERE h.id = r.hold AND h.state = '{Hold.State.ACCEPTED.value}'
    ) THEN NULL ELSE hold END,
    state = CASE WHEN batch IS NULL THEN state ELSE {State.FINISHED.value} END
WHERE r.office_id = %(office)s AND r.labels IS NULL AND {FINISHED}
  AND r.day <= %(through)s AND {FITS} AND r.batch IS {{no}} NULL
"""  # noqa: S608 - constants of ours

# Hours and counters of holds are forgotten as those of forms are.
FORGET = """
UPDATE surveys_hold SET hours = '{}', counter_id = NULL
WHERE office_id = %(office)s AND (hours <> '{}' OR counter_id IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM unnest(days) AS one (day) WHERE day > %(through)s)
"""

UNFOLD = f"""
UPDATE surveys_response r SET
    labels = NULL, channel = {CHANNEL}, stage = {STAGE}, respondent = {RESPONDENT},
    flags = {FLAGS}, procedure_id = {PROCEDURE},
    evidence = CASE {PROVED} WHEN 0 THEN 0 ELSE {EVIDENCE} END, delivery = {DELIVERY}
WHERE r.office_id = %(office)s AND r.labels IS NOT NULL
"""  # noqa: S608 - constants of this module

UNFOLDED = f"""
SELECT {PROCEDURE}, {STAGE}, {RESPONDENT} FROM surveys_response r
WHERE r.office_id = %(office)s AND r.id = %(id)s
"""  # noqa: S608 - constants of this module


def fold(through: date, beat: Callable[[], None] = lambda: None) -> int:
    """Folds the labels of all finished forms of days up to `through`; returns of how many.

    through: the last day of a closed month. beat: called before each office. An office at a time,
    each in a transaction and under its locks. Doing it again changes nothing. Raises CannotOpen
    where no key of ours opens labels that were folded before: all the others stay in clear.
    """
    with connection.cursor() as cursor:
        cursor.execute(OFFICES, {"through": through})
        offices = [office for (office,) in cursor.fetchall()]
    folded = 0
    for office in offices:
        beat()
        with transaction.atomic():
            wait_for(Lock.OFFICE_COUNT, office, also=Lock.EXCLUSIONS)
            place = {"opener": ensured(), "office": office, "through": through}
            with connection.cursor() as cursor:
                for no in ("", "NOT"):
                    cursor.execute(FOLD.format(no=no), place)
                    folded += cursor.rowcount
                cursor.execute(FORGET, place)
    return folded


def unfold() -> None:
    """Writes all labels in clear again, for a version that knows no folded ones.

    Languages, days of arrival and who stopped before the end are forgotten for good. An office at a
    time, under its locks; stop the workers before. Raises CannotOpen where no key of ours opens
    them: nothing is changed then.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT office_id FROM surveys_response WHERE labels IS NOT NULL")
        offices = [office for (office,) in cursor.fetchall()]
    for office in offices:
        with transaction.atomic():
            wait_for(Lock.OFFICE_COUNT, office, also=Lock.EXCLUSIONS)
            with connection.cursor() as cursor:
                cursor.execute(UNFOLD, {"opener": opener(office), "office": office})


def opener(office_id: int) -> bytes | None:
    """The key of the labels; None where nothing of this office was folded yet.

    Raises CannotOpen where labels are folded that no key of ours opens: whoever counted on then
    would take everybody for the same.
    """
    kept = LabelKey.objects.first()
    if kept is not None:
        return _opened(kept)
    if Response.objects.filter(office=office_id, labels__isnull=False).exists():
        raise CannotOpen("the key of folded labels is lost: bring it back from a backup")
    return None


def opener_or_none() -> bytes | None:
    """The key for whoever only looks: without it, labels read as if nothing had been said.

    The log says which setting is missing.
    """
    kept = LabelKey.objects.first()
    try:
        return None if kept is None else _opened(kept)
    except CannotOpen as problem:
        log.error("%s", problem)
        return None


def ensured() -> bytes:
    """The key, made where there is none, and sealed with the newest of our keys.

    Raises CannotOpen where it cannot be opened, or labels are folded and it is gone.
    """
    kept = LabelKey.objects.first()
    if kept is None:
        if Response.objects.filter(labels__isnull=False).exists():
            raise CannotOpen("the key of folded labels is lost: bring it back from a backup")
        made = LabelKey(pk=LabelKey.ONLY, sealed=seal(secrets.token_bytes(32)))
        LabelKey.objects.bulk_create([made], ignore_conflicts=True)
        kept = LabelKey.objects.get()
    key = _opened(kept)
    sealed = renewed(bytes(kept.sealed))
    if sealed != bytes(kept.sealed):
        LabelKey.objects.filter(sealed=kept.sealed).update(sealed=sealed)
    return key


def about(office_id: int, response_id: UUID) -> tuple[int | None, int, int]:
    """Procedure, stage and respondent of a response that is stored."""
    place = {"opener": opener_or_none(), "office": office_id, "id": response_id}
    with connection.cursor() as cursor:
        cursor.execute(UNFOLDED, place)
        procedure, stage, respondent = cursor.fetchone()
    return procedure, stage, respondent


def _opened(kept: LabelKey) -> bytes:
    try:
        return unseal(bytes(kept.sealed))
    except CannotOpen:
        raise CannotOpen(
            "the key of folded labels cannot be opened: put the earlier SECRET_KEY into "
            "SECRET_KEY_FALLBACKS, or the earlier key into CONTACT_KEYS"
        ) from None
