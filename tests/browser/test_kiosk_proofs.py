"""What a tablet's answers prove, in a real Chromium: their day, and that its key signed them."""

import json

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from offices.models import Office
from surveys.devices.delivery.sealing import unseal
from surveys.devices.delivery.sessions import session_day
from surveys.devices.delivery.signatures import is_signed
from surveys.models import Response, State, Tablet
from tests.browser.device import (
    answer_all,
    await_delivery,
    await_records,
    finish,
    outbox,
    pair,
    tap,
)
from tests.browser.survey import Open

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("always_open", "without_stage"),
]

# What becomes of trying to copy the tablet's key.
TAKEN_OUT = """async () => {
  const database = await new Promise((resolve, reject) => {
    const request = indexedDB.open("hailong");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const key = await new Promise((resolve) => {
    const request = database.transaction("state").objectStore("state").get("signer");
    request.onsuccess = () => resolve(request.result);
  });
  database.close();
  return crypto.subtle.exportKey("jwk", key).then(() => "copied", (error) => error.name);
}"""


def test_what_it_keeps_carries_the_session_of_the_day_on_which_it_was_heard(paired: Page) -> None:
    paired.reload()
    paired.context.set_offline(True)
    tap(paired)
    kept = json.loads(unseal(outbox(paired)[-1]["sealed"])["said"])
    assert session_day(kept["session"], Tablet.objects.get()) == timezone.localdate()


def test_its_own_key_signs_each_answer_and_cannot_be_taken_out(paired: Page) -> None:
    paired.reload()
    paired.context.set_offline(True)
    answer_all(paired)
    finish(paired)
    await_records(paired, "(records) => records.some((record) => record.ready)")
    kept = unseal(outbox(paired)[-1]["sealed"])
    point = Tablet.objects.get().public_key
    assert point is not None
    assert is_signed(kept["said"], kept["signature"], bytes(point))
    assert paired.evaluate(TAKEN_OUT) == "InvalidAccessError"
    paired.context.set_offline(False)
    await_delivery(paired)
    assert Response.objects.get().state == State.FINISHED


def test_a_browser_without_such_keys_pairs_without_one(tablet: Open, office: Office) -> None:
    page = tablet()
    page.evaluate("() => { crypto.subtle.generateKey = () => Promise.reject(new Error()); }")
    pair(page, office)
    assert Tablet.objects.get().public_key is None
