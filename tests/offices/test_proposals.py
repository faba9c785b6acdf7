"""Two persons: who proposes, who decides, and that it is done once."""

import logging
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone, translation

from audit.models import Entry
from offices import proposals
from offices.access import Missing
from offices.models import AdministrativeUnit, Membership, Proposal, ProposalFile, User
from offices.proposals import (
    KINDS,
    CannotCarryOut,
    ChangedMeanwhile,
    Kind,
    NotDecided,
    NotProposed,
    register,
)
from offices.rights import Action
from tests import factories
from tests.officials.two import emptied, holder
from tests.overlapping import on_own_connection

pytestmark = pytest.mark.django_db
Role = Membership.Role
State = Proposal.State
WHY = "Cần làm ngay hôm nay"


class World:
    """What the kind of the tests acts on."""

    def __init__(self) -> None:
        self.fact = "một"
        self.impossible: CannotCarryOut | None = None

    def facts(self, _proposal: Proposal) -> Mapping[str, str]:
        return {"fact": self.fact}

    def carry_out(self, proposal: Proposal, by: User | None) -> Mapping[str, Any]:
        if self.impossible is not None:
            raise self.impossible
        AdministrativeUnit.objects.filter(pk=proposal.unit_id or 0).update(kind="đã làm")
        return {"by": by.pk if by else None}


@pytest.fixture
def world() -> Iterator[World]:
    """A kind of its own, and a file of at most ten bytes."""
    made = World()
    register(
        Kind(
            "trial",
            "thử",
            Action.PUBLISH,
            Action.APPROVE,
            carry_out=made.carry_out,
            facts=made.facts,
            most_bytes=10,
        )
    )
    yield made
    del KINDS["trial"]


@pytest.fixture
def province(world: World) -> AdministrativeUnit:
    return factories.province("An Giang", code="91")


@pytest.fixture
def lan(province: AdministrativeUnit) -> User:
    return holder(province, Role.PROVINCIAL_OFFICER, name="lan")


@pytest.fixture
def minh(province: AdministrativeUnit) -> User:
    return holder(province, Role.PROVINCIAL_OFFICER, name="minh")


def proposed(lan: User, place: AdministrativeUnit, content: bytes | None = None) -> Proposal:
    return proposals.propose("trial", place, {"n": 1}, lan, WHY, content)


def done(place: AdministrativeUnit) -> bool:
    return AdministrativeUnit.objects.get(pk=place.pk).kind == "đã làm"


def test_another_person_approves_and_it_is_done(
    lan: User, minh: User, province: AdministrativeUnit
) -> None:
    made = proposed(lan, province)
    assert not done(province)
    proposals.approve(made, minh)
    assert done(province)
    made.refresh_from_db()
    assert (made.state, made.decided_by, made.result) == (State.APPROVED, minh, {"by": minh.pk})
    actions = factories.acts().order_by("pk").values_list("action", "account_id", "outcome")
    assert list(actions) == [
        ("proposal.propose", lan.pk, "done"),
        ("proposal.approve", minh.pk, "done"),
    ]


def test_nobody_approves_their_own(lan: User, province: AdministrativeUnit) -> None:
    made = proposed(lan, province)
    with pytest.raises(NotDecided):
        proposals.approve(made, lan)
    with pytest.raises(NotDecided):
        proposals.refuse(made, lan, "Không đồng ý đâu")
    assert not done(province)
    assert Entry.objects.filter(action="proposal.approve", outcome="refused").count() == 2


def test_nor_with_another_account_of_the_same_address(province: AdministrativeUnit) -> None:
    one = holder(province, Role.PROVINCIAL_OFFICER, email="lan@example.vn")
    same = holder(province, Role.PROVINCIAL_OFFICER, email=" LAN@example.vn", email_shared=True)
    made = proposed(one, province)
    with pytest.raises(NotDecided):
        proposals.approve(made, same)
    assert proposals.others_who_may(made) == []


def test_the_database_refuses_one_person_as_well(lan: User, province: AdministrativeUnit) -> None:
    made = proposed(lan, province)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=made.pk).update(
            state=State.APPROVED, decided_by=lan, decided_at=timezone.now()
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=made.pk).update(state=State.APPROVED, decided_at=timezone.now())


