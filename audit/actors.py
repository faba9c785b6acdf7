"""Who acts: an official with the address that the request came from, a command, a task.

    with acting(Actor("lan", 17, "10.1.2.3")):
        ...                                   # whatever is recorded in here names her

A middleware does this for every request of an official; `manage.py` and Celery do it for commands
and tasks. Citizens are never actors: what they do is in no audit.
"""

import getpass
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Actor:
    """name: of the account, or of the command or task. source: the address of an official."""

    name: str
    account_id: int | None = None
    source: str | None = None


class Account(Protocol):
    """What is asked of an account; its model stands on a floor above."""

    pk: int

    def get_username(self) -> str:
        """The name with which its owner signs in."""


# Headers in which a proxy says whose request it hands on.
HANDED_ON = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")
WITH_PORT = re.compile(r"\[(?P<six>[^\]]+)\](?::\d+)?|(?P<four>\d+\.\d+\.\d+\.\d+):\d+")
NOBODY = Actor("")
_current: ContextVar[Callable[[], Actor]] = ContextVar("actor", default=lambda: NOBODY)


def current() -> Actor:
    """Who acts now; NOBODY where nobody said so."""
    return _current.get()()


@contextmanager
def acting(actor: Actor | Callable[[], Actor]) -> Iterator[None]:
    """Everything recorded in the block was done by `actor`.

    A function is called when something is recorded: a request that records nothing asks no database
    who sent it.
    """
    token = _current.set(actor if callable(actor) else lambda: actor)
    try:
        yield
    finally:
        _current.reset(token)


def become(actor: Actor) -> None:
    """From now on everything is done by `actor`: for a process that does one thing at a time."""
    _current.set(lambda: actor)


def official(account: Account) -> Actor:
    """Who acts with this account: with an address where they act now, as in a request."""
    now = current()
    if now.account_id == account.pk:
        return now
    return Actor(account.get_username(), account.pk)


def command(arguments: Sequence[str]) -> Actor:
    """A command of `manage.py` and who is signed in at the machine. arguments: as of sys.argv."""
    name = arguments[1] if len(arguments) > 1 else ""
    try:
        login = getpass.getuser()
    except (KeyError, OSError):  # a container without a name for its user
        login = "?"
    return Actor(f"manage.py {name} ({login})")


def source_of(request: HttpRequest) -> str | None:
    """The address that a request came from; None where it cannot be told.

    Behind proxies of ours (TRUSTED_PROXIES) it is the last one of X-Forwarded-For that is none of
    them: whatever stands before it, anybody may have written. Only ever kept of officials.
    """
    nearest = request.META.get("REMOTE_ADDR", "")
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    for text in (nearest, *reversed(forwarded)):
        address = _address(text)
        if address is None:
            return None
        if not _is_trusted(address):
            return str(address)
    return None


def is_handed_on_by_a_stranger(request: HttpRequest) -> bool:
    """Whether whoever sent the request says that it is another's, and is no proxy of ours."""
    nearest = _address(request.META.get("REMOTE_ADDR", ""))
    says_so = any(name in request.META for name in HANDED_ON)
    return says_so and (nearest is None or not _is_trusted(nearest))


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """The address in a text, in which some proxies write a port as well; None if there is none."""
    found = WITH_PORT.fullmatch(text.strip())
    bare = (found["six"] or found["four"]) if found else text.strip()
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    # an IPv4 address as a socket for both kinds writes it
    return getattr(address, "ipv4_mapped", None) or address


def _is_trusted(address: IPv4Address | IPv6Address) -> bool:
    return any(address in network for network in _trusted())


def _trusted() -> list[IPv4Network | IPv6Network]:
    found: list[IPv4Network | IPv6Network] = settings.TRUSTED_PROXIES
    return found
