"""Sums as the proof keeps them, and how it reads stored ones: apart from `Sums` of the arithmetic.

A vector holds the people, then the answers 0 to 9 of each item, then Σy, Σm, Σy², Σm², Σym of each
group, as whole numbers.
"""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from reports.proof.forms import ANSWERS, Form

Vector = NDArray[np.int64]

_WIDTH = {1: "<i4", 2: "<i8"}


def nobody(form: Form) -> Vector:
    """The vector of no people."""
    return np.zeros(1 + form.numbers, dtype=np.int64)


def read(form: Form, stored: bytes | memoryview | None) -> Vector | None:
    """What is stored, or None where it cannot be read or belongs to another questionnaire."""
    if stored is None:
        return None
    try:
        return _read(form, zlib.decompress(stored))
    except zlib.error:
        return None


def read_opened(form: Form, stored: bytes | memoryview | None) -> Vector | None:
    """What is shown beside a headline, as stored: its vector, then whom each column covers.

    None where it cannot be read; nothing stored is nothing shown.
    """
    covered = 2 * len(form.parts) + 4 * form.size
    if not stored:
        return np.zeros(1 + form.numbers + covered, dtype=np.int64)
    try:
        plain = zlib.decompress(stored)
        (length,) = struct.unpack_from("<I", plain)
        vector = _read(form, plain[4 : 4 + length])
        beside = np.frombuffer(plain, "<i8", offset=4 + length)
    except (zlib.error, struct.error, ValueError):
        return None
    if vector is None or len(beside) != covered:
        return None
    return np.concatenate([vector, beside])


def _read(form: Form, plain: bytes) -> Vector | None:
    try:
        version, items, groups, mark = struct.unpack_from("<BHH8s", plain)
        shape = (form.size, len(form.groups), form.mark)
        if (items, groups, mark) != shape or version not in _WIDTH:
            return None
        numbers = np.frombuffer(plain, _WIDTH[version], offset=13)
    except (struct.error, ValueError):
        return None
    return numbers.astype(np.int64) if len(numbers) == 1 + form.numbers else None


def answers(form: Form, vector: Vector, position: int) -> Vector:
    """How often each answer 0 to 9 was given to the item at this position."""
    start = 1 + position * ANSWERS
    return vector[start : start + ANSWERS]


def moments(form: Form, vector: Vector, group: int) -> Vector:
    """The five sums of a group."""
    start = 1 + form.size * ANSWERS + group * 5
    return vector[start : start + 5]
