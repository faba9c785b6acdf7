"""The page of the audit: who reads which entries, what stands there, and the file of it."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.actors import Actor
from audit.models import Entry
from audit.recording import record
from offices.models import AdministrativeUnit, Membership, Office, User
from reports.models import NightStep
from reports.night import nights
from tests import factories
from tests.audit.tampering import past_the_triggers

pytestmark = pytest.mark.django_db
PAGE = reverse("officials:audit")
FILE = reverse("officials:audit-csv")
LAN = Actor("lan", 17, "203.0.113.9")


@pytest.fixture(autouse=True)
def _nothing_is_written(db: None) -> None:
    past_the_triggers(
        *(f"DELETE FROM audit_{table}" for table in ("link", "entry", "waiting", "recurrence"))
    )


def auditor_of(unit: AdministrativeUnit) -> Client:
    user = factories.user()
    Membership.objects.create(user=user, role=Membership.Role.AUDITOR, unit=unit)
    return signed_in(user)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def office() -> Office:
    return factories.office(factories.unit(parent=factories.province("An Giang")))


def read(client: Client, **asked: str) -> str:
    return client.get(PAGE, asked).content.decode()


def test_everybody_reads_what_was_done_where_they_audit(office: Office) -> None:
    here, beside = office, factories.office()
    for one in (here, beside):
        record("hours.changed", subject=one.slug, office_id=one.pk, by=LAN)
    record("hours.changed", subject="of-the-unit", unit_id=here.unit_id)
    record("hours.changed", subject="of-nobody")
    province = here.unit.parent
    assert province is not None
    text = read(auditor_of(province))
    assert (here.slug in text, "of-the-unit" in text) == (True, True)
    assert (beside.slug in text, "of-nobody" in text) == (False, False)
    everywhere = read(auditor_of(factories.country()))
    assert all(word in everywhere for word in (here.slug, beside.slug, "of-nobody"))


@pytest.mark.parametrize("page", [PAGE, FILE])
def test_whoever_audits_nothing_is_refused(office: Office, page: str) -> None:
    head = factories.user()
    Membership.objects.create(user=head, role=Membership.Role.OFFICE_HEAD, office=office)
    assert signed_in(head).get(page).status_code == 403
    assert Client().get(page).status_code == 302
    assert auditor_of(factories.country()).post(page).status_code == 405


def test_filters_leave_what_was_asked_for(office: Office) -> None:
    client = auditor_of(factories.country())
    record("hours.changed", subject="first", office_id=office.pk, by=LAN)
    record("session.refused", subject="second", outcome=Entry.Outcome.REFUSED, by=Actor("mai"))
    today = timezone.localdate(Entry.objects.earliest("pk").at)
    yesterday = today - timedelta(days=1)
    for asked, found in (
        ({}, "first second"),
        ({"tai-khoan": "lan"}, "first"),
        ({"hanh-dong": "session.refused"}, "second"),
        ({"co-quan": office.slug}, "first"),
        ({"ket-qua": "refused"}, "second"),
        ({"tu": today.isoformat()}, "first second"),
        ({"den": yesterday.isoformat()}, ""),
        ({"ket-qua": "x", "truoc": "x", "den": "9999-12-31"}, "first second"),
        ({"tai-khoan": "\x00lan'"}, ""),
    ):
        text = read(client, **asked)
        seen = [word for word in ("first", "second") if f"<code>{word}</code>" in text]
        assert " ".join(seen) == found, asked
    assert "không phải là ngày" in read(client, tu="31/12/2026")


def test_pages_follow_each_other_and_keep_the_filters() -> None:
    client = auditor_of(factories.country())
    for number in range(55):
        record("hours.changed", subject=f"nr-{number}", by=LAN)
    first = read(client, **{"tai-khoan": "lan"})
    assert ("nr-54<" in first, "nr-4<" in first) == (True, False)
    before = Entry.objects.get(subject="nr-5").pk
    assert f"tai-khoan=lan&amp;truoc={before}" in first
    second = read(client, **{"tai-khoan": "lan", "truoc": str(before)})
    assert ("nr-4<" in second, "nr-5<" in second) == (True, False)


def test_a_changed_row_says_with_which_act_it_came_or_that_it_was_by_hand(office: Office) -> None:
    client = auditor_of(factories.country())
    # a test is one transaction: the act is taken for that of its rows
    Office.objects.filter(pk=office.pk).update(name="Tên mới")
    record("office.renamed", subject=office.slug, office_id=office.pk, by=LAN)
    text = read(client, **{"hanh-dong": "row.changed"})
    assert ("Trong cùng thao tác" in text, "bằng tay" in text) == (True, False)
    assert "Tên mới" in text
    past_the_triggers("UPDATE audit_entry SET transaction = 1 WHERE action = 'office.renamed'")
    assert "Do hệ thống thực hiện" in read(client, **{"hanh-dong": "row.changed"})
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL application_name = 'psql'")
        cursor.execute("UPDATE offices_office SET label = 'x'")
        cursor.execute("SET LOCAL application_name = 'hailong'")
    text = read(client, **{"hanh-dong": "row.changed"})
    assert "Sửa bằng tay trong cơ sở dữ liệu" in text
    assert "“psql”" in text


def test_an_unknown_act_stands_as_its_code() -> None:
    record("something.unheard", details={"unheard": {"x": 1}}, by=LAN)
    text = read(auditor_of(factories.country()))
    assert "<code>something.unheard</code>" in text


def test_the_file_holds_what_was_asked_for_and_is_an_entry_itself(office: Office) -> None:
    client = auditor_of(factories.country())
    record("hours.changed", subject="=1+1", office_id=office.pk, by=LAN, details={"size": 3})
    record("session.began", by=Actor("mai"))
    answer = client.get(FILE, {"tai-khoan": "lan"})
    text = b"".join(answer).decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(text))
    assert (line["act"], line["account"], line["address"]) == ("hours.changed", "lan", LAN.source)
    assert (line["subject"], line["office"]) == ("'=1+1", office.slug)
    assert line["details"] == '{"size": 3}'
    taken = Entry.objects.get(action="audit.exported")
    assert (taken.details["size"], taken.source) == (1, "127.0.0.1")


def test_auditors_read_that_the_audit_was_changed() -> None:
    client = auditor_of(factories.country())
    assert "lần đầu" in read(client)
    night = nights.start(timezone.localdate() - timedelta(days=1))
    step = night.steps.filter(name=NightStep.Name.AUDIT)
    step.update(state="failed", last_error="hash:5", ended_at=timezone.now())
    assert "không còn nguyên vẹn" in read(client)
    step.update(state="done", last_error="", result={"links": 1234, "heads": 5, "accepted": 2})
    text = read(client)
    assert "1.234" in text
    assert "chịu trách nhiệm giải trình: 2" in text


def test_codes_of_the_system_stand_in_words(office: Office) -> None:
    said = {"by": ["password", "totp"], "device": "new", "mailed": False, "role": "clerk"}
    record("signin.done", subject="lan", office_id=office.pk, details=said, by=LAN)
    page = read(auditor_of(office.unit))
    for words in ("Mật khẩu, mã của ứng dụng", "mới", "Không", str(Membership.Role.CLERK.label)):
        assert f"<code>{words}</code>" in page
    assert "totp" not in page


@pytest.mark.parametrize(("values", "is_folded"), [(4, False), (5, True)])
def test_many_values_of_a_row_are_folded(office: Office, values: int, *, is_folded: bool) -> None:
    now = {f"column {number}": number for number in range(values)}
    record("row.added", office_id=office.pk, details={"now": now}, by=LAN)
    page = read(auditor_of(office.unit))
    assert (f"<summary>{values} giá trị</summary>" in page) == is_folded
    assert page.count("<dt><code>column ") == values
