"""Reads and checks the files of questionnaires; every refusal says where and what to do."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import yaml

from surveys.questionnaires.content import Context, Scales, read_content
from surveys.questionnaires.counting import Counting, read_counting
from surveys.questionnaires.entry import (
    WHOLE_FILE,
    BadFile,
    FileEntry,
    Found,
    LinedMapping,
    Mistake,
    told,
)
from surveys.questionnaires.questionnaire import (
    LABELS,
    SATISFIED,
    VALID,
    Item,
    ItemKind,
    Label,
    Option,
    Questionnaire,
    Status,
    Texts,
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
# The largest of ours has 460 values in three languages, 11 deep.
MOST_VALUES = 5_000
DEEPEST = 20


class _Refused(yaml.constructor.ConstructorError):
    """What YAML allows and we do not; `problem` is marked by `told`, `key` is filled in."""

    def __init__(self, problem: str, mark: yaml.Mark | None, key: object = "") -> None:
        super().__init__(None, None, problem % {"key": key}, mark)
        self.template, self.key = problem, key


class _Loader(yaml.SafeLoader):
    """YAML in which a key that occurs twice is an error: the second would win in silence.

    So are references: a few of them make a text of gigabytes. What has more values than any
    questionnaire, or lies deeper, is not read on.
    """

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.values = self.depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """As YAML's, without references and with an end."""
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
        if self.check_event(yaml.events.AliasEvent):
            raise _Refused(told("a reference stands here"), mark)
        self.values += 1
        if self.values > MOST_VALUES:
            raise _Refused(told("there are more than %(key)s values"), mark, MOST_VALUES)
        self.depth += 1
        if self.depth > DEEPEST:
            raise _Refused(told("values lie more than %(key)s deep"), mark, DEEPEST)
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[object, object]:
    found = LinedMapping()
    lines: dict[object, int] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str | int):
            raise _Refused(told("a key is no plain word"), key_node.start_mark)
        if key in found:
            raise _Refused(told("the key `%(key)s` occurs twice"), key_node.start_mark, key)
        found[key] = loader.construct_object(value_node, deep=True)
        lines[key] = key_node.start_mark.line + 1
    found.line, found.lines = node.start_mark.line + 1, lines
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
        ours = error if isinstance(error, _Refused) else None
        unreadable = told("this is no readable YAML")
        mistake = Mistake(
            WHOLE_FILE,
            line,
            ours.template if ours else unreadable,
            told("Correct the YAML."),
            {"key": ours.key if ours else ""},
        )
        message = f"{file}: line {line}: {error.problem}. Correct the YAML."
        raise BadFile(message, [mistake]) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mistake = Mistake(
            WHOLE_FILE,
            None,
            told("this is no readable YAML"),
            told("Correct the YAML."),
        )
        raise BadFile(f"{file}: {error}. Correct the YAML.", [mistake]) from None
    return _questionnaire(FileEntry(file, WHOLE_FILE, value, 1))


def _questionnaire(entry: FileEntry) -> Questionnaire:
    """Reads on after a mistake, as far as what follows does not depend on it."""
    found = Found()
    no_texts: Texts = {}
    slug = found.value(partial(_slug, entry), "")
    version = found.value(partial(_version, entry), 0)
    status = found.value(partial(_status, entry), Status.ARCHIVE)
    languages = found.value(partial(_languages, entry), ())
    scales = found.value(partial(_scales, entry, languages), None) if languages else None
    if scales is None:
        found.refuse_all(entry.file)  # texts and items cannot be judged without
    no_labels: dict[str, tuple[Label, ...]] = {}
    labels = found.value(partial(_labels, entry, languages), no_labels)
    context = Context(languages, frozenset((*labels, *PLACES)), scales or {}, found)
    counting = found.value(partial(read_counting, entry, context.scales), None)
    parts, factors, items = found.value(partial(read_content, entry, context), ((), (), ()))
    introduction = partial(entry.texts, "introduction", languages, context.placeholders)
    official = found.value(partial(entry.flag, "official"), False)
    title = found.value(partial(entry.texts, "title", languages), no_texts)
    introduced = found.value(introduction, no_texts)
    drafts = found.value(partial(_drafts, entry, languages), ())
    source = found.value(partial(entry.string, "source"), "")
    notes = found.value(partial(entry.string, "notes", ""), "")
    minimum = found.value(partial(entry.number, "minimum_answered", 0, 1), 0)
    one_by_one = found.value(partial(entry.flag, "one_by_one", False), False)
    stage_first = found.value(partial(_stage_first, entry, items), False)
    if counting is not None and any(item.kind is ItemKind.REASON for item in items):
        found.value(partial(_may_give_reasons, entry, counting, official=official), None)
    found.value(entry.finish, None)
    found.refuse_all(entry.file)
    assert counting is not None  # noqa: S101 - else it was refused
    return Questionnaire(
        slug=slug,
        version=version,
        status=status,
        official=official,
        title=title,
        introduction=introduced,
        labels=labels,
        draft_languages=drafts,
        source=source,
        notes=notes,
        minimum_answered=float(minimum),
        method=counting.method,
        satisfied=counting.satisfied,
        valid=counting.valid,
        parts=parts,
        factors=factors,
        items=items,
        one_by_one=one_by_one,
        stage_first=stage_first,
    )


