"""A day of acts on everything that is secret: none of it stands in the audit."""

import json
import re
from ipaddress import ip_network
from pathlib import Path
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.links import one_time_link
from accounts.models import EmergencyCode, OneTimeLink
from audit.models import Entry
from launch.page import Form
from offices.models import Membership
from surveys.devices import tablets
from surveys.invitations import integrations
from surveys.models import Contact, Remark, Response
from surveys.remarks import steps
from tests import factories
from tests.accounts.people import with_app

pytestmark = pytest.mark.django_db
CITIZEN = "198.51.100.77"
OFFICIAL = "203.0.113.9"
REMARK = "Phòng chờ hơi nóng, ghế gãy."
REPLY = "Bộ phận Một cửa đã sửa ghế, cảm ơn ông bà."
PHONE = "0912 345 678"
DOSSIER = "H15.50.05.13-261008-0001"
PASSWORD = "mật khẩu rất dài của lan"


def everything() -> str:
    """All that the audit's tables hold, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in ("entry", "link", "waiting", "recurrence"):
            cursor.execute(f"SELECT t::text FROM audit_{table} t")
            found += [row for (row,) in cursor.fetchall()]
    return "\n".join(found)


@pytest.fixture
def secrets(settings: Settings, tmp_path: Path) -> list[str]:
    """What was said, shown and made on that day, and must be nowhere; the acts are done."""
    settings.INVITATION_KEYS = tmp_path / "keys"
    settings.SECOND_FACTOR_FREE_NETWORKS = [ip_network(OFFICIAL)]
    factories.instrument({"A": 2, "B": 1}, slug="phieu")
    office = factories.office()
    citizen = Client(REMOTE_ADDR=CITIZEN)
    response = uuid4()
    page = {"form": "phieu.1", "id": str(response), "step": 2, "page": 2}
    answers = {"A1": 5, "A2": 4, "B1": 3, "remark": REMARK, "wants_reply": "1", "contact": PHONE}
    citizen.post(reverse("surveys:start", args=[office.slug]), {**page, **answers})
    Remark.objects.update(released_on=timezone.localdate(), due_on=timezone.localdate())
    remark = Remark.objects.get()
    lan = factories.user("lan", PASSWORD)
    Membership.objects.create(user=lan, office=office, role=Membership.Role.OFFICE_HEAD)
    head = Client(REMOTE_ADDR=OFFICIAL)
    head.force_login(lan)
    about = reverse("officials:remark", args=[office.slug, remark.key])
    assert REMARK.encode() in head.get(about).content
    assert PHONE.encode() in head.post(about, {"step": "contact"}).content
    remark = steps.publish(steps.answer(Remark.objects.get(), REPLY, lan), lan)
    code = factories.code(office, "Quầy 1")
    paired = tablets.pair(code)
    assert paired is not None
    tablets.revoke(paired.tablet)
    today = timezone.localdate()
    row = f"{DOSSIER};{today:%d/%m/%Y};đã nhận;;{PHONE}"
    rows = f"Mã hồ sơ;Ngày kết thúc;Kết quả;Mã thủ tục;Liên hệ\n{row}"
    invitations = reverse("officials:invitations", args=[office.slug])
    asked_which = head.post(invitations, {"step": "preview", "text": rows}).content.decode()
    given = {**Form(asked_which).filled, "step": "preview", "order": "day"}
    checked = Form(head.post(invitations, given).content.decode()).filled
    listed = head.post(invitations, {**checked, "step": "file"}).content.decode()
    head.post(invitations, {**checked, "step": "send"})
    made = integrations.make("Cổng dịch vụ công", office.unit)
    asked = citizen.post(
        "/api/loi-moi",
        json.dumps(
            {
                "office": office.slug,
                "dossier": DOSSIER,
                "finished_on": today.isoformat(),
                "stage": "received",
            }
        ),
        content_type="application/json",
        headers={"Authorization": f"Bearer {made.key}"},
    )
    token = asked.json()["path"]
    citizen.get(token)
    head.get(reverse("officials:exclusions", args=[office.slug]))
    lan.refresh_from_db()
    link = one_time_link(lan, "reset_password", None)
    opens = OneTimeLink.objects.get()
    envelope = EmergencyCode.objects.create(user=lan, code_hash="e" * 64, made_at=timezone.now())
    factors = Authenticator.objects.filter(user=with_app(lan))
    factors.exclude(type=Authenticator.Type.TOTP).delete()
    provider = SocialAccount.objects.create(user=lan, provider="tinh", uid="sub-of-the-provider")
    links = re.findall(r"/m/([^/\s]+)", listed)
    return [
        *(CITIZEN, REMARK, REPLY, PHONE, PHONE.replace(" ", ""), DOSSIER, PASSWORD, lan.password),
        *(response.hex, str(response), code, code.replace("-", ""), paired.secret, made.key),
        *(bytes(made.integration.key_hash).hex(), token.strip("/").rpartition("/")[2], *links),
        *(bytes(Contact.objects.get().key.bytes).hex(), str(head.cookies["sessionid"].value)),
        bytes(Response.objects.get().answers).hex(),
        *(link.rstrip("/").rpartition("/")[2], opens.token_hash, envelope.code_hash, provider.uid),
        *(str(value) for factor in factors for value in factor.data.values()),
        *(decrypt(factor.data["secret"]) for factor in factors),
    ]


def test_no_answer_text_contact_token_or_address_of_a_citizen_is_in_it(secrets: list[str]) -> None:
    acts = set(Entry.objects.values_list("action", flat=True))
    assert acts >= {
        *("contact.seen", "remark.seen", "remark.answered", "remark.published"),
        *("tablet.consented", "tablet.invited", "tablet.paired", "tablet.revoked"),
        *("invitations.listed", "invitations.sent"),
        *("row.added", "row.removed", "link.made"),
    }
    watched = set(Entry.objects.values_list("details__table", flat=True))
    assert watched >= {
        *("accounts_onetimelink", "accounts_emergencycode", "mfa_authenticator", "surveys_tablet"),
        *("socialaccount_socialaccount", "surveys_integration", "offices_user"),
    }
    assert Entry.objects.filter(source=OFFICIAL).exists()
    text = everything()
    assert [secret for secret in secrets if len(secret) > 6 and secret in text] == []
    assert REMARK[:12] not in text
