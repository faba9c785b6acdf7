"""The poster and the table card: what is on the sheets, and where their code leads."""

from io import BytesIO

import pytest
import segno
import typst
from django.test import Client
from pypdf import PdfReader
from pytest_django import Settings

from offices.directory import CounterEntry
from offices.models import Counter, Office
from surveys.print.paper import HERE, KEPT, QUIET_ZONE, Paper, fonts, printed, sheet_data
from surveys.print.texts import words
from tests import factories
from tests.surveys.print.pdf_reading import Bitmap, Pdf, darkness, squeezed

NAME = "Trung tâm Phục vụ hành chính công phường Hà Tiên"
TYPED = "khaosat.example.vn/ks/phuong-ha-tien/"
ADDRESS = f"https://{TYPED}"
MINUTES = 4
LANGUAGES = [("vi",), ("km",), ("en",), ("vi", "km")]
SHEETS = {Paper.POSTER: 1, Paper.LARGE_POSTER: 1, Paper.TABLE_CARD: 2}
ALL = [(paper, languages) for paper in Paper for languages in LANGUAGES]
LONG = f"{NAME} và {NAME.lower()} và các đơn vị sự nghiệp công lập trực thuộc"
LONG_ADDRESS = "khao-sat-su-hai-long.phuc-vu-hanh-chinh-cong.example.vn:8443/ks/phuong/?quay=12"
POINTS_AN_A4_IS_HIGH = 841.8898
PIXELS_A_POINT = 2

OFFERED = ["vi", "en", "km"]


@pytest.fixture
def office(db: None) -> Office:
    made = factories.office(slug="phuong-ha-tien", name=NAME)
    Counter.objects.create(office=made, number=3, name="Hộ tịch")
    return made


@pytest.fixture
def khmer_offered(settings: Settings) -> None:
    settings.LANGUAGES = [(code, code) for code in OFFERED]


def sheet(
    paper: Paper,
    languages: tuple[str, ...] = ("vi",),
    office: str = NAME,
    counter: CounterEntry | None = None,
    typed: str = TYPED,
) -> Pdf:
    return Pdf(printed(paper, languages, office, counter, f"https://{typed}", typed, MINUTES))


@pytest.mark.parametrize(("paper", "languages"), ALL)
def test_each_sheet_says_all_that_it_should(paper: Paper, languages: tuple[str, ...]) -> None:
    pdf = sheet(paper, languages)
    assert len(pdf.pages) == SHEETS[paper]
    names = ["question", "invitation", "type"]
    names += {
        Paper.POSTER: ["scan", "answer", "send", "promise"],
        Paper.LARGE_POSTER: [],
        Paper.TABLE_CARD: ["fold", "base"],
    }[paper]
    for page in pdf.pages:
        text = pdf.text(page)
        assert squeezed(NAME) in text
        assert TYPED in text
    whole = "".join(pdf.text(page) for page in pdf.pages)
    # Khmer glyphs stand for several letters each, so its words are compared by their letters
    for language in languages:
        for name in names if language == languages[0] or paper is Paper.POSTER else names[:3]:
            said = squeezed(words(language, MINUTES)[name])
            if language == "km":
                assert set(said) <= set(whole), name
            else:
                assert said in whole, name


@pytest.mark.parametrize(("paper", "languages"), ALL)
def test_only_our_fonts_are_used_and_no_letter_is_missing(
    paper: Paper, languages: tuple[str, ...]
) -> None:
    pdf = sheet(paper, languages)
    glyphs = [drawn for page in pdf.pages for drawn in pdf.glyphs(page)]
    families = {font.name.partition("-")[0] for font, _ in glyphs}
    assert families == {"BeVietnamPro"} | ({"NotoSansKhmer"} if "km" in languages else set())
    assert 0 not in {glyph for _, glyph in glyphs}


def test_khmer_subscripts_are_joined() -> None:
    """U+17D2 asks for the next letter below; drawn by itself it would be a cross."""
    pdf = sheet(Paper.POSTER, ("km",))
    drawn = [font.letters[glyph] for font, glyph in pdf.glyphs(pdf.pages[0])]
    assert "\u17d2" not in drawn
    assert any("\u17d2" in letters for letters in drawn)


def modules(address: str) -> Bitmap:
    """The code of an address as segno makes it, without its quiet zone."""
    return [[bool(dark) for dark in row] for row in segno.make(address, error="m").matrix]


