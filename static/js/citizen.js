// The survey with JavaScript: each tap is saved, pages change in place, nothing is lost on the way.
// Without this module every page is saved when it is sent; nothing else depends on it.
// One file, because each one more is a wait more on a slow network; screens.js comes where a question has a screen.
const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 30000;
const PATIENCE = 30000;
const TOO_OFTEN = 429; // later it is taken
const UNREACHABLE = [502, 503, 504]; // a proxy answers, our server does not
const REASON = /^[A-Z]\d+_/; // how the name of a reason begins: with its question's
const LAST_STEP = 1000; // as on the server, which takes a finish at any step

let form = /** @type {Sheet | null} */ (null); // the questions that are shown; none on a receipt
let state = /** @type {Element | null | undefined} */ (null); // where the form says what becomes of the answers
let [unsaved, saving] = [false, false]; // something was tapped that has not been sent; it is being sent
let leaving = /** @type {Moving | null} */ (null); // what is being sent whole: { button, page }
let offline = ""; // the questionnaire for which the module for phones without network has been asked
let pause = FIRST_PAUSE;
// the last button, for browsers that do not say which one sends a form
let pressed = /** @type {HTMLButtonElement | null | undefined} */ (null);
let depth = 0; // how many entries of the history lie before this one and after the first page
let screens = /** @type {Screens | null} */ (null); // of screens.js, where it is in use
let at = /** @type {At} */ (undefined); // the question to begin with

// --- the draft: what was answered and typed but not sent ---

// Kept in this browser, so that a reload, a dead battery or a closed page lose nothing. Phones are
// lent and shared, so it lasts 30 minutes and goes with the receipt.
const LASTS = 30 * 60 * 1000;
const DRAFTS = "hailong.draft:";
// By where the form is sent: the address of an invitation holds its link, and that is kept nowhere.
const find = () => /** @type {Sheet | null} */ (document.querySelector("form[data-saved]"));
const first = find();
const usual = DRAFTS + new URL(first?.action || location.href).pathname;
const invited = `${usual}#invited`;
const place = first?.elements.invitation ? invited : usual;
let expiry = 0;

/** @type {(key: string) => SheetDraft | null} */
function read(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? "null");
    const age = Date.now() - draft.at;
    if (age >= 0 && age < LASTS && Array.isArray(draft.fields)) return draft;
    localStorage.removeItem(key);
  } catch { /* none, or none that can be read */ }
  return null;
}

// sent: the form has been sent whole, and a new page will answer it.
function keep({ sent = false } = {}) {
  const of = /** @type {Sheet} */ (form);
  const { id, page: { value: number }, form: version } = of.elements;
  // but for what a shared phone should not keep even for a while
  const fields = [...new FormData(of)].filter(([name]) => !of.querySelector(`[name="${CSS.escape(name)}"][data-no-draft]`));
  const draft = { id: id.value, page: Number(number), form: version.value, at: Date.now(), sent, fields };
  try {
    localStorage.setItem(place, JSON.stringify(draft));
  } catch { /* a browser that keeps nothing */ }
  clearTimeout(expiry);
  expiry = setTimeout(sweep, LASTS + 1000); // only what is old: somebody else's may lie there by then
}

// Where nothing has been answered there is nothing to keep.
const renew = (how = { sent: false }) => {
  if (form && read(place)?.id === form.elements.id.value) keep(how);
};

function forget(key = place) {
  try {
    localStorage.removeItem(key);
  } catch { /* a browser that keeps nothing */ }
}

function sweep() {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(DRAFTS)) read(key);
  } catch { /* a browser that keeps nothing */ }
}

// --- the page that is shown ---

function begin(where = /** @type {At} */ (undefined)) {
  form = find();
  state = form?.querySelector(".saving");
  unsaved = false;
  leaving = null;
  pause = FIRST_PAUSE;
  const received = document.querySelector("[data-received]")?.getAttribute("data-received");
  for (const key of [usual, invited]) if (received && read(key)?.id === received) forget(key);
  if (received) navigator.serviceWorker?.controller?.postMessage({ received });
  at = where;
  screens?.begin(form, at, { send, push });
}

