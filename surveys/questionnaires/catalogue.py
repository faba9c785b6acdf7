"""Instruments as the forms and the intake need them, kept in each process."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from offices.directory import OfficeEntry, Remembered
from surveys.models import Criterion, Factor, Instrument, Stage
from surveys.questionnaires.questionnaire import Label, Option, Questionnaire, Texts

# Placeholders of a form with what they stand for, such as `("office", "Trung tâm …")`.
Words = tuple[tuple[str, str], ...]
PLACEHOLDER = re.compile(r"\{(\w+)\}")

BLANK, NOT_ASKED, DONT_KNOW = 0, 8, 9
# The component of a question about everything at once.
OVERALL = "overall"

# The bytes that answer an item, by its scale.
ANSWERS: Mapping[str, range] = {
    Criterion.Scale.SATISFACTION: range(1, 6),
    Criterion.Scale.LEVEL4: range(1, 5),
    Criterion.Scale.CHOICE: range(1, 8),
    Criterion.Scale.BOX: range(0, 2),
    Criterion.Scale.YESNO: range(1, 3),
    Criterion.Scale.REASON: range(1, 3),
}
# Of a reason: given, or not given by somebody who might have; 0 where nobody could.
GIVEN, NOT_GIVEN = 1, 2


def fill(text: str, words: Words) -> str:
    """`text` with every placeholder, such as `{office}`, replaced by its words."""
    for placeholder, word in words:
        text = text.replace(f"{{{placeholder}}}", word)
    return text


def text_in(texts: Texts, language: str) -> str:
    """The text in `language`, else in Vietnamese."""
    return texts.get(language) or texts.get("vi", "")


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """One item, at `position` of the packed answers."""

    position: int
    code: str
    scale: str
    text: Texts
    hint: Texts
    options: tuple[Option, ...]
    factor_code: str | None
    group: str
    question: Texts
    part: str = ""
    about_result: bool = False
    if_refused: Texts = field(default_factory=dict)

    def accepts(self, byte: int) -> bool:
        """Whether `byte` may stand for this item: an answer, blank or don't know."""
        if byte == BLANK or (byte == DONT_KNOW and self.scale != Criterion.Scale.REASON):
            return True
        if self.scale in (Criterion.Scale.CHOICE, Criterion.Scale.SATISFACTION):
            return any(option.value == byte for option in self.options)
        return byte in ANSWERS[self.scale]


@dataclass(frozen=True, slots=True)
class FactorEntry:
    """A factor with its criteria in order."""

    code: str
    title: Texts
    component: str
    items: tuple[ItemEntry, ...]


