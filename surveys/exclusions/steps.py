"""Leaving forms out of the count by rules, and taking them in again.

    preview(rule)                    # how many it would take out, at least; or why it may not
    exclude(rule, reason, auditor)   # from now on, and for what arrives later
    lift(exclusion_id, reason, auditor)

`Response.excluded` says, for every closed form, whether an active rule matches it or it stands
aside (`surveys.exclusions.aside`). Making and lifting a rule bring it up to date at once and mark
the touched days for counting; forms that arrive later are brought up to date by the recount
(`apply_exclusions`), so that sending an answer needs no further statement.

Nobody sees single forms, nor may the difference that a rule makes show them: it takes out at
least ten people or is refused, also in comparison with what earlier rules of the office left out;
decision 0009 says what this stops and what it does not.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.db import connection, transaction
from django.utils import timezone

from audit.actors import official
from audit.recording import record
from offices.access import require
from offices.closing import in_closed_month
from offices.locks import Lock, wait_for
from offices.models import Office, User
from offices.rights import Action
from surveys.exclusions.aside import ASIDE
from surveys.exclusions.rules import Cell, Rule, counts_by_difference, meant_by, states_of
from surveys.flags.rules import Flag
from surveys.labels import CHANNEL, FLAGS, READABLE, opener
from surveys.models import SHORTEST_REASON, Channel, Exclusion
from surveys.models.standing import FINISHED, STANDING
from surveys.remarks.text import one_line

# The policy's minimum and batch (reports.counting.policy.POLICY); a test holds them together.
FEWEST_PEOPLE = 10


class ExclusionObstacle(Enum):
    """Why a rule or its lifting is refused."""

    WRONG_DAYS = "wrong_days"
    SHORT_REASON = "short_reason"
    TOO_FEW = "too_few"
    TOO_CLOSE = "too_close"
    LIFTED = "lifted"
    CLOSED = "closed"


class ExclusionNotPossible(Exception):
    """Nothing was changed; `obstacle` says why."""

    def __init__(self, obstacle: ExclusionObstacle) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would do. `people`: how many more it would leave out, rounded down to tens.

    None if it may not be made, for the reason `obstacle`. Rounded, because the difference of
    two previews, which leave no trace, would otherwise say whether one form has a flag.
    """

    people: int | None
    obstacle: ExclusionObstacle | None


# Whether the rule `e` means the form `r`; `surveys.exclusions.rules.matches` says it in Python.
MEANT = f"""
e.office_id = r.office_id
      AND r.day BETWEEN e.first_day AND e.last_day
      AND (e.flags = 0 OR e.flags & {FLAGS} <> 0)
      AND (e.channel IS NULL OR e.channel = {CHANNEL})
      AND (e.counter_id IS NULL OR e.counter_id = r.counter_id)
"""

RULED_OUT = f"""
EXISTS (SELECT 1 FROM surveys_exclusion e WHERE e.lifted_at IS NULL AND {MEANT})
"""  # noqa: S608 - constants of this module

# The definition of `Response.excluded`.
LEFT_OUT = f"({RULED_OUT} OR {ASIDE})"

# One statement for any number of days and rules: the ORM would read the forms first.
APPLY = f"""
UPDATE surveys_response r SET excluded = NOT r.excluded
WHERE r.office_id = %(office)s AND r.day = ANY(%(days)s) AND {FINISHED} AND {READABLE}
  AND r.excluded <> {LEFT_OUT}
"""  # noqa: S608 - constants of this module

APPLY_AND_MARK = f"""
WITH changed AS (
    UPDATE surveys_response r SET excluded = NOT r.excluded
    WHERE r.office_id = %(office)s AND r.day BETWEEN %(first)s AND %(last)s AND {FINISHED}
      AND r.excluded <> {LEFT_OUT}
    RETURNING r.office_id, r.day
)
INSERT INTO surveys_mark (office_id, day) SELECT DISTINCT office_id, day FROM changed
"""  # noqa: S608 - constants of this module

