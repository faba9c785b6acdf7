"""What the parts of one page ask alike is read once: for requests that change nothing.

    with one_page(): ...                       # the middleware, around a view
    through = once("closed through", read)     # reads, or gives what was read for this page

A page so shows one moment, and costs one statement where four of its parts ask. Outside of a page
nothing is kept: nights, letters and whatever changes something read anew each time.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar, cast

T = TypeVar("T")
_read: ContextVar[dict[Hashable, object] | None] = ContextVar("read for this page", default=None)


@contextmanager
def one_page() -> Iterator[None]:
    """Within it `once` keeps what was read; the end forgets it."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def once(key: Hashable, read: Callable[[], T]) -> T:
    """What `read` gives, asked for once a page. key: says what it is, and of whom."""
    known = _read.get()
    if known is None:
        return read()
    if key not in known:
        known[key] = read()
    return cast(T, known[key])


def keep(key: Hashable, value: object) -> None:
    """What was read along with something else, for whoever asks `once` for it on this page."""
    known = _read.get()
    if known is not None:
        known[key] = value
