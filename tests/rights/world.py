"""Two provinces with one of everything that an address may name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from django.utils import timezone

from offices.models import AdministrativeUnit, Office
from offices.rights import Scope
from reports.models import NightStep, Release
from reports.night import leases, nights
from surveys.devices import tablets
from surveys.models import Exclusion, Remark, Tablet
from surveys.remarks import contacts
from tests import factories

DAY = date(2025, 6, 1)
PERIOD = "month.2025-06-01"
PHONE = "0987 654 321"
WAITS, ANSWERED, REPLY = "Ghế gãy hàng thứ bảy", "Quạt trần kêu rất to", "Đã thay chiếc quạt ấy."


@dataclass(frozen=True)
class Province:
    """A province, a commune, its office, and one of everything that belongs to them."""

    province: AdministrativeUnit
    commune: AdministrativeUnit
    office: Office
    release: Release
    exclusion: Exclusion
    waits: Remark
    answered: Remark
    tablet: Tablet

    def place(self, scope: Scope) -> Office | AdministrativeUnit:
        """Where a role is held in this province; the country's is in none."""
        places: dict[Scope, Office | AdministrativeUnit] = {
            Scope.PROVINCE: self.province,
            Scope.UNIT: self.commune,
            Scope.OFFICE: self.office,
            Scope.COUNTRY: factories.country(),
        }
        return places[scope]

    def scope_of(self, named: Mapping[str, object]) -> Scope | None:
        """What of this province an address names; None if nothing of it."""
        values = {str(value) for value in named.values()}
        of = {
            Scope.PROVINCE: {str(self.province.pk), self.release.slug},
            Scope.UNIT: {str(self.commune.pk)},
            Scope.OFFICE: {self.office.slug},
        }
        return next((scope for scope, names in of.items() if names & values), None)


def province() -> Province:
    """One that was just made."""
    made = factories.province()
    commune = factories.unit(parent=made)
    office = factories.office(commune)
    today = timezone.localdate()
    released = {"released_on": today, "due_on": today + timedelta(days=7)}
    remarks = [
        Remark.objects.create(office=office, response_id=uuid4(), day=DAY, **given, **released)
        for given in (
            {"text": WAITS},
            {"text": ANSWERED, "reply": REPLY, "state": Remark.State.ANSWERED},
        )
    ]
    for remark in remarks:
        contacts.keep(office.pk, remark.key, PHONE, timezone.localtime())
    paired = tablets.pair(tablets.invite(office.pk, None, "Quầy 1", "counter")[1])
    assert paired is not None
    return Province(
        province=made,
        commune=commune,
        office=office,
        release=Release.objects.create(
            slug=f"{made.code}-thang-6", unit=made, period="month", start=DAY, revision=1,
            made_at=timezone.now(), policy={"batch": 10, "minimum_people": 10, "name": "x",
            "version": 1}, instruments={}, people=0, simulated=False,
        ),
        exclusion=Exclusion.objects.create(
            office=office, first_day=DAY, last_day=DAY, reason="Phiếu do cán bộ tự bấm",
            made_by=factories.user(), made_at=timezone.now(),
        ),
        waits=remarks[0],
        answered=remarks[1],
        tablet=paired.tablet,
    )  # fmt: skip


def failed_step() -> NightStep:
    """A step of last night that may run again."""
    night = nights.start(nights.due_day())
    begin = leases.take()
    assert begin is not None
    leases.finish(begin, {}, "ValueError: <3>")
    return night.steps.get(state=NightStep.State.FAILED)
