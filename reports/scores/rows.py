"""A row of blocks as the counting of an office knows it."""

from typing import NamedTuple, Self

from reports.counting.periods import Span, span_of
from reports.models import BlockRow


class StoredRow(NamedTuple):
    """A row that is there; span: the shortest period that holds it.

    told: whether its people are told apart for tables; moved: whether somebody left it, or came
    back, after it was formed.
    """

    number: int
    span: Span
    blocks: tuple[int, ...]
    closed: tuple[str, ...] = ()
    told: bool = False
    moved: bool = False

    @classmethod
    def of(cls, row: BlockRow) -> Self:
        """A row as its table has it."""
        span = span_of(row.period, row.start)
        told = row.partition is not None
        return cls(row.number, span, tuple(row.blocks), tuple(row.closed), told, row.moved)
