// Delivers what waits, in order, and says so again until the server has it. One tab at a time.
import { due, envelopes, settle } from "./outbox.js";
import { within } from "./older-phones.js";

export const ROOT = "/ks/";
const AT_ONCE = 50;
const FIRST_PAUSE = 30_000;
const LONGEST_PAUSE = 300_000;
const LONGEST_ANSWER = 60_000;
const LOCK = "hailong delivery";
export const SYNC = "deliver";

// The server looked at what was sent and will never take it, and says why (`error`).
const FINAL = new Set([400, 413, 422]);

// Only these words take a record out of what waits.
/** @type {Set<unknown>} */
const VERDICTS = new Set(["stored", "repeated", "older", "refused"]);
/** @type {(result: Verdict | null | undefined) => boolean} */
const isVerdict = (result) => VERDICTS.has(result?.outcome);

/** @type {(records: Waiting[], told: Told) => Promise<void>} */
async function send(records, told) {
  const answer = await fetch(`${ROOT}giao/`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ at: Date.now(), records: records.map((record) => record.sealed) }),
    redirect: "error",
    signal: within(LONGEST_ANSWER),
  });
  // What stands between us and the server may answer in its place: a proxy, the login of a Wi-Fi.
  const said = await answer.json();
  if (FINAL.has(answer.status) && said?.error) {
    // one bad record must not hold up the others
    if (records.length === 1) return settle(records, [{ outcome: "refused", reason: `status ${answer.status}` }]);
    for (const record of records) await send([record], told);
    return undefined;
  }
  const results = answer.ok ? said?.results : null;
  if (!Array.isArray(results) || results.length !== records.length || !results.every(isVerdict)) {
    throw new Error(`not delivered: ${answer.status}`);
  }
  await settle(records, results);
  return told(records, results);
}

// Rejects where the server cannot be reached; whatever was not delivered stays. `may`: asked before
// each round whether to go on; `told`: learns what became of what was sent.
/** @type {(may?: May, told?: Told) => Promise<void>} */
export function deliver(may = () => true, told = () => {}) {
  const work = async () => {
    for (;;) {
      const records = (await may()) ? await due(AT_ONCE) : [];
      if (!records.length) return;
      await send(records, told);
    }
  };
  return navigator.locks ? navigator.locks.request(LOCK, work) : work();
}

// Delivers now, whenever the network comes back, and every so often while something waits.
/** @type {(may?: May, told?: Told) => () => Promise<void>} */
export function keepDelivering(may, told) {
  let pause = FIRST_PAUSE;
  let timer = 0;
  /** @type {Promise<void> | null} */
  let running = null;
  let again = false;

  async function run() {
    clearTimeout(timer);
    try {
      await deliver(may, told);
      pause = FIRST_PAUSE;
    } catch {
      pause = Math.min(pause * 2, LONGEST_PAUSE);
      askForSync();
    }
    // up to a quarter more, so that not all tablets of a province come back in one second
    timer = setTimeout(now, pause * (1 + Math.random() / 4));
  }

  function now() {
    if (running) {
      again = true;
      return running;
    }
    running = run().finally(() => {
      running = null;
      if (again) {
        again = false;
        now();
      }
    });
    return running;
  }

  globalThis.addEventListener("online", () => { pause = FIRST_PAUSE; now(); });
  // the service worker may have been quicker than the page, which learns of it all the same
  navigator.serviceWorker?.addEventListener("message", ({ data }) => { if (data?.delivered) told?.(data.delivered.sent, data.delivered.results); });
  now();
  return now;
}

// Where the browser can, it delivers later even when the page is closed.
async function askForSync() {
  try {
    const registration = await navigator.serviceWorker?.getRegistration(ROOT);
    await registration?.sync?.register(SYNC);
  } catch {
    // not allowed here; the page tries again itself
  }
}

// Saves everything that waits as a file; nothing is taken out.
/** @type {(office: string) => Promise<void>} */
export async function exportFile(office) {
  const content = { hailong: "outbox", v: 1, at: Date.now(), records: await envelopes() };
  const address = URL.createObjectURL(new Blob([JSON.stringify(content)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  const today = new Date();
  const day = [today.getFullYear(), today.getMonth() + 1, today.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  link.download = `hailong-${office}-${day}.json`;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

// Asks the browser once not to clear what waits when the disk is full.
export async function keepStorage() {
  try {
    if (navigator.storage?.persist && !(await navigator.storage.persisted())) await navigator.storage.persist();
  } catch {
    // it decides by itself
  }
}
