"""The questionnaires we ship say what the official forms say, word for word."""

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from surveys.questionnaires.questionnaire import ItemKind, Questionnaire, Status, Texts
from surveys.questionnaires.reader import FOLDER, read_folder

SHIPPED = {q.slug: q for q in read_folder()}

# Question 9, part II of the ministry's form of 2026.
SERVICES_2026 = [
    ("A1", "{office} có biển hiệu, hướng dẫn rõ ràng, giúp người dân dễ tìm, dễ thấy."),
    (
        "A2",
        "{office} có đủ ghế ngồi chờ, ghế ngồi giải quyết công việc và bàn viết cho người dân.",
    ),
    (
        "A3",
        "{office} có trang thiết bị phục vụ người dân đầy đủ, chất lượng tốt, giúp người dân giải "
        "quyết công việc dễ dàng hơn. (Máy lấy số xếp hàng, máy tính, máy để tra cứu thông tin, "
        "máy điều hòa, quạt mát)",
    ),
    (
        "B1",
        "Quy định thủ tục hành chính được niêm yết công khai tại {office} giúp người dân dễ thấy, "
        "dễ đọc.",
    ),
    (
        "B2",
        "Công chức yêu cầu người dân nộp hồ sơ giải quyết thủ tục hành chính đúng theo quy định.",
    ),
    (
        "B3",
        "Công chức yêu cầu người dân đóng phí lệ phí giải quyết thủ tục hành chính đúng theo quy "
        "định.",
    ),
    ("B4", "Thời hạn giải quyết thủ tục hành chính cho người dân đúng theo quy định."),
    ("C1", "Công chức ở {office} có thái độ giao tiếp lịch sự, tôn trọng đối với người dân."),
    (
        "C2",
        "Công chức ở {office} hướng dẫn hồ sơ dễ hiểu, đầy đủ, giúp người dân có thể hoàn thiện hồ "
        "sơ sau một lần hướng dẫn.",
    ),
    (
        "C3",
        "Công chức ở {office} tuân thủ đúng quy định trong giải quyết thủ tục hành chính cho người "
        "dân.",
    ),
    ("D1", "Kết quả giải quyết thủ tục hành chính cho người dân được trả đúng hẹn."),
    (
        "D2",
        "Kết quả giải quyết thủ tục hành chính cho người dân có thông tin đầy đủ, chính xác.",
    ),
    ("D3", "Kết quả giải quyết thủ tục hành chính cho người dân đảm bảo tính công bằng."),
    (
        "E1",
        "{office} bố trí hình thức tiếp nhận phản ánh, kiến nghị, giúp người dân phản ánh, kiến "
        "nghị dễ dàng.",
    ),
    ("E2", "{office} tiếp nhận, xử lý phản ánh, kiến nghị của người dân đúng quy định."),
    ("E3", "{office} thông báo kết quả xử lý phản ánh kiến nghị cho người dân kịp thời."),
]


def printed(slug: str) -> list[tuple[str, str]]:
    """Code and Vietnamese text of every item, with what stands in brackets after it."""
    return [
        (item.code, " ".join(filter(None, [item.text["vi"], item.hint.get("vi")])))
        for item in SHIPPED[slug].items
    ]


def all_texts(questionnaire: Questionnaire) -> Iterator[Texts]:
    """Every text of a questionnaire that people may read."""
    yield from (questionnaire.title, questionnaire.introduction)
    yield from (part.title for part in questionnaire.parts)
    yield from (factor.title for factor in questionnaire.factors)
    for item in questionnaire.items:
        yield item.text
        yield from filter(None, (item.hint, item.question))
        yield from (option.text for option in item.options)
    for labels in questionnaire.labels.values():
        yield from (label.text for label in labels)


def test_the_16_criteria_of_2026_are_those_of_the_form() -> None:
    assert printed("sipas-2026-services") == SERVICES_2026


def test_the_factors_of_2026_are_those_of_the_form() -> None:
    assert [(f.code, f.title["vi"]) for f in SHIPPED["sipas-2026-services"].factors] == [
        ("A", "Tiếp cận dịch vụ"),
        ("B", "Thủ tục hành chính"),
        ("C", "Công chức trực tiếp giải quyết công việc"),
        ("D", "Kết quả (Kết quả giải quyết TTHC có thể là được cấp giấy tờ hoặc bị từ chối cấp)"),
        ("E", "Việc tiếp nhận, xử lý phản ánh, kiến nghị của người dân"),
    ]


