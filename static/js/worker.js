// The service worker: keeps what pages need without network, and takes over a phone's form when a
// sending fails. Started by /ks/sw.js (templates/surveys/sw.js), which lists the files.
import { deliver, ROOT, SYNC } from "./deliver.js";
import { definitionAddress, TABLET } from "./definition.js";
import { draftOf, dropOldDrafts, keepDraft } from "./outbox.js";

const APP = "hailong-app-"; // with the version: the shells and the files they need
export const OFFICES = "hailong-offices"; // the questionnaires of the offices that were visited
const PATIENCE = 20_000; // a network that gives nothing for so long is none
const UNREACHABLE = new Set([502, 503, 504]); // the proxy answers, our server does not

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
    if (event.tag === SYNC) event.waitUntil(deliver());
  });

  addEventListener("fetch", (event) => {
    const { request } = event;
    const address = new URL(request.url);
    if (address.origin !== location.origin) return;
    if (request.mode === "navigate") {
      if (address.pathname === TABLET) event.respondWith(stored(request, TABLET));
      else if (address.pathname === offline) event.respondWith(stored(request, offline));
      else if (formOf(address)) event.respondWith(form(event, address));
    } else if (request.method === "GET" && files.includes(address.pathname)) {
      event.respondWith(stored(request, address.pathname));
    } else if (request.method === "GET" && /^\/[^/]+\/[^/]+\/phieu\.json$/.test(address.pathname) && !address.pathname.startsWith(TABLET)) {
      event.respondWith(definition(request));
    }
  });

  async function stored(request, address) {
    const found = await (await caches.open(cacheName)).match(address, { ignoreVary: true });
    return found ?? fetch(request);
  }

  const shell = async () => (await (await caches.open(cacheName)).match(offline, { ignoreVary: true })) ?? Response.error();

  // A page of the survey: from the network, else the shell that goes on without. A form that was
  // begun without network is continued there.
  async function form(event, address) {
    const { slug, questionnaire } = formOf(address);
    const known = await (await caches.open(OFFICES)).match(definitionAddress(slug, questionnaire), { ignoreVary: true });
    if (!known) return fetch(event.request);
    const { request } = event;
    if (request.method === "GET" && (await draftOf(slug).catch(() => null))) return shell();
    const sent = request.method === "POST" ? request.clone() : null;
    try {
      const answer = await withPatience(fetch(request));
      if (!UNREACHABLE.has(answer.status)) {
        event.waitUntil(deliver().catch(() => {}));
        return answer;
      }
    } catch {
      // no network
    }
    if (sent) await keepDraft(slug, draftFrom(await sent.formData()));
    return shell();
  }

  async function definition(request) {
    const cache = await caches.open(OFFICES);
    try {
      const answer = await withPatience(fetch(request));
      if (answer.ok) await cache.put(request, answer.clone());
      return answer;
    } catch (error) {
      const found = await cache.match(request, { ignoreVary: true });
      if (found) return found;
      throw error;
    }
  }
}

// /ks/<office>/ and /ks/<office>/<form>/
export function formOf(address) {
  const parts = address.pathname.startsWith(ROOT) ? address.pathname.slice(ROOT.length).split("/") : [];
  if (parts.length < 2 || parts.length > 3 || parts.pop() !== "" || !parts[0]) return null;
  return { slug: parts[0], questionnaire: parts[1] ?? "" };
}

function withPatience(answer) {
  const enough = new Promise((_resolve, reject) => { setTimeout(() => reject(new Error("too slow")), PATIENCE); });
  return Promise.race([answer, enough]);
}

// What a page of the survey carries, as the offline shell goes on from it.
function draftFrom(fields) {
  const text = (name) => String(fields.get(name) ?? "");
  const answers = {};
  for (const [name, value] of fields) {
    // codes of questions begin with a capital letter, names of our own fields do not
    if (/^[A-Z]/.test(name) && /^\d{1,2}$/.test(value)) answers[name] = Number(value);
  }
  return {
    id: /^[0-9a-f-]{36}$/i.test(text("id")) ? text("id") : crypto.randomUUID(),
    form: text("form"), step: Number(text("step")) || 0, page: Number(text("page")) || 0, answers,
    procedure: text("procedure"), stage: Number(text("stage")) || 0, respondent: Number(text("respondent")) || 0,
    remark: text("remark").replaceAll("\r\n", "\n"), counter: Number(text("counter")) || null, invitation: text("invitation"),
    wantsReply: Boolean(text("wants_reply") || text("contact").trim()), // the contact itself is kept on no phone
    // when the first page was shown is signed by the server's clock, which this device does not know
    started: null, go: text("language") ? "stay" : text("go") === "back" ? "back" : "on", language: text("language") || text("ngon-ngu"),
  };
}
