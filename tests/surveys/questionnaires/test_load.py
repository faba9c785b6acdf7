"""Questionnaires in the tables: loaded once, the same after a second run, frozen once answered."""

import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from offices.models import DirectoryRevision
from surveys.models import Criterion, Factor, Instrument, QuestionnaireDraft, Response
from surveys.questionnaires import catalogue
from surveys.questionnaires.entry import BadFile
from surveys.questionnaires.live import retire
from surveys.questionnaires.load import AnsweredInstrument, TellingMethod, load_instruments
from surveys.questionnaires.reader import FOLDER, read_folder
from tests import factories

pytestmark = pytest.mark.django_db

DEFAULT = "sipas-2026-services"
A1 = "{office} có biển hiệu, hướng dẫn rõ ràng, giúp người dân dễ tìm, dễ thấy."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped files, to be changed."""
    for path in FOLDER.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def change(folder: Path, old: str, new: str, name: str = f"{DEFAULT}.yaml") -> None:
    """Replaces the first `old` in a file of the folder."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def loaded(slug: str = DEFAULT, version: int = 1) -> Instrument:
    """The row of a version."""
    return Instrument.objects.get(slug=slug, version=version)


def answer() -> None:
    """One citizen answers the default form."""
    entry = catalogue.current().instrument(DEFAULT, 1)
    factories.answer(factories.office(), [5] * 16, instrument=entry)


def everything() -> list[object]:
    """All rows of all instruments."""
    return [
        list(model.objects.order_by("pk").values_list())
        for model in (Instrument, Factor, Criterion)
    ]


def revision() -> int:
    """How often processes were told to read the instruments anew."""
    return DirectoryRevision.objects.get().revision


def test_the_tables_say_what_the_files_say() -> None:
    load_instruments()
    for questionnaire in read_folder():
        row = loaded(questionnaire.slug, questionnaire.version)
        assert row.title == questionnaire.title
        assert row.content_hash == questionnaire.content_hash()
        assert [(f.position, f.code, f.component, f.title) for f in row.factors.all()] == [
            (position, f.code, f.component, f.title)
            for position, f in enumerate(questionnaire.factors)
        ]
        assert [
            (c.position, c.code, c.scale, c.factor and c.factor.code, c.text, c.hint, c.confirmed)
            for c in row.criteria.select_related("factor")
        ] == [
            (position, i.code, i.kind, i.factor, i.text, i.hint, i.confirmed)
            for position, i in enumerate(questionnaire.items)
        ]


def test_the_catalogue_offers_the_default_form_in_the_order_of_the_packed_answers() -> None:
    load_instruments()
    default = catalogue.current().default
    assert default is not None
    assert (default.slug, default.version, default.draft_languages) == (DEFAULT, 1, ("km",))
    assert [item.position for item in default.items] == list(range(16))
    assert default.items[0].text["vi"] == A1
    assert [o.text["vi"] for o in default.items[0].options][-1] == "Rất hài lòng"
    assert {item.question["vi"] for item in default.items} == {
        "Xin Ông/Bà cho biết mức độ hài lòng của Ông/Bà về các nội dung:"
    }


def test_old_forms_are_not_offered() -> None:
    load_instruments()
    offered = set(Instrument.objects.filter(offered=True).values_list("slug", flat=True))
    assert offered == {DEFAULT, "counter", "local-9"}


def test_a_second_run_writes_nothing() -> None:
    assert len(load_instruments().added) == 7
    before, told = everything(), revision()
    with CaptureQueriesContext(connection) as statements:
        again = load_instruments()
    assert len(again.unchanged) == 7
    assert (everything(), revision()) == (before, told)
    assert not [s for s in statements if s["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_a_form_nobody_answered_follows_its_file(folder: Path) -> None:
    load_instruments(folder)
    key = loaded().pk
    change(folder, "dễ tìm, dễ thấy.", "dễ tìm.")
    assert load_instruments(folder).replaced == [f"{DEFAULT} v1"]
    assert loaded().pk == key
    assert loaded().criteria.count() == 16
    assert loaded().criteria.get(code="A1").text["vi"].endswith("giúp người dân dễ tìm.")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("dễ tìm, dễ thấy.", "dễ tìm."),
        ("Very dissatisfied", "Very unhappy"),
        ("Reception and Results Desk", "Reception Desk"),
        ("minimum_answered: 0.5", "minimum_answered: 0.6"),
        ("minimum_answered: 0.5", "minimum_answered: 0.5\nvalid: [1, 2, 4, 5]"),
        ("minimum_answered: 0.5", "minimum_answered: 0.5\nsatisfied: [5]"),
    ],
)
def test_a_form_somebody_answered_is_not_changed(folder: Path, old: str, new: str) -> None:
    load_instruments(folder)
    answer()
    before = everything()
    change(folder, old, new)
    with pytest.raises(AnsweredInstrument, match=r"has been answered.*version 2") as refused:
        load_instruments(folder)
    assert str(refused.value).startswith(f"{DEFAULT} v1 ")
    assert everything() == before