@pytest.mark.parametrize(
    ("slug", "sizes"),
    [
        ("sipas-2026-services", {"A": 3, "B": 4, "C": 3, "D": 3, "E": 3}),
        ("sipas-2022-services", {"A": 4, "B": 4, "C": 5, "D": 3, "E": 3}),
        ("sipas-2017", {"A": 4, "B": 5, "C": 6, "D": 3, "E": 4}),
        ("local-9", {"I": 3, "II": 2, "III": 4}),
        ("counter", {"O": 1, "A": 1, "B": 1, "C": 1, "D": 1, "E": 1}),
    ],
)
def test_each_form_has_its_criteria_by_factor_in_order(slug: str, sizes: dict[str, int]) -> None:
    items = [item for item in SHIPPED[slug].items if item.kind is not ItemKind.REASON]
    assert [item.factor for item in items] == [f for f, size in sizes.items() for _ in range(size)]
    assert {item.kind for item in items} == {ItemKind.SATISFACTION}


@pytest.mark.parametrize("slug", ["sipas-2026-services", "sipas-2022-services", "sipas-2017"])
def test_the_ministrys_codes_number_each_factor_from_one(slug: str) -> None:
    numbers: dict[str, int] = {}
    for item in SHIPPED[slug].items:
        assert item.factor is not None
        numbers[item.factor] = numbers.get(item.factor, 0) + 1
        assert item.code == f"{item.factor}{numbers[item.factor]}"


@pytest.mark.parametrize(
    ("slug", "code", "text"),
    [
        (
            "sipas-2022-services",
            "A3",
            "Trụ sở cơ quan tiếp nhận hồ sơ, trả kết quả giải quyết thủ tục hành chính sạch sẽ, "
            "văn minh.",
        ),
        ("sipas-2022-services", "B3", "Mức phí/lệ phí người dân phải nộp là đúng quy định."),
        (
            "sipas-2022-services",
            "C5",
            "Công chức tận tình đối với người dân trong quá trình giải quyết công việc.",
        ),
        (
            "sipas-2017",
            "B5",
            "Thời hạn giải quyết (từ ngày hồ sơ được tiếp nhận đến ngày trả kết quả) là đúng quy "
            "định",
        ),
        ("sipas-2017", "C4", "Công chức hướng dẫn kê khai hồ sơ tận tình, chu đáo"),
        ("sipas-2017", "E4", "Có thông báo kết quả xử lý góp ý, phản ánh, kiến nghị kịp thời"),
        (
            "local-9",
            "Q4",
            "Kết quả mà Ông/Bà nhận được là đúng quy định (Kết quả có thể là được cấp giấy tờ hoặc "
            "bị từ chối cấp giấy tờ).",
        ),
        ("local-9", "Q7", "Ông/Bà dễ dàng thực hiện góp ý, phản ánh, kiến nghị."),
        ("counter", "O1", "Nhìn chung, Ông/Bà hài lòng đến mức nào về lần làm thủ tục này?"),
    ],
)
def test_wordings_of_the_other_forms(slug: str, code: str, text: str) -> None:
    assert dict(printed(slug))[code] == text


def test_the_local_form_has_its_three_headings() -> None:
    assert [f.title["vi"] for f in SHIPPED["local-9"].factors] == [
        "Công chức trực tiếp giải quyết công việc",
        "Kết quả cung ứng dịch vụ hành chính công",
        "Tiếp nhận, xử lý các ý kiến góp ý, phản ánh, kiến nghị",
    ]


def test_the_14_wordings_of_2017_that_nobody_has_seen_are_marked() -> None:
    unconfirmed = {item.code for item in SHIPPED["sipas-2017"].items if not item.confirmed}
    assert unconfirmed == {
        *("A2", "A3", "A4", "B2", "B3", "B4", "C2"),
        *("C5", "D1", "D2", "D3", "E1", "E2", "E3"),
    }
    others = [q for slug, q in SHIPPED.items() if slug != "sipas-2017"]
    assert all(item.confirmed for q in others for item in q.items)


@pytest.mark.parametrize("slug", SHIPPED)
def test_the_five_answers_run_from_very_dissatisfied_to_very_satisfied(slug: str) -> None:
    for item in SHIPPED[slug].items:
        if item.kind is ItemKind.REASON:
            continue
        assert [(option.value, option.text["vi"]) for option in item.options] == [
            (1, "Rất không hài lòng"),
            (2, "Không hài lòng"),
            (3, "Bình thường"),
            (4, "Hài lòng"),
            (5, "Rất hài lòng"),
        ]


