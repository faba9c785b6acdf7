"""What people do besides looking: answers, replies, files, messages, and what goes wrong.

Every step gives back what the person then sees.
"""

import json
from collections.abc import Iterator
from datetime import time
from typing import Any, ClassVar

from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory, override_settings
from django.utils import timezone, translation

from config.away import away
from config.errors import server_error
from launch.page import Form
from offices.models import AdministrativeUnit, Office, Proposal
from officials.refusals import forbidden
from reports.models import Difference, Proof, Repair
from surveys.invitations.mailing import send_asked
from surveys.models import (
    ContactView,
    Exclusion,
    Failure,
    Mailing,
    MailingMessage,
    Remark,
)
from tests.upgrade.old import AUDITOR, FACTS, HA_TIEN, HEAD, OFFICE, OFFICER
from tests.walk.administering import COUNTRY, country_officer
from tests.walk.reading import of_html
from tests.walk.signing_in import signing_in
from tests.walk.visiting import ELSEWHERE, Visit, undone, visit

SURVEY = f"/ks/{HA_TIEN}/"
Answer = Any  # a test answer
RECEIPTS: dict[str, str] = FACTS["receipts"]
WORDS = "Trung tâm đã kê thêm ghế và sửa bảng điện tử."


class Carrier:
    """A gateway as a carrier's would be; it remembers the texts."""

    texts: ClassVar[list[str]] = []

    def send(self, _number: str, text: str) -> None:
        """Keeps the text."""
        self.texts.append(text)


def citizens(client: Client, language: str) -> Iterator[Visit]:
    """A citizen's whole way, and all that may go wrong on it."""

    def seen(answer: Answer, what: str) -> Visit:
        return visit(answer, f"citizen: {what}", language)

    chosen = {"ngon-ngu": language}
    with undone(client):
        answer = client.get(SURVEY, chosen)
        yield seen(
            client.post(SURVEY, Form(answer.content.decode()).filled | {"page": "9"}), "nothing"
        )
        while 'id="thanks"' not in answer.content.decode():
            sheet = Form(answer.content.decode())
            scale = {name: "4" for name, offered in sheet.offered.items() if "9" in offered}
            sent = {**sheet.filled, **scale, **_last(sheet)}
            answer = client.post(SURVEY, sent)
            yield seen(answer, "survey")
        yield seen(client.post(SURVEY, {**sent, "A1": "1", "step": "99"}), "changed too late")
        yield seen(client.post(SURVEY, {**sent, "start": "x"}), "without a start")
        invited = {**sent, "invitation": "AQjrAAAID0bp"}
        yield seen(client.post(SURVEY, invited), "a spoilt invitation")
        long = {**sent, "remark": "a" * 2001, "contact": "!", "wants_reply": "on"}
        yield seen(client.post(SURVEY, long), "too long")
        for name, code in RECEIPTS.items():
            yield seen(client.post("/ks/phan-hoi/", {"code": code, **chosen}), f"receipt {name}")
        forgotten = {"code": RECEIPTS["contact"], "step": "forget", **chosen}
        yield seen(client.post("/ks/phan-hoi/", forgotten), "forgets a contact")
        yield seen(client.post("/ks/phan-hoi/", {**forgotten, "step": "erase"}), "erases")
        waits = {"code": RECEIPTS["waiting"], **chosen}
        for step, typed in (("tell", "an@"), ("tell", "an@example.vn"), ("be-silent", "")):
            told = {**waits, "step": step, "address": typed}
            yield seen(client.post("/ks/phan-hoi/", told), f"{step} {typed}")
        for code in ("", "ABC", "A" * 99, "22222-22222-22222"):
            yield seen(client.post("/ks/phan-hoi/", {"code": code, **chosen}), f"code {code}")
        for _ in range(30):
            answer = client.post("/ks/phan-hoi/", {"code": "33333-33333-33333", **chosen})
        yield seen(answer, "too many codes")
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    address = f"{SURVEY}?ngon-ngu={language}"
    yield seen(client.post(address, {}, headers=elsewhere), "from another site")
    yield seen(client.generic("POST", address, b"--x", "multipart/form-data"), "unreadable")


def _last(sheet: Form) -> dict[str, str]:
    return {"remark": "Xin gọi 0912345678"} if "remark" in sheet.filled else {}


