"""What changes of an office that is there: its name, its word in the questions, its days, its
short name.
"""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.recording import record
from offices.changing.addresses import objection_to
from offices.changing.founding import Wish, objections_to_days, summary
from offices.changing.refusal import ChangeRefused, Objection
from offices.models import Office


@dataclass(frozen=True, slots=True)
class Facts:
    """What a form says of an office."""

    name: str
    label: str
    begins: date
    ends: date | None


@transaction.atomic
def change(key: int, facts: Facts) -> Office:
    """The office as it is now. Raises ChangeRefused; nothing is recorded where nothing changes."""
    office = Office.objects.select_for_update(of=("self",)).select_related("unit").get(pk=key)
    was = summary(office)
    wish = Wish(office.unit, office.kind, facts.name, office.slug, facts.begins, facts.ends)
    wrong = list(objections_to_days(wish))
    if not facts.name.strip():
        wrong.append(Objection("name", _("Give the office its name, as it stands at its door.")))
    if wrong:
        raise ChangeRefused(wrong)
    office.name = " ".join(facts.name.split())
    office.label = " ".join(facts.label.split())
    office.valid_from, office.valid_to = facts.begins, facts.ends
    now = summary(office)
    if now == was:
        return office
    office.save(update_fields=["name", "label", "valid_from", "valid_to"])
    differs = [name for name in now if now[name] != was[name]]
    record(
        "office.changed",
        subject=office.slug,
        office_id=office.pk,
        unit_id=office.unit_id,
        details={
            "was": {name: was[name] for name in differs},
            "now": {name: now[name] for name in differs},
        },
    )
    return office


@transaction.atomic
def rename(key: int, slug: str) -> Office:
    """Gives the office another short name; the one before leads to it for ever.

    Raises ChangeRefused. A caller that knows reasons against it, such as a release that names the
    office, looks for them after this, in the same transaction: from here on nobody else can come in
    between.
    """
    office = Office.objects.select_for_update().get(pk=key)
    was = office.slug
    if slug == was:
        return office
    wrong = objection_to(slug, key)
    if wrong is not None:
        raise ChangeRefused([wrong])
    office.slug = slug
    try:
        with transaction.atomic():
            office.save(update_fields=["slug"])  # the database keeps the former one
    except IntegrityError:
        taken = objection_to(slug, key)
        if taken is None:
            raise
        raise ChangeRefused([taken]) from None
    record(
        "office.renamed",
        subject=slug,
        office_id=office.pk,
        unit_id=office.unit_id,
        details={"was": {"slug": was}, "now": {"slug": slug}},
    )
    return office
