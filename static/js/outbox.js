// What waits on this device, in IndexedDB. Answers are in it sealed only (seal.js); `drafts` alone
// holds what a person on a phone has said so far, until it is finished or half an hour old.
//
// outbox   id, n (order, an index), step, ready, touched (ms), sealed, schema. Taken out when the server has it.
// refused  the same and `reason`: what the server does not take. Kept, because it can be exported.
// state    by name: token, definition, place, clock, revoked, heard, credential, signer, spent
// drafts   by the address of the form, /ks/<office>/ or /ks/<office>/<form>/
import { openDB } from "../vendor/idb/idb.js";

const NAME = "hailong";
const VERSION = 3;
const SCHEMA = 2;
/** @type {StoreOptions} */
const STORES = { outbox: { keyPath: "id" }, refused: { keyPath: "id" }, state: undefined, drafts: undefined };
export const LEFT_ALONE = 30 * 60_000; // as on the server: then an unfinished form is closed
export const DRAFT_LIVES = LEFT_ALONE; // phones are lent

/** @type {Promise<Database> | null} */
let opened = null;
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(NAME) : null;

// Version 1 numbered the records and kept nothing but the envelopes; version 2 had no index. None
// may be lost here.
/** @type {DatabaseUpgrade} */
async function upgrade(database, before, _now, transaction) {
  const old = before === 1 ? await transaction.objectStore("outbox").getAll() : [];
  if (before === 1) database.deleteObjectStore("outbox");
  for (const name of /** @type {(keyof StoreOptions)[]} */ (Object.keys(STORES))) {
    if (!database.objectStoreNames.contains(name)) database.createObjectStore(name, STORES[name]);
  }
  const outbox = transaction.objectStore("outbox");
  outbox.createIndex("n", "n");
  // of two records of one response the later one, which comes last, has all that the first has
  for (const { id, n, sealed } of old) await outbox.put({ id, n, step: 0, ready: true, touched: 0, sealed, schema: 1 });
}

/** @type {() => Promise<Database>} */
async function open() {
  // An old page must not hold up a new one: it lets go, and opens again when it needs to.
  /** @type {DatabaseCallbacks} */
  const letGo = {
    blocking: (_current, _blocked, event) => { /** @type {IDBDatabase} */ (event.target).close(); opened = null; },
    terminated: () => { opened = null; },
  };
  try {
    return await openDB(NAME, VERSION, { upgrade, ...letGo });
  } catch (error) {
    if (/** @type {DOMException} */ (error).name !== "VersionError") throw error;
    // A newer app was here before this one: what waits is delivered all the same.
    return openDB(NAME, undefined, letGo);
  }
}

function database() {
  opened ??= open().catch((error) => { opened = null; throw error; });
  return opened;
}

// Calls `listener` whenever what waits has changed, here or in another tab or the service worker.
/** @type {Set<() => unknown>} */
const listeners = new Set();
/** @type {(listener: () => unknown) => void} */
export function onChange(listener) {
  listeners.add(listener);
}
function changed() {
  channel?.postMessage("changed");
  for (const listener of listeners) listener();
}
channel?.addEventListener("message", () => { for (const listener of listeners) listener(); });

// By their order. A newer app that was here before this one may have done without the index.
/** @type {<Mode extends IDBTransactionMode>(store: Outbox<Mode>) => Outbox<Mode> | OutboxByTurn<Mode>} */
const byTurn = (store) => (store.indexNames.contains("n") ? store.index("n") : store);

// Puts a sealed step in the place of the earlier ones of the same response, which keeps its turn.
// What it costs does not grow with what waits.
/** @type {(id: string, step: number, sealed: Envelope, ready: boolean) => Promise<void>} */
export async function put(id, step, sealed, ready) {
  const transaction = (await database()).transaction("outbox", "readwrite");
  const before = await transaction.store.get(id);
  const n = before?.n ?? ((await byTurn(transaction.store).openCursor(null, "prev"))?.value.n ?? 0) + 1;
  if (!before || before.step <= step) {
    transaction.store.put({ id, n, step, ready: ready || Boolean(before?.ready), touched: Date.now(), sealed, schema: SCHEMA });
  }
  await transaction.done;
  changed();
}

// Nothing more comes: it may be delivered as it is. Without an id all, because after a restart
// nobody is in front of the device any more.
/** @type {(id?: string | null) => Promise<void>} */
export async function release(id = null) {
  const transaction = (await database()).transaction("outbox", "readwrite");
  for (let at = await transaction.store.openCursor(id); at; at = await at.continue()) {
    if (!at.value.ready) at.update({ ...at.value, ready: true });
  }
  await transaction.done;
  changed();
}