def _slug(entry: FileEntry) -> str:
    slug = entry.code("slug", SLUG, "sipas-2026-services")
    if len(slug) > LONGEST_SLUG:
        entry.refuse(
            told("`slug` is longer than %(most)s letters"),
            told("Shorten it."),
            most=LONGEST_SLUG,
        )
    return slug


def _version(entry: FileEntry) -> int:
    version = entry.number("version", 1, LAST_VERSION)
    if not isinstance(version, int):
        entry.refuse(
            told("`version` is %(version)s"),
            told("Give a whole number."),
            version=version,
        )
    return version


def _status(entry: FileEntry) -> Status:
    status = entry.string("status")
    if status not in {s.value for s in Status}:
        entry.refuse(
            told("`status` is %(status)s"),
            told("Give default, offered or archive."),
            status=status,
        )
    return Status(status)


def _stage_first(entry: FileEntry, items: Sequence[Item]) -> bool:
    """The stage is asked on the first page, so a question about the result cannot stand there."""
    first = entry.flag("stage_first", False)
    asked = [item for item in items if item.factor]
    about = {item.factor for item in asked if item.about_result}
    if first and (not about or asked[0].factor in about):
        entry.refuse(
            told("`stage_first` needs questions about the result, and others before them"),
            told("Mark them with `about_result: true`; the first factor has none."),
        )
    return first


def _languages(entry: FileEntry) -> tuple[str, ...]:
    languages = tuple(str(language) for language in entry.sequence("languages"))
    for language in REQUIRED_LANGUAGES:
        if language not in languages:
            entry.refuse(
                told("`languages` has no `%(language)s`"),
                told("Every form has vi and en."),
                language=language,
            )
    for language in languages:
        if language not in LANGUAGES:
            entry.refuse(
                told("unknown language `%(language)s`"),
                told("Known: %(known)s."),
                language=language,
                known=", ".join(LANGUAGES),
            )
    return tuple(language for language in LANGUAGES if language in languages)


def _may_give_reasons(entry: FileEntry, counting: Counting, *, official: bool) -> None:
    """Refuses reasons that would change an official form, or whose base no figure tells."""
    if official:
        entry.refuse(
            told("an official form has `reasons`"),
            told("Official forms ask what they say and nothing more: delete them."),
        )
    if (counting.satisfied, counting.valid) != (SATISFIED, VALID):
        entry.refuse(
            told("there are `reasons`, and other answers count than 1 to 5, 4 and 5 as satisfied"),
            told("Delete the reasons, or `satisfied` and `valid`."),
        )


def _drafts(entry: FileEntry, languages: Sequence[str]) -> tuple[str, ...]:
    drafts = tuple(str(language) for language in entry.sequence("draft_languages", ()))
    for language in drafts:
        if language == "vi" or language not in languages:
            entry.refuse(
                told("`draft_languages` has `%(language)s`"),
                told("Name languages of the form other than Vietnamese."),
                language=language,
            )
    return drafts


def _labels(entry: FileEntry, languages: Sequence[str]) -> dict[str, tuple[Label, ...]]:
    found: dict[str, tuple[Label, ...]] = {}
    for name, value in entry.mapping("labels", {}):
        if name not in PLACEHOLDERS:
            entry.refuse(
                told("unknown label `%(name)s`"),
                told("Known: %(known)s."),
                name=name,
                known=", ".join(PLACEHOLDERS),
            )
        inner = FileEntry(entry.file, f"labels › {name}", {"periods": value}, entry.asked_line)
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
                told("the periods leave a day without a label, or with two"),
                told(
                    "Order them; leave out the first `from` and the last `to`; begin each on the "
                    "day after the one before."
                ),
            )
        found[name] = tuple(labels)
    return found


def _scales(entry: FileEntry, languages: Sequence[str]) -> Scales:
    scales: dict[str, tuple[ItemKind, tuple[Option, ...]]] = {}
    for name, value in entry.mapping("scales"):
        scale = FileEntry(entry.file, f"scales › {name}", value, entry.asked_line)
        kind = scale.string("kind")
        if kind not in LABELS:
            scale.refuse(
                told("unknown kind `%(kind)s`"),
                told("Known: %(known)s."),
                kind=kind,
                known=", ".join(LABELS),
            )
        fewest, most = LABELS[ItemKind(kind)]
        labels = scale.sequence("labels", ())
        if not fewest <= len(labels) <= most:
            wanted = str(most) if fewest == most else f"{fewest} to {most}"
            scale.refuse(
                told("%(labels)s labels for a %(kind)s scale"),
                told("Give %(wanted)s."),
                labels=len(labels),
                kind=kind,
                wanted=wanted,
            )
        options = tuple(
            Option(byte, scale.texts_of(f"label {byte}", label, languages, frozenset()))
            for byte, label in enumerate(labels, start=1)
        )
        scale.finish()
        scales[name] = (ItemKind(kind), options)
    return scales
