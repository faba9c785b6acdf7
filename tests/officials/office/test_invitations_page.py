"""Inviting from a list: whole or not at all, and nothing of it stays."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from launch.page import Form
from offices.models import Office
from officials.office.invitations import Year
from reports.night.steps import close
from surveys.invitations.listing import SHAPE
from surveys.models import Channel, InvitationCount, Mailing, Mark, ToldDossier
from tests import factories
from tests.officials.figures.test_pages import official, signed_in

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def _own_keys(settings: Settings, tmp_path: Path) -> None:
    settings.INVITATION_KEYS = tmp_path / "keys"


@pytest.fixture
def office() -> Office:
    factories.instrument({"A": 2, "B": 1})
    return factories.office(name="Trung tâm Phục vụ hành chính công phường Hà Tiên")


def head(office: Office) -> Client:
    return signed_in(factories.official(office))


def page(office: Office) -> str:
    return reverse("officials:invitations", args=[office.slug])


def dossier(number: int) -> str:
    return f"H15.50.05.13-261008-{number:04}"


def sheet(*rows: str, heading: str = "Mã hồ sơ;Ngày kết thúc;Kết quả;Mã thủ tục;Liên hệ") -> bytes:
    return "\r\n".join([heading, *rows]).encode()


Answer = Any  # a test answer


def bring(client: Client, office: Office, content: bytes, name: str = "ho-so.csv") -> Answer:
    """Uploads a list to have it checked."""
    file = SimpleUploadedFile(name, content)
    return client.post(page(office), {"file": file, "step": "preview"})


def press(client: Client, office: Office, html: str, step: str, **more: str) -> Answer:
    """Presses a button below the list that a page shows, with all its form holds."""
    return client.post(page(office), {**Form(html).filled, "step": step, **more})


def send(client: Client, office: Office, content: bytes, step: str = "file") -> tuple[int, str]:
    """Uploads a list, looks at how it was understood, says that days come first, presses."""
    said = bring(client, office, content)
    html = said.content.decode("utf-8-sig")
    if 'type="radio"' in html:
        html = press(client, office, html, "preview", order="day").content.decode()
    if said.status_code == 200:
        said = press(client, office, html, step)
    return said.status_code, said.content.decode("utf-8-sig")


def test_a_list_comes_back_with_its_links(office: Office) -> None:
    rows = [f"{dossier(1)};{TODAY:%d/%m/%Y};đã nhận;1.001193;", f"{dossier(2)};{TODAY};từ chối;;"]
    status, text = send(head(office), office, sheet(*rows))
    assert status == 200
    heading, *lines = csv.reader(io.StringIO(text))
    assert heading == ["Mã hồ sơ", "Đường dẫn", "Ngày cuối cùng"]
    assert [line[0] for line in lines] == [dossier(1), dossier(2)]
    path = lines[0][1].removeprefix("http://testserver")
    assert Client().get(path).status_code == 200
    assert send(head(office), office, sheet(*rows))[1] == text
    assert sum(InvitationCount.objects.values_list("issued", flat=True)) == 2


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_headings_that_the_page_shows_are_understood(office: Office, language: str) -> None:
    client = head(office)
    client.cookies["django_language"] = language
    html = client.get(page(office)).content.decode()
    heading = html.split("<p><code>")[1].split("</code>")[0].replace(", ", ";")
    content = sheet(f"{dossier(1)};{TODAY};;;", heading=heading)
    assert send(client, office, content)[0] == 200


def test_a_list_with_a_mistake_invites_nobody(office: Office) -> None:
    tomorrow = TODAY + timedelta(days=1)
    rows = [
        f"{dossier(1)};{TODAY};;;",
        f"12345;{TODAY};;;",
        f"{dossier(3)};{tomorrow};;;",
        f"{dossier(4)};hôm qua;;;",
        f"{dossier(5)};{TODAY};chờ;;",
        f"{dossier(6)};{TODAY};;đất;",
        f"{dossier(1)};{TODAY};;;",
    ]
    status, html = send(head(office), office, sheet(*rows))
    assert status == 422
    assert "Chưa mời ai. Số lỗi trong danh sách: 6" in html
    assert not InvitationCount.objects.exists()
    assert not Mailing.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd2\xea", "UTF-8"),
        (b"\xff\xfe", "không có dòng nào"),
        (b"PK\x03\x04", "Không đọc được sổ tính này"),
        (b"\xd0\xcf\x11\xe0", "Không đọc được sổ tính này"),
        (sheet(heading="Họ tên;Ngày"), "Thiếu cột này"),
        (sheet(), "không có dòng nào"),
        (sheet(*(f"{dossier(n)};{TODAY};;;" for n in range(600))), "hơn 500 dòng"),
        (sheet('"'), "dấu ngoặc kép"),
        (sheet(f"{dossier(1)};{TODAY}", heading="Mã hồ sơ;Ngày;Hồ sơ"), "Hai cột trùng tiêu đề"),
        (sheet(f"{dossier(1)};{TODAY};;;0912;345678"), "Dòng có 6 ô nhưng chỉ có 5 tiêu đề"),
        (sheet(f"{dossier(1)};{TODAY};x", heading="Mã hồ sơ;Ngày;"), "Cột 3 không có tiêu đề"),
        (sheet(f"{dossier(1)};{TODAY}").decode().encode("utf-16-le"), "UTF-8"),
        (sheet("Mã hồ sơ;Ngày", heading="DANH SÁCH"), "Dòng tiêu đề nằm ở dòng 2"),
        (sheet(f"{dossier(1)};2026-1-2"), "31/12/2026"),
        (b"x" * (SHAPE.most_bytes + 1), "512 KB"),
    ],
)
def test_what_is_no_list_is_told(office: Office, content: bytes, said: str) -> None:
    status, html = send(head(office), office, content)
    assert status == 422
    assert said in html
    assert not InvitationCount.objects.exists()


def test_only_heads_invite_and_strangers_see_nothing(office: Office) -> None:
    content = sheet(f"{dossier(1)};{TODAY};;;")
    looker = signed_in(factories.official(office.unit))
    assert looker.get(page(office)).status_code == 200
    assert send(looker, office, content)[0] == 403
    assert official(office=factories.office()).get(page(office)).status_code == 404
    assert not InvitationCount.objects.exists()


def test_the_page_shows_how_many_by_field(office: Office) -> None:
    procedure = factories.procedure()
    client = head(office)
    rows = [f"{dossier(n)};{TODAY};;{procedure.code};" for n in range(3)]
    send(client, office, sheet(*rows, f"{dossier(9)};{TODAY};;;"))
    html = client.get(page(office)).content.decode()
    assert procedure.field.name in html
    assert "chưa rõ" in html


def test_a_closed_year_has_its_response_rate_from_shown_cells_only(office: Office) -> None:
    last = TODAY.year - 1
    InvitationCount.objects.create(office=office, day=date(last, 5, 4), field=None, issued=200)
    client = head(office)
    assert "Tỷ lệ" not in client.get(page(office)).content.decode()
    for channel, people in ((Channel.INVITATION, 57), (Channel.PHONE, 90)):
        factories.responses(office, people, day=date(last, 5, 4), channel=channel)
    Mark.objects.create(office=office, day=date(last, 5, 4))
    close(date(last, 12, 31))
    html = client.get(page(office)).content.decode()
    assert ">57<" in html
    assert "28,50" in html


def test_a_response_rate_is_rounded_half_up_as_all_figures_are() -> None:
    found = [Year(2025, 3, 2).rate, Year(2025, 800, 1).rate, Year(2025, 2, 3).rate]
    assert found == [Decimal("66.67"), Decimal("0.13"), None]


def paste(client: Client, office: Office, text: str, **given: str) -> Answer:
    return client.post(page(office), {"text": text, "step": "preview", **given})


def test_nothing_is_stored_before_it_was_shown_as_it_was_understood(office: Office) -> None:
    client = head(office)
    text = "\n".join(
        [
            "Mã hồ sơ;Ngày kết thúc;Kết quả;Mã thủ tục;Liên hệ",
            f"{dossier(1)};{TODAY};đã nhận;;912345678",
            f"{dossier(2)};{TODAY};từ chối;;mailto:a@example.vn",
            f"{dossier(3)};{TODAY};;;b@example.vn",
            f"{dossier(4)};{TODAY};;;ở nhà",
            f"{dossier(5)};{TODAY};;;",
        ]
    )
    for step in ("preview", "send", "file"):
        html = client.post(page(office), {"text": text, "step": step}).content.decode()
        assert "Danh sách được hiểu như sau: 5 hồ sơ. Chưa lưu gì." in html
        assert f"{TODAY:%d/%m/%Y}</th>" in html
        assert "Tin nhắn: 1. Thư điện tử: 2." in html
        assert "Bị từ chối: 1." in html
        assert "không ghi kết quả: 3." in html
        assert "Không có số điện thoại hoặc thư điện tử: 1" in html
        assert "<td>912345678</td><td>0912345678</td>" in html
        assert "<td>mailto:a@example.vn</td><td>a@example.vn</td>" in html
        assert '<th scope="row">5</th><td>ở …</td>' in html
        assert "<td>b@example.vn</td>" not in html  # as it was written
        assert Form(html).filled["text"].replace("\r\n", "\n") == text
    assert not Mailing.objects.exists()
    assert not ToldDossier.objects.exists()
    assert not InvitationCount.objects.exists()


def test_a_list_that_was_changed_after_it_was_shown_is_shown_again(office: Office) -> None:
    client = head(office)
    checked = Form(
        paste(client, office, sheet(f"{dossier(1)};{TODAY};;;").decode()).content.decode()
    )
    changed = {**checked.filled, "text": sheet(f"{dossier(2)};{TODAY};;;").decode()}
    for step in ("send", "file"):
        said = client.post(page(office), {**changed, "step": step})
        assert "Danh sách được hiểu như sau: 1 hồ sơ" in said.content.decode()
    file = SimpleUploadedFile("other.csv", sheet(f"{dossier(3)};{TODAY};;;"))
    said = client.post(page(office), {**checked.filled, "file": file, "step": "send"})
    assert dossier(3) in Form(said.content.decode()).filled["text"]
    assert not Mailing.objects.exists()


def test_days_are_asked_about_and_the_answer_is_kept(office: Office) -> None:
    client = head(office)
    day = TODAY.replace(day=1) - timedelta(days=1)
    day = day.replace(day=1 if day.month != 1 else 2)
    text = sheet(f"{dossier(1)};{day.month}/{day.day}/{day.year};;;").decode()
    html = paste(client, office, text).content.decode()
    assert f"Danh sách ghi {day.month}/{day.day}/{day.year}. Đó là ngày nào?" in html
    assert f"Ngày {day.day} tháng {day.month}: tháng viết trước" in html
    assert f"Ngày {day.month} tháng {day.day}: ngày viết trước" in html
    assert Form(html).filled["text"].replace("\r\n", "\n") == text.replace("\r\n", "\n")
    said = client.post(page(office), {**Form(html).filled, "order": "month", "step": "preview"})
    html = said.content.decode()
    if said.status_code == 200:  # else it is too long ago, and says so
        assert f"{day:%d/%m/%Y}</th>" in html
        assert Form(html).filled["order"] == "month"
    assert "Đó là ngày nào" not in html


@pytest.mark.parametrize(
    "content",
    [
        f"Mã hồ sơ;Ngày kết thúc;Liên hệ\n12345;{TODAY};0912345678",
        "Cột;Khác\n1;2",
        f"Mã hồ sơ;Ngày kết thúc\n<script>alert(1)</script>;{TODAY}",
        "\n\n\n",
        'Mã hồ sơ;"Ngày\n',
    ],
)
def test_what_was_given_comes_back_with_its_mistakes(office: Office, content: str) -> None:
    client = head(office)
    for said in (paste(client, office, content), bring(client, office, content.encode())):
        html = said.content.decode()
        assert said.status_code == 422
        assert "<script>alert" not in html
        assert Form(html).filled["text"].strip() == content.strip()
    assert not Mailing.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_comes_back_as_text_to_be_mended(office: Office, encoding: str) -> None:
    content = f"Mã hồ sơ;Ngày kết thúc\r\n12345;{TODAY}"
    html = bring(head(office), office, content.encode(encoding)).content.decode()
    text = Form(html).filled["text"]
    mended = text.replace("12345", dossier(1))
    said = paste(head(office), office, mended)
    assert "Danh sách được hiểu như sau: 1 hồ sơ" in said.content.decode()


def test_a_workbook_comes_back_as_text(office: Office) -> None:
    book = openpyxl.Workbook()
    for cells in (["Mã hồ sơ", "Ngày kết thúc", "Liên hệ"], ["12345", TODAY, 912345678]):
        book.active.append(cells)
    out = io.BytesIO()
    book.save(out)
    said = bring(head(office), office, out.getvalue(), "ds.xlsx")
    assert said.status_code == 422
    assert f"12345,{TODAY},912345678" in Form(said.content.decode()).filled["text"]


@pytest.mark.parametrize("text", ["", "  \n "])
def test_without_a_list_it_is_asked_for(office: Office, text: str) -> None:
    said = paste(head(office), office, text)
    assert said.status_code == 422
    assert "hoặc dán danh sách" in said.content.decode()


@pytest.mark.parametrize(("field", "value"), [("key", "x"), ("order", "year"), ("seen", "x" * 99)])
def test_hidden_fields_that_somebody_changed_break_nothing(
    office: Office, field: str, value: str
) -> None:
    text = sheet(f"{dossier(1)};{TODAY};;;").decode()
    said = paste(head(office), office, text, **{field: value})
    assert said.status_code == 422
    assert Form(said.content.decode()).filled["text"].split() == text.split()


def test_who_may_only_look_sees_no_list(office: Office) -> None:
    client = head(office)
    html = paste(client, office, sheet(f"{dossier(1)};{TODAY};;;ở nhà").decode())
    client.post(page(office), {**Form(html.content.decode()).filled, "step": "send"})
    assert "ở …" in client.get(page(office)).content.decode()
    looker = signed_in(factories.official(office.unit))
    html = looker.get(page(office)).content.decode()
    assert "ở …" not in html
    assert 'name="text"' not in html
    for step in ("preview", "send", "file", "retry", "end"):
        assert looker.post(page(office), {"step": step}).status_code == 403
