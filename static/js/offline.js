// The phone without network: goes on with the form where the network left it, and keeps what is
// finished until it can be sent. Also the page that says what still waits on this phone.
import { areVersions, askedAt, fitting, isStageFirst, LONGEST_REMARK, NotAsked, officeDefinition } from "./definition.js";
import { exportFile, keepDelivering, keepStorage, ROOT } from "./deliver.js";
import { draftOfBrowser, dropOfBrowser } from "./draft.js";
import { h } from "./elements.js";
import { newId } from "./older-phones.js";
import { counts, DRAFT_LIVES, draftOf, dropDraft, dropOldDrafts, isRefused, keepDraft, onChange, spend, unspent } from "./outbox.js";
import { aboutFields, problemSummary, questionFields, told } from "./questions.js";
import { receiptCode } from "./seal.js";
import { Session } from "./session.js";
import { currentLanguage, inLanguage, languageNames, languageOfBrowser, say, speak } from "./words.js";

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const languages = /** @type {HTMLElement} */ (document.getElementById("languages"));
const address = location.pathname;
const [slug, questionnaire] = address.slice(ROOT.length).split("/");
/** @type {(name: string) => string | undefined} */
const contentOf = (name) => /** @type {HTMLMetaElement | null} */ (document.querySelector(`meta[name=${name}]`))?.content;
const isForm = address !== contentOf("own-address");
const asked = new URLSearchParams(location.search);
// How far the dossier is, as a link says it in `gd`.
const STAGES = new Map([["da-nhan", 1], ["tu-choi", 2], ["dang-cho", 3]]);

let usual = /** @type {Definition | null} */ (null); // the questionnaire of the address
let definition = /** @type {Definition | null} */ (null); // that of the form: it may have been begun on an older one
let draft = /** @type {Draft | null} */ (null);
let session = /** @type {Session | null} */ (null);
let moving = false; // from one page to the next
let deliverNow = () => Promise.resolve();
let redraw = () => {};

const lastPage = () => definition?.pages.length ?? 0;
// Whether the first page asks how far the dossier is: an invitation or a link may have said it.
const asksStage = () => Boolean(definition && draft && isStageFirst(definition) && !draft.invitation && draft.stageBy !== "link");
/** @type {(page: number) => boolean} */
const isAsked = (page) => Boolean(definition && draft && (page >= lastPage() || askedAt(definition, definition.pages[page].items, draft.stage).length));
// From one page to the next with a question to ask.
/** @type {(from: number, by: number) => number} */
function pageFrom(from, by) {
  let page = Math.max(0, Math.min(from + by, lastPage()));
  while (page && !isAsked(page)) page += by;
  return page;
}

// ---- what a person has said

// With a ticket, as long as there is one, because the day of a form that has one is believed later.
/** @type {(asks: Definition) => Promise<Draft>} */
async function fresh(asks) {
  const ticket = await unspent(asks.tickets);
  return {
    id: ticket?.id ?? newId(), start: ticket?.start, form: asks.form, step: 0, page: 0, answers: {}, procedure: asked.get("thu-tuc") ?? "",
    stage: STAGES.get(asked.get("gd") ?? "") ?? 0, respondent: 0, remark: "", counter: Number(asked.get("quay")) || null,
    stageBy: STAGES.has(asked.get("gd") ?? "") ? "link" : "", invitation: "", started: Date.now(), language: currentLanguage(),
  };
}

/** @type {(begun: Draft, asks: Definition) => void} */
function take(begun, { key }) {
  draft = begun;
  session = new Session(
    { office: slug, form: draft.form, channel: "phone", counter: draft.counter, ...(draft.invitation && { invitation: draft.invitation }), ...(draft.start && { start: draft.start }) },
    key, draft,
  );
}

// Reads the page in sight into the draft.
function read() {
  const form = main.querySelector("form");
  if (!form || !definition || !draft || !session) return;
  const fields = new FormData(form);
  for (const item of definition.pages[draft.page]?.items ?? []) {
    if (fields.get(item.code)) session.answers[item.code] = Number(fields.get(item.code));
    for (const { code } of item.reasons ?? []) if (fields.has(code)) session.answers[code] = 1; else delete session.answers[code];
  }
  if (form.elements.namedItem("stage")) {
    draft.stage = Number(fields.get("stage")) || 0;
    if (draft.page < lastPage()) draft.stageBy = "page";
  }
  if (form.elements.namedItem("remark")) {
    Object.assign(draft, {
      respondent: Number(fields.get("respondent")) || 0,
      procedure: fields.get("procedure") ?? "", helped: fields.has("helped"), remark: fields.get("remark") ?? "",
    });
  }
}

