"""Which answers of a questionnaire's file count, and how its criteria are put together."""

from dataclasses import dataclass

from surveys.questionnaires.content import Scales
from surveys.questionnaires.entry import FileEntry, told
from surveys.questionnaires.questionnaire import SATISFIED, VALID, ItemKind, Method


@dataclass(frozen=True, slots=True)
class Counting:
    """How the figures of a questionnaire are made; answers are bytes of satisfaction items."""

    method: Method
    satisfied: frozenset[int]
    valid: frozenset[int]


def read_counting(entry: FileEntry, scales: Scales) -> Counting:
    """`method`, `satisfied` and `valid` of a file: by default pooled, 4 and 5, 1 to 5.

    Raises BadFile for an unknown method, for answers that a satisfaction scale of the file does
    not have, and where all or none of the valid answers count as satisfied.
    """
    method = entry.string("method", Method.POOLED.value)
    if method not in {m.value for m in Method}:
        entry.refuse(
            told("unknown method `%(method)s`"),
            told("Known: %(known)s."),
            method=method,
            known=", ".join(Method),
        )
    valid = _answers(entry, "valid", VALID)
    satisfied = _answers(entry, "satisfied", SATISFIED)
    if not satisfied < valid:
        entry.refuse(
            told("`satisfied` is %(satisfied)s and `valid` %(valid)s"),
            told("Give satisfied answers that are some of the valid ones, but not all."),
            satisfied=sorted(satisfied),
            valid=sorted(valid),
        )
    for name, (kind, options) in scales.items():
        if kind is ItemKind.SATISFACTION and max(valid) > len(options):
            entry.refuse(
                told("answer %(most)s counts, but the scale `%(name)s` has %(labels)s labels"),
                told(
                    "Give `valid` and `satisfied` the answers of the scale, such as [1, 2, 3] and "
                    "[3]."
                ),
                most=max(valid),
                name=name,
                labels=len(options),
            )
    return Counting(Method(method), satisfied, valid)


def _answers(entry: FileEntry, key: str, default: frozenset[int]) -> frozenset[int]:
    listed = entry.sequence(key, tuple(sorted(default)))
    answers = {answer for answer in listed if type(answer) is int and answer in VALID}
    if not listed or len(answers) != len(listed):
        entry.refuse(
            told("`%(key)s` is %(value)s"),
            told("List different answers from 1 to 5."),
            key=key,
            value=repr(list(listed)),
        )
    return frozenset(answers)