def test_what_is_proposed_or_decided_is_never_altered(
    lan: User, minh: User, province: AdministrativeUnit
) -> None:
    made = proposed(lan, province)
    rows = Proposal.objects.filter(pk=made.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(payload={"n": 2})
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(proposed_by=minh)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()
    proposals.refuse(made, minh, "Chưa đủ số liệu")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(state=State.OPEN, decided_by=None, decided_at=None, decision="")


def test_what_was_altered_past_the_trigger_is_not_carried_out(
    lan: User, minh: User, province: AdministrativeUnit
) -> None:
    made = proposed(lan, province)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE offices_proposal DISABLE TRIGGER proposal_is_decided_once")
        cursor.execute("UPDATE offices_proposal SET payload = '{\"n\": 2}'")
        cursor.execute("ALTER TABLE offices_proposal ENABLE TRIGGER proposal_is_decided_once")
    with pytest.raises(CannotCarryOut):
        proposals.approve(made, minh)
    assert not done(province)
    made.refresh_from_db()
    assert made.state == State.FAILED


def test_without_the_right_there_nobody_proposes_or_approves(
    lan: User, province: AdministrativeUnit
) -> None:
    elsewhere = holder(factories.province(), Role.PROVINCIAL_OFFICER)
    auditor = holder(province, Role.AUDITOR)
    superuser = factories.user(is_superuser=True)
    for user in (elsewhere, auditor, superuser):
        with pytest.raises(Missing):
            proposed(user, province)
    made = proposed(lan, province)
    for user in (elsewhere, auditor, superuser):
        with pytest.raises(Missing):
            proposals.approve(made, user)
    assert not done(province)


def test_the_right_counts_at_the_moment_of_approving(
    lan: User, minh: User, province: AdministrativeUnit
) -> None:
    made = proposed(lan, province)
    assert proposals.may_decide(minh, made)
    minh.memberships.all().delete()
    with pytest.raises(Missing):
        proposals.approve(made, minh)


def test_what_changed_meanwhile_is_named(
    lan: User, minh: User, province: AdministrativeUnit, world: World
) -> None:
    made = proposed(lan, province)
    world.fact = "hai"
    with pytest.raises(ChangedMeanwhile) as caught:
        proposals.approve(made, minh)
    assert [(one.was, one.now) for one in caught.value.changes] == [("một", "hai")]
    assert not done(province)
    made.refresh_from_db()
    assert made.state == State.OPEN


def test_what_cannot_be_done_now_stays_open_and_what_never_can_ends(
    lan: User, minh: User, province: AdministrativeUnit, world: World
) -> None:
    made = proposed(lan, province)
    for final, state in ((False, State.OPEN), (True, State.FAILED)):
        world.impossible = CannotCarryOut("không được", final=final)
        with pytest.raises(CannotCarryOut):
            proposals.approve(made, minh)
        made.refresh_from_db()
        assert made.state == state
    assert Entry.objects.filter(action="proposal.approve", outcome="failed").count() == 2


def test_it_is_decided_once(lan: User, minh: User, province: AdministrativeUnit) -> None:
    made = proposed(lan, province)
    proposals.refuse(made, minh, "Chưa đủ số liệu")
    with pytest.raises(NotDecided):
        proposals.approve(made, minh)
    with pytest.raises(NotDecided):
        proposals.withdraw(made, lan)
    with pytest.raises(NotDecided):
        proposals.refuse(made, minh, "Chưa đủ số liệu")
    assert not done(province)


def test_only_whoever_proposed_it_withdraws_it(
    lan: User, minh: User, province: AdministrativeUnit
) -> None:
    made = proposed(lan, province)
    with translation.override("en"), pytest.raises(NotDecided, match="Only whoever proposed"):
        proposals.withdraw(made, minh)
    assert Proposal.objects.get().state == State.OPEN
    proposals.withdraw(made, lan)
    made.refresh_from_db()
    assert made.state == State.WITHDRAWN


@pytest.mark.parametrize("reason", ["", "ngắn", " " * 40, "x" * 501])
def test_a_reason_is_a_sentence(lan: User, province: AdministrativeUnit, reason: str) -> None:
    with pytest.raises(NotProposed):
        proposals.propose("trial", province, {"n": 1}, lan, reason)


def test_the_same_waits_once(lan: User, minh: User, province: AdministrativeUnit) -> None:
    made = proposed(lan, province)
    with pytest.raises(NotProposed):
        proposed(minh, province)
    proposals.withdraw(made, lan)
    proposed(minh, province)


def test_a_file_is_sealed_and_goes_with_the_decision(
    lan: User, minh: User, province: AdministrativeUnit
) -> None:
    with pytest.raises(NotProposed):
        proposed(lan, province, b"x" * 11)
    made = proposed(lan, province, b"so lieu")
    kept = ProposalFile.objects.get()
    assert b"so lieu" not in bytes(kept.sealed)
    assert proposals.content_of(made) == b"so lieu"
    proposals.approve(made, minh)
    assert not ProposalFile.objects.exists()


def test_what_nobody_decided_in_time_is_over_also_before_a_night_says_so(
    lan: User, minh: User, province: AdministrativeUnit
) -> None:
    made = proposed(lan, province)
    late = timezone.now() + timedelta(days=31)
    with time_machine.travel(late), pytest.raises(NotDecided, match="30"):
        proposals.approve(made, minh)
    assert not done(province)


def test_after_a_month_it_has_to_be_asked_anew(
    lan: User, minh: User, province: AdministrativeUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = proposed(lan, province, b"tep")
    assert proposals.expire() == 0
    monkeypatch.setattr("offices.proposals.steps.OPEN_FOR", timedelta(0))
    assert proposals.expire() == 1
    assert not ProposalFile.objects.exists()
    with pytest.raises(NotDecided):
        proposals.approve(made, minh)


def command(made: Proposal, **given: str) -> str:
    said = StringIO()
    call_command("approve", str(made.pk), "--reason", given.get("reason", WHY), stdout=said)
    return said.getvalue()


def test_the_machine_approves_loudly_while_there_is_nobody_else(
    lan: User, province: AdministrativeUnit, caplog: pytest.LogCaptureFixture
) -> None:
    made = proposed(lan, province)
    with caplog.at_level(logging.WARNING):
        assert "is carried out" in command(made)
    assert done(province)
    assert "approved on the machine" in caplog.text
    made.refresh_from_db()
    assert made.decided_by is None
    assert made.decided_as
    entry = Entry.objects.get(action="proposal.approve")
    assert "manage.py approve" in entry.account
    assert entry.details["reason"] == WHY


def test_the_machine_refuses_once_there_is_a_second_person_and_names_them(
    lan: User, minh: User, province: AdministrativeUnit
) -> None:
    made = proposed(lan, province)
    with pytest.raises(CommandError, match="minh"):
        command(made)
    assert not done(province)
    minh.is_active = False
    minh.save()
    with pytest.raises(CommandError, match="reason"):
        command(made, reason="ngắn")
    command(made)
    assert done(province)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["approve", "withdraw", "refuse"])
def test_of_two_who_decide_at_once_exactly_one_does(world: World, other: str) -> None:
    place = factories.province("An Giang")
    lan = holder(place, Role.PROVINCIAL_OFFICER)
    one, two = (holder(place, Role.PROVINCIAL_OFFICER) for _ in range(2))
    made = proposed(lan, place)
    start = Barrier(2)
    acts = {
        "approve": lambda: proposals.approve(made, two),
        "withdraw": lambda: proposals.withdraw(made, lan),
        "refuse": lambda: proposals.refuse(made, two, "Chưa đủ số liệu"),
    }

    def first() -> bool:
        start.wait(10)
        try:
            proposals.approve(made, one)
        except NotDecided:
            return False
        return True

    def second() -> bool:
        start.wait(10)
        try:
            acts[other]()
        except NotDecided:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        results = [pool.submit(on_own_connection, act) for act in (first, second)]
        assert sorted(result.result(30) for result in results) == [False, True]
    made.refresh_from_db()
    assert made.state != State.OPEN
    decided = factories.acts().filter(outcome="done").exclude(action="proposal.propose")
    assert decided.count() == 1
    emptied("offices_proposal")


def test_whoever_serves_in_the_office_decides_nothing_about_it(world: World) -> None:
    office = factories.office()
    world.impossible = None
    lan = holder(office, Role.OFFICE_HEAD, name="lan")
    both = holder(office, Role.CLERK, name="both")
    Membership.objects.create(user=both, role=Role.UNIT_OFFICER, unit=office.unit)
    register(Kind("file", "tệp", Action.IMPORT_FILES, Action.APPROVE, carry_out=world.carry_out))
    try:
        made = proposals.propose("file", office, {"n": 1}, lan, WHY)
        assert proposals.others_who_may(made) == []
        assert not proposals.may_decide(both, made)
        with pytest.raises(Missing):
            proposals.approve(made, both)
        with pytest.raises(Missing):
            proposals.refuse(made, both, "Không đồng ý đâu")
        assert Entry.objects.filter(action="proposal.approve", outcome="refused").count() == 2
        above = holder(office.unit, Role.UNIT_OFFICER, name="above")
        assert proposals.others_who_may(made) == [above]
        proposals.approve(made, above)
    finally:
        del KINDS["file"]
