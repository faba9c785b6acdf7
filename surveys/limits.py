"""How often codes may be tried: so often in a minute by everybody, and so often with one beginning.

Nobody's address is looked at or kept. Where Redis cannot be asked, everybody may go on: the codes
are long enough to do without (decision 0011), and a reply that cannot be read helps nobody.
"""

import logging
import time
from functools import lru_cache

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

WINDOW = 60  # seconds
TRIES_BY_ALL = 600
TRIES_BY_BEGINNING = 20
# Letters of the code, 15 bits: one in 32,768 beginnings says nothing about whose code it is.
BEGINNING = 3
# A citizen does not wait longer than this for the answer whether they may ask.
PATIENCE = 0.25


@lru_cache(maxsize=2)
def _redis(url: str) -> Redis:
    # Celery's word for a socket is not that of the library.
    plain = url.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
    return Redis.from_url(plain, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)


def may_try(code: str, now: float | None = None) -> bool:
    """Counts this try; False when there were too many in this minute.

    code: only its first letters are used; now: seconds since 1970, the present by default.
    """
    window = int(time.time() if now is None else now) // WINDOW
    name = f"{settings.CELERY_TASK_DEFAULT_QUEUE}:replies:{window}"
    counters = {
        f"{name}:all": TRIES_BY_ALL,
        f"{name}:{code[:BEGINNING]}": TRIES_BY_BEGINNING,
    }
    try:
        with _redis(settings.REDIS_URL).pipeline(transaction=False) as pipe:
            for counter in counters:
                pipe.incr(counter)
                pipe.expire(counter, 2 * WINDOW)
            counted = pipe.execute()[::2]
    except (RedisError, OSError) as error:
        logger.warning("codes are not counted: %s", type(error).__name__)
        return True
    return all(tries <= most for tries, most in zip(counted, counters.values(), strict=True))