# Only whoever stands in figures, and not aside, makes a difference to them.
CELLS = f"""
SELECT r.instrument_id, r.day, {CHANNEL}, r.counter_id, {FLAGS}, count(*)::int
FROM surveys_response r
WHERE r.office_id = %(office)s AND r.day BETWEEN %(first)s AND %(last)s AND {STANDING}
  AND NOT {ASIDE}
GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608 - constants of this module


def apply_exclusions(office_id: int, days: Collection[date], key: bytes | None = None) -> None:
    """Brings `Response.excluded` of these days up to date; doing it again changes nothing.

    key: opens folded labels; without it forms that have such ones stay as they are. For the
    recount, inside its transaction and before it touches responses itself. Whoever calls holds
    Lock.EXCLUSIONS of the office, which keeps off whoever is making or lifting a rule.
    """
    if not days:
        return
    with connection.cursor() as cursor:
        cursor.execute(APPLY, {"office": office_id, "days": list(days), "opener": key})


def apply_to_days(office_id: int, first: date, last: date) -> None:
    """Brings `Response.excluded` of these days up to date and marks those that change.

    Must run in a transaction under the office's locks OFFICE_COUNT and EXCLUSIONS.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            APPLY_AND_MARK,
            {"office": office_id, "first": first, "last": last, "opener": opener(office_id)},
        )


