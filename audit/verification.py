"""Whether the chain is what it was: every hash computed again, every head of the file found.

Always the whole chain, in pages by `seq`: a million entries take about a minute, and whatever is
verified in turn only is found only after its turn.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, LiteralString

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from audit import guards, heads
from audit.chain import FIELDS, FIRST, MOMENT, hash_of
from audit.heads import Head
from audit.models import Entry

PAGE = 10_000
# So many breaks are told; a chain that was made anew has as many as it has links.
MOST_TOLD = 100
ACCEPTED = "break.accepted"
HEAD_WRITTEN = "head.written"
LOST = "heads.lost"
# A clock that is set right jumps by less; whoever sets it back dates what they do.
JUMP = timedelta(minutes=10)

# Pages by key: no transaction stays open for long, and what was read cannot change unnoticed.
CHAIN: LiteralString = f"""
SELECT link.seq, link.entry_id, link.previous, link.hash, {MOMENT.format("link.at")},
    entry.id IS NOT NULL, {FIELDS}
FROM audit_link AS link LEFT JOIN audit_entry AS entry ON entry.id = link.entry_id
WHERE link.seq > %s ORDER BY link.seq LIMIT {PAGE}
"""  # noqa: S608 - constants of ours
# The database puts an entry among the waiting in the transaction that inserts it.
SMUGGLED: LiteralString = f"""
SELECT entry.id FROM audit_entry AS entry
WHERE NOT EXISTS (SELECT FROM audit_link WHERE audit_link.entry_id = entry.id)
  AND NOT EXISTS (SELECT FROM audit_waiting WHERE audit_waiting.entry_id = entry.id)
ORDER BY entry.id LIMIT {MOST_TOLD}
"""  # noqa: S608 - constants of ours
GONE: LiteralString = f"""
SELECT waiting.entry_id FROM audit_waiting AS waiting
WHERE NOT EXISTS (SELECT FROM audit_entry WHERE audit_entry.id = waiting.entry_id)
ORDER BY waiting.entry_id LIMIT {MOST_TOLD}
"""  # noqa: S608 - constants of ours


@dataclass(frozen=True, slots=True)
class Break:
    """Something that was changed past the product. `code` names it for whoever accepts it.

    sentence: what is wrong, in English, without any content of an entry.
    """

    code: str
    sentence: str


@dataclass(slots=True)
class Verification:
    """What was found. `breaks`: at most MOST_TOLD; `accepted`: those that somebody answers for."""

    links: int = 0
    heads: int = 0
    newest: tuple[int, str] | None = None
    breaks: list[Break] = field(default_factory=list)
    accepted: list[Break] = field(default_factory=list)
    more: int = 0

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong but what was accepted."""
        return not self.breaks


def verify(path: Path, beat: Callable[[], None] = lambda: None) -> Verification:
    """Verifies the chain, and the heads of the file at `path` against it.

    beat: called before each page, as a sign of life.
    """
    found = Verification()
    written = _written()  # before the file is read: a night writes the file first
    known, unreadable = _heads(path)
    found.heads = len(known)
    wanted = {head.seq: head.hash for head in known}
    met: dict[int, str] = {}
    accepted = set(_linked(ACCEPTED).values_list("subject", flat=True))
    everything = (*unreadable, *_guards(), *_smuggled(), *_links(found, wanted, met, beat))
    for broken in (*everything, *_beside(known, met), *_ahead(known), *_lost(known, written)):
        if broken.code in accepted:
            found.accepted.append(broken)
        elif len(found.breaks) < MOST_TOLD:
            found.breaks.append(broken)
        else:
            found.more += 1
    return found


def _linked(action: str) -> QuerySet[Entry]:
    """Entries of an act that stand in the chain: one that was smuggled in answers for nothing."""
    return Entry.objects.filter(action=action, link__isnull=False)


def _heads(path: Path) -> tuple[list[Head], list[Break]]:
    try:
        return heads.read(path), []
    except heads.Unreadable as error:
        return [], [Break("heads:unreadable", f"the file of heads cannot be read: {error}")]


