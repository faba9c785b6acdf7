"""What a questionnaire's file may say, and what each mistake is answered with."""

import dataclasses
import unicodedata
from pathlib import Path

import pytest

from surveys.models import Criterion
from surveys.questionnaires.catalogue import ANSWERS
from surveys.questionnaires.entry import BadFile
from surveys.questionnaires.questionnaire import (
    LABELS,
    SATISFIED,
    VALID,
    ItemKind,
    Method,
    Questionnaire,
)
from surveys.questionnaires.reader import parse, read_folder

# A little of everything the ministry's whole form has.
WHOLE = (Path(__file__).parent / "whole_form.yaml").read_text(encoding="utf-8")

# The three levels of a survey in Hồ Chí Minh City (sipas.md §3).
THREE_LEVELS = WHOLE.replace(
    '      - {vi: "Rất không hài lòng", en: "Very dissatisfied"}\n', ""
).replace('      - {vi: "Rất hài lòng", en: "Very satisfied"}\n', "")

ABOUT = "                about_result: true\n"
REFUSED = '                if_refused: {vi: "Từ chối", en: "Refusal"}\n'


def read(text: str = WHOLE) -> Questionnaire:
    """The questionnaire in `text`."""
    return parse(text, "form.yaml")


def changed(old: str, new: str) -> str:
    """The sample with its first `old` replaced."""
    assert old in WHOLE
    return WHOLE.replace(old, new, 1)


def test_every_kind_of_item_is_read_in_order() -> None:
    assert [(item.code, item.kind) for item in read().items] == [
        ("N1A", ItemKind.LEVEL4),
        ("N1B", ItemKind.LEVEL4),
        ("N2A", ItemKind.BOX),
        ("N2B", ItemKind.BOX),
        ("N4", ItemKind.CHOICE),
        ("N8A", ItemKind.YESNO),
        ("PA1", ItemKind.SATISFACTION),
        ("A1", ItemKind.SATISFACTION),
        ("A2", ItemKind.SATISFACTION),
    ]


def test_items_under_one_question_share_its_code_and_text() -> None:
    first, second, *_ = read().items
    assert first.group == second.group == "1"
    assert first.question == second.question
    assert first.question["vi"] == "Mức độ quan tâm theo dõi các chính sách:"


def test_a_question_of_its_own_is_one_item() -> None:
    choice = next(item for item in read().items if item.code == "N4")
    assert (choice.group, choice.question, choice.factor) == ("", {}, None)
    assert [option.value for option in choice.options] == [1, 2, 3]


def test_parts_factors_and_components_are_kept() -> None:
    form = read()
    assert [(part.code, part.title["vi"]) for part in form.parts] == [
        ("B", "Câu hỏi"),
        ("I", "CHÍNH SÁCH"),
        ("II", "DỊCH VỤ"),
    ]
    assert [(f.code, f.component) for f in form.factors] == [("PA", "policies"), ("A", "services")]
    assert [item.part for item in form.items] == ["B"] * 6 + ["I", "II", "II"]
    assert [item.code for item in form.criteria("services")] == ["A1", "A2"]


def test_a_box_has_no_labels_and_a_scale_keeps_its_order() -> None:
    by_code = {item.code: item for item in read().items}
    assert by_code["N2A"].options == ()
    assert [o.text["vi"] for o in by_code["N8A"].options] == ["Có", "Không"]
    assert [o.value for o in by_code["A1"].options] == [1, 2, 3, 4, 5]


def test_the_kinds_are_those_of_the_tables_and_of_the_intake() -> None:
    assert {kind.value for kind in ItemKind} == set(Criterion.Scale.values) == set(ANSWERS)
    for kind, (_, most) in LABELS.items():
        assert kind is ItemKind.BOX or max(ANSWERS[kind]) == most


