"""Where communes lie: every commune of today has its point, also the islands."""

import pytest

from offices.registry.points import points
from offices.registry.rows import UnitRow
from scripts.make_registry import Package
from scripts.points import make_points, rounded
from tests.offices.registry.test_facts import FIRST_NEW, name_on, units_on

# Latitude and longitude as any atlas has them, to the nearest tenth of a degree or so.
KNOWN = {
    "30769": ("phường Hà Tiên", 10.40, 104.47),
    "30766": ("phường Tô Châu", 10.32, 104.55),
    "00070": ("phường Hoàn Kiếm", 21.03, 105.85),
    "26740": ("phường Sài Gòn", 10.78, 106.70),
    "31078": ("đặc khu Phú Quốc", 10.27, 103.99),
    "31108": ("đặc khu Kiên Hải", 9.80, 104.63),
    "31105": ("đặc khu Thổ Châu", 9.31, 103.48),
    "26732": ("đặc khu Côn Đảo", 8.70, 106.61),
    "22736": ("đặc khu Trường Sa", 9.71, 114.45),
    "20333": ("đặc khu Hoàng Sa", 16.57, 112.13),
    "23272": ("đặc khu Phú Quý", 10.53, 108.94),
    "11948": ("đặc khu Bạch Long Vĩ", 20.13, 107.73),
    # where the package had the place of another commune of that name
    "29983": ("xã Long Khánh", 10.80, 105.30),
    "04924": ("xã Lương Sơn", 20.88, 105.50),
    "06757": ("xã Vĩnh Thực", 21.37, 107.92),
}


def test_every_commune_of_today_has_a_point_and_nothing_else_has() -> None:
    assert set(points()) == {unit.code for unit in units_on(FIRST_NEW, "commune")}


@pytest.mark.parametrize("code", KNOWN)
def test_known_places_stand_where_they_are_and_under_their_official_names(code: str) -> None:
    name, latitude, longitude = KNOWN[code]
    assert name_on(code, FIRST_NEW) == name
    point = points()[code]
    assert point.latitude == pytest.approx(latitude, abs=0.02)
    assert point.longitude == pytest.approx(longitude, abs=0.02)


def test_only_archipelagos_reach_far() -> None:
    assert {row.code: row.reach for row in points().values() if row.reach} == {
        "20333": 200,
        "22736": 400,
    }


def test_points_are_as_rough_as_the_file_says() -> None:
    for row in points().values():
        for degrees in (row.latitude, row.longitude):
            assert degrees * 200 == pytest.approx(round(degrees * 200), abs=1e-6), row
    assert rounded(10.4029) == "10.405"
    assert rounded(104.4624) == "104.460"


NEW = UnitRow("30769", "phường", "Hà Tiên", "91", FIRST_NEW)


def made(name: str, corrected: dict[str, object] | None = None) -> list[str]:
    """The lines from a package with one commune."""
    row = {"wardCode": "30769", "ward": name, "wardLat": "10.4029", "wardLon": "104.469"}
    fixes = [{"code": "30769", **corrected}] if corrected else []
    return make_points(Package([], [row], {}), [NEW], {"points": fixes})


def test_a_point_is_taken_only_where_code_and_name_are_the_same() -> None:
    assert made("Phường Hà Tiên") == ["30769,10.405,104.470,"]
    with pytest.raises(ValueError, match="Đông Hồ"):
        made("Phường Đông Hồ")
    corrected = {"name": "Hà Tiên", "at": [1.0, 2.0], "reach": 9}
    assert made("Phường Hà Tiên", corrected) == ["30769,1.000,2.000,9"]
    with pytest.raises(ValueError, match="not Tô Châu"):
        made("Phường Hà Tiên", {"name": "Tô Châu"})
