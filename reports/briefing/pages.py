"""Pages that a brief leads to: this room knows which, and the officials' site where they are."""

from collections.abc import Callable
from dataclasses import dataclass

Finder = Callable[["Page"], str]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the officials' site by its name; `asked`: what follows in its address, or empty."""

    name: str
    args: tuple[str | int, ...] = ()
    asked: str = ""


_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Says where pages are; the site does so when it starts. The newest holds."""
    _finders[:] = [finder]


def path_of(page: Page) -> str:
    """The path of a page on our site. Raises LookupError where no site has said where pages are."""
    if not _finders:
        raise LookupError("no site has registered its pages")
    return _finders[0](page)
