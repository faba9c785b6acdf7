"""Which criteria, factors and components a questionnaire's file has, for the command.

The apps read these files with `surveys.questionnaires.reader`, which checks all of a form; here
only the codes are taken, which answers count where the file says so, and how many a response must
give, so that figures can be recomputed without Django. PyYAML is used by this one file: what
computes is numpy and the standard library.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from reports.sipas.counts.layout import Item, Layout, Method
from reports.sipas.index.percentages import SATISFIED, VALID

FOLDER = Path(__file__).parents[3] / "surveys" / "questionnaires"
MINIMUM_ANSWERED = 0.5  # where a file does not say it; those of the apps must
SUFFIXES = {".yaml", ".yml"}


class UnknownInstrument(ValueError):
    """There is no such questionnaire, or the file is none. The message says what to do."""


def shipped(folder: Path = FOLDER) -> tuple[Layout, ...]:
    """The questionnaires of the folder, the default one first. Raises UnknownInstrument."""
    found = [_described(path) for path in sorted(folder.glob("*.yaml"))]
    found.sort(key=lambda described: not described[0])
    return tuple(layout for _, layout in found)


def named(name: str, folder: Path = FOLDER) -> Layout:
    """The questionnaire of that slug (newest version), slug.version, or path of a YAML file.

    `Layout.instrument` is slug.version. Raises UnknownInstrument.
    """
    if Path(name).suffix in SUFFIXES:
        return _described(Path(name))[1]
    layouts = {layout.instrument: layout for layout in shipped(folder)}
    if name in layouts:
        return layouts[name]
    versions = [full for full in layouts if full.rpartition(".")[0] == name]
    if not versions:
        raise UnknownInstrument(
            f"there is no instrument {name}. Known: {', '.join(sorted(layouts))}; or give the path "
            "of a .yaml file"
        )
    return layouts[max(versions, key=lambda full: int(full.rpartition(".")[2]))]


def _described(path: Path) -> tuple[bool, Layout]:
    """Whether the file is the default questionnaire, and its layout (criteria only)."""
    try:
        # A SafeLoader, in C where it was built: plain values only.
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        form = yaml.load(path.read_text("utf-8"), Loader=loader)  # noqa: S506
        layout = Layout(
            tuple(_criteria(form)),
            satisfied=frozenset(form.get("satisfied", SATISFIED)),
            valid=frozenset(form.get("valid", VALID)),
            instrument=f"{form['slug']}.{form['version']}",
            method=Method(form.get("method", Method.POOLED)),
            minimum_answered=float(form.get("minimum_answered", MINIMUM_ANSWERED)),
        )
    except OSError as error:
        raise UnknownInstrument(f"{path}: {error.strerror}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise UnknownInstrument(f"{path}: {error}") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise UnknownInstrument(
            f"{path} is no questionnaire ({error}). See the files in surveys/questionnaires"
        ) from None
    if not layout.items:
        raise UnknownInstrument(f"{path} has no factor with criteria")
    return form.get("status") == "default", layout


# Any: whatever stands in the file; `_described` answers for what does not fit.
def _criteria(form: Any) -> Iterator[Item]:
    # Shape: surveys/questionnaires/content.py. Items under a factor are its criteria.
    for part in form.get("parts", [form]):
        for question in part["questions"]:
            for factor in question.get("factors", []):
                for item in factor["items"]:
                    yield Item(
                        str(item["code"]),
                        "satisfaction",
                        str(factor["code"]),
                        str(factor["component"]),
                        about_result=item.get("about_result") is True,
                    )
