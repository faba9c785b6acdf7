"""Finished dossiers from a file: all of it or nothing, and every mistake with its line."""

from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from offices.dossiers import file
from offices.dossiers.entering import Entering
from offices.dossiers.store import Stored, import_dossiers
from offices.models import DossierCount, DossierSource, Field, Office
from offices.tables import COUNTED, LISTED, FileRefused, Mistake
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 20)
ABOVE = Entering(DossierSource.ABOVE, {})


@pytest.fixture
def office() -> Office:
    """An office that opened on 2025-07-01, and two fields."""
    Field.objects.create(slug="ho-tich", name="Hộ tịch")
    Field.objects.create(slug="dat-dai", name="Đất đai")
    return factories.office(slug="phuong-ha-tien", valid_from=date(2025, 7, 1))


def sent(*lines: str, heading: str = "office,day,field,finished") -> Stored:
    """What storing these lines says."""
    content = "\n".join([heading, *lines]).encode()
    return import_dossiers(content, Office.objects.all(), TODAY, ABOVE)


def refused(content: bytes) -> FileRefused:
    """What is said of a file with mistakes, in English; checks that nothing was stored."""
    before = list(DossierCount.objects.order_by("pk").values())
    with override("en"), pytest.raises(FileRefused) as caught:
        import_dossiers(content, Office.objects.all(), TODAY, ABOVE)
    assert list(DossierCount.objects.order_by("pk").values()) == before
    return caught.value


def mistakes(*lines: str, heading: str = "office,day,field,finished") -> list[Mistake]:
    return list(refused("\n".join([heading, *lines]).encode()).mistakes)


def cells() -> list[tuple[str, date, str | None, int]]:
    return list(
        DossierCount.objects.order_by("office__slug", "day", "field__slug").values_list(
            "office__slug", "day", "field__slug", "finished"
        )
    )