def devices(client: Client, language: str) -> Iterator[Visit]:
    """What tablets are told."""
    sent: dict[str, list[dict[str, Any]]] = {  # Any: JSON
        "/ks/may-tinh-bang/ghep/": [{}, {"code": "AAAA-2222"}],
        "/ks/may-tinh-bang/nhip/": [{}],
        "/ks/giao/": [{}, {"at": 1, "records": [{}] * 51}, {"at": 1, "records": [{}]}],
    }
    for address, bodies in sent.items():
        for body in bodies:
            for key in ("", f"Bearer {FACTS['tablet']}"):
                answer = client.post(
                    f"{address}?ngon-ngu={language}",
                    json.dumps(body),
                    content_type="application/json",
                    headers={"Authorization": key, "Cookie": f"django_language={language}"},
                )
                yield visit(answer, f"device: {address} {body}", language)
    answer = client.get(
        "/ks/may-tinh-bang/phieu.json", headers={"Authorization": f"Bearer {FACTS['tablet']}"}
    )
    yield visit(answer, "device: its questionnaire", language)


def mishaps(language: str) -> Iterator[Visit]:
    """The pages of errors that are nobody's view."""
    answer = Client(enforce_csrf_checks=True).post("/dang-nhap/", {})
    yield visit(answer, "without a token", language)
    broken = server_error(RequestFactory().get("/")).content.decode()
    texts = tuple(of_html(broken, language))
    yield Visit("broken", ELSEWHERE, 500, "text/html", ("500.html",), texts)
    with translation.override(language):
        page = forbidden(RequestFactory().get("/"), PermissionDenied()).content.decode()
    texts = tuple(of_html(page, language))
    yield Visit("refused, and no official", ELSEWHERE, 403, "text/html", ("403.html",), texts)
    for method in ("get", "post"):
        with translation.override(language):
            asked = getattr(RequestFactory(), method)("/", {"why": WORDS})
            page = away(asked).content.decode()
        texts = tuple(of_html(page, language))
        yield Visit(f"away: {method}", ELSEWHERE, 503, "text/html", ("503.html",), texts)


def head(client: Client, language: str) -> Iterator[Visit]:
    """A head of office answers, pairs and invites."""
    with_contact = ContactView.objects.values("remark_key")
    remark = Remark.objects.get(state=Remark.State.NEW, key__in=with_contact)
    address = f"{OFFICE}gop-y/{remark.key}/"
    me = Form(client.get(address).content.decode()).offered.get("to", ["", ""])[-1]
    with undone(client):
        yield from _remark(client, address, language, ("assign", "answer", "publish"), me)
    with undone(client):
        yield from _remark(client, address, language, ("close",), me)
    with undone(client):
        yield from _posted(client, address, {"step": "contact"}, language)
    with undone(client):
        new = {"name": "Quầy 3", "form": "counter", "counter": ""}
        yield from _posted(client, f"{OFFICE}may-tinh-bang/", new, language)
    with undone(client):
        page = client.get(f"{OFFICE}may-tinh-bang/").content.decode()
        tablet = Form(page).filled.get("tablet", "")
        sent = {"step": "revoke", "tablet": tablet}
        yield from _posted(client, f"{OFFICE}may-tinh-bang/", sent, language)
    yield from invites(client, language)


