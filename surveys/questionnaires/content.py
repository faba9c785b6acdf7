"""The questions of a questionnaire's file: parts, factors, groups of items, in order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from surveys.questionnaires.entry import FileEntry, Found, told
from surveys.questionnaires.questionnaire import (
    LEVELS,
    Factor,
    Item,
    ItemKind,
    Option,
    QuestionnairePart,
    Texts,
)

TWICE = {
    "item": told("the item %(code)s occurs twice"),
    "part": told("the part %(code)s occurs twice"),
}
COMPONENTS = ("services", "policies", "overall")

# The lengths that the tables hold.
LONGEST_CODE = 8
ITEM_CODE = rf"[A-Z][A-Z0-9_]{{0,{LONGEST_CODE - 1}}}"
SHORT_CODE = r"[A-Z0-9]{1,8}"
REASON_CODE = r"[A-Z0-9]{1,4}"

# What fits under a question on a small phone.
FEWEST_REASONS, MOST_REASONS = 2, 5
LONGEST_REASON = 60

Scales = Mapping[str, tuple[ItemKind, tuple[Option, ...]]]


@dataclass(frozen=True)
class Context:
    """What the items of one file share, and where their mistakes are gathered."""

    languages: Sequence[str]
    placeholders: frozenset[str]
    scales: Scales
    found: Found


@dataclass(frozen=True)
class _Question:
    """The question, part and factor that an item stands under."""

    part: str
    group: str
    text: Texts
    scale: str | None
    factor: Factor | None = None


def read_content(
    entry: FileEntry, context: Context
) -> tuple[tuple[QuestionnairePart, ...], tuple[Factor, ...], tuple[Item, ...]]:
    """Parts, factors and items in order, from `parts`, or from `questions` without parts.

    What is unknown, missing or doubled in an item is gathered in `context.found`, and the next one
    is read. Raises BadFile for what keeps all from being read.
    """
    parts: list[QuestionnairePart] = []
    items: list[tuple[FileEntry, Factor | None, Item]] = []
    if entry.has("parts"):
        for section in entry.entries("parts"):
            code = section.code("code", SHORT_CODE, "II")
            parts.append(QuestionnairePart(code, section.texts("title", context.languages)))
            items += _items(section, code, context)
            section.finish()
    else:
        items += _items(entry, "", context)
    factors: dict[str, Factor] = {}
    seen: dict[str, set[str]] = {"item": set(), "part": set()}
    for place, factor, item in items:
        context.found.value(partial(_once, place, "item", item.code, seen["item"]), None)
        if factor and factors.setdefault(factor.code, factor) is not factor:
            place.refuse(
                told("the factor %(code)s occurs twice"),
                told("Give each its own code."),
                code=factor.code,
            )
    for part in parts:
        _once(entry, "part", part.code, seen["part"])
    # the bytes of reasons stand behind all others
    ordered = sorted((item for _, _, item in items), key=lambda item: item.kind is ItemKind.REASON)
    return tuple(parts), tuple(factors.values()), tuple(ordered)


def _once(entry: FileEntry, what: str, code: str, seen: set[str]) -> None:
    if code in seen:
        entry.refuse(TWICE[what], told("Give each its own code."), code=code)
    seen.add(code)


def _items(
    section: FileEntry, part: str, context: Context
) -> Iterator[tuple[FileEntry, Factor | None, Item]]:
    """The items of a section's questions: under factors, as a list, or the question itself."""
    for entry in section.entries("questions"):
        if not (entry.has("factors") or entry.has("items")):
            yield from _items_of([entry], _Question(part, "", {}, None), context)
            continue
        has_text = entry.has("text")
        question = _Question(
            part,
            entry.code("code", SHORT_CODE, "9") if has_text or entry.has("code") else "",
            entry.texts("text", context.languages, context.placeholders) if has_text else {},
            entry.string("scale", "") or None,
        )
        if entry.has("factors"):
            yield from _factors(entry, question, context)
        else:
            yield from _items_of(entry.entries("items"), question, context)
        context.found.value(entry.finish, None)


def _items_of(
    entries: Iterable[FileEntry], question: _Question, context: Context
) -> Iterator[tuple[FileEntry, Factor | None, Item]]:
    """Those of these items that can be read; of the others the mistakes are gathered."""
    for entry in entries:
        read = context.found.value(partial(_item, entry, question, context), None)
        if read is not None:
            item, reasons = read
            yield entry, question.factor, item
            yield from ((place, None, reason) for place, reason in reasons)


