"""All offices of a province at once, as the registry proposes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from audit.recording import record
from offices.changing.addresses import objection_to
from offices.changing.founding import Kind, Wish, begin, objections_to_days
from offices.changing.refusal import ChangeRefused, Objection
from offices.models import AdministrativeUnit, Office, OfficeAddress
from offices.registry.centres import centre_of

Level = AdministrativeUnit.Level


@dataclass(frozen=True, slots=True)
class Conflict:
    """An office that cannot begin as it is proposed."""

    wish: Wish
    sentence: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What would begin, what is there, what stands in the way."""

    province: AdministrativeUnit
    begins: date
    new: Sequence[Wish]
    there: Sequence[Office]
    conflicts: Sequence[Conflict]


def plan(province: AdministrativeUnit, begins: date) -> Plan:
    """What a press would do. A commune that has a centre keeps it, whatever it is called.

    Raises ChangeRefused for what is no province of today's map.
    """
    if province.level != Level.PROVINCE or province.valid_to is not None:
        said = _("Choose a province of today's map.")
        raise ChangeRefused([Objection("unit", said)])
    if begins < province.valid_from:
        said = _("%(unit)s has existed since %(day)s only. Begin on that day or later.")
        given = {"unit": province.full_name, "day": f"{province.valid_from:%d/%m/%Y}"}
        raise ChangeRefused([Objection("begins", said % given)])
    communes = AdministrativeUnit.objects.filter(parent=province, valid_to=None)
    centres = Office.objects.filter(unit__in=communes, kind=Kind.COMMUNE_CENTRE)
    there = list(centres.filter(valid_to=None).select_related("unit").order_by("name_key"))
    having = {office.unit_id for office in there}
    wishes = [
        Wish(unit, row.kind, row.name, row.slug, max(begins, unit.valid_from))
        for unit in communes.order_by("name_key")
        if unit.pk not in having and (row := centre_of(unit.code, unit.valid_from)) is not None
    ]
    slugs = [wish.slug for wish in wishes]
    taken = set(Office.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    taken |= set(OfficeAddress.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    still = set(centres.filter(valid_to__gte=begins).values_list("unit", flat=True))
    new, conflicts = [], []
    for wish in wishes:
        sentences = [str(one.sentence) for one in objections_to_days(wish)]
        if wish.slug in taken:
            found = objection_to(wish.slug)
            sentences += [str(found.sentence)] if found else []
        if wish.unit.pk in still:
            sentences.append(_("Its centre is open until after the first day chosen here."))
        if sentences:
            conflicts.append(Conflict(wish, " ".join(sentences)))
        else:
            new.append(wish)
    return Plan(province, begins, new, there, conflicts)


@transaction.atomic
def found_all(province: AdministrativeUnit, begins: date) -> list[Office]:
    """All offices of the plan, or none: raises ChangeRefused while anything stands in the way.

    Pressed twice, also at once, the second finds nothing left to do.
    """
    AdministrativeUnit.objects.select_for_update(no_key=True).get(pk=province.pk)
    units = AdministrativeUnit.objects.filter(parent=province, valid_to=None)
    list(units.order_by("pk").select_for_update(no_key=True))
    planned = plan(province, begins)
    if planned.conflicts:
        raise ChangeRefused(
            [Objection("", f"{one.wish.name}: {one.sentence}") for one in planned.conflicts]
        )
    if not planned.new:
        return []
    offices = begin(planned.new)
    record(
        "offices.created",
        subject=province.full_name,
        unit_id=province.pk,
        details={
            "size": len(offices),
            "now": {"first": begins.isoformat(), "slugs": [office.slug for office in offices]},
        },
    )
    return offices
