// The service worker: keeps what pages need without network, and takes over a phone's form when a
// sending fails. Started by /ks/sw.js (templates/surveys/devices/sw.js), which lists the files.
import { deliver, ROOT, SYNC } from "./deliver.js";
import { definitionAddress, keepDefinition, TABLET } from "./definition.js";
import { draftOfFields } from "./draft.js";
import { draftOf, dropDraftOf, dropOldDrafts, keepDraft } from "./outbox.js";

const APP = "hailong-app-"; // with the version: the shells and the files they need
export const OFFICES = "hailong-offices"; // the questionnaires of the offices that were visited
const PATIENCE = 20_000; // a network that gives nothing for so long is none
const UNREACHABLE = new Set([502, 503, 504]); // the proxy answers, our server does not

// What became of what was sent, to the pages that are open; of what was answered nothing.
/** @type {(sent: Pick<Waiting, "id">[], results: Verdict[]) => Promise<void>} */
async function tell(sent, results) {
  const pages = await clients.matchAll({ type: "window" });
  for (const page of pages) page.postMessage({ delivered: { sent: sent.map(({ id }) => ({ id })), results } });
}

/** @type {(app: { version: string, files: string[], offline: string }) => void} */
export function serve({ version, files, offline }) {
  const cacheName = APP + version;

  addEventListener("install", (event) => {
    const requests = files.map((address) => new Request(address, { cache: "no-cache" }));
    event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(requests)).then(() => skipWaiting()));
  });

  addEventListener("activate", (event) => {
    event.waitUntil((async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith(APP) && name !== cacheName);
      await Promise.all(old.map((name) => caches.delete(name)));
      await clients.claim();
      await dropOldDrafts().catch(() => {});
    })());
  });

  addEventListener("sync", (event) => {
    if (event.tag === SYNC) event.waitUntil(deliver(undefined, tell));
  });

  // The server has the whole form: nothing of it is offered to the next person.
  addEventListener("message", (event) => {
    if (event.data?.received) event.waitUntil(dropDraftOf(event.data.received).catch(() => {}));
  });

  addEventListener("fetch", (event) => {
    const { request } = event;
    const address = new URL(request.url);
    if (address.origin !== location.origin) return;
    if (request.mode === "navigate") {
      if (address.pathname === TABLET) event.respondWith(stored(request, TABLET));
      else if (address.pathname === offline) event.respondWith(stored(request, offline));
      else {
        const asked = formOf(address);
        if (asked) event.respondWith(form(event, address, asked));
      }
    } else if (request.method === "GET" && files.includes(address.pathname)) {
      event.respondWith(stored(request, address.pathname));
    } else if (request.method === "GET" && /^\/[^/]+\/[^/]+\/phieu\.json$/.test(address.pathname) && !address.pathname.startsWith(TABLET)) {
      event.respondWith(definition(request));
    }
  });

  /** @type {(request: Request, address: string) => Promise<Response>} */
  async function stored(request, address) {
    const found = await (await caches.open(cacheName)).match(address, { ignoreVary: true });
    return found ?? fetch(request);
  }

  // sent: the id of the form whose sending this page answers. What was pressed there is done in this
  // page alone: whoever opens the address later may be somebody else.
  /** @type {(sent?: string) => Promise<Response>} */
  async function shell(sent = "") {
    const kept = await (await caches.open(cacheName)).match(offline, { ignoreVary: true });
    if (!kept || !sent) return kept ?? Response.error();
    const page = (await kept.text()).replace("</head>", `<meta name="sent" content="${sent}"></head>`);
    const headers = new Headers(kept.headers);
    for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
    return new Response(page, { headers });
  }

  // A page of the survey: from the network, else the shell that goes on without. A form that was
  // begun without network is continued there.
  /** @type {(event: FetchEvent, address: URL, asked: Asked) => Promise<Response>} */
  async function form(event, address, { slug, questionnaire }) {
    const known = await (await caches.open(OFFICES)).match(definitionAddress(slug, questionnaire), { ignoreVary: true });
    if (!known) return fetch(event.request);
    const { request } = event;
    if (request.method === "GET" && (await draftOf(address.pathname).catch(() => null))) return shell();
    const sent = request.method === "POST" ? request.clone() : null;
    try {
      const answer = await withPatience(fetch(request));
      if (!UNREACHABLE.has(answer.status)) {
        event.waitUntil(deliver(undefined, tell).catch(() => {}));
        return answer;
      }
    } catch {
      // no network
    }
    if (!sent) return shell();
    const fields = await sent.formData();
    if (fields.get("go") === "another") return shell(); // nothing was answered yet; the address says the counter
    const draft = draftOfFields(fields);
    // where the disk is full the page goes on with what citizen.js kept, but that has no invitation
    await keepDraft(address.pathname, draft).catch((error) => { if (draft.invitation) throw error; });
    return shell(draft.id);
  }

  /** @type {(request: Request) => Promise<Response>} */
  async function definition(request) {
    const cache = await caches.open(OFFICES);
    try {
      const answer = await withPatience(fetch(request));
      if (answer.ok) await keepDefinition(cache, request.url, answer.clone());
      return answer;
    } catch (error) {
      const found = await cache.match(request, { ignoreVary: true });
      if (found) return found;
      throw error;
    }
  }
}

// /ks/<office>/ and /ks/<office>/<form>/
/** @type {(address: URL) => Asked | null} */
export function formOf(address) {
  const parts = address.pathname.startsWith(ROOT) ? address.pathname.slice(ROOT.length).split("/") : [];
  if (parts.length < 2 || parts.length > 3 || parts.pop() !== "" || !parts[0]) return null;
  return { slug: parts[0], questionnaire: parts[1] ?? "" };
}

/** @type {(answer: Promise<Response>) => Promise<Response>} */
function withPatience(answer) {
  const enough = new Promise((_resolve, reject) => { setTimeout(() => reject(new Error("too slow")), PATIENCE); });
  return Promise.race([answer, enough]);
}
