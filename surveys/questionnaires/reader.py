"""Reads and checks the files of questionnaires; every refusal says where and what to do."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import yaml

from surveys.questionnaires.content import Context, Scales, read_content
from surveys.questionnaires.counting import read_counting
from surveys.questionnaires.entry import BadFile, FileEntry
from surveys.questionnaires.questionnaire import (
    LABELS,
    ItemKind,
    Label,
    Option,
    Questionnaire,
    Status,
)

FOLDER = Path(__file__).parent

REQUIRED_LANGUAGES = ("vi", "en")
LANGUAGES = (*REQUIRED_LANGUAGES, "km")
# Filled with the names of the office's units where a form gives no label.
PLACES = ("commune", "province")
# Local words: the office; xã, phường or đặc khu; tỉnh or thành phố; the point of service.
PLACEHOLDERS = ("office", *PLACES, "service_point")

# The lengths that the tables hold.
SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
LONGEST_SLUG = 40
LAST_VERSION = 32767


class _Loader(yaml.SafeLoader):
    """YAML in which a key that occurs twice is an error: the second would win in silence."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[object, object]:
    found: dict[object, object] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str | int):
            raise yaml.constructor.ConstructorError(
                None, None, "a key is no plain word", key_node.start_mark
            )
        if key in found:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key `{key}` occurs twice", key_node.start_mark
            )
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_folder(folder: Path = FOLDER) -> tuple[Questionnaire, ...]:
    """The questionnaires of all `*.yaml` in `folder`, by slug and version. Raises BadFile.

    A folder without files, a slug and version in two files, and two defaults are errors.
    """
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise BadFile(f"{folder}: there is no questionnaire. Put one YAML file per version there.")
    seen: dict[tuple[str, int], str] = {}
    default = ""
    found = []
    for path in paths:
        questionnaire = read_file(path)
        key = (questionnaire.slug, questionnaire.version)
        if key in seen:
            raise BadFile(
                f"{path.name}: {questionnaire.name} is also in {seen[key]}. "
                "Give one of them another version."
            )
        seen[key] = path.name
        if questionnaire.status is Status.DEFAULT:
            if default:
                raise BadFile(
                    f"{path.name}: `status` is default, and so it is in {default}. "
                    "Make one of them `offered`."
                )
            default = path.name
        found.append(questionnaire)
    return tuple(sorted(found, key=lambda q: (q.slug, q.version)))


