"""Kinds of acts that need two persons, and what is shown to whoever decides.

Rooms further up register theirs.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from offices.models import Proposal, User
from offices.rights import Action

Said = str | Promise
Payload = Mapping[str, Any]  # Any: JSON


class NotDone(Exception):
    """Nothing was done; says why to the person who asked, in their language."""


class NotProposed(NotDone):
    """What was proposed cannot be."""


class NotDecided(NotDone):
    """Somebody decided already, or this person may not decide it."""


class CannotCarryOut(NotDone):
    """The approval is not given, because the act is impossible. final: it never will be."""

    def __init__(self, why: str, *, final: bool = False) -> None:
        super().__init__(why)
        self.final = final


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of a preview: what it was and what it would be; was is None for a new one."""

    label: Said
    was: Said | None
    now: Said | None

    @property
    def differs(self) -> bool:
        """Whether it would change."""
        return self.was != self.now


class ChangedMeanwhile(CannotCarryOut):
    """Something is not as it was when it was proposed; `changes` says what."""

    def __init__(self, changes: Sequence[Line]) -> None:
        super().__init__(
            _(
                "Something has changed since this was proposed, so it is not what was looked at. "
                "Propose it again."
            )
        )
        self.changes = tuple(changes)


@dataclass(frozen=True, slots=True)
class Preview:
    """What whoever decides looks at: facts, differences, and points that are still open."""

    about: Sequence[tuple[Said, Said]] = ()
    lines: Sequence[Line] = ()
    points: Sequence[Said] = ()
    address: str = ""  # of a page that shows more


def _nothing(_proposal: Proposal) -> Mapping[str, str]:
    return {}


def _no_preview(_proposal: Proposal) -> Preview:
    return Preview()


def _no_frame(_proposal: Proposal) -> AbstractContextManager[object]:
    return nullcontext()


def _no_subject(_proposal: Proposal) -> str:
    return ""


def _its_place(_proposal: Proposal) -> Collection[int]:
    return ()


def _as_it_is(fact: str | None) -> Said | None:
    return fact


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of act that needs two persons.

    carry_out: does it, inside the transaction of the approval, for the approver (None: the
    machine's command); returns what to keep of it, as JSON; raises CannotCarryOut. Without one the
    kind can be proposed and not approved. facts: what it depends on, by name; compared when it is
    approved, unless carry_out does that itself (checks_itself). around: what to hold outside of
    the transaction. snapshot: the transaction is REPEATABLE READ. most_bytes: of a file that comes
    with it. keeps_file: also after the decision. says_why: a reason is demanded. words, said: names
    and values of facts as people read them. subject: what it is about, such as a period. offices:
    keys of those that it concerns besides its place: whoever decides must be able to in each.
    """

    name: str
    title: Said
    proposing: Action
    approving: Action
    carry_out: Callable[[Proposal, User | None], Mapping[str, Any]] | None = None
    facts: Callable[[Proposal], Mapping[str, str]] = _nothing
    preview: Callable[[Proposal], Preview] = _no_preview
    around: Callable[[Proposal], AbstractContextManager[object]] = _no_frame
    checks_itself: bool = False
    snapshot: bool = False
    most_bytes: int = 0
    keeps_file: bool = False
    says_why: bool = True
    words: Mapping[str, Said] = field(default_factory=dict)
    said: Callable[[str | None], Said | None] = _as_it_is
    subject: Callable[[Proposal], str] = _no_subject
    offices: Callable[[Proposal], Collection[int]] = _its_place

    def in_words(self, line: Line) -> Line:
        """A fact that differs, as people read it."""
        label = self.words.get(str(line.label), line.label)
        was, now = (None if one is None else str(one) for one in (line.was, line.now))
        return Line(label, self.said(was), self.said(now))


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """From now on this kind can be proposed; a later one of the same name takes its place."""
    KINDS[kind.name] = kind


def kind_of(proposal: Proposal) -> Kind:
    """The kind of a proposal; one that is no longer known can be read, and nothing more."""
    nobody = Kind(proposal.kind, proposal.kind, Action.APPROVE, Action.APPROVE)
    return KINDS.get(proposal.kind, nobody)


def differing(was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Line]:
    """What is not the same in two sets of facts, by name."""
    for name in sorted(was.keys() | now.keys()):
        if was.get(name) != now.get(name):
            yield Line(name, was.get(name), now.get(name))
