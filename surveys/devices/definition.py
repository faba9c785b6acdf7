"""A questionnaire as browsers get it that must ask it without network.

Everything in it is public: the questions in all offered languages, the office, the key to seal
answers with. `revision` changes whenever any of it but the time does.
"""

import datetime
import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from offices import directory
from offices.addresses import public_url
from offices.directory import CounterEntry, OfficeEntry
from offices.models import OpeningHours
from offices.opening import HoursOfDay, OpenSpan, usual_week
from surveys.citizen.forms import LastForm, pages_of
from surveys.citizen.notice import short_notice
from surveys.citizen.procedures import shown_name
from surveys.citizen.recordings import recordings
from surveys.devices.delivery.sealing import public_key
from surveys.devices.wording import in_languages, languages, wording
from surveys.questionnaires.catalogue import InstrumentEntry, ItemEntry, fill, text_in
from surveys.questionnaires.minutes import minutes
from surveys.questionnaires.questionnaire import Texts
from surveys.questionnaires.terms import unbroken

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


def tablet_definition(
    office: OfficeEntry, instrument: InstrumentEntry, counter: CounterEntry | None
) -> Json:
    """The same with `picture`, the QR code of the office's survey: what a tablet shows at night."""
    address = public_url(reverse("surveys:start", args=[office.slug]))
    return {**definition(office, instrument, counter), "picture": _picture(address)}


def _picture(address: str) -> Json:
    """A QR code with its quiet zone. size: modules a side; path: the dark ones, for SVG."""
    rows = list(segno.make(address, error="m", micro=False).matrix_iter(border=4))
    runs = []
    for y, row in enumerate(rows):
        x = 0
        for is_dark, modules in groupby(row):
            width = len(list(modules))
            if is_dark:
                runs.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return {"size": len(rows), "path": "".join(runs)}


def _definition(
    office: OfficeEntry, instrument: InstrumentEntry, counter: CounterEntry | None
) -> Json:
    today = timezone.localdate()
    words = {language: instrument.words(office, today, language) for language in languages()}

    def plain(texts: Texts) -> dict[str, str]:
        return {code: fill(text_in(texts, code), words[code]) for code in languages()}

    def said(texts: Texts) -> dict[str, str]:
        return {code: unbroken(text) for code, text in plain(texts).items()}

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
        "stage_at": _stage_at(instrument, today),
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
                        "about_result": item.about_result,
                        "if_refused": said(item.if_refused) if item.if_refused else None,
                        "options": [
                            {"value": option.value, "text": plain(option.text)}
                            for option in item.options
                        ],
                        # only where there are any: else the copies that devices hold would change
                        **_reasons(instrument.reasons.get(item.code, ()), plain),
                    }
                    for item in page.items
                ],
            }
            for page in pages_of(instrument)
        ],
        "procedures": [
            {"code": p.code, "name": shown_name(p), "field": p.field_name}
            for p in directory.current().procedures(office)
        ],
        "stages": _choices("stage"),
        "respondents": _choices("respondent"),
        "recordings": {code: dict(recordings(instrument, code)) for code in languages()},
        "hours": _hours(week),
        "key": public_key(),
        "texts": wording(),
    }


def _stage_at(instrument: InstrumentEntry, day: datetime.date) -> int | None:
    """Before which question of the first page the stage is asked; None: it is asked last."""
    return int(instrument.overall_alone) if instrument.asks_stage_first(day) else None


def _reasons(items: Sequence[ItemEntry], said: Callable[[Texts], dict[str, str]]) -> Json:
    """What may be said below a low answer."""
    told = [{"code": item.code, "text": said(item.text)} for item in items]
    return {"reasons": told} if told else {}


def _choices(name: str) -> list[Json]:
    """The answers of a question of the last page, worded as in its form."""
    choices: Iterable[tuple[str, str | Promise]] = LastForm.base_fields[name].choices  # type: ignore[attr-defined]
    return [{"value": int(value), "text": in_languages(text)} for value, text in choices]


def _hours(week: Sequence[OpenSpan]) -> Json:
    """When a tablet asks: by day of the week from the first opening to the last closing.

    `said` has it in words; `opens`, `closes` and `days` are for tablets that know no `week`.
    """
    days = {
        weekday: (min(span.opens for span in spans), max(span.closes for span in spans))
        for weekday, spans in _by_day(week)
    }
    return {
        "opens": _clock(min(opens for opens, _closes in days.values())),
        "closes": _clock(max(closes for _opens, closes in days.values())),
        "days": list(days),
        "week": {str(day): [_clock(moment) for moment in span] for day, span in days.items()},
        "said": {language: _in_words(days, language) for language in languages()},
    }


def _by_day(week: Sequence[OpenSpan]) -> Iterable[tuple[int, list[OpenSpan]]]:
    for weekday, spans in groupby(sorted(week), key=lambda span: span.weekday):
        yield weekday, list(spans)


def _in_words(days: Mapping[int, HoursOfDay], language: str) -> str:
    """Such as "Thứ Hai – Thứ Sáu 07:00–17:00; Thứ Bảy 07:00–11:30"; like days that follow are one.

    days: in their order.
    """
    groups: list[tuple[int, int, HoursOfDay]] = []
    for day, span in days.items():
        if groups and groups[-1][1:] == (day - 1, span):
            groups[-1] = (groups[-1][0], day, span)
        else:
            groups.append((day, day, span))
    with translation.override(language):
        said = []
        for first, last, (opens, closes) in groups:
            names = [str(OpeningHours.Weekday(day).label) for day in dict.fromkeys((first, last))]
            said.append(f"{' – '.join(names)} {_clock(opens)}–{_clock(closes)}")
        return _("This tablet asks again: %(hours)s.") % {"hours": "; ".join(said)}


def _clock(moment: datetime.time) -> str:
    return moment.strftime("%H:%M")