def test_an_open_response_is_an_answer_too(folder: Path) -> None:
    load_instruments(folder)
    answer()
    Response.objects.update(state=0)
    change(folder, "dễ tìm, dễ thấy.", "dễ tìm.")
    with pytest.raises(AnsweredInstrument):
        load_instruments(folder)


def test_an_answered_form_loads_again_unchanged(folder: Path) -> None:
    load_instruments(folder)
    answer()
    before = everything()
    assert f"{DEFAULT} v1" in load_instruments(folder).unchanged
    assert everything() == before


def test_saying_the_usual_way_of_counting_outright_changes_nothing(folder: Path) -> None:
    load_instruments(folder)
    answer()
    before = everything()
    usual = "minimum_answered: 0.5\nmethod: pooled\nsatisfied: [4, 5]\nvalid: [1, 2, 3, 4, 5]"
    change(folder, "minimum_answered: 0.5", usual)
    assert f"{DEFAULT} v1" in load_instruments(folder).unchanged
    assert everything() == before


def test_how_a_form_counts_gets_into_the_catalogue(folder: Path) -> None:
    change(folder, "version: 1", "version: 1\nsatisfied: [5]\nvalid: [1, 2, 4, 5]")
    load_instruments(folder)
    form = catalogue.current().default
    assert form is not None
    assert (form.method, form.satisfied) == ("pooled", frozenset({5}))
    assert form.valid == frozenset({1, 2, 4, 5})


def test_nobody_puts_criteria_together_in_a_way_that_tells_what_is_withheld(folder: Path) -> None:
    """A mean, beside the factors that are shown, left one answer for that of three in a hundred."""
    change(folder, "minimum_answered: 0.5", "minimum_answered: 0.5\nmethod: mean_of_factors")
    with pytest.raises(TellingMethod, match="Give `method: pooled`"):
        load_instruments(folder)
    assert not Instrument.objects.exists()


def test_a_version_that_was_answered_before_keeps_its_way(folder: Path) -> None:
    load_instruments(folder)
    change(folder, "minimum_answered: 0.5", "minimum_answered: 0.5\nmethod: mean_of_factors")
    (form,) = [f for f in read_folder(folder) if f.name == f"{DEFAULT} v1"]
    Instrument.objects.filter(slug=form.slug, version=form.version).update(
        method=form.method.value, content_hash=form.content_hash()
    )
    assert f"{DEFAULT} v1" in load_instruments(folder).unchanged


def test_one_refusal_keeps_every_other_file_out_as_well(folder: Path) -> None:
    load_instruments(folder)
    answer()
    before = everything()
    change(folder, "Phiếu đánh giá nhanh tại quầy", "Phiếu nhanh", "counter.yaml")
    change(folder, "dễ tìm, dễ thấy.", "dễ tìm.")
    with pytest.raises(AnsweredInstrument):
        load_instruments(folder)
    assert everything() == before


def test_remarks_about_an_answered_form_follow_its_file(folder: Path) -> None:
    load_instruments(folder)
    answer()
    change(folder, "draft_languages: [km]", "draft_languages: []")
    change(folder, "- code: A1", "- code: A1\n                unconfirmed: true")
    assert load_instruments(folder).corrected == [f"{DEFAULT} v1"]
    assert loaded().draft_languages == []
    assert [c.code for c in loaded().criteria.all() if not c.confirmed] == ["A1"]
    assert f"{DEFAULT} v1" in load_instruments(folder).unchanged


def test_rows_changed_behind_the_files_back_are_put_back(folder: Path) -> None:
    load_instruments(folder)
    answer()
    before = loaded().criteria.values_list("position", "code", "text", "factor__code")
    expected = list(before)
    loaded().criteria.filter(code="A1").update(text={"vi": "Khác"})
    loaded().criteria.filter(code="E3").delete()
    assert load_instruments(folder).corrected == [f"{DEFAULT} v1"]
    assert list(before.all()) == expected


