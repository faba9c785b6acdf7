"""Days on which a country or province departs from the official list."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.recording import record
from offices.calendar import exception_on, is_working_day
from offices.changing.refusal import ChangeRefused, Objection
from offices.models import AdministrativeUnit, Holiday

Level = AdministrativeUnit.Level
PLACES = (Level.COUNTRY, Level.PROVINCE)


@transaction.atomic
def add(unit: AdministrativeUnit, day: date, *, works: bool, why: str) -> Holiday:
    """The day is off, or worked. Raises ChangeRefused where it would change nothing.

    What was computed before, such as the day by which a remark is answered, stays as it is.
    """
    why = " ".join(why.split())
    wrong = []
    if unit.level not in PLACES:
        wrong.append(Objection("day", _("Only the country and provinces decide days off.")))
    if not why:
        wrong.append(Objection("why", _("Say why, with the decision's number if there is one.")))
    if is_working_day(day) == works and exception_on(day) is None and unit.level == Level.COUNTRY:
        said = _("%(day)s is worked anyway.") if works else _("%(day)s is a day off anyway.")
        wrong.append(Objection("day", said % {"day": f"{day:%d/%m/%Y}"}))
    if Holiday.objects.filter(unit=unit, day=day).exists():
        said = _("%(day)s has been decided already. Remove that first.")
        wrong.append(Objection("day", said % {"day": f"{day:%d/%m/%Y}"}))
    if wrong:
        raise ChangeRefused(wrong)
    try:
        with transaction.atomic():
            made = Holiday.objects.create(unit=unit, day=day, works=works, why=why)
    except IntegrityError:
        said = _("Somebody else has just decided about %(day)s. Look at the list.")
        raise ChangeRefused([Objection("day", said % {"day": f"{day:%d/%m/%Y}"})]) from None
    _record("holiday.created", made, "now")
    return made


@transaction.atomic
def remove(unit: AdministrativeUnit, key: int) -> None:
    """The day is again what the official list says. Gone already: nothing happens."""
    found = Holiday.objects.select_for_update(of=("self",)).filter(unit=unit, pk=key).first()
    if found is not None:
        _record("holiday.removed", found, "was")
        found.delete()


def _record(action: str, holiday: Holiday, when: str) -> None:
    said = {"day": holiday.day.isoformat(), "works": holiday.works, "why": holiday.why}
    record(
        action,
        subject=holiday.day.isoformat(),
        unit_id=holiday.unit_id,
        details={when: said},
    )