const send = (/** @type {boolean} */ back) => go({ button: form?.querySelector(back ? "[name=go][value=back]" : "button.action") });

// screens.js comes after this module.
export function attach(/** @type {Screens} */ found) {
  screens = found;
  screens.begin(form, at, { send, push });
  if (form && !form.hidden) mark();
}

const page = () => Number(/** @type {Sheet} */ (form).elements.page.value);
const sheet = () => new FormData(/** @type {Sheet} */ (form));

// Puts a draft into the form as it stands: what was typed last wins.
function fill(/** @type {SheetDraft} */ draft) {
  const of = /** @type {Sheet} */ (form);
  const helped = of.elements.helped; // unticked it stands in no draft
  if (helped instanceof HTMLInputElement) helped.type === "checkbox" ? helped.checked = false : helped.value = "";
  // a reason that was taken back stands in no draft either
  const given = new Set(draft.fields.map(([name]) => name));
  for (const one of /** @type {NodeListOf<HTMLInputElement>} */ (of.querySelectorAll(".reasons input, [type=hidden]"))) {
    if (REASON.test(one.name) && !given.has(one.name)) one.type === "hidden" ? one.remove() : one.checked = false;
  }
  for (const [name, value] of draft.fields) {
    const field = of.elements[name];
    if (name === "ngon-ngu" || name === "page") continue;
    if (name === "step" && Number(field?.value) >= Number(value)) continue;
    if (field instanceof RadioNodeList || ["radio", "checkbox"].includes(field?.type ?? "")) {
      const radios = /** @type {NodeListOf<HTMLInputElement>} */ (of.querySelectorAll(`input[name="${CSS.escape(name)}"]`));
      for (const radio of radios) radio.checked = radio.value === value;
    } else if (field) {
      field.value = value;
    } else {
      carry(name, value);
    }
  }
}

/** @type {(name: string, value: string) => HTMLInputElement} */
function carry(name, value) {
  const carried = Object.assign(document.createElement("input"), { type: "hidden", name, value });
  form?.append(carried);
  return carried;
}

function offer(/** @type {SheetDraft} */ draft) {
  const of = /** @type {Sheet} */ (form);
  const { content } = /** @type {HTMLTemplateElement} */ (document.getElementById("unfinished"));
  const found = /** @type {DocumentFragment} */ (content.cloneNode(true));
  const notice = /** @type {Element} */ (found.firstElementChild);
  of.hidden = true;
  of.after(found);
  focus(notice);
  notice.addEventListener("click", (event) => {
    const { choice } = /** @type {HTMLElement} */ (event.target).dataset;
    if (!choice) return;
    notice.remove();
    if (choice === "continue") return resume(draft);
    of.hidden = false;
    forget();
    mark();
    focus(of);
  });
}

function focus(/** @type {Element} */ part) {
  if (part === form && !part.querySelector(".error-summary") && screens?.focus()) return;
  const target = /** @type {HTMLElement} */ (part.querySelector(".error-summary, h1"));
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

// Shows the page of a draft with everything in it; the server stores nothing.
function resume(/** @type {SheetDraft} */ draft, screen = /** @type {At} */ ("resume")) {
  fill(draft);
  /** @type {Sheet} */ (form).hidden = true;
  go({ page: draft.page, screen });
}

// --- each tap ---

const tell = (/** @type {string | undefined} */ text) => { if (state) state.textContent = text ?? ""; };

async function save() {
  if (saving || leaving || !form) return;
  saving = true;
  unsaved = false;
  const of = form;
  const data = sheet();
  data.set("save", "1");
  later();
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, signal: within(PATIENCE) });
    if (answer.status >= 500 || answer.status === TOO_OFTEN) throw new Error(String(answer.status));
    pause = FIRST_PAUSE;
    if (of === form && !leaving) tell(answer.ok ? of.dataset.saved : "");
    if (answer.ok) prepare();
  } catch {
    unsaved = true;
    if (of === form && !leaving) tell(of.dataset.unsaved);
    setTimeout(next, wait());
    saving = false;
    return;
  }
  saving = false;
  next();
}

// Each attempt is a later step, also one whose answer is lost on the way.
function later() {
  const { step } = /** @type {Sheet} */ (form).elements;
  step.value = String(Math.min(Number(step.value) + 1, LAST_STEP));
  renew();
}

