"""The table of a comparison: its order, what is filtered, its pages, what stands side by side."""

import re
from datetime import date
from fractions import Fraction
from html import unescape

import pytest

from offices.models import AdministrativeUnit, Office
from officials.figures.comparison_charts import scale_of
from officials.figures.comparison_table import PAGE, table_of
from officials.figures.group_choice import GroupChoice, Sort
from reports.counting.periods import span_of
from reports.models import Period, Score, TerritoryMap
from reports.night import steps
from reports.showing.comparison import ComparedGroup, ComparedPlace, Comparison
from reports.showing.figures import HIDDEN, Figure
from surveys.questionnaires import catalogue
from tests import factories
from tests.officials.figures.comparing import (
    BAD,
    GOOD,
    LAST,
    NBSP,
    address,
    close_with_three_offices,
    office_in,
    page,
    signed_in,
    table_rows,
    text_of,
    tiles,
)

pytestmark = pytest.mark.django_db
MONTH = {"ky": "month", "tu": str(LAST.replace(day=1))}


@pytest.fixture
def province() -> AdministrativeUnit:
    """A province with a form to answer."""
    factories.instrument({"A": 2, "B": 1})
    return factories.province("An Giang", code="91", valid_from=date(2025, 7, 1))


def test_every_column_sorts_both_ways_and_equal_ones_stay_by_name(
    province: AdministrativeUnit,
) -> None:
    office_in(province, "Zeta", [(GOOD, 40)])
    office_in(province, "Đà", [(BAD, 40)])
    office_in(province, "Eta", [(GOOD, 25), (BAD, 25)])
    office_in(province, "An", [(GOOD, 40)])
    steps.close(LAST)
    orders = {
        "": "An Zeta Eta Đà",
        "nhom": "An Zeta Eta Đà",
        "-nhom": "Đà Eta An Zeta",
        "ten": "An Đà Eta Zeta",
        "-ten": "Zeta Eta Đà An",
        "muc": "Đà Eta An Zeta",
        "-muc": "An Zeta Eta Đà",
        "-so-phieu": "Eta An Đà Zeta",
        "lech": "Đà Eta An Zeta",
        "nonsense": "An Zeta Eta Đà",
        "chung": "An Zeta Eta Đà",
    }
    pages = {sort: page(province, sap=sort) for sort in orders}
    assert {sort: " ".join(table_rows(html)) for sort, html in pages.items()} == orders
    assert "không phải xếp hạng" in pages["-muc"]
    assert "không phải xếp hạng" not in pages["ten"]
    assert "Không có cách sắp xếp đó" in pages["nonsense"]
    assert "Không có cách sắp xếp đó" in pages["chung"], "a month has no such column"
    assert "Không có cách sắp xếp đó" not in pages["ten"]
    assert "Ở đây không có danh sách đó" in page(province, loai="nonsense")
    assert "Ở đây không có danh sách đó" not in pages["ten"]
    assert " ".join(table_rows(page(province, xep="ten"))) == orders["ten"], "an old link"


def heading(html: str, key: str) -> tuple[str, str]:
    """What a column says of its order, and where it leads."""
    found = re.search(rf'class="is-{key}"( aria-sort="\w+")?><a href="([^"]*)"', html)
    assert found is not None
    return (found[1] or "").strip(), unescape(found[2])


def test_headings_say_the_order_and_lead_to_the_other(province: AdministrativeUnit) -> None:
    close_with_three_offices(province)
    html = page(province, sap="-muc", ten="a", trang="3")
    said, there = heading(html, "muc")
    assert said == 'aria-sort="descending"'
    assert "&sap=muc" in there
    assert "&ten=a" in there
    assert "trang" not in there
    assert heading(html, "ten") == ("", there.replace("sap=muc", "sap=ten"))
    assert heading(page(province), "nhom")[0] == 'aria-sort="ascending"'
    assert html.count("aria-sort") == 1


def test_names_are_filtered_without_diacritics_by_the_beginnings_of_words(
    province: AdministrativeUnit,
) -> None:
    for name in ("Hà Tiên", "Tiên Thủy", "Đông Hồ", "Số 12"):
        office_in(province, name, [(GOOD, 20)])
    steps.close(LAST)
    asked = {
        "ha tien": ["Hà Tiên"],
        "TIEN": ["Hà Tiên", "Tiên Thủy"],
        "p. dong": ["Đông Hồ"],
        "ien": [],
        "012": ["Số 12"],
        "1": [],
        "": ["Đông Hồ", "Hà Tiên", "Số 12", "Tiên Thủy"],
    }
    assert {words: list(table_rows(page(province, ten=words))) for words in asked} == asked
    html = page(province, ten="khong co")
    assert "Không có nơi nào như vậy" in html
    assert "Hiện tất cả" in html
    assert len(tiles(html)) == 4, "the overview stays whole"


