"""Rules of the house that no other tool checks."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import DECIDED_BY_SERVERS

ROOT = Path(__file__).parents[1]
LONGEST = 400
TEXT = {".py", ".md", ".txt", ".in", ".toml", ".yaml", ".json", ".sh", ".html", ".css", ".js", ""}


def tracked(*patterns: str) -> list[Path]:
    """The files of the repository that fit, as git lists them; all files without git."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        return [path for pattern in patterns for path in ROOT.rglob(pattern) if path.is_file()]
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_files_fit_in_a_head() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked("*.py")
        if "migrations" not in path.parts
        and (lines := len(path.read_text("utf-8").splitlines())) > LONGEST
    }
    assert long == {}


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "managers", "misc"])
def test_no_file_is_called_something_that_says_nothing(name: str) -> None:
    assert [path for path in tracked("*.py") if path.stem == name or name in path.parts] == []


def test_no_file_names_a_package_registry_or_a_machine_path() -> None:
    # Written in two parts, so that this file does not find itself.
    forbidden = re.compile(
        "|".join(
            [
                "pypi" + r"\.org",
                "pythonhosted" + r"\.org",
                "registry" + r"\.npmjs",
                "/wo" + r"rk/\w",
                re.escape(f"{ROOT}/"),
            ]
        )
    )
    guilty = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if forbidden.search(path.read_text("utf-8", errors="ignore"))
    ]
    assert guilty == []


# Rooms that know no HTTP: figures, and whatever an answer goes through.
WITHOUT_HTTP = [
    "reports",
    "surveys/models",
    "surveys/questionnaires",
    "surveys/intake",
    "surveys/flags",
    "surveys/exclusions",
    "surveys/remarks",
    "offices/dossiers",
    "offices/models",
    "offices/registry",
]
HTTP = ("django.http", "django.shortcuts", "django.urls", "django.views", "django.template")


def imported(path: Path) -> set[str]:
    """The modules that a Python file imports, by their whole names."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("room", WITHOUT_HTTP)
def test_what_counts_knows_no_http(room: str) -> None:
    paths = tracked(f"{room}/*.py")
    assert paths
    guilty = {
        str(path.relative_to(ROOT)): sorted(found)
        for path in paths
        if (found := {name for name in imported(path) if name.startswith(HTTP)})
    }
    assert guilty == {}


WIDEST = 120


def could_be_shorter(text: str) -> dict[int, int]:
    """The lines of a Markdown document that are too long and could be broken, with their length.

    Tables, headings and what stands in a fence have to stay as they are, and a long address does.
    """
    found, fenced = {}, False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            fenced = not fenced
        if fenced or len(line) <= WIDEST or line.startswith(("|", "#")):
            continue
        if re.search(r"\S \S", line[:WIDEST].lstrip(" -*")):
            found[number] = len(line)
    return found


def test_lines_of_documents_are_no_longer_than_they_need_to_be() -> None:
    documents = {path: path.read_text("utf-8") for path in tracked("*.md")}
    assert len(documents) > 20
    guilty = {
        str(path.relative_to(ROOT)): found
        for path, text in documents.items()
        if (found := could_be_shorter(text))
    }
    assert guilty == {}


def test_what_cannot_be_broken_may_be_long() -> None:
    long = "x" * 130
    assert could_be_shorter(f"- <https://{long}>\n| {long} a |\n```\na {long}\n```") == {}
    assert could_be_shorter(f"ok\n- two words {long}\n") == {2: len(long) + 12}


APPS = ("config", "audit", "offices", "accounts", "surveys", "reports", "officials", "demo")
# Django finds these by their place; nobody imports them.
FOUND_BY_DJANGO = {"migrations", "management", "commands", "templatetags", "formats"}


@cache
def rooms() -> dict[str, Path]:
    """The packages of the apps by their dotted names, but for those that Django finds itself."""
    return {
        ".".join(path.parent.relative_to(ROOT).parts): path
        for path in tracked(*(f"{app}/*__init__.py" for app in APPS))
        if not FOUND_BY_DJANGO & set(path.parts) and len([*path.parent.glob("*.py")]) > 1
    }


@pytest.mark.parametrize("room", sorted(rooms()))
def test_a_room_says_what_it_is_for_and_where_to_start_reading(room: str) -> None:
    text = ast.get_docstring(ast.parse(rooms()[room].read_text("utf-8"))) or ""
    sentences = re.findall(r"[^.]\.(?=\s|$)", text)
    assert len(sentences) >= 2, f"{room} says too little of what it is for"
    starts = re.search(r"Start reading at((?:[^.]|\.\w)+)", text)
    assert starts, f"{room} does not say where to start reading"
    for name in re.findall(r"`([\w.]+)`", starts[1]):
        inside = rooms()[room].parent.joinpath(*name.split("."))
        assert inside.with_suffix(".py").exists() or inside.is_dir(), f"{room}: {name}"


@cache
def public(room: str) -> set[str]:
    """What a room's `__all__` names; only that may be imported from outside the room."""
    for node in ast.parse(rooms()[room].read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def doors(path: Path) -> set[tuple[str, str]]:
    """Through which rooms a file reaches into others: (room, name in it) for each import."""
    place = path.relative_to(ROOT).with_suffix("").parts
    found: set[tuple[str, str]] = set()
    for name in imported(path):
        parts = name.split(".")
        for depth in range(1, len(parts)):
            room = ".".join(parts[:depth])
            if room in rooms() and place[:depth] != tuple(parts[:depth]):
                found.add((room, parts[depth]))
    return found


def test_what_is_imported_from_a_room_stands_in_its_init() -> None:
    paths = tracked(*(f"{app}/*.py" for app in APPS))
    guilty = {
        str(path.relative_to(ROOT)): sorted(f"{room}: {name}" for room, name in private)
        for path in paths
        if (private := {(room, name) for room, name in doors(path) if name not in public(room)})
    }
    assert guilty == {}


def test_a_room_shows_no_module_that_nobody_outside_uses() -> None:
    outside = [*APPS, "scripts", "benchmarks", "launch"]
    used = {door for path in tracked(*(f"{app}/*.py" for app in outside)) for door in doors(path)}
    shown = {
        (room, name)
        for room, path in rooms().items()
        # a class or function of the room's own __init__ is no module, whatever it is called
        for name in public(room) - {door.rpartition(".")[2] for door in imported(path)}
        if (path.parent / name).is_dir() or (path.parent / f"{name}.py").exists()
    }
    assert sorted(shown - used) == []


@pytest.mark.parametrize("place", DECIDED_BY_SERVERS)
def test_what_runs_on_a_second_server_is_there(place: str) -> None:
    found = [path for path in [ROOT / place, *(ROOT / place).glob("*.py")] if path.exists()]
    assert [path for path in found if path.name.startswith("test_") or path.parent.name == "worker"]
