"""Turns drawn people into PostgreSQL's binary COPY format, a portion at a time.

Python never touches a row: rows with the same empty columns have one width, so a numpy record
array is their bytes. The format: PostgreSQL documentation, COPY, "Binary Format".
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product

import numpy as np
from numpy.typing import NDArray

from demo.simulation.draw import LANGUAGE_CODES, NOBODY, People

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
_EPOCH = date(2000, 1, 1).toordinal()

# Column and type: i2, i4, i8 whole numbers, ?1 boolean, u16 uuid; None is as long as the form.
COLUMNS: Sequence[tuple[str, str | None]] = (
    ("office_id", "i8"),
    ("id", "u16"),
    ("procedure_id", "i8"),
    ("counter_id", "i8"),
    ("instrument_id", "i8"),
    ("channel", "i2"),
    ("stage", "i2"),
    ("respondent", "i2"),
    ("state", "i2"),
    ("step", "i2"),
    ("answers", None),
    ("valid", "?1"),
    ("day", "i4"),
    ("received_on", "i4"),
    ("hour", "i2"),
    ("language", "u2"),
    ("flags", "i4"),
    ("simulated", "?1"),
    ("batch", "i4"),
)
EMPTY = ("procedure_id", "counter_id", "batch")
COPY_IN = (
    f"COPY surveys_response ({', '.join(name for name, _ in COLUMNS)}) FROM STDIN (FORMAT BINARY)"
)


def binary_rows(people: People, days: Sequence[date], instrument_id: int) -> Iterator[bytes]:
    """The rows of these people, without header and trailer.

    days: those that `people.day` is an index of.
    """
    values = _values(people, days, instrument_id)
    empty = {name: values[name] == NOBODY for name in EMPTY}
    for pattern in product((False, True), repeat=len(EMPTY)):
        absent = dict(zip(EMPTY, pattern, strict=True))
        rows = np.flatnonzero(
            np.logical_and.reduce([empty[name] == absent[name] for name in EMPTY])
        )
        if len(rows):
            yield _pack(values, rows, absent, people.answers.shape[1])


def _values(
    people: People, days: Sequence[date], instrument_id: int
) -> dict[str, NDArray[np.generic]]:
    n = len(people.office)
    numbers = np.array([day.toordinal() - _EPOCH for day in days])
    languages = np.frombuffer("".join(LANGUAGE_CODES).encode("ascii"), np.uint8).reshape(-1, 2)
    return {
        "office_id": people.office_id,
        "id": people.id,
        "procedure_id": people.procedure,
        "counter_id": people.counter,
        "instrument_id": np.full(n, instrument_id),
        "channel": people.channel,
        "stage": people.stage,
        "respondent": people.respondent,
        "state": people.state,
        "step": np.zeros_like(people.step),  # finished forms keep none
        "answers": people.answers,
        "valid": people.valid,
        "day": numbers[people.day],
        "received_on": numbers[people.received_on],
        "hour": people.hour,
        "language": languages[people.language],
        "flags": people.flags,
        "simulated": np.ones(n, dtype=np.bool_),
        "batch": people.batch,
    }


def _pack(
    values: dict[str, NDArray[np.generic]],
    rows: NDArray[np.int64],
    absent: dict[str, bool],
    items: int,
) -> bytes:
    """Each column is its length in bytes, then its value; an absent one has the length -1."""
    layout: list[tuple[str, str] | tuple[str, str, tuple[int]]] = [("columns", ">i2")]
    for name, kind in COLUMNS:
        layout.append((f"{name}#", ">i4"))
        if absent.get(name):
            continue
        if kind is None or kind.startswith("u"):
            layout.append((name, "u1", (items if kind is None else int(kind[1:]),)))
        else:
            layout.append((name, "u1" if kind == "?1" else f">{kind}"))
    table = np.empty(len(rows), dtype=np.dtype(layout))
    table["columns"] = len(COLUMNS)
    for name, _ in COLUMNS:
        if absent.get(name):
            table[f"{name}#"] = -1
        else:
            table[f"{name}#"] = table.dtype[name].itemsize
            table[name] = values[name][rows]
    return table.tobytes()