def test_only_what_is_told_apart_is_shown_on_request_and_judged_in_the_whole_list(
    province: AdministrativeUnit,
) -> None:
    close_with_three_offices(province)
    every, apart = table_rows(page(province)), page(province, ro="1")
    assert table_rows(apart) == {name: every[name] for name in ("Alpha", "Gamma")}
    assert "Đang hiện 2 trong 3 nơi" in apart
    assert "Trong 3 nơi, so với" in text_of(apart)


def line(number: int) -> ComparedPlace:
    office = Office(slug=f"o{number}", name=f"Trung tâm {number}")
    return ComparedPlace(
        office, f"Xã {number}", Figure(Fraction(1, 2), 40.0, 60.0, 50, 50), None, None, Score()
    )


def test_fifty_rows_make_a_page_and_a_page_behind_the_last_is_the_last() -> None:
    factories.instrument({"A": 2, "B": 1})
    instrument = catalogue.current().default
    assert instrument is not None
    span = span_of(Period.MONTH, LAST)
    lines = tuple(line(number) for number in range(2 * PAGE + 3))
    found = Comparison(span, HIDDEN, lines, ())
    scale = scale_of([one.figure for one in lines])

    def shown(page: int, **given: object) -> tuple[int, int, str, str, tuple[str, ...]]:
        choice = GroupChoice(
            span,
            instrument,
            TerritoryMap.TODAY,
            (),
            (),
            group=ComparedGroup("x", "y"),
            page=page,
            **given,  # type: ignore[arg-type]
        )
        table = table_of(found, choice, scale, with_standardised=False)
        return table.page, len(table.rows), table.before, table.after, table.elsewhere

    assert PAGE == 50
    assert shown(1)[:3] == (1, 50, "")
    assert "trang=2" in shown(1)[3]
    assert shown(3)[1::2] == (3, "")
    assert shown(99)[:2] == (3, 3)
    assert "trang=2" in shown(99)[2]
    ticked = shown(2, beside=("o1", "o51"), sort=Sort("ten"))
    assert ticked[4] == ("o1",), "a tick of another page travels unseen"
    assert all("canh=o1&canh=o51" in query and "sap=ten" in query for query in ticked[2:4])


def test_a_page_that_is_not_there_says_so(province: AdministrativeUnit) -> None:
    close_with_three_offices(province)
    html = page(province, trang="7")
    assert len(table_rows(html)) == 3
    assert "Danh sách không có trang đó; đây là trang 1, trang cuối." in text_of(html)
    assert "không có trang đó" not in page(province, trang="1")


def beside(unit: AdministrativeUnit, *keys: str, **query: str) -> str:
    """The page with these side by side."""
    asked = address(unit, **query) + "".join(f"&canh={key}" for key in keys)
    return signed_in(unit).get(asked).content.decode()


def cells(html: str) -> list[list[str]]:
    """The words of the table of factors, row by row."""
    part = html.split('<table class="beside"', 1)[1].split("</table>", 1)[0]
    rows = re.findall(r"<tr>(.*?)</tr>", part, re.DOTALL)
    found = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    plain = [[unescape(re.sub(r"<[^>]+>", " ", cell)) for cell in row] for row in found]
    return [[" ".join(cell.replace(NBSP, " ").split()) for cell in row] for row in plain]


def slugs() -> dict[str, str]:
    return {office.unit.name: office.slug for office in Office.objects.select_related("unit")}


def test_ticked_places_stand_side_by_side_with_the_whole_last(
    province: AdministrativeUnit,
) -> None:
    office_in(province, "Alpha", [([5, 5, 1], 40)])
    office_in(province, "Gamma", [([2, 2, 5], 40)])
    office_in(province, "Nine", [(GOOD, 9)])
    steps.close(LAST)
    there = slugs()
    html = beside(province, there["Gamma"], there["Alpha"], there["Nine"], **MONTH)
    head, whole, *factors = cells(html)
    assert [re.sub(r" bỏ.*", "", words) for words in head] == [
        *("Yếu tố", "Phường Gamma", "Phường Alpha", "Phường Nine", "Tỉnh An Giang")
    ]
    assert re.match(r"33,33 % từ \d+,\d đến \d+,\d; 40 phiếu ▼ thấp rõ rệt$", whole[1])
    assert re.match(r"66,67 % từ \d+,\d đến \d+,\d; 40 phiếu ▲ cao rõ rệt$", whole[2])
    for number, (gamma, alpha, both) in enumerate(
        (("0,00", "100,00", "5"), ("100,00", "0,00", "5"))
    ):
        row = factors[number]
        assert row[1].startswith(f"{gamma} % từ"), row
        assert row[2].startswith(f"{alpha} % từ"), row
        assert row[4].startswith(both), row
    assert {row[3] for row in (whole, *factors)} == {"chưa đủ số phiếu"}
    assert "phiếu" not in str([row[1:3] for row in factors]), "of a factor no number is told"
    ticked = re.findall(r'type="checkbox" name="canh" value="([^"]*)"[^>]* checked>', html)
    assert sorted(ticked) == sorted([there["Alpha"], there["Gamma"]])
    assert f'type="hidden" name="canh" value="{there["Nine"]}"' in html


