"""What was finished a moment ago, in the memory of this process only.

Bursts and identical runs show only against the forms before. Keeping that in the database would
keep the order and the seconds in which people answered; see decision 0008 for why it is not Redis
either. Each process remembers its own share and forgets it when it ends.
"""

import secrets
import threading
from collections import OrderedDict
from hashlib import blake2b

from surveys.flags.rules import BURST_FORMS, RUN_FORMS

Place = tuple[int, int | None, int]  # office, counter, channel
Finished = tuple[float, bytes]  # seconds, digest of the answers

# Desks remembered at once, and forms of each: 9 MB at most. A province has fewer desks.
PLACES = 10_000
FORMS = max(BURST_FORMS, RUN_FORMS) - 1


class Recent:
    """The newest finished forms of each place; whoever was quiet for longest is forgotten first."""

    def __init__(self, places: int = PLACES) -> None:
        self.places = places
        self.lock = threading.Lock()
        self.forms: OrderedDict[Place, tuple[Finished, ...]] = OrderedDict()
        # So that not even a copy of the memory says which answers a digest stands for.
        self.key = secrets.token_bytes(16)

    def digest(self, instrument_id: int, packed: bytes) -> bytes:
        """The same for the same answers to the same instrument; means nothing outside of here."""
        whole = instrument_id.to_bytes(8, "big") + packed
        return blake2b(whole, key=self.key, digest_size=8).digest()

    def before(self, place: Place) -> tuple[Finished, ...]:
        """The newest finished forms of a place, oldest first."""
        with self.lock:
            return self.forms.get(place, ())

    def remember(self, place: Place, seconds: float, digest: bytes) -> None:
        """Notes a form that was finished at `seconds`."""
        with self.lock:
            before = self.forms.pop(place, ())
            self.forms[place] = (*before, (seconds, digest))[-FORMS:]
            if len(self.forms) > self.places:
                self.forms.popitem(last=False)
