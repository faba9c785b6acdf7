"""What waits on a device: written by other versions of the app, refused, or very much."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from offices.models import Office
from surveys.models import Response
from tests.browser.device import await_delivery, await_records, outbox, readable
from tests.browser.test_offline import WAITS, begun, go_on, record, tap_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Puts records of others into the outbox, and then counts all that is read of it.
MANY = """async (count) => {
  const database = await new Promise((resolve) => {
    const request = indexedDB.open("hailong");
    request.onsuccess = () => resolve(request.result);
  });
  const writing = database.transaction("outbox", "readwrite");
  for (let n = 1; n <= count; n += 1) {
    const id = crypto.randomUUID();
    writing.objectStore("outbox").put({ id, n, step: 1, ready: true, touched: 0, sealed: {} });
  }
  await new Promise((resolve) => { writing.oncomplete = resolve; });
  database.close();
  globalThis.looked = 0;
  const results = Object.getOwnPropertyDescriptor(IDBRequest.prototype, "result");
  Object.defineProperty(IDBRequest.prototype, "result", { get() {
    const result = results.get.call(this);
    globalThis.looked += Array.isArray(result) ? result.length : 1;
    return result;
  } });
}"""


def database(page: Page, version: int, stores: dict[str, Any], records: list[Any]) -> None:
    """Writes IndexedDB as another version of the app did."""
    page.evaluate(
        """([version, stores, records]) => new Promise((resolve, reject) => {
          const request = indexedDB.open("hailong", version);
          request.onupgradeneeded = () => {
            for (const [name, options] of Object.entries(stores)) {
              request.result.createObjectStore(name, options);
            }
          };
          request.onerror = () => reject(request.error);
          request.onsuccess = () => {
            const writing = request.result.transaction("outbox", "readwrite");
            for (const record of records) writing.objectStore("outbox").add(record);
            writing.oncomplete = () => { request.result.close(); resolve(); };
          };
        })""",
        [version, stores, records],
    )


def test_what_the_first_version_left_is_delivered_by_this_one(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    page.goto("/ks/")
    keys = [str(uuid4()) for _ in range(3)]
    old = [{"id": key, "sealed": record(office, id=key, v=1)} for key in keys]
    database(page, 1, {"outbox": {"keyPath": "n", "autoIncrement": True}}, old)
    page.goto("/ks/ngoai-tuyen/")
    await_delivery(page)
    assert {str(key) for key in Response.objects.values_list("id", flat=True)} == set(keys)


def test_what_the_second_version_left_is_delivered_in_its_order(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    page.goto("/ks/")
    kept = {"step": 3, "ready": True, "touched": 0, "schema": 2}
    keys = sorted(str(uuid4()) for _ in range(3))
    turns = [3, 1, 2]
    envelopes = [record(office, id=key) for key in keys]
    old = [
        {**kept, "n": n, "id": key, "sealed": sealed}
        for n, key, sealed in zip(turns, keys, envelopes, strict=True)
    ]
    plain: dict[str, Any] = {"keyPath": "id"}
    database(page, 2, {"outbox": plain, "refused": plain, "state": {}, "drafts": {}}, old)
    with page.expect_request("**/ks/giao/") as sent:
        page.goto("/ks/ngoai-tuyen/")
    said: dict[str, Any] = sent.value.post_data_json or {}
    assert said["records"] == [envelopes[turns.index(n)] for n in (1, 2, 3)]
    await_delivery(page)
    assert {str(key) for key in Response.objects.values_list("id", flat=True)} == set(keys)


def test_what_a_newer_version_left_is_delivered_by_an_older_one(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    page.goto("/ks/")
    stores: dict[str, Any] = {
        **{"outbox": {"keyPath": "id"}, "refused": {"keyPath": "id"}},
        **{"state": {}, "drafts": {}, "something-new": {}},
    }
    kept = {"n": 1, "step": 3, "ready": True, "touched": 0, "schema": 9}
    key = str(uuid4())
    database(page, 7, stores, [{**kept, "id": key, "sealed": record(office, id=key)}])
    page.goto("/ks/ngoai-tuyen/")
    await_delivery(page)
    assert str(Response.objects.get().id) == key


def test_what_waits_is_said_on_the_page_with_network_too(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    begun(page, office)
    # somebody left a form unfinished a minute ago: it waits for half an hour before it is sent
    now = round(timezone.now().timestamp() * 1000)
    key = str(uuid4())
    kept = {"id": key, "n": 9, "step": 3, "ready": False, "touched": now, "schema": 2}
    database(page, 3, {}, [{**kept, "sealed": record(office, id=key)}])
    other = context.new_page()
    other.goto(f"/ks/{office.slug}/")
    other.locator("[data-choice=anew]").click()
    other.locator('fieldset.scale input[value="4"]').first.check()
    expect(other.locator("#main .waiting")).to_contain_text(WAITS)


def test_what_the_server_will_never_take_is_kept_and_holds_nothing_up(
    context: BrowserContext, office: Office
) -> None:
    page = context.new_page()
    page.goto("/ks/")
    stores = {name: {"keyPath": "id"} for name in ("outbox", "refused")} | {
        "state": {},
        "drafts": {},
    }
    keys = [str(uuid4()) for _ in range(2)]
    row = {"step": 3, "ready": True, "touched": 0, "schema": 2}
    bad = {**row, "id": keys[0], "n": 1, "sealed": record(office, id=keys[0], office="khong-co")}
    good = {**row, "id": keys[1], "n": 2, "sealed": record(office, id=keys[1])}
    database(page, 2, stores, [bad, good])
    page.goto("/ks/ngoai-tuyen/")
    await_delivery(page)
    assert [str(key) for key in Response.objects.values_list("id", flat=True)] == keys[1:]
    assert keys[0] in readable(page)
    assert "unknown_office" in readable(page)


def test_a_tap_costs_the_same_however_much_waits(context: BrowserContext, office: Office) -> None:
    page = context.new_page()
    begun(page, office)
    context.set_offline(True)
    go_on(page)
    page.evaluate(MANY, 400)
    while page.locator("fieldset.scale").count():
        tap_page(page)
        go_on(page)
    assert 0 < page.evaluate("looked") < 400
    page.locator("form .actions .action").click()
    await_records(page, "(records) => records.filter((one) => one.ready).length === 401")
    assert len(outbox(page)) == 401
