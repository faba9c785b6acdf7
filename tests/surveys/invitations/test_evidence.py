"""What a link proves stands in it, signed; links that are out go on working."""

import hmac
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from launch.page import Form
from offices.models import Office
from surveys.intake import limits
from surveys.invitations import token
from surveys.invitations.keys import key_folder
from surveys.invitations.token import Forged, Invitation
from surveys.models import Channel, Evidence, Stage
from tests import factories
from tests.surveys.invitations.invited import link

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def office(settings: Settings, tmp_path: Path) -> Office:
    settings.INVITATION_KEYS = tmp_path / "keys"
    factories.instrument({"A": 2, "B": 1}, slug="phieu")
    return factories.office()


def written(stage: Stage, channel: Channel, evidence: Evidence) -> str:
    """The token of a link that proves this."""
    key = key_folder().ensured(TODAY)
    dossier = token.dossier_hash(key, 7, "H01-1")
    return token.pack(key, TODAY, 7, dossier, "1.001193", stage, channel, evidence)


def read(name: str) -> Invitation:
    """The invitation that a token is."""
    found = token.read(name)
    assert isinstance(found, Invitation)
    return found


@pytest.mark.parametrize("evidence", [Evidence.INVITED, Evidence.SLIP, Evidence.OPEN])
@pytest.mark.parametrize("channel", token.CHANNELS)
@pytest.mark.parametrize("stage", token.STAGES)
def test_a_link_says_what_it_proves(
    office: Office, stage: Stage, channel: Channel, evidence: Evidence
) -> None:
    found = read(written(stage, channel, evidence))
    assert (found.stage, found.channel, found.evidence) == (stage, channel, evidence)
    assert found.response_id == read(written(stage, channel, Evidence.FROM_BEFORE)).response_id


@pytest.mark.parametrize(
    ("channel", "evidence"),
    [(Channel.PORTAL, Evidence.INVITED), (Channel.INVITATION, Evidence.SLIP)],
)
@pytest.mark.parametrize("stage", token.STAGES)
def test_a_link_from_before_is_as_good_as_its_channel(
    office: Office, stage: Stage, channel: Channel, evidence: Evidence
) -> None:
    key = key_folder().ensured(TODAY)
    # as versions before wrote it
    signed = (
        bytes([1])
        + (TODAY - token.FIRST_DAY).days.to_bytes(2, "big")
        + bytes([0, 0, 7, 255, 255, 255, stage.value << 4 | channel.value])
        + token.dossier_hash(key, 7, "H01-1")
    )
    signature = hmac.new(key, b"token\0" + signed, sha256).digest()[:12]
    found = read(urlsafe_b64encode(signed + signature).decode())
    assert (found.stage, found.channel, found.evidence) == (stage, channel, evidence)


@pytest.mark.parametrize("better", [1, 2])
def test_nobody_makes_a_link_prove_more(office: Office, better: int) -> None:
    content = bytearray(
        urlsafe_b64decode(written(Stage.RECEIVED, Channel.INVITATION, Evidence.OPEN))
    )
    content[-1] = content[-1] & 63 | better << 6
    assert isinstance(token.read(urlsafe_b64encode(content).decode()), Forged)


def test_many_sendings_by_a_link_tell_no_other_visitor_that_it_is_in_use(office: Office) -> None:
    issued = link(office)
    address = f"/ks/{office.slug}/"
    mine, other = (Form(Client().get(issued.path).content.decode()).filled for _ in range(2))
    assert mine["invitation"] == other["invitation"]
    now = time.time()
    for minute in (now, now + limits.WINDOW):  # it may turn meanwhile
        for _ in range(limits.SENDINGS):
            limits.may_send(UUID(mine["id"]), minute)
    assert Client().post(address, {**mine, "A1": "5"}).status_code == 429
    assert Client().post(address, {**other, "A1": "5", "A2": "5"}).status_code == 200


@pytest.mark.parametrize("evidence", token.PROOFS[1:])
@pytest.mark.parametrize("channel", token.CHANNELS)
@pytest.mark.parametrize("stage", token.STAGES)
def test_a_token_ends_in_a_letter_or_a_digit(
    stage: Stage, channel: Channel, evidence: Evidence
) -> None:
    for number in range(200):
        key = number.to_bytes(32, "big")
        made = token.pack(
            key, TODAY, 7, token.dossier_hash(key, 7, "H01-1"), "", stage, channel, evidence
        )
        assert len(made) == token.LETTERS
        assert made[-1].isalnum()