def test_it_works(office: Office) -> None:
    stored = sent(
        "phuong-ha-tien,2026-03-01,ho-tich,12",
        "phuong-ha-tien,01/03/2026,dat-dai,3",
        "phuong-ha-tien,2/3/2026,,0",
    )
    assert stored == Stored(new=3, changed=0, unchanged=0, beside=0)
    assert cells() == [
        ("phuong-ha-tien", date(2026, 3, 1), "dat-dai", 3),
        ("phuong-ha-tien", date(2026, 3, 1), "ho-tich", 12),
        ("phuong-ha-tien", date(2026, 3, 2), None, 0),
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_spreadsheets_write_files_in_many_ways(
    office: Office, separator: str, start: bytes, end: str
) -> None:
    rows = [
        ["Cơ quan", "Ngày", "Lĩnh vực", "Số hồ sơ đã giải quyết"],
        ["phuong-ha-tien", "05/03/2026", "Hộ tịch", "7"],
        ["", "", "", ""],
    ]
    text = end.join(separator.join(row) for row in rows) + end
    import_dossiers(start + text.encode(), Office.objects.all(), TODAY, ABOVE)
    assert cells() == [("phuong-ha-tien", date(2026, 3, 5), "ho-tich", 7)]


@pytest.mark.parametrize(
    "heading",
    [
        "finished,office,day",
        "Hồ sơ đã giải quyết,Mã cơ quan,NGÀY",
        "so_ho_so;co_quan;ngay",
        '"Số hồ sơ";"Bộ phận Một cửa";"Ngày"',
    ],
)
def test_columns_are_known_by_their_headings_and_the_field_may_be_missing(
    office: Office, heading: str
) -> None:
    separator = ";" if ";" in heading else ","
    sent(separator.join(["4", "phuong-ha-tien", "2026-03-05"]), heading=heading)
    assert cells() == [("phuong-ha-tien", date(2026, 3, 5), None, 4)]


def test_names_may_be_typed_with_separate_accents(office: Office) -> None:
    sent("phuong-ha-tien,2026-03-05,HÔ\N{COMBINING DOT BELOW}  tịch,4")
    assert cells()[0][2] == "ho-tich"


def test_sending_again_changes_nothing_and_a_correction_replaces_the_cell(office: Office) -> None:
    first = ["phuong-ha-tien,2026-03-01,ho-tich,12", "phuong-ha-tien,2026-03-02,,5"]
    sent(*first)
    keys = set(DossierCount.objects.values_list("pk", flat=True))
    assert sent(*first) == Stored(new=0, changed=0, unchanged=2, beside=0)
    corrected = sent(first[0], "phuong-ha-tien,2026-03-02,,6", "phuong-ha-tien,2026-03-03,,1")
    assert corrected == Stored(new=1, changed=1, unchanged=1, beside=0)
    assert [finished for *_, finished in cells()] == [12, 6, 1]
    assert keys < set(DossierCount.objects.values_list("pk", flat=True))


def test_counts_of_the_same_day_under_other_fields_are_pointed_out(office: Office) -> None:
    sent("phuong-ha-tien,2026-03-01,,15", "phuong-ha-tien,2026-03-02,,15")
    split = ["phuong-ha-tien,2026-03-01,ho-tich,12", "phuong-ha-tien,2026-03-01,dat-dai,3"]
    assert sent(*split).beside == 1
    assert sent(*split, "phuong-ha-tien,2026-03-01,,0").beside == 0


def test_real_counts_take_the_place_of_simulated_ones(office: Office) -> None:
    DossierCount.objects.create(office=office, day=date(2026, 3, 1), finished=9, simulated=True)
    assert sent("phuong-ha-tien,2026-03-01,,9").changed == 1
    assert not DossierCount.objects.get().simulated


def test_every_mistake_is_listed_with_its_line_and_column(office: Office) -> None:
    factories.office(slug="da-dong", valid_to=date(2025, 6, 30))
    found = mistakes(
        "phuong-ha-tien,2026-03-01,ho-tich,12",
        "khong-co,2026-03-01,ho-tich,12",
        "phuong-ha-tien,31/02/2026,ho-tich,12",
        "phuong-ha-tien,2026-03-21,ho-tich,12",
        "phuong-ha-tien,2025-06-30,ho-tich,12",
        "da-dong,2026-03-01,ho-tich,12",
        "phuong-ha-tien,2026-03-02,thuy-loi,12",
        "phuong-ha-tien,01/03/2026,Hộ tịch,12",
        "phuong-ha-tien,2026-03-04,x,-1",
    )
    assert [(mistake.line, mistake.column) for mistake in found] == [
        (3, "Office"),
        (4, "Day"),
        (5, "Day"),
        (6, "Office"),
        (7, "Office"),
        (8, "Field"),
        (9, ""),
        (10, "Field"),
        (10, "Finished dossiers"),
    ]
    assert "short name" in found[0].text
    assert "31/12/2025" in found[1].text
    assert "still to come" in found[2].text
    assert "not open on 30/06/2025" in found[3].text
    assert "line 2" in found[6].text


@pytest.mark.parametrize(
    "number", ["-1", "1.5", "1,5", "1.204", "", "x", "1e3", "+4", "١٢", "1000001", "9" * 5000]
)
def test_a_count_is_a_whole_number(office: Office, number: str) -> None:
    (mistake,) = mistakes(
        f"phuong-ha-tien;2026-03-01;;{number}", heading="office;day;field;finished"
    )
    assert mistake.column == "Finished dossiers"
    assert len(mistake.text) < 200


@pytest.mark.parametrize(
    "day", ["", "2026-3-1", "01-03-2026", "1/3/26", "0000-01-01", "2026-03-01 08:00", "٠١/٠٣/٢٠٢٦"]
)
def test_a_day_is_written_in_one_of_two_ways(office: Office, day: str) -> None:
    (mistake,) = mistakes(f"phuong-ha-tien,{day},,3")
    assert mistake.column == "Day"


def test_today_is_no_day_to_come(office: Office) -> None:
    sent(f"phuong-ha-tien,{TODAY},,3")
    (mistake,) = mistakes(f"phuong-ha-tien,{TODAY + timedelta(days=1)},,3")
    assert "still to come" in mistake.text


def test_offices_of_others_are_refused(office: Office) -> None:
    other = factories.office(slug="noi-khac")
    mine = Office.objects.exclude(pk=other.pk)
    with pytest.raises(FileRefused):
        import_dossiers(b"office,day,finished\nnoi-khac,2026-03-01,3", mine, TODAY, ABOVE)
    assert not DossierCount.objects.exists()


def test_a_long_list_of_mistakes_is_cut_and_counted(office: Office) -> None:
    found = refused("\n".join(["office,day,finished", *["x,y,z"] * 400]).encode())
    assert len(found.mistakes) == LISTED
    assert found.count == COUNTED
    assert found.more
    few = refused("\n".join(["office,day,finished", *["x,y,z"] * 40]).encode())
    assert few.count == 120
    assert not few.more


@pytest.mark.parametrize(
    ("heading", "columns"),
    [
        ("office,day", ["Finished dossiers"]),
        ("phuong-ha-tien,2026-03-01,3", ["phuong-ha-tien", "2026-03-01", "3"]),
        ("office,day,finished,note", ["note"]),
        ("office,day,finished,Ngày", ["Ngày"]),
    ],
)
def test_headings_that_do_not_do_are_named(
    office: Office, heading: str, columns: list[str]
) -> None:
    found = mistakes("phuong-ha-tien,2026-03-01,3", heading=heading)
    assert [mistake.column for mistake in found][: len(columns)] == columns
    assert {mistake.line for mistake in found} == {1}


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b"\xef\xbb\xbf", 1),
        (b"office,day,finished\n", 1),
        (b"office,day,finished\nphuong-ha-tien,2026-03-01,3,4\n", 2),
        (b"office,day,finished\nphuong-ha-tien,2026-03-01,3\nphuong-ha-ti\xean,2026-03-01,3\n", 3),
        ("office,day,finished\n".encode("utf-16"), 1),
        (b'office,day,finished\n"phuong-ha-tien,2026-03-01,3\n', 2),
        (b'office,day,finished\n"phuong"-ha-tien,2026-03-01,3\n', 2),
        (b"PK\x03\x04\x00\x00", 1),
    ],
)
def test_what_is_no_such_file_is_refused_with_a_sentence(
    office: Office, content: bytes, line: int
) -> None:
    found = refused(content)
    assert found.mistakes[0].line == line
    assert found.mistakes[0].text


