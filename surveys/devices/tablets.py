"""Tablets on counters: consent from above, pairing with a code, the secret they keep, what they
tell, revoking.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from audit.recording import record
from offices.models import Proposal
from surveys.models import Tablet

# No 0, 1, I, O: they are read for each other.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LETTERS = 8  # 40 bits, and at most 600 tries a minute for a quarter of an hour
GROUP = 4
CODE_LIVES = timedelta(minutes=15)
# What a tablet tells of itself is kept no finer than this.
GRAIN = timedelta(minutes=5)
# They tell it every five minutes; after so long one asks what is wrong.
QUIET = timedelta(hours=1)
LONGEST_SECRET = 64
FARTHEST = 2**31 - 1  # minutes that the database can hold
SALT = "surveys.tablets.code"


TOLD = ("heard_at", "waiting", "skew_minutes", "battery", "charging", "waits_long")
FULL = 100  # percent
WEAK = 20  # below it somebody plugs it in


@dataclass(frozen=True, slots=True)
class Condition:
    """What a tablet may tell besides: its battery in percent, whether it charges, whether an answer
    of the day before yesterday or earlier waits on it. None is what it does not tell.
    """

    battery: int | None = None
    charging: bool | None = None
    waits_long: bool | None = None


NOTHING_TOLD = Condition()


@dataclass(frozen=True, slots=True)
class Paired:
    """A tablet that has just been paired, and the secret that only it knows from now on."""

    tablet: Tablet
    secret: str


@transaction.atomic
def admit(consent: Proposal, counter_id: int | None, name: str, form: str) -> Tablet:
    """A new tablet of the proposal's office, to which the unit above consents. Not yet paired."""
    assert consent.office_id is not None  # noqa: S101 - tablets stand in offices
    tablet = Tablet.objects.create(
        office_id=consent.office_id,
        counter_id=counter_id,
        name=name,
        form=form,
        consent=consent,
    )
    _record("tablet.consented", tablet, proposal=consent.pk)
    return tablet


@transaction.atomic
def make_code(tablet: Tablet) -> str | None:
    """A new code to type on the tablet, such as `ABCD-2345`; an earlier one ends.

    None for one that is paired or revoked already, and without consent from above.
    """
    letters = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS))
    made = Tablet.objects.filter(
        pk=tablet.pk, consent__isnull=False, secret=None, revoked_on=None
    ).update(code=_keyed(letters), code_until=timezone.now() + CODE_LIVES)
    if not made:
        return None
    _record("tablet.invited", tablet)
    return "-".join(letters[at : at + GROUP] for at in range(0, CODE_LETTERS, GROUP))


def letters_of(typed: str) -> str:
    """The letters of a code as it was typed; capitals, blanks and dashes do not matter."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())[: 2 * CODE_LETTERS]


@transaction.atomic
def pair(
    typed: str, now: datetime | None = None, *, public_key: bytes | None = None
) -> Paired | None:
    """Pairs the tablet on which this code was typed; None for an unknown, used or old code.

    public_key: of the key with which it will sign (`delivery.signatures`); None where its browser
    has none. Of two that type one code at once, one is paired: the row count decides.
    """
    moment = timezone.localtime(now)
    code = _keyed(letters_of(typed))
    secret = secrets.token_urlsafe(32)
    won = Tablet.objects.filter(
        code=code, code_until__gte=moment, secret=None, revoked_on=None
    ).update(
        code=None,
        code_until=None,
        secret=_hashed(secret),
        public_key=public_key,
        paired_on=moment.date(),
    )
    if not won:
        return None
    tablet = Tablet.objects.select_related("office").get(secret=_hashed(secret))
    _record("tablet.paired", tablet)
    return Paired(tablet, secret)


def tablet_of(secret: str) -> Tablet | None:
    """The tablet that keeps this secret, revoked or not."""
    if not secret or len(secret) > LONGEST_SECRET:
        return None
    return Tablet.objects.filter(secret=_hashed(secret)).first()


def hear(
    tablet: Tablet,
    waiting: int,
    skew: timedelta,
    now: datetime | None = None,
    *,
    condition: Condition = NOTHING_TOLD,
) -> None:
    """Notes what a tablet tells of itself: how many answers wait on it, how far its clock is off.

    skew: how far its clock is ahead of ours. condition: takes the place of what it told before.
    """
    moment = timezone.localtime(now)
    grain = GRAIN.total_seconds()
    tablet.heard_at = datetime.fromtimestamp(
        moment.timestamp() // grain * grain, tz=timezone.get_current_timezone()
    )
    tablet.waiting = waiting
    minutes = round(skew.total_seconds() / 60)
    tablet.skew_minutes = max(-FARTHEST, min(minutes, FARTHEST))
    tablet.battery, tablet.charging = condition.battery, condition.charging
    tablet.waits_long = condition.waits_long
    tablet.save(update_fields=list(TOLD))


def is_weak(tablet: Tablet) -> bool:
    """Whether its battery was nearly empty when it was heard, and nothing charged it."""
    return tablet.battery is not None and tablet.battery < WEAK and tablet.charging is False


@transaction.atomic
def revoke(tablet: Tablet) -> None:
    """From now on nothing comes from this tablet directly; what waits on it may be imported."""
    revoked = Tablet.objects.filter(pk=tablet.pk, revoked_on=None).update(
        revoked_on=timezone.localdate(), code=None, code_until=None
    )
    if revoked:
        _record("tablet.revoked", tablet)


def _record(action: str, tablet: Tablet, **more: int) -> None:
    # nobody is named who pairs: the code is typed where citizens answer later
    record(
        action,
        subject=tablet.name,
        office_id=tablet.office_id,
        details={"tablet": tablet.pk, "counter": tablet.counter_id, **more},
    )


def _keyed(letters: str) -> bytes:
    return salted_hmac(SALT, letters, algorithm="sha256").digest()


def _hashed(secret: str) -> bytes:
    # 256 random bits: nothing slower is needed
    return hashlib.sha256(secret.encode()).digest()
