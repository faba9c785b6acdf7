"""The PDF: what stands in it, how it looks by Nghị định 30/2020, and that names are only names."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from itertools import chain

import pypdf
import pytest
import typst
from django.utils.translation import override

from offices.models import Office
from reports.models import Release
from reports.papers.pdf import DRAWN, NATION, SIGNS, drawable, fonts, pdf_of, source_data
from reports.papers.tables import tables
from reports.showing.figures import Figure
from reports.showing.written import decimal, grouped, percentage
from tests.reports.papers.opening import catalog, everything, numbers, pages, text
from tests.reports.papers.reporting import FEW, Reported, of_office, of_unit, reported

pytestmark = pytest.mark.django_db
# Whatever means something to Typst, to spreadsheets or to a page.
HOSTILE = '#panic("x") $1$ *a* _b_ [c] ]] \\u{41} \'d" @e //f /*g*/ `h` <i> ~ = + - #let x = 1;'


@pytest.fixture
def world() -> Reported:
    """Three months of a province."""
    return reported()


@pytest.fixture(autouse=True)
def _in_vietnamese() -> Iterator[None]:
    with override("vi"):
        yield


def written(figure: Figure) -> list[str]:
    """A shown figure as the pages write it: value, limits, people."""
    assert figure.value is not None
    assert figure.low is not None
    assert figure.high is not None
    value = percentage(figure.value).split("\N{NO-BREAK SPACE}")[0]
    return [value, decimal(figure.low), decimal(figure.high)]


def test_every_number_of_the_page_stands_in_the_report(world: Reported) -> None:
    contents = of_unit(world.province)
    said = text(pdf_of(contents))
    headline = contents.figures.headline
    value, low, high = written(headline)
    assert f"{value} % Khoảng tin cậy 95 %: từ {low} đến {high}; {headline.people} phiếu" in said
    for factor in contents.figures.factors:
        assert " ".join([factor.code, factor.title["vi"], *written(factor.figure)]) in said
    for criterion in contents.figures.criteria:
        row = [*written(criterion.figure)[:1], str(criterion.figure.answers)]
        assert f"ở cơ quan {' '.join(row)}" in said
    for month in contents.months:
        people = str(month.figure.people)
        assert " ".join([f"{month.first:%m/%Y}", *written(month.figure), people]) in said
    for one in contents.parts:
        assert one.finished is not None
        dossiers = grouped(one.finished.dossiers)
        if one.part.figure.hidden:
            assert f"{one.part.name} chưa đủ số phiếu {dossiers}" in said
        else:
            row = [*written(one.part.figure), str(one.part.figure.people), dossiers]
            assert " ".join([one.part.name, *row]) in said


def test_numbers_that_are_in_no_table_are_in_no_report(world: Reported) -> None:
    contents = of_unit(world.province)
    known = {
        number
        for table in tables(contents)
        for row in table.rows
        for cell in row
        for number in numbers(
            str(cell).replace(".", ",") if isinstance(cell, Decimal) else str(cell)
        )
    }
    said = " ".join(text(pdf_of(contents)).split("PHẠM VI VÀ TỶ LỆ")[0].split("II. ")[1:])
    beside = {"2", "3", "4", "95", "1"}  # pages, tables, the level of intervals, criteria
    assert numbers(said) <= known | beside


def test_what_is_hidden_is_nowhere_in_the_file(world: Reported) -> None:
    """The seven people of the office with too few, and what they answered."""
    contents = of_unit(world.province)
    assert any(one.part.figure.hidden for one in contents.parts)
    data = source_data(contents)
    assert f'"{FEW}"' not in data
    assert f'"{FEW}",' not in everything(pdf_of(contents))
    assert str(FEW) not in numbers(text(pdf_of(contents)))


def test_the_same_figures_give_the_same_bytes(world: Reported) -> None:
    first, second = (pdf_of(of_unit(world.province)) for _ in range(2))
    assert first == second
    made = pypdf.PdfReader(BytesIO(first)).metadata
    assert made is not None
    assert made.creation_date == of_unit(world.province).computed_at.replace(microsecond=0)


def test_it_looks_as_the_decree_says(world: Reported) -> None:
    file = pdf_of(of_unit(world.province))
    first, *others = pages(file)
    assert NATION[0] in first
    assert NATION[1] in first
    assert "Số: ……/BC-……" in first
    assert "Bản dự thảo do hệ thống lập" in first
    assert others
    for number, page in enumerate(others, 2):
        assert page.startswith(f"{number} ")
    assert not first.startswith("1")
    width, height = pypdf.PdfReader(BytesIO(file)).pages[0].mediabox[2:]
    assert (round(float(width) / 72 * 25.4), round(float(height) / 72 * 25.4)) == (210, 297)
    assert "QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ" in others[-1]


def test_it_is_tagged_with_its_language_and_what_the_drawing_says(world: Reported) -> None:
    root = catalog(pdf_of(of_unit(world.province)))
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "vi"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    tags = everything(pdf_of(of_unit(world.province)))
    assert "/Alt" in tags
    assert "/TH" in tags
    assert "kèm khoảng tin cậy 95 %" in tags


@pytest.mark.parametrize("name", [HOSTILE, "=1+1", "Trung tâm 😀 汉 ក \u202e \x07 \u200b"])
def test_names_are_text_whatever_they_hold(name: str) -> None:
    world = reported(months=(6,))
    Office.objects.filter(pk=world.office.pk).update(name=name)
    world.office.refresh_from_db()
    wanted = " ".join(drawable(name).split())
    for file in (pdf_of(of_office(world.office)), pdf_of(of_unit(world.province))):
        assert wanted.replace(" ", "") in text(file).replace(" ", "")


def test_a_letter_that_the_typeface_lacks_is_a_question_mark() -> None:
    assert drawable("Hà Tie\u0302n 😀 – “x”") == "Hà Tiên ? – “x”"


@pytest.mark.parametrize(
    "style", ['style: "normal"', 'weight: "bold"', 'style: "italic"'], ids=range(3)
)
def test_every_letter_is_drawn_and_found_again_in_the_file(style: str) -> None:
    codes = (range(first, last + 1) for first, last in DRAWN)
    letters = [*filter(str.strip, map(chr, chain(*codes))), *sorted(SIGNS)]
    source = (
        '#set document(title: "x")\n#set page(width: auto, height: auto)\n'
        f'#set text(font: "Libertinus Serif", {style}, fallback: false)\n'
        "#for letter in sys.inputs.said.clusters() [#letter #linebreak()]"
    )
    # PDF/UA refuses what cannot be drawn
    file = typst.compile(
        source.encode(),
        font_paths=fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"said": "".join(letters)},
        pdf_standards="ua-1",
    )
    assert pages(bytes(file))[0].split() == letters


def test_it_says_how_to_compute_it_again(world: Reported) -> None:
    contents = of_office(world.office)
    assert "https://hailong.example.vn/bao-cao/" in text(pdf_of(contents)).replace(" ", "")
    released = replace(contents, release=Release(slug="91-an-giang-2025-06-1"))
    assert "manage.py reproduce 91-an-giang-2025-06-1" in text(pdf_of(released))


def test_simulated_figures_say_so_first(world: Reported) -> None:
    contents = of_office(world.office)
    contents.change.score.simulated = True
    assert "Số liệu mô phỏng" in pages(pdf_of(contents))[0]


def test_a_country_with_many_provinces_has_a_head_on_every_page(world: Reported) -> None:
    contents = of_unit(world.province)
    many = replace(contents, parts=contents.parts * 40)
    found = [page for page in pages(pdf_of(many)) if "Trung tâm Mỹ Thới" in page]
    assert len(found) > 2
    assert all("Hồ sơ đã giải quyết" in page for page in found)
