"""A new office: what is proposed for a place, what is refused there, how it begins.

proposed = proposal(unit, date(2026, 12, 1))     # kind, name, short name, where it counts
found(Wish.of(proposed), second=False)           # raises ChangeRefused
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self, cast

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.recording import record
from offices.changing.addresses import free, objection_to
from offices.changing.refusal import ChangeRefused, Objection
from offices.models import AdministrativeUnit, Office, Succession
from offices.registry.centres import centre_of, usual_slug
from offices.registry.heirs import Relation, single_heir
from offices.registry.places import place_today

Kind = Office.Kind
Level = AdministrativeUnit.Level

LEVEL_OF = {
    Kind.PROVINCIAL_CENTRE: Level.PROVINCE,
    Kind.DISTRICT_DESK: Level.DISTRICT,
    Kind.COMMUNE_CENTRE: Level.COMMUNE,
    Kind.COMMUNE_DESK: Level.COMMUNE,
}
# Centres took over from desks with the map of 2025 (Nghị định 118/2025/NĐ-CP).
CENTRES_BEGIN = date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an office in a place would usually be."""

    unit: AdministrativeUnit
    kind: Kind
    name: str
    slug: str
    begins: date
    today_unit: AdministrativeUnit


@dataclass(frozen=True, slots=True)
class Wish:
    """An office to be."""

    unit: AdministrativeUnit
    kind: str
    name: str
    slug: str
    begins: date
    ends: date | None = None
    label: str = ""

    @classmethod
    def of(cls, proposed: Proposal) -> Self:
        """The office as it is proposed."""
        last = proposed.unit.valid_to
        return cls(
            proposed.unit, proposed.kind, proposed.name, proposed.slug, proposed.begins, last
        )


def proposal(unit: AdministrativeUnit, today: date) -> Proposal | None:
    """The usual office of a unit; None for the country, in which none stands.

    It begins today, or with the unit where that has not begun or is over.
    """
    if unit.level == Level.COUNTRY:
        return None
    begins = today if unit.days.hold(today) else unit.valid_from
    kind = _kind(unit, begins)
    listed = centre_of(unit.code, unit.valid_from) if kind == Kind.COMMUNE_CENTRE else None
    words = (
        "Trung tâm Phục vụ hành chính công"
        if kind in (Kind.COMMUNE_CENTRE, Kind.PROVINCIAL_CENTRE)
        else "Bộ phận Tiếp nhận và Trả kết quả"
    )
    name = f"{words} {unit.kind} {unit.name}"
    ended = f"-{unit.valid_to:%Y}" if unit.valid_to else ""
    slug = listed.slug if listed else f"{usual_slug(unit.kind, unit.name)}{ended}"
    return Proposal(unit, kind, name, free(slug), begins, place_today(unit))


def _kind(unit: AdministrativeUnit, begins: date) -> Kind:
    if unit.level == Level.PROVINCE:
        return Kind.PROVINCIAL_CENTRE
    if unit.level == Level.DISTRICT:
        return Kind.DISTRICT_DESK
    return Kind.COMMUNE_CENTRE if begins >= CENTRES_BEGIN else Kind.COMMUNE_DESK


def objections(wish: Wish) -> list[Objection]:
    """Everything that is wrong with an office to be; empty if it can begin."""
    found = [*objections_to_place(wish.unit, wish.kind), *objections_to_days(wish)]
    if not wish.name.strip():
        found.append(Objection("name", _("Give the office its name, as it stands at its door.")))
    taken = objection_to(wish.slug)
    if taken:
        found.append(taken)
    same = _of_the_same_kind(wish)
    if same is not None:
        said = _(
            "%(unit)s has an office of this kind at that time: %(office)s. If it really has two, "
            "confirm it."
        )
        given = {"unit": wish.unit.full_name, "office": same.name}
        found.append(Objection("second", said % given, confirmable=True))
    return found


def objections_to_place(unit: AdministrativeUnit, kind: str) -> Iterable[Objection]:
    """Why an office of this kind cannot stand in this unit."""
    wanted = LEVEL_OF.get(Kind(kind)) if kind in Kind.values else None
    if unit.level == Level.COUNTRY:
        yield Objection("unit", _("An office stands in a province, district or commune."))
    elif wanted is None:
        yield Objection("kind", _("Choose what kind of office it is."))
    elif wanted != unit.level:
        said = _("%(unit)s is a %(level)s; an office of this kind stands in a %(wanted)s.")
        words = {
            "unit": unit.full_name,
            "level": str(Level(unit.level).label).lower(),
            "wanted": str(wanted.label).lower(),
        }
        yield Objection("kind", said % words)


