"""What simulated people do at an office, and how they fill in a form. Assumptions, all of them.

Nothing here is measured: the shares are set so that pages look as they would in a real commune.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from surveys.models import Channel, Stage


@dataclass(frozen=True, slots=True)
class FieldHabit:
    """One field of administration.

    visits: how often in relation to the others; shift: satisfaction against the office's own, in
    probits; waiting, refused, organisations: shares of the visits.
    """

    visits: float
    shift: float
    waiting: float
    refused: float
    organisations: float = 0.02


# By the beginning of the field's name; the first that fits.
FIELDS: Mapping[str, FieldHabit] = {
    "Chứng thực": FieldHabit(0.34, 0.18, 0.01, 0.01, organisations=0.08),
    "Hộ tịch (liên thông)": FieldHabit(0.06, 0.12, 0.08, 0.01, organisations=0.0),
    "Hộ tịch": FieldHabit(0.26, 0.08, 0.05, 0.01, organisations=0.0),
    "Đăng ký quản lý cư trú": FieldHabit(0.1, 0.0, 0.1, 0.02),
    "Đất đai": FieldHabit(0.1, -0.5, 0.35, 0.06, organisations=0.06),
    "Đăng ký biện pháp bảo đảm": FieldHabit(0.04, -0.2, 0.2, 0.02, 0.1),
    "Hộ kinh doanh": FieldHabit(0.05, 0.05, 0.12, 0.03, organisations=0.35),
    "Thành lập": FieldHabit(0.03, 0.05, 0.12, 0.03, organisations=0.6),
    "Bảo trợ xã hội": FieldHabit(0.05, -0.1, 0.25, 0.05, organisations=0.0),
    "Hoạt động xây dựng": FieldHabit(0.02, -0.35, 0.25, 0.08, organisations=0.15),
}
OTHER_FIELD = FieldHabit(0.02, 0.0, 0.1, 0.02)
# Those who do not say which procedure it was.
NO_PROCEDURE = FieldHabit(0.05, -0.05, 0.08, 0.02)


def habit_of(field_name: str) -> FieldHabit:
    """The habit of a field, by the beginning of its name."""
    return next(
        (habit for start, habit in FIELDS.items() if field_name.startswith(start)), OTHER_FIELD
    )


# Satisfaction of those whose dossier stands so, against those who have their result, in probits.
STAGE_SHIFTS: Mapping[Stage, float] = {
    Stage.UNKNOWN: 0.0,
    Stage.RECEIVED: 0.0,
    Stage.REFUSED: -0.9,
    Stage.WAITING: -0.25,
}
STAGE_NOT_SAID = 0.04


@dataclass(frozen=True, slots=True)
class ChannelHabit:
    """One way of answering: its share, and whose form has gaps or is left before its end."""

    share: float
    skipping: float
    leaving: float


CHANNELS: Mapping[Channel, ChannelHabit] = {
    Channel.PHONE: ChannelHabit(0.42, skipping=0.05, leaving=0.1),
    Channel.TABLET: ChannelHabit(0.27, skipping=0.04, leaving=0.07),
    Channel.INVITATION: ChannelHabit(0.08, skipping=0.04, leaving=0.05),
    Channel.PAPER: ChannelHabit(0.15, skipping=0.22, leaving=0.0),
    Channel.INTERVIEW: ChannelHabit(0.04, skipping=0.01, leaving=0.0),
    Channel.PORTAL: ChannelHabit(0.04, skipping=0.04, leaving=0.05),
}
# A whole form sent at once, not page by page.
ONE_STEP = frozenset({Channel.PAPER, Channel.INTERVIEW})

# Blank answers of those who skip and of those who do not.
SKIPPED, OVERLOOKED = 0.18, 0.003
# "Don't know", by the factor's code: few have ever complained (E).
DONT_KNOW: Mapping[str, float] = {"E": 0.12, "D": 0.015}
DONT_KNOW_ELSEWHERE = 0.008

LANGUAGES: Mapping[str, float] = {"vi": 0.955, "km": 0.035, "en": 0.01}
RESPONDENT_NOT_SAID = 0.05

# How criteria differ within every office, in probits, by the factor's code.
FACTOR_PROFILE: Mapping[str, float] = {"A": 0.05, "B": 0.1, "C": 0.12, "D": 0.0, "E": -0.3}
# How far a person's answers hang together: the standard deviation of the person in relation to
# the answer's own. 1.2 gives one office's percentage a design effect of about five.
PERSON = 1.2
# The limits between the five answers on the scale of the answer's own deviation; 4 begins at 0.
VERY_SATISFIED, NEUTRAL, DISSATISFIED = 1.5, -1.4, -2.4

# Who writes a remark: of those satisfied with at least half, and of the others.
REMARKS_OF_HAPPY, REMARKS_OF_UNHAPPY = 0.04, 0.16

# Marks on forms: who answers without reading, and who of those who say the same to everything;
# desks where several come at once; runs among forms that say the same to everything.
FAST, FAST_STRAIGHT_LINERS = 0.008, 0.06
BURSTS, RUNS = 0.004, 0.03
# Who answers at home in the evening, and who is helped at the tablet.
EVENING, HELPED_AT_TABLET = 0.06, 0.02
EVENING_CHANNELS = frozenset({Channel.PHONE, Channel.INVITATION, Channel.PORTAL})
# On a staged day: how many times as many forms come, and how many of them are made up.
STAGED_CROWD, STAGED_FORMS = 4.0, 0.7
# Of forms from tablets: sent by one whose clock was off by more than ten minutes.
WRONG_CLOCKS = 0.004
# Of forms from phones: filled in by a machine, and come in a flood.
MACHINES, FLOODS = 0.002, 0.002
