"""How often a form was sent, kept so that only we can read it, and only until it is finished.

A response must know its newest step, or a late one would undo it. But steps are requests, and the
log of a web server counts the requests of each address: with both, a number of steps names its
sender. So what is kept is the step and a number of the response's own, which our secret makes,
modulo what the column holds: without the secret it is any number. A finished form keeps 0.
"""

from uuid import UUID

from django.utils.crypto import salted_hmac

LAST_STEP = 1000
# What the column holds: 15 bits.
NUMBERS = 32_768
SALT = "surveys.steps"


def blind_of(response_id: UUID) -> int:
    """The number that is added to the steps of a response."""
    digest = salted_hmac(SALT, response_id.hex, algorithm="sha256").digest()
    return int.from_bytes(digest[:2], "big") % NUMBERS


def blinded(step: int, response_id: UUID) -> int:
    """What is kept of a step."""
    return (step + blind_of(response_id)) % NUMBERS


def step_of(kept: int, response_id: UUID) -> int:
    """The step that is kept; 0, older than any, where none is or another secret has made it."""
    step = (kept - blind_of(response_id)) % NUMBERS
    return step if kept and step <= LAST_STEP else 0