def test_figures_are_pooled_over_the_usual_answers_unless_a_file_says_otherwise() -> None:
    form = read()
    assert (form.method, form.satisfied, form.valid) == (Method.POOLED, SATISFIED, VALID)
    said = read(
        changed(
            "source: test", "source: test\nmethod: mean_of_factors\nsatisfied: [5]\nvalid: [1, 5]"
        )
    )
    assert said.method is Method.MEAN_OF_FACTORS
    assert (said.satisfied, said.valid) == (frozenset({5}), frozenset({1, 5}))


def test_a_scale_of_three_levels_says_which_answers_count() -> None:
    text = THREE_LEVELS
    form = read(text.replace("source: test", "source: test\nsatisfied: [3]\nvalid: [1, 2, 3]"))
    assert [option.text["vi"] for option in form.items[-1].options] == [
        *("Không hài lòng", "Bình thường", "Hài lòng")
    ]
    with pytest.raises(BadFile, match="answer 5 counts, but the scale `satisfaction` has 3 labels"):
        read(text)


def test_the_hash_is_the_same_for_the_same_content() -> None:
    assert (
        read().content_hash()
        == read().content_hash()
        == read(f"# a remark\n{WHOLE}").content_hash()
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("khám, chữa bệnh", "khám bệnh"),
        ("Very dissatisfied", "Most dissatisfied"),
        ("code: A1", "code: A7"),
        ("component: services", "component: overall"),
        ('code: "1"', 'code: "7"'),
        ("minimum_answered: 0.5", "minimum_answered: 0.4"),
        ("Trung tâm", "Bộ phận"),
        ("DỊCH VỤ", "CÁC DỊCH VỤ"),
        ("(Máy tính)", "(Quạt mát)"),
        ("official: true", "official: false"),
        ("version: 1", "version: 2"),
        ("source: test", "source: test\nmethod: mean_of_criteria"),
        ("source: test", "source: test\nsatisfied: [5]"),
        ("source: test", "source: test\nvalid: [1, 2, 4, 5]"),
        ("code: A1\n", f"code: A1\n{ABOUT}{REFUSED}"),
    ],
)
def test_the_hash_changes_with_what_people_read_or_what_counts(old: str, new: str) -> None:
    assert read(changed(old, new)).content_hash() != read().content_hash()


