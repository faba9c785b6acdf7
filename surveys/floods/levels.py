"""Which evidence counts at an office in a year: set from above, taken over into the next."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from audit.actors import official
from audit.recording import record
from offices.access import Missing, may_from_above
from offices.closing import in_closed_month
from offices.locks import Lock, wait_for
from offices.models import Office, User
from offices.rights import Action
from surveys.exclusions.steps import apply_to_days
from surveys.models import SHORTEST_REASON, EvidenceLevel, Tablet
from surveys.remarks.text import one_line

Level = EvidenceLevel.Level


class LevelNotSet(Exception):
    """Nothing was changed: the year has a closed month, or the reason is no sentence."""


def level_of(office_id: int, year: int) -> Level:
    """The level of a year; without a decision all forms count."""
    found = EvidenceLevel.objects.filter(office=office_id, year=year).values_list("level")
    return Level(found[0][0]) if found else Level.C


def may_set(year: int, office: Office | None = None) -> bool:
    """Whether the level of a year may still be set: before its first month closes.

    office: one that began within the year has a first month of its own.
    """
    first = date(year, 1, 1)
    return not in_closed_month(max(first, office.valid_from) if office else first)


@transaction.atomic
def set_level(office: Office, year: int, level: Level, reason: str, by: User) -> EvidenceLevel:
    """Says which forms count in a year of which no month is closed, also of those that are there.

    Raises LevelNotSet, and Missing for anyone who does not set policies above the office's unit.
    """
    if not may_from_above(by, Action.MANAGE_POLICIES, office):
        raise Missing(Action.MANAGE_POLICIES, office)
    wait_for(Lock.OFFICE_COUNT, office.pk, also=Lock.EXCLUSIONS)
    cleaned = one_line(reason)
    if not may_set(year, office) or len(cleaned) < SHORTEST_REASON:
        raise LevelNotSet
    before = level_of(office.pk, year)
    made, _ = EvidenceLevel.objects.update_or_create(
        office=office,
        year=year,
        defaults={"level": level, "reason": cleaned, "set_by": by, "set_at": timezone.now()},
    )
    apply_to_days(office.pk, date(year, 1, 1), date(year, 12, 31))
    record(
        "evidence.level",
        subject=f"{year}",
        office_id=office.pk,
        details={"before": before.name, "level": level.name},
        by=official(by),
    )
    return made


def take_over(today: date) -> int:
    """Gives offices that began this year the level of those they came from; returns how many.

    The weakest of these, so that nothing is left aside that counted at any of them. Only before
    their first month closes, and where nobody above has said otherwise.
    """
    year = today.year
    new = Office.objects.filter(
        valid_from__range=(date(year, 1, 1), today), predecessors__evidence_levels__isnull=False
    ).exclude(evidence_levels__year=year)
    made = []
    for office in new.distinct().prefetch_related("predecessors"):
        if in_closed_month(office.valid_from):
            continue
        last = (office.valid_from - timedelta(days=1)).year
        level = max(level_of(one.pk, last) for one in office.predecessors.all())
        if level != Level.C:
            made.append(_give(office.pk, year, level))
    return len(made)


def _give(office_id: int, year: int, level: Level) -> EvidenceLevel:
    """A level that nobody set, for all forms of the year that are there."""
    with transaction.atomic():
        wait_for(Lock.OFFICE_COUNT, office_id, also=Lock.EXCLUSIONS)
        made = EvidenceLevel(office_id=office_id, year=year, level=level, set_at=timezone.now())
        EvidenceLevel.objects.bulk_create([made], ignore_conflicts=True)
        apply_to_days(office_id, date(year, 1, 1), date(year, 12, 31))
        return made


def begin_year(year: int) -> int:
    """Gives each office its level of a year that begins; returns how many got one.

    That of the year before; without one B where a tablet takes answers, else none, which is C.
    Levels that were set are kept.
    """
    last = EvidenceLevel.objects.filter(year=year - 1).values_list("office", "level")
    levels = dict.fromkeys(
        Tablet.objects.filter(paired_on__lt=date(year, 1, 1), revoked_on=None)
        .values_list("office", flat=True)
        .distinct(),
        Level.B.value,
    ) | dict(last)
    set_already = set(EvidenceLevel.objects.filter(year=year).values_list("office", flat=True))
    made = [
        EvidenceLevel(office_id=office, year=year, level=level, set_at=timezone.now())
        for office, level in sorted(levels.items())
        if office not in set_already
    ]
    EvidenceLevel.objects.bulk_create(made, ignore_conflicts=True)
    for one in made:
        with transaction.atomic():
            wait_for(Lock.OFFICE_COUNT, one.office_id, also=Lock.EXCLUSIONS)
            apply_to_days(one.office_id, date(year, 1, 1), date(year, 12, 31))
    return len(made)
