import numpy as np
import pytest

from reports.sipas.counts.layout import DifferentInstruments
from reports.sipas.counts.sums import Sums, count
from reports.sipas.index.channels import CHANNELS, Chosen, MixedChannels, check, chosen, total
from surveys.models import Channel
from tests.reports.sipas.forms import SERVICES, WHOLE

TEN = count(SERVICES, np.full((10, 16), 5, dtype=np.uint8))
FOUR = count(SERVICES, np.full((4, 16), 2, dtype=np.uint8))


def test_every_channel_has_its_place() -> None:
    assert set(CHANNELS) == {channel.name.lower() for channel in Channel}


def test_those_who_came_forward_may_be_added() -> None:
    parts = [("phone", TEN), ("tablet", FOUR), ("portal", TEN), ("invitation", FOUR)]
    assert total(parts).people == 28
    assert total([("phone", TEN), ("paper", FOUR)]) == TEN + FOUR


def test_those_who_were_asked_stand_apart() -> None:
    with pytest.raises(MixedChannels, match=r"phone .*by themselves.* interview .*by others"):
        total([("phone", TEN), ("interview", FOUR)])
    with pytest.raises(MixedChannels):
        check(["tablet", "interview"])


def test_a_mix_must_be_asked_for_by_name() -> None:
    assert total([("phone", TEN), ("interview", FOUR)], mix=True) == TEN + FOUR
    check(["tablet", "interview"], mix=True)


def test_what_is_unknown_is_never_added() -> None:
    for mix in (False, True):
        with pytest.raises(ValueError, match="'pigeon' is no channel"):
            check(["phone", "pigeon"], mix=mix)
    with pytest.raises(ValueError, match="no part"):
        total([])
    with pytest.raises(DifferentInstruments):
        total([("phone", TEN), ("phone", Sums.zero(WHOLE))])
    assert chosen("portal") is Chosen.BY_THEMSELVES
