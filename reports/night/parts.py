"""What a step did, part by part: one that fails is named and keeps back no other."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from reports.night.leases import LostLease

logger = logging.getLogger(__name__)
# Of the parts that failed, so many are told.
MOST_TOLD = 20
LONGEST = 200


def told(error: BaseException) -> str:
    """An error in one line: its class, its first line, where it arose.

    No more, for further lines of a database's error hold the row that it is about.
    """
    line = next(iter(str(error).strip().splitlines()), "")[:LONGEST]
    # the database stores no zero byte and no half of a pair
    first = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in line)
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {first}{place}"


@dataclass
class Parts:
    """The parts of a step. `result` is kept with it; without failures it is done."""

    done: int = 0
    failures: list[tuple[str, Exception]] = field(default_factory=list)
    result: dict[str, object] = field(default_factory=dict)

    @contextmanager
    def trying(self, name: str) -> Iterator[None]:
        """Does one part; whatever it raises is noted, and the others are done all the same.

        name: of an office, by its slug. Only a lost lease goes on.
        """
        try:
            yield
        except LostLease:
            raise
        except Exception as failure:  # whatever it is, the others are done
            self.note(name, failure)
        else:
            self.done += 1

    def note(self, name: str, failure: Exception) -> None:
        """Notes and logs what failed."""
        self.failures.append((name, failure))
        logger.error("the night failed at %s: %s", name or "a step", told(failure))

    @property
    def error(self) -> str:
        """What failed, one line each; empty when nothing did."""
        lines = [
            ": ".join(filter(None, (name, told(failure))))
            for name, failure in self.failures[:MOST_TOLD]
        ]
        more = len(self.failures) - MOST_TOLD
        return "\n".join([*lines, f"and {more} more"] if more > 0 else lines)

    def kept(self) -> dict[str, object]:
        """What is kept of them, without any answer."""
        named = [name for name, _ in self.failures if name]
        return {**self.result, "done": self.done, **({"failed": named} if named else {})}