def _links(
    found: Verification,
    wanted: Iterable[int],
    met: dict[int, str],
    beat: Callable[[], None],
) -> Iterator[Break]:
    """Breaks between links and in entries; `met` gets the hashes at which the file has a head.

    After a break it goes on with the hash that is stored: what follows is judged by itself.
    """
    seqs, previous, expected, latest = set(wanted), FIRST, 1, ""
    for row in _rows(beat):
        seq, entry, before, stored, linked_at, is_there, *fields = row
        before, stored = bytes(before), bytes(stored)
        if seq != expected:
            yield Break(
                f"gap:{expected}:{seq}", f"links {expected} to {seq - 1} of the chain are missing"
            )
        elif before != previous:
            yield Break(f"joint:{seq}", f"link {seq} does not follow the one before it")
        if not is_there:
            yield Break(f"entry:{seq}", f"the entry {entry} of link {seq} is missing")
        elif (made := hash_of(before, seq, linked_at, fields)) != stored:
            yield Break(
                f"hash:{seq}:{made.hex()[:16]}",
                f"entry {entry} at link {seq} is not what it was when it was written",
            )
        else:
            if _jumps(latest, linked_at) or _jumps(fields[1], linked_at):
                yield Break(
                    f"clock:{seq}:{linked_at}",
                    f"the clock went back before link {seq}: entries near it may be dated wrongly",
                )
            latest = max(latest, linked_at)
        if seq in seqs:
            met[seq] = stored.hex()
        previous, expected = stored, seq + 1
        found.links += 1
        found.newest = seq, stored.hex()


def _jumps(before: str, after: str) -> bool:
    """Whether of two moments, as they are hashed, the second lies before the first."""
    return after < before and (
        datetime.fromisoformat(before) - datetime.fromisoformat(after) > JUMP
    )


def _rows(beat: Callable[[], None]) -> Iterator[Sequence[Any]]:  # Any: the columns of CHAIN
    after = 0
    while True:
        beat()
        with connection.cursor() as cursor:
            cursor.execute(CHAIN, [after])
            rows = cursor.fetchall()
        yield from rows
        if len(rows) < PAGE:
            return
        after = rows[-1][0]


def _guards() -> Iterator[Break]:
    for what, how in guards.broken():
        yield Break(
            f"guard:{what}:{how}",
            f"{what}, by which the database itself notes or refuses changes, is {how}",
        )


def _smuggled() -> list[Break]:
    with connection.cursor() as cursor:
        cursor.execute(SMUGGLED)
        smuggled = [entry for (entry,) in cursor.fetchall()]
        cursor.execute(GONE)
        gone = [entry for (entry,) in cursor.fetchall()]
    return [
        *(
            Break(f"smuggled:{entry}", f"entry {entry} was inserted past the triggers of the table")
            for entry in smuggled
        ),
        *(
            Break(f"gone:{entry}", f"entry {entry} is missing; it was waiting for its link")
            for entry in gone
        ),
    ]


def _beside(known: Sequence[Head], met: dict[int, str]) -> Iterator[Break]:
    """What the file says otherwise than the chain."""
    for head in known:
        code = f"head:{head.day}:{head.seq}:{head.hash[:16]}"
        if head.seq not in met:
            yield Break(
                code,
                f"the chain has no link {head.seq}, at which it stood when {head.day} was closed: "
                "its end was cut off, or an older copy of the database was restored",
            )
        elif met[head.seq] != head.hash:
            yield Break(
                code,
                f"link {head.seq} is not the one of the night of {head.day}: "
                "the chain was made anew",
            )


def _ahead(known: Sequence[Head]) -> Iterator[Break]:
    """Lines of days that are not over: the nights of these days would add none of their own."""
    today = timezone.localdate().isoformat()
    for head in known:
        if head.day >= today:
            yield Break(
                f"ahead:{head.day}:{head.seq}",
                f"the file of heads has a line of {head.day} already",
            )


def _written() -> list[tuple[str, int]]:
    """The heads that the chain says were written: day and link."""
    lost = _linked(LOST).order_by("-pk").values_list("pk", flat=True).first()
    written = Entry.objects.filter(action=HEAD_WRITTEN, pk__gt=lost or 0)
    return list(written.order_by("pk").values_list("subject", "details__seq"))


def _lost(known: Sequence[Head], written: Sequence[tuple[str, int]]) -> Iterator[Break]:
    """Heads that the chain says were written, and that the file does not have."""
    there = {(head.day, head.seq) for head in known}
    for day, seq in written:
        if (day, seq) not in there:
            yield Break(f"line:{day}:{seq}", f"the file of heads has lost its line of {day}")
