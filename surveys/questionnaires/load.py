"""Puts the questionnaires' files into the tables. What has been answered does not change."""

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from surveys.models import Criterion, Factor, Instrument, Response
from surveys.questionnaires.questionnaire import Questionnaire, Status
from surveys.questionnaires.reader import FOLDER, read_folder

# Any: JSON and plain columns, as Django's own `values()` gives them.
Row = dict[str, Any]


class LoadRefused(Exception):
    """A file cannot go into the tables; nothing was changed. The message says what to do."""


class AnsweredInstrument(LoadRefused):
    """The file of a version that people have answered was changed."""


@dataclass
class Loaded:
    """The names (`counter v1`) of what a run did to each questionnaire."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


def load_instruments(folder: Path = FOLDER) -> Loaded:
    """Makes the tables say what the files in `folder` say; all or nothing.

    A second run writes nothing. A version that nobody has answered is replaced by its changed
    file. Of an answered one only the remarks about it follow the file (source, notes, status,
    what is unconfirmed, which languages are drafts), and rows that were changed by another way
    are put back. Versions without a file stay.

    Raises BadFile for a wrong file and AnsweredInstrument when the content of an answered version
    differs; both say what to do. What people decided about a version (whether it is asked) stays.
    """
    questionnaires = read_folder(folder)
    loaded = Loaded()
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Several machines may start at once. Reading, and answering, go on meanwhile.
            cursor.execute("LOCK TABLE surveys_instrument IN SHARE ROW EXCLUSIVE MODE")
        chosen = Instrument.objects.filter(is_default=True, decided_on__isnull=False).exists()
        if not chosen:
            _make_room_for_default(questionnaires)
        for questionnaire in questionnaires:
            if chosen and questionnaire.status is Status.DEFAULT:
                # people chose another; the file says only that it may be asked
                questionnaire = replace(questionnaire, status=Status.OFFERED)
            _load(questionnaire, loaded)
    return loaded


@transaction.atomic
def put_live(questionnaire: Questionnaire, day: date) -> Instrument:
    """The rows of a version that people decided to ask from now on; files change that no more.

    Raises AnsweredInstrument where the version is there with another content and was answered.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE surveys_instrument IN SHARE ROW EXCLUSIVE MODE")
    if questionnaire.status is Status.DEFAULT:
        default = Instrument.objects.filter(is_default=True)
        default.update(is_default=False, decided_on=day)
    key = {"slug": questionnaire.slug, "version": questionnaire.version}
    Instrument.objects.filter(**key).update(decided_on=None)
    _load(questionnaire, Loaded())
    Instrument.objects.filter(**key).update(decided_on=day)
    return Instrument.objects.get(**key)


class StillAsked(LoadRefused):
    """The version is asked unless another is chosen, so another has to take its place first."""


@transaction.atomic
def retire(slug: str, version: int, day: date) -> None:
    """Nobody is asked this version any more. Raises StillAsked, and Instrument.DoesNotExist."""
    instrument = Instrument.objects.select_for_update().get(slug=slug, version=version)
    if instrument.is_default:
        raise StillAsked(f"{slug} v{version} is the default.")
    Instrument.objects.filter(pk=instrument.pk).update(offered=False, decided_on=day)


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
    instrument = Instrument.objects.filter(
        slug=questionnaire.slug, version=questionnaire.version
    ).first()
    columns = _columns(questionnaire)
    if instrument is not None and instrument.decided_on is not None:
        columns |= {"offered": instrument.offered, "is_default": instrument.is_default}
    if instrument is None:
        made = Instrument.objects.create(**columns, was_offered=columns["offered"])
        _write(questionnaire, made)
        loaded.added.append(questionnaire.name)
    elif instrument.content_hash != columns["content_hash"]:
        if _answered(instrument):
            raise AnsweredInstrument(
                f"{questionnaire.name} has been answered, and its file says something else now. "
                "What people have answered cannot change: put the old text back, and make a new "
                f"file with version {questionnaire.version + 1} for the new one."
            )
        _rewrite(questionnaire, instrument, columns)
        loaded.replaced.append(questionnaire.name)
    elif (
        any(getattr(instrument, name) != value for name, value in columns.items())
        or _stored_factors(instrument) != _factors(questionnaire)
        or _stored_criteria(instrument) != _criteria(questionnaire)
    ):
        _rewrite(questionnaire, instrument, columns)
        loaded.corrected.append(questionnaire.name)
    else:
        loaded.unchanged.append(questionnaire.name)