def _factors(
    question_entry: FileEntry, question: _Question, context: Context
) -> Iterator[tuple[FileEntry, Factor | None, Item]]:
    for entry in question_entry.entries("factors"):
        component = entry.string("component")
        if component not in COMPONENTS:
            entry.refuse(
                told("unknown component `%(component)s`"),
                told("Known: %(known)s."),
                component=component,
                known=", ".join(COMPONENTS),
            )
        factor = Factor(
            entry.code("code", SHORT_CODE, "A"), component, entry.texts("title", context.languages)
        )
        within = replace(question, factor=factor)
        yield from _items_of(entry.entries("items"), within, context)
        context.found.value(entry.finish, None)


def _item(
    entry: FileEntry, question: _Question, context: Context
) -> tuple[Item, list[tuple[FileEntry, Item]]]:
    """An item, and the reasons that people may give for a low answer to it."""
    name = entry.string("scale", question.scale or "")
    if name not in context.scales:
        unknown = told("the scale `%(name)s` is not described")
        entry.refuse(
            unknown if name else told("there is no scale"),
            told("Name one of `scales`: %(known)s."),
            name=name,
            known=", ".join(context.scales),
        )
    kind, options = context.scales[name]
    # The index is made of the criteria of factors, and of these on five levels.
    if (kind is ItemKind.SATISFACTION) != (question.factor is not None):
        entry.refuse(
            told("the scale `%(name)s` is wrong here"),
            told("Items of a factor are on a satisfaction scale, and no others are."),
            name=name,
        )
    item = Item(
        code=entry.code("code", ITEM_CODE, "A1"),
        kind=kind,
        text=entry.texts("text", context.languages, context.placeholders),
        hint=entry.texts("hint", context.languages, context.placeholders)
        if entry.has("hint")
        else {},
        options=options,
        factor=question.factor.code if question.factor else None,
        group=question.group,
        question=question.text,
        part=question.part,
        confirmed=not entry.flag("unconfirmed", False),
        about_result=entry.flag("about_result", False),
        if_refused=entry.texts("if_refused", context.languages, context.placeholders)
        if entry.has("if_refused")
        else {},
    )
    if not item.about_result and item.if_refused:
        entry.refuse(
            told("`if_refused` stands where nothing is asked about the result"),
            told("Add `about_result: true`, or delete it."),
        )
    reasons = read_reasons(entry, item, context) if entry.has("reasons") else []
    entry.finish()
    return item, reasons


def read_reasons(
    entry: FileEntry, criterion: Item, context: Context
) -> list[tuple[FileEntry, Item]]:
    """The `reasons` of a criterion: two to five, each with a code and a short text.

    Raises BadFile where there are fewer or more, where the criterion is not on five levels, and
    for a text that does not fit on a small screen.
    """
    if criterion.factor is None or len(criterion.options) != LEVELS:
        entry.refuse(
            told("`reasons` stand under %(code)s"),
            told("Only criteria of a factor on five levels have reasons."),
            code=criterion.code,
        )
    places = list(entry.entries("reasons"))
    if not FEWEST_REASONS <= len(places) <= MOST_REASONS:
        entry.refuse(
            told("%(number)s reasons"),
            told("Give %(fewest)s to %(most)s."),
            number=len(places),
            fewest=FEWEST_REASONS,
            most=MOST_REASONS,
        )
    return [(place, _reason(place, criterion, context)) for place in places]


def _reason(place: FileEntry, criterion: Item, context: Context) -> Item:
    short = place.code("code", REASON_CODE, "FEE")
    code = f"{criterion.code}_{short}"
    if len(code) > LONGEST_CODE:
        place.refuse(
            told("%(code)s is longer than %(most)s letters"),
            told("Shorten it."),
            code=code,
            most=LONGEST_CODE,
        )
    text = place.texts("text", context.languages, context.placeholders)
    for language, words in text.items():
        if len(words) > LONGEST_REASON:
            place.refuse(
                told("`%(language)s` is longer than %(most)s letters"),
                told("Shorten it."),
                language=language,
                most=LONGEST_REASON,
            )
    place.finish()
    return Item(
        code=code,
        kind=ItemKind.REASON,
        text=text,
        hint={},
        options=(),
        factor=None,
        group=criterion.code,
        question={},
        part=criterion.part,
        confirmed=True,
    )
