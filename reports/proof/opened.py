"""The sums of what has opened, put together anew from the people's vector: column by column.

A vector of what is shown has the numbers of `numbers`, with nobody in it, and behind them for how
many people each column is open.
"""

from collections.abc import Collection

import numpy as np

from reports.proof.forms import ANSWERS, Form
from reports.proof.numbers import Vector, nobody

STAGES = "123"


def columns_of(form: Form) -> list[str]:
    """All columns in the order in which they are stored."""
    parts = [part.code for part in form.parts]
    items = [item.code for item in form.items]
    return [
        *(f"f:{code}" for code in parts),
        *(f"p:{code}" for code in parts),
        *(f"i:{code}" for code in items),
        *(f"{stage}:{code}" for stage in STAGES for code in items),
    ]


def should_show(form: Form, people: Vector, columns: Collection[str]) -> Vector:
    """What these columns show of people, and of how many of them."""
    shown = nobody(form)
    every = columns_of(form)
    covered = np.zeros(len(every), dtype=np.int64)
    base = 1 + form.size * ANSWERS
    groups = {part.code: part.group for part in form.parts}
    position = {item.code: item.position for item in form.items}
    for column in columns:
        covered[every.index(column)] = people[0]
        kind, code = column[0], column[2:]
        if kind in "fp":
            group = groups[code]
            if group is not None:
                first, last = (0, 2) if kind == "f" else (2, 5)
                at = base + group * 5
                shown[at + first : at + last] = people[at + first : at + last]
            continue
        at = 1 + position[code] * ANSWERS
        row = [int(number) for number in people[at : at + ANSWERS]]
        scale = form.items[position[code]].scale
        if scale != "satisfaction":
            told = [
                n if place < 8 and (place or scale == "box") else 0 for place, n in enumerate(row)
            ]
        else:
            after = _merged(form, row, 0 if kind == "i" else int(kind))
            before = [0] * ANSWERS if kind == "i" else _merged(form, row, int(kind) - 1)
            told = [new - old for new, old in zip(after, before, strict=True)]
        shown[at : at + ANSWERS] += np.array(told, dtype=np.int64)
    return np.concatenate([shown, covered])


def apart(form: Form, stage: int) -> list[list[int]]:
    """The answers to a criterion that stand together: satisfied or not, then finer."""
    yes = sorted(form.satisfied)
    no = sorted(set(form.valid) - set(yes))
    found = [[answer] for answer in yes] if stage > 0 else [yes]
    if stage == 3:
        found += [[answer] for answer in no]
    elif stage == 2 and len(no) > 1:
        found += [no[:-1], [no[-1]]]
    else:
        found.append(no)
    return [together for together in found if together]


def _merged(form: Form, row: list[int], stage: int) -> list[int]:
    told = [0] * ANSWERS
    for together in apart(form, stage):
        told[together[0]] = sum(row[answer] for answer in together)
    return told
