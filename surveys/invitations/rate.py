"""How often a key may ask in a minute; if Redis cannot be asked, everybody goes on (decision 0012).

As `surveys.intake.limits`, which stands above this room, does for citizens.
"""

import logging
import time
from functools import lru_cache

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

WINDOW = 60  # seconds
REQUESTS = 600  # of one key; each may tell of a thousand dossiers
PATIENCE = 0.25
REST = 10.0
_rests_until: dict[str, float] = {}


@lru_cache(maxsize=2)
def _redis(url: str) -> Redis:
    # Celery's word for a socket is not that of the library.
    plain = url.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
    return Redis.from_url(plain, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)


def may_ask(integration_id: int, now: float | None = None) -> bool:
    """Counts this request of a system; False when it asked too often in this minute.

    now: seconds since 1970, the present by default.
    """
    url = settings.REDIS_URL
    if time.monotonic() < _rests_until.get(url, 0.0):
        return True
    window = int(time.time() if now is None else now) // WINDOW
    name = f"{settings.CELERY_TASK_DEFAULT_QUEUE}:key:{integration_id}:{window}"
    try:
        # together, so that a lost connection leaves no name without an end
        with _redis(url).pipeline(transaction=True) as pipe:
            pipe.incr(name)
            pipe.expire(name, 2 * WINDOW)
            times: int = pipe.execute()[0]
    except (RedisError, OSError) as error:
        _rests_until[url] = time.monotonic() + REST
        logger.warning("requests are not counted for a while: %s", type(error).__name__)
        return True
    return times <= REQUESTS
