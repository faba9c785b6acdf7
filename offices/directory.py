"""Offices and procedures, kept in each process so that answering needs no look-up.

Database triggers raise one number when anything here changes; a process compares it at most every
DIRECTORY_CHECK_SECONDS and reads everything again when it differs. While the database is away a
process goes on with what it knows.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from offices.calendar import NO_EXCEPTIONS, Exceptions
from offices.models import (
    AdministrativeUnit,
    Counter,
    Designation,
    DirectoryRevision,
    Holiday,
    Office,
    OfficeAddress,
    OpeningHours,
    Procedure,
)
from offices.opening import OpenSpan, spans_on
from offices.validity import Valid

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CounterEntry:
    """A desk in use."""

    id: int
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class OfficeEntry(Valid):
    """What answering needs to know of an office. `level` is the level of its unit.

    hours: its own, empty where it keeps the usual ones. holidays: its country's and province's.
    heir_id: the one office that carries on after it.
    """

    id: int
    slug: str
    name: str
    label: str
    kind: str
    level: str
    unit_name: str
    province_name: str
    valid_from: date
    valid_to: date | None
    counters: tuple[CounterEntry, ...]
    heir_id: int | None = None
    hours: tuple[OpenSpan, ...] = ()
    holidays: Exceptions = field(default_factory=dict, compare=False, repr=False)

    def is_open_on(self, day: date) -> bool:
        """Whether the office serves citizens on `day`."""
        return self.days.hold(day)

    def open_spans(self, day: date) -> tuple[OpenSpan, ...]:
        """When it is open on `day`; empty: not at all."""
        return spans_on(day, self.hours, settings.OFFICE_HOURS, self.holidays)


@dataclass(frozen=True, slots=True)
class ProcedureEntry(Valid):
    """A national procedure and its field."""

    id: int
    code: str
    name: str
    field_id: int
    field_name: str
    levels: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None

    def is_offered_on(self, day: date) -> bool:
        """Whether it is neither still to come nor repealed on `day`; its last day is included."""
        return self.days.hold(day)


@dataclass(frozen=True, eq=False)
class Directory:
    """All offices and procedures at one moment; `by_level` has the repealed ones as well."""

    offices: Mapping[str, OfficeEntry]
    offices_by_id: Mapping[int, OfficeEntry]
    by_level: Mapping[str, tuple[ProcedureEntry, ...]]
    former: Mapping[str, int]

    def office(self, slug: str) -> OfficeEntry | None:
        """The office with this short name, open or not."""
        return self.offices.get(slug)

    def once_called(self, slug: str) -> OfficeEntry | None:
        """The office that has this short name, or had it: what was printed leads there."""
        return self.offices.get(slug) or self.offices_by_id.get(self.former.get(slug, 0))

    def carrying_on(self, office: OfficeEntry, day: date) -> OfficeEntry | None:
        """The office that serves on `day` in the place of one that ended; None: no single one."""
        passed = {office.id}
        if office.valid_to is None or day <= office.valid_to:
            return None
        while office.heir_id is not None and office.heir_id not in passed:
            passed.add(office.heir_id)
            office = self.offices_by_id[office.heir_id]
            if office.is_open_on(day):
                return office
        return None

    def procedures(
        self, office: OfficeEntry, day: date | None = None
    ) -> tuple[ProcedureEntry, ...]:
        """What an office of this level handles on `day` (today), by field and name."""
        # Asked at reading, not kept: a procedure ends at midnight, and nothing changes then.
        on = day or timezone.localdate()
        return tuple(p for p in self.by_level.get(office.level, ()) if p.is_offered_on(on))

    def procedure(self, office: OfficeEntry, code: str) -> ProcedureEntry | None:
        """The procedure with this national code, if the office handles it today."""
        return next((p for p in self.procedures(office) if p.code == code), None)


class Remembered(Generic[T]):
    """Something read from the database once and again only after the directory has changed."""

    def __init__(self, read: Callable[[], T]) -> None:
        self.read = read
        self.lock = threading.Lock()
        self.value: T | None = None
        self.revision: int | None = None

    def current(self) -> T:
        """The value as of the newest revision this process has noticed."""
        revision = _watch.revision()
        value = self.value
        if value is not None and revision is not None and revision == self.revision:
            return value
        with self.lock:
            if self.value is None or revision is None or revision != self.revision:
                self.value = self.read()
                self.revision = revision
            return self.value


class _Watch:
    """Asks for the revision at most every DIRECTORY_CHECK_SECONDS."""

    def __init__(self) -> None:
        self.asked_at: float | None = None
        self.known: int | None = None

    def revision(self) -> int | None:
        now = time.monotonic()
        if self.asked_at is None or now - self.asked_at >= settings.DIRECTORY_CHECK_SECONDS:
            try:
                self.known = DirectoryRevision.objects.values_list("revision", flat=True).first()
            except OperationalError:
                if self.asked_at is None:
                    raise
                # away; what this process knows is good until it can ask again
            self.asked_at = now
        return self.known


_watch = _Watch()


def _read() -> Directory:
    counters: dict[int, list[CounterEntry]] = {}
    for counter in Counter.objects.filter(active=True).order_by("office_id", "number"):
        counters.setdefault(counter.office_id, []).append(
            CounterEntry(counter.pk, counter.number, counter.name)
        )
    hours: dict[int, list[OpenSpan]] = {}
    for row in OpeningHours.objects.order_by("office_id", "weekday", "opens"):
        hours.setdefault(row.office_id, []).append(OpenSpan(row.weekday, row.opens, row.closes))
    own = _own_days()
    offices = {}
    places = ("unit__parent__parent", "today_unit__parent__parent__parent")
    for office in Office.objects.select_related(*places):
        unit = office.unit
        offices[office.slug] = OfficeEntry(
            id=office.pk,
            slug=office.slug,
            name=office.name,
            label=office.label,
            kind=office.kind,
            level=unit.level,
            unit_name=unit.full_name,
            province_name=unit.province.full_name,
            valid_from=office.valid_from,
            valid_to=office.valid_to,
            counters=tuple(counters.get(office.pk, ())),
            heir_id=office.heir_id,
            hours=tuple(hours.get(office.pk, ())),
            holidays=_holidays(office, own),
        )
    by_level: dict[str, list[ProcedureEntry]] = {}
    for procedure in Procedure.objects.select_related("field"):
        levels = tuple(level.strip() for level in procedure.levels.split(",") if level.strip())
        entry = ProcedureEntry(
            procedure.pk,
            procedure.code,
            procedure.name,
            procedure.field_id,
            procedure.field.name,
            levels,
            procedure.valid_from,
            procedure.valid_to,
        )
        for level in levels:
            by_level.setdefault(level, []).append(entry)
    return Directory(
        offices=offices,
        offices_by_id={office.id: office for office in offices.values()},
        by_level={level: tuple(entries) for level, entries in by_level.items()},
        former=dict(OfficeAddress.objects.values_list("slug", "office_id")),
    )


def _own_days() -> dict[int, dict[date, bool]]:
    """By unit: its own days off and days worked."""
    found: dict[int, dict[date, bool]] = {}
    for unit, day, works in Holiday.objects.values_list("unit_id", "day", "works"):
        found.setdefault(unit, {})[day] = works
    return found


def _holidays(office: Office, own: dict[int, dict[date, bool]]) -> Exceptions:
    """Those of today's country and province; the province's stand above the country's."""
    if not own:
        return NO_EXCEPTIONS
    found: dict[date, bool] = {}
    for unit in reversed(list(office.today_unit.chain())):
        found |= own.get(unit.pk, {})
    return found


