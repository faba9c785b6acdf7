"""Making links for dossiers that are finished or refused, and counting for how many.

What is asked for is checked first (`checked`), then made (`issue`): the same dossier gives the same
link, whatever day is claimed. The dossier's code goes no further than this: it is neither stored
nor logged.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from offices import directory
from offices.directory import OfficeEntry
from surveys.invitations import ledger, token
from surveys.invitations.dossier import dossier_code, national_code, year_of
from surveys.invitations.keys import key_folder
from surveys.invitations.told import Told, first_told, has_ended
from surveys.models import Channel, DestroyedKey, Evidence, Stage, Teller


class NotInvitedReason(Enum):
    """Why no link can be made."""

    DOSSIER = "dossier"
    OLD_CODE = "old_code"
    PROCEDURE = "procedure"
    TO_COME = "to_come"
    TOO_OLD = "too_old"
    STAGE = "stage"
    ENDED_OFFICE = "closed_office"


# What to do about it. None of them repeats what was sent.
SENTENCES: Mapping[NotInvitedReason, Promise] = {
    NotInvitedReason.DOSSIER: _(
        "This is no dossier code. Write it as on the receipt slip, for example "
        "H15.50.05.13-261008-0975."
    ),
    NotInvitedReason.OLD_CODE: _(
        "The code is of a year that ended more than two years ago. Leave this dossier out."
    ),
    NotInvitedReason.PROCEDURE: _(
        "This is no procedure code. Write the national code, for example 1.001193, with or without "
        "the suffix of the province, or leave it out."
    ),
    NotInvitedReason.TO_COME: _(
        "The day is still to come. Ask when the dossier is finished or refused."
    ),
    NotInvitedReason.TOO_OLD: _(
        "The dossier was finished too long ago for an invitation. Invite soon after the result."
    ),
    NotInvitedReason.STAGE: _(
        "Write `received` where the result is ready, `refused` where it was refused."
    ),
    NotInvitedReason.ENDED_OFFICE: _(
        "This office no longer serves citizens, or does not yet. Name the office that does."
    ),
}


class NotInvited(Exception):
    """No link can be made; `reason` says why, without a word of what was sent.

    at: for which one of several, from 0.
    """

    def __init__(self, reason: NotInvitedReason, at: int = 0) -> None:
        super().__init__(reason.value)
        self.reason, self.at = reason, at


@dataclass(frozen=True, slots=True)
class Wish:
    """A link to be made, checked. procedure: national code, empty where none is told or known.

    evidence: what the link proves if a system with a key told of the dossier, now or before; else
    it proves nothing.
    """

    office: OfficeEntry
    dossier: str = field(repr=False)
    finished_on: date
    stage: Stage
    procedure: str
    field_id: int | None
    channel: Channel
    evidence: Evidence
    teller: Teller


@dataclass(frozen=True, slots=True)
class Issued:
    """A link: its path on this server and its last day. known: a system with a key told of it."""

    path: str = field(repr=False)
    expires_on: date
    procedure: str
    known: bool


def checked(
    office: OfficeEntry,
    *,
    dossier: str,
    finished_on: date,
    stage: Stage | None,
    procedure: str = "",
    channel: Channel = Channel.INVITATION,
    evidence: Evidence = Evidence.SLIP,
    teller: Teller = Teller.OFFICE,
    today: date | None = None,
) -> Wish:
    """What is asked for, put right. Raises NotInvited.

    dossier, procedure: as somebody wrote them. A procedure that this office does not handle, as far
    as we know, is left out: new ones come every week, and the person is asked instead.
    """
    on = today or timezone.localdate()
    code = dossier_code(dossier)
    if code is None or year_of(code) > on.year:
        raise NotInvited(NotInvitedReason.DOSSIER)
    if has_ended(year_of(code), on):
        raise NotInvited(NotInvitedReason.OLD_CODE)
    national = national_code(procedure) if procedure else ""
    if national is None:
        raise NotInvited(NotInvitedReason.PROCEDURE)
    if stage not in token.STAGES:
        raise NotInvited(NotInvitedReason.STAGE)
    if finished_on > on:
        raise NotInvited(NotInvitedReason.TO_COME)
    if is_too_old(finished_on, on):
        raise NotInvited(NotInvitedReason.TOO_OLD)
    if not office.is_open_on(on):
        raise NotInvited(NotInvitedReason.ENDED_OFFICE)
    known = directory.current().procedure(office, national) if national else None
    return Wish(
        office=office,
        dossier=code,
        finished_on=finished_on,
        stage=stage,
        procedure=known.code if known else "",
        field_id=known.field_id if known else None,
        channel=channel,
        evidence=evidence,
        teller=teller,
    )


def is_too_old(finished_on: date, today: date) -> bool:
    """Whether dossiers of this day have no links any more."""
    return finished_on < today - timedelta(days=settings.INVITATION_DAYS)


@transaction.atomic
def issue(wishes: Sequence[Wish], today: date | None = None) -> list[Issued]:
    """The links, in order; a dossier that was asked for before gets the same link again.

    They are of the day that was told first, whichever is told now. Raises NotInvited(TOO_OLD), and
    makes none, where that day is too long ago; Exposed or OSError where the keys' folder cannot be
    used.
    """
    first = first_told(
        [
            Told(wish.office.id, wish.dossier, wish.finished_on, wish.field_id, wish.teller)
            for wish in wishes
        ]
    )
    days = {one.finished_on for one in first}
    # A key that was destroyed is never made again: its dossiers would get a second link.
    gone = set(DestroyedKey.objects.filter(day__in=days).values_list("day", flat=True))
    on = today or timezone.localdate()
    for at, one in enumerate(first):
        if one.finished_on in gone or is_too_old(one.finished_on, on):
            raise NotInvited(NotInvitedReason.TOO_OLD, at)
    folder = key_folder()
    keys = {day: folder.ensured(day) for day in days}
    issued = []
    noted: dict[tuple[date, int], list[tuple[bytes, int | None]]] = defaultdict(list)
    for wish, one in zip(wishes, first, strict=True):
        day, key, office = one.finished_on, keys[one.finished_on], wish.office.id
        dossier = token.dossier_hash(key, office, wish.dossier)
        noted[day, office].append((dossier, wish.field_id))
        evidence = wish.evidence if one.known else Evidence.OPEN
        packed = token.pack(
            key, day, office, dossier, wish.procedure, wish.stage, wish.channel, evidence
        )
        path = reverse("invited", args=[packed])
        issued.append(Issued(path, token.expires_on(day), wish.procedure, one.known))
    for (day, office), dossiers in noted.items():
        # All cells of the day and office: what a crash kept from being counted is counted now.
        counts = ledger.note(folder.of_day(day), office, dossiers)
        _count(office, day, counts.items())
    return issued


# The ledger says how many there are, so a process that is overtaken must not lower the number.
COUNT = """
INSERT INTO surveys_invitationcount AS known (office_id, day, field_id, issued)
SELECT %s, %s, * FROM unnest(%s::bigint[], %s::int[])
ON CONFLICT (office_id, day, field_id) DO UPDATE
    SET issued = greatest(known.issued, excluded.issued)
    WHERE known.issued < excluded.issued
"""


def _count(office: int, day: date, counts: Iterable[tuple[int, int]]) -> None:
    ordered = sorted(counts)
    fields = [field or None for field, _ in ordered]
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [office, day, fields, [issued for _, issued in ordered]])
