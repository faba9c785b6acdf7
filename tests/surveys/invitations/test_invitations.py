"""Invitations: one link a dossier, one response a link, and nobody can join the two afterwards."""

import io
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from offices.models import Office
from surveys.invitations import ledger, token
from surveys.invitations.destroying import destroy_keys
from surveys.invitations.issuing import NotInvited, NotInvitedReason
from surveys.invitations.keys import key_folder
from surveys.invitations.token import Expired, Forged, Invitation
from surveys.models import (
    Channel,
    DestroyedKey,
    InvitationCount,
    Mark,
    Response,
    Stage,
    State,
)
from tests import factories
from tests.surveys.invitations.invited import DOSSIER, answer, entry, far, link, token_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
ALL = [{"A1": "5", "A2": "4"}, {"B1": "3"}, {"respondent": "1"}]


@pytest.fixture(autouse=True)
def _own_keys(settings: Settings, tmp_path: Path) -> None:
    settings.INVITATION_KEYS = tmp_path / "keys"


@pytest.fixture
def office() -> Office:
    factories.instrument({"A": 2, "B": 1}, slug="phieu")
    return factories.office()


def test_a_link_is_short_enough_for_a_text_message(office: Office) -> None:
    assert len(link(office).path) <= 60


def test_one_dossier_has_one_link_however_often_and_however_it_is_written(office: Office) -> None:
    first = link(office)
    assert link(office) == first
    assert link(office, "h15.50.05.13 - 261009 - 4711") == first
    assert link(office, "H15.50.05.13-261009-4712") != first
    assert link(factories.office()) != first


def test_asking_again_tomorrow_gives_the_same_link(office: Office) -> None:
    yesterday = TODAY - timedelta(days=1)
    early = link(office, finished_on=yesterday, today=yesterday)
    assert link(office, finished_on=yesterday) == early


def test_the_whole_form_by_a_link_is_one_finished_response(office: Office) -> None:
    procedure = factories.procedure()
    html = answer(office, link(office, procedure=f"{procedure.code}.H13"), ALL)
    assert 'id="thanks"' in html
    stored = Response.objects.get()
    assert (stored.channel, stored.state) == (Channel.INVITATION, State.FINISHED)
    assert (stored.procedure_id, stored.stage) == (procedure.pk, Stage.RECEIVED)
    assert bytes(stored.answers) == bytes([5, 4, 3])


def test_what_the_link_says_is_not_asked_and_cannot_be_changed(office: Office) -> None:
    procedure = factories.procedure()
    issued = link(office, procedure=procedure.code, stage=Stage.REFUSED)
    html = answer(office, issued, ALL[:2])
    assert 'name="stage" value="1"' not in html
    assert "<select" not in html
    answer(office, issued, [*ALL[:2], {"stage": "3", "procedure": ""}])
    stored = Response.objects.get()
    assert (stored.procedure_id, stored.stage) == (procedure.pk, Stage.REFUSED)


def test_using_a_link_twice_is_one_response_and_says_nothing(office: Office) -> None:
    issued = link(office)
    wrote = {"remark": "Ghế chờ ít."}
    first = answer(office, issued, [*ALL[:2], ALL[2] | wrote])
    before = Response.objects.values().get()
    again = answer(office, issued, [{"A1": "1", "A2": "1"}, {"B1": "1"}, wrote])
    assert Response.objects.values().get() == before
    assert Mark.objects.count() == 1
    # who opens somebody else's link must not learn whether and what was answered
    code = re.compile(r'<code class="receipt">[^<]+')
    assert code.search(first)
    assert code.search(again)
    assert code.search(first) != code.search(again)


def test_an_old_page_sent_again_does_not_show_what_was_answered(office: Office) -> None:
    issued = link(office)
    answer(office, issued, ALL[:2])
    html = Client().get(issued.path).content.decode()
    assert " checked" not in html
    stale = answer(office, issued, [{"step": "0"}])
    assert " checked" not in stale


def test_another_procedure_for_the_same_dossier_is_the_same_response(office: Office) -> None:
    procedure = factories.procedure()
    answer(office, link(office), ALL)
    answer(office, link(office, procedure=procedure.code), ALL)
    assert Response.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_with_one_link_at_once_are_one_response(office: Office) -> None:
    issued = link(office)

    def use(_: int) -> None:
        try:
            answer(office, issued, ALL)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(use, range(6)))
    assert Response.objects.count() == 1


def test_opening_costs_no_statement_and_a_page_one(office: Office, settings: Settings) -> None:
    issued = link(office)
    answer(office, issued, ALL[:1])
    settings.DIRECTORY_CHECK_SECONDS = 60
    with CaptureQueriesContext(connection) as opened:
        assert Client().get(issued.path).status_code == 200
    assert len(opened) == 0
    other = link(office, "H15.50.05.13-261008-0001")
    with CaptureQueriesContext(connection) as sent:
        answer(office, other, ALL[:1])
    assert len([q for q in sent if "SAVEPOINT" not in q["sql"]]) == 1