def invites(client: Client, language: str) -> Iterator[Visit]:
    """Lists that are checked, asked about, taken and not; what is sent and what fails."""
    titles = "Mã hồ sơ;Ngày kết thúc;Kết quả;Mã thủ tục;Liên hệ"
    wrong = [
        f"{titles}\n;32/13/2026;lạ;9;x\nH01.77-260402-0102;02/04/2027;;;\n"
        "H01.77-260402-0102;02/04/2020;;;",
        "Cột;Khác\n1;2",
        titles,
        "",
    ]
    asked = f"{titles}\nH01.77-260402-0101;02/04/2026;;;"
    right = (
        f"{titles}\nH01.77-260402-0102;2026-04-02;đã nhận;;912345678\n"
        "H01.77-260402-0103;2026-04-02;từ chối;;an@example.vn,\n"
        "H01.77-260402-0104;2026-04-02;;;ở nhà\nH01.77-260402-0105;2026-04-02;;;"
    )
    Carrier.texts.clear()
    before = len(mail.outbox)
    settings = {
        "SMS_GATEWAY": f"{Carrier.__module__}.{Carrier.__qualname__}",
        "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
        "EMAIL_HOST": "localhost",
        "INVITATION_HOURS": (time.min, time.max),
    }

    def seen(answer: Answer, what: str) -> Visit:
        return visit(answer, f"invitations: {what}", language)

    def press(step: str, page: Answer, **more: str) -> Answer:
        filled = Form(page.content.decode()).filled if page else {}
        sent = {**filled, "step": step, **more}
        return client.post(f"{OFFICE}loi-moi/", sent, follow=True)

    with override_settings(**settings), undone(client):
        for text in wrong:
            yield seen(press("preview", None, text=text), f"wrong {text[-20:]}")
        file = SimpleUploadedFile("ho-so.csv", asked.encode())
        page = client.post(f"{OFFICE}loi-moi/", {"step": "preview", "file": file})
        yield seen(page, "which day")
        page = press("preview", page, order="day")
        yield seen(page, "days")
        taken = press("file", page)
        heading = taken.content.decode("utf-8-sig").splitlines()[0]
        yield said("the list that comes back", heading)
        page = press("preview", None, text=right)
        yield seen(page, "checked")
        yield seen(press("send", page), "on its way")
        send_asked()
        MailingMessage.objects.create(
            mailing=Mailing.objects.get(),
            line=9,
            sealed=b"",
            state=MailingMessage.State.FAILED,
            failure=Failure.GATEWAY,
        )
        MailingMessage.objects.create(
            mailing=Mailing.objects.get(), line=10, sealed=b"", state=MailingMessage.State.TAKEN
        )
        page = client.get(f"{OFFICE}loi-moi/")
        yield seen(page, "sent")
        yield seen(press("retry", page), "once more")
        with override_settings(INVITATION_HOURS=(time.min, time.min)):
            yield seen(client.get(f"{OFFICE}loi-moi/"), "waits for the morning")
        yield seen(press("end", page), "deleted")
    assert len(Carrier.texts) == len(mail.outbox) - before == 1
    yield said("a text message", *Carrier.texts)
    yield said("a mail", str(mail.outbox[-1].subject), str(mail.outbox[-1].body))


def said(what: str, *texts: str) -> Visit:
    """What reaches a person on another way than by a page."""
    return Visit(what, ELSEWHERE, 200, "", (), texts)


def _remark(
    client: Client, address: str, language: str, steps: tuple[str, ...], me: str
) -> Iterator[Visit]:
    for step in steps:
        seen = Form(client.get(address).content.decode()).filled.get("seen", "")
        sent = {"step": step, "seen": seen, "to": me, "reply": WORDS, "why": WORDS}
        yield from _posted(client, address, sent, language)


def _posted(
    client: Client, address: str, sent: dict[str, Any], language: str
) -> Iterator[Visit]:  # Any: values of a form
    answer = client.post(address, sent, follow=True)
    yield visit(answer, f"{address} {sent}", language)


def auditor(client: Client, language: str) -> Iterator[Visit]:
    """An auditor leaves forms out, with a reason, and takes that back."""
    address = f"{OFFICE}loai-tru/"
    rule = {"first_day": "2026-03-09", "last_day": "2026-03-31", "reason": WORDS}
    for sent in (
        rule,
        {**rule, "step": "exclude"},
        {**rule, "last_day": "2026-03-01"},
        {**rule, "first_day": "2026-03-20", "channel": "2"},
        {**rule, "flags": ["1", "16"]},
    ):
        with undone(client):
            yield from _posted(client, address, sent, language)
    lift = f"{address}{Exclusion.objects.get().pk}/bo/"
    with undone(client):
        yield from _posted(client, lift, {"reason": WORDS}, language)
        yield from _posted(client, lift, {"reason": WORDS}, language)


def officer(client: Client, language: str) -> Iterator[Visit]:
    """A provincial officer publishes and brings in dossiers."""
    province = AdministrativeUnit.objects.get(code="91", valid_to=None)
    address = f"/bao-cao/don-vi/{province.pk}/cong-bo/moi/"
    for period in ("month.2026-03-01", "month.2026-01-01", "month.2026-04-01"):
        with undone(client):
            yield visit(client.get(address, {"ky": period}), f"publish {period}", language)
            sent = {"reason": WORDS, "confirmed": "on"}
            yield from _posted(client, f"{address}?ky={period}", sent, language)
    with undone(client):
        yield from _proved(client, province, language)
    waiting = f"/bao-cao/cho-duyet/{Proposal.objects.get(state=Proposal.State.OPEN).pk}/"
    for step, why in (("refuse", "x"), ("refuse", WORDS), ("approve", ""), ("withdraw", "")):
        with undone(client):
            yield from _posted(client, waiting, {"step": step, "reason": why}, language)
    titles = "Cơ quan,Ngày,Lĩnh vực,Số hồ sơ đã giải quyết"
    for text in (
        f"{titles}\n{HA_TIEN},10/03/2026,ho-tich,40",
        f"{titles}\nla,32/13/2026,la,x\n{HA_TIEN},10/03/2027,,-1\n{HA_TIEN},01/03/2026,ho-tich,1,2",
        "Cột,Khác\n1,2",
        f"{titles},{titles}",
        titles,
        "",
    ):
        with undone(client):
            file = SimpleUploadedFile("ho-so.csv", text.encode(), "text/csv")
            yield from _posted(client, "/bao-cao/ho-so/", {"file": file}, language)