const about = () => (draft ? { stage: draft.stage, respondent: draft.respondent, procedure: draft.procedure, helped: Boolean(draft.helped) } : {});
const isBlank = () => !Object.keys(session?.answers ?? {}).length;

// Sealed for the server, and as a draft for whoever goes on after a reload.
async function keep() {
  const [mine, said] = [draft, session];
  if (!isBlank()) await said?.save(currentLanguage(), about());
  if (mine?.start && !isBlank()) await spend(mine.id).catch(() => {});
  if (mine !== draft) return; // finished meanwhile
  await keepAsDraft();
}

async function keepAsDraft() {
  if (!draft || !session) return;
  Object.assign(draft, { step: session.step, answers: { ...session.answers }, language: currentLanguage(), go: "" });
  if (isBlank() && !draft.remark && !draft.touched) return;
  draft.touched = Date.now();
  await keepDraft(address, draft);
}

// A second press while the first is under way is none: it would be taken for one on the next page.
/** @type {(direction: string) => Promise<void>} */
async function go(direction) {
  if (moving || !draft) return;
  moving = true;
  const { page } = draft;
  const form = main.querySelector("form");
  form?.setAttribute("aria-busy", "true"); // for browsers without inert
  if (form) form.inert = true;
  try {
    read();
    if (direction === "done" || direction === "on" && page === lastPage()) {
      await finish();
    } else {
      draft.page = pageFrom(page, direction === "on" ? 1 : -1);
      await keep();
      ask();
    }
  } catch (error) {
    if (!draft) throw error;
    // the disk is full, or the browser keeps nothing: what was said is still in this page
    draft.page = page;
    ask(problemSummary(say("cannot_keep")));
  } finally {
    moving = false;
  }
}

async function finish() {
  if (!draft || !session) return undefined;
  if (isBlank() && !draft.remark.trim()) {
    draft.page = 0;
    await keepAsDraft();
    return ask(problemSummary(say("blank")));
  }
  const remark = draft.remark.trim();
  if (remark.length > LONGEST_REMARK) {
    await keepAsDraft();
    return ask(problemSummary(say("remark_long", { show_value: remark.length, limit_value: LONGEST_REMARK }), "id_remark"));
  }
  const { id } = session;
  await session.save(currentLanguage(), { ...about(), finished: true, remark });
  if (draft.start) await spend(id).catch(() => {});
  await forgetDrafts();
  const done = { id, code: remark ? await receiptCode(id) : "", remark: Boolean(remark), unkept: Boolean(draft.wantsReply), at: Date.now() };
  draft = session = null;
  // so that reading the page again shows the same again, and sends nothing
  history.replaceState(done, "", location.href);
  keepStorage();
  thank(done);
  deliverNow();
  return undefined;
}

// ---- pages

/** @type {(title: string, element: HTMLElement, problem?: HTMLElement | null) => void} */
function show(title, element, problem = null) {
  document.title = `${title} · Hài Lòng`;
  const own = (definition?.languages ?? Object.keys(languageNames)).filter((code) => code in languageNames);
  languages.setAttribute("aria-label", say("language"));
  languages.replaceChildren(...own.map((code) => (code === currentLanguage()
    ? h("span", { lang: code, "aria-current": "true" }, languageNames[code])
    : h("button", { type: "button", lang: code, click: () => change(code) }, languageNames[code]))));
  main.replaceChildren(element);
  waitingLine();
  scrollTo(0, 0);
  (problem ?? main).focus({ preventScroll: true });
}

/** @type {(code: string) => void} */
function change(code) {
  if (session) read();
  speak(code);
  redraw();
}

/** @type {(problem?: HTMLElement | null) => void} */
function ask(problem = null) {
  if (!definition || !draft || !session) return;
  redraw = () => ask();
  history.replaceState({ draft: draft.id }, "", location.href);
  draft.page = isAsked(draft.page) ? draft.page : pageFrom(draft.page, 1);
  const { page } = draft;
  const last = page === lastPage();
  const pages = [...Array(lastPage() + 1).keys()].filter(isAsked);
  const [number, count] = [pages.indexOf(page) + 1, pages.length];
  const title = last ? say("about") : inLanguage(definition.pages[page].title) || say("how_did_it_go");
  const form = h("form", { class: "sheet", id: "survey", novalidate: true, submit: (event) => { event.preventDefault(); go("on"); } },
    h("p", { class: "place", lang: "vi" }, definition.office.name),
    problem,
    h("p", { class: "notice waiting", role: "status" }),
    page === 0 && !problem ? told(definition) : null,
    h("div", { class: "part" },
      h("p", { class: "progress" },
        h("progress", { value: number, max: count, "aria-hidden": "true" }), " ", say("part", { number, count })),
      h("h1", {}, title)),
    last ? h("p", {}, say("leave_out")) : null,
    last ? aboutFields(definition, draft, !(isStageFirst(definition) && draft.stageBy === "page"))
      : questionFields(definition, page, session.answers, draft.stage, page === 0 && asksStage()),
    h("div", { class: "actions" },
      h("button", { class: "action", type: "submit" }, say(last ? "send" : "continue")),
      page ? h("button", { class: "quiet", type: "button", click: () => go("back") }, say("back")) : null));
  // what cannot be kept is said when the page is left
  form.addEventListener("change", () => {
    if (moving) return;
    read();
    keep().catch(() => {});
  });
  form.addEventListener("input", (event) => {
    if (moving || /** @type {HTMLTextAreaElement} */ (event.target).type !== "textarea") return;
    read();
    keepAsDraft().catch(() => {});
  });
  show(title, form, problem);
}

