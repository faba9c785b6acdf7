"""Communes that go over into another: what follows for units, offices and where they are counted.

    wish = Merger.of(payload)                 # what was proposed, as JSON
    preview(wish)                             # what would follow; raises ChangeRefused
    carry_out(wish, answered)                 # in one transaction

Only communes of one province: what becomes of provinces comes with the registry's files. The
successions that are entered here stay when the registry is loaded again (`offices.registry.load`).
Whole units only; a divided one has no heir, and its figures stay in its province's own row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Self

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.recording import record
from offices.changing.founding import Kind, Wish, begin, proposal
from offices.changing.refusal import ChangeRefused, Objection
from offices.models import AdministrativeUnit, Office, Succession
from offices.registry.rows import LEVELS

Level = AdministrativeUnit.Level
Relation = Succession.Relation
CODE_DIGITS = next(digits for digits, level in LEVELS.items() if level == Level.COMMUNE)
KINDS = ("phường", "xã", "đặc khu")


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A commune that comes to be by the merger."""

    kind: str
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Merger:
    """What was proposed. successor: a commune that goes on; else `new` comes to be."""

    predecessors: tuple[int, ...]
    successor: int | None
    new: NewUnit | None
    effective_on: date
    basis: str

    def payload(self) -> dict[str, Any]:  # Any: JSON
        """As it waits for a second person."""
        return {**asdict(self), "effective_on": self.effective_on.isoformat()}

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> Self:  # Any: JSON
        """The merger in a payload. Raises KeyError, TypeError or ValueError for anything else."""
        new = payload["new"]
        return cls(
            tuple(sorted(int(key) for key in payload["predecessors"])),
            int(payload["successor"]) if payload["successor"] is not None else None,
            NewUnit(**new) if new is not None else None,
            date.fromisoformat(payload["effective_on"]),
            str(payload["basis"]),
        )


@dataclass(frozen=True, slots=True)
class Preview:
    """What would follow.

    ending: offices that close; heir: the office that takes over, None where one is founded as
    `wish` says; moving: offices of any time that are counted in the successor from then on.
    """

    predecessors: Sequence[AdministrativeUnit]
    province: AdministrativeUnit
    successor: AdministrativeUnit
    ending: Sequence[Office]
    heir: Office | None
    wish: Wish | None
    moving: Sequence[Office]


def preview(merger: Merger) -> Preview:
    """What carrying it out today would do. Raises ChangeRefused with everything in the way."""
    units = list(
        AdministrativeUnit.objects.filter(pk__in=merger.predecessors)
        .select_related("parent__parent")
        .order_by("name_key")
    )
    wrong = _objections_to_units(units, merger) + _objections_to_day(units, merger)
    successor = _successor(units, merger, wrong)
    if wrong or successor is None:
        raise ChangeRefused(wrong)
    province = units[0].parent
    assert province is not None  # noqa: S101 - communes have one
    keys = [unit.pk for unit in units]
    standing = ~Q(valid_to__lt=merger.effective_on)
    ending = Office.objects.filter(standing, unit__in=keys).select_related("unit")
    late = [office for office in ending if office.valid_from >= merger.effective_on]
    if late:
        said = _("%(office)s begins after the merger only. Delete it, or let it begin earlier.")
        raise ChangeRefused([Objection("effective_on", said % {"office": late[0].name})])
    heir = None
    if merger.successor is not None:
        there = Office.objects.filter(standing, unit=merger.successor, kind=Kind.COMMUNE_CENTRE)
        heir = there.order_by("valid_from", "pk").first()
    moving = Office.objects.filter(today_unit__in=keys).select_related("unit")
    return Preview(
        units,
        province,
        successor,
        list(ending.order_by("name_key")),
        heir,
        None if heir else _wish(successor, merger),
        list(moving.order_by("name_key", "valid_from")),
    )


def _objections_to_units(units: Sequence[AdministrativeUnit], merger: Merger) -> list[Objection]:
    wrong = []
    if not units or len(units) != len(merger.predecessors):
        wrong.append(Objection("predecessors", _("Choose at least one commune that goes over.")))
    if {unit.level for unit in units} - {Level.COMMUNE.value}:
        said = _(
            "Only communes are merged here. What becomes of provinces comes with the registry."
        )
        wrong.append(Objection("predecessors", said))
    if len({unit.parent_id for unit in units}) > 1:
        wrong.append(Objection("predecessors", _("Choose communes of one province.")))
    for unit in units:
        if unit.valid_to is not None and not _is_registered(unit, merger):
            said = _("%(unit)s ended on %(day)s already.")
            given = {"unit": unit.full_name, "day": f"{unit.valid_to:%d/%m/%Y}"}
            wrong.append(Objection("predecessors", said % given))
    return wrong


def _is_registered(unit: AdministrativeUnit, merger: Merger) -> bool:
    """Whether the registry itself says so, and an office of the unit is still open."""
    if not Office.objects.filter(unit=unit, valid_to=None).exists():
        return False
    became = list(Succession.objects.filter(predecessor=unit)[:2])
    return len(became) == 1 and (
        became[0].successor_id == merger.successor
        and became[0].effective_on == merger.effective_on
        and became[0].relation != Relation.SPLIT
    )


