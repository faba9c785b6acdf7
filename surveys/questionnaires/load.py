"""Puts the questionnaires' files into the tables. What has been answered does not change."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from surveys.models import Criterion, Factor, Instrument, Response
from surveys.questionnaires.live import (
    alone,
    as_filed,
    go_live,
    make_room,
    people_brought,
    people_chose,
    people_retired,
)
from surveys.questionnaires.questionnaire import Method, Questionnaire, Status
from surveys.questionnaires.reader import FOLDER, read_folder

# Any: JSON and plain columns, as Django's own `values()` gives them.
Row = dict[str, Any]


class LoadRefused(Exception):
    """A file cannot go into the tables; nothing was changed. The message says what to do."""


class AnsweredInstrument(LoadRefused):
    """The file of a version that people have answered was changed."""


class TellingMethod(LoadRefused):
    """A new version would put its criteria together in a way that tells what is withheld."""


@dataclass
class Loaded:
    """The names (`counter v1`) of what a run did to each questionnaire."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def load_instruments(folder: Path = FOLDER) -> Loaded:
    """Makes the tables say what the files in `folder` say; all or nothing.

    A second run writes nothing. A version that nobody has answered is replaced by its changed
    file. Of an answered one only the remarks about it follow the file (source, notes, status,
    what is unconfirmed, which languages are drafts), and rows that were changed by another way
    are put back. Versions without a file stay.

    Raises BadFile for a wrong file and AnsweredInstrument when the content of an answered version
    differs; both say what to do. What people decided about a version (whether it is asked) stays,
    and a version that they brought themselves is left as it is.
    """
    questionnaires = read_folder(folder)
    loaded = Loaded()
    with transaction.atomic():
        alone()  # several machines may start at once
        chosen = people_chose()
        for questionnaire in questionnaires:
            if questionnaire.status is Status.DEFAULT and not chosen:
                make_room(questionnaire.slug, questionnaire.version)
        for questionnaire in questionnaires:
            if people_brought(questionnaire.slug, questionnaire.version):
                loaded.kept.append(questionnaire.name)
            else:
                _load(questionnaire, loaded, chosen=chosen)
    return loaded


@transaction.atomic
def put_live(questionnaire: Questionnaire) -> Instrument:
    """The rows of a version that people decided to ask from now on; files change that no more.

    Raises AnsweredInstrument where the version is there with another content and was answered, and
    TellingMethod where it is new and not pooled.
    """
    alone()
    # first its content, asked by nobody; that it is asked is a step of its own
    _load(replace(questionnaire, status=Status.ARCHIVE), Loaded(), chosen=True)
    made = Instrument.objects.get(slug=questionnaire.slug, version=questionnaire.version)
    go_live(made, default=questionnaire.status is Status.DEFAULT)
    made.refresh_from_db()
    return made


def _load(questionnaire: Questionnaire, loaded: Loaded, *, chosen: bool) -> None:
    instrument = Instrument.objects.filter(
        slug=questionnaire.slug, version=questionnaire.version
    ).first()
    asked = as_filed(questionnaire.status, instrument, chosen=chosen)
    if instrument is None and people_retired(questionnaire.slug):
        asked = {"offered": False, "is_default": False, "was_offered": False}
    columns = _columns(questionnaire) | asked
    if instrument is None or instrument.content_hash != columns["content_hash"]:
        _check_method(questionnaire)
    if instrument is None:
        today = timezone.localdate()
        made = Instrument.objects.create(
            **columns,
            one_by_one_since=today if questionnaire.one_by_one else None,
            stage_first_since=today if questionnaire.stage_first else None,
        )
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


def _check_method(questionnaire: Questionnaire) -> None:
    """Versions of before keep the way they were counted; new ones are pooled (decision 0039)."""
    if questionnaire.method is not Method.POOLED:
        raise TellingMethod(
            f"{questionnaire.name} asks for `{questionnaire.method.value}`. A mean of shares, "
            "beside the factors that are shown, tells the one that too few people answered. Give "
            "`method: pooled`, or leave it out."
        )


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
            "about_result": item.about_result,
            "if_refused": item.if_refused,
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
        *("about_result", "if_refused"),
    )
    return [dict(row) for row in rows]


def _rewrite(questionnaire: Questionnaire, instrument: Instrument, columns: Row) -> None:
    instrument.criteria.all().delete()
    instrument.factors.all().delete()
    Instrument.objects.filter(pk=instrument.pk).update(**columns)
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