/** @type {(done: Done) => void} */
function thank(done) {
  redraw = () => thank(done);
  show(say("thanks_short"), h("div", { class: "sheet" },
    h("p", { class: "place", lang: "vi" }, definition?.office.name ?? ""),
    h("h1", { id: "thanks" }, say("thanks_kept")),
    h("p", { class: "notice waiting", role: "status" }),
    // without a remark there is nothing to read with a code
    done.remark ? [
      h("p", {}, say("receipt")),
      h("p", {}, h("code", { class: "receipt" }, done.code)),
      h("p", {}, say("keep_code", { address: `${location.host}${ROOT}phan-hoi/` })),
      h("p", {}, say("code_says_nothing")),
    ] : null,
    done.unkept ? h("p", { class: "notice" }, say("contact_unkept")) : null,
    exporting(),
    h("p", {}, h("button", { type: "button", class: "quiet", click: startAnew }, say("new_form")))), null);
}

// What the page with network kept of the same form (citizen.js) goes with it.
/** @type {(own?: string) => Promise<void>} */
async function forgetDrafts(own = draft?.id) {
  await dropDraft(address);
  dropOfBrowser(address, own);
}

// Somebody's answers are here, and nobody knows whose: phones are lent. `changed`: as `resume`.
/** @type {(changed: boolean) => void} */
function offer(changed) {
  redraw = () => offer(changed);
  /** @type {(name: string, text: string, chosen: () => unknown) => HTMLElement} */
  const choose = (name, text, chosen) => h("button", { type: "button", class: name, click: chosen }, say(text));
  show(say("unfinished"), h("div", { class: "sheet" },
    h("p", { class: "place", lang: "vi" }, definition?.office.name ?? ""),
    h("h1", {}, say("unfinished")), h("p", {}, say("unfinished_if_yours")), h("p", {}, say("unfinished_if_not")),
    h("p", { class: "notice waiting", role: "status" }),
    h("div", { class: "actions" }, choose("action", "unfinished_continue", () => resume(changed)), choose("quiet", "unfinished_anew", startAnew))));
}

// `changed`: the questions have changed since it was begun, which is said.
/** @type {(changed: boolean) => Promise<void>} */
async function resume(changed) {
  if (draft?.language) speak(draft.language);
  if (!changed) return ask();
  try {
    await changeForm();
  } catch {
    return nothingHere(); // the disk is full: the draft stays as it is
  }
  return ask(problemSummary(say("changed")));
}

// For the next person: nothing of the one before is left.
async function startAnew() {
  if (!definition || !usual) return location.reload();
  history.replaceState(null, "", location.href);
  if (session) await session.leave();
  await forgetDrafts();
  definition = usual;
  take(await fresh(definition), definition);
  ask();
}

function waitingPage() {
  redraw = () => waitingPage();
  show(say("waiting_title"), h("div", { class: "sheet" },
    h("h1", {}, say("waiting_title")), h("p", { class: "notice waiting", role: "status" }), exporting(),
    h("p", {}, h("a", { href: ROOT }, say("offices")))));
}

function nothingHere() {
  redraw = () => nothingHere();
  show(say("no_network"), h("div", { class: "sheet" },
    h("h1", {}, say("no_network")), h("p", {}, say("not_here")), h("p", { class: "notice waiting", role: "status" }), exporting(),
    h("div", { class: "actions" }, h("button", { type: "button", class: "action", click: () => location.reload() }, say("try_again")))));
}

const exporting = () => h("details", { class: "exporting" },
  h("summary", {}, say("long_without")), h("p", {}, say("export_hint")),
  h("button", { type: "button", class: "quiet", click: () => exportFile(isForm ? slug : "dien-thoai") }, say("export")));