def test_the_hash_changes_with_the_order() -> None:
    form = read()
    turned = dataclasses.replace(form, items=form.items[::-1])
    assert turned.content_hash() != form.content_hash()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("source: test", "source: found"),
        ("status: offered", "status: archive"),
        ("draft_languages: [en]", "draft_languages: []"),
        ("code: A1", "code: A1\n                unconfirmed: true"),
        # declared, and used by nobody until people put it over
        ("code: A1\n", f"code: A1\n{ABOUT}"),
        # Said outright, the usual way of counting is still the usual way.
        ("source: test", "source: test\nmethod: pooled\nsatisfied: [5, 4]\nvalid: [1, 2, 3, 4, 5]"),
    ],
)
def test_the_hash_does_not_change_with_remarks_about_the_form(old: str, new: str) -> None:
    assert read(changed(old, new)).content_hash() == read().content_hash()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("code: A2", "code: A1", r"items A1: the item A1 occurs twice\. Give each its own code"),
        ("code: PA\n", "code: A\n", r"the factor A occurs twice"),
        ('code: "II"', 'code: "I"', r"the part I occurs twice"),
        ('vi: "Câu hỏi"', 'fr: "Question"', r"parts B › title: `vi` is missing\. Add `vi:`"),
        ('vi: "Câu hỏi"', 'vi: ""', r"`vi` is empty\. Write the text"),
        ('vi: "Câu hỏi"', 'vi: " Câu hỏi"', r"begins or ends with a blank"),
        ('vi: "Câu hỏi"', "vi: 7", r"`vi` is 7\. Give text in quotation marks"),
        ('vi: "Câu hỏi"', 'vi: "Câu\\thỏi"', r"`vi` contains a control character"),
        ('en: "Questions"', 'en: "Questions", km: "សំណួរ"', r"title: unknown key `km`"),
        ("scale: interest", "scale: interrest", r"the scale `interrest` is not described"),
        ("scale: participation", "unconfirmed: false", r"questions N4: there is no scale"),
        ("scale: participation", "scale: satisfaction", r"the scale `satisfaction` is wrong here"),
        ("code: A1\n", "code: A1\n                scale: interest\n", r"the scale `int.*wrong"),
        ("kind: level4", "kind: level5", r"scales › interest: unknown kind `level5`\. Known: sat"),
        ("kind: level4", "kind: satisfaction", r"answer 5 counts, but the scale `interest` has 4"),
        ("kind: level4", "kind: box", r"4 labels for a box scale\. Give 0\."),
        ("kind: choice", "kind: yesno", r"3 labels for a yesno scale\. Give 2\."),
        ("{office} có biển hiệu", "{ofice} có biển hiệu", r"unknown placeholder \{ofice\}\."),
        ("{office} có biển hiệu", "{office có biển hiệu", r"`vi` has a single brace"),
        ("The {office} has signs", "It has signs", r"`en` has other placeholders than `vi`"),
        ('vi: "DỊCH VỤ"', 'vi: "DỊCH VỤ {office}"', r"\{office\}\. Known here: none"),
        ("  commune:", "  hamlet:", r"unknown label `hamlet`\. Known: office, commune, prov"),
        ("from: 2025-07-01", "from: 2025-07-02", r"leave a day without a label, or with two"),
        ("to: 2025-06-30", "to: 2025-07-01", r"leave a day without a label, or with two"),
        ("to: 2025-06-30", "from: 2020-01-01", r"leave a day without a label, or with two"),
        ("to: 2025-06-30", 'to: "2025-06-30"', r"`to` is '2025-06-30'\. Give a date such as"),
        ("slug: whole", "slug: Whole form", r"`slug` is 'Whole form'\. Give something like"),
        ("slug: whole", f"slug: {'a' * 41}", r"`slug` is longer than 40 letters\. Shorten it"),
        ("version: 1", "version: 0", r"`version` is 0\. Give a number from 1 to 32767"),
        ("version: 1", "version: 1.5", r"`version` is 1\.5\. Give a whole number"),
        ("version: 1", "version: true", r"`version` is True\. Give a number"),
        ("minimum_answered: 0.5", "minimum_answered: 50", r"`minimum_answered` is 50\. Give a num"),
        ("status: offered", "status: published", r"`status` is published\. Give default, offered"),
        ("official: true", "official: maybe", r"`official` is 'maybe'\. Give true or false"),
        ("source: test", "sauce: test", r"the file: `source` is missing"),
        ("source: test", "source: test\nchannels: [1]", r"the file: unknown key `channels`\. Corr"),
        ("source: test", "source: test\nmethod: median", r"unknown method `median`\. Known: p"),
        ("source: test", "source: test\nsatisfied: [4, 6]", r"`satisfied` is \[4, 6\]\. List diff"),
        ("source: test", "source: test\nsatisfied: [4, 4]", r"`satisfied` is \[4, 4\]\. List diff"),
        ("source: test", "source: test\nsatisfied: []", r"`satisfied` is \[\]\. List diff"),
        ("source: test", "source: test\nvalid: [1, true]", r"`valid` is \[1, True\]\. List diff"),
        ("source: test", "source: test\nvalid: [1, 2, 3]", r"`satisfied` is \[4, 5\] and `val"),
        ("source: test", "source: test\nvalid: [4, 5]", r"`satisfied` is \[4, 5\] .* not all"),
        ("[vi, en]", "[en]", r"`languages` has no `vi`"),
        ("[vi, en]", "[vi, en, lo]", r"unknown language `lo`\. Known: vi, en, km"),
        ("draft_languages: [en]", "draft_languages: [vi]", r"`draft_languages` has `vi`"),
        ("draft_languages: [en]", "draft_languages: en", r"`draft_languages` is 'en'\. Give a"),
        ("component: services", "component: service", r"unknown component `service`\. Known: serv"),
        ("code: A1\n", "code: a1\n", r"`code` is 'a1'\. Give something like A1"),
        ("code: A1\n", "code: ABCDEFGHI\n", r"`code` is 'ABCDEFGHI'"),
        ("code: A1\n", "code: A1\n                text2: x\n", r"items A1: unknown key `text2`"),
        ("source: test", "source: test\nversion: 2", r"line \d+: the key `version` occurs twice"),
        ("source: test", "source: [test", r"form\.yaml: line \d+: .* Correct the YAML"),
        ("source: test", "source: 2025-13-01", r"form\.yaml: .*month.* Correct the YAML"),
        ("source: test", "source: !!python/name:os.system", r"could not determine a constructor"),
        ("source: test", "source: test\nstage_first: true", r"`stage_first` needs questions about"),
        ("code: A1\n", f"code: A1\n{REFUSED}", r"A1: `if_refused` stands where nothing is asked"),
        ("parts:", "parts: []\nrest:", r"the file: `parts` is empty\. List at least one"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place_and_what_to_do(old: str, new: str, message: str) -> None:
    with pytest.raises(BadFile, match=message) as refused:
        read(changed(old, new))
    assert str(refused.value).startswith("form.yaml: ")


def test_decomposed_letters_are_refused() -> None:
    with pytest.raises(BadFile, match=r"`vi` is not composed Unicode \(NFC\)\. Save the file"):
        read(changed("Câu hỏi", unicodedata.normalize("NFD", "Câu hỏi")))


@pytest.mark.parametrize("text", ["", "[]", "just words", "7"])
def test_a_file_that_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(BadFile, match=r"form\.yaml: the file: is not a mapping"):
        read(text)


def test_a_folder_gives_its_questionnaires_by_name_and_version(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text(changed("version: 1", "version: 2"), encoding="utf-8")
    (tmp_path / "c.yaml").write_text(WHOLE, encoding="utf-8")
    assert [q.name for q in read_folder(tmp_path)] == ["whole v1", "whole v2"]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="there is no questionnaire"):
        read_folder(tmp_path)


def test_one_version_in_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(WHOLE, encoding="utf-8")
    with pytest.raises(BadFile, match=r"b\.yaml: whole v1 is also in a\.yaml"):
        read_folder(tmp_path)


def test_two_defaults_are_refused(tmp_path: Path) -> None:
    default = changed("status: offered", "status: default")
    (tmp_path / "a.yaml").write_text(default, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(default.replace("version: 1", "version: 2"), encoding="utf-8")
    with pytest.raises(BadFile, match=r"b\.yaml: `status` is default, and so it is in a\.yaml"):
        read_folder(tmp_path)


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"title: \xff")
    with pytest.raises(BadFile, match=r"a\.yaml: byte 7 is not UTF-8"):
        read_folder(tmp_path)


def test_the_first_factor_cannot_be_about_the_result_where_the_stage_is_asked_first() -> None:
    later = ("code: PA1\n", f"code: PA1\n{ABOUT}")
    first = read(WHOLE.replace(*later)).items
    about = [item.code for item in first if item.about_result]
    assert about == ["PA1"]
    with pytest.raises(BadFile, match="needs questions about the result, and others before them"):
        read(WHOLE.replace(*later).replace("source: test", "source: test\nstage_first: true"))
    last = WHOLE.replace("code: A1\n", f"code: A1\n{ABOUT}")
    asked = read(last.replace("source: test", "source: test\nstage_first: true"))
    assert asked.stage_first
    assert asked.content_hash() != read(last).content_hash()