def seen(
    paper: Paper, page: int, box: tuple[float, float, float, float], data: str, size: int
) -> Bitmap:
    """The modules drawn in a box of a page, each looked at in its middle."""
    drawn = typst.compile(
        HERE / f"{paper.value}.typ",
        root=HERE,
        font_paths=fonts(),
        ignore_system_fonts=True,
        format="png",
        ppi=72 * PIXELS_A_POINT,
        sys_inputs={"data": data},
    )
    pictures = drawn if isinstance(drawn, list) else [drawn]
    dark = darkness(pictures[page])
    left, _, right, top = box
    step = (right - left) / size

    def look(row: int, column: int) -> bool:
        x = left + (column + 0.5) * step
        y = POINTS_AN_A4_IS_HIGH - top + (row + 0.5) * step
        return dark[int(y * PIXELS_A_POINT)][int(x * PIXELS_A_POINT)]

    return [[look(row, column) for column in range(size)] for row in range(size)]


@pytest.mark.parametrize("paper", Paper)
def test_the_printed_code_leads_to_the_address(paper: Paper) -> None:
    address = f"{ADDRESS}?quay=3"
    pdf = Pdf(printed(paper, ("vi",), NAME, None, address, TYPED, MINUTES))
    expected = modules(address)
    size = len(expected) + 2 * QUIET_ZONE
    data = sheet_data(("vi",), NAME, None, address, TYPED, MINUTES)
    boxes = pdf.figures()
    assert len(boxes) == (4 if paper is Paper.TABLE_CARD else 1)
    # of the stand the side that is upright, of the cards the last
    page, box = (1, boxes[-1]) if paper is Paper.TABLE_CARD else (0, boxes[0])
    found = seen(paper, page, box, data, size)
    inner = slice(QUIET_ZONE, size - QUIET_ZONE)
    assert [row[inner] for row in found[inner]] == expected
    ring = [
        dark
        for number, row in enumerate(found)
        for column, dark in enumerate(row)
        if not (QUIET_ZONE <= number < size - QUIET_ZONE)
        or not (QUIET_ZONE <= column < size - QUIET_ZONE)
    ]
    assert not any(ring)


@pytest.mark.parametrize("paper", Paper)
def test_codes_are_large_enough_for_old_phones(paper: Paper) -> None:
    """A module of a millimetre is read from thirty centimetres and more."""
    size = len(modules(ADDRESS)) + 2 * QUIET_ZONE
    for left, _, right, _ in sheet(paper).figures():
        assert (right - left) / size / 72 * 25.4 >= 1


@pytest.mark.parametrize(("paper", "languages"), ALL)
def test_long_names_and_addresses_stay_on_the_sheet(
    paper: Paper, languages: tuple[str, ...]
) -> None:
    desk = CounterEntry(1, 12, "Hộ tịch – chứng thực")
    pdf = sheet(paper, languages, LONG, desk, LONG_ADDRESS)
    assert len(pdf.pages) == SHEETS[paper]
    assert squeezed(LONG_ADDRESS) in pdf.text(pdf.pages[0])
    for left, bottom, right, top in pdf.figures():
        assert right - left >= 150
        assert 0 <= bottom < top <= POINTS_AN_A4_IS_HIGH


