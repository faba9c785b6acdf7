"""Counting without numpy, for anyone who wants to know whether the fast way is right.

Slower than `reports.sipas.counts.sums.count` and written apart from it: columns of bytes, counted
one answer after the other, and sums over people as a person would write them down.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from reports.sipas.counts.layout import Layout
from reports.sipas.counts.sums import ANSWERS, Sums


def plain_sums(layout: Layout, responses: Sequence[bytes]) -> Sums:
    """The sums of these responses, one byte an item each.

    Raises ValueError where a response has another length, or an answer above 9.
    """
    size = layout.n_items
    if any(len(response) != size for response in responses):
        raise ValueError(f"a response does not have {size} answers")
    whole = b"".join(responses)
    counts = [[whole[item::size].count(byte) for byte in range(ANSWERS)] for item in range(size)]
    if any(sum(row) != len(responses) for row in counts):
        raise ValueError("an answer is above 9")
    satisfied, valid = _marked(whole, layout.satisfied), _marked(whole, layout.valid)
    moments = []
    for group in layout.groups:
        columns = group.indices.tolist()
        pairs = Counter(
            zip(_by_person(satisfied, columns, size), _by_person(valid, columns, size), strict=True)
        )
        terms = [(n * y, n * m, n * y * y, n * m * m, n * y * m) for (y, m), n in pairs.items()]
        moments.append([sum(column) for column in zip(*terms, strict=True)] or [0] * 5)
    return Sums(
        layout,
        len(responses),
        np.array(counts, dtype=np.int64).reshape(size, ANSWERS),
        np.array(moments, dtype=np.int64).reshape(layout.n_groups, 5),
    )


def _marked(whole: bytes, answers: frozenset[int]) -> bytes:
    """One where the byte is among the answers, zero elsewhere."""
    return whole.translate(bytes(byte in answers for byte in range(256)))


def _by_person(marked: bytes, columns: Sequence[int], size: int) -> list[int]:
    """How many marks each person has in these columns."""
    return list(map(sum, zip(*(marked[column::size] for column in columns), strict=True)))
