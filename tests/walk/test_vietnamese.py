"""Nobody who reads Vietnamese meets English: on no page, in no error, mail or text message."""

from collections import defaultdict

import pytest

from config.settings import BASE_DIR
from tests.upgrade.old import FACTS
from tests.walk.administering import COUNTRY
from tests.walk.conftest import ADMINISTRATOR, NOBODY, browser
from tests.walk.places import Place, places, routes
from tests.walk.steps import done_by
from tests.walk.visiting import Visit, walk
from tests.walk.words import english

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("filled")]
ROLES = ("", NOBODY, *FACTS["accounts"], COUNTRY, ADMINISTRATOR)
TEMPLATES = BASE_DIR / "templates"
# Names of offices between links, where differences are beyond chance; no words of its own.
NAMES_ONLY = "officials/figures/parts/compare_names.html"
# What leads on, is only sent to, or is refused to everybody.
WITHOUT_A_PAGE = {
    *("dang-xuat/", "ngon-ngu/setlang/", "quan-tri/login/", "quan-tri/logout/"),
    *(
        "api/",
        "api/ho-so",
        "api/loi-moi",
        "ks/giao/",
        "ks/may-tinh-bang/ghep/",
        "ks/may-tinh-bang/nhip/",
    ),
    *("quan-tri/(?P<url>.*)$", "quan-tri/r/<path:content_type_id>/<path:object_id>/"),
    "ks/may-tinh-bang/phieu.json",
    *("bao-cao/thu/", "bao-cao/kiem-tra/", "bao-cao/don-vi/<int:pk>/nhac/"),
    "bao-cao/co-quan/<slug:slug>/loai-tru/<int:pk>/bo/",
    "bao-cao/co-quan/<slug:slug>/may-tinh-bang/nhap/",
    # the way back from a provider of identities
    *("dang-nhap/qua/", "dang-nhap/qua/<str:provider_id>/ve/"),
    "quan-tri/password_change/",
    "tai-khoan/chua-gui/<int:pk>/bo/",
    *(f"tai-khoan/phien/{end}" for end in ("<int:pk>/ket-thuc/", "ket-thuc/")),
    "bao-cao/quan-tri/khoa/<int:integration>/",
    "bao-cao/quan-tri/phieu/<slug:slug>/<int:version>/doi-trang-thai/",
    "quan-tri/offices/procedure/<path:object_id>/delete/",
    "quan-tri/offices/user/<path:object_id>/delete/",
    *(
        f"quan-tri/{model}/{step}"
        for model in ("offices/administrativeunit", "offices/dossiercount", "surveys/instrument")
        for step in ("add/", "<path:object_id>/delete/")
    ),
}


@pytest.fixture(scope="module")
def visits(filled: None) -> list[Visit]:
    """All there is to see, in Vietnamese."""
    everywhere = list(places())
    found: list[Visit] = []
    for role in ROLES:
        client = browser(role)
        found += walk(client, role, [place for place in everywhere if concerns(role, place)])
        found += done_by(role, client, "vi")
    return found


def concerns(role: str, place: Place) -> bool:
    """Officials' pages differ by role; citizens' do not, and the admin is the administrator's."""
    if place.route.startswith("bao-cao/"):
        return True
    return role == (ADMINISTRATOR if place.route.startswith("quan-tri/") else "")


def test_no_page_speaks_english(visits: list[Visit]) -> None:
    # each text once, with the first page on which it stands
    found = {line.partition(": ")[2]: line for one in reversed(visits) for line in one.english()}
    assert sorted(found.values()) == []


def test_every_address_of_the_product_is_walked(visits: list[Visit]) -> None:
    seen: dict[str, set[int]] = defaultdict(set)
    for one in visits:
        seen[one.route].add(one.status)
    leading_on = {route for route in routes() if route.endswith("/<path:object_id>/")}
    walked = {route for route in routes() if 200 in seen[route]}
    assert set(routes()) - walked == WITHOUT_A_PAGE | leading_on


def test_every_template_of_the_product_is_seen(visits: list[Visit]) -> None:
    ours = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")}
    seen = {name for one in visits for name in one.templates}
    assert ours - seen == {NAMES_ONLY}


def test_texts_were_read(visits: list[Visit]) -> None:
    """A walk that reads nothing finds nothing."""
    texts = {text for one in visits for text in one.texts}
    assert len(texts) > 2000
    assert {
        "Xin sửa lỗi dưới đây.",
        "Không đọc được nội dung gửi",
        "tính từ số đã công bố: 83,84 − 1,35",
    } <= texts


@pytest.mark.parametrize(
    "text",
    [
        "There is no network at the moment.",
        "suy ra từ các số liệu đã công bố khác (derived = 83.84-1.35)",
        "Forms",
        "Surveys",
        "Raw passwords are not stored",
        "Hiển thị (show)",
        "True",
    ],
)
def test_english_is_found(text: str) -> None:
    assert english(text)


@pytest.mark.parametrize(
    "text",
    [
        "Trung tâm Phục vụ hành chính công phường Hà Tiên",
        "Trung tam Phuc vu hanh chinh cong phuong Ha Tien hoi: Ong/Ba co hai long khong?",
        "Ông/Bà nguyễn nghiêng ngoằn ngoèo khuya khuyên quyển giường nghịch giặt quạt chuyển",
        "https://example.vn/some/page, an@example.vn",
    ],
)
def test_vietnamese_is_not_taken_for_english(text: str) -> None:
    assert english(text) == []
