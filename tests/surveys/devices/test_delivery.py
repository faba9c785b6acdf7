"""Answers that waited on a device: each counts once, on its day, whoever brings it."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from offices.models import Office
from reports.models import Night
from surveys.devices import tablets
from surveys.devices.delivery.deliver import Bearer, deliver, import_file
from surveys.devices.delivery.sealing import Unreadable, seal
from surveys.devices.delivery.sessions import open_session
from surveys.flags.rules import Flag
from surveys.intake import limits, starts
from surveys.intake.submit import Outcome
from surveys.models import Channel, Instrument, Mark, Remark, Response, State, Tablet
from tests import factories

pytestmark = pytest.mark.django_db
DAY = 24 * 3600 * 1000
THEN = factories.at(date(2026, 11, 3))


@pytest.fixture
def office() -> Office:
    factories.instrument({"O": 1, "A": 1}, slug="counter")
    return factories.office()


@pytest.fixture
def paired(office: Office) -> tablets.Paired:
    desk = office.counters.create(number=3, name="Hộ tịch")
    found = tablets.pair(factories.code(office, "Quầy 3", desk))
    assert found is not None
    Tablet.objects.update(paired_on=timezone.localdate() - timedelta(days=60))
    return found


def now() -> int:
    return round(timezone.now().timestamp() * 1000)


def record(where: Office, **given: object) -> dict[str, Any]:
    """A finished form of a phone, as a device writes it."""
    return {
        "v": 2,
        "office": where.slug,
        "form": "counter.1",
        "id": str(uuid4()),
        "step": 3,
        "finished": True,
        "channel": "phone",
        "answers": {"O1": 5, "A1": 2},
        "language": "vi",
        "at": now(),
        "took": 40,
        "stage": 1,
        "respondent": 1,
        "procedure": "",
        "remark": "",
        "counter": None,
        **given,
    }


def begun(where: Office, days_ago: int, **given: object) -> dict[str, Any]:
    """The same on a ticket that the phone fetched some days ago."""
    key = uuid4()
    start = starts.make(where.pk, key, timezone.now() - timedelta(days=days_ago))
    return record(where, v=3, id=str(key), start=start, **given)


def send(*records: object, at: int | None = None) -> list[str]:
    """The word on each record."""
    said = Client().post(
        reverse("surveys:delivery"),
        {"at": now() if at is None else at, "records": list(records)},
        content_type="application/json",
    )
    assert said.status_code == 200, said.content
    return [one.get("reason", one["outcome"]) for one in said.json()["results"]]


def exported(*records: object) -> bytes:
    return json.dumps({"hailong": "outbox", "v": 1, "at": now(), "records": records}).encode()


def test_what_waited_counts_on_its_day_and_reopens_it(office: Office) -> None:
    then = now() - 3 * DAY
    assert send(seal(begun(office, 4, at=then))) == ["stored"]
    stored = Response.objects.get()
    day = timezone.localdate() - timedelta(days=3)
    assert (stored.day, stored.state, stored.channel) == (day, State.FINISHED, Channel.PHONE)
    assert bytes(stored.answers) == bytes([5, 2])
    assert Mark.objects.get().day == day
    assert stored.received_on == timezone.localdate()


@pytest.fixture
def closed(settings: Settings) -> date:
    """The last day of October, which is closed; THEN is three days later."""
    settings.CLOSING_WORKING_DAYS = 0
    last = THEN.date() - timedelta(days=3)
    Night.objects.create(day=last, began_at=timezone.now(), closed_at=timezone.now())
    return last


def test_a_phone_s_day_is_believed_for_a_week(office: Office) -> None:
    today = timezone.localdate()
    sent = [seal(begun(office, 60, at=now() - n * DAY)) for n in (7, 8, 60)]
    assert send(*sent) == ["stored"] * 3
    days = Response.objects.order_by("day").values_list("day", flat=True)
    assert list(days) == [today - timedelta(days=7), today, today]


def test_a_tablet_s_day_is_believed_for_a_month(office: Office, paired: tablets.Paired) -> None:
    today, mine = timezone.localdate(), {"channel": "tablet", "tablet": paired.secret}
    sent = [seal(record(office, **mine, at=now() - n * DAY)) for n in (30, 31)]
    assert send(*sent) == ["stored", "stored"]
    days = Response.objects.order_by("day").values_list("day", flat=True)
    assert list(days) == [today - timedelta(days=30), today]


def test_no_phone_reaches_a_closed_month_nor_a_file_of_phones(office: Office, closed: date) -> None:
    """295 forms went into months that everybody had read, and into their quarter after them."""
    sent = round(THEN.timestamp() * 1000)
    for ago in (2, 3, 4):
        key = uuid4()
        start = starts.make(office.pk, key, THEN - timedelta(days=20))
        own = {"v": 3, "at": sent - ago * DAY, "start": start}
        said = seal(record(office, **own, id=str(key)))
        assert deliver(said, Bearer(sent), THEN).outcome is Outcome.STORED
        key = uuid4()
        own["start"] = starts.make(office.pk, key, THEN - timedelta(days=20))
        brought = seal(record(office, **own, id=str(key)))
        assert import_file(exported(brought), office.pk, THEN).taken == 1
    days = Response.objects.order_by("day").values_list("day", flat=True)
    assert list(days) == [closed + timedelta(days=1)] * 2 + [THEN.date()] * 4


def test_a_tablet_that_was_away_keeps_its_days_in_a_closed_month(
    office: Office, paired: tablets.Paired, closed: date
) -> None:
    """They wait for the quarter; the month stays as it was read."""
    Tablet.objects.update(paired_on=closed - timedelta(days=60))
    sent = round(THEN.timestamp() * 1000)
    said = seal(record(office, channel="tablet", tablet=paired.secret, at=sent - 3 * DAY))
    assert deliver(said, Bearer(sent), THEN).outcome is Outcome.STORED
    assert Response.objects.get().day == closed


def test_delivered_twice_and_imported_it_counts_once(office: Office) -> None:
    sealed = [seal(record(office)), seal(record(office, at=now() - DAY))]
    assert import_file(exported(*sealed), office.pk).taken == 2
    assert send(*sealed) == ["repeated", "repeated"]
    assert send(*sealed) == ["repeated", "repeated"]
    assert import_file(exported(*sealed), office.pk).taken == 2
    assert Response.objects.count() == 2


def test_a_tablet_speaks_for_its_own_office_and_counter(
    office: Office, paired: tablets.Paired
) -> None:
    other = factories.office()
    given = record(other, channel="tablet", tablet=paired.secret, counter=99)
    assert send(seal(given)) == ["stored"]
    stored = Response.objects.get()
    assert (stored.office_id, stored.channel) == (office.pk, Channel.TABLET)
    assert stored.counter is not None
    assert stored.counter.number == 3


def test_steps_of_one_form_in_any_order_end_with_the_last(
    office: Office, paired: tablets.Paired
) -> None:
    key = str(uuid4())
    own = {"id": key, "channel": "tablet", "tablet": paired.secret}
    first = record(office, **own, step=1, finished=False, answers={"O1": 1})
    second = record(office, **own, step=2, finished=False, answers={"O1": 1, "A1": 4})
    assert send(seal(second), seal(first)) == ["stored", "older"]
    assert bytes(Response.objects.get().answers) == bytes([1, 4])
    assert Response.objects.get().state == State.OPEN


def test_nobody_can_pass_for_a_tablet(office: Office) -> None:
    assert send(seal(record(office, channel="tablet", tablet="x"))) == ["unknown_tablet"]
    assert send(seal(record(office, channel="tablet"))) == ["unknown_tablet"]
    assert not Response.objects.exists()


def test_a_revoked_tablet_delivers_only_through_the_office(
    office: Office, paired: tablets.Paired
) -> None:
    today, mine = timezone.localdate(), {"v": 3, "channel": "tablet", "tablet": paired.secret}
    sessions = {n: open_session(paired.tablet, today - timedelta(days=n)) for n in (9, 3)}
    tablets.revoke(paired.tablet)
    Tablet.objects.update(revoked_on=today - timedelta(days=5))
    before = seal(record(office, **mine, at=now() - 6 * DAY, session=sessions[9]))
    assert send(before) == ["revoked"]
    assert import_file(exported(before), office.pk).taken == 1
    assert Response.objects.get().day == today - timedelta(days=6)
    refused = [
        # of a day after, claimed or proved; of a session after; and what proves nothing
        record(office, **mine, at=now() - 4 * DAY, session=sessions[9]),
        record(office, **mine, at=now() - 3 * DAY, session=sessions[9]),
        record(office, **mine, at=now() - 6 * DAY, session=sessions[3]),
        record(office, **mine, at=now() - 6 * DAY),
    ]
    assert import_file(exported(*map(seal, refused)), office.pk).counts == {"revoked": 4}
    assert Response.objects.count() == 1


def test_the_first_app_s_records_are_still_taken(office: Office) -> None:
    old = {
        name: value
        for name, value in record(office, v=1).items()
        if name not in ("respondent", "procedure", "remark")
    }
    assert send(seal(old)) == ["stored"]


def test_an_older_version_of_the_form_still_counts(office: Office) -> None:
    Instrument.objects.update(offered=False, is_default=False)
    factories.instrument({"O": 1}, slug="counter", version=2)
    assert send(seal(record(office, at=now() - DAY))) == ["stored"]
    assert Response.objects.get().instrument.version == 1


def test_a_form_that_another_took_the_place_of_still_counts(office: Office) -> None:
    Instrument.objects.update(offered=False, is_default=False)
    factories.instrument({"A": 1}, slug="nam-sau")
    assert send(seal(record(office, at=now() - 9 * DAY))) == ["stored"]


def test_a_form_that_was_never_asked_is_not_opened_by_asking(office: Office) -> None:
    Instrument.objects.update(offered=False, was_offered=False, is_default=False)
    assert send(seal(record(office))) == ["unknown_form"]


def test_a_wrong_clock_is_flagged_and_corrected(office: Office) -> None:
    ahead = now() + 4 * DAY
    assert send(seal(begun(office, 9, at=ahead - DAY)), at=ahead) == ["stored"]
    stored = Response.objects.get()
    assert stored.day == timezone.localdate() - timedelta(days=1)
    assert Flag.CLOCK_SKEW in Flag(stored.flags)


@pytest.mark.parametrize(
    "wrong",
    [
        {"v": 4},
        {"start": 7},
        {"session": "x" * 500},
        {"office": 7},
        {"form": "counter"},
        {"form": "counter.x"},
        {"id": "x"},
        {"step": -1},
        {"step": 10**9},
        {"answers": [5]},
        {"answers": {"O1": "5"}},
        {"answers": {"O1": True}},
        {"answers": {"O1": 256}},
        {"answers": dict.fromkeys(map(str, range(500)), 1)},
        {"language": "xx"},
        {"at": None},
        {"at": 1e300},
        {"stage": 9},
        {"respondent": "1"},
        {"channel": "paper"},
        {"remark": "x" * 5000},
        {"counter": -3},
        {"channel": "tablet", "tablet": "\ud800"},
        {"office": "\ud800"},
        {"invitation": "\udfff"},
    ],
)
def test_bad_content_is_a_verdict_and_stops_nothing(
    office: Office, wrong: dict[str, object]
) -> None:
    assert send(seal(record(office, **wrong)), seal(record(office))) == ["unreadable", "stored"]


def test_refusals_of_the_intake_are_told(office: Office) -> None:
    assert send(seal(record(office, answers={"O1": 77}))) == ["wrong_answer"]
    assert send(seal(record(office, office="khong-co"))) == ["unknown_office"]
    assert send(seal(record(office, form="khac.1"))) == ["unknown_form"]
    assert send(None, 7, {}, [], "x") == ["unreadable"] * 5


def test_a_different_second_finish_is_refused_and_changes_nothing(office: Office) -> None:
    given = record(office)
    assert send(seal(given)) == ["stored"]
    assert send(seal({**given, "step": 9, "answers": {"O1": 1}})) == ["frozen"]
    assert bytes(Response.objects.get().answers) == bytes([5, 2])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 422),
        ("[]", 422),
        ('{"at": "x", "records": []}', 422),
        ('{"at": 1, "records": {}}', 422),
        (json.dumps({"at": 1, "records": [0] * 51}), 413),
    ],
)
def test_a_delivery_that_is_none_is_told_why(office: Office, body: str, status: int) -> None:
    said = Client().post(reverse("surveys:delivery"), body, content_type="application/json")
    assert said.status_code == status
    assert said.json()["error"]


def test_another_site_cannot_deliver(office: Office) -> None:
    said = Client().post(
        reverse("surveys:delivery"),
        {"at": now(), "records": [seal(record(office))]},
        content_type="application/json",
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert said.status_code == 403
    assert not Response.objects.exists()


def test_a_file_brings_only_what_belongs_to_the_office(office: Office) -> None:
    other = factories.office()
    file = exported(seal(record(office)), seal(record(other)), {"v": 1})
    assert import_file(file, office.pk).counts == {"stored": 1, "other_office": 1, "unreadable": 1}


@pytest.mark.parametrize(
    "content", [b"", b"x", b"[]", b"{}", b'{"hailong": "outbox", "v": 9, "records": []}', b"\xff"]
)
def test_what_is_no_export_is_not_imported(office: Office, content: bytes) -> None:
    with pytest.raises(Unreadable):
        import_file(content, office.pk)


def test_the_questionnaire_for_phones_is_public_and_whole(office: Office) -> None:
    said = Client().get(reverse("surveys:questionnaire", args=[office.slug]))
    assert said.status_code == 200
    known = said.json()
    assert known["form"] == "counter.1"
    assert [item["code"] for page in known["pages"] for item in page["items"]] == ["O1", "A1"]
    assert set(known["texts"]) == set(known["languages"])
    assert [stage["value"] for stage in known["stages"]] == [1, 2, 3]
    again = Client().get(reverse("surveys:questionnaire", args=[office.slug])).json()
    assert again["revision"] == known["revision"]
    assert Client().get(reverse("surveys:questionnaire", args=["khong-co"])).status_code == 404


def test_a_lone_half_of_a_letter_in_a_remark_costs_that_half_only(office: Office) -> None:
    assert send(seal(record(office, remark="Ghế chờ ít \ud83d quá"))) == ["stored"]
    assert Remark.objects.get().text == "Ghế chờ ít  quá"


def test_a_planted_envelope_does_not_spoil_a_file(office: Office) -> None:
    planted = seal(record(office, channel="tablet", tablet="\ud800"))
    file = exported(planted, seal(record(office)))
    assert import_file(file, office.pk).counts == {"unreadable": 1, "stored": 1}


def test_a_flood_that_pretends_to_have_waited_is_flagged(office: Office) -> None:
    for _ in range(limits.FORMS_OF_AN_OFFICE):
        limits.is_surge(office.pk)
    assert send(seal(record(office, at=now() - 3 * 60_000))) == ["stored"]
    assert Flag.SURGE in Flag(Response.objects.get().flags)


def test_a_tablet_that_was_long_without_network_is_no_flood(
    office: Office, paired: tablets.Paired
) -> None:
    for _ in range(2 * limits.FORMS_OF_A_TABLET):
        limits.is_surge(office.pk, paired.tablet.pk)
    given = record(office, channel="tablet", tablet=paired.secret, at=now() - DAY)
    assert send(seal(given)) == ["stored"]
    assert Flag.SURGE not in Flag(Response.objects.get().flags)


@pytest.mark.parametrize(("said", "flagged"), [(True, True), (False, False), ("true", False)])
def test_that_somebody_helped_is_kept_as_a_flag(
    office: Office, said: object, flagged: bool
) -> None:
    deliver(seal(record(office, helped=said)), Bearer(sent=now()))
    assert bool(Flag(Response.objects.get().flags) & Flag.ASSISTED) == flagged