def test_a_tap_is_saved_under_the_invitation(office: Office) -> None:
    issued = link(office)
    fields = {"form": "phieu.1", "page": 0, "step": 0, "save": "1", "A1": 5}
    said = Client().post(f"/ks/{office.slug}/", {**fields, "invitation": token_of(issued)})
    assert said.status_code == 204
    assert Response.objects.get().channel == Channel.INVITATION


def test_the_page_gives_away_neither_the_id_nor_its_address(office: Office) -> None:
    issued = link(office)
    said = Client().get(issued.path)
    found = token.read(token_of(issued))
    assert isinstance(found, Invitation)
    assert str(found.response_id) not in said.content.decode()
    assert said["Referrer-Policy"] == "no-referrer"
    assert "private" in said["Cache-Control"]
    assert f'action="/ks/{office.slug}/"' in said.content.decode()
    assert Client().post(issued.path).status_code == 405


def test_an_expired_link_says_so_kindly_and_leads_on(office: Office) -> None:
    issued = link(office)
    name = token_of(issued)
    last = issued.expires_on
    assert isinstance(token.read(name, last), Invitation)
    assert isinstance(token.read(name, far(last, 1)), Expired)
    # who began in time may finish
    assert isinstance(token.read(name, far(last, 1), begun=True), Invitation)
    destroy_keys(far(last, 3))
    said = Client().get(issued.path)
    html = said.content.decode()
    assert said.status_code == 410
    assert "Lời mời này đã hết hạn" in html
    assert f"/ks/{office.slug}/" in html


def test_what_was_typed_when_the_link_ended_is_given_back(office: Office) -> None:
    issued = link(office)
    destroy_keys(far(issued.expires_on, 3))
    sent = {"form": "phieu.1", "page": 2, "A1": 5, "remark": "Chờ lâu quá."}
    said = Client().post(f"/ks/{office.slug}/", {**sent, "invitation": token_of(issued)})
    assert said.status_code == 410
    assert "Chờ lâu quá." in said.content.decode()


@pytest.mark.parametrize("at", range(0, 40, 3))
def test_a_link_with_one_letter_changed_opens_nothing(office: Office, at: int) -> None:
    name = token_of(link(office))
    other = "A" if name[at] != "A" else "B"
    changed = name[:at] + other + name[at + 1 :]
    assert not isinstance(token.read(changed), Invitation)
    assert Client().get(f"/m/{changed}/").status_code in (404, 410)
    assert not Response.objects.exists()


@pytest.mark.parametrize("name", ["", "x", "A" * 40, "é" * 40, "A" * 4000, "=" * 40])
def test_what_is_no_token_is_no_error(office: Office, name: str) -> None:
    assert isinstance(token.read(name), Forged | Expired)
    sent = {"form": "phieu.1", "page": 0, "A1": 5, "invitation": name}
    said = Client().post(f"/ks/{office.slug}/", sent)
    assert said.status_code in (200, 404, 410)


def test_a_link_of_one_office_is_none_at_another(office: Office) -> None:
    name = token_of(link(factories.office()))
    sent = {"form": "phieu.1", "page": 0, "A1": 5, "invitation": name}
    assert Client().post(f"/ks/{office.slug}/", sent).status_code == 404
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"dossier": "123"}, NotInvitedReason.DOSSIER),
        ({"procedure": "land"}, NotInvitedReason.PROCEDURE),
        ({"finished_on": TODAY + timedelta(days=1)}, NotInvitedReason.TO_COME),
        ({"finished_on": TODAY - timedelta(days=31)}, NotInvitedReason.TOO_OLD),
        ({"stage": Stage.WAITING}, NotInvitedReason.STAGE),
    ],
)
def test_what_cannot_be_invited_is_told_and_not_counted(
    office: Office, given: dict[str, object], reason: NotInvitedReason
) -> None:
    with pytest.raises(NotInvited) as refused:
        link(office, **{"dossier": DOSSIER, **given})  # type: ignore[arg-type]
    assert refused.value.reason is reason
    assert DOSSIER not in str(refused.value)
    assert not InvitationCount.objects.exists()


def test_a_dossier_is_counted_once_by_day_and_field(office: Office) -> None:
    procedure = factories.procedure()
    for number in (1, 2, 2, 1, 3):
        link(office, f"H15.50.05.13-261008-{number:04}", procedure=procedure.code)
    link(office)
    counts = InvitationCount.objects.values_list("day", "field", "issued").order_by("issued")
    assert list(counts) == [(TODAY, None, 1), (TODAY, procedure.field_id, 3)]


def test_a_count_that_a_crash_cut_off_is_right_with_the_next_asking(office: Office) -> None:
    link(office)
    InvitationCount.objects.all().delete()
    link(office)
    assert InvitationCount.objects.get().issued == 1


def test_a_ledger_that_a_crash_cut_short_is_mended(office: Office) -> None:
    link(office)
    folder = key_folder().of_day(TODAY)
    (file,) = [path for path in folder.iterdir() if path.name != "key"]
    file.write_bytes(file.read_bytes() + b"\x01\x02\x03")
    link(office, "H15.50.05.13-261008-0002")
    assert InvitationCount.objects.get().issued == 2