def read_file(path: Path) -> Questionnaire:
    """The questionnaire in the file. Raises BadFile."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadFile(f"{path.name}: byte {error.start} is not UTF-8. Save it as UTF-8.") from None
    return parse(text, path.name)


def parse(text: str, file: str) -> Questionnaire:
    """The questionnaire that `text` (YAML) describes; `file` names it in errors.

    Raises BadFile for anything unknown, missing, doubled or outside its range.
    """
    try:
        # _Loader is a SafeLoader: it makes plain values only.
        value = yaml.load(text, Loader=_Loader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadFile(f"{file}: line {line}: {error.problem}. Correct the YAML.") from None
    except (yaml.YAMLError, ValueError) as error:
        raise BadFile(f"{file}: {error}. Correct the YAML.") from None
    return _questionnaire(FileEntry(file, "the file", value))


def _questionnaire(entry: FileEntry) -> Questionnaire:
    slug = entry.code("slug", SLUG, "sipas-2026-services")
    if len(slug) > LONGEST_SLUG:
        entry.refuse(f"`slug` is longer than {LONGEST_SLUG} letters", "Shorten it.")
    version = entry.number("version", 1, LAST_VERSION)
    if not isinstance(version, int):
        entry.refuse(f"`version` is {version}", "Give a whole number.")
    status = entry.string("status")
    if status not in {s.value for s in Status}:
        entry.refuse(f"`status` is {status}", "Give default, offered or archive.")
    languages = _languages(entry)
    labels = _labels(entry, languages)
    placeholders = frozenset((*labels, *PLACES))
    context = Context(languages, placeholders, _scales(entry, languages))
    counting = read_counting(entry, context.scales)
    parts, factors, items = read_content(entry, context)
    questionnaire = Questionnaire(
        slug=slug,
        version=version,
        status=Status(status),
        official=entry.flag("official"),
        title=entry.texts("title", languages),
        introduction=entry.texts("introduction", languages, placeholders),
        labels=labels,
        draft_languages=_drafts(entry, languages),
        source=entry.string("source"),
        notes=entry.string("notes", ""),
        minimum_answered=float(entry.number("minimum_answered", 0, 1)),
        method=counting.method,
        satisfied=counting.satisfied,
        valid=counting.valid,
        parts=parts,
        factors=factors,
        items=items,
    )
    entry.finish()
    return questionnaire


def _languages(entry: FileEntry) -> tuple[str, ...]:
    languages = tuple(str(language) for language in entry.sequence("languages"))
    for language in REQUIRED_LANGUAGES:
        if language not in languages:
            entry.refuse(f"`languages` has no `{language}`", "Every form has vi and en.")
    for language in languages:
        if language not in LANGUAGES:
            entry.refuse(f"unknown language `{language}`", f"Known: {', '.join(LANGUAGES)}.")
    return tuple(language for language in LANGUAGES if language in languages)


def _drafts(entry: FileEntry, languages: Sequence[str]) -> tuple[str, ...]:
    drafts = tuple(str(language) for language in entry.sequence("draft_languages", ()))
    for language in drafts:
        if language == "vi" or language not in languages:
            entry.refuse(
                f"`draft_languages` has `{language}`",
                "Name languages of the form other than Vietnamese.",
            )
    return drafts


def _labels(entry: FileEntry, languages: Sequence[str]) -> dict[str, tuple[Label, ...]]:
    found: dict[str, tuple[Label, ...]] = {}
    for name, value in entry.mapping("labels", {}):
        if name not in PLACEHOLDERS:
            entry.refuse(f"unknown label `{name}`", f"Known: {', '.join(PLACEHOLDERS)}.")
        inner = FileEntry(entry.file, f"labels › {name}", {"periods": value})
        labels = []
        for period in inner.entries("periods"):
            labels.append(
                Label(period.day("from"), period.day("to"), period.texts("text", languages))
            )
            period.finish()
        ends = [labels[0].first, labels[-1].last]
        joins = all(
            a.last and b.first and a.last + timedelta(days=1) == b.first <= (b.last or b.first)
            for a, b in pairwise(labels)
        )
        if ends != [None, None] or not joins:
            inner.refuse(
                "the periods leave a day without a label, or with two",
                "Order them; leave out the first `from` and the last `to`; begin each on the day "
                "after the one before.",
            )
        found[name] = tuple(labels)
    return found


def _scales(entry: FileEntry, languages: Sequence[str]) -> Scales:
    scales: dict[str, tuple[ItemKind, tuple[Option, ...]]] = {}
    for name, value in entry.mapping("scales"):
        scale = FileEntry(entry.file, f"scales › {name}", value)
        kind = scale.string("kind")
        if kind not in {k.value for k in ItemKind}:
            scale.refuse(f"unknown kind `{kind}`", f"Known: {', '.join(ItemKind)}.")
        fewest, most = LABELS[ItemKind(kind)]
        labels = scale.sequence("labels", ())
        if not fewest <= len(labels) <= most:
            wanted = str(most) if fewest == most else f"{fewest} to {most}"
            scale.refuse(f"{len(labels)} labels for a {kind} scale", f"Give {wanted}.")
        options = tuple(
            Option(byte, scale.texts_of(f"label {byte}", label, languages, frozenset()))
            for byte, label in enumerate(labels, start=1)
        )
        scale.finish()
        scales[name] = (ItemKind(kind), options)
    return scales
