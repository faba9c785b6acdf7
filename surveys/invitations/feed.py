"""Finished dossiers one by one, as a portal tells of them: known from now on, counted, invited.

Taken whole or not at all. How many were finished on a day is what was told of it, and takes the
place of what offices told themselves (`offices.dossiers`). A contact is kept for sending only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from offices import directory
from offices.dossiers.portal import NO_OFFICE, NOT_OPEN, NotTaken, Sent, take
from offices.dossiers.store import Stored
from offices.locks import Lock, wait_for
from offices.models import Field, Office
from surveys.invitations.dossier import dossier_code, national_code, year_of
from surveys.invitations.issuing import SENTENCES, NotInvitedReason, is_too_old
from surveys.invitations.told import Told, has_ended, seen_as_known, year_keys
from surveys.invitations.waiting import ToSend, contact_of, wait
from surveys.models import Sending, Stage, Teller, ToldDossier

MOST_AT_ONCE = 1_000

WRONG_FIELDS = _(
    "Some fields are missing or have the wrong shape. Send `dossiers`: a list of at most 1000 "
    "objects with `office`, `dossier`, `finished_on` as 2026-12-31, `stage` as `received` or "
    "`refused` and, where known, `procedure` and `contact`."
)
NO_CONTACT = _("This is neither a mobile number nor an e-mail address. Mend it or leave it out.")
TWICE = _("The same dossier stands in the list twice.")


@dataclass(frozen=True, slots=True)
class Fed:
    """A dossier as it was sent; empty where something is not known."""

    office: str
    dossier: str = field(repr=False)
    finished_on: date
    stage: Stage
    procedure: str = ""
    contact: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Taken:
    """How many dossiers were new, and with how many a contact waits now that did not before.

    counts: what became of the numbers of finished dossiers.
    """

    new: int
    unchanged: int
    contacts: int
    counts: Stored


@dataclass(frozen=True, slots=True)
class _Row:
    """A dossier that is right. procedure: national code, empty where it is not known here."""

    told: Told
    stage: Stage
    procedure: str
    contact: str = field(repr=False)


@transaction.atomic
def take_dossiers(
    fed: Sequence[Fed], content: bytes, name: str, offices: QuerySet[Office]
) -> Taken:
    """Stores what a system tells of, whole or not at all; the same again changes nothing.

    content: the body; name: of the system; offices: those that it reaches. Raises NotTaken.
    """
    today = timezone.localdate()
    known = {office.slug: office for office in offices.filter(slug__in={one.office for one in fed})}
    rows: dict[str, _Row] = {}
    for at, one in enumerate(fed):
        row = _checked(one, at, known.get(one.office), today)
        if row.told.dossier in rows:
            raise NotTaken("twice", TWICE, at)
        rows[row.told.dossier] = row
    # two that tell of one day at once would each count without the other
    wait_for(Lock.DOSSIERS, 0)
    keys = year_keys(row.told for row in rows.values())
    seen = {seen_as_known(keys, row.told): row for row in rows.values()}
    new = _make_known(seen)
    counts = _count(new, list(seen.values()), content, name, offices)
    return Taken(len(new), len(seen) - len(new), _keep_contacts(seen, today), counts)


def _checked(one: Fed, at: int, office: Office | None, today: date) -> _Row:
    if office is None:
        raise NotTaken("office", NO_OFFICE, at)
    code = dossier_code(one.dossier)
    if code is None or year_of(code) > today.year:
        raise NotTaken("dossier", SENTENCES[NotInvitedReason.DOSSIER], at)
    if has_ended(year_of(code), today):
        raise NotTaken("dossier", SENTENCES[NotInvitedReason.OLD_CODE], at)
    if one.finished_on > today or not office.is_open_on(one.finished_on):
        raise NotTaken("finished_on", NOT_OPEN, at)
    national = national_code(one.procedure) if one.procedure else ""
    if national is None:
        raise NotTaken("procedure", SENTENCES[NotInvitedReason.PROCEDURE], at)
    contact = contact_of(one.contact) if one.contact else ""
    if contact is None:
        raise NotTaken("contact", NO_CONTACT, at)
    entry = directory.current().offices_by_id.get(office.pk)
    handled = directory.current().procedure(entry, national) if entry and national else None
    told = Told(
        office.pk, code, one.finished_on, handled.field_id if handled else None, Teller.FEED
    )
    return _Row(told, one.stage, handled.code if handled else "", contact)


# What a link was asked for is told of now. One that another office has stays as first told.
MAKE_KNOWN = """
INSERT INTO surveys_tolddossier AS known (seen, year, office_id, finished_on, field_id, teller)
SELECT *, %(feed)s FROM unnest(
    %(seen)s::bytea[], %(years)s::smallint[], %(offices)s::bigint[], %(days)s::date[],
    %(fields)s::bigint[]
) AS given (seen, year, office_id, finished_on, field_id)
ORDER BY seen
ON CONFLICT (seen) DO UPDATE SET teller = excluded.teller, field_id = excluded.field_id
    WHERE known.teller <> excluded.teller AND known.office_id = excluded.office_id
