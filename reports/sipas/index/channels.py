"""Who chose to answer: figures of people who came forward and of people who were asked.

Whoever scans a code, taps a tablet, follows a link, uses the portal or takes a paper form from the
desk decided to speak; whoever was interviewed was chosen by somebody else. The two groups differ in
ways that no arithmetic removes, so their answers are never added unless it is asked for by name.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from reports.sipas.counts.sums import Sums


class Chosen(Enum):
    """Who decided that this person answers."""

    BY_THEMSELVES = "by themselves"
    BY_OTHERS = "by others"


# The names of `surveys.models.Channel`, in small letters.
CHANNELS = {
    "phone": Chosen.BY_THEMSELVES,
    "tablet": Chosen.BY_THEMSELVES,
    "invitation": Chosen.BY_THEMSELVES,
    "portal": Chosen.BY_THEMSELVES,
    "paper": Chosen.BY_THEMSELVES,
    "interview": Chosen.BY_OTHERS,
}


class MixedChannels(ValueError):  # named for what is wrong
    """Answers of people who came forward were about to be added to those of people asked."""


def chosen(channel: str) -> Chosen:
    """Who decides that somebody answers through this channel. Raises ValueError if unknown."""
    if channel not in CHANNELS:
        raise ValueError(f"{channel!r} is no channel; known are {', '.join(CHANNELS)}")
    return CHANNELS[channel]


def check(channels: Iterable[str], *, mix: bool = False) -> None:
    """Whether answers of these channels may stand in one figure; nothing if they may.

    mix: they may in any case, because the caller says so by name. Raises MixedChannels
    otherwise, ValueError for an unknown channel.
    """
    groups: dict[Chosen, list[str]] = {}
    for channel in dict.fromkeys(channels):
        groups.setdefault(chosen(channel), []).append(channel)
    if len(groups) > 1 and not mix:
        named = " and ".join(
            f"{', '.join(names)} (chosen {group.value})" for group, names in groups.items()
        )
        raise MixedChannels(f"{named} make no common figure; say mix=True if it is meant")


def total(parts: Iterable[tuple[str, Sums]], *, mix: bool = False) -> Sums:
    """The parts (channel, sums) added up, if they may be.

    Raises MixedChannels or DifferentInstruments for parts that do not belong together, ValueError
    for an unknown channel or no part at all.
    """
    listed = list(parts)
    if not listed:
        raise ValueError("no part to add up")
    check((channel for channel, _ in listed), mix=mix)
    first, *others = (sums for _, sums in listed)
    for sums in others:
        first = first + sums
    return first
