"""The glossary names what the code names: its classes, the words and parameters of addresses."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module

from django.urls import URLPattern, URLResolver, get_resolver

from officials.figures.allocation import AllocationForm
from tests.test_house import ROOT, tracked

GLOSSARY = (ROOT / "docs/glossary.md").read_text("utf-8")
# The new names of three classes; where a rename has not landed yet, the old one stands.
# What a view calls the query of its address.
QUERIES = {"request.GET", "asked"}
# Django's own addresses, and the parts of the portal's interface that its library adds.
FOREIGN = {"setlang", "docs", "openapi.json", "password_change"}


def section(title: str) -> list[list[str]]:
    """The rows of a table of the glossary, cell by cell."""
    body = GLOSSARY.split(f"\n## {title}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in body.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_every_name_stands_in_its_room() -> None:
    rows = section("Words")
    assert len(rows) > 30
    for _, _, name, room, _ in rows:
        found, plain = import_module(room.strip("`")), name.strip("`")
        assert hasattr(found, plain), name


def test_one_word_means_one_thing() -> None:
    columns = [(0, "Words"), (1, "Words"), (2, "Words")]
    columns += [(0, "Words of addresses"), (0, "Parameters of addresses")]
    for column, title in columns:
        words = [row[column] for row in section(title)]
        assert sorted({*words}) == sorted(words)


def constants(tree: ast.Module) -> dict[str, str]:
    """The module's names that stand for a text."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }


def read_in_python() -> Iterator[str]:
    """The parameters that views read; what cannot be told stands as it is written."""
    for path in tracked(*(f"{app}/*.py" for app in ("config", "offices", "surveys", "officials"))):
        tree = ast.parse(path.read_text("utf-8"))
        known = constants(tree)
        for node in ast.walk(tree):
            key: ast.expr | None = None
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                if node.func.attr == "get" and ast.unparse(node.func.value) in QUERIES:
                    key = node.args[0]
            elif isinstance(node, ast.Compare) and isinstance(node.left, ast.Constant):
                key = node.left if ast.unparse(node.comparators[0]) in QUERIES else None
            if isinstance(key, ast.Constant):
                yield str(key.value)
            elif key is not None:
                yield known.get(ast.unparse(key), f"{path.name}: {ast.unparse(key)}")


def written_in_templates() -> Iterator[str]:
    """The parameters of links and of forms that are sent in an address."""
    for path in tracked("templates/*.html"):
        text = path.read_text("utf-8")
        yield from re.findall(r"(?:\?|&amp;)([a-z][a-z_-]*)=", text)
        for form in re.findall(r'<form[^>]*method="get".*?</form>', text, re.S):
            yield from re.findall(r' name="([a-z][a-z_-]*)"', form)


def test_every_parameter_of_an_address_is_in_the_glossary() -> None:
    rows = section("Parameters of addresses")
    told = {word for row in rows for word in re.findall(r"`([\w-]+)`", row[0])}
    read = {*read_in_python(), *written_in_templates(), *AllocationForm.base_fields}
    # takes each field of its form in turn
    assert told == read - {"allocation.py: name"}


def words_of(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """The fixed parts of addresses."""
    for pattern in patterns:
        yield from re.split(r"/|<[^>]*>", str(pattern.pattern))
        if isinstance(pattern, URLResolver) and pattern.app_name != "admin":
            yield from words_of(pattern.url_patterns)


def test_every_word_of_an_address_is_in_the_glossary() -> None:
    rows = section("Words of addresses")
    told = {
        part
        for row in rows
        for word in re.findall(r"`([^`]+)`", row[0] + row[2])
        for part in word.split("/")
    }
    assert sorted({*words_of(get_resolver().url_patterns)} - told - FOREIGN) == []