def objections_to_days(wish: Wish) -> Iterable[Objection]:
    """Why it cannot be open on these days: an office lives no longer than its unit."""
    unit = wish.unit
    if wish.ends is not None and wish.ends < wish.begins:
        yield Objection("ends", _("The last day must not be before the first day."))
    if wish.begins < unit.valid_from:
        said = _("%(unit)s has existed since %(day)s only. Begin on that day or later.")
        yield Objection("begins", said % _named(unit, unit.valid_from))
    if unit.valid_to is None:
        return
    if wish.begins > unit.valid_to:
        said = _(
            "%(unit)s ended on %(day)s, before the office begins. Choose the unit that exists now: "
            "look for it by its name."
        )
        yield Objection("unit", said % _named(unit, unit.valid_to))
    elif wish.ends is None or wish.ends > unit.valid_to:
        said = _("%(unit)s ended on %(day)s. Its office ended on that day at the latest.")
        yield Objection("ends", said % _named(unit, unit.valid_to))


def _named(unit: AdministrativeUnit, day: date) -> dict[str, str]:
    return {"unit": unit.full_name, "day": f"{day:%d/%m/%Y}"}


def _of_the_same_kind(wish: Wish) -> Office | None:
    there = Office.objects.filter(unit=wish.unit, kind=wish.kind)
    return there.during(wish.begins, wish.ends or date.max).first()


@transaction.atomic
def found(wish: Wish, *, second: bool = False) -> Office:
    """The new office. Raises ChangeRefused; then nothing is stored.

    second: the unit may have two of its kind. Of two people who found the same office at once, the
    second is told of the first one's.
    """
    AdministrativeUnit.objects.select_for_update(no_key=True).get(pk=wish.unit.pk)
    wrong = [one for one in objections(wish) if not (one.confirmable and second)]
    if wrong:
        raise ChangeRefused(wrong)
    try:
        with transaction.atomic():
            (office,) = begin([wish])
    except IntegrityError:
        taken = objection_to(wish.slug)
        if taken is None:
            raise
        raise ChangeRefused([taken]) from None
    record(
        "office.created",
        subject=office.slug,
        office_id=office.pk,
        unit_id=office.unit_id,
        details={"now": summary(office)},
    )
    return office


def begin(wishes: Iterable[Wish]) -> list[Office]:
    """Stores offices that were checked, and what they follow from. In a transaction."""
    offices = Office.objects.bulk_create(
        Office(
            slug=wish.slug,
            name=" ".join(wish.name.split()),
            label=wish.label,
            kind=wish.kind,
            unit=wish.unit,
            valid_from=wish.begins,
            valid_to=wish.ends,
            today_unit=place_today(wish.unit),
        )
        for wish in wishes
    )
    _follow({office.unit_id: office for office in offices})
    return offices


def _follow(new: dict[int, Office]) -> None:
    """Who they follow: the offices of the units that became theirs, and their districts' desks."""
    came = Succession.objects.filter(successor__in=new)
    followed: dict[int, set[int]] = defaultdict(set)
    for old, district, unit in came.values_list("predecessor", "predecessor__parent", "successor"):
        followed[old].add(unit)
        if district is not None:
            followed[district].add(unit)
    became: dict[int, list[tuple[int, Relation]]] = defaultdict(list)
    for old, unit, relation in Succession.objects.filter(
        predecessor__in=came.values("predecessor")
    ).values_list("predecessor", "successor", "relation"):
        became[old].append((unit, cast(Relation, relation)))
    through = Office.predecessors.through
    rows = []
    for office in Office.objects.filter(unit__in=followed, valid_to__isnull=False):
        if office.unit_id not in became and office.kind != Kind.DISTRICT_DESK:
            continue
        units = sorted(followed[office.unit_id])
        rows += [through(from_office_id=new[u].pk, to_office_id=office.pk) for u in units]
        heir = single_heir(became[office.unit_id])
        if heir in new and office.heir_id is None:
            Office.objects.filter(pk=office.pk).update(heir=new[heir])
    through.objects.bulk_create(rows, ignore_conflicts=True)


def summary(office: Office) -> dict[str, str]:
    """An office for the audit."""
    return {
        "slug": office.slug,
        "name": office.name,
        "label": office.label,
        "kind": office.kind,
        "unit": office.unit.full_name,
        "first": office.valid_from.isoformat(),
        "last": office.valid_to.isoformat() if office.valid_to else "",
    }