def test_a_factor_that_is_not_shown_alone_is_not_shown_here(
    province: AdministrativeUnit,
) -> None:
    """Of forty people six answered B."""
    office_in(province, "Alpha", [([5, 5, 0], 34), ([5, 5, 5], 6)])
    office_in(province, "Beta", [(GOOD, 40)])
    steps.close(LAST)
    there = slugs()
    *_, b = cells(beside(province, there["Alpha"], there["Beta"], **MONTH))
    assert b[1] == "chưa đủ số phiếu"
    assert b[2].startswith("100,00 %")


def test_of_six_the_first_five_stand_side_by_side(province: AdministrativeUnit) -> None:
    names = ("An", "Ba", "Cam", "Dung", "Em", "Giang")
    for name in names:
        office_in(province, name, [(GOOD, 12)])
    steps.close(LAST)
    there = slugs()
    html = beside(province, *(there[name] for name in reversed(names)))
    head = cells(html)[0]
    assert [words.split()[1] for words in head[1:-1]] == ["Giang", "Em", "Dung", "Cam", "Ba"]
    assert "Chỉ đặt cạnh nhau được nhiều nhất 5 nơi" in html
    five = beside(province, *(there[name] for name in names[:5]))
    assert "nhiều nhất 5 nơi; đang hiện" not in five
    assert "Ngày và tuần không có số liệu theo yếu tố" in five


def test_an_office_of_another_place_is_left_out(province: AdministrativeUnit) -> None:
    close_with_three_offices(province)
    other = office_in(factories.province("Cà Mau"), "Omega", [(GOOD, 20)])
    steps.close(LAST)
    alpha = slugs()["Alpha"]
    html = beside(province, other.slug, alpha, alpha, "khong-co")
    assert "Omega" not in html
    assert other.slug not in html.split("<main", 1)[1].split("</main>", 1)[0]
    assert [words.split()[1] for words in cells(html)[0][1:-1]] == ["Alpha"]
    assert "thì được bỏ qua" in html
    alone = beside(province, other.slug)
    assert 'class="beside"' not in alone
    assert "Omega" not in alone


def test_all_of_the_view_is_carried_by_the_control_of_the_period(
    province: AdministrativeUnit,
) -> None:
    close_with_three_offices(province)
    html = beside(province, slugs()["Alpha"], sap="-lech", ten="a", ro="1", trang="2")
    control = html.split('<nav class="choices"', 1)[1].split("</nav>", 1)[0]
    hidden = dict(re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', control))
    assert hidden == {
        **{"ky": "day", "loai": "commune_centre.commune", "sap": "-lech", "ten": "a"},
        **{"ro": "1", "trang": "2", "canh": slugs()["Alpha"]},
    }
    forms = re.findall(r"<form[^>]*>(.*?)</form>", html.split('id="table-title"')[1], re.DOTALL)
    carried = [set(re.findall(r'type="hidden" name="([\w-]+)"', form)) for form in forms[:2]]
    view = {"ky", "tu", "phieu", "ban-do", "loai", "sap"}
    assert carried == [view | {"canh"}, view | {"ten", "ro", "trang"}]
    tab = re.search(r'href="(\?ky=year[^"]*)"', control)
    assert tab is not None
    assert "canh=" in tab[1]


def test_links_to_places_carry_the_period_alone(province: AdministrativeUnit) -> None:
    close_with_three_offices(province)
    html = page(province, sap="-lech", ten="a")
    links = re.findall(r'href="(/bao-cao/co-quan/[^"]*)"', html)
    assert len(links) == 3 + 1, "tiles of all, rows of those called so"
    assert not [link for link in links if "sap" in link or "ten=" in link or "tu=" not in link]
