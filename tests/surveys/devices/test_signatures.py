"""What a tablet's own key signs, and what it did not."""

from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from offices.models import Office
from surveys.devices import tablets
from surveys.devices.delivery.deliver import import_file
from surveys.devices.delivery.sealing import seal
from surveys.devices.delivery.signatures import is_signed, read_point
from surveys.models import Response, Tablet
from tests import factories
from tests.surveys.devices.signer import Signer
from tests.surveys.devices.test_delivery import exported, record, send
from tests.surveys.devices.test_tablets import post


def test_a_text_is_known_by_its_signature_and_no_other() -> None:
    signer = Signer()
    point = read_point(signer.point)
    assert point is not None
    signature = signer.sign("Hài lòng")
    assert is_signed("Hài lòng", signature, point)
    assert not is_signed("Hài lòng.", signature, point)
    assert not is_signed("Hài lòng", Signer().sign("Hài lòng"), point)


@pytest.mark.parametrize("wrong", ["", "AAAA", "%", "A" * 88, "A" * 500, "\ud800"])
def test_what_is_no_signature_signs_nothing(wrong: str) -> None:
    point = read_point(Signer().point)
    assert point is not None
    assert not is_signed("x", wrong, point)


def test_half_a_letter_is_not_signed_and_no_error() -> None:
    signer = Signer()
    point = read_point(signer.point)
    assert point is not None
    assert not is_signed("\ud800", signer.sign("x"), point)


def test_what_is_no_point_is_no_key() -> None:
    other = ec.generate_private_key(ec.SECP384R1()).public_key()
    large = other.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    own = ec.generate_private_key(ec.SECP256R1()).public_key()
    short = own.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    nowhere = b"\x04" + bytes(64)
    for point in (large, short, nowhere, b""):
        assert read_point(b64encode(point).decode()) is None
    for text in (None, 7, ["x"], "x" * 10_000):
        assert read_point(text) is None


@pytest.fixture
def office() -> Office:
    factories.instrument({"O": 1, "A": 1}, slug="counter")
    return factories.office()


def paired(office: Office, signer: Signer | None = None) -> dict[str, object]:
    """What each record of a tablet says that is paired by its page; signer: its own key."""
    sent = {"code": factories.code(office), **({"key": signer.point} if signer else {})}
    token = post("pair", "", sent).json()["token"]
    return {"v": 3, "channel": "tablet", "tablet": token}


@pytest.mark.django_db
def test_a_tablet_with_a_key_is_heard_with_its_signature_only(office: Office) -> None:
    signer = Signer()
    mine = paired(office, signer)
    told, other = record(office, **mine), record(office, **mine)
    borrowed = {**signer.signed(told), "said": signer.signed(other)["said"]}
    wrong = [other, Signer().signed(other), borrowed, {**signer.signed(other), "signature": ""}]
    assert send(*map(seal, wrong)) == ["unsigned"] * 4
    assert import_file(exported(*map(seal, wrong)), office.pk).counts == {"unsigned": 4}
    assert not Response.objects.exists()
    assert send(seal(signer.signed(told))) == ["stored"]
    assert send(seal(signer.signed(told))) == ["repeated"]


@pytest.mark.django_db
def test_a_tablet_without_a_key_is_heard_without_signatures(office: Office) -> None:
    mine = paired(office)
    assert Tablet.objects.get().public_key is None
    assert send(seal(record(office, **mine))) == ["stored"]
    # one that is signed all the same is read
    assert send(seal(Signer().signed(record(office, **mine)))) == ["stored"]


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x", 7, ["x"], None])
def test_what_is_no_key_pairs_without_one(office: Office, key: object) -> None:
    said = post("pair", "", {"code": factories.code(office), "key": key})
    assert said.status_code == 200
    assert Tablet.objects.get().public_key is None


@pytest.mark.django_db
@pytest.mark.parametrize("said", ["x", "[1]", "7", 7, ["x"], '{"v": 9}', "[" * 5000])
def test_a_signed_text_that_is_no_record_is_unreadable(office: Office, said: object) -> None:
    assert send(seal({"v": 3, "said": said, "signature": "AAAA"})) == ["unreadable"]
    assert send(seal({"v": 3, "said": '{"v": 3}'})) == ["unreadable"]


@pytest.mark.django_db
def test_paired_again_a_tablet_has_another_key(office: Office) -> None:
    """What waited under the key of before still counts: its record names the tablet of before."""
    before, now = Signer(), Signer()
    first, second = paired(office, before), paired(office, now)
    told = [before.signed(record(office, **first)), now.signed(record(office, **second))]
    assert send(*map(seal, told)) == ["stored"] * 2
    assert send(seal(now.signed(record(office, **first)))) == ["unsigned"]
    assert tablets.tablet_of(str(first["tablet"])) != tablets.tablet_of(str(second["tablet"]))
