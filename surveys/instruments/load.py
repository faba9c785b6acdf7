"""Puts the questionnaires' files into the tables. What has been answered does not change."""

from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction

from surveys.instruments.questionnaire import Questionnaire, Status
from surveys.instruments.reader import FOLDER, read_folder
from surveys.models import Criterion, Factor, Instrument, Response

# The only placeholder for which the tables have a place.
STORED_LABEL = "office"


class LoadRefused(Exception):
    """A file cannot go into the tables; nothing was changed. The message says what to do."""


class AnsweredInstrument(LoadRefused):
    """The file of a version that people have answered was changed."""


@dataclass
class Loaded:
    """The names (`counter v1`) of what a run did to each questionnaire."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    annotated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


def load_instruments(folder: Path = FOLDER) -> Loaded:
    """Makes the tables say what the files in `folder` say; all or nothing.

    A second run writes nothing. A version that nobody has answered is replaced by its changed
    file. Of an answered one only the remarks about it follow the file: source, notes, status,
    what is unconfirmed, which languages are drafts. Versions without a file stay.

    Raises BadFile for a wrong file and AnsweredInstrument when the content of an answered version
    differs; both say what to do.
    """
    questionnaires = read_folder(folder)
    loaded = Loaded()
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Several machines may start at once. Reading, and answering, go on meanwhile.
            cursor.execute("LOCK TABLE surveys_instrument IN SHARE ROW EXCLUSIVE MODE")
        _make_room_for_default(questionnaires)
        for questionnaire in questionnaires:
            _load(questionnaire, loaded)
    return loaded


def _make_room_for_default(questionnaires: tuple[Questionnaire, ...]) -> None:
    """Takes the default away from whichever instrument has it, if a file claims it."""
    for questionnaire in questionnaires:
        if questionnaire.status is Status.DEFAULT:
            others = Instrument.objects.filter(is_default=True).exclude(
                slug=questionnaire.slug, version=questionnaire.version
            )
            # No statement that changes nothing: it would still tell every process to read anew.
            if others.exists():
                others.update(is_default=False)


def _load(questionnaire: Questionnaire, loaded: Loaded) -> None:
    _check_storable(questionnaire)
    # FOR UPDATE: a response's foreign key waits for it, so nobody answers while we look and write.
    instrument = (
        Instrument.objects.select_for_update()
        .filter(slug=questionnaire.slug, version=questionnaire.version)
        .first()
    )
    if instrument is None:
        _write_items(questionnaire, Instrument.objects.create(**_columns(questionnaire)))
        loaded.added.append(questionnaire.name)
    elif instrument.content_hash != questionnaire.content_hash():
        if Response.objects.filter(instrument=instrument).exists():
            raise AnsweredInstrument(
                f"{questionnaire.name} has been answered, and its file says something else now. "
                "What people have answered cannot change: put the old text back, and make a new "
                f"file with version {questionnaire.version + 1} for the new one."
            )
        instrument.criteria.all().delete()
        instrument.factors.all().delete()
        Instrument.objects.filter(pk=instrument.pk).update(**_columns(questionnaire))
        _write_items(questionnaire, instrument)
        loaded.replaced.append(questionnaire.name)
    elif _annotate(questionnaire, instrument):
        loaded.annotated.append(questionnaire.name)
    else:
        loaded.unchanged.append(questionnaire.name)


def _check_storable(questionnaire: Questionnaire) -> None:
    """Refuses what would be lost: a citizen would read `{commune}`."""
    others = sorted(set(questionnaire.labels) - {STORED_LABEL})
    if others:
        raise LoadRefused(
            f"{questionnaire.name}: the tables have no place for the labels {', '.join(others)}. "
            "Write the words into the texts, or give surveys.models.Instrument a field for them."
        )


def _columns(questionnaire: Questionnaire) -> dict[str, object]:
    return {
        "slug": questionnaire.slug,
        "version": questionnaire.version,
        "title": questionnaire.title,
        "introduction": questionnaire.introduction,
        "office_labels": [
            {
                "from": label.first and label.first.isoformat(),
                "to": label.last and label.last.isoformat(),
                "text": label.text,
            }
            for label in questionnaire.labels.get(STORED_LABEL, ())
        ],
        "minimum_answered": questionnaire.minimum_answered,
        "official": questionnaire.official,
        "content_hash": questionnaire.content_hash(),
        **_remarks(questionnaire),
    }


def _remarks(questionnaire: Questionnaire) -> dict[str, object]:
    """The columns that may follow the file even after people have answered."""
    return {
        "draft_languages": list(questionnaire.draft_languages),
        "source": questionnaire.source,
        "notes": questionnaire.notes,
        "is_default": questionnaire.status is Status.DEFAULT,
        "offered": questionnaire.status is not Status.ARCHIVE,
    }


def _write_items(questionnaire: Questionnaire, instrument: Instrument) -> None:
    factors = Factor.objects.bulk_create(
        Factor(
            instrument=instrument,
            position=position,
            code=factor.code,
            component=factor.component,
            title=factor.title,
        )
        for position, factor in enumerate(questionnaire.factors)
    )
    by_code = {factor.code: factor for factor in factors}
    Criterion.objects.bulk_create(
        Criterion(
            instrument=instrument,
            factor=by_code[item.factor] if item.factor else None,
            position=position,
            code=item.code,
            scale=item.kind.value,
            group=item.group,
            question=item.question,
            text=item.text,
            hint=item.hint,
            options=[{"value": option.value, "text": option.text} for option in item.options],
            confirmed=item.confirmed,
        )
        for position, item in enumerate(questionnaire.items)
    )


def _annotate(questionnaire: Questionnaire, instrument: Instrument) -> bool:
    """Brings the remarks about an instrument up to date; whether there was anything to do."""
    remarks = _remarks(questionnaire)
    changed = any(getattr(instrument, name) != value for name, value in remarks.items())
    if changed:
        Instrument.objects.filter(pk=instrument.pk).update(**remarks)
    confirmed = {item.code: item.confirmed for item in questionnaire.items}
    moved = [c for c in instrument.criteria.all() if c.confirmed != confirmed[c.code]]
    for criterion in moved:
        criterion.confirmed = confirmed[criterion.code]
    if moved:
        Criterion.objects.bulk_update(moved, ["confirmed"])
    return changed or bool(moved)
