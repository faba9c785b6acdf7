"""Reasons for low answers in a questionnaire's file: what may be said, and each mistake."""

import pytest

from surveys.questionnaires.entry import BadFile
from surveys.questionnaires.questionnaire import ItemKind, Questionnaire
from surveys.questionnaires.reader import FOLDER, parse

FILE = (FOLDER / "counter-3.yaml").read_text(encoding="utf-8")
WAIT = """              - code: WAIT
                text: {vi: "Chờ lâu", en: "Long wait", km: "រង់ចាំយូរ"}
"""
D1 = FILE[FILE.index("          - code: D1") : FILE.index("      - code: E\n")]


def read(text: str = FILE) -> Questionnaire:
    return parse(text, "counter-3.yaml")


def changed(old: str, new: str) -> str:
    """The file with the first `old` replaced."""
    assert old in FILE
    return FILE.replace(old, new, 1)


def test_reasons_are_items_behind_all_others_in_the_group_of_their_criterion() -> None:
    items = read().items
    assert [item.kind for item in items[:6]] == [ItemKind.SATISFACTION] * 6
    assert {item.kind for item in items[6:]} == {ItemKind.REASON}
    first = items[6]
    assert (first.code, first.group, first.factor, first.options) == ("O1_WAIT", "O1", None, ())
    assert dict(first.text) == {"vi": "Chờ lâu", "en": "Long wait", "km": "រង់ចាំយូរ"}


def test_a_file_without_reasons_has_the_hash_it_had_and_a_reason_is_content() -> None:
    assert read(changed("Chờ lâu", "Đợi lâu")).content_hash() != read().content_hash()
    before = (FOLDER / "counter-2.yaml").read_text(encoding="utf-8")
    assert parse(before, "counter-2.yaml").content_hash().startswith("e5b4fe4746c9")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (changed(D1, D1[: D1.index("              - code: ERR")]), r"D1: 1 reasons\. Give 2 to 5"),
        (changed(WAIT, WAIT + WAIT.replace("WAIT", "LONG")), r"O1: 6 reasons\. Give 2 to 5"),
        (changed("code: WAIT", "code: wait"), r"reasons wait: `code` is 'wait'\. Give something"),
        (changed("code: WAIT", "code: TRIP"), r"the item O1_TRIP occurs twice"),
        (changed("code: O1\n", "code: OVERA\n"), r"OVERA_WAIT is longer than 8 letters\. Shorten"),
        (changed(', km: "រង់ចាំយូរ"', ""), r"reasons WAIT › text: `km` is missing"),
        (changed("Long wait", "Long wait " * 9 + "x"), r"`en` is longer than 60 letters\. Shorten"),
        (changed(WAIT, WAIT + "                hint: x\n"), r"reasons WAIT: unknown key `hint`"),
        (
            changed("official: false", "official: true"),
            r"an official form has `reasons`\. Official",
        ),
        (
            changed("minimum_answered: 0", "minimum_answered: 0\nsatisfied: [5]"),
            r"there are `reasons`, and other answers count than 1 to 5",
        ),
        (changed("kind: satisfaction", "kind: reason"), r"unknown kind `reason`\. Known: satisf"),
        (
            changed('      - {vi: "Rất hài lòng", en: "Very satisfied", km: "ពេញចិត្តខ្លាំង"}\n', ""),
            r"`reasons` stand under O1\. Only criteria of a factor on five levels have reasons",
        ),
        (
            changed("    factors:\n      - code: O\n", "    items:\n      - code: O\n"),
            r"questions 1",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place_and_what_to_do(text: str, message: str) -> None:
    with pytest.raises(BadFile, match=message):
        read(text)