RETURNING seen, finished_on
"""


def _make_known(seen: Mapping[bytes, _Row]) -> dict[bytes, date]:
    """Which of these nobody fed before, and the day of each as first told."""
    told = [row.told for row in seen.values()]
    given: dict[str, Any] = {  # Any: arrays
        "feed": Teller.FEED.value,
        "seen": list(seen),
        "years": [year_of(one.dossier) for one in told],
        "offices": [one.office_id for one in told],
        "days": [one.finished_on for one in told],
        "fields": [one.field_id for one in told],
    }
    with connection.cursor() as cursor:
        cursor.execute(MAKE_KNOWN, given)
        return {bytes(key): day for key, day in cursor.fetchall()}


def _count(
    new: Mapping[bytes, date],
    rows: Sequence[_Row],
    content: bytes,
    name: str,
    offices: QuerySet[Office],
) -> Stored:
    """Puts how many were told of in the place of the counts of the days that changed."""
    changed = {
        (office, day)
        for office, day in ToldDossier.objects.filter(seen__in=list(new)).values_list(
            "office_id", "finished_on"
        )
    }
    if not changed:
        return Stored(0, 0, 0, 0)
    slugs = dict(
        offices.filter(pk__in={office for office, _day in changed}).values_list("pk", "slug")
    )
    fields = dict(Field.objects.values_list("pk", "slug"))
    cells = (
        ToldDossier.objects.filter(
            teller=Teller.FEED,
            office__in=slugs,
            finished_on__in={day for _office, day in changed},
        )
        .values_list("office_id", "finished_on", "field_id")
        .annotate(finished=Count("seen"))
    )
    sent = [
        Sent(slugs[office], day, fields.get(of, ""), finished)
        for office, day, of, finished in cells
        if (office, day) in changed
    ]
    try:
        return take(sent, content, name, offices)
    except NotTaken as refused:
        day = sent[refused.row or 0].day
        at = [n for n, row in enumerate(rows) if row.told.finished_on == day]
        raise NotTaken(refused.word, refused.sentence, at[0] if at else None) from None


def _keep_contacts(seen: Mapping[bytes, _Row], today: date) -> int:
    """Keeps contacts of dossiers that may be invited; with how many one waits now."""
    days = {
        bytes(key): day
        for key, office, day in ToldDossier.objects.filter(
            seen__in=[key for key, row in seen.items() if row.contact],
            teller=Teller.FEED,
            sending=Sending.NOWHERE,
        ).values_list("seen", "office_id", "finished_on")
        if office == seen[bytes(key)].told.office_id and not is_too_old(day, today)
    }
    kept = {
        key: ToSend(
            row.told.office_id,
            row.told.dossier,
            days[key],
            row.stage,
            row.procedure,
            row.contact,
        )
        for key, row in seen.items()
        if key in days
    }
    return wait(kept) if kept else 0
