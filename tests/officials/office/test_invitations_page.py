"""Inviting from a list: whole or not at all, and nothing of it stays."""

import csv
import io
import logging
from datetime import date, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from offices.models import Office
from reports.night.steps import close
from surveys.invitations import messages
from surveys.invitations.listing import SHAPE
from surveys.models import Channel, InvitationCount, Mark
from tests import factories
from tests.officials.figures.test_pages import official, signed_in
from tests.surveys.invitations.test_invitations import everything

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
NUMBER = "0912 345 678"


class Remembering:
    """A gateway as a carrier's would be: takes messages; one number fails."""

    taken: ClassVar[list[tuple[str, str]]] = []

    def send(self, number: str, text: str) -> None:
        """Keeps the message. Raises OSError for one number."""
        if number.endswith("000"):
            raise OSError("no such line")
        self.taken.append((number, text))


@pytest.fixture(autouse=True)
def _own_keys(settings: Settings, tmp_path: Path) -> None:
    settings.INVITATION_KEYS = tmp_path / "keys"
    Remembering.taken.clear()


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


def send(client: Client, office: Office, content: bytes, step: str = "file") -> tuple[int, str]:
    file = SimpleUploadedFile("ho-so.csv", content, "text/csv")
    said = client.post(page(office), {"file": file, "step": step})
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
        f"{dossier(7)};{TODAY};;;ở nhà",
        f"{dossier(1)};{TODAY};;;",
    ]
    status, html = send(head(office), office, sheet(*rows))
    assert status == 422
    assert "Chưa mời ai. Số lỗi trong danh sách: 7" in html
    assert dossier(3) not in html
    assert not InvitationCount.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "UTF-8"),
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


def test_links_are_sent_and_who_got_which_is_written_nowhere(
    office: Office, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SMS_GATEWAY = f"{__name__}.Remembering"
    settings.EMAIL_HOST = "mail.example.vn"
    rows = [
        f"{dossier(1)};{TODAY};;;{NUMBER}",
        f"{dossier(2)};{TODAY};;;chi@example.vn",
        f"{dossier(3)};{TODAY};;;",
        f"{dossier(4)};{TODAY};;;0912345000",
    ]
    with caplog.at_level(logging.DEBUG):
        status, html = send(head(office), office, sheet(*rows), step="send")
    assert status == 200
    assert "Tin nhắn: 1. Thư điện tử: 1." in html
    assert "Chưa gửi được: 1" in html
    [(number, text)] = Remembering.taken
    assert number == "+84912345678"
    assert text.isascii()
    assert len(text) <= messages.ONE_SMS
    assert "/m/" in text
    [letter] = mail.outbox
    assert letter.to == ["chi@example.vn"]
    assert "http://testserver/m/" in letter.body
    kept = everything() + caplog.text + html
    for secret in ("912345678", "345 678", "chi@example.vn", dossier(1), dossier(2)):
        assert secret not in kept


def test_a_demonstration_only_says_that_it_would_send(
    office: Office, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SMS_GATEWAY = "surveys.messages.ConsoleSms"
    with caplog.at_level(logging.INFO):
        send(head(office), office, sheet(f"{dossier(1)};{TODAY};;;{NUMBER}"), step="send")
    assert "would have been sent" in caplog.text
    assert "/m/" not in caplog.text


def test_the_longest_name_leaves_the_link_whole() -> None:
    link = "https://hailong.angiang.gov.vn/m/" + "x" * 40
    text = messages.sms_text("Trung tâm Phục vụ hành chính công " * 9, link)
    assert len(text) <= messages.ONE_SMS
    assert link in text
    assert text.isascii()


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
