"""Counts of a closed month change by two persons only: whoever is measured changes none of them."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Entry
from offices.dossiers.checking import unequal
from offices.models import AdministrativeUnit, DossierChange, DossierCount, Membership, Office
from offices.models.dossier import DossierSource
from offices.models.proposal import Proposal
from offices.proposals import content_of
from reports.models import Night
from tests import factories
from tests.officials.two import client_of, holder

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
LAST_MONTH = TODAY.replace(day=1) - timedelta(days=1)
EARLIER = (LAST_MONTH.replace(day=1) - timedelta(days=1)).replace(day=7)
Role = Membership.Role
Source = DossierSource


@pytest.fixture
def province() -> AdministrativeUnit:
    """A province whose last month is closed."""
    now = timezone.now()
    Night.objects.create(day=LAST_MONTH, began_at=now, closed_at=now)
    return factories.province("An Giang", code="91")


@pytest.fixture
def office(province: AdministrativeUnit) -> Office:
    """One of its offices."""
    return factories.office(factories.unit(parent=province), slug="phuong-ha-tien")


def send(client: Client, *cells: tuple[Office, date, int], reason: str = "") -> tuple[int, str]:
    """Status and text after a file with these counts."""
    rows = [f"{office.slug},{day},{finished}" for office, day, finished in cells]
    file = SimpleUploadedFile("ho-so.csv", "\n".join(["office,day,finished", *rows]).encode())
    sent = {"file": file, "reason": reason}
    answer = client.post(reverse("officials:dossiers"), sent, follow=True)
    return answer.status_code, answer.content.decode()


def counted(office: Office, day: date, finished: int, source: Source) -> DossierCount:
    """A number that stands there."""
    return DossierCount.objects.create(office=office, day=day, finished=finished, source=source)


def test_one_file_of_the_head_changes_no_rate_of_a_closed_month(office: Office) -> None:
    counted(office, LAST_MONTH, 500, Source.OWN)
    status, html = send(client_of(holder(office, Role.OFFICE_HEAD)), (office, LAST_MONTH, 81))
    assert status == 422
    assert DossierCount.objects.get().finished == 500
    assert "đã khóa sổ" in html
    assert not Proposal.objects.exists()


def test_a_number_that_is_new_in_a_closed_month_needs_two_as_well(office: Office) -> None:
    head = client_of(holder(office, Role.OFFICE_HEAD))
    assert send(head, (office, LAST_MONTH, 81))[0] == 422
    above = client_of(holder(office.unit.province, Role.PROVINCIAL_OFFICER))
    assert send(above, (office, EARLIER, 81))[0] == 422
    assert not DossierCount.objects.exists()


def test_the_file_again_without_a_change_is_no_change(office: Office) -> None:
    counted(office, LAST_MONTH, 500, Source.OWN)
    status, html = send(client_of(holder(office, Role.OFFICE_HEAD)), (office, LAST_MONTH, 500))
    assert status == 200
    assert "1 ô giữ nguyên" in html


def test_with_a_reason_it_waits_and_another_person_above_approves(office: Office) -> None:
    counted(office, LAST_MONTH, 500, Source.OWN)
    head = holder(office, Role.OFFICE_HEAD)
    status, html = send(client_of(head), (office, LAST_MONTH, 481), reason="Đếm trùng 19 hồ sơ")
    made = Proposal.objects.get()
    address = reverse("officials:proposal", args=[made.pk])
    assert status == 200
    assert "500" in html
    assert "481" in html
    assert "Chưa có người khác" in html
    assert DossierCount.objects.get().finished == 500
    assert client_of(head).post(address, {"step": "approve"}).status_code == 422
    above = client_of(holder(office.unit.province, Role.PROVINCIAL_OFFICER))
    assert above.post(address, {"step": "approve"}).status_code == 302
    assert DossierCount.objects.get().finished == 481
    newest = DossierChange.objects.first()
    assert newest is not None
    assert (newest.was, newest.now, newest.by, newest.approved) == (500, 481, head, made)
    assert newest.source == Source.OWN
    assert content_of(made) is not None  # the file stays with what it changed
    assert "có người thứ hai duyệt" in above.get(
        reverse("officials:dossier_changes", args=[office.slug])
    ).content.decode().replace("đã ", "")


def test_what_changed_meanwhile_is_named_and_nothing_is_stored(office: Office) -> None:
    count = counted(office, LAST_MONTH, 500, Source.OWN)
    head = client_of(holder(office, Role.OFFICE_HEAD))
    send(head, (office, LAST_MONTH, 481), reason="Đếm trùng 19 hồ sơ")
    count.finished = 490
    count.save()
    above = client_of(holder(office.unit.province, Role.PROVINCIAL_OFFICER))
    address = reverse("officials:proposal", args=[Proposal.objects.get().pk])
    answer = above.post(address, {"step": "approve"})
    assert answer.status_code == 422
    assert "500 (cơ quan tự khai)" in answer.content.decode()
    assert "490 (cơ quan tự khai)" in answer.content.decode()
    assert DossierCount.objects.get().finished == 490
    assert Proposal.objects.get().state == Proposal.State.OPEN


def test_days_at_the_end_of_a_month_are_told_from_above_when_it_is_over(office: Office) -> None:
    above = client_of(holder(office.unit.province, Role.PROVINCIAL_OFFICER))
    late = (TODAY.replace(day=1) + timedelta(days=10)) > TODAY
    status, _html = send(above, (office, LAST_MONTH, 81))
    assert status == (200 if late else 422)


def test_an_office_changes_nothing_that_was_told_from_above(office: Office) -> None:
    counted(office, TODAY, 500, Source.ABOVE)
    head = client_of(holder(office, Role.OFFICE_HEAD))
    status, html = send(head, (office, TODAY, 81))
    assert status == 422
    assert "cấp trên" in html
    field = factories.procedure(field="Hộ tịch").field
    file = SimpleUploadedFile(
        "a.csv", f"office,day,field,finished\n{office.slug},{TODAY},{field.slug},5".encode()
    )
    assert head.post(reverse("officials:dossiers"), {"file": file}).status_code == 422
    assert DossierCount.objects.get().finished == 500


def test_a_number_from_above_takes_the_place_of_what_the_office_told(office: Office) -> None:
    field = factories.procedure(field="Hộ tịch").field
    counted(office, TODAY, 81, Source.OWN)
    DossierCount.objects.create(
        office=office, day=TODAY, field=field, finished=7, source=Source.OWN
    )
    above = client_of(holder(office.unit.province, Role.PROVINCIAL_OFFICER))
    assert send(above, (office, TODAY, 500))[0] == 200
    assert sorted(DossierCount.objects.values_list("finished", "source")) == [
        (0, "above"),
        (500, "above"),
    ]
    assert unequal() == (0, [])


def test_an_officer_who_is_head_there_as_well_tells_of_themselves(office: Office) -> None:
    both = holder(office.unit.province, Role.PROVINCIAL_OFFICER)
    Membership.objects.create(user=both, office=office, role=Role.OFFICE_HEAD)
    send(client_of(both), (office, TODAY, 81))
    assert DossierCount.objects.get().source == Source.OWN


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ANALYST])
def test_auditors_and_analysts_enter_nothing(office: Office, role: str) -> None:
    client = client_of(holder(office.unit.province, role))
    assert send(client, (office, TODAY, 81))[0] == 403
    assert not DossierCount.objects.exists()


def test_a_rate_that_rests_on_what_the_office_told_says_so(office: Office) -> None:
    address = reverse("officials:office_progress", args=[office.slug])
    head = client_of(holder(office, Role.OFFICE_HEAD))
    factories.instrument({"A": 2, "B": 1})
    send(head, (office, TODAY, 81))
    assert "do cơ quan tự khai" in head.get(address).content.decode()
    above = holder(office.unit.province, Role.PROVINCIAL_OFFICER)
    whole = reverse("officials:unit_progress", args=[office.unit.province.pk])
    assert "do cơ quan tự khai" in client_of(above).get(whole).content.decode()
    send(client_of(above), (office, TODAY, 90))
    assert "do cơ quan tự khai" not in head.get(address).content.decode()
    assert "do cơ quan tự khai" not in client_of(above).get(whole).content.decode()


def test_the_ledger_names_who_and_is_never_changed(office: Office) -> None:
    head = holder(office, Role.OFFICE_HEAD)
    send(client_of(head), (office, TODAY, 81))
    send(client_of(head), (office, TODAY, 80))
    rows = list(DossierChange.objects.order_by("pk").values_list("was", "now", "by", "source"))
    assert rows == [(None, 81, head.pk, "own"), (81, 80, head.pk, "own")]
    for statement in (
        "UPDATE offices_dossierchange SET now = 1",
        "DELETE FROM offices_dossierchange",
        "TRUNCATE offices_dossierchange",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    entry = Entry.objects.filter(action="dossiers.import").first()
    assert entry is not None
    assert entry.details["changed"] == 1
    assert len(entry.details["file"]) == 64


def test_whoever_changes_the_database_by_hand_stands_in_the_ledger_too(office: Office) -> None:
    counted(office, TODAY, 81, Source.OWN)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE offices_dossiercount SET finished = 9")
    newest = DossierChange.objects.first()
    assert newest is not None
    assert (newest.was, newest.now, newest.by, newest.system) == (81, 9, None, "")
    auditor = client_of(holder(office.unit.province, Role.AUDITOR))
    address = reverse("officials:dossier_changes", args=[office.slug])
    assert "không qua phần mềm này" in auditor.get(address).content.decode()
    DossierCount.objects.all().delete()
    assert DossierChange.objects.values_list("was", "now").first() == (9, None)
    assert unequal() == (0, [])


def test_whoever_gets_past_the_trigger_is_found(office: Office) -> None:
    counted(office, TODAY, 81, Source.OWN)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE offices_dossiercount DISABLE TRIGGER dossier_count_changed")
        cursor.execute("UPDATE offices_dossiercount SET finished = 9")
        cursor.execute("ALTER TABLE offices_dossiercount ENABLE TRIGGER dossier_count_changed")
    count, (found,) = unequal()
    assert (count, found.count, found.ledger) == (1, 9, 81)


def test_the_page_of_changes_is_for_who_enters_and_who_audits(office: Office) -> None:
    send(client_of(holder(office, Role.OFFICE_HEAD)), (office, TODAY, 81))
    address = reverse("officials:dossier_changes", args=[office.slug])
    for role, status in ((Role.AUDITOR, 200), (Role.PROVINCIAL_OFFICER, 200), (Role.ANALYST, 403)):
        assert client_of(holder(office.unit.province, role)).get(address).status_code == status
    assert client_of(holder(factories.province(), Role.AUDITOR)).get(address).status_code == 404
    file = reverse("officials:dossier_changes_csv", args=[office.slug])
    answer = client_of(holder(office.unit.province, Role.AUDITOR)).get(file)
    text = b"".join(answer).decode("utf-8-sig")
    assert f"{TODAY},,,81,own" in text


def test_nor_does_an_officer_tell_from_above_of_an_office_that_the_own_one_took_over_from(
    office: Office,
) -> None:
    before = factories.office(office.unit, slug="phuong-cu")
    Office.objects.filter(pk=before.pk).update(heir=office)
    both = holder(office.unit.province, Role.PROVINCIAL_OFFICER)
    Membership.objects.create(user=both, office=office, role=Role.OFFICE_HEAD)
    send(client_of(both), (before, TODAY, 81))
    assert DossierCount.objects.get().source == Source.OWN


def test_nobody_approves_counts_among_which_are_those_of_the_office_in_which_they_serve(
    office: Office,
) -> None:
    beside = factories.office(factories.unit(parent=office.unit.province), slug="phuong-khac")
    province = office.unit.province
    both = holder(province, Role.PROVINCIAL_OFFICER)
    Membership.objects.create(user=both, office=office, role=Role.CLERK)
    lan = client_of(holder(province, Role.PROVINCIAL_OFFICER))
    send(lan, (office, EARLIER, 81), (beside, EARLIER, 82), reason="Cổng gửi thiếu số liệu")
    made = Proposal.objects.get()
    assert made.office is None
    page = reverse("officials:proposal", args=[made.pk])
    assert client_of(both).post(page, {"step": "approve"}).status_code == 403
    assert not DossierCount.objects.exists()
    third = client_of(holder(province, Role.PROVINCIAL_OFFICER))
    third.post(page, {"step": "approve"})
    assert DossierCount.objects.count() == 2
