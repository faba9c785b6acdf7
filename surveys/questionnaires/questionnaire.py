"""A questionnaire as its file says it: plain values, no database.

Its texts, labels and options are those of the catalogue too (decision 0017).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from offices.validity import Days

Texts = Mapping[str, str]  # by language

MOST_OPTIONS = 7


class ItemKind(StrEnum):
    """What the byte of an item means. 0 is blank, 8 not asked and 9 don't know for every kind."""

    SATISFACTION = "satisfaction"
    LEVEL4 = "level4"
    CHOICE = "choice"
    BOX = "box"
    YESNO = "yesno"
    # A reason under a low answer to a criterion: no scale of a file, see `content.read_reasons`.
    REASON = "reason"


# How many labels a scale of each kind has: from, to.
LABELS: Mapping[ItemKind, tuple[int, int]] = {
    # Five on the ministry's forms; some local systems have three (sipas.md §3).
    ItemKind.SATISFACTION: (3, 5),
    ItemKind.LEVEL4: (4, 4),
    ItemKind.CHOICE: (1, MOST_OPTIONS),
    # A box is ticked or not: its item's text is all it has.
    ItemKind.BOX: (0, 0),
    ItemKind.YESNO: (2, 2),
}


# Below a low answer people may say why (decision 0059): of five levels the two that figures tell
# apart from the middle one.
LEVELS = 5
LOW = frozenset({1, 2})


class Method(StrEnum):
    """How criteria are put together into a factor, a component and the overall index."""

    POOLED = "pooled"
    MEAN_OF_CRITERIA = "mean_of_criteria"
    MEAN_OF_FACTORS = "mean_of_factors"


# What counts where a file does not say: all answers together, 4 and 5 of 1 to 5 (sipas.md §4).
SATISFIED = frozenset({4, 5})
VALID = frozenset({1, 2, 3, 4, 5})


class Status(StrEnum):
    """Who gets the questionnaire: everybody, whoever asks for it, or nobody any more."""

    DEFAULT = "default"
    OFFERED = "offered"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Label(Days):
    """What a placeholder stands for between two days, both inclusive; None: without end."""

    text: Texts


@dataclass(frozen=True, slots=True)
class Option:
    """One answer: the byte that is stored and the words people see."""

    value: int
    text: Texts


@dataclass(frozen=True, slots=True)
class QuestionnairePart:
    """A section of the form, with its heading."""

    code: str
    title: Texts


@dataclass(frozen=True, slots=True)
class Factor:
    """A group of criteria; how they make its figure and its component's, see `Method`."""

    code: str
    component: str
    title: Texts


@dataclass(frozen=True, slots=True)
class Item:
    """One byte of the packed answers. Items of one question share `group` and `question`.

    Reasons stand in the group of their criterion, behind all other items.
    """

    code: str
    kind: ItemKind
    text: Texts
    hint: Texts
    options: tuple[Option, ...]
    factor: str | None
    group: str
    question: Texts
    part: str
    confirmed: bool
    # Whether it asks about the result of the dossier, and its text for whoever was refused.
    about_result: bool = False
    if_refused: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One version of a questionnaire. An item's index is its place in the packed answers."""

    slug: str
    version: int
    status: Status
    official: bool
    title: Texts
    introduction: Texts
    labels: Mapping[str, tuple[Label, ...]]
    draft_languages: tuple[str, ...]
    source: str
    notes: str
    minimum_answered: float
    method: Method
    satisfied: frozenset[int]
    valid: frozenset[int]
    parts: tuple[QuestionnairePart, ...]
    factors: tuple[Factor, ...]
    items: tuple[Item, ...]
    # Whether phones ask one question a screen from its first day on: how, not what is asked.
    one_by_one: bool = False
    # Whether it asks how far the dossier is before it asks about the result, from its first day on.
    stage_first: bool = False

    @property
    def name(self) -> str:
        """Short name and version, as messages name it."""
        return f"{self.slug} v{self.version}"

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages every text of the form has, Vietnamese first."""
        return tuple(self.title)

    def label(self, placeholder: str, day: date) -> Texts:
        """What `{placeholder}` stands for on `day`; KeyError if the form has no such label."""
        return next(label.text for label in self.labels[placeholder] if label.hold(day))

    def criteria(self, component: str) -> tuple[Item, ...]:
        """The satisfaction items of a component, in order."""
        codes = {factor.code for factor in self.factors if factor.component == component}
        return tuple(item for item in self.items if item.factor in codes)

    def content_hash(self) -> str:
        """SHA-256 (hex) of what answers mean: all that citizens see, its order, what counts.

        Remarks about the form (source, notes, status, what is unconfirmed, which language is a
        draft) are left out: they may change after people have answered. How figures are made is
        in it where the file departs from the usual way, so that older files keep their hash.
        """
        content: dict[str, object] = {
            "slug": self.slug,
            "version": self.version,
            "official": self.official,
            "minimum_answered": self.minimum_answered,
            "title": self.title,
            "introduction": self.introduction,
            "labels": {name: _labels(labels) for name, labels in self.labels.items()},
            "parts": [[part.code, part.title] for part in self.parts],
            "factors": [[f.code, f.component, f.title] for f in self.factors],
            "items": [
                [
                    *(i.code, i.kind, i.text, i.hint, i.factor, i.group, i.question, i.part),
                    [[option.value, option.text] for option in i.options],
                ]
                for i in self.items
            ],
        }
        counted: list[object] = [self.method, sorted(self.satisfied), sorted(self.valid)]
        if counted != [Method.POOLED, sorted(SATISFIED), sorted(VALID)]:
            content["counted"] = counted
        # what an answered version only declares is used by nobody until people put it over
        if self.stage_first:
            content["stage_first"] = [item.code for item in self.items if item.about_result]
        refused = [[item.code, item.if_refused] for item in self.items if item.if_refused]
        if refused:
            content["if_refused"] = refused
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def _labels(labels: Iterable[Label]) -> list[list[object]]:
    return [
        [label.first and str(label.first), label.last and str(label.last), label.text]
        for label in labels
    ]
