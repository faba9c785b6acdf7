"""Counting in Redis how often something was done within a window, by names that say nothing.

Where Redis cannot be asked, everybody may go on: decision 0012.
"""

import logging
import time
from collections.abc import Mapping
from functools import lru_cache

from django.conf import settings
from django.utils.crypto import salted_hmac
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# Nobody waits longer than this for the answer whether they may go on, and when Redis did not
# answer, nobody waits again for a while.
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


def within(limits: Mapping[str, int], seconds: int, now: float | None = None) -> bool:
    """Counts once for each name; False when any was counted more often than its limit.

    limits: by name, the most in a window of so many seconds; now: seconds since 1970, the present
    by default.
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
