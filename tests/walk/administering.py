"""What somebody who runs the system for the country has, and does on the pages for it."""

from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.utils import timezone

from offices.models import AdministrativeUnit, Membership, Office, User
from surveys.invitations import integrations
from surveys.models import Integration, QuestionnaireDraft, Target
from surveys.questionnaires.drafts import bring
from surveys.questionnaires.reader import FOLDER
from tests.upgrade.old import HA_TIEN
from tests.walk.visiting import Visit, undone, visit

COUNTRY = "trung-uong"
PAGES = "/bao-cao/quan-tri/"
NEXT = (FOLDER / "local-9.yaml").read_text("utf-8").replace("version: 1", "version: 2")
NOWHERE = {
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "EMAIL_HOST": "127.0.0.1",
    "EMAIL_PORT": 1,
}
Answer = Any  # a test answer


def administer() -> None:
    """An officer of the country, a key, a draft, targets: one of everything."""
    country = AdministrativeUnit.objects.get(level="country")
    officer = User.objects.create_user(COUNTRY, last_name="Trần Văn Bình")
    Membership.objects.create(user=officer, role="country_officer", unit=country)
    Membership.objects.create(user=officer, role="office_head", unit=country)  # gives nothing
    clerk = User.objects.create_user("le-thi-hoa", "hoa@example.vn", last_name="Lê Thị Hoa")
    Membership.objects.create(user=clerk, role="clerk", office=Office.objects.get(slug=HA_TIEN))
    User.objects.create_user("da-nghi", last_name="Đỗ Văn Nghỉ", is_active=False)
    made = integrations.make("Cổng chung của nước", country, officer)
    integrations.rotate(made.integration, 7, officer)
    integrations.stop(integrations.make("Hệ thống cũ", country).integration, officer)
    bring(NEXT.replace("lịch sự.", "nhã nhặn.").encode(), "phieu.yaml", officer)
    new = NEXT.replace("slug: local-9", "slug: local-10")
    bring(new.encode(), "phieu-moi.yaml", officer)
    office = Office.objects.get(slug=HA_TIEN)
    for satisfied in (90, 95):
        Target.objects.create(
            office=office,
            year=timezone.localdate().year,
            forms=600,
            satisfied=satisfied,
            reason="Kế hoạch số 12/KH-UBND",
            set_by=officer,
        )


def country_officer(client: Client, language: str) -> Iterator[Visit]:
    """Invites, gives and takes, makes keys, brings and proposes questionnaires, sets targets."""

    def seen(answer: Answer, what: str) -> Visit:
        return visit(answer, f"country officer: {what}", language)

    def sent(where: str, **data: object) -> Answer:
        with undone(client):
            return client.post(f"{PAGES}{where}", data, follow=True)

    office = Office.objects.get(slug=HA_TIEN)
    place = f"office:{office.pk}"
    invited = {"full_name": "Nguyễn Văn An", "role": "clerk", "place": place, "step": "invite"}
    yield seen(sent("nguoi-dung/moi/", **invited), "invited without a mail")
    invited["email"] = "an@example.vn"
    yield seen(sent("nguoi-dung/moi/", **invited), "invited")
    with override_settings(**NOWHERE):
        yield seen(sent("nguoi-dung/moi/", **invited), "mail that cannot be sent")
    taken = {**invited, "username": "le-thi-hoa"}
    yield seen(sent("nguoi-dung/moi/", **taken), "a user name that is taken")
    yield seen(sent("nguoi-dung/moi/", **{**invited, "email": "hoa@example.vn"}), "taken address")
    yield seen(sent("nguoi-dung/moi/", **{**invited, "full_name": "…"}), "a name of signs")
    yield seen(sent("nguoi-dung/moi/", **{**invited, "role": "operator"}), "a role not given")
    searched = {"step": "search", "search": "trung tam", "role": "clerk"}
    yield seen(sent("nguoi-dung/moi/", **searched), "searched")
    yield seen(sent("nguoi-dung/moi/", **{**searched, "search": "khong co"}), "found nothing")
    clerk = User.objects.get(username="le-thi-hoa")
    page = f"nguoi-dung/{clerk.pk}/"
    for step in ("invite", "password", "second_factor", "close", "reopen"):
        yield seen(sent(page, step=step), step)
    for role, where in (("clerk", place), ("auditor", place), ("office_head", place)):
        yield seen(sent(page, step="give", role=role, place=where), f"gives {role}")
    held = clerk.memberships.get()
    yield seen(sent(page, step="take", role=held.pk), "takes")
    yield seen(sent(page, step="correct", full_name="Lê Hoa", email="h@example.vn"), "corrects")
    closed = User.objects.get(username="da-nghi")
    for step, data in (("reopen", {}), ("give", {"role": "clerk", "place": place})):
        yield seen(sent(f"nguoi-dung/{closed.pk}/", step=step, **data), f"closed: {step}")
    itself = User.objects.get(username=COUNTRY)
    yield seen(sent(f"nguoi-dung/{itself.pk}/", step="close"), "closes itself")
    mighty = User.objects.filter(is_superuser=True)[0]
    yield seen(sent(f"nguoi-dung/{mighty.pk}/", step="password"), "resets one above")
    country = AdministrativeUnit.objects.get(level="country")
    yield seen(sent("khoa/", name="Cổng", place=f"unit:{country.pk}"), "makes a key")
    for name in ("Cổng chung của nước", "Hệ thống cũ"):
        key = Integration.objects.get(name=name)
        for data in ({"step": "rotate", "days": "3"}, {"step": "rotate", "days": "x"}):
            yield seen(sent(f"khoa/{key.pk}/", **data), f"{name} {data}")
        yield seen(sent(f"khoa/{key.pk}/", step="stop"), f"{name} stopped")
    yield from _questionnaires(client, sent, language)
    wish = {"place": place, "year": "2026", "satisfied": "91,5", "reason": "Kế hoạch số 14"}
    yield seen(sent("muc-tieu/", **wish), "sets a target")
    yield seen(client.get(f"/bao-cao/co-quan/{HA_TIEN}/tien-do/"), "a target beside progress")


def _questionnaires(client: Client, sent: Any, language: str) -> Iterator[Visit]:  # Any: a function
    def seen(answer: Answer, what: str) -> Visit:
        return visit(answer, f"country officer: {what}", language)

    spoilt = NEXT.replace("code: Q2", "code: q2").replace("version: 2", "version: 0")
    for what, text in (
        ("a good file", NEXT),
        ("mistakes", spoilt),
        ("an old version", NEXT.replace("version: 2", "version: 1")),
        ("nonsense", "a: ["),
    ):
        file = SimpleUploadedFile("phieu.yaml", text.encode())
        yield seen(sent("phieu/", file=file), what)
    for draft in QuestionnaireDraft.objects.all():
        page = f"phieu/{draft.pk}/"
        yield seen(sent(page, reason="vì"), "a short reason")
        yield seen(sent(page, reason="Công văn số 12/BNV"), "proposed")
        yield seen(sent(f"{page}xem-truoc/", page="0", Q1="5"), "preview")
        yield seen(sent(f"{page}xem-truoc/", page="99"), "the end of a preview")
        with undone(client):
            QuestionnaireDraft.objects.filter(pk=draft.pk).update(text="a: 1")
            yield seen(client.get(f"{PAGES}{page}"), "a draft that was altered")
    for name in ("local-9/1", "counter/1"):
        for reason in ("vì", "Công văn số 12/BNV"):
            wish = {"to": "retired", "reason": reason}
            yield seen(sent(f"phieu/{name}/doi-trang-thai/", **wish), f"{name} retired: {reason}")