@given(content=st.binary(max_size=300))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    with pytest.raises(FileRefused) as caught:
        file.read(content, Office.objects.none(), TODAY)
    assert caught.value.count >= len(caught.value.mistakes) > 0


def test_a_file_that_is_too_large_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    big = refused(b"x" * (file.SHAPE.most_bytes + 1))
    assert "5 MB" in big.mistakes[0].text
    monkeypatch.setattr(file, "SHAPE", replace(file.SHAPE, most_lines=2))
    lines = ["office,day,finished"] + [f"phuong-ha-tien,{day}/3/2026,1" for day in (1, 2, 3)]
    long = refused("\n".join(lines).encode())
    assert [mistake.line for mistake in long.mistakes] == [4]
    monkeypatch.setattr(file, "SHAPE", replace(file.SHAPE, most_lines=3))
    assert import_dossiers("\n".join(lines).encode(), Office.objects.all(), TODAY, ABOVE).new == 3


def test_a_cell_is_there_once_also_without_a_field(office: Office) -> None:
    DossierCount.objects.create(office=office, day=TODAY, finished=1)
    for wrong in ({"finished": 2}, {"finished": -1, "day": TODAY - timedelta(days=1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DossierCount.objects.create(**{"office": office, "day": TODAY, **wrong})


def test_the_command_says_what_it_did(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "ho-so.csv"
    day = timezone.localdate()
    file.write_text(f"office,day,finished\nphuong-ha-tien,{day},3\n", "utf-8")
    out = StringIO()
    call_command("import_dossiers", str(file), stdout=out)
    assert "1 new, 0 changed, 0 unchanged" in out.getvalue()
    file.write_text(f"office,day,finished\nphuong-ha-tien,{day},-3\n", "utf-8")
    with pytest.raises(CommandError, match=r"nothing was stored, 1 mistake(.|\n)*2, "):
        call_command("import_dossiers", str(file))
    assert DossierCount.objects.get().finished == 3
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_dossiers", str(tmp_path / "nowhere.csv"))


def test_the_admin_shows_them_and_changes_nothing() -> None:
    shown = admin.site._registry[DossierCount]
    assert not shown.has_add_permission(None)  # type: ignore[arg-type]
    assert not shown.has_change_permission(None)  # type: ignore[arg-type]
    assert not shown.has_delete_permission(None)  # type: ignore[arg-type]
