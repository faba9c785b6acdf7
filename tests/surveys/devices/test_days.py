"""On which day a tablet's answer counts: between the session it had and the next one we gave it."""

from datetime import date, timedelta

import pytest

from offices.models import Office
from surveys.devices import tablets
from surveys.devices.delivery.deliver import Bearer, deliver, import_file
from surveys.devices.delivery.sealing import seal
from surveys.devices.delivery.sessions import open_session
from surveys.intake.submit import Outcome
from surveys.models import Delivery, Evidence, Response, Tablet
from tests import factories
from tests.surveys.devices.test_delivery import exported, record

pytestmark = pytest.mark.django_db
NOW = factories.at(date(2026, 11, 25))
TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture
def office() -> Office:
    factories.instrument({"O": 1, "A": 1}, slug="counter")
    return factories.office()


@pytest.fixture
def paired(office: Office) -> tablets.Paired:
    found = tablets.pair(factories.code(office))
    assert found is not None
    Tablet.objects.update(paired_on=TODAY - 300 * DAY)
    return found


def counted(paired: tablets.Paired, ago: int, session: str, *, by_file: bool = False) -> int:
    """How many days ago a record counts that claims `ago` days."""
    office = paired.tablet.office
    at = round((NOW - ago * DAY).timestamp() * 1000)
    own = {"v": 3, "channel": "tablet", "tablet": paired.secret, "session": session, "at": at}
    if by_file:
        assert import_file(exported(seal(record(office, **own))), office.pk, NOW).taken == 1
    else:
        bearer = Bearer(round(NOW.timestamp() * 1000))
        assert deliver(seal(record(office, **own)), bearer, NOW).outcome is Outcome.STORED
    day = Response.objects.values_list("day", flat=True).get()
    Response.objects.all().delete()
    return (TODAY - day).days


def heard(paired: tablets.Paired, *ago: int) -> dict[int, str]:
    """The sessions that the tablet got, by how many days ago."""
    return {n: open_session(paired.tablet, TODAY - n * DAY) for n in ago}


@pytest.mark.parametrize("by_file", [False, True])
def test_an_island_tablet_that_was_away_a_week_keeps_its_days(
    paired: tablets.Paired, by_file: bool
) -> None:
    sessions = heard(paired, 9, 8, 0)
    for ago in (8, 5, 1):
        assert counted(paired, ago, sessions[8], by_file=by_file) == ago


def test_it_is_told_whether_a_record_came_late_and_whether_in_a_file(
    paired: tablets.Paired,
) -> None:
    session, office = heard(paired, 8)[8], paired.tablet.office
    own = {"v": 3, "channel": "tablet", "tablet": paired.secret, "session": session}
    sent = round(NOW.timestamp() * 1000)
    told = [
        deliver(seal(record(office, **own, at=sent - ago * 24 * 3_600_000)), bearer, NOW).arrival
        for ago, bearer in ((0, Bearer(sent)), (2, Bearer(sent)), (2, Bearer(None, office.pk)))
    ]
    assert told == [Delivery.AT_ONCE, Delivery.LATE, Delivery.BY_FILE]
    stored = Response.objects.values_list("evidence", "delivery").order_by("delivery")
    assert list(stored) == [(Evidence.TABLET, one) for one in told]


def test_nothing_is_older_than_its_session(paired: tablets.Paired) -> None:
    sessions = heard(paired, 9, 8, 0)
    assert counted(paired, 9, sessions[8]) == 0
    assert counted(paired, 8, sessions[0]) == 0


def test_an_old_session_is_believed_until_the_day_before_a_newer_one(
    paired: tablets.Paired,
) -> None:
    """Sessions that were collected tell of no day on which the tablet had another."""
    sessions = heard(paired, 9, 6, 5, 0)
    assert counted(paired, 7, sessions[9]) == 7
    assert counted(paired, 6, sessions[9]) == 0
    assert counted(paired, 5, sessions[6]) == 0
    assert counted(paired, 1, sessions[9]) == 0


def test_a_month_is_the_longest(paired: tablets.Paired) -> None:
    sessions = heard(paired, 40, 0)
    assert counted(paired, 30, sessions[40]) == 30
    assert counted(paired, 31, sessions[40]) == 0


def test_an_app_without_sessions_is_believed_since_it_was_heard_last(
    paired: tablets.Paired,
) -> None:
    heard(paired, 9, 4, 0)
    assert counted(paired, 4, "") == 4
    assert counted(paired, 5, "") == 0
    assert counted(paired, 3, "1.1.261122.AAAAAAAAAAAAAAAAAAAAAA") == 3


def test_a_file_of_a_revoked_tablet_wants_sessions(paired: tablets.Paired) -> None:
    """Whatever day is believed else: an app without them proves nothing once it is revoked."""
    session, office = heard(paired, 9)[9], paired.tablet.office
    Tablet.objects.update(revoked_on=TODAY - 3 * DAY)
    at = round((NOW - 5 * DAY).timestamp() * 1000)
    own = {"v": 3, "channel": "tablet", "tablet": paired.secret, "at": at}
    file = exported(seal(record(office, **own)))
    assert import_file(file, office.pk, NOW).counts == {"revoked": 1}
    file = exported(seal(record(office, **own, session=session)))
    assert import_file(file, office.pk, NOW).counts == {"stored": 1}


def test_the_session_of_another_tablet_proves_nothing(paired: tablets.Paired) -> None:
    other = factories.tablet(paired.tablet.office, "Quầy 5")
    heard(paired, 4, 0)
    assert counted(paired, 9, open_session(other, TODAY - 9 * DAY)) == 0
