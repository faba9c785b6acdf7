"""When it may be told how many give a reason for a low answer to a criterion.

A reason is a column `i:A1_WAIT` of its own. It stands only below low answers, so whoever sees it
sees how many these are. That is known already where the answers to the criterion are told so far
apart (`2:A1`), and nowhere else: a reason opens for just the rows for which that stage opened, or
for several such groups of rows together. Nothing else sums reasons. So any combination of figures
gives a reason, in all rows for which it opened, one weight: it rests on all their low answers, of
which there are k. Apart from that, and as for levels, three people stand on each side, given and
not given: withheld may then mean nobody, one, two, or nearly everybody (decision 0059).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from reports.sipas.counts.cells import total
from reports.sipas.counts.layout import Layout
from reports.sipas.counts.sums import Sums

SIDE = 3  # people on each side of a division of answers
STAGE = "2"  # where low answers are told apart from the middle one
GIVEN, NOT_GIVEN = 1, 2

Rows = frozenset[int]


def told_apart(sums: Sums, code: str, k: int, *, nobody: bool = False) -> bool:
    """Whether these people's low answers may be divided by a reason.

    nobody: also where there are none, and where all of them stand on one side; that is for people
    who leave a row that shows the reason already.
    """
    row = sums.counts[sums.layout.index_of(code)]
    given, not_given = int(row[GIVEN]), int(row[NOT_GIVEN])
    if nobody and given + not_given == 0:
        return True
    sides = [side for side in (given, not_given) if side or not nobody]
    return given + not_given >= k and min(sides) >= SIDE


def base_of(layout: Layout, code: str) -> str:
    """The column that tells how many low answers a reason stands below."""
    return f"{STAGE}:{layout.items[layout.index_of(code)].criterion}"


def by_itself(sums: Sums, columns: Collection[str], k: int) -> set[str]:
    """The reasons that a row shows by itself, beside these columns."""
    return {
        f"i:{item.code}"
        for item in sums.layout.reasons
        if base_of(sums.layout, item.code) in columns and told_apart(sums, item.code, k)
    }


def open_reasons(
    rows: Mapping[int, Sums], shown: Sequence[tuple[Rows, frozenset[str]]], k: int
) -> list[tuple[tuple[int, ...], frozenset[str]]]:
    """What opens of reasons for rows of a closed period together; each result is final.

    rows: by number, all rows within the period from which nobody has left. shown: what has opened
    for which rows so far, also beyond the period.
    """
    found: dict[tuple[int, ...], set[str]] = defaultdict(set)
    layout = next(iter(rows.values())).layout if rows else None
    for item in layout.reasons if layout else ():
        column, base = f"i:{item.code}", base_of(layout, item.code) if layout else ""
        has = {number for of, columns in shown if column in columns for number in of}
        together = {
            number
            for of, columns in shown
            if base in columns and of <= rows.keys() and not of & has
            for number in of
        }
        if not together or layout is None:
            continue
        numbers = tuple(sorted(together))
        if told_apart(total(layout, [rows[number] for number in numbers]), item.code, k):
            found[numbers].add(column)
    return [(numbers, frozenset(columns)) for numbers, columns in found.items()]
