"""Puts the registry into the database: all or nothing, and a second time nothing changes.

Units, successions and designations belong to the registry and are brought to what the files say.
Offices, counters, fields and procedures belong to the operator once they are there: they are added
when missing, and only what follows from the successions is kept up to date. Nothing is deleted but
successions of the registry's own days that its files no longer know.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Model

from offices.models import (
    AdministrativeUnit,
    Counter,
    Designation,
    Field,
    Office,
    OfficeAddress,
    Procedure,
    Succession,
)
from offices.registry.places import places_today
from offices.registry.rows import (
    FOLDER,
    CounterRow,
    DesignationRow,
    FieldRow,
    OfficeRow,
    ProcedureRow,
    SuccessionRow,
    UnitRow,
    read,
)
from offices.registry.territory import OfficeSuccession, Territory, UnitKey, follow_offices

M = TypeVar("M", bound=Model)
Units = dict[UnitKey, AdministrativeUnit]
BATCH = 2000
LEVELS = ("country", "province", "district", "commune")


@dataclass(frozen=True)
class Registry:
    """Everything in the files, checked against each other."""

    territory: Territory
    designations: Sequence[DesignationRow]
    offices: Sequence[OfficeRow]
    followed: dict[str, OfficeSuccession]
    counters: Sequence[CounterRow]
    fields: Sequence[FieldRow]
    procedures: Sequence[ProcedureRow]


def read_registry(folder: Path = FOLDER) -> Registry:
    """The registry in `folder`. Raises rows.BadRow, territory.Unknown or heirs.NoPlace."""
    units = read(UnitRow, "units.csv", folder)
    territory = Territory.of(units, read(SuccessionRow, "successions.csv", folder))
    offices = read(OfficeRow, "offices.csv", folder)
    return Registry(
        territory=territory,
        designations=read(DesignationRow, "designations.csv", folder),
        offices=offices,
        followed=follow_offices(territory, offices),
        counters=read(CounterRow, "counters.csv", folder),
        fields=read(FieldRow, "fields.csv", folder),
        procedures=read(ProcedureRow, "procedures.csv", folder),
    )


@dataclass
class Changes:
    """How many rows were added or corrected."""

    units: int = 0
    successions: int = 0
    designations: int = 0
    offices: int = 0
    counters: int = 0
    fields: int = 0
    procedures: int = 0

    def __str__(self) -> str:
        """`3 units, 1 offices`, or `nothing`."""
        counts = [(getattr(self, field.name), field.name) for field in fields(self)]
        return ", ".join(f"{count} {name}" for count, name in counts if count) or "nothing"


def load(registry: Registry) -> Changes:
    """Writes what is missing or different, in one transaction."""
    changes = Changes()
    with transaction.atomic():
        merged = _merged(registry.territory)
        units = _load_units(registry.territory, merged, changes)
        _load_successions(registry.territory, units, changes)
        _load_designations(registry, units, changes)
        _load_offices(registry, units, merged, changes)
        _load_procedures(registry, changes)
        if changes != Changes():
            _tell_sizes()
    return changes


def _tell_sizes() -> None:
    """Lets the database see how large the tables are now.

    Left to itself it looks a minute later, and after a load that failed it takes them for empty:
    statements that join several then compare each row with each, and every page waits for them.
    """
    tables = (AdministrativeUnit, Succession, Designation, Office, OfficeAddress, Procedure)
    names = ", ".join(connection.ops.quote_name(one._meta.db_table) for one in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {names}")


def _merged(territory: Territory) -> frozenset[int]:
    """The units that went over by a merger of which the files do not know (yet)."""
    days = {row.effective_on for row in territory.successions}
    entered = Succession.objects.exclude(effective_on__in=days)
    return frozenset(entered.values_list("predecessor_id", flat=True))


def _load_units(territory: Territory, merged: Set[int], changes: Changes) -> Units:
    known: Units = {
        UnitKey(unit.code, unit.valid_from): unit for unit in AdministrativeUnit.objects.all()
    }
    for level in LEVELS:  # parents first, for their ids
        new: Units = {}
        different = []
        for key, row in territory.units.items():
            if row.level != level:
                continue
            above = territory.parent(key)
            values = {
                "level": level,
                "kind": row.kind,
                "name": row.name,
                "parent_id": known[above].pk if above else None,
                "valid_to": row.valid_to,
            }
            unit = known.get(key)
            if unit is None:
                new[key] = AdministrativeUnit(code=row.code, valid_from=row.valid_from, **values)
            elif _set(unit, _beside(values, "valid_to", kept=unit.pk in merged)):
                different.append(unit)
        AdministrativeUnit.objects.bulk_create(new.values(), batch_size=BATCH)
        _update(AdministrativeUnit, different, ["level", "kind", "name", "parent", "valid_to"])
        known.update(new)
        changes.units += len(new) + len(different)
    return known


def _load_successions(territory: Territory, units: Units, changes: Changes) -> None:
    known = {(row.predecessor_id, row.successor_id): row for row in Succession.objects.all()}
    days = {row.effective_on for row in territory.successions}
    gone = {pair: row.pk for pair, row in known.items() if row.effective_on in days}
    new, different = [], []
    for row in territory.successions:
        old_key, new_key = territory.ends(row)
        pair = (units[old_key].pk, units[new_key].pk)
        gone.pop(pair, None)
        values = {
            "effective_on": row.effective_on,
            "relation": row.relation,
            "legal_basis": row.legal_basis,
        }
        succession = known.get(pair)
        if succession is None:
            new.append(Succession(predecessor_id=pair[0], successor_id=pair[1], **values))
        elif _set(succession, values):
            different.append(succession)
    Succession.objects.bulk_create(new, batch_size=BATCH)
    _update(Succession, different, ["effective_on", "relation", "legal_basis"])
    if gone:
        Succession.objects.filter(pk__in=gone.values()).delete()
    changes.successions += len(new) + len(different) + len(gone)


def _load_designations(registry: Registry, units: Units, changes: Changes) -> None:
    known: dict[tuple[int, date], Designation] = {
        (row.unit_id, row.valid_from): row for row in Designation.objects.all()
    }
    new, different = [], []
    for row in registry.designations:
        unit = units[UnitKey(row.code, row.unit_from)]
        values = {
            "kind": row.kind,
            "name": row.name,
            "valid_to": row.valid_to,
            "legal_basis": row.legal_basis,
        }
        designation = known.get((unit.pk, row.valid_from))
        if designation is None:
            new.append(Designation(unit=unit, valid_from=row.valid_from, **values))
        elif _set(designation, values):
            different.append(designation)
    Designation.objects.bulk_create(new)
    _update(Designation, different, ["kind", "name", "valid_to", "legal_basis"])
    changes.designations += len(new) + len(different)


def _load_offices(registry: Registry, units: Units, merged: Set[int], changes: Changes) -> None:
    by_key = {office.pk: office for office in Office.objects.all()}
    # a shipped office that was given another short name is still the same
    former = OfficeAddress.objects.values_list("slug", "office_id")
    offices = {slug: by_key[key] for slug, key in former}
    offices |= {office.slug: office for office in by_key.values()}
    new = {
        row.slug: Office(
            slug=row.slug,
            kind=row.kind,
            name=row.name,
            unit=units[registry.followed[row.slug].unit],
            today_unit=units[registry.followed[row.slug].today_unit],
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in registry.offices
        if row.slug not in offices
    }
    Office.objects.bulk_create(new.values(), batch_size=BATCH)
    offices.update(new)
    different = []
    place = places_today() if merged else {}
    for slug, follows in registry.followed.items():
        there = units[follows.today_unit].pk
        values = {
            "heir_id": offices[follows.heir].pk if follows.heir else None,
            "today_unit_id": place.get(there, there),
        }
        went_over = offices[slug].unit_id in merged
        if _set(offices[slug], _beside(values, "heir_id", kept=went_over)):
            different.append(offices[slug])
    for office in Office.objects.filter(today_unit__valid_to__isnull=False):
        if office.slug not in registry.followed and office.pk not in {o.pk for o in different}:
            place = place or places_today()
            if _set(office, {"today_unit_id": place[office.today_unit_id]}):
                different.append(office)
    _update(Office, different, ["heir", "today_unit"])
    _load_predecessors(registry, offices, merged)
    counters = [
        Counter(office=new[row.office], number=row.number, name=row.name)
        for row in registry.counters
        if row.office in new
    ]
    Counter.objects.bulk_create(counters)
    added = {office.pk for office in new.values()}
    changes.offices += len(new) + sum(office.pk not in added for office in different)
    changes.counters += len(counters)


def _load_predecessors(registry: Registry, offices: dict[str, Office], merged: Set[int]) -> None:
    through = Office.predecessors.through
    known = set(through.objects.values_list("from_office_id", "to_office_id"))
    wanted = {
        (offices[slug].pk, offices[predecessor].pk)
        for slug, follows in registry.followed.items()
        for predecessor in follows.predecessors
    }
    ours = {offices[slug].pk for slug in registry.followed if offices[slug].unit_id not in merged}
    for office, predecessor in known - wanted:
        if office in ours and predecessor in ours:
            through.objects.filter(from_office_id=office, to_office_id=predecessor).delete()
    through.objects.bulk_create(
        through(from_office_id=office, to_office_id=predecessor)
        for office, predecessor in sorted(wanted - known)
    )


def _load_procedures(registry: Registry, changes: Changes) -> None:
    known_fields = {field.slug: field for field in Field.objects.all()}
    new_fields = {
        row.slug: Field(slug=row.slug, name=row.name)
        for row in registry.fields
        if row.slug not in known_fields
    }
    Field.objects.bulk_create(new_fields.values())
    known_fields.update(new_fields)
    known = set(Procedure.objects.values_list("code", flat=True))
    new = [
        Procedure(
            code=row.code,
            name=row.name,
            field=known_fields[row.field],
            levels=row.levels,
            source=row.source,
            confirmed=row.confirmed == "yes",
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in registry.procedures
        if row.code not in known
    ]
    Procedure.objects.bulk_create(new)
    changes.fields += len(new_fields)
    changes.procedures += len(new)


def _beside(values: Mapping[str, object], column: str, *, kept: bool) -> dict[str, object]:
    """The values without this column, where what stands there is kept."""
    return {name: value for name, value in values.items() if not (kept and name == column)}


def _set(row: Model, values: Mapping[str, object]) -> bool:
    """Whether anything was different; it is set then."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


def _update(kind: type[M], rows: Sequence[M], columns: Sequence[str]) -> None:
    if rows:
        kind._default_manager.bulk_update(rows, columns, batch_size=BATCH)