@dataclass(frozen=True, eq=False)
class InstrumentEntry:
    """One version of a questionnaire. Two entries are the same only if they are one object."""

    id: int
    slug: str
    version: int
    title: Texts
    introduction: Texts
    factors: tuple[FactorEntry, ...]
    items: tuple[ItemEntry, ...]
    minimum_answered: float
    method: str
    satisfied: frozenset[int]
    valid: frozenset[int]
    labels: Mapping[str, tuple[Label, ...]]
    placeholders: frozenset[str]
    parts: tuple[tuple[str, Texts], ...]
    draft_languages: tuple[str, ...]
    offered: bool
    was_offered: bool
    newest: bool
    official: bool
    one_by_one_since: date | None = None
    stage_first_since: date | None = None

    @cached_property
    def reasons(self) -> Mapping[str, tuple[ItemEntry, ...]]:
        """By criterion, the reasons that people may give for a low answer to it."""
        found: dict[str, tuple[ItemEntry, ...]] = {}
        for item in self.items:
            if item.scale == Criterion.Scale.REASON:
                found[item.group] = (*found.get(item.group, ()), item)
        return found

    @property
    def overall_alone(self) -> bool:
        """Whether it begins with one overall question whose answer alone makes a valid form."""
        first = self.factors[0] if self.factors else None
        if first is None or first.component != OVERALL or len(first.items) != 1:
            return False
        only = bytearray(len(self.items))
        only[first.items[0].position] = first.items[0].options[0].value
        return self.enough(bytes(only))

    def is_one_by_one(self, day: date) -> bool:
        """Whether phones ask it one question a screen on that day."""
        return self.one_by_one_since is not None and self.one_by_one_since <= day

    def asks_stage_first(self, day: date) -> bool:
        """Whether on that day the stage is asked before anything about the result."""
        return self.stage_first_since is not None and self.stage_first_since <= day

    @property
    def asked_anew(self) -> frozenset[date]:
        """First days of the months in which people began to be asked in another way.

        Figures before and since are not compared: other people answer, or other questions.
        """
        since = (self.one_by_one_since, self.stage_first_since)
        return frozenset(day.replace(day=1) for day in since if day)

    def not_asked(self, stage: Stage, day: date) -> frozenset[str]:
        """The codes of what is not asked of somebody at this stage on that day."""
        if stage is not Stage.WAITING or not self.asks_stage_first(day):
            return frozenset()
        return frozenset(item.code for item in self.items if item.about_result)

    def office_label(self, office: OfficeEntry, day: date, language: str) -> str:
        """What `{office}` stands for: the office's own word, else the usual one on `day`."""
        if office.label:
            return office.label
        return self._label("office", day, language) or office.name

    def words(self, office: OfficeEntry, day: date, language: str) -> Words:
        """What every placeholder of the form stands for at this office.

        A place without a label is the office's own. Only what the form uses is filled: words that
        differ from office to office would build every page once for each of them.
        """
        places = {"commune": office.unit_name, "province": office.province_name}
        filled = {
            placeholder: self._label(placeholder, day, language) or places.get(placeholder, "")
            for placeholder in self.placeholders
        }
        filled["office"] = self.office_label(office, day, language)
        return tuple(sorted(filled.items()))

    def _label(self, placeholder: str, day: date, language: str) -> str:
        labels = self.labels.get(placeholder, ())
        return next((text_in(label.text, language) for label in labels if label.hold(day)), "")

    def levels(self, packed: bytes) -> list[int]:
        """The answers, 1 to 5, to those satisfaction criteria that have one."""
        return [
            packed[item.position]
            for item in self.items
            if item.scale == Criterion.Scale.SATISFACTION and 1 <= packed[item.position] <= 5
        ]

    def enough(self, packed: bytes) -> bool:
        """Whether at least `minimum_answered` of the satisfaction criteria have an answer.

        Of whoever was not asked about the result those count that were asked: nobody's form is
        thrown away for questions that were not put.
        """
        criteria = sum(
            item.scale == Criterion.Scale.SATISFACTION
            and not (item.about_result and packed[item.position] == NOT_ASKED)
            for item in self.items
        )
        answered = len(self.levels(packed))
        return answered > 0 and answered >= self.minimum_answered * criteria


