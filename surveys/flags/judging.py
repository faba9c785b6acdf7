"""Judges a form the moment it is finished: what it says, and what came just before it here.

One whose first answer counts alone is judged with that answer too: it may stay all that is said.
"""

from dataclasses import dataclass
from datetime import datetime

from offices.opening import OpenSpan
from surveys.flags import rules
from surveys.flags.recent import Recent
from surveys.flags.rules import NO_FLAG, Flag
from surveys.models import Channel

_recent = Recent()


@dataclass(frozen=True, slots=True)
class FinishedForm:
    """What judging needs of a form.

    packed: all its bytes; levels: the answers, 1 to 5, to satisfaction criteria that have one;
    seconds: how long the person took, None if nobody knows; kept_back: it was sent later than
    it was answered; clock_was_wrong: that of the device; suspicious, surge, started: see
    `surveys.intake.submit.Submission`; moment: when it reached us, in local time;
    open_spans: when its office is open on that day; finished: else only begun, with an answer that
    counts alone.
    """

    office_id: int
    counter_id: int | None
    channel: Channel
    instrument_id: int
    packed: bytes
    levels: list[int]
    seconds: float | None
    assisted: bool
    kept_back: bool
    clock_was_wrong: bool
    suspicious: bool
    surge: bool
    started: bool | None
    moment: datetime
    open_spans: tuple[OpenSpan, ...]
    finished: bool = True

    @property
    def place(self) -> tuple[int, int | None, int]:
        """Whose forms follow one another; those that were begun for themselves."""
        channel = self.channel.value
        return self.office_id, self.counter_id, channel if self.finished else ~channel


def judge(form: FinishedForm) -> Flag:
    """The flags of a form. Judging remembers nothing, so a form may be judged twice."""
    flags = NO_FLAG
    if rules.is_too_fast(form.seconds, len(form.levels)):
        flags |= Flag.TOO_FAST
    if rules.is_straight_lined(form.levels):
        flags |= Flag.STRAIGHT_LINED
    if rules.is_assisted(form.channel, form.assisted):
        flags |= Flag.ASSISTED
    if form.clock_was_wrong:
        flags |= Flag.CLOCK_SKEW
    if form.suspicious:
        flags |= Flag.SUSPICIOUS
    if form.surge:
        flags |= Flag.SURGE
    if form.started is False:
        flags |= Flag.UNSTARTED
    before, now = _recent.before(form.place), form.moment.timestamp()
    own = _recent.digest(form.instrument_id, form.packed)
    telling = len(form.levels) >= rules.TELLING_ANSWERS
    if telling and rules.is_identical_run(before, now, own):
        flags |= Flag.IDENTICAL_RUN
    # When a form came tells something only if it came from the person's hand at once.
    if form.kept_back or form.channel is Channel.PAPER:
        return flags
    if rules.is_after_hours(form.moment.hour, form.open_spans):
        flags |= Flag.AFTER_HOURS
    desk = rules.is_one_desk(form.channel, form.counter_id is not None)
    if desk and rules.is_burst([at for at, _ in before], now):
        flags |= Flag.BURST
    return flags


def remember(form: FinishedForm) -> None:
    """Notes a form that was stored, for those after it. Not for repeats."""
    digest = _recent.digest(form.instrument_id, form.packed)
    _recent.remember(form.place, form.moment.timestamp(), digest)
