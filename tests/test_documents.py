"""What documents say about the code is so: settings, names, files, decisions, rooms."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.test_house import ROOT, tracked

APPS = ("config", "audit", "offices", "accounts", "surveys", "reports", "officials", "demo")
# How config.environment reads a variable.
READERS = {"address", "flag", "hours", "networks", "numbers", "required", "whole", "words"}


def variables(path: Path) -> Iterator[str]:
    """The environment variables that a Python file reads."""
    readers = READERS if path.parent == ROOT / "config" else set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        name = None
        if isinstance(node, ast.Call) and node.args:
            if ast.unparse(node.func) in readers | {"os.environ.get"}:
                name = node.args[0]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            name = node.slice if isinstance(node.ctx, ast.Load) else None
        if isinstance(name, ast.Constant):
            yield str(name.value)


def test_every_variable_that_is_read_stands_in_the_settings() -> None:
    paths = [path for path in tracked("*.py") if "tests" not in path.parts or "conf" in path.name]
    read = {name for path in paths for name in variables(path)}
    rows = re.findall(r"^\| (`[^|]*`) \|", (ROOT / "docs/settings.md").read_text("utf-8"), re.M)
    told = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    assert told == read - {"PATH"}


DOCUMENTS = [path for path in tracked("*.md") if path.name != "CHANGELOG.md"]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_names_of_code_and_links_in_documents_lead_somewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    names = re.findall(rf"`((?:{'|'.join(APPS)})(?:\.\w+)+)(?:\(.*?\))?`", text)
    assert [name for name in names if not resolves(name)] == []
    folders = (
        f"(?:{'|'.join([*APPS, 'tests', 'scripts', 'launch', 'static', 'templates', 'docs'])})"
    )
    files = re.findall(rf"`({folders}/[\w./-]*)`", text)
    assert [name for name in files if not (ROOT / name).exists()] == []
    links = re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", text)
    assert [link for link in links if not (path.parent / link).exists()] == []


def resolves(name: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    if name.endswith((".po", ".css", ".js", ".svg", ".html", ".py", ".csv", ".yaml")):
        return True  # a file's name
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


def rooms() -> list[str]:
    """The packages of the apps at depth two that have modules of their own."""
    found = set()
    for path in tracked(*(f"{app}/*/*.py" for app in APPS)):
        room = path.relative_to(ROOT).parts[:2]
        if path.name != "__init__.py" and len(path.relative_to(ROOT).parts) == 3:
            found.add(".".join(room))
    return sorted(found)


def test_every_room_stands_on_the_map_with_where_to_start_reading() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    rows = {
        name: row
        for row in text.splitlines()
        if row.startswith("| `")
        for name in re.findall(r"^\| `([\w.]+)` \|", row)
    }
    known = {"migrations", "management", "templatetags", "locale", "formats"}
    missing = [room for room in rooms() if room.split(".")[1] not in known and room not in rows]
    assert missing == []
    for room, row in rows.items():
        start = row.rstrip(" |").rpartition("| `")[2].rstrip("`")
        assert start.startswith(room), row


def test_the_map_is_read_in_five_minutes() -> None:
    # 230 words a minute, tables and drawings with them
    assert len((ROOT / "docs/architecture.md").read_text("utf-8").split()) < 5 * 230


def test_the_index_lists_every_decision_by_its_number() -> None:
    folder = ROOT / "docs/decisions"
    rows = re.findall(
        r"^\| \[(\d{4})\]\(([\w-]+\.md)\) \| [^|]{20,} \| `[^|]+` \|$",
        (folder / "README.md").read_text("utf-8"),
        re.M,
    )
    files = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [name for _, name in rows] == files
    assert [number for number, _ in rows] == [name[:4] for name in files]
    assert [int(number) for number, _ in rows] == list(range(1, len(files) + 1))


def test_the_readme_leads_to_every_document() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    documents = [path.relative_to(ROOT) for path in (ROOT / "docs").glob("*.md")]
    assert [str(path) for path in documents if f"]({path})" not in text] == []
    assert "](docs/decisions/README.md)" in text
    assert "](CONTRIBUTING.md)" in text
