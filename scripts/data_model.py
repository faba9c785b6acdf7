"""Draws the models as they are: `python -m scripts.data_model` writes docs/data-model.md.

One diagram an app, in Mermaid, which code forges draw by themselves. A test holds the page to the
models.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import django
from django.apps import apps
from django.db import models

FILE = Path(__file__).resolve().parents[1] / "docs" / "data-model.md"
APPS = {
    "audit": "who did what",
    "offices": "who serves",
    "surveys": "what is asked and answered",
    "reports": "what it adds up to",
}
SHORTER = {
    "bigauto": "bigint",
    "biginteger": "bigint",
    "positiveinteger": "integer",
    "positivesmallinteger": "smallint",
    "char": "varchar",
}
HEAD = """\
# The data model

`make drawings` writes this page from the models, and a test holds it to them. A box is a table with
its columns: PK is the primary key, FK points to another table, UK is unique by itself. A line's
name is the field that points. Boxes without columns stand in another app.

Table names never change, whatever a class is called ([CONTRIBUTING](../CONTRIBUTING.md)).
Nothing points to a response with a foreign key: responses may be spread over several machines by
office.
"""
Field: TypeAlias = "models.Field[Any, Any]"


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(part for label in APPS for part in _app(label))])


def _app(label: str) -> Iterator[str]:
    """The section of one app: its diagram, then what each table is for."""
    own = sorted(apps.get_app_config(label).get_models(), key=lambda model: model.__name__)
    yield f"## {label}: {APPS[label]}\n"
    yield "```mermaid\nerDiagram"
    lines = [line for model in own for line in _relations(model)]
    for model in own:
        yield f"    {model.__name__} {{"
        yield from (f"        {column}" for column in _columns(model))
        yield "    }"
    yield from (f"    {line}" for line in lines)
    yield "```\n"
    yield "| model | table | what a row is |\n|---|---|---|"
    for model in own:
        text = " ".join((model.__doc__ or "").split("\n\n")[0].split()).replace("|", "\\|")
        yield f"| {model.__name__} | `{model._meta.db_table}` | {text} |"
    yield ""


def _columns(model: type[models.Model]) -> Iterator[str]:
    """One line a column: its type, its name and which keys it is part of."""
    key = model._meta.pk_fields
    for field in model._meta.local_fields:
        if isinstance(field, models.CompositePrimaryKey):
            continue
        marks = [
            mark
            for mark, holds in (
                ("PK", field in key),
                ("FK", field.is_relation),
                ("UK", field.unique and field not in key),
            )
            if holds
        ]
        yield f"{_type(field)} {field.column} {', '.join(marks)}".rstrip()


def _type(field: Field) -> str:
    """What a column holds, in one word."""
    if field.is_relation and field.related_model is not None:
        return _type(field.target_field)  # type: ignore[attr-defined]
    name = field.get_internal_type().removesuffix("Field").lower()
    return SHORTER.get(name, name)


def _relations(model: type[models.Model]) -> Iterator[str]:
    """One line for each field that points to another table."""
    for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
        other = field.related_model
        if not field.is_relation or not isinstance(other, type):
            continue
        if field.many_to_many:
            line = "}o--o{"
        elif field.one_to_one:
            line = "|o--o|" if field.null else "|o--||"
        else:
            line = "}o--o|" if field.null else "}o--||"
        yield f"{model.__name__} {line} {other.__name__} : {field.name}"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    FILE.write_text(page(), "utf-8")
