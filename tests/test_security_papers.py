"""The papers of security are held to the code: tests that they name, adversaries, kinds of data."""

import re
from collections import Counter
from functools import cache

import pytest

from scripts.data_classes import with_matrix
from tests.test_house import ROOT

SECURITY = ROOT / "docs" / "security.md"
ASVS = ROOT / "docs" / "asvs.md"
PENDING = "PENDING-TEST"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
ADVERSARIES = (
    *("A citizen who stuffs", "An office that inflates", "An official who hunts a critic"),
    *("A stranger", "A stolen tablet", "A malicious integration", "A leaked backup"),
    *("An administrator", "Somebody on the database machine"),
)
STATUSES = {"met", "partly", "not", "not applicable"}
# The requirements of levels 1 and 2 in each chapter of ASVS 5.0.0.
CHAPTERS = {
    **{1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7},
    **{10: 29, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13, 16: 16, 17: 7},
}


def sections(text: str) -> dict[str, str]:
    """The parts of a paper below its headings of the third level."""
    parts = re.split(r"^### (.+)$", text.partition("## Where we depart")[0], flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@cache
def functions(path: str) -> frozenset[str]:
    """The test functions of a file."""
    return frozenset(re.findall(r"^def (test_\w+)", (ROOT / path).read_text("utf-8"), re.M))


@pytest.mark.parametrize("paper", ["security.md", "asvs.md"])
def test_every_test_that_is_named_exists(paper: str) -> None:
    named = NAMED.findall((ROOT / "docs" / paper).read_text("utf-8"))
    assert len(named) > 20
    assert [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).exists() or name not in functions(path)
    ] == []


@pytest.mark.parametrize("who", ADVERSARIES)
def test_each_adversary_meets_controls_that_a_test_shows(who: str) -> None:
    told = sections(SECURITY.read_text("utf-8"))[who]
    assert NAMED.search(told)
    assert "What remains" in told


def test_no_adversary_is_made_up_here() -> None:
    assert tuple(sections(SECURITY.read_text("utf-8"))) == ADVERSARIES


def test_the_matrix_is_that_of_the_rights() -> None:
    """After a change of the rights: python -m scripts.data_classes."""
    text = SECURITY.read_text("utf-8")
    assert with_matrix(text) == text


# FOR WHOEVER BRINGS THE PARTS TOGETHER: this fails until each PENDING-TEST names a test.
def test_nothing_is_pending() -> None:
    pending = [
        f"{paper.name}: {line[:100]}"
        for paper in (SECURITY, ASVS)
        for line in paper.read_text("utf-8").splitlines()
        if PENDING in line and line.startswith("|")
    ]
    assert pending == []


def rows() -> list[tuple[str, str, str]]:
    """The requirements in the table of ASVS: number, status, what we say."""
    found = re.findall(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| (.+) \|$", ASVS.read_text("utf-8"), re.M)
    return [(number, status.strip(), said) for number, status, said in found]


def test_all_requirements_of_both_levels_stand_in_the_table_once() -> None:
    numbers = [number for number, _, _ in rows()]
    assert len(numbers) == len(set(numbers)) == 253
    assert Counter(int(number.split(".")[0]) for number in numbers) == CHAPTERS
    order = [tuple(int(part) for part in number.split(".")) for number in numbers]
    assert order == sorted(order)


def test_each_has_a_status_and_says_how() -> None:
    assert [number for number, status, _ in rows() if status not in STATUSES] == []
    assert [number for number, _, said in rows() if len(said) < 10] == []


def test_the_counts_at_the_top_are_those_of_the_table() -> None:
    counted = Counter(status for _, status, _ in rows())
    for status, size in counted.items():
        assert f"| {status} | {size} |" in ASVS.read_text("utf-8")
