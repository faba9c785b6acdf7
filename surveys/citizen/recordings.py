"""Recordings of questions read by a person, and the clip in sign language, where there are files.

None is shipped. They lie beside the scripts in `static/recordings/<questionnaire>.<version>/`, so
that a new wording has no recording of the old one: `<language>/<code of the question>.mp3` (or
m4a, ogg, opus) and `ky-hieu.mp4` (or webm). docs/languages.md says how they are made.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static

from surveys.questionnaires.catalogue import InstrumentEntry

SOUNDS = frozenset({".mp3", ".m4a", ".ogg", ".opus"})
CLIPS = frozenset({".mp4", ".webm"})
CLIP = "ky-hieu"


def recordings(instrument: InstrumentEntry, language: str) -> Mapping[str, str]:
    """The addresses of recordings in this language, by the codes of the questions."""
    codes = {item.code for item in instrument.items}
    found = _files(f"{_folder(instrument)}/{language}", SOUNDS)
    return {code: address for code, address in found.items() if code in codes}


def sign_language_clip(instrument: InstrumentEntry) -> str:
    """The address of the clip in sign language; empty where there is none."""
    return _files(_folder(instrument), CLIPS).get(CLIP, "")


def heard_and_seen(
    instrument: InstrumentEntry, language: str, *, first: bool, in_other_words: Collection[str] = ()
) -> dict[str, str]:
    """What a page of the survey says of them; first: its first page, which alone has the clip.

    in_other_words: the codes of questions that are put otherwise than their recordings say.
    """
    found = recordings(instrument, language)
    sounds = {code: file for code, file in found.items() if code not in in_other_words}
    return {
        "recordings": json.dumps(sounds) if sounds else "",
        "clip": sign_language_clip(instrument) if first else "",
    }


def _folder(instrument: InstrumentEntry) -> str:
    return f"recordings/{instrument.slug}.{instrument.version}"


@lru_cache(maxsize=256)
def _files(folder: str, endings: frozenset[str]) -> Mapping[str, str]:
    """The addresses of the folder's files, by their names; looked at once in each process."""
    place = finders.find(folder)
    if not isinstance(place, str) or not Path(place).is_dir():
        return {}
    return dict(_addresses(Path(place), folder, endings))


def _addresses(place: Path, folder: str, endings: frozenset[str]) -> Iterator[tuple[str, str]]:
    for file in sorted(place.iterdir()):
        if file.suffix in endings:
            try:
                yield file.stem, static(f"{folder}/{file.name}")
            except ValueError:
                continue  # not collected yet: nobody is sent to a file that is not there
