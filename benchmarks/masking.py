"""Milliseconds in which the longest remarks are masked, beside an ordinary one of that length."""

import json
import time

from surveys.remarks.masking import mask

LONGEST = 2000  # letters that the form takes
ORDINARY = "Phòng chờ hơi nóng. "
# What the patterns have to look at again and again.
PIECES = (
    "a",
    "1 ",
    "12 ",
    "0-",
    "1.000",
    "a.-",
    "((",
    "84",
    "12.34-",
    "năm ",
    "O.",
    "a.b",
    "zalo.",
    "a@a",
    "68A1-",
)
RUNS = 5


def milliseconds(piece: str) -> float:
    """The fastest of some runs over a remark that repeats this piece."""
    text = (piece * LONGEST)[:LONGEST]
    taken = []
    for _ in range(RUNS):
        began = time.process_time()
        mask(text)
        taken.append(time.process_time() - began)
    return round(1000 * min(taken), 2)


if __name__ == "__main__":
    slowest = {piece: milliseconds(piece) for piece in PIECES}
    print(json.dumps({"ordinary_ms": milliseconds(ORDINARY), "slowest_ms": slowest}))
