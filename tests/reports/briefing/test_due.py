"""What waits for whom: counts of their own pages, the late first, nothing of others."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from offices.models import DossierCount, Membership, Office, Proposal, User
from reports.briefing.due import due_of
from reports.models import Night, NightStep
from reports.night import steps
from surveys.models import Evidence, Hold, Mark, Remark, Tablet
from tests import factories

pytestmark = pytest.mark.django_db
Role = Membership.Role
TODAY = date(2026, 6, 10)  # a Wednesday


@pytest.fixture(autouse=True)
def _morning() -> object:
    with time_machine.travel(factories.at(TODAY, 7), tick=False):
        yield


def remark(office: Office, due: date, **given: object) -> None:
    row = {"state": Remark.State.NEW, "released_on": date(2026, 5, 1), **given}
    Remark.objects.create(
        office=office, response_id=uuid4(), day=date(2026, 4, 1), text="x", due_on=due, **row
    )


def words(user: User) -> list[str]:
    return [one.words for one in due_of(user, TODAY)]


def test_remarks_are_counted_by_their_day() -> None:
    office = factories.office(name="Trung tâm A")
    remark(office, TODAY - timedelta(days=1))
    remark(office, TODAY)
    remark(office, date(2026, 6, 17))  # five working days on
    remark(office, date(2026, 6, 18))
    remark(office, TODAY, state=Remark.State.ANSWERED)
    remark(office, TODAY, released_on=None)
    remark(factories.office(), TODAY - timedelta(days=9))
    head = factories.official(office)
    late, soon = due_of(head, TODAY)
    assert late.words == "1 góp ý đã quá hạn trả lời."
    assert late.late
    assert late.address == f"/bao-cao/co-quan/{office.slug}/gop-y/?han=qua"
    assert soon.words == "2 góp ý đến hạn trả lời trong 5 ngày làm việc tới."
    assert not soon.late


def test_above_several_offices_the_one_with_the_most_is_named() -> None:
    province = factories.province()
    few, many = (
        factories.office(factories.unit(parent=province), name=f"Trung tâm {n}") for n in "AB"
    )
    remark(few, TODAY - timedelta(days=1))
    for _ in range(2):
        remark(many, TODAY - timedelta(days=1))
    officer = factories.official(province)
    assert words(officer) == ["3 góp ý đã quá hạn trả lời. Nhiều nhất tại Trung tâm B: 2."]
    assert due_of(officer, TODAY)[0].address.startswith(f"/bao-cao/co-quan/{many.slug}/")
    assert words(factories.official(province, Role.ANALYST)) == [], "who reads no remarks"


def test_a_proposal_waits_for_whoever_may_decide_it() -> None:
    office = factories.office()
    province = office.unit.province
    lan, minh = (factories.official(province, Role.PROVINCIAL_OFFICER) for _ in range(2))
    proposed = Proposal.objects.create(
        kind="tablet", office=office, payload={"name": "Quầy 1"}, payload_hash="x",
        proposed_by=lan, proposed_at=timezone.now(),
    )  # fmt: skip
    assert words(lan) == []
    assert words(minh) == ["1 đề nghị đang chờ duyệt."]
    assert due_of(minh, TODAY)[0].address == f"/bao-cao/cho-duyet/{proposed.pk}/"
    assert words(factories.official(province, Role.ANALYST)) == []


def test_proposals_of_other_provinces_cost_nothing() -> None:
    office = factories.office()
    minh = factories.official(office.unit.province, Role.PROVINCIAL_OFFICER)
    lan = factories.user()

    def propose(there: Office) -> int:
        for number in range(3):
            Proposal.objects.create(
                kind="tablet", office=there, payload={"name": f"Quầy {number}"},
                payload_hash=f"{there.pk}-{number}", proposed_by=lan, proposed_at=timezone.now(),
            )  # fmt: skip
        with CaptureQueriesContext(connection) as captured:
            due_of(minh, TODAY)
        return len(captured)

    assert propose(factories.office()) == propose(factories.office())
    assert due_of(minh, TODAY) == []
    propose(office)
    assert words(minh) == ["3 đề nghị đang chờ duyệt."]


@pytest.mark.parametrize(
    ("forms", "said"),
    [
        (64, "Khoảng 60 phiếu chờ quyết định có tính hay không."),
        (9, "Dưới 10 phiếu chờ quyết định có tính hay không."),
    ],
)
def test_floods_wait_for_auditors_in_tens(forms: int, said: str) -> None:
    office = factories.office()
    Hold.objects.create(
        office=office, evidence=Evidence.OPEN, rule="day", by_arrival=True, days=[TODAY],
        seen=forms, bound=5, forms=forms, found_on=TODAY,
    )  # fmt: skip
    province = office.unit.province
    auditor = factories.official(province, Role.AUDITOR)
    assert words(auditor) == [said]
    assert due_of(auditor, TODAY)[0].address == f"/bao-cao/don-vi/{province.pk}/phieu-cho/"
    assert words(factories.official(office)) == [], "the office is told on its own pages"
    Hold.objects.update(
        state=Hold.State.REFUSED, decided_by=auditor, decided_at=timezone.now(), reason="Phiếu giả"
    )
    assert words(auditor) == []


def test_a_tablet_is_silent_after_a_whole_working_day() -> None:
    office = factories.office()
    head = factories.official(office)
    tablet = factories.tablet(office)
    Tablet.objects.filter(pk=tablet.pk).update(
        paired_on=date(2026, 5, 1), heard_at=factories.at(date(2026, 6, 8), 16)
    )
    assert words(head) == ["1 máy tính bảng không liên lạc từ trước ngày 09/06/2026."]
    Tablet.objects.filter(pk=tablet.pk).update(waiting=7)
    assert words(head)[0].endswith("09/06/2026. Còn 7 phiếu chưa gửi trên đó.")
    Tablet.objects.filter(pk=tablet.pk).update(heard_at=factories.at(date(2026, 6, 9), 7))
    assert words(head) == []
    Tablet.objects.filter(pk=tablet.pk).update(heard_at=None)
    assert len(words(head)) == 1
    Tablet.objects.filter(pk=tablet.pk).update(revoked_on=TODAY)
    assert words(head) == []


def test_a_tablet_that_was_heard_and_wants_a_hand_is_due() -> None:
    office = factories.office(name="Trung tâm phường Tô Châu")
    head = factories.official(office)
    tablet = factories.tablet(office, name="Quầy 4")
    row = Tablet.objects.filter(pk=tablet.pk)
    heard = factories.at(date(2026, 6, 9), 16)
    row.update(paired_on=date(2026, 5, 1), heard_at=heard, battery=19, charging=False)
    (found,) = due_of(head, TODAY)
    assert found.words == (
        "1 máy tính bảng sắp hết pin, không cắm sạc: Quầy 4, Trung tâm phường Tô Châu "
        "(pin 19 %, báo lúc 16:10 09/06/2026)."
    )
    assert found.address == f"/bao-cao/co-quan/{office.slug}/may-tinh-bang/"
    assert words(factories.official(factories.office())) == []
    for well in ({"battery": 20}, {"charging": True}, {"charging": None}, {"battery": None}):
        row.update(**{"battery": 19, "charging": False, **well})
        assert words(head) == []
    row.update(battery=19, charging=False, heard_at=factories.at(date(2026, 6, 8), 16))
    assert len(words(head)) == 1, "who is silent is told as silent alone"
    row.update(battery=None, heard_at=heard, waiting=7, waits_long=True)
    (unsent,) = words(head)
    assert unsent.endswith("(còn 7 phiếu chưa gửi, báo lúc 16:10 09/06/2026).")
    row.update(waiting=0)
    assert words(head) == []
    row.update(waiting=7, waits_long=False)
    assert words(head) == []


def test_whoever_serves_reads_how_many_forms_a_day_are_needed() -> None:
    factories.instrument({"A": 2, "B": 1})
    office = factories.office()
    factories.rhythm(office)
    DossierCount.objects.create(office=office, day=date(2026, 6, 9), finished=400)
    head = factories.official(office)
    assert words(head) == [], "nobody has answered here, so nothing is known"
    for day, people in ((date(2026, 6, 2), 40), (date(2026, 6, 8), 10)):
        factories.answered(office, [bytes([5, 4, 1])] * people, day=day)
        Mark.objects.create(office=office, day=day)
        steps.close(day)
    (found,) = due_of(head, TODAY)
    assert found.words == (
        "Cần ~18 phiếu mỗi ngày làm việc để đạt trước 30/06/2026. "
        "Theo nhịp hiện nay, khoảng 120 phiếu đến 30/06/2026: thiếu."
    )
    assert found.address == (f"/bao-cao/co-quan/{office.slug}/tien-do/?ky=month&tu=2026-06-01")
    assert words(factories.official(office.unit.province)) == [], "whoever stands above"


def test_after_a_weekend_friday_is_the_last_working_day() -> None:
    office = factories.office()
    head, tablet = factories.official(office), factories.tablet(office)
    Tablet.objects.filter(pk=tablet.pk).update(
        paired_on=date(2026, 5, 1), heard_at=factories.at(date(2026, 6, 5), 15)
    )
    assert due_of(head, date(2026, 6, 8)) == []


def test_a_night_that_failed_is_told_to_whoever_sees_nights() -> None:
    night = Night.objects.create(day=date(2026, 6, 9), began_at=timezone.now())
    step = NightStep.objects.create(night=night, name="proof", position=5, state="failed")
    operator = factories.official(factories.country(), Role.OPERATOR)
    assert words(operator) == ["Một bước của đêm khóa ngày 09/06/2026 bị lỗi."]
    assert words(factories.official(factories.office())) == []
    NightStep.objects.filter(pk=step.pk).update(state="done")
    assert words(operator) == []


def test_what_is_late_comes_first() -> None:
    office = factories.office()
    remark(office, TODAY + timedelta(days=1))
    night = Night.objects.create(day=date(2026, 6, 9), began_at=timezone.now())
    NightStep.objects.create(night=night, name="proof", position=5, state="failed")
    user = factories.official(office)
    factories.official(factories.country(), Role.OPERATOR, account=user)
    assert [one.late for one in due_of(user, TODAY)] == [True, False]
