"""On which day somebody answered, by a clock that may be wrong, or lie."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from offices.closing import in_closed_month

# All in milliseconds. Sent this soon, an answer comes from the person's hand at once: when it came
# is when it was given.
AT_ONCE = 2 * 60_000
# A clock that is off by more is said to be wrong; what it tells is corrected all the same.
TOLERATED = 10 * 60_000
# Nothing waits longer than two years; what claims to has a clock without a battery.
OLDEST = 2 * 366 * 24 * 60 * 60_000

# For so many days a device may have been without network for its day to be believed.
PHONE_DAYS = 7
TABLET_DAYS = 30


@dataclass(frozen=True, slots=True)
class Answered:
    """day: None if the answer came at once; skewed: whether the clock was wrong."""

    day: date | None
    skewed: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """Between which days an answer was given, by what we signed; both count.

    days: no day is believed that is longer ago. reaches_closed: whether one of a closed month is.
    """

    first: date
    last: date
    days: int
    reaches_closed: bool = False

    def holds(self, day: date, today: date) -> bool:
        """Whether an answer that comes today may be of this day."""
        return (
            self.first <= day <= self.last
            and (today - day).days <= self.days
            and (self.reaches_closed or not in_closed_month(day))
        )


def answered(at: int, sent: int | None, now: datetime, earliest: date) -> Answered:
    """When an answer was given that a device dates `at`, and delivers when its clock says `sent`.

    at, sent: milliseconds since 1970 by the device's clock; sent is None if a file was brought
    instead. now: ours, in local time. earliest: no answer can be older. How far the clock is ahead
    shows in the delivery and is taken off; a day that cannot be is replaced by today.
    """
    ours = round(now.timestamp() * 1000)
    skewed = sent is not None and abs(sent - ours) > TOLERATED
    age = (ours if sent is None else sent) - at
    if not -AT_ONCE <= age <= OLDEST:
        return Answered(now.date(), True)
    if sent is not None and age <= AT_ONCE:
        return Answered(None, skewed)
    day = (now - timedelta(milliseconds=max(age, 0))).date()
    return Answered(day, skewed) if day >= earliest else Answered(now.date(), True)


def believed(when: Answered, today: date, proof: Proof | None) -> Answered:
    """The same with the day that counts: the claimed one where that is proved, else today.

    Whoever cannot be asked may say any day, so a day is believed inside what something of ours
    proves, for a phone and a tablet as long as each may have been away. A phone never reaches a
    closed month; a tablet speaks for an office, and what it brings of one waits for its quarter.
    """
    if when.day is None or (proof is not None and proof.holds(when.day, today)):
        return when
    return replace(when, day=today)