def preview(rule: Rule) -> Preview:
    """What making this rule would do now. Changes nothing."""
    try:
        _check_days(rule)
        return Preview(_newly_excluded(rule) // 10 * 10, None)
    except ExclusionNotPossible as refused:
        return Preview(None, refused.obstacle)


def exclude(rule: Rule, reason: str, by: User, *, approved: int | None = None) -> Exclusion:
    """Makes the rule and leaves out what it matches; the touched days are counted again.

    approved: the proposal by which two persons change a closed month; without it that is refused.
    Raises NotPossible, and Missing for anyone who is not an auditor of the office.
    """
    _check_auditor(by, rule.office_id)
    _check_days(rule)
    reason = _checked_reason(reason)
    with transaction.atomic():
        wait_for(Lock.EXCLUSIONS, rule.office_id)
        _check_closed(rule, approved)  # only now: the night may have closed it while we waited
        _newly_excluded(rule)
        made = Exclusion.objects.create(
            office_id=rule.office_id,
            first_day=rule.first_day,
            last_day=rule.last_day,
            flags=rule.flags.value,
            channel=rule.channel.value if rule.channel else None,
            counter_id=rule.counter_id,
            reason=reason,
            made_by=by,
            made_at=timezone.now(),
        )
        _apply_and_mark(made)
        _record("exclusion.make", made, by, approved)
    return made


def lift(exclusion_id: int, reason: str, by: User, *, approved: int | None = None) -> Exclusion:
    """Takes in again what only this rule left out; the rule stays to be read.

    Never refused for numbers, so that a mistake can always be undone; shown figures follow only
    with the changes of at least ten people. approved: as for `exclude`. Raises NotPossible (also
    where it is lifted already), Exclusion.DoesNotExist, and Missing for anyone who is not an
    auditor of the office.
    """
    office_id = Exclusion.objects.values_list("office_id", flat=True).get(pk=exclusion_id)
    _check_auditor(by, office_id)
    reason = _checked_reason(reason)
    with transaction.atomic():
        wait_for(Lock.EXCLUSIONS, office_id)
        lifted = Exclusion.objects.get(pk=exclusion_id)
        if lifted.lifted_at is not None:
            raise ExclusionNotPossible(ExclusionObstacle.LIFTED)
        _check_closed(rule_of(lifted), approved)
        lifted.lifted_by, lifted.lifted_at = by, timezone.now()
        lifted.lifting_reason = reason
        lifted.save(update_fields=["lifted_by", "lifted_at", "lifting_reason"])
        _apply_and_mark(lifted)
        _record("exclusion.lift", lifted, by, approved)
    return lifted


def rule_of(exclusion: Exclusion) -> Rule:
    """The rule that stands in the database."""
    return Rule(
        office_id=exclusion.office_id,
        first_day=exclusion.first_day,
        last_day=exclusion.last_day,
        flags=Flag(exclusion.flags),
        channel=Channel(exclusion.channel) if exclusion.channel is not None else None,
        counter_id=exclusion.counter_id,
    )


def _apply_and_mark(exclusion: Exclusion) -> None:
    apply_to_days(exclusion.office_id, exclusion.first_day, exclusion.last_day)


def _check_auditor(user: User, office_id: int) -> None:
    require(user, Action.EXCLUDE, Office.objects.get(pk=office_id))


def _check_closed(rule: Rule, approved: int | None) -> None:
    """One auditor changes open months; what a closed one says is changed by two persons."""
    if approved is None and in_closed_month(rule.first_day):
        raise ExclusionNotPossible(ExclusionObstacle.CLOSED)


def _record(action: str, exclusion: Exclusion, by: User, approved: int | None) -> None:
    record(
        action,
        subject=f"{exclusion.pk}",
        office_id=exclusion.office_id,
        details={
            "first_day": f"{exclusion.first_day}",
            "last_day": f"{exclusion.last_day}",
            "flags": exclusion.flags,
            "channel": exclusion.channel,
            "counter": exclusion.counter_id,
            "approved": approved,
        },
        by=official(by),
    )


def _check_days(rule: Rule) -> None:
    """A rule is about what has been seen, so it reaches no further than today."""
    if not rule.first_day <= rule.last_day <= timezone.localdate():
        raise ExclusionNotPossible(ExclusionObstacle.WRONG_DAYS)


def _checked_reason(reason: str) -> str:
    cleaned = one_line(reason)
    if len(cleaned) < SHORTEST_REASON:
        raise ExclusionNotPossible(ExclusionObstacle.SHORT_REASON)
    return cleaned


def _newly_excluded(rule: Rule) -> int:
    """How many people the rule leaves out besides those that are left out already.

    Raises NotPossible where there are too few of them, or where what would be left out now and
    what was left out at some time before differ by too few; either for any questionnaire alone,
    because each has figures of its own.
    """
    earlier = Exclusion.objects.filter(office_id=rule.office_id)
    history = [
        (rule_of(exclusion), exclusion.made_at, exclusion.lifted_at) for exclusion in earlier
    ]
    present = {standing for standing, _, lifted_at in history if lifted_at is None}
    planned = present | {rule}
    known = [rule, *(past for past, *_ in history)]
    meant = meant_by(_cells(known), known)
    new = counts_by_difference(meant, present, planned)
    if sum(new.values()) < FEWEST_PEOPLE or _shows_few(new.values()):
        raise ExclusionNotPossible(ExclusionObstacle.TOO_FEW)
    for state in states_of(history):
        if _shows_few(counts_by_difference(meant, state, planned).values()):
            raise ExclusionNotPossible(ExclusionObstacle.TOO_CLOSE)
    return sum(new.values())


def _shows_few(differences: Collection[int]) -> bool:
    return any(0 < people < FEWEST_PEOPLE for people in differences)


def _cells(rules: Sequence[Rule]) -> list[Cell]:
    first, last = min(r.first_day for r in rules), max(r.last_day for r in rules)
    office = rules[0].office_id
    with connection.cursor() as cursor:
        cursor.execute(
            CELLS,
            {"office": office, "first": first, "last": last, "opener": opener(office)},
        )
        return [
            Cell(instrument, day, Channel(channel), counter, Flag(flags), people)
            for instrument, day, channel, counter, flags, people in cursor.fetchall()
        ]