@dataclass(frozen=True)
class Catalogue:
    """All instruments at one moment, old versions included."""

    instruments: Mapping[tuple[str, int], InstrumentEntry]
    default: InstrumentEntry | None

    def instrument(self, slug: str, version: int | None = None) -> InstrumentEntry | None:
        """The instrument with this short name: exactly `version`, or the newest."""
        if version is not None:
            return self.instruments.get((slug, version))
        return next((i for i in self.instruments.values() if i.slug == slug and i.newest), None)

    def exact(self, name: str) -> InstrumentEntry | None:
        """The instrument that is called `slug.version`; None for anything else."""
        slug, _, version = name.rpartition(".")
        if not (version.isascii() and version.isdecimal() and len(version) < 5):
            return None
        return self.instrument(slug, int(version))

    def by_id(self, instrument_id: int) -> InstrumentEntry | None:
        """The instrument with this key."""
        return next((i for i in self.instruments.values() if i.id == instrument_id), None)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _entry(instrument: Instrument, newest: bool) -> InstrumentEntry:
    items = tuple(
        ItemEntry(
            position=criterion.position,
            code=criterion.code,
            scale=criterion.scale,
            text=criterion.text,
            hint=criterion.hint,
            options=tuple(Option(o["value"], o["text"]) for o in criterion.options),
            factor_code=criterion.factor.code if criterion.factor else None,
            group=criterion.group,
            question=criterion.question,
            part=criterion.part,
            about_result=criterion.about_result,
            if_refused=criterion.if_refused,
        )
        for criterion in sorted(instrument.criteria.all(), key=lambda c: c.position)
    )
    factors = tuple(
        FactorEntry(
            code=factor.code,
            title=factor.title,
            component=factor.component,
            items=tuple(item for item in items if item.factor_code == factor.code),
        )
        for factor in sorted(instrument.factors.all(), key=_position)
    )
    return InstrumentEntry(
        id=instrument.pk,
        slug=instrument.slug,
        version=instrument.version,
        title=instrument.title,
        introduction=instrument.introduction,
        factors=factors,
        items=items,
        minimum_answered=instrument.minimum_answered,
        method=instrument.method,
        satisfied=frozenset(instrument.satisfied),
        valid=frozenset(instrument.valid),
        labels={
            placeholder: tuple(
                Label(_day(label.get("from")), _day(label.get("to")), label["text"])
                for label in labels
            )
            for placeholder, labels in instrument.labels.items()
        },
        placeholders=_placeholders([instrument.introduction, *_texts(items)]),
        parts=tuple((part["code"], part["title"]) for part in instrument.parts),
        draft_languages=tuple(instrument.draft_languages),
        offered=instrument.offered,
        was_offered=instrument.was_offered,
        newest=newest,
        official=instrument.official,
        one_by_one_since=instrument.one_by_one_since,
        stage_first_since=instrument.stage_first_since,
    )


def entry_of(questionnaire: Questionnaire) -> InstrumentEntry:
    """A file's questionnaire as forms need it, before it is in any table; its id is 0."""
    items = tuple(
        ItemEntry(
            position=position,
            code=item.code,
            scale=item.kind.value,
            text=item.text,
            hint=item.hint,
            options=item.options,
            factor_code=item.factor,
            group=item.group,
            question=item.question,
            part=item.part,
            about_result=item.about_result,
            if_refused=item.if_refused,
        )
        for position, item in enumerate(questionnaire.items)
    )
    factors = tuple(
        FactorEntry(
            factor.code,
            factor.title,
            factor.component,
            tuple(item for item in items if item.factor_code == factor.code),
        )
        for factor in questionnaire.factors
    )
    return InstrumentEntry(
        id=0,
        slug=questionnaire.slug,
        version=questionnaire.version,
        title=questionnaire.title,
        introduction=questionnaire.introduction,
        factors=factors,
        items=items,
        minimum_answered=questionnaire.minimum_answered,
        method=questionnaire.method.value,
        satisfied=questionnaire.satisfied,
        valid=questionnaire.valid,
        labels=questionnaire.labels,
        placeholders=_placeholders([questionnaire.introduction, *_texts(items)]),
        parts=tuple((part.code, part.title) for part in questionnaire.parts),
        draft_languages=questionnaire.draft_languages,
        offered=False,
        was_offered=False,
        newest=True,
        official=questionnaire.official,
        stage_first_since=date.min if questionnaire.stage_first else None,
    )


def _texts(items: Iterable[ItemEntry]) -> Iterable[Texts]:
    for item in items:
        yield from (item.text, item.hint, item.question, item.if_refused)


def _placeholders(texts: Iterable[Texts]) -> frozenset[str]:
    return frozenset(
        name for text in texts for words in text.values() for name in PLACEHOLDER.findall(words)
    )


def _position(factor: Factor) -> int:
    return factor.position


def _read() -> Catalogue:
    rows = list(
        Instrument.objects.prefetch_related("factors", "criteria__factor").order_by(
            "slug", "version"
        )
    )
    newest = {row.slug: row.pk for row in rows}
    entries = {
        (row.slug, row.version): _entry(row, newest=newest[row.slug] == row.pk) for row in rows
    }
    default = next((row for row in rows if row.is_default), None)
    return Catalogue(entries, entries[(default.slug, default.version)] if default else None)


_catalogue = Remembered(_read)


def current() -> Catalogue:
    """The catalogue; no statement on a warm process but the revision check now and then."""
    return _catalogue.current()
