"""One dossier is one response, whatever day is claimed and whoever claims it."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from pytest_django import Settings

from offices.models import Office
from surveys.invitations import token, told
from surveys.invitations.destroying import destroy_keys, destroy_years
from surveys.invitations.issuing import Issued, NotInvited, NotInvitedReason, checked, issue
from surveys.invitations.keys import key_folder
from surveys.invitations.token import Invitation
from surveys.models import Channel, Evidence, InvitationCount, Response, Stage, Teller, ToldDossier
from tests import factories
from tests.overlapping import held
from tests.surveys.intake.dumped import dump
from tests.surveys.invitations.invited import DOSSIER, answer, entry, link, token_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAYS = [TODAY - timedelta(days=ago) for ago in range(31)]


@pytest.fixture(autouse=True)
def office(settings: Settings, tmp_path: Path) -> Office:
    settings.INVITATION_KEYS = tmp_path / "keys"
    factories.instrument({"A": 2, "B": 1}, slug="phieu")
    return factories.office()


def invitation(issued: Issued) -> Invitation:
    """What a link is."""
    found = token.read(token_of(issued))
    assert isinstance(found, Invitation)
    return found


def response(issued: Issued) -> UUID:
    """Whose response a link leads to."""
    return invitation(issued).response_id


def by_key(office: Office, day: date = TODAY, **given: Any) -> Issued:
    """The link that a system with a key asks for."""
    return link(office, finished_on=day, teller=Teller.KEY, **given)


def of_this_year(number: int, year: int = TODAY.year) -> str:
    """The code of a dossier that was received in a year."""
    return f"H15.50.05.13-{year % 100:02}0108-{number:04}"


@pytest.mark.parametrize("teller", [Teller.OFFICE, Teller.KEY])
def test_31_claimed_days_are_one_link_and_one_response(office: Office, teller: Teller) -> None:
    links = {link(office, finished_on=day, teller=teller).path for day in DAYS}
    assert len(links) == 1
    ((day,),) = ToldDossier.objects.values_list("finished_on")
    assert day == DAYS[0]
    assert InvitationCount.objects.get().issued == 1


def test_the_day_first_told_stands_even_if_it_is_too_long_ago(office: Office) -> None:
    early = TODAY - timedelta(days=31)
    link(office, finished_on=early, today=early)
    with pytest.raises(NotInvited) as refused:
        link(office)
    assert refused.value.reason is NotInvitedReason.TOO_OLD


def test_a_refused_list_leaves_nothing_behind(office: Office) -> None:
    early = TODAY - timedelta(days=31)
    link(office, of_this_year(2), finished_on=early, today=early)
    wishes = [
        checked(entry(office), dossier=of_this_year(n), finished_on=TODAY, stage=Stage.RECEIVED)
        for n in (1, 2)
    ]
    with pytest.raises(NotInvited) as refused:
        issue(wishes)
    assert refused.value.at == 1
    assert ToldDossier.objects.count() == 1


def test_only_what_a_system_with_a_key_told_of_proves_something(office: Office) -> None:
    unknown = link(office)
    assert (invitation(unknown).evidence, unknown.known) == (Evidence.OPEN, False)
    told_of = by_key(office)
    assert (invitation(told_of).evidence, told_of.known) == (Evidence.SLIP, True)
    shown = by_key(office, channel=Channel.PORTAL, evidence=Evidence.INVITED)
    assert invitation(shown).evidence == Evidence.INVITED
    listed = link(office, finished_on=DAYS[3])
    assert invitation(listed).evidence == Evidence.SLIP
    assert response(listed) == response(shown) == response(told_of)


def test_no_office_occupies_a_dossier_of_another_or_shifts_its_own(office: Office) -> None:
    stranger = factories.office()
    link(stranger, finished_on=DAYS[30])
    link(office, finished_on=DAYS[30])
    told_of = by_key(office)
    assert invitation(told_of).expires_on == token.expires_on(TODAY)
    # who lists a dossier that is known for another office gets a link that proves nothing
    assert invitation(link(stranger)).evidence == Evidence.OPEN
    assert not by_key(stranger).known
    assert len(ToldDossier.objects.all()) == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_lists_at_once_the_first_stands(office: Office) -> None:
    early, late = DAYS[7], DAYS[0]

    def claim(day: date) -> UUID:
        return response(link(office, finished_on=day))

    with held(lambda: claim(late), before="INSERT INTO surveys_tolddossier") as second:
        first = claim(early)
    assert second.result() == first
    assert ToldDossier.objects.get().finished_on == early


def test_lists_in_any_order_never_wait_for_each_other_in_a_circle(office: Office) -> None:
    given = [
        (bytes([n]) * 16, told.Told(office.pk, of_this_year(n), TODAY, None, Teller.OFFICE))
        for n in (3, 1, 2)
    ]
    told.add(given)
    lying = [row["seen"][-2:] for row in dump("surveys_tolddossier")]
    assert lying == ["01", "02", "03"]


def test_the_ledger_knows_neither_codes_nor_anything_of_a_link(office: Office) -> None:
    issued = by_key(office)
    answer(office, issued, [{"A1": "5", "A2": "4"}, {"B1": "3"}, {"respondent": "1"}])
    (row,) = dump("surveys_tolddossier")
    text = str(row)
    stored = Response.objects.get()
    day_key = key_folder().key(TODAY)
    assert day_key is not None
    hashed = token.dossier_hash(day_key, office.pk, DOSSIER).hex()
    assert hashed in bytes(token._decoded(token_of(issued)) or b"").hex()
    for secret in (DOSSIER, stored.id.hex, hashed, token_of(issued)):
        assert secret not in text
    year_key = key_folder().key(2026)
    assert year_key is not None
    # whoever has the year's key and the code finds the row, and from there no response
    assert token._response_id(year_key, office.pk, bytes.fromhex(hashed)) != stored.id


def test_a_year_ends_with_its_rows_after_two_years(office: Office) -> None:
    this = TODAY.year
    by_key(office, dossier=of_this_year(1))
    by_key(office, dossier=of_this_year(1, this - 2))
    assert key_folder().years() == [this - 2, this]
    assert destroy_years() == []
    first = date(this + 1, 1, 1)
    assert destroy_keys(first - timedelta(days=1)) == []
    file = (key_folder().of(this - 2) / "key").open("rb")
    before = (key_folder().of(this - 2) / "key").read_bytes()
    assert destroy_years(first) == [this - 2]
    with file:
        assert file.read() != before
    assert key_folder().years() == [this]
    assert set(ToldDossier.objects.values_list("year", flat=True)) == {this}
    assert destroy_years(first) == []


def test_rows_of_a_year_whose_key_was_lost_go_too(office: Office) -> None:
    by_key(office)
    (key_folder().of(2026) / "key").unlink()
    key_folder().of(2026).rmdir()
    destroy_years(date(2029, 1, 1))
    assert not ToldDossier.objects.exists()


@pytest.mark.parametrize(
    ("year", "reason"),
    [
        (TODAY.year + 1, NotInvitedReason.DOSSIER),
        (TODAY.year - 3, NotInvitedReason.OLD_CODE),
    ],
)
def test_codes_of_years_without_a_key_are_refused(
    office: Office, year: int, reason: NotInvitedReason
) -> None:
    with pytest.raises(NotInvited) as refused:
        by_key(office, dossier=of_this_year(1, year))
    assert refused.value.reason is reason
    assert key_folder().years() == []
