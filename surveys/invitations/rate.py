"""How often a key may ask in a minute (`surveys.windows`)."""

from surveys.windows import within

WINDOW = 60  # seconds
REQUESTS = 600  # of one key; each may tell of a thousand dossiers


def may_ask(integration_id: int, now: float | None = None) -> bool:
    """Counts this request of a system; False when it asked too often in this minute.

    now: seconds since 1970, the present by default.
    """
    return within({f"key:{integration_id}": REQUESTS}, WINDOW, now)