def test_a_new_version_becomes_the_default_and_the_old_one_keeps_its_words(folder: Path) -> None:
    load_instruments(folder)
    answer()
    shutil.copy(folder / f"{DEFAULT}.yaml", folder / f"{DEFAULT}-v2.yaml")
    change(folder, "status: default", "status: archive")
    change(folder, "version: 1", "version: 2", f"{DEFAULT}-v2.yaml")
    change(folder, "dễ tìm, dễ thấy.", "dễ tìm.", f"{DEFAULT}-v2.yaml")
    assert load_instruments(folder).added == [f"{DEFAULT} v2"]
    assert (loaded().is_default, loaded().offered) == (False, False)
    assert loaded(version=2).is_default
    assert loaded().criteria.get(code="A1").text["vi"] == A1


def test_the_default_moves_between_forms(folder: Path) -> None:
    load_instruments(folder)
    change(folder, "status: default", "status: offered")
    change(folder, "status: offered", "status: default", "counter.yaml")
    load_instruments(folder)
    assert [i.slug for i in Instrument.objects.filter(is_default=True)] == ["counter"]


def test_a_version_without_a_file_stays(folder: Path) -> None:
    load_instruments(folder)
    (folder / "sipas-2017.yaml").unlink()
    load_instruments(folder)
    assert loaded("sipas-2017").criteria.count() == 22


def test_a_form_whose_newest_version_people_took_away_comes_back_by_no_file(folder: Path) -> None:
    """An earlier version may stand as offered: addresses lead to the newest alone."""
    text = (folder / "counter-3.yaml").read_text(encoding="utf-8")
    (folder / "counter-3.yaml").unlink()
    load_instruments(folder)
    retire(loaded("counter", 2))
    assert loaded("counter", 1).offered
    (folder / "counter-3.yaml").write_text(text, encoding="utf-8")
    load_instruments(folder)
    assert not loaded("counter", 3).offered


def test_a_version_that_people_brought_is_left_as_it_is(folder: Path) -> None:
    change(folder, "Trả trễ hẹn", "Trễ hẹn", "counter-3.yaml")
    load_instruments(folder)
    draft = QuestionnaireDraft(slug="counter", version=3, title={}, uploaded_by=factories.user())
    draft.state = QuestionnaireDraft.State.LIVE
    draft.save()
    own = loaded("counter", 3).content_hash
    found = load_instruments()
    assert found.kept == ["counter v3"]
    assert loaded("counter", 3).content_hash == own
    draft.state = QuestionnaireDraft.State.REPLACED
    draft.save()
    load_instruments()
    assert loaded("counter", 3).content_hash != own


def test_every_kind_of_item_gets_into_the_tables(tmp_path: Path) -> None:
    text = (Path(__file__).parent / "whole_form.yaml").read_text(encoding="utf-8")
    text = text.replace('  commune:\n    - text: {vi: "xã", en: "commune"}\n', "")
    (tmp_path / "whole.yaml").write_text(text.replace("{commune}", "xã"), encoding="utf-8")
    load_instruments(tmp_path)
    rows = list(loaded("whole").criteria.select_related("factor"))
    assert [(c.code, c.scale) for c in rows][:6] == [
        ("N1A", "level4"),
        ("N1B", "level4"),
        ("N2A", "box"),
        ("N2B", "box"),
        ("N4", "choice"),
        ("N8A", "yesno"),
    ]
    assert [c.factor and c.factor.component for c in rows][6:] == [
        "policies",
        "services",
        "services",
    ]
    assert [(c.group, bool(c.question)) for c in rows][:5] == [
        ("1", True),
        ("1", True),
        ("2", True),
        ("2", True),
        ("", False),
    ]


def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_instruments")
    assert f"{DEFAULT} v1: added" in capsys.readouterr().out


def test_the_command_refuses_in_one_sentence(folder: Path) -> None:
    call_command("load_instruments", folder=folder)
    change(folder, "status: default", "status: new")
    with pytest.raises(CommandError, match=rf"{DEFAULT}\.yaml: the file: `status` is new"):
        call_command("load_instruments", folder=folder)


def test_a_wrong_file_keeps_all_files_out(folder: Path) -> None:
    change(folder, "version: 1", "version: one", "counter.yaml")
    with pytest.raises(BadFile, match=r"counter\.yaml: the file: `version` is 'one'"):
        load_instruments(folder)
    assert not Instrument.objects.exists()
