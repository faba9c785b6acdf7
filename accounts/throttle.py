"""Slows down whoever guesses, and nobody else.

Wrong attempts are counted for an account and a device that has signed in there before; everywhere
else for the account, all unknown devices together, and for the address. After some of them each
further one makes the next wait: a second, two, four, up to a quarter of an hour. Nothing is ever
locked: a stranger's attempts delay no device that has signed in before
(docs/decisions/0027-slowed-down-not-locked-out.md).

    attempt = begin(request, Kind.PASSWORD, user)
    if attempt.wait: return too_soon(request, attempt)
    …; attempt.failed() or attempt.succeeded()
"""

import math
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import connection
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import Bucket, Device
from accounts.sealing import hashed
from accounts.sources import actor_of, browser_of, network_of
from audit.actors import source_of
from audit.recording import Outcome, record
from offices.letters import composed
from offices.models import User

# So many wrong ones cost nothing; people mistype. Many people share the address of an office.
FREE_OF_ACCOUNT = 5
FREE_OF_SOURCE = 20
LONGEST = timedelta(minutes=15)
# Whoever has been quiet for so long begins anew.
FORGOTTEN = timedelta(days=1)
# Until when nobody has to wait. Never the moment of an attempt: whose clock was read a moment
# before would have to.
AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
DEVICE_AGE = timedelta(days=400)  # browsers keep no cookie longer
TOO_MANY_KEYS = _(
    "Too many wrong keys came from this address. Correct the key, and wait as long as the header "
    "Retry-After says."
)
SIGNER = Signer(salt="accounts.device")


class Kind(StrEnum):
    """What is tried. Each has its own count."""

    PASSWORD = "password"  # noqa: S105  # nosec B105 -- a word
    CODE = "code"
    MAIL = "mail"
    KEY = "key"  # of another system
    EMERGENCY = "emergency"  # the code from the envelope
    PROVIDER = "provider"  # what the province's identity provider says


# Counted by address alone. Nobody guesses what is tried there, and whoever tries in vain must not
# keep the one who has it waiting.
OF_SOURCE = (Kind.KEY, Kind.EMERGENCY, Kind.PROVIDER)


@dataclass(slots=True)
class Attempt:
    """An attempt that is counted as failed until it has succeeded.

    wait: seconds until it may be made, 0 if now. user: whose account, None if there is none.
    """

    request: HttpRequest
    kind: Kind
    user: User | None = None
    wait: int = 0
    own: str = ""  # the bucket of a device that has signed in before, or of a one-time link
    taken: list[str] = field(default_factory=list)

    def succeeded(self) -> None:
        """It was the right one: it is not counted, and a known device begins anew."""
        if self.own:
            Bucket.objects.filter(key=self.own).delete()
        elif self.taken:
            # what others tried in vain stays counted
            Bucket.objects.filter(key__in=self.taken, failures__gt=0).update(
                failures=F("failures") - 1, until=AT_ONCE
            )

    def failed(self, action: str = "signin.failed") -> None:
        """It was wrong: an entry of the audit says so."""
        self._record(action, Outcome.FAILED)

    def _record(self, action: str, outcome: Outcome) -> None:
        # an unknown name is not written down: it may be a password in the wrong field
        record(
            action,
            subject=self.user.username if self.user else "",
            details={"what": self.kind.value, "account": "known" if self.user else "unknown"},
            outcome=outcome,
            by=actor_of(self.request, self.user),
            apart=True,
        )


# Counts one attempt unless one has to wait. Whoever comes at the same moment waits for the row.
TAKE = """
INSERT INTO accounts_bucket AS bucket (key, failures, until, last_at, was_told)
VALUES (%(key)s, 1, %(at_once)s, %(now)s, false)
ON CONFLICT (key) DO UPDATE SET
  failures = CASE WHEN bucket.last_at < %(since)s THEN 1 ELSE bucket.failures + 1 END,
  until = CASE
    WHEN bucket.last_at < %(since)s OR bucket.failures + 1 < %(free)s THEN %(at_once)s
    ELSE %(now)s + make_interval(
      secs => least(%(longest)s, power(2, least(bucket.failures + 1 - %(free)s, 20)))
    ) END,
  last_at = %(now)s,
  was_told = false
WHERE bucket.until <= %(now)s
RETURNING failures
"""


