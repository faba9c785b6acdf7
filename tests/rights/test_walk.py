"""Every address, form and file as every role, GET and POST, inside and outside: as the table says.

The table is `offices.rights` with `officials.routes`. An address that is missing there fails.
"""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from offices import directory
from offices.rights import Action, Scope
from officials.routes import ROUTES, door_of
from surveys.questionnaires import catalogue
from tests import factories
from tests.rights.naming import REPORTS
from tests.rights.readers import readers
from tests.rights.walking import (
    A_FEW,
    SLOW,
    Cell,
    allowed,
    for_everybody,
    offers,
    sent_to,
    targets,
    texts_of_remarks,
    walk,
)
from tests.rights.world import PHONE, common, failed_step, province
from tests.walk.places import routes
from tests.walk.visiting import around_a_test

pytestmark = pytest.mark.db
NO_REPORT = "Chưa có báo cáo của kỳ này"


class Walked:
    """Everything that was asked."""

    def __init__(self) -> None:
        factories.instrument({"A": 2, "B": 1}, slug="counter")
        self.common = common()
        self.here, self.elsewhere = (province(self.common.draft) for _ in range(2))
        self.remarks = (self.here.waits, self.here.answered)
        self.readers = list(readers(self.here, self.elsewhere, self.common))
        failed = failed_step()
        with override_settings(DIRECTORY_CHECK_SECONDS=0):
            directory.current()
            catalogue.current()
        self.cells: list[Cell] = []
        here = list(targets(self.here, self.common))
        there = targets(self.elsewhere, self.common)
        # a country lies in both
        self.everything = {one.address: (one, one.scope == Scope.COUNTRY) for one in there}
        self.everything |= {one.address: (one, True) for one in here}
        proposed = set()
        for target in here:
            if target.named.door is not None:
                asked = (target.scope, target.door.read)
                if asked in proposed:
                    continue  # another kind of proposal asks for the same
                proposed.add(asked)
            sent = sent_to(target, self.here, failed.pk)
            for reader in self.readers:
                if target.scope is None and reader.is_elsewhere:
                    continue  # where no place is named, the same role here stands for it
                if for_everybody(target) and reader.name not in A_FEW:
                    continue
                if SLOW.search(target.route) and reader.name not in ("nobody", "superuser"):
                    continue
                self.cells += walk(reader, target, sent)

    def pages(self) -> Iterator[Cell]:
        """The officials' pages that were shown."""
        for cell in self.cells:
            shown = (
                cell.status == 200
                and cell.method == "GET"
                and cell.body.lstrip().startswith("<!doctype html>")
            )
            if shown and cell.target.route.startswith("bao-cao/"):
                yield cell


@pytest.fixture(scope="module")
def walked(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Walked]:
    """The walk, made once; nothing of it stays."""
    settings = override_settings(DIRECTORY_CHECK_SECONDS=3600)  # nothing changes while it walks
    with django_db_blocker.unblock(), around_a_test(), settings:
        yield Walked()
        transaction.set_rollback(True)


@pytest.mark.django_db  # the database is made for whoever is marked so; `walked` uses it by itself
def test_every_address_stands_in_the_table_and_no_other() -> None:
    known = set(routes())
    assert {route for route in known if door_of(route) is None} == set()
    assert set(ROUTES) - known == set()


def test_every_action_of_the_table_opens_something() -> None:
    needed = set()
    for door in ROUTES.values():
        for need in (door.read, door.send, *door.steps.values()):
            needed |= set(need) if isinstance(need, tuple) else set()
    assert set(Action) - needed == set()