// AbortSignal.timeout is missing on older phones.
function within(/** @type {number} */ milliseconds) {
  const given = new AbortController();
  setTimeout(() => given.abort(), milliseconds);
  return given.signal;
}

function wait() {
  const now = pause;
  pause = Math.min(pause * 2, LONGEST_PAUSE);
  return now;
}

const next = () => { if (form && unsaved) save(); };

function prepare() {
  if (!form?.dataset.offline || offline === form.elements.form.value) return;
  offline = form.elements.form.value;
  const { action } = form;
  import(form.dataset.offline)
    .then((phone) => phone.prepareOffline(action, offline))
    .catch(() => { offline = ""; });
}

// --- from page to page ---

// `button`: what was pressed. `page`: only show that page of what stands in the form.
/** @type {(moving: Moving) => Promise<void>} */
async function go({ button, page: shown, screen }) {
  const of = /** @type {Sheet} */ (form);
  const moving = { button, page: shown, screen };
  leaving = moving;
  const active = /** @type {HTMLElement | null} */ (document.activeElement);
  of.setAttribute("aria-busy", "true");
  of.inert = true; // what is tapped now would be in neither page
  tell(of.dataset.sending);
  state?.classList.remove("held");
  const data = sheet();
  if (button?.name) data.set(button.name, button.value);
  if (shown !== undefined) data.set("page", String(shown));
  if (shown !== undefined) data.set("go", "resume");
  else later();
  let found, answer;
  try {
    answer = await fetch(of.action, {
      method: "POST", body: data, cache: "no-store", signal: within(PATIENCE),
    });
    if (answer.status >= 500) throw new Error(String(answer.status));
    found = new DOMParser().parseFromString(await answer.text(), "text/html");
    // a page of somebody between us and the server, such as a hotel's
    if (!found.getElementById("main")) throw new Error("not ours");
  } catch {
    if (leaving !== moving) return;
    const unreachable = !answer || UNREACHABLE.includes(answer.status);
    if (unreachable && navigator.serviceWorker?.controller && shown === undefined) return natively(moving);
    hold(moving);
    active?.focus({ preventScroll: true });
    return;
  }
  if (leaving === moving) show(found, shown === undefined, screen ?? (button?.value === "back" ? "back" : button?.name === "language" ? screens?.shown() : undefined));
}

// The page stays, may be changed, and is sent again later.
function hold(/** @type {Moving} */ moving) {
  const of = /** @type {Sheet} */ (form);
  leaving = moving;
  of.removeAttribute("aria-busy");
  of.inert = false;
  of.hidden = false;
  tell(of.dataset.waiting);
  state?.classList.add("held");
  setTimeout(() => { if (leaving === moving) again(); }, wait());
}

const again = () => { if (leaving) go(leaving); };

// A service worker answers navigations without network. This page sends nothing more meanwhile: a
// network that returns in this moment would bring the same form twice.
function natively(/** @type {Moving} */ moving) {
  const of = /** @type {Sheet} */ (form);
  const { button } = moving;
  leaving = null;
  unsaved = false;
  renew({ sent: true });
  const carried = button?.name ? carry(button.name, button.value) : null;
  HTMLFormElement.prototype.submit.call(of);
  setTimeout(() => { // still here: the browser was told to stop
    carried?.remove();
    if (form === of && !leaving) hold(moving);
  }, PATIENCE);
  // brought back from the history, where the form may have ended meanwhile and somebody else be here
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}

// What the history says: which question of which page is shown, and of which form.
const entry = () => ({ page: page(), screen: screens?.shown(), depth, draft: /** @type {Sheet} */ (form).elements.id.value });
const mark = () => history.replaceState(entry(), "");
function push() {
  depth += 1;
  history.pushState(entry(), "");
}

