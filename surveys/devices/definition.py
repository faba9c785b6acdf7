"""A questionnaire as browsers get it that must ask it without network.

Everything in it is public: the questions in all offered languages, the office, the key to seal
answers with. `revision` changes whenever any of it but the time does.
"""

import datetime
import hashlib
import json
import time
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise

from offices import directory
from offices.directory import CounterEntry, OfficeEntry
from offices.opening import OpenSpan, usual_week
from surveys.citizen.forms import LastForm, pages_of
from surveys.citizen.notice import short_notice
from surveys.devices.delivery.sealing import public_key
from surveys.devices.wording import in_languages, languages, wording
from surveys.questionnaires.catalogue import InstrumentEntry, fill, text_in
from surveys.questionnaires.minutes import minutes
from surveys.questionnaires.questionnaire import Texts

VERSION = 1

Json = dict[str, Any]  # Any: JSON


def definition(
    office: OfficeEntry, instrument: InstrumentEntry, counter: CounterEntry | None = None
) -> Json:
    """The questionnaire of an office, with `at`, the server's time in milliseconds since 1970."""
    known = _definition(office, instrument, counter)
    canonical = json.dumps(known, sort_keys=True, ensure_ascii=False)
    revision = hashlib.sha256(canonical.encode()).hexdigest()[:16]
    return {**known, "revision": revision, "at": round(time.time() * 1000)}


def _definition(
    office: OfficeEntry, instrument: InstrumentEntry, counter: CounterEntry | None
) -> Json:
    today = timezone.localdate()
    words = {language: instrument.words(office, today, language) for language in languages()}

    def said(texts: Texts) -> dict[str, str]:
        return {code: fill(text_in(texts, code), words[code]) for code in languages()}

    week = office.hours or usual_week(settings.OFFICE_HOURS)
    return {
        "v": VERSION,
        "office": {"slug": office.slug, "name": office.name},
        "counter": {"number": counter.number, "name": counter.name} if counter else None,
        "form": f"{instrument.slug}.{instrument.version}",
        "languages": list(languages()),
        "title": said(instrument.title),
        "introduction": said(instrument.introduction),
        "minutes": minutes(instrument),
        "notice": {code: short_notice(office, code) for code in languages()},
        "pages": [
            {
                "factors": [factor.code for factor in page.factors],
                "title": said(page.factors[0].title) if len(page.factors) == 1 else None,
                "items": [
                    {
                        "code": item.code,
                        "scale": item.scale,
                        "factor": item.factor_code,
                        "text": said(item.text),
                        "hint": said(item.hint) if item.hint else None,
                        "question": said(item.question) if item.question else None,
                        "options": [
                            {"value": option.value, "text": said(option.text)}
                            for option in item.options
                        ],
                    }
                    for item in page.items
                ],
            }
            for page in pages_of(instrument)
        ],
        "procedures": [
            {"code": p.code, "name": p.name, "field": p.field_name}
            for p in directory.current().procedures(office)
        ],
        "stages": _choices("stage"),
        "respondents": _choices("respondent"),
        "hours": _hours(week),
        "key": public_key(),
        "texts": wording(),
    }


def _choices(name: str) -> list[Json]:
    """The answers of a question of the last page, worded as in its form."""
    choices: Iterable[tuple[str, str | Promise]] = LastForm.base_fields[name].choices  # type: ignore[attr-defined]
    return [{"value": int(value), "text": in_languages(text)} for value, text in choices]


def _hours(week: Sequence[OpenSpan]) -> Json:
    """On which days of the week a tablet asks, and from when to when: its office's widest day."""
    return {
        "opens": _clock(min(span.opens for span in week)),
        "closes": _clock(max(span.closes for span in week)),
        "days": sorted({span.weekday for span in week}),
    }


def _clock(moment: datetime.time) -> str:
    return moment.strftime("%H:%M")