def test_everybody_gets_what_the_table_says(
    walked: Walked, pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = [str(cell) for cell in walked.cells if cell.answered != cell.expected]
    assert not wrong, "\n".join(wrong)
    counted = Counter(cell.expected for cell in walked.cells)
    told = ", ".join(f"{name}: {number}" for name, number in counted.most_common())
    reporter = pytestconfig.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        with capsys.disabled():  # else it is read only where the test fails
            said = f" {len(walked.cells)} cells, {len(walked.readers)} readers; {told}"
            reporter.write_line(said)
    assert len(walked.cells) > 8_000
    assert set(counted) == {
        *("done", "refused", "nothing", "signs in", "no method", "public"),
        *("key", "staff", "account"),
    }


def test_no_page_offers_what_the_table_does_not_open(walked: Walked) -> None:
    wrong, seen = set(), 0
    for cell in walked.pages():
        for offer in offers(cell):
            seen += 1
            if not allowed(offer, cell.reader, walked.everything, walked.readers):
                wrong.add((cell.reader.name, cell.target.address, offer.address, offer.step))
    assert not wrong, "\n".join(map(str, sorted(wrong)))
    assert seen > 2000


def test_whoever_may_is_offered_it(walked: Walked) -> None:
    """What stands on the page of a place is all that the role gives there, as far as it goes on."""
    office = f"/bao-cao/co-quan/{walked.here.office.slug}/"
    waits, answered = (f"{office}gop-y/{one.key}/" for one in walked.remarks)
    wanted: dict[str, dict[tuple[str, str], Action]] = {
        waits: {
            (waits, "assign"): Action.ASSIGN,
            (waits, "answer"): Action.ANSWER,
            (waits, "close"): Action.ANSWER,
            (waits, "contact"): Action.LOOK_AT_CONTACTS,
        },
        answered: {
            (answered, "answer"): Action.ANSWER,
            (answered, "publish"): Action.PUBLISH_REPLIES,
            (answered, "close"): Action.ANSWER,
            (answered, "contact"): Action.LOOK_AT_CONTACTS,
        },
        f"{office}may-tinh-bang/": {
            (f"{office}may-tinh-bang/", "ask"): Action.PAIR_TABLETS,
            (f"{office}may-tinh-bang/", "revoke"): Action.PAIR_TABLETS,
            (f"{office}may-tinh-bang/nhap/", ""): Action.IMPORT_FILES,
        },
        f"{office}loi-moi/": {(f"{office}loi-moi/", "preview"): Action.SEND_INVITATIONS},
        f"{office}loai-tru/": {
            (f"{office}loai-tru/{walked.here.exclusion.pk}/bo/", ""): Action.EXCLUDE
        },
    }
    pages = [cell for cell in walked.pages() if cell.target.address in wanted]
    for cell in pages:
        offered = {(one.address, one.step) for one in offers(cell) if one.sends}
        for what, action in wanted[cell.target.address].items():
            may = cell.reader.may(action, Scope.OFFICE)
            assert (what in offered) == may, (cell.reader.name, what)
    assert len(pages) > 30
    links = {
        f"{office}gop-y/": Action.SEE_REMARKS,
        f"{office}may-tinh-bang/": Action.SEE_CHANNELS,
        f"{office}loi-moi/": Action.SEE_CHANNELS,
        f"{office}loai-tru/": Action.EXCLUDE,
        f"{office}phieu-cho/": Action.EXCLUDE,
        f"{office}muc-chung-cu/": Action.MANAGE_POLICIES,
        f"{office}bao-cao/": Action.EXPORT,
        f"{office}ke-hoach/": Action.SEE_FIGURES,
    }
    for cell in walked.pages():
        if cell.target.address == office:
            offered_here = {one.address for one in offers(cell)}
            for address, action in links.items():
                may = cell.reader.may(action, Scope.OFFICE)
                assert (address in offered_here) == may, (cell.reader.name, address)


def test_remarks_and_contacts_stand_before_nobody_else(walked: Walked) -> None:
    """Neither on a page nor in an error, the admin included."""
    readers_of_remarks, lookers = set(), set()
    for cell in walked.cells:
        if texts_of_remarks(cell.body):
            assert cell.reader.may(Action.SEE_REMARKS, Scope.OFFICE), str(cell)
            readers_of_remarks.add(cell.reader.name)
        if PHONE in cell.body:
            assert cell.reader.may(Action.LOOK_AT_CONTACTS, Scope.OFFICE), str(cell)
            assert cell.step == "contact"
            lookers.add(cell.reader.name)
    assert readers_of_remarks == {
        one.name for one in walked.readers if one.may(Action.SEE_REMARKS, Scope.OFFICE)
    }
    assert lookers == {
        one.name for one in walked.readers if one.may(Action.LOOK_AT_CONTACTS, Scope.OFFICE)
    }


def test_officials_are_refused_in_their_own_frame(walked: Walked) -> None:
    """In Vietnamese, with what is missing and where to go on; strangers sign in first."""
    for cell in walked.cells:
        officials = cell.target.route.startswith("bao-cao/")
        if officials and cell.status in (403, 404) and not cell.target.route.endswith(".csv"):
            assert 'class="official"' in cell.body, str(cell)
            assert cell.reader.user is not None
            assert cell.reader.user.get_username() in cell.body
            if cell.method == "POST" and cell.target.named.role is not None and cell.status == 403:
                continue  # the page of the account says why, beside what was asked for
            if cell.status == 404 and NO_REPORT in cell.body:
                assert cell.target.route.endswith(REPORTS), str(cell)
                continue  # for whoever may take it away, in words of its own
            heading = "Ông/Bà chưa có quyền này" if cell.status == 403 else "Không có trang này"
            assert heading in cell.body, str(cell)


def test_refusals_name_people_of_ones_own_units_only(walked: Walked) -> None:
    beside = {
        one.user.get_username()
        for one in walked.readers
        if one.user is not None and one.held and not one.held[0][2]
    }
    assert beside
    for cell in walked.cells:
        if cell.status in (403, 404) and cell.reader.held and cell.reader.held[0][2]:
            shown = {name for name in beside if f"<strong>{name}</strong>" in cell.body}
            assert shown == set(), str(cell)