def _objections_to_day(units: Sequence[AdministrativeUnit], merger: Merger) -> list[Objection]:
    wrong = []
    if merger.effective_on > timezone.localdate() + timedelta(days=1):
        said = _(
            "Today's map is today's: carry a merger out on the eve of its day at the earliest."
        )
        wrong.append(Objection("effective_on", said))
    for unit in units:
        if merger.effective_on <= unit.valid_from:
            said = _("%(unit)s began on %(day)s only. Choose a later day.")
            given = {"unit": unit.full_name, "day": f"{unit.valid_from:%d/%m/%Y}"}
            wrong.append(Objection("effective_on", said % given))
    return wrong


def _successor(
    units: Sequence[AdministrativeUnit], merger: Merger, wrong: list[Objection]
) -> AdministrativeUnit | None:
    """The unit that takes over, saved or not; adds to `wrong` what is wrong with it."""
    province = units[0].parent if units else None
    if (merger.successor is None) == (merger.new is None):
        said = _("Choose a commune that takes over, or describe the new one.")
        wrong.append(Objection("successor", said))
        return None
    if merger.new is not None:
        return _new_unit(merger.new, province, units, merger, wrong)
    found = AdministrativeUnit.objects.filter(pk=merger.successor or 0).first()
    if found is None or found.level != Level.COMMUNE or found.valid_to is not None:
        wrong.append(Objection("successor", _("The commune that takes over must exist today.")))
        return None
    if found.pk in merger.predecessors:
        said = _("%(unit)s takes over; leave it out of those that go over.")
        wrong.append(Objection("predecessors", said % {"unit": found.full_name}))
    if province is not None and found.parent_id != province.pk:
        said = _("%(unit)s lies in another province.")
        wrong.append(Objection("successor", said % {"unit": found.full_name}))
    if found.valid_from > merger.effective_on:
        said = _("%(unit)s began on %(day)s only. Choose a later day.")
        given = {"unit": found.full_name, "day": f"{found.valid_from:%d/%m/%Y}"}
        wrong.append(Objection("effective_on", said % given))
    return found


def _new_unit(
    new: NewUnit,
    province: AdministrativeUnit | None,
    units: Sequence[AdministrativeUnit],
    merger: Merger,
    wrong: list[Objection],
) -> AdministrativeUnit:
    if new.kind not in KINDS:
        wrong.append(Objection("kind", _("Choose what kind of commune it is.")))
    if not new.name.strip():
        wrong.append(Objection("name", _("Give the new commune its name.")))
    if not (new.code.isascii() and new.code.isdecimal() and len(new.code) == CODE_DIGITS):
        said = _("Give the five digits of the statistics office's code, such as 30769.")
        wrong.append(Objection("code", said))
    same = AdministrativeUnit.objects.filter(level=Level.COMMUNE, code=new.code)
    same = same.exclude(pk__in=[unit.pk for unit in units])
    holding = same.on(merger.effective_on).first()
    if holding is not None:
        said = _("%(unit)s has this code on that day.")
        wrong.append(Objection("code", said % {"unit": holding.full_name}))
    return AdministrativeUnit(
        level=Level.COMMUNE,
        code=new.code,
        kind=new.kind,
        name=" ".join(new.name.split()),
        parent=province,
        valid_from=merger.effective_on,
    )


def _wish(successor: AdministrativeUnit, merger: Merger) -> Wish:
    proposed = proposal(successor, merger.effective_on)
    assert proposed is not None  # noqa: S101 - a commune has one
    return Wish.of(proposed)


@transaction.atomic
def carry_out(merger: Merger, answered: Mapping[int, date]) -> Preview:
    """Merges. Raises ChangeRefused; then nothing is stored. Returns what was done.

    answered: by office, the last day on which people answered there: such an office ends on that
    day, where it is later than the eve of the merger, so that no answer lies outside of its days.
    """
    units = AdministrativeUnit.objects.filter(pk__in=[*merger.predecessors, merger.successor or 0])
    list(units.order_by("pk").select_for_update())
    done = preview(merger)
    eve = merger.effective_on - timedelta(days=1)
    successor = done.successor
    if successor.pk is None:
        successor.save()
    relation = Relation.MERGED
    if merger.new is not None and len(done.predecessors) == 1:
        relation = Relation.UNCHANGED
    keys = [unit.pk for unit in done.predecessors]
    AdministrativeUnit.objects.filter(pk__in=keys, valid_to=None).update(valid_to=eve)
    known = set(
        Succession.objects.filter(predecessor__in=keys).values_list("predecessor", flat=True)
    )
    Succession.objects.bulk_create(
        Succession(
            predecessor_id=key,
            successor=successor,
            effective_on=merger.effective_on,
            relation=relation,
            legal_basis=merger.basis,
        )
        for key in keys
        if key not in known
    )
    for office in done.ending:
        last = max(eve, answered.get(office.pk, eve))
        Office.objects.filter(pk=office.pk).update(valid_to=last)
    heir = done.heir
    if heir is None and done.wish is not None:
        (heir,) = begin([done.wish])
    centres = [office.pk for office in done.ending if office.kind == Kind.COMMUNE_CENTRE]
    Office.objects.filter(pk__in=centres).update(heir=heir)
    if heir is not None:
        heir.predecessors.add(*[office.pk for office in done.ending])
    Office.objects.filter(today_unit__in=keys).update(today_unit=successor)
    record(
        "merger.carried_out",
        subject=successor.full_name,
        unit_id=done.province.pk,
        details={
            "now": {
                "day": merger.effective_on.isoformat(),
                "basis": merger.basis,
                "communes": [unit.full_name for unit in done.predecessors],
                "successor": successor.full_name,
                "office": heir.slug if heir else "",
            },
            "size": len(done.moving),
        },
    )
    return done