def _proved(client: Client, province: AdministrativeUnit, language: str) -> Iterator[Visit]:
    """The proof of a province: nothing differs, then something does, then it has ended."""
    now = timezone.now()
    office = Office.objects.get(slug=HA_TIEN)
    Proof.objects.create(
        province=province, whole=True, began_at=now, ended_at=now, behind=3, unproved=2,
        parts={"offices": 7}, responses=5, figures=7,
    )  # fmt: skip
    address = "/bao-cao/doi-chieu/"
    yield visit(client.get(address), "proof", language)
    month = {"first": "2026-03-01", "last": "2026-03-31"}
    for column in ("people", "row"):
        Difference.objects.create(
            part="offices", table="reports_score", column=column, office=office, period="month",
            shown="999", proved="12", found_at=now, **month,
        )  # fmt: skip
    Repair.objects.create(
        office=office, reason=WORDS, made_at=now, made_by="root", accepted=True, ended=1,
        standing=1, **month,
    )  # fmt: skip
    figures = f"/bao-cao/co-quan/{HA_TIEN}/?ky=month&tu=2026-03-01"
    for where in (address, figures):
        yield visit(client.get(where), "proof with a difference", language)
    Difference.objects.update(ended_at=now, ended_how="recounted")
    yield visit(client.get(address), "proof after a repair", language)


def administrator(client: Client, language: str) -> Iterator[Visit]:
    """The administrator adds, changes and deletes."""
    field = {"name": "Nông nghiệp", "slug": "nong-nghiep"}
    with undone(client):
        yield from _posted(client, "/quan-tri/offices/field/add/", field, language)
        pk = Form(client.get("/quan-tri/offices/field/?q=Nông").content.decode()).offered.get(
            "_selected_action", [""]
        )[0]
        changed = {**field, "name": "Nông nghiệp và Môi trường"}
        yield from _posted(client, f"/quan-tri/offices/field/{pk}/change/", changed, language)
        yield visit(client.get(f"/quan-tri/offices/field/{pk}/history/"), "a history", language)
        yield visit(client.get("/quan-tri/"), "latest actions", language)
        deleting = {"action": "delete_selected", "_selected_action": pk}
        yield from _posted(client, "/quan-tri/offices/field/", deleting, language)
        sent = {**deleting, "post": "yes"}
        yield from _posted(client, "/quan-tri/offices/field/", sent, language)
    for action in ({"action": "delete_selected"}, {"action": "", "_selected_action": "1"}):
        with undone(client):
            yield from _posted(client, "/quan-tri/offices/field/", action, language)
    with undone(client):
        new = {
            **{"username": "nguoi-moi", "usable_password": "true"},
            **dict.fromkeys(("memberships-TOTAL_FORMS", "memberships-INITIAL_FORMS"), "0"),
        }
        password = dict.fromkeys(("password1", "password2"), "mua-thu-o-Ha-Noi-2026")
        address = "/quan-tri/offices/user/add/"
        yield from _posted(client, address, {**new, **password}, language)
        short = {**new, "password1": "12345", "password2": "12345"}
        yield from _posted(client, address, short, language)
        yield from _posted(client, address, {**new, **password, "password2": "x"}, language)


def done_by(role: str, client: Client, language: str) -> Iterator[Visit]:
    """What somebody with this role does."""
    doing = {
        AUDITOR: auditor,
        OFFICER: officer,
        HEAD: head,
        "quan-tri": administrator,
        COUNTRY: country_officer,
    }
    if role in doing:
        yield from doing[role](client, language)
    if not role:
        yield from citizens(client, language)
        yield from devices(client, language)
        yield from mishaps(language)
        yield from signing_in(language)