@pytest.mark.parametrize("slug", SHIPPED)
def test_every_text_is_composed_unicode_in_three_languages_with_khmer_a_draft(slug: str) -> None:
    questionnaire = SHIPPED[slug]
    assert questionnaire.languages == ("vi", "en", "km")
    assert questionnaire.draft_languages == ("km",)
    for texts in all_texts(questionnaire):
        assert tuple(texts) == ("vi", "en", "km")
        assert all(unicodedata.is_normalized("NFC", text) for text in texts.values())


def test_khmer_texts_are_written_in_khmer() -> None:
    for questionnaire in SHIPPED.values():
        for texts in all_texts(questionnaire):
            assert any("\u1780" <= letter <= "\u17ff" for letter in texts["km"]), texts


@pytest.mark.parametrize("slug", SHIPPED)
def test_the_word_for_the_office_changes_on_the_first_of_july_2025(slug: str) -> None:
    questionnaire = SHIPPED[slug]
    old, new = date(2025, 6, 30), date(2025, 7, 1)
    assert questionnaire.label("office", old)["vi"] == "Bộ phận tiếp nhận và trả kết quả"
    assert questionnaire.label("office", new)["vi"] == "Trung tâm Phục vụ hành chính công"


def test_one_form_is_the_default_old_ones_are_kept_for_reading() -> None:
    assert {slug: q.status for slug, q in SHIPPED.items()} == {
        "sipas-2026-services": Status.DEFAULT,
        "counter": Status.OFFERED,
        "local-9": Status.OFFERED,
        "sipas-2022-services": Status.ARCHIVE,
        "sipas-2017": Status.ARCHIVE,
    }


def test_only_our_own_form_is_no_official_one() -> None:
    assert [slug for slug, q in SHIPPED.items() if not q.official] == ["counter"]


def test_the_overall_question_of_our_form_stands_apart_from_its_five() -> None:
    counter = SHIPPED["counter"]
    assert [item.code for item in counter.criteria("overall")] == ["O1"]
    assert [item.code for item in counter.criteria("services")] == ["A1", "B1", "C1", "D1", "E1"]


@pytest.mark.parametrize("slug", SHIPPED)
def test_a_form_names_its_source_and_counts_from_half_of_its_criteria(slug: str) -> None:
    assert SHIPPED[slug].source
    assert "Khmer" in SHIPPED[slug].notes
    # of the one-minute form the overall question alone is enough (decision 0056)
    assert SHIPPED[slug].minimum_answered == (0 if slug == "counter" else 0.5)


def test_a_file_is_named_for_what_it_holds() -> None:
    named = {q.slug if q.version == 1 else f"{q.slug}-{q.version}" for q in read_folder()}
    assert {path.stem for path in Path(FOLDER).glob("*.yaml")} == named


def test_the_versions_of_our_form_ask_the_same_in_other_ways() -> None:
    first, second, third = (q for q in read_folder() if q.slug == "counter")
    assert (first.version, second.version, third.version) == (1, 2, 3)
    assert (first.items, first.factors) == (second.items, second.factors)
    assert (first.one_by_one, second.one_by_one, third.one_by_one) == (False, True, True)
    assert (first.stage_first, second.stage_first, third.stage_first) == (False, False, True)
    assert second.factors == third.factors
    scales = third.items[: len(second.items)]
    assert [replace(item, about_result=False, if_refused={}) for item in scales] == list(
        second.items
    )
    assert [item.code for item in third.items if item.about_result and item.if_refused] == ["D1"]
    below = [item.group for item in third.items[len(scales) :]]
    assert [(code, below.count(code)) for code in dict.fromkeys(below)] == [
        *(("O1", 5), ("A1", 4), ("B1", 4), ("C1", 4), ("D1", 3), ("E1", 4))
    ]


def test_only_the_third_version_of_our_form_asks_why() -> None:
    assert {q.name for q in read_folder() if any(i.kind is ItemKind.REASON for i in q.items)} == {
        "counter v3"
    }


def test_the_factor_of_the_result_is_about_it_and_official_words_stay() -> None:
    about = {
        slug: [item.code for item in SHIPPED[slug].items if item.about_result]
        for slug in ("sipas-2026-services", "local-9")
    }
    assert about == {"sipas-2026-services": ["D1", "D2", "D3"], "local-9": ["Q4", "Q5"]}
    official = [q for q in read_folder() if q.official]
    assert not any(q.stage_first or any(i.if_refused for i in q.items) for q in official)
