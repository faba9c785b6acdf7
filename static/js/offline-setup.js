// For the phone's page: makes it work without network from the first saved answer on. Also says
// what still waits, and sends it. May be called on every page.
import { definitionAddress, fetchInto, NotAsked } from "./definition.js";
import { keepDelivering, ROOT } from "./deliver.js";
import { counts, onChange } from "./outbox.js";
import { fill } from "./words.js";

const OFFICES = "hailong-offices";
const FRESH = 6 * 3_600_000;

/** @type {Promise<void> | null} */
let prepared = null;

// action: where the form is sent. Not the page's address: that of an invitation holds its link.
// form: the questionnaire that is being filled in, with its version.
/** @type {(action: string, form: string) => Promise<void>} */
export async function prepareOffline(action, form) {
  if (!navigator.serviceWorker || !globalThis.caches) return;
  await navigator.serviceWorker.register(`${ROOT}sw.js`, { type: "module", scope: ROOT });
  const [slug, questionnaire] = new URL(action).pathname.slice(ROOT.length).split("/");
  let definition = await stored(definitionAddress(slug, questionnaire), form);
  // a form that was begun on an older questionnaire is finished on it
  if (definition.form !== form) definition = await stored(definitionAddress(slug, form), form).catch((error) => {
    if (error instanceof NotAsked) return definition;
    throw error;
  });
  prepared ??= prepare(definition).catch(() => { prepared = null; });
  await prepared;
}

/** @type {(definition: Definition) => Promise<void>} */
async function prepare(definition) {
  const manifest = document.createElement("link");
  manifest.rel = "manifest";
  manifest.href = `${ROOT}app.webmanifest`;
  document.head.append(manifest);
  const show = () => waiting(definition);
  onChange(show);
  keepDelivering();
  await show();
  await navigator.serviceWorker.ready;
}

// One that is fresh is asked for again where it is another than `form`.
/** @type {(address: string, form: string) => Promise<Definition>} */
async function stored(address, form) {
  const cache = await caches.open(OFFICES);
  const found = await cache.match(address, { ignoreVary: true });
  const known = await found?.json();
  if (known?.form === form && Date.now() - known.at < FRESH) return known;
  try {
    await fetchInto(cache, address);
  } catch (error) {
    if (!known) throw error;
  }
  return /** @type {Response} */ (await cache.match(address, { ignoreVary: true })).json();
}

/** @type {(definition: Definition) => Promise<void>} */
async function waiting(definition) {
  const known = await counts(/** @type {HTMLInputElement | null} */ (document.querySelector("form [name=id]"))?.value);
  let line = document.querySelector("#main .waiting");
  if (!known.waiting && !line) return;
  if (!line) {
    line = document.createElement("p");
    line.className = "notice waiting";
    line.setAttribute("role", "status");
    document.getElementById("main")?.prepend(line);
  }
  const texts = definition.texts[document.documentElement.lang] ?? definition.texts.vi;
  line.textContent = known.waiting ? `${fill(texts.waiting, { count: known.waiting })}. ${texts.by_itself}` : texts.all_sent;
}