// The first records that may be delivered, in their order; at most `most`.
/** @type {(most: number, now?: number) => Promise<Waiting[]>} */
export async function due(most, now = Date.now()) {
  const found = [];
  const { store } = (await database()).transaction("outbox");
  for (let at = await byTurn(store).openCursor(); at && found.length < most; at = await at.continue()) {
    if (at.value.ready || Math.abs(now - at.value.touched) >= LEFT_ALONE) found.push(at.value);
  }
  return found;
}

// What the server said about the records that were sent to it. A step that came meanwhile stays.
/** @type {(sent: Waiting[], results: Verdict[]) => Promise<void>} */
export async function settle(sent, results) {
  const transaction = (await database()).transaction(["outbox", "refused"], "readwrite");
  const [outbox, refused] = [transaction.objectStore("outbox"), transaction.objectStore("refused")];
  for (const [place, record] of sent.entries()) {
    const now = await outbox.get(record.id);
    if (!now || now.step !== record.step) continue;
    if (results[place].outcome === "refused") refused.put({ ...now, reason: results[place].reason });
    outbox.delete(record.id);
  }
  await transaction.done;
  changed();
}

// How many wait, besides the one that is being filled in, and how many the server did not take.
/** @type {(current?: string) => Promise<Counts>} */
export async function counts(current = "") {
  const base = await database();
  const [all, own] = await Promise.all([base.count("outbox"), current ? base.count("outbox", current) : 0]);
  const refused = base.objectStoreNames.contains("refused") ? await base.count("refused") : 0;
  return { waiting: all - own, refused };
}

// When the first in turn of those that wait was touched last; undefined where none waits.
/** @type {() => Promise<number | undefined>} */
export async function longestWaiting() {
  const { store } = (await database()).transaction("outbox");
  return (await byTurn(store).openCursor())?.value.touched;
}

/** @type {(id: string) => Promise<boolean>} */
export async function isRefused(id) {
  return Boolean(await (await database()).get("refused", id));
}

// All envelopes on this device, for a file. They stay here.
export async function envelopes() {
  const base = await database();
  const all = [...(await base.getAll("outbox")), ...(await base.getAll("refused"))];
  return all.sort((one, other) => one.n - other.n).map((record) => record.sealed);
}

// any: each name has its own kind of value (declarations/survey.d.ts)
/** @type {(name: keyof Memory) => Promise<any>} */
export const recall = async (name) => (await database()).get("state", name);
/** @type {(values: Partial<Memory>) => Promise<void>} */
export async function remember(values) {
  const transaction = (await database()).transaction("state", "readwrite");
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) transaction.store.delete(name);
    else transaction.store.put(value, name);
  }
  await transaction.done;
}

const SPENT = 100; // tickets that are remembered; a phone gets three at a time
// The first ticket with which no form was kept yet.
/** @type {(tickets: Ticket[] | undefined) => Promise<Ticket | undefined>} */
export async function unspent(tickets = []) {
  const spent = await recall("spent").catch(() => null) ?? [];
  return tickets.find(({ id }) => !spent.includes(id));
}
/** @type {(id: string) => Promise<void>} */
export async function spend(id) {
  const transaction = (await database()).transaction("state", "readwrite");
  const spent = /** @type {string[]} */ (await transaction.store.get("spent") ?? []);
  if (!spent.includes(id)) transaction.store.put([...spent, id].slice(-SPENT), "spent");
  await transaction.done;
}

/** @type {(address: string, now?: number) => Promise<KeptDraft | null>} */
export async function draftOf(address, now = Date.now()) {
  const base = await database();
  const draft = await base.get("drafts", address);
  if (!draft) return null;
  if (Math.abs(now - draft.touched) < DRAFT_LIVES) return draft;
  await base.delete("drafts", address);
  return null;
}
// Of one response the draft with more steps stays: a page sent again must not undo what came after.
/** @type {(address: string, draft: Draft) => Promise<void>} */
export async function keepDraft(address, draft) {
  const transaction = (await database()).transaction("drafts", "readwrite");
  const before = await transaction.store.get(address);
  if (before?.id !== draft.id || before.step <= draft.step) transaction.store.put({ ...draft, touched: Date.now() }, address);
  await transaction.done;
}
/** @type {(chosen: (draft: KeptDraft) => boolean) => Promise<void>} */
async function dropDrafts(chosen) {
  const transaction = (await database()).transaction("drafts", "readwrite");
  for (const address of await transaction.store.getAllKeys()) {
    const draft = await transaction.store.get(address);
    if (draft && chosen(draft)) transaction.store.delete(address);
  }
  await transaction.done;
}
// Also those of forms that nobody opens again.
export const dropOldDrafts = (now = Date.now()) => dropDrafts(({ touched }) => !(Math.abs(now - touched) < DRAFT_LIVES));
/** @type {(response: string) => Promise<void>} */
export const dropDraftOf = (response) => dropDrafts(({ id }) => id === response);
/** @type {(address: string) => Promise<void>} */
export const dropDraft = async (address) => (await database()).delete("drafts", address);