def begin(
    request: HttpRequest, kind: Kind, user: User | None = None, name: str = "", link: str = ""
) -> Attempt:
    """An attempt, counted unless it has to wait. name: what was typed where there is no account.

    link: what is stored of the one-time link that is shown with it. Whoever has one waits for what
    was tried with it, and for no stranger.

    A name that nobody has is counted as that of an account is: else whoever tries a name in small
    letters after capital ones learns by the delay whether there is such an account.
    """
    attempt = Attempt(request, kind, user)
    account = f"{kind} account {_folded(user.username if user else name)}"
    source = f"{kind} source {network_of(source_of(request))}"
    device = _known_device(request, user) if user else None
    if link:
        attempt.own = _key(f"{kind} link {link}")
        buckets = [(attempt.own, FREE_OF_ACCOUNT)]
    elif device is not None:
        attempt.own = _key(f"{account} device {device.pk}")
        buckets = [(attempt.own, FREE_OF_ACCOUNT)]
    elif kind in OF_SOURCE:
        buckets = [(_key(source), FREE_OF_SOURCE)]
    else:
        buckets = [(_key(source), FREE_OF_SOURCE), (_key(account), FREE_OF_ACCOUNT)]
    for key, free in buckets:
        if not _take(key, free):
            _wait(attempt, key)
            return attempt
        attempt.taken.append(key)
    return attempt


def _folded(name: str) -> str:
    """The same for all ways of writing a name: capitals, composed or not, the letters of others."""
    return composed(name.upper().casefold(), "NFKC")


def _key(counted: str) -> str:
    """Under which name a count stands: with the secret, so that a dump tells no address or name."""
    return salted_hmac("counts of attempts", counted, algorithm="sha256").hexdigest()


def _take(key: str, free: int) -> bool:
    now = timezone.now()
    values: dict[str, str | int | float | datetime] = {
        "key": key,
        "free": free,
        "now": now,
        "at_once": AT_ONCE,
        "since": now - FORGOTTEN,
        "longest": LONGEST.total_seconds(),
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        return cursor.fetchone() is not None


def _wait(attempt: Attempt, key: str) -> None:
    """Gives back what was taken, and says once for each wait that somebody came too soon."""
    now = timezone.now()
    if attempt.taken:
        taken = Bucket.objects.filter(key__in=attempt.taken, failures__gt=0)
        taken.update(failures=F("failures") - 1, until=AT_ONCE)
    bucket = Bucket.objects.filter(key=key).first()
    left = (bucket.until - now).total_seconds() if bucket else 0
    attempt.wait = max(1, math.ceil(left))
    if Bucket.objects.filter(key=key, was_told=False).update(was_told=True):
        attempt._record("signin.delayed", Outcome.REFUSED)


def _device_token(request: HttpRequest) -> str | None:
    try:
        return SIGNER.unsign(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""))
    except BadSignature:
        return None


def _known_device(request: HttpRequest, user: User) -> Device | None:
    token = _device_token(request)
    if token is None:
        return None
    return Device.objects.filter(user=user, key_hash=hashed(token)).first()


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> bool:
    """Lets the browser show from now on that the account has signed in there; whether it is new."""
    token, now = _device_token(request) or secrets.token_urlsafe(32), timezone.now()
    _device, is_new = Device.objects.update_or_create(
        user=user,
        key_hash=hashed(token),
        defaults={"last_at": now, "browser": browser_of(request)},
        create_defaults={"first_at": now, "last_at": now, "browser": browser_of(request)},
    )
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        SIGNER.sign(token),
        max_age=DEVICE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return is_new


def forget_devices(user: User, but: HttpRequest | None = None) -> None:
    """Lets no browser count as known any more. but: the one that sends this request."""
    token = _device_token(but) if but else None
    Device.objects.filter(user=user).exclude(key_hash=hashed(token or "")).delete()


def forget_attempts() -> int:
    """Deletes what nobody has tried for a day, and devices that are as old as their cookie."""
    now = timezone.now()
    Device.objects.filter(last_at__lt=now - DEVICE_AGE).delete()
    return Bucket.objects.filter(last_at__lt=now - FORGOTTEN).delete()[0]
