"""How often things may be done, without knowing by whom: nobody's address is looked at or kept.

Codes may be tried so often in a minute by everybody, and so often with one beginning. One form may
be sent so often in a minute. Where far more forms come from a tablet or for an office than people
can fill in, they are taken and flagged. Where Redis cannot be asked, everybody may go on: decision
0012. What it counts has names that say nothing and ends with its window.
"""

import logging
import time
from collections.abc import Mapping
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

WINDOW = 60  # seconds
TRIES_BY_ALL = 600
TRIES_BY_BEGINNING = 20
# Letters of the code, 15 bits: one in 32,768 beginnings says nothing about whose code it is.
BEGINNING = 3
# A person taps once a second at most; each tap may be tried again.
SENDINGS = 120
# Forms finished in ten minutes: above, no crowd of people explains them.
SURGE_WINDOW = 600
FORMS_OF_A_TABLET = 60
FORMS_OF_AN_OFFICE = 300
# A citizen does not wait longer than this for the answer whether they may go on, and when Redis
# did not answer, nobody waits again for a while.
PATIENCE = 0.25
REST = 10.0


@lru_cache(maxsize=2)
def _redis(url: str) -> Redis:
    # Celery's word for a socket is not that of the library.
    plain = url.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
    return Redis.from_url(plain, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)


class _Rest:
    """Until when a Redis that did not answer is left alone, by its address."""

    def __init__(self) -> None:
        self.until: dict[str, float] = {}

    def resting(self, url: str) -> bool:
        return time.monotonic() < self.until.get(url, 0.0)

    def begin(self, url: str) -> None:
        self.until[url] = time.monotonic() + REST


_rest = _Rest()


def _within(limits: Mapping[str, int], seconds: int, now: float | None) -> bool:
    """Counts once for each name; False when any was counted more often than its limit.

    limits: by name, the most in a window of so many seconds; now: seconds since 1970.
    """
    url = settings.REDIS_URL
    if _rest.resting(url):
        return True
    window = int(time.time() if now is None else now) // seconds
    names = [_nameless(f"{name}:{window}") for name in limits]
    try:
        # together, so that a lost connection leaves no name without an end
        with _redis(url).pipeline(transaction=True) as pipe:
            for name in names:
                pipe.incr(name)
                pipe.expire(name, 2 * seconds)
            counted = pipe.execute()[::2]
    except (RedisError, OSError) as error:
        _rest.begin(url)
        logger.warning("nothing is counted for a while: %s", type(error).__name__)
        return True
    return all(times <= most for times, most in zip(counted, limits.values(), strict=True))


def _nameless(name: str) -> str:
    """What Redis is told: the same for the same name in one window, and nothing else."""
    digest = salted_hmac("surveys.limits", name, algorithm="sha256").hexdigest()[:32]
    return f"{settings.CELERY_TASK_DEFAULT_QUEUE}:limit:{digest}"


def may_try(code: str, now: float | None = None) -> bool:
    """Counts this try; False when there were too many in this minute.

    code: only its first letters are used; now: seconds since 1970, the present by default.
    """
    tries = {"try:all": TRIES_BY_ALL, f"try:{code[:BEGINNING]}": TRIES_BY_BEGINNING}
    return _within(tries, WINDOW, now)


def may_send(response_id: UUID, now: float | None = None) -> bool:
    """Counts this sending of one form; False when it was sent too often in this minute."""
    return _within({f"send:{response_id}": SENDINGS}, WINDOW, now)


def is_surge(office_id: int, tablet_id: int | None = None, now: float | None = None) -> bool:
    """Counts a finished form; whether there are more in ten minutes than people can fill in.

    tablet_id: of a form from a tablet, which is counted for itself; the others for their office.
    """
    if tablet_id is not None:
        return not _within({f"tablet:{tablet_id}": FORMS_OF_A_TABLET}, SURGE_WINDOW, now)
    return not _within({f"office:{office_id}": FORMS_OF_AN_OFFICE}, SURGE_WINDOW, now)
