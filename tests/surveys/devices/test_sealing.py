"""What a device seals, this server opens, and nobody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from surveys.devices.delivery.sealing import Unreadable, public_key, seal, unseal

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(max_size=10), st.integers(0, 9), max_size=5))
def test_what_was_sealed_comes_out_as_it_was(content: dict[str, int]) -> None:
    assert unseal(seal(content)) == content


def test_nothing_of_the_content_stands_in_the_envelope() -> None:
    envelope = seal({"answers": {"O1": 5}, "remark": "Xin cảm ơn"})
    assert "cảm" not in str(envelope)
    assert set(envelope) == {"v", "key", "epk", "iv", "data"}
    assert seal({"a": 1}) != seal({"a": 1})


@given(JSON)
def test_what_is_no_envelope_is_unreadable(content: object) -> None:
    with pytest.raises(Unreadable):
        unseal(content)


@pytest.mark.parametrize("part", ["epk", "iv", "data", "key"])
@pytest.mark.parametrize("wrong", ["", "AAAA", "%%%", None, 7, "A" * 20_000])
def test_an_envelope_that_was_tampered_with_is_unreadable(part: str, wrong: object) -> None:
    with pytest.raises(Unreadable):
        unseal({**seal({"a": 1}), part: wrong})


def test_a_changed_key_still_opens_what_waits(settings: Settings) -> None:
    envelope, name = seal({"a": 1}), public_key()["id"]
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "y" * 64
    assert public_key()["id"] != name
    assert unseal(envelope) == {"a": 1}
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Unreadable):
        unseal(envelope)