def _answered(instrument: Instrument) -> bool:
    """Whether anybody has answered it; nobody can between this and the end of the transaction."""
    with connection.cursor() as cursor:
        # A lock on the instrument's row would not do: foreign keys are checked at COMMIT only, so
        # a response may be on its way without holding any lock on its instrument.
        cursor.execute("LOCK TABLE surveys_response IN SHARE MODE")
    return Response.objects.filter(instrument=instrument).exists()


def _columns(questionnaire: Questionnaire) -> Row:
    return {
        "slug": questionnaire.slug,
        "version": questionnaire.version,
        "title": questionnaire.title,
        "introduction": questionnaire.introduction,
        "parts": [{"code": part.code, "title": part.title} for part in questionnaire.parts],
        "labels": {
            placeholder: [
                {
                    "from": label.first and label.first.isoformat(),
                    "to": label.last and label.last.isoformat(),
                    "text": label.text,
                }
                for label in labels
            ]
            for placeholder, labels in questionnaire.labels.items()
        },
        "draft_languages": list(questionnaire.draft_languages),
        "source": questionnaire.source,
        "notes": questionnaire.notes,
        "minimum_answered": questionnaire.minimum_answered,
        "method": questionnaire.method.value,
        "satisfied": sorted(questionnaire.satisfied),
        "valid": sorted(questionnaire.valid),
        "official": questionnaire.official,
        "is_default": questionnaire.status is Status.DEFAULT,
        "offered": questionnaire.status is not Status.ARCHIVE,
        "content_hash": questionnaire.content_hash(),
    }


def _factors(questionnaire: Questionnaire) -> list[Row]:
    return [
        {
            "position": position,
            "code": factor.code,
            "component": factor.component,
            "title": factor.title,
        }
        for position, factor in enumerate(questionnaire.factors)
    ]


def _criteria(questionnaire: Questionnaire) -> list[Row]:
    return [
        {
            "factor__code": item.factor,
            "position": position,
            "code": item.code,
            "scale": item.kind.value,
            "part": item.part,
            "group": item.group,
            "question": item.question,
            "text": item.text,
            "hint": item.hint,
            "options": [{"value": option.value, "text": option.text} for option in item.options],
            "confirmed": item.confirmed,
        }
        for position, item in enumerate(questionnaire.items)
    ]


def _stored_factors(instrument: Instrument) -> list[Row]:
    """What the tables say, in the shape of what the file says."""
    rows = instrument.factors.values("position", "code", "component", "title")
    return [dict(row) for row in rows]


def _stored_criteria(instrument: Instrument) -> list[Row]:
    """As `_stored_factors`."""
    rows = instrument.criteria.values(
        *("factor__code", "position", "code", "scale", "part", "group"),
        *("question", "text", "hint", "options", "confirmed"),
    )
    return [dict(row) for row in rows]


def _rewrite(questionnaire: Questionnaire, instrument: Instrument, columns: Row) -> None:
    instrument.criteria.all().delete()
    instrument.factors.all().delete()
    was_offered = instrument.was_offered or instrument.offered or columns["offered"]
    Instrument.objects.filter(pk=instrument.pk).update(**columns, was_offered=was_offered)
    _write(questionnaire, instrument)


def _write(questionnaire: Questionnaire, instrument: Instrument) -> None:
    factors = Factor.objects.bulk_create(
        Factor(instrument=instrument, **row) for row in _factors(questionnaire)
    )
    by_code = {factor.code: factor for factor in factors}
    Criterion.objects.bulk_create(
        Criterion(instrument=instrument, factor=by_code.get(row.pop("factor__code")), **row)
        for row in _criteria(questionnaire)
    )
