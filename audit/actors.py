"""Who acts: an official with the address that the request came from, a command, a task.

    with acting(Actor("lan", 17, "10.1.2.3")):
        ...                                   # whatever is recorded in here names her

A middleware does this for every request of an official, commands and tasks do it themselves.
Citizens are never actors: what they do is in no audit.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """name: of the account, or of the command or task. source: the address of an official."""

    name: str
    account_id: int | None = None
    source: str | None = None


NOBODY = Actor("")
_current: ContextVar[Actor] = ContextVar("actor", default=NOBODY)


def current() -> Actor:
    """Who acts now; NOBODY where nobody said so."""
    return _current.get()


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Everything recorded in the block was done by `actor`."""
    token = _current.set(actor)
    try:
        yield
    finally:
        _current.reset(token)