_directory = Remembered(_read)


def current() -> Directory:
    """The directory; no statement on a warm process but the revision check now and then."""
    return _directory.current()


def _read_provinces() -> Mapping[int, AdministrativeUnit]:
    provinces = AdministrativeUnit.objects.filter(level=AdministrativeUnit.Level.PROVINCE)
    named = provinces.select_related("parent").prefetch_related(AdministrativeUnit.called())
    return {unit.pk: unit for unit in named}


_provinces = Remembered(_read_provinces)


def provinces(keys: Iterable[int]) -> dict[int, AdministrativeUnit]:
    """By key these provinces, of today or the past, with what they were called; to be read only.

    One that was made since this process looked last is read at once. What is none is left out.
    """
    wanted, known = set(keys), _provinces.current()
    if not wanted <= known.keys():
        known = _read_provinces()
    return {key: known[key] for key in wanted & known.keys()}


def _read_designations() -> Mapping[int, tuple[Designation, ...]]:
    found: dict[int, list[Designation]] = {}
    for one in Designation.objects.all():
        found.setdefault(one.unit_id, []).append(one)
    return {unit: tuple(names) for unit, names in found.items()}


_designations = Remembered(_read_designations)


def designations_of(unit: int) -> tuple[Designation, ...]:
    """What a unit was called before, by its key; as `AdministrativeUnit.called` reads it."""
    return _designations.current().get(unit, ())