/** @type {(found: Document, forward: boolean, where?: At) => void} */
function show(found, forward, where) {
  const before = form ? page() : -1;
  for (const wanted of found.head.querySelectorAll('script[src], link[rel="stylesheet"]')) {
    const address = wanted.getAttribute("src") ?? wanted.getAttribute("href");
    if (document.head.querySelector(`[src="${address}"], [href="${address}"], [data-href="${address}"]`)) continue;
    const copy = document.createElement(wanted.tagName);
    for (const { name, value } of wanted.attributes) copy.setAttribute(name, value);
    document.head.append(copy);
  }
  document.title = found.title;
  document.documentElement.lang = found.documentElement.lang;
  document.body.replaceWith(found.body);
  begin(where);
  if (!form) {
    // Nobody goes back to a form that has been sent.
    if (depth) history.go(-depth);
    depth = 0;
  } else {
    renew();
    if (forward && page() !== before) push();
    else mark();
  }
  window.scrollTo(0, 0);
  focus(form ?? /** @type {Element} */ (document.getElementById("main")));
  document.dispatchEvent(new CustomEvent("hailong:page"));
}

document.addEventListener("click", ({ target }) => { pressed = /** @type {Element} */ (target).closest?.("button"); }, true);
document.addEventListener("submit", (event) => {
  if (form && event.target === form) {
    event.preventDefault();
    // pressed again while it waits for the network: tried at once
    const said = /** @type {HTMLButtonElement | null} */ (event.submitter) ?? (pressed?.form === form ? pressed : null);
    if (!form.hasAttribute("aria-busy") && !screens?.steps(said ?? null)) go({ button: said });
  }
});
document.addEventListener("change", (event) => {
  const target = /** @type {HTMLInputElement} */ (event.target);
  if (!form || target.form !== form) return;
  const reasons = /** @type {NodeListOf<HTMLInputElement> | undefined} */ (target.closest("fieldset.scale")?.querySelectorAll(".reasons input"));
  // they are of a low answer, and go with it
  if (reasons && target.type === "radio" && target.value > "2") for (const reason of reasons) reason.checked = false;
  keep();
  if (target.type !== "radio" && !target.closest(".reasons")) return;
  unsaved = true;
  save();
});
document.addEventListener("input", ({ target }) => { if (form && /** @type {HTMLInputElement} */ (target).form === form) keep(); });
window.addEventListener("online", () => (leaving ? again() : next()));
window.addEventListener("popstate", (event) => {
  if (!form) return;
  if (event.state === null) { // a link within the page, such as the one of an error
    depth += 1;
    screens?.find(location.hash);
    return mark();
  }
  depth = event.state.depth;
  if (event.state.page !== page()) go({ page: event.state.page, screen: event.state.screen });
  else screens?.show(event.state.screen ?? 0);
});

// --- larger letters, reading aloud: a module of its own, when somebody wants it ---
document.documentElement.classList.add("scripted");
const aids = (/** @type {Element | null | undefined} */ button) => button && import(button.getAttribute("data-aids") ?? "");
document.addEventListener("click", ({ target }) => { aids(/** @type {Element} */ (target).closest?.("[data-aids]"))?.then((found) => found.toggle()); });
try { if (sessionStorage.getItem("hailong.text")) aids(document.querySelector("[data-aids]")); } catch { /* keeps nothing */ }

// --- how the page was reached ---

sweep();
begin();
if (form) {
  const draft = read(place);
  const [reached] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  const again = reached && reached.type !== "navigate"; // reloaded, or reached by going back
  // opening the same address once more leaves the state of the history as it was
  const before = again ? history.state : null;
  depth = before?.depth ?? 0;
  const screen = draft && before?.page === draft.page ? before.screen : undefined;
  if (draft && [form.elements.id.value, before?.draft].includes(draft.id)) {
    // the page that answers a sending is a later one than what was kept before it
    if (draft.sent && !again) {
      mark();
      keep();
    } else if (draft.page === page() && draft.form === form.elements.form.value) {
      fill(draft);
      begin(screen ?? "resume");
      mark();
    } else {
      resume(draft, screen);
    }
  } else if (draft) {
    // Whoever reads the question again is asked again.
    history.replaceState({ page: page(), depth }, "");
    offer(draft);
  } else {
    mark();
  }
  // what was tapped while this module was still on its way
  if (!draft && form.querySelector('[type="radio"]:checked:not([checked])')) {
    keep();
    unsaved = true;
    save();
  }
}
