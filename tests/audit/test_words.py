"""Auditors read every act that the product records in words, and in Vietnamese."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db import connection
from django.utils.translation import override

from accounts.models import OneTimeLink
from accounts.throttle import Kind
from offices.giving import Obstacle
from offices.operator_site import Recorded
from offices.rights import Action, Role
from officials.administration.audit_words import ACTS, DETAILS, TABLES, VALUES
from tests.test_house import ROOT

ROOMS = ("accounts", "audit", "config", "demo", "offices", "officials", "reports", "surveys")
ACT = re.compile(r"[a-z_]+\.[a-z_]+")
# What looks like an act where acts are recorded, and is none.
NONE = {"accounts.device", "link.at", "surveys.contacts"}
# What is put together where it is recorded: its parts, by how the source writes it.
PUT_TOGETHER = {
    "account.{purpose}_link": [f"account.{purpose}_link" for purpose in OneTimeLink.Purpose.values],
    "{obj._meta.model_name}.{what}": [
        f"{model._meta.model_name}.{what}"
        for model, page in admin.site._registry.items()
        if isinstance(page, Recorded)
        for what in ("made", "changed", "deleted")
    ],
}
RECORDING = re.compile(
    r"from (audit\.(recording|recurring)|accounts\.throttle) import|HEAD_WRITTEN ="
)
RECORDERS = {"record", "record_sparingly", "_record"}
IN_SQL = re.compile(r"'((?:row|table)\.[a-z]+)'")


def sources() -> Iterator[tuple[Path, str]]:
    """The modules that record something, with their text."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            text = path.read_text("utf-8")
            if RECORDING.search(text):
                yield path, text


def written(part: ast.JoinedStr) -> str:
    """An f-string as it stands in the source."""
    return "".join(
        piece.value if isinstance(piece, ast.Constant) else f"{{{ast.unparse(piece.value)}}}"  # type: ignore[attr-defined, misc]
        for piece in part.values
    )


def acts() -> set[str]:
    """Every act that the source names, also those that it puts together."""
    found: set[str] = set()
    for path in (ROOT / "audit" / "migrations").glob("*.py"):
        found |= set(IN_SQL.findall(path.read_text("utf-8")))
    for _, text in sources():
        for part in ast.walk(ast.parse(text)):
            if isinstance(part, ast.JoinedStr):
                found |= set(PUT_TOGETHER.get(written(part), ()))
            elif isinstance(part, ast.Constant) and ACT.fullmatch(str(part.value)):
                found.add(str(part.value))
    return found - NONE


def unresolved() -> list[str]:
    """First arguments of `record` that are put together in a way that is not known here."""
    return [
        f"{path.relative_to(ROOT)}: {written(first)}"
        for path, text in sources()
        for call in ast.walk(ast.parse(text))
        if isinstance(call, ast.Call)
        and call.args
        and getattr(call.func, "id", "") in ("record", "record_sparingly")
        and isinstance(first := call.args[0], ast.JoinedStr)
        and written(first) not in PUT_TOGETHER
    ]


def named(part: ast.expr) -> Iterator[str]:
    """The names in a dictionary as it is written, and in what is unpacked into it; no deeper."""
    if isinstance(part, ast.IfExp):
        yield from [*named(part.body), *named(part.orelse)]
    elif isinstance(part, ast.Dict):
        for key, value in zip(part.keys, part.values, strict=True):
            if isinstance(key, ast.Constant):
                yield str(key.value)
            elif key is None:
                yield from named(value)


def told(part: ast.AST) -> list[ast.expr]:
    """What a call records, or what a variable of that name is set to."""
    if isinstance(part, ast.Call) and getattr(part.func, "id", "") in RECORDERS:
        return [*part.args, *(one.value for one in part.keywords)]
    if isinstance(part, ast.Assign | ast.AnnAssign) and part.value is not None:
        first = part.targets[0] if isinstance(part, ast.Assign) else part.target
        return [part.value] if getattr(first, "id", "") == "details" else []
    return []


def details() -> set[str]:
    """Every name of a detail that is written where something is recorded."""
    return {
        name
        for _, text in sources()
        for part in ast.walk(ast.parse(text))
        for given in told(part)
        for name in named(given)
    }


def test_every_act_that_is_recorded_has_words_and_no_other() -> None:
    assert unresolved() == []
    assert len(acts()) > 80
    assert sorted(acts() - set(ACTS)) == []
    assert sorted(set(ACTS) - acts()) == []


@pytest.mark.parametrize("words", [ACTS, TABLES, DETAILS])
def test_the_words_are_vietnamese(words: dict[str, str]) -> None:
    with override("en"):
        english = {code: str(said) for code, said in words.items()}
    with override("vi"):
        assert [code for code, said in words.items() if str(said) == english[code]] == []


@pytest.mark.django_db
def test_every_table_that_is_watched_has_words_and_no_other() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'audit_watches_rows'"
        )
        assert {table for (table,) in cursor.fetchall()} == set(TABLES)


def test_every_detail_has_a_word() -> None:
    said = details() - {"was", "now"}  # a table of its own
    assert len(said) > 25
    assert sorted(said - set(DETAILS)) == []


@pytest.mark.parametrize(
    ("detail", "values"),
    [
        ("purpose", OneTimeLink.Purpose.values),
        ("right", list(Action)),
        ("role", Role.values),
        ("what", [*Kind, *Authenticator.Type]),
        ("by", [*Authenticator.Type, "password", "socialaccount"]),
        ("why", [*Obstacle, "unused"]),
    ],
)
def test_every_value_of_few_has_words(detail: str, values: list[str]) -> None:
    assert sorted(set(values) - set(VALUES[detail])) == []
