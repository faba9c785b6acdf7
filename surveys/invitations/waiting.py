"""Dossiers whose contact waits for a message: sealed, for sending only, and not for long.

Contact and code are encrypted with keys outside the database, as contacts of remarks are, so that
no backup tells whose dossier is whose.
"""

import hmac
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from offices.sealing import seal, unseal
from surveys.invitations.keys import key_folder
from surveys.invitations.messages import is_mail, number_of
from surveys.models import Sending, Stage, ToldDossier, WaitingInvitation

# Of one contact in one day; whoever has more writes for others, or has put in an own number.
MOST_OF_A_CONTACT = 3
HASH_BYTES = 8
# All have one length, so that it does not tell a telephone number from an address.
PADDED = 512
LONGEST_CONTACT = 120


@dataclass(frozen=True, slots=True)
class ToSend:
    """What a message needs. procedure: national code, empty where it is not known here.

    is_told: whether the outcome was said; else the stage is only what the link is made with.
    """

    office_id: int
    dossier: str = field(repr=False)
    finished_on: date
    stage: Stage
    procedure: str
    contact: str = field(repr=False)
    is_told: bool = True

    @property
    def outcome(self) -> Stage | None:
        """How the dossier ended, None where it was not told."""
        return self.stage if self.is_told else None

    def sealed(self) -> bytes:
        """Everything but the office, encrypted."""
        said = {
            "dossier": self.dossier,
            "finished_on": self.finished_on.isoformat(),
            "stage": self.stage.value,
            "procedure": self.procedure,
            "contact": self.contact,
            "is_told": self.is_told,
        }
        return seal(json.dumps(said).encode().ljust(PADDED))


def opened(office_id: int, sealed: bytes) -> ToSend:
    """What was sealed. Raises offices.sealing.CannotOpen."""
    said = json.loads(unseal(sealed))
    return ToSend(
        office_id,
        said["dossier"],
        date.fromisoformat(said["finished_on"]),
        Stage(said["stage"]),
        said["procedure"],
        said["contact"],
        said.get("is_told", True),  # sealed before lists were sent by workers
    )


def contact_of(written: str) -> str | None:
    """A contact in its one form; None if it is neither a mobile number nor an address."""
    text = written.strip()
    if len(text) > LONGEST_CONTACT:
        return None
    return number_of(text) or (text if is_mail(text) else None)


# A dossier whose contact was told once waits no second time, whatever became of the message.
WAIT = """
WITH given AS (
    SELECT * FROM unnest(%(seen)s::bytea[], %(sealed)s::bytea[], %(hashes)s::bytea[],
        %(many)s::bool[], %(ends)s::date[]) AS row (seen, sealed, hash, many, ends)
), first AS (
    UPDATE surveys_tolddossier AS told SET sending = %(waiting)s FROM given
    WHERE told.seen = given.seen AND told.sending = %(nowhere)s
    RETURNING told.seen, told.office_id
)
INSERT INTO surveys_waitinginvitation
    (seen, office_id, sealed, contact_hash, is_one_of_many, failure, delete_on)
SELECT seen, first.office_id, sealed, hash, many, '', ends
FROM first JOIN given USING (seen) ORDER BY seen
"""


def wait(given: Mapping[bytes, ToSend]) -> int:
    """Keeps the contacts of known dossiers, by their `seen`; with how many one waits now.

    To be called under Lock.DOSSIERS, so that dossiers of one contact are counted together.
    """
    key = key_folder().ensured(timezone.localdate())
    hashes = {seen: _contact_hash(key, one.contact) for seen, one in given.items()}
    before = WaitingInvitation.objects.filter(contact_hash__in=set(hashes.values()))
    of_contact = Counter(
        {
            bytes(known): times
            for known, times in before.values_list("contact_hash").annotate(times=Count("seen"))
        }
    )
    many = []
    for known in hashes.values():
        of_contact[known] += 1
        many.append(of_contact[known] > MOST_OF_A_CONTACT)
    days = timedelta(days=settings.INVITATION_DAYS + 1)
    with connection.cursor() as cursor:
        cursor.execute(
            WAIT,
            {
                "seen": list(given),
                "sealed": [one.sealed() for one in given.values()],
                "hashes": list(hashes.values()),
                "many": many,
                "ends": [one.finished_on + days for one in given.values()],
                "nowhere": Sending.NOWHERE.value,
                "waiting": Sending.WAITING.value,
            },
        )
        return int(cursor.rowcount)


def _contact_hash(key: bytes, contact: str) -> bytes:
    return hmac.new(key, b"contact\0" + contact.casefold().encode(), sha256).digest()[:HASH_BYTES]


def delete_ended(today: date | None = None) -> int:
    """Deletes contacts that nobody writes to any more, and what is left of those sent; how many.

    Until the night the hash of a contact that is gone lets more dossiers of it be noticed. To be
    called when no messages go out.
    """
    on = today or timezone.localdate()
    ended = WaitingInvitation.objects.filter(delete_on__lte=on)
    over = ToldDossier.objects.filter(sending__in=(Sending.SENT, Sending.TAKEN))
    sent = WaitingInvitation.objects.filter(seen__in=over.values("seen"))
    return ended.delete()[0] + sent.delete()[0]
