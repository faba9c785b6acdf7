"""What tests of lists that are sent need: an office, a list, somebody who brings it."""

from typing import Any, ClassVar

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from launch.page import Form
from offices.models import Office

TODAY = timezone.localdate()
HEADINGS = "Mã hồ sơ;Ngày kết thúc;Kết quả;Mã thủ tục;Liên hệ"
Answer = Any  # a test answer


class Line:
    """A gateway as a carrier's would be, which raises what it is told to for some numbers."""

    taken: ClassVar[list[tuple[str, str]]] = []
    raised: ClassVar[dict[str, BaseException]] = {}

    def send(self, number: str, text: str) -> None:
        """Keeps the message, or raises."""
        if number in self.raised:
            raise self.raised[number]
        self.taken.append((number, text))

    @classmethod
    def numbers(cls) -> list[str]:
        """To whom messages went, in their order."""
        return [number for number, _text in cls.taken]


def number(n: int) -> str:
    """A mobile number as messages need it."""
    return f"+8491234560{n}"


def code(number: int) -> str:
    """The code of a dossier of this year."""
    return f"H15.50.05.13-{TODAY:%y}0108-{number:04}"


def written(*contacts: str, stage: str = "đã nhận") -> str:
    """A list with a dossier for each contact; the first stands in line 2."""
    rows = [f"{code(n)};{TODAY};{stage};;{contact}" for n, contact in enumerate(contacts, 1)]
    return "\n".join([HEADINGS, *rows])


def address(office: Office) -> str:
    """The page of an office's invitations."""
    return reverse("officials:invitations", args=[office.slug])


def pasted(client: Client, office: Office, text: str, **given: str) -> Answer:
    """Has a pasted list checked."""
    return client.post(address(office), {"text": text, "step": "preview", **given})


def uploaded(client: Client, office: Office, content: bytes, name: str = "ds.csv") -> Answer:
    """Has an uploaded list checked."""
    file = SimpleUploadedFile(name, content)
    return client.post(address(office), {"file": file, "step": "preview"})


def filled(answer: Answer) -> dict[str, str]:
    """What the form below a checked list sends."""
    return Form(answer.content.decode()).filled


def sent(client: Client, office: Office, text: str) -> Answer:
    """Pastes a list, looks at how it was understood, has it sent; the page afterwards."""
    checked = pasted(client, office, text)
    assert checked.status_code == 200, checked.content.decode()
    return client.post(address(office), {**filled(checked), "step": "send"}, follow=True)