// What waits, in words; the same line on every page.
async function waitingLine() {
  const line = /** @type {HTMLElement | null} */ (main.querySelector(".waiting"));
  if (!line) return;
  const { waiting, refused } = await counts(session?.id);
  const done = history.state?.id;
  const said = [];
  if (session && !navigator.onLine) said.push(say("offline"));
  if (waiting) said.push(`${say("waiting", { count: waiting })}.`, say("by_itself"));
  if (done && await isRefused(done)) said.push(say("not_taken"));
  else if (refused) said.push(`${say("refused", { count: refused })}.`);
  else if (!waiting && !session && (done || !isForm)) said.push(say("all_sent"));
  line.textContent = said.join(" ");
  line.hidden = !said.length;
  const box = /** @type {HTMLElement | null} */ (main.querySelector(".exporting"));
  if (box) box.hidden = !waiting && !refused;
}

// ---- beginning

async function start() {
  const cookie = /(?:^|; )(?:__Host-)?django_language=(\w+)/.exec(document.cookie)?.[1];
  speak(asked.get("ngon-ngu") ?? cookie ?? languageOfBrowser());
  onChange(waitingLine);
  for (const name of ["online", "offline"]) addEventListener(name, waitingLine);
  deliverNow = keepDelivering();
  if (!isForm) {
    await dropOldDrafts().catch(() => {});
    return waitingPage();
  }
  // Whose answers may be shown: of who sent the form to which this page is the answer, and of who
  // reads it again. Whoever comes anew may be somebody else. The state of the history alone does not
  // tell: opening the same address once more leaves it as it was.
  const [how] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  const before = how && how.type !== "navigate" ? history.state : null;
  const sent = contentOf("sent");
  // At once, because who waits too long reads the page again. And a page that answered a sending
  // must not send it again then.
  history.replaceState(before ?? (sent ? { draft: sent } : null), "", location.href);
  await dropOldDrafts().catch(() => {});
  const [here, there] = [await draftOf(address).catch(() => null), draftOfBrowser(address, DRAFT_LIVES)];
  // the network may have come and gone several times: of one form the later draft
  const begun = here && there?.id === here.id && there.touched > here.touched ? there : here ?? there;
  const own = begun && [sent, before?.draft].includes(begun.id);
  if (own && begun.language) speak(begun.language);
  [usual, definition] = await definitionsFor(begun);
  if (before?.id && !begun && Date.now() - before.at < DRAFT_LIVES) return thank(before);
  if (!definition) {
    if (begun && usual) await sealAlone(begun, usual).catch(() => {});
    return nothingHere();
  }
  const mine = begun ?? await fresh(definition);
  take(mine, definition);
  mine.page = Math.min(mine.page, lastPage());
  const changed = mine.form !== definition.form;
  if (begun && !own) return offer(changed);
  if (changed) return resume(changed);
  if (!begun || sent !== begun.id || !begun.go) return ask();
  if (begun.go !== "stay") return go(begun.go);
  await keep();
  return ask();
}

// The questionnaire of the address and that of the form, which may be an earlier one; null where it is
// not here. Only the server's word that an earlier one is not asked any more puts another in its place.
/** @type {(begun: Draft | null) => Promise<(Definition | null)[]>} */
async function definitionsFor(begun) {
  /** @type {(form: string) => Promise<Definition | undefined | null>} */
  const one = (form) => officeDefinition(slug, form).catch((error) => (error instanceof NotAsked ? undefined : null));
  let known = await one(questionnaire);
  if (known === undefined && begun) known = await one(""); // withdrawn meanwhile
  if (!begun || !known || begun.form === known.form) return [known ?? null, known ?? null];
  const exact = await one(begun.form);
  return [known, exact === undefined ? known : exact];
}

// Its questions cannot be shown here. What was said counts as it is, until more is said.
/** @type {(begun: Draft, asks: Definition) => Promise<void>} */
async function sealAlone(begun, asks) {
  take(begun, asks);
  if (!isBlank()) await session?.save(currentLanguage(), about());
  draft = session = null;
}

// The questions have changed since it was begun. What was said counts as it is until more is said. In
// another version the response goes on, as on the server, with what both ask; under another questionnaire
// the same codes ask for other things, so a new response begins, but for an invitation, which has one.
async function changeForm() {
  const begun = draft;
  if (!definition || !begun || !session) return;
  if (!isBlank()) await session.save(currentLanguage(), about());
  await session.leave();
  deliverNow();
  if (areVersions(begun.form, definition.form) || begun.invitation) {
    take({ ...begun, step: session.step, form: definition.form, page: 0, go: "", answers: fitting(definition, begun) }, definition);
  } else {
    await forgetDrafts();
    const { remark, stage, stageBy, respondent, procedure, helped, counter, wantsReply } = begun;
    take({ ...await fresh(definition), remark, stage, stageBy, respondent, procedure, helped, counter, wantsReply }, definition);
  }
  await keepAsDraft();
}

start();
