"""Marks on a form that say: look twice. They never delete or hide anything by themselves.

A flag is a reason to ask, not a verdict: a person in a hurry who is content with everything is
both fast and straight-lined. What follows from flags is decided by an auditor, by rules with a
reason (`surveys.exclusions`). The judging here is pure; `surveys.intake.submit` does it when a
form is finished and keeps the outcome, because the times it needs are not kept (decision 0008).
"""

from collections.abc import Mapping, Sequence
from enum import IntFlag

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from offices.opening import OpenSpan, is_open_in
from surveys.models import Channel


class Flag(IntFlag):
    """What `Response.flags` is the sum of. The numbers are stored: they never change."""

    TOO_FAST = 1
    STRAIGHT_LINED = 2
    BURST = 4
    AFTER_HOURS = 8
    IDENTICAL_RUN = 16
    ASSISTED = 32
    SUSPICIOUS = 64
    CLOCK_SKEW = 128
    SURGE = 256
    UNSTARTED = 512


NO_FLAG = Flag(0)

NAMES: Mapping[Flag, Promise] = {
    Flag.TOO_FAST: _("answered too fast"),
    Flag.STRAIGHT_LINED: _("the same answer to everything"),
    Flag.BURST: _("many forms in a short time"),
    Flag.AFTER_HOURS: _("outside working hours"),
    Flag.IDENTICAL_RUN: _("identical forms in a row"),
    Flag.ASSISTED: _("filled in with somebody's help"),
    Flag.SUSPICIOUS: _("with marks of a machine"),
    Flag.CLOCK_SKEW: _("sent by a device whose clock was wrong"),
    Flag.SURGE: _("far too many at once"),
    Flag.UNSTARTED: _("sent without our page having been opened"),
}

# Two seconds a question is the usual limit for careless answers (Huang, Curran, Keeney, Poposki &
# DeShon 2012, Journal of Business and Psychology 27: 99-114). Ours are short and share one scale,
# and a flag should be certain rather than complete: half of it.
SECONDS_PER_ANSWER = 1.0
# With fewer answers honest people agree with themselves and with each other by chance all the
# time: a form of six questions is never straight-lined and never part of an identical run.
TELLING_ANSWERS = 8
# The fifth form within three minutes at one desk: less than 45 seconds each, with the change of
# persons in it. Two people with two phones at one desk do not get there.
BURST_FORMS = 5
BURST_SECONDS = 180.0
# Two equal forms in a row are chance, often a couple; the third is flagged.
RUN_FORMS = 3
# Forms further apart than this are not "in a row", whatever came between at another process.
RUN_SECONDS = 3600.0

# One desk or one device. A telephone alone is not: the poster in the hall is there for everybody
# at once, and piles of paper are always typed in one after the other.
DESK_CHANNELS = frozenset({Channel.PHONE, Channel.TABLET})
# Somebody else holds the pen, or reads the questions out.
HELPED_CHANNELS = frozenset({Channel.PAPER, Channel.INTERVIEW})


def is_too_fast(seconds: float | None, answered: int) -> bool:
    """Whether `answered` criteria were answered in less time than reading them takes.

    seconds: from seeing the first page to the finish; None or negative (a clock was set): unknown,
    which is never too fast.
    """
    return seconds is not None and 0.0 <= seconds < SECONDS_PER_ANSWER * answered


def is_straight_lined(answers: Sequence[int]) -> bool:
    """Whether all answers are the same, and enough of them to mean something.

    answers: those on the five levels only; blank and "don't know" are left out before.
    """
    return len(answers) >= TELLING_ANSWERS and len(set(answers)) == 1


def is_after_hours(hour: int, spans: Sequence[OpenSpan]) -> bool:
    """Whether a form came in an hour in which the office is not open at all.

    spans: when the office is open on that day; none at a weekend or on a holiday
    (`offices.opening.spans_on`). By the whole hour (0-23), as it is kept: 17:40 counts as open
    where an office closes at 17:30, because a flag that told the halves of an hour apart would be
    a time finer than the hour.
    """
    return not is_open_in(hour, spans)


def is_burst(earlier: Sequence[float], now: float) -> bool:
    """Whether a form finished at `now` is at least the fifth of its desk in three minutes.

    earlier: when the desk's forms before it were finished, in seconds; those after `now` are
    another clock's and do not count.
    """
    recent = sum(0.0 <= now - moment <= BURST_SECONDS for moment in earlier)
    return recent >= BURST_FORMS - 1


def is_identical_run(earlier: Sequence[tuple[float, bytes]], now: float, own: bytes) -> bool:
    """Whether a form is at least the third equal one in a row.

    earlier: seconds and digest of the forms before it at the same place, oldest first; own: the
    digest of this one.
    """
    before = earlier[-(RUN_FORMS - 1) :]
    return len(before) == RUN_FORMS - 1 and all(
        digest == own and 0.0 <= now - moment <= RUN_SECONDS for moment, digest in before
    )


def is_assisted(channel: Channel, said: bool) -> bool:
    """Whether a relative or an official helped: the channel implies it, or somebody said so."""
    return said or channel in HELPED_CHANNELS


def is_one_desk(channel: Channel, has_counter: bool) -> bool:
    """Whether forms of this channel come from one desk or device, so that bursts can be told."""
    return channel in DESK_CHANNELS and (has_counter or channel is Channel.TABLET)


def names_of(flags: Flag) -> list[str]:
    """The names of these flags in the reader's language, in the order of the flags."""
    return [str(NAMES[flag]) for flag in Flag if flag in flags]
