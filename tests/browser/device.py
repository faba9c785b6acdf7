"""What tests do with a tablet or a phone that keeps answers: pair, tap, look into its stores."""

import json
import time
from typing import Any

from playwright.sync_api import Page, expect

from offices.models import Office
from tests import factories

LEVELS = ("Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng")
SATISFIED = "Hài lòng"
NOT_SAID = "Không muốn nêu"
# Seconds until something that should come never comes.
PATIENCE = 60.0
# The choice stays in sight for a second; the clock of the page is ours.
SHOWN = 1050

# Whether a question needs no scrolling, its faces stand in their buttons, how many are too small.
FITS = """() => {
  const main = document.getElementById("main");
  const inside = [...document.querySelectorAll(".choice")].every((choice) => {
    const own = choice.getBoundingClientRect();
    const face = choice.querySelector(".face").getBoundingClientRect();
    return face.top >= own.top && face.bottom <= own.bottom && face.left >= own.left;
  });
  const buttons = [...document.querySelectorAll("#main button, .switches button")];
  const small = buttons.filter((button) => {
    const box = button.getBoundingClientRect();
    return box.height < 72 || box.width < 72;
  });
  return [main.scrollHeight <= main.clientHeight, inside, small.length];
}"""

# Everything that a browser keeps for this site, but for the service worker's files.
STORES = """async () => {
  const kept = { local: { ...localStorage }, session: { ...sessionStorage } };
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((resolve, reject) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    for (const store of database.objectStoreNames) {
      const reading = database.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all(["getAllKeys", "getAll"].map((all) =>
        new Promise((resolve) => {
          const request = reading[all]();
          request.onsuccess = () => resolve(request.result);
        })));
      kept[store] = keys.map((key, place) => [key, values[place]]);
    }
    database.close();
  }
  return kept;
}"""

# Whether the records of a store are so; CONDITION is a function of them. In its place as text,
# because our pages allow no other making of functions once something was waited for.
STORED = """async (store) => {
  const database = await new Promise((resolve, reject) => {
    const request = indexedDB.open("hailong");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const records = await new Promise((resolve) => {
    const request = database.transaction(store).objectStore(store).getAll();
    request.onsuccess = () => resolve(request.result);
  });
  database.close();
  return (CONDITION)(records);
}"""


def await_records(page: Page, condition: str) -> None:
    """Waits until what waits on the device is so; condition: a JavaScript function of records."""
    await_true(page, STORED.replace("CONDITION", condition), "outbox")


def await_drafts(page: Page, condition: str) -> None:
    """The same of the forms that can be gone on with, which are written after their records."""
    await_true(page, STORED.replace("CONDITION", condition), "drafts")


def await_true(page: Page, asked: str, given: object = None) -> None:
    """Waits until an async JavaScript function of `given` says true.

    `wait_for_function` takes the promise for the truth and returns at once, and goes by the page's
    clock, which may stand still.
    """
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(asked, given):
        assert time.monotonic() < deadline, f"never: {asked} of {given}"


def stand_still(page: Page) -> None:
    """From now on the page's clock, which is ours, moves by `run_for` alone.

    Ten seconds on, because it cannot be set back.
    """
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 10)


def await_delivery(page: Page) -> None:
    """Waits until nothing waits any more."""
    await_records(page, "(records) => records.length === 0")


def stores(page: Page) -> dict[str, Any]:
    """What the device keeps, by store; of IndexedDB as pairs of key and value."""
    kept: dict[str, Any] = page.evaluate(STORES)
    return kept


def outbox(page: Page) -> list[dict[str, Any]]:
    """The records that wait, in their order."""
    records = [record for _key, record in stores(page).get("outbox", [])]
    return sorted(records, key=lambda record: record["n"])


def readable(page: Page) -> str:
    """All that the device keeps as text, but for the questionnaire itself."""
    kept = stores(page)
    kept["state"] = [pair for pair in kept["state"] if pair[0] != "definition"]
    return json.dumps(kept, ensure_ascii=False)


def works_offline(page: Page) -> None:
    """Waits until the service worker has everything and looks after this page."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def pair(page: Page, office: Office, form: str = "counter") -> None:
    """Types a new code of the office on the tablet's page."""
    counter = office.counters.first()
    code = factories.code(office, "Quầy", counter, form)
    page.get_by_label("Mã ghép máy").fill(code.lower())
    page.get_by_role("button", name="Ghép máy").click()
    expect(page.locator(".question-screen, .sleep-screen")).to_be_visible()


def tap(page: Page, answer: str = SATISFIED) -> None:
    """Taps an answer, says not why, and waits until the next screen is there."""
    before = page.locator("#main .progress span").inner_text()
    page.get_by_role("button", name=answer, exact=True).click()
    page.clock.run_for(SHOWN)
    if page.locator(".why-screen").count():
        page.locator(".why-screen .action").click()
        page.clock.run_for(SHOWN)
    expect(page.get_by_text(before, exact=True)).to_have_count(0)


def pass_stage(page: Page) -> None:
    """Does not say how far the dossier is, where the tablet asks that now."""
    if page.locator(".unknown[data-value='0']").count():
        tap(page, NOT_SAID)


def answer_all(page: Page, answer: str = SATISFIED) -> None:
    """Taps the same answer to every question, up to the remark."""
    expect(page.locator(".question-screen")).to_be_visible()
    while page.locator(".question-screen").count():
        tap(page, answer)
        pass_stage(page)
    expect(page.locator(".remark-screen")).to_be_visible()


def finish(page: Page, remark: str = "") -> str:
    """Ends the form on the remark's screen; the receipt's code, empty without a remark."""
    if not remark:
        page.get_by_role("button", name="Kết thúc, không góp ý").click()
        expect(page.locator("#thanks")).to_be_visible()
        return ""
    page.locator("textarea").fill(remark)
    page.get_by_role("button", name="Gửi phiếu", exact=True).click()
    return page.locator("code.receipt").inner_text()


def next_person(page: Page) -> None:
    """Leaves the thanks, and waits until the tablet takes answers again."""
    page.clock.run_for(1000)
    page.get_by_role("button", name="Xong").click()
    page.clock.run_for(6000)
    expect(page.locator("#main.locked")).to_have_count(0)