def sizes(content: bytes) -> list[float]:
    """How large each piece of text is on the paper, in points, as pypdf reads it."""
    found: list[float] = []

    def visited(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        if text.strip():
            stretched = abs((tm[0] * tm[3] - tm[1] * tm[2]) * (cm[0] * cm[3] - cm[1] * cm[2]))
            found.append(size * stretched**0.5)

    for page in PdfReader(BytesIO(content)).pages:
        page.extract_text(visitor_text=visited)
    return found


@pytest.mark.parametrize(("paper", "languages"), ALL)
@pytest.mark.parametrize("long", [False, True])
def test_no_letter_is_smaller_than_fourteen_points(
    paper: Paper, languages: tuple[str, ...], long: bool
) -> None:
    """ "You need not answer" is as large as the rest, and no long name makes anything smaller."""
    desk = CounterEntry(1, 12, "Hộ tịch – chứng thực") if long else None
    typed = LONG_ADDRESS if long else TYPED
    content = printed(
        paper, languages, LONG if long else NAME, desk, f"https://{typed}", typed, MINUTES
    )
    found = sizes(content)
    assert len(found) > 5
    assert min(found) >= 14 - 0.01


@pytest.mark.parametrize(
    "name", ['#panic("x") #strong[a]', "$x^2$ <a> @b", "\\u{41} \"'`", "= A\n- b", "]) #{ ( ["]
)
def test_names_are_printed_and_never_run(name: str) -> None:
    pdf = sheet(Paper.POSTER, office=name)
    assert squeezed(name) in pdf.text(pdf.pages[0])


def test_the_same_sheet_is_the_same_file_and_made_once() -> None:
    given = (Paper.POSTER, ("vi",), NAME, None, ADDRESS, TYPED, MINUTES)
    first = printed(*given)
    assert printed(*given) is first
    printed.cache_clear()
    assert printed(*given) == first
    assert printed.cache_info().maxsize == KEPT


def file(query: str, name: str = "the-ban") -> tuple[str, Pdf]:
    """The name and the content of a sheet as a browser gets it."""
    response = Client().get(f"/ks/phuong-ha-tien/{name}.pdf{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert not response.cookies
    return response["Content-Disposition"].partition("filename=")[2], Pdf(response.content)


def test_the_usual_sheet_is_vietnamese(office: Office, khmer_offered: None) -> None:
    name, pdf = file("", "ap-phich")
    assert name == '"ap-phich-phuong-ha-tien-vi.pdf"'
    assert squeezed(words("vi", MINUTES)["question"]) in pdf.text(pdf.pages[0])
    assert "testserver/ks/phuong-ha-tien/" in pdf.text(pdf.pages[0])


def test_languages_are_chosen_by_the_address(office: Office, khmer_offered: None) -> None:
    _, english = file("?ngon-ngu=en", "ap-phich")
    assert squeezed(words("en", MINUTES)["promise"]) in english.text(english.pages[0])
    name, both = file("?song-ngu=1", "ap-phich")
    assert name == '"ap-phich-phuong-ha-tien-vi-km.pdf"'
    assert {font.name.partition("-")[0] for font, _ in both.glyphs(both.pages[0])} == {
        "BeVietnamPro",
        "NotoSansKhmer",
    }


def test_large_print_is_a_poster_of_its_own(office: Office) -> None:
    name, pdf = file("?chu-to=1", "ap-phich")
    assert name == '"ap-phich-chu-to-phuong-ha-tien-vi.pdf"'
    assert squeezed(words("vi", MINUTES)["promise"]) not in pdf.text(pdf.pages[0])
    assert squeezed(words("vi", MINUTES)["invitation"]) in pdf.text(pdf.pages[0])


def test_khmer_is_not_printed_where_it_is_not_offered(office: Office) -> None:
    for query in ("?ngon-ngu=km", "?song-ngu=1"):
        name, _ = file(query)
        assert name == '"the-ban-phuong-ha-tien-vi.pdf"'


def test_the_card_of_a_counter_names_it_and_carries_its_number(office: Office) -> None:
    name, pdf = file("?quay=3")
    assert name == '"the-ban-phuong-ha-tien-quay-3-vi.pdf"'
    for page in pdf.pages:
        assert "Quầy3·Hộtịch" in pdf.text(page)
        assert "testserver/ks/phuong-ha-tien/?quay=3" in pdf.text(page)


def test_the_code_of_a_counter_and_a_language_opens_both(
    office: Office, khmer_offered: None
) -> None:
    response = Client().get("/ks/phuong-ha-tien/the-ban.pdf?quay=3&ngon-ngu=km")
    counter = CounterEntry(Counter.objects.get().pk, 3, "Hộ tịch")
    address = "http://testserver/ks/phuong-ha-tien/?quay=3&ngon-ngu=km"
    typed = "testserver/ks/phuong-ha-tien/?quay=3"
    assert response.content == printed(Paper.TABLE_CARD, ("km",), NAME, counter, address, typed, 1)


@pytest.mark.parametrize("query", ["?quay=4", "?quay=x", "?quay=%00", "?quay=-1"])
def test_a_counter_that_does_not_exist_has_no_card(office: Office, query: str) -> None:
    assert Client().get(f"/ks/phuong-ha-tien/the-ban.pdf{query}").status_code == 404


def test_a_closed_or_unknown_office_prints_nothing(office: Office) -> None:
    Office.objects.update(valid_to="2025-06-30")
    assert Client().get("/ks/phuong-ha-tien/ap-phich.pdf").status_code == 410
    assert Client().get("/ks/khong-co/ap-phich.pdf").status_code == 404


def test_the_poster_page_leads_to_every_sheet(office: Office, khmer_offered: None) -> None:
    html = Client().get("/ks/phuong-ha-tien/poster/").content.decode()
    for code in OFFERED:
        for name in ("ap-phich", "the-ban"):
            assert f'href="/ks/phuong-ha-tien/{name}.pdf?ngon-ngu={code}"' in html
        assert f'href="/ks/phuong-ha-tien/the-ban.pdf?ngon-ngu={code}&amp;quay=3"' in html
        assert f'href="/ks/phuong-ha-tien/ap-phich.pdf?ngon-ngu={code}&amp;chu-to=1"' in html
    assert "song-ngu=1" in html
    assert 'href="/ks/huong-dan-can-bo/"' in html