def test_many_that_make_the_day_s_key_at_once_agree(office: Office) -> None:
    folder = key_folder()
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: folder.ensured(TODAY), range(64)))
    assert len(keys) == 1
    assert folder.of_day(TODAY).stat().st_mode & 0o077 == 0


def test_many_ledger_entries_at_once_count_each_dossier_once(office: Office) -> None:
    folder = key_folder()
    folder.ensured(TODAY)
    hashes = [sha256(bytes([n])).digest()[:8] for n in range(20)]

    def note(number: int) -> None:
        ledger.note(folder.of_day(TODAY), 7, [(hashes[number % 20], None)])

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(note, range(200)))
    counted = ledger.note(folder.of_day(TODAY), 7, [(hashes[0], None)])
    assert sum(counted.values()) == 20


def test_a_key_ends_when_its_links_have_ended_and_it_is_reported(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    issued = link(office)
    assert destroy_keys(far(issued.expires_on, 1)) == []
    with caplog.at_level(logging.INFO):
        assert destroy_keys(far(issued.expires_on, 2)) == [TODAY]
    assert TODAY.isoformat() in caplog.text
    assert DestroyedKey.objects.get().day == TODAY
    assert not key_folder().of_day(TODAY).exists()
    assert destroy_keys(far(issued.expires_on, 2)) == []


def test_keys_and_ledgers_are_overwritten_before_they_are_deleted(office: Office) -> None:
    """Anyone who held a file open, or reads the disk, finds nothing of it afterwards."""
    issued = link(office)
    files = sorted(key_folder().of_day(TODAY).iterdir())
    assert [path.name for path in files] == [f"issued-{office.pk}", "key"]
    written = [path.read_bytes() for path in files]
    with ExitStack() as stack:
        kept = [stack.enter_context(path.open("rb")) for path in files]
        destroy_keys(far(issued.expires_on, 2))
        left = [file.read() for file in kept]
    assert not any(path.exists() for path in files)
    for before, after in zip(written, left, strict=True):
        assert len(after) == len(before) >= 12
        for at in range(0, len(before), 4):  # by chance alike: once in 2**32 times
            assert after[at : at + 4] != before[at : at + 4]


def test_a_destroyed_key_is_never_made_again(office: Office) -> None:
    issued = link(office)
    destroy_keys(far(issued.expires_on, 2))
    with pytest.raises(NotInvited) as refused:
        link(office)
    assert refused.value.reason is NotInvitedReason.TOO_OLD


def everything() -> str:
    """All rows of all tables as text, as a dump has them."""
    return "\n".join(
        str([bytes(v).hex() if isinstance(v, memoryview | bytes) else str(v) for v in row])
        for model in apps.get_models()
        for row in model._base_manager.values_list()
    )


def test_no_table_and_no_log_says_which_invitation_was_used(
    office: Office, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    with caplog.at_level(logging.DEBUG):
        issued = link(office)
        answer(office, issued, ALL)
        Client().get("/m/" + "A" * 40 + "/")
    name = token_of(issued)
    dump = everything()
    written = b"".join(p.read_bytes() for p in key_folder().of_day(TODAY).iterdir())
    for secret in (name, DOSSIER, DOSSIER.replace("-", "")):
        assert secret not in dump
        assert secret not in caplog.text
        assert secret.encode() not in written
    stored = Response.objects.get()
    assert stored.id.bytes not in written
    # the ledger is the same whether the link was used or not
    before = written
    link(office)
    assert before == b"".join(p.read_bytes() for p in key_folder().of_day(TODAY).iterdir())


def test_with_the_keys_destroyed_a_dump_and_all_dossier_codes_join_nobody(
    office: Office, settings: Settings
) -> None:
    dossiers = [f"H15.50.05.13-261008-{n:04}" for n in range(5)]
    links = [link(office, dossier) for dossier in dossiers]
    answer(office, links[2], ALL)
    answered = Response.objects.get().id
    where = entry(office).id

    def attempt(key: bytes) -> set[UUID]:
        return {
            token._response_id(key, where, token.dossier_hash(key, where, dossier))
            for dossier in dossiers
        }

    key = key_folder().key(TODAY)
    assert key is not None
    # while the key lives, its holder could: this is why it is destroyed
    assert answered in attempt(key)
    destroy_keys(far(links[0].expires_on, 2))
    left = [settings.SECRET_KEY.encode(), sha256(settings.SECRET_KEY.encode()).digest(), b""]
    left += [bytes(32), b"".join(token_of(one).encode() for one in links)]
    assert not any(answered in attempt(secret) for secret in left)
    assert not any(isinstance(token.read(token_of(one)), Invitation) for one in links)
    dump = everything()
    assert str(answered) in dump
    assert not any(token_of(one) in dump for one in links)


def test_the_command_destroys_and_says_so(office: Office) -> None:
    old = date.fromordinal(TODAY.toordinal() - 40)
    key_folder().ensured(old)
    out = io.StringIO()
    call_command("destroy_keys", stdout=out)
    assert out.getvalue() == f"The key of {old:%d/%m/%Y} is destroyed.\nKeys destroyed: 1.\n"
    assert not key_folder().of_day(old).exists()
