"""A small country in which everything derived has rows: two maps, three forms, a release."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import uuid4

import time_machine
from django.db import transaction
from django.utils import timezone

from offices.models import AdministrativeUnit, Membership, Office, Procedure, User
from reports.counting.periods import span_of
from reports.counting.recount import recount
from reports.models import Period, Release
from reports.night import steps
from reports.release import publish
from reports.scores.offices import rescore_office
from surveys.exclusions.rules import Rule
from surveys.exclusions.steps import exclude, lift
from surveys.flags.rules import Flag
from surveys.models import Channel, Criterion, Factor, Instrument, Mark, Response, State
from tests import factories

LAST = factories.last_month_end()
BEFORE = date(LAST.year - 1, 10, 15)
WHY = "Mười bốn phiếu giống nhau trong ba phút"


@dataclass(frozen=True)
class World:
    """What tests name of it."""

    offices: tuple[Office, ...]
    forms: tuple[Instrument, ...]
    merged: AdministrativeUnit
    spare: AdministrativeUnit
    releases: tuple[Release, ...]


def forms() -> tuple[Instrument, ...]:
    """All answers together; the mean of two factors; one overall question; one nobody answers."""
    pooled = factories.instrument({"A": 2, "B": 1})
    means = factories.instrument({"A": 2, "B": 1}, default=False, method="mean_of_factors")
    overall = factories.instrument({"A": 2}, default=False)
    factor = Factor.objects.create(
        instrument=overall, position=1, code="Z", component="overall", title={"vi": "Chung"}
    )
    Criterion.objects.create(
        instrument=overall,
        factor=factor,
        position=2,
        code="Z1",
        scale=Criterion.Scale.SATISFACTION,
        text={"vi": "Chung"},
        options=[{"value": n, "text": {"vi": str(n)}} for n in range(1, 6)],
    )
    spare = factories.instrument({"A": 2, "B": 1}, default=False)
    return pooled, means, overall, spare


def answered(
    office: Office,
    form: Instrument,
    people: int,
    day: date,
    seed: int = 1,
    procedure: Procedure | None = None,
    **columns: object,
) -> None:
    """So many people answer that day, each in their own way."""
    said = Random(seed)
    row: dict[str, object] = {
        "office": office,
        "instrument": form,
        "procedure": procedure,
        "channel": Channel.PHONE,
        "state": State.FINISHED,
        "step": 1,
        "valid": True,
        "day": day,
        "received_on": day,
        "hour": 9,
        "language": "vi",
        **columns,
    }
    Response.objects.bulk_create(
        Response(
            id=uuid4(),
            arrival=number,
            answers=bytes([said.randint(1, 5), said.randint(2, 5), said.choice([0, 4, 5, 4, 9])]),
            **row,
        )
        for number in range(people)
    )
    Mark.objects.create(office=office, day=day)


def made() -> World:
    """Two provinces that were merged, one that was, and an office that counts in the country."""
    merged = factories.province("Mới")
    olds = [factories.province(f"Cũ {n}") for n in range(3)]
    communes = [factories.unit(parent=old) for old in olds]
    offices = (
        factories.office(communes[0], today_unit=factories.unit(parent=merged)),
        factories.office(communes[1], today_unit=factories.unit(parent=merged)),
        factories.office(factories.unit(parent=merged)),
        factories.office(communes[2], today_unit=factories.country()),
    )
    known = forms()
    fields = [factories.procedure("1.1", "Hộ tịch"), factories.procedure("1.2", "Đất đai")]
    for office in offices[:3]:
        for number, procedure in enumerate(fields):
            for channel in (Channel.PHONE, Channel.TABLET):
                answered(office, known[0], 12, BEFORE, number, procedure=procedure, channel=channel)
    for number, office in enumerate(offices):
        answered(office, known[0], 30, LAST, number, simulated=number == 1)
        answered(office, known[0], 40, LAST, number + 9, flags=Flag.BURST.value)
        for form in known[1:3]:
            answered(office, form, 23, LAST.replace(day=3), number)
    steps.close(LAST)
    rule = exclude(
        Rule(offices[0].pk, LAST, LAST, Flag.BURST), WHY, auditor(offices[0]), approved=1
    )
    steps.count_marked()
    month = span_of(Period.MONTH, LAST)
    releases = [publish(merged, month)]
    lift(rule.pk, WHY, auditor(offices[0]), approved=1)
    steps.count_marked()
    releases.append(publish(merged, month, reason=WHY))
    exclude(Rule(offices[1].pk, LAST, LAST, Flag.BURST), WHY, auditor(offices[1]), approved=1)
    today = timezone.localdate()
    for office in offices:
        factories.rhythm(office, instrument=known[0])
        answered(office, known[0], 25, today, 5)
    # a batch of an open month, also where today is its last day
    with time_machine.travel(factories.at(today + timedelta(days=1)), tick=False):
        for office in offices:
            with transaction.atomic():
                rescore_office(recount(office.pk, LAST, nights=[today]), LAST)
    steps.count_marked()
    return World(offices, known, merged, factories.province("Dự phòng"), tuple(releases))


def auditor(office: Office) -> User:
    """Somebody who may leave forms of the office out."""
    user = factories.user()
    Membership.objects.create(user=user, unit=office.unit.parent, role=Membership.Role.AUDITOR)
    return user
