// The tablet on a counter: pairing, then one question a screen, for one person after the other.
import { condition } from "./battery.js";
import { ask, FIVE_MINUTES, isLow, isOpen, puttingOf, questionsOf, Refused, Revoked, screensOf, STAGE } from "./definition.js";
import { exportFile, keepDelivering, keepStorage, ROOT } from "./deliver.js";
import { h } from "./elements.js";
import { keepFitting } from "./fit.js";
import { enlarge, hush, readButton, sizeButton } from "./kiosk-aids.js";
import { ownKey } from "./kiosk-key.js";
import { officialsButton, openPanel } from "./kiosk-panel.js";
import * as screens from "./kiosk-screens.js";
import { counts, onChange, recall, release, remember } from "./outbox.js";
import { hasPictogram, picturesSign, wordsSign } from "./pictures.js";
import { receiptCode } from "./seal.js";
import { Session } from "./session.js";
import { firstTouch, listenForUpdates, stayAwake, stayHere } from "./tablet.js";
import { currentLanguage, languageNames, say, speak } from "./words.js";

const PAUSE = 1_000; // a choice stays in sight, and may be changed, for so long; a second tap on it answers nothing
const LOOK = 8_000; // that reasons stand there untouched, as on phones; whoever touches anything leads on with the button
const WARNED = 20_000; // so long before the end it is announced (WCAG 2.2.1)
const IDLE = 20_000 + WARNED;
const IDLE_WRITING = 60_000 + WARNED;
const THANKED = 8_000;
const THANKED_REMARK = 60_000; // a code to note down, an address to photograph
const SECOND_TAP = 1_000; // meant for the button that stood there before
const AGAIN = 5_000; // nobody begins anew so soon after the one before
const DAY = 24 * 3_600_000;
const SOON = 15_000;
const FIRST_LANGUAGE = "vi";

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const top = /** @type {HTMLElement} */ (document.getElementById("kiosk-top"));
const bottom = /** @type {HTMLElement} */ (document.getElementById("kiosk-bottom"));
const countdown = /** @type {HTMLElement} */ (document.getElementById("kiosk-countdown"));
const fit = keepFitting(main);

/** @type {Partial<Memory>} */
let { token, place, definition, revoked, heard, credential, signer } = {}; // credential: what the server signed for today
let offset = 0; // the server's clock less ours
let session = /** @type {Session | null} */ (null);
let screen = "";
let number = 0; // of the question in sight, from 0
let why = false; // the reasons for its low answer are in sight, not the question itself
let stage = /** @type {number | null} */ (null); // how far the dossier is, where that is asked; 0: not said
let light = false;
let since = /** @type {number | null} */ (null); // when it was touched last, while there is something to forget
let pause = IDLE; // how long that may take on this screen
let next = 0; // the timer that leads to the next question
let written = ""; // the remark, while its screen is left
let size = 0; // of the letters
let helped = false; // somebody answers for somebody else
let finished = -Infinity;
let arrived = -Infinity; // when a button led to this screen, on whose spot an answer may stand now
let waiting = { waiting: 0, refused: 0 };
let online = navigator.onLine;
let outdated = false; // a new version of the app is there
let deliverNow = () => Promise.resolve();

const questions = () => (definition ? screensOf(definition, stage ?? 0) : []);
const fewWords = () => {
  const factors = (definition ? questionsOf(definition) : []).map((question) => question.factor);
  return new Set(factors).size === factors.length && factors.every(hasPictogram);
};

// ---- screens

/** @type {(name: string, element: HTMLElement) => void} */
function show(name, element) {
  screen = name;
  document.body.dataset.screen = name;
  hush();
  // not a word, not a choice of the screen before stays in the page
  main.replaceChildren(element);
  countdown.replaceChildren();
  frame();
  fit();
  main.querySelector("h1")?.focus({ preventScroll: true });
  main.scrollTop = 0;
}

// The question as it is put at this stage, and its recordings: none reads other words than stand there.
/** @type {() => [Item | undefined, Definition["recordings"]]} */
function asPut() {
  const question = questions()[number];
  if (!definition || !question) return [undefined, undefined];
  const { text, note } = puttingOf(definition, question, stage ?? 0);
  const hint = note ? Object.fromEntries(definition.languages.map((code) => [code, definition?.texts[code]?.read_as_refusal])) : question.hint;
  return [{ ...question, text, hint }, text === question.text && !note ? definition.recordings : undefined];
}

// What is read aloud of the screen in sight: of the reasons, which nobody has recorded, by a voice.
/** @type {() => [Item | undefined, Definition["recordings"]]} */
function asRead() {
  const [question, recordings] = asPut();
  if (screen !== "why" || !question) return [question, recordings];
  const text = Object.fromEntries((definition?.languages ?? []).map((code) => [code, definition?.texts[code]?.why]));
  const options = (question.reasons ?? []).map((reason) => ({ value: 1, text: reason.text }));
  return [{ ...question, scale: "choice", question: question.text, text, hint: null, options }, undefined];
}

const focusOn = (/** @type {string} */ which) => /** @type {HTMLElement | null} */ (top.querySelector(which))?.focus();

function frame() {
  const offered = (definition?.languages ?? [FIRST_LANGUAGE]).filter((code) => code in languageNames);
  const people = ["question", "why", "remark", "thanks"].includes(screen);
  const pictures = screen === "question" && fewWords() && h("button", {
    type: "button", class: "pictures", "aria-pressed": String(light), click: () => { light = !light; touched(); redraw(); },
  }, light ? wordsSign() : picturesSign(), h("span", {}, say(light ? "with_words" : "with_pictures")));
  top.replaceChildren(
    h("p", { class: "place", lang: "vi" }, place ? place.office.name : "Hài Lòng", place?.counter ? h("span", {}, ` · ${say("counter", { number: place.counter.number })}`) : null),
    h("div", { class: "switches" }, screen === "why" || (screen === "question" && !light) ? readButton(...asRead(), () => touched()) : null, people && sizeButton(size, (chosen) => { size = chosen; touched(); frame(); fit(); focusOn(".size"); }), pictures || null, people || screen === "sleep"
      ? h("div", { class: "languages", role: "group", "aria-label": say("language") }, offered.length > 1 ? offered.map((code) =>
        h("button", { type: "button", lang: code, "aria-pressed": String(code === currentLanguage()), click: () => choose(code) }, languageNames[code])) : null)
      : null));
  status();
}

function status() {
  const between = !session && ["question", "sleep", "wait", "pair", "revoked"].includes(screen);
  const lines = [
    waiting.waiting ? h("span", { class: "waiting" }, say("waiting", { count: waiting.waiting })) : null,
    waiting.refused ? h("span", { class: "waiting" }, say("refused", { count: waiting.refused })) : null,
    h("span", {}, say(online ? "network_on" : "network_off")),
  ];
  bottom.replaceChildren(h("p", { class: "status" }, lines), between ? officialsButton(panel) : "");
}

/** @type {(code: string) => void} */
function choose(code) {
  speak(code);
  touched();
  redraw();
}

// The same screen in another language or form; nothing that was typed or tapped is lost.
function redraw() {
  if (screen === "question") askNext();
  else if (screen === "why") askWhy();
  else if (screen === "remark") {
    keepWritten();
    askRemark();
  } else if (screen === "thanks") thank();
  else rest();
}

function askNext() {
  if (!definition) return;
  why = false;
  const all = questions();
  light &&= fewWords();
  const [question = all[number], said] = asPut();
  show("question", screens.questionScreen({ question, number: number + 1, count: all.length, light: light && said === definition.recordings, notice: number === 0 && definition.notice, choose: answer, back: number > 0 && goBack }));
  const chosen = question.code === STAGE ? stage : session?.answers[question.code];
  if (chosen !== null && chosen !== undefined) mark(chosen);
  main.classList.toggle("locked", locked());
}

// Why, after a low answer: several may be tapped, and nobody has to.
function askWhy() {
  const [question] = asPut();
  const given = question?.reasons;
  if (!given || !session) return goOn();
  const { answers } = session;
  const choose = (/** @type {string} */ code) => {
    if (justCame()) return answers[code] === 1;
    clearTimeout(next);
    if (answers[code] === 1) delete answers[code];
    else answers[code] = 1;
    keep();
    touched(IDLE);
    return answers[code] === 1;
  };
  main.classList.remove("locked"); // the tap that led here was taken
  show("why", screens.whyScreen({ question, reasons: given, isGiven: (code) => answers[code] === 1, number: number + 1, count: questions().length, choose, go: () => { if (!justCame()) goOn(); }, back: goBack }));
  return undefined;
}

// A clock that stands before the day on which the questions came has lost its battery: better ask.
/** @type {(known: Definition) => boolean} */
const isAwake = ({ at, hours }) => Date.now() + offset < at - DAY || isOpen(hours, Date.now() + offset);

const locked = () => !session && Math.abs(Date.now() - finished) < AGAIN;
const justCame = () => Math.abs(Date.now() - arrived) < SECOND_TAP;

/** @type {(value: number) => void} */
function mark(value) {
  for (const choice of main.querySelectorAll("[data-value]")) {
    choice.setAttribute("aria-pressed", String(choice.getAttribute("data-value") === String(value)));
  }
}

/** @type {(value: number) => void} */
function answer(value) {
  if (locked() || justCame() || !place || !definition) return;
  session ??= new Session({ office: place.office.slug, form: definition.form, channel: "tablet", counter: place.counter?.number ?? null, tablet: token, session: credential }, definition.key, {}, signer);
  const { code } = questions()[number];
  if (code === STAGE) stage = value;
  else session.answers[code] = value;
  // a better answer takes its reasons back
  for (const reason of (!isLow(value) && questions()[number].reasons) || []) delete session.answers[reason.code];
  if (Object.keys(session.answers).length) keep();
  mark(value);
  status();
  touched(IDLE);
  clearTimeout(next);
  next = setTimeout(goOn, PAUSE); // anew with each tap
}

const keep = () => void session?.save(currentLanguage(), { stage: stage ?? 0 }).catch(() => cannotKeep(askOn));

// To the screen on which this person is now, which may not be the one whose answer could not be kept.
function askOn() {
  if (!session) rest();
  else if (why) askWhy();
  else if (number < questions().length) askNext();
  else askRemark();
}

function goOn() {
  clearTimeout(next);
  const question = questions()[number];
  why = !why && Boolean(question.reasons?.length) && isLow(session?.answers[question.code]);
  if (why) {
    askWhy();
    next = setTimeout(goOn, LOOK);
    return;
  }
  arrived = screen === "why" ? Date.now() : arrived; // an answer may stand where a reason stood
  number += 1;
  if (number < questions().length) askNext();
  else askRemark();
}

// To the question before, with its answer marked; only while the same person answers.
function goBack() {
  if (justCame()) return;
  arrived = Date.now();
  keepWritten();
  clearTimeout(next);
  number -= why ? 0 : 1;
  askNext();
  touched(IDLE);
}

function keepWritten() {
  written = main.querySelector("textarea")?.value ?? written;
}

// The device stores nothing more: what was said is still here, and can be tried again.
/** @type {(again: () => void) => void} */
function cannotKeep(again) {
  clearTimeout(next);
  show("unkept", screens.unkeptScreen({ again }));
  touched(IDLE_WRITING);
}

function askRemark() {
  show("remark", screens.remarkScreen({ written, helped, help: (said) => { helped = said; }, send: (text) => { if (!justCame()) finish(text); }, skip: () => { if (!justCame()) finish(""); }, back: goBack }));
  touched(IDLE_WRITING);
}

let thanked = /** @type {Thanked | null} */ (null);
/** @type {(text: string) => Promise<void>} */
async function finish(text) {
  if (!session) return; // a second tap on the same button
  const remark = text.trim();
  const ended = session;
  session = null;
  since = null;
  finished = Date.now();
  thanked = { id: ended.id, code: remark ? await receiptCode(ended.id) : "", remark: Boolean(remark) };
  try {
    await ended.save(currentLanguage(), { finished: true, remark, helped, stage: stage ?? 0 });
  } catch {
    // the device cannot store: nobody is thanked for what is lost, and the form can be sent again
    session = ended;
    finished = -Infinity;
    written = text || written;
    return cannotKeep(askRemark);
  }
  ended.answers = {};
  stage = null;
  written = "";
  finished = Date.now();
  thank();
  touched(remark ? THANKED_REMARK : THANKED);
  deliverNow();
}

function thank() {
  if (thanked) show("thanks", screens.thanksScreen({ ...thanked, address: `${location.host}${ROOT}phan-hoi/`, done: leaveThanks, again: leaveThanks }));
}

// What was hidden in the remark is said while the thanks for it are still there.
/** @type {Told} */
function delivered(sent, results) {
  const masked = results[sent.findIndex(({ id }) => id === thanked?.id)]?.masked;
  if (!thanked || !masked) return;
  thanked.masked = masked;
  screens.tellMasked(main, masked);
  fit();
}

// next: who goes on at once, with the language and the pictures of the one before; nothing else is kept.
/** @type {(next?: "procedure" | "person") => void} */
function leaveThanks(next) {
  if (Math.abs(Date.now() - finished) < SECOND_TAP) return;
  arrived = Date.now();
  reset(next && { language: currentLanguage(), light, size, helped: helped && next === "procedure" });
  if (next) touched();
}

// To the beginning: for the next person, in the first language unless somebody goes on at once.
function reset(kept = { language: FIRST_LANGUAGE, light: false, size: 0, helped: false }) {
  clearTimeout(next);
  number = 0;
  why = false;
  stage = null;
  written = "";
  thanked = null;
  since = null;
  pause = IDLE;
  ({ light, size, helped } = kept);
  enlarge(size);
  speak(kept.language);
  const left = session;
  session = null;
  left?.leave().then(deliverNow);
  if (left) left.answers = {};
  rest();
}

// What stands there while nobody answers.
function rest() {
  if (revoked) show("revoked", screens.revokedScreen({ counts: waiting, save, pair }));
  else if (!token) show("pair", screens.pairScreen({ pair }));
  else if (!definition) show("wait", screens.waitScreen());
  else if (!isAwake(definition)) show("sleep", screens.sleepScreen(definition.hours, definition.picture));
  else if (outdated) location.reload();
  else askNext();
  stayAwake(screen !== "sleep");
}

// ---- time

function touched(allowed = pause) {
  pause = allowed;
  const changed = session || screen !== "question" || light || size || helped || currentLanguage() !== FIRST_LANGUAGE;
  since = changed ? Date.now() : null;
  countdown.replaceChildren();
}

function tick() {
  // also when the clock was set, or the device slept
  const left = since === null ? Infinity : pause - Math.abs(Date.now() - since);
  if (left <= 0) reset();
  else if (left <= WARNED && session) screens.warn(countdown, { seconds: Math.ceil(left / 1000), unsent: Boolean((main.querySelector("textarea")?.value ?? written).trim()), stay: () => touched() });
  else if (!session && ["question", "sleep", "wait"].includes(screen)) {
    main.classList.toggle("locked", locked());
    if (definition && (isAwake(definition) ? screen !== "question" || outdated : screen !== "sleep")) rest();
  }
}

// ---- the server

/** @type {(code: string) => Promise<void>} */
async function pair(code) {
  /** @type {Place & { token: string, session: string }} */
  let paired;
  try {
    const own = await ownKey();
    paired = await ask("ghep/", "", { code, ...(own && { key: own.point }) });
    signer = own?.signer;
  } catch (error) {
    throw error instanceof Refused ? error : new Error(say("pair_failed"));
  }
  token = paired.token;
  credential = paired.session;
  place = { office: paired.office, counter: paired.counter };
  definition = undefined;
  revoked = undefined;
  await remember({ token, place, definition, revoked, credential, signer }).catch(() => { throw new Error(say("unkept")); });
  keepStorage();
  rest();
  await beat();
}

// Tells the server that the tablet is there, and learns the time and whether the questions changed.
async function beat() {
  if (!token || revoked) return;
  try {
    const told = await ask("nhip/", token, { ...await condition(), waiting: waiting.waiting + waiting.refused, at: Date.now() });
    offset = told.at - Date.now();
    heard = Date.now() + offset;
    online = true;
    credential = told.session;
    await remember({ clock: offset, heard, credential });
    if (told.revision !== definition?.revision || told.form !== definition?.form) await fetchDefinition();
  } catch (error) {
    if (error instanceof Revoked) await revoke(error.message);
    else online = navigator.onLine && error instanceof Refused;
  }
  if (token && !revoked && !definition) setTimeout(beat, SOON);
  status();
}

async function fetchDefinition() {
  if (!token) return;
  /** @type {Definition} */
  const fetched = await ask("phieu.json", token);
  await remember({ definition: fetched });
  place = { office: fetched.office, counter: fetched.counter };
  await remember({ place });
  // never under the hands of somebody who is answering
  const put = () => {
    if (session || ["remark", "thanks"].includes(screen)) return setTimeout(put, 1000);
    definition = fetched;
    return rest();
  };
  put();
}

/** @type {(sentence: string) => Promise<void>} */
async function revoke(sentence) {
  revoked = sentence || true;
  await remember({ revoked });
  if (!session && screen !== "thanks") rest();
}

// ---- officials

const save = () => exportFile(place?.office.slug ?? "may");

function panel() {
  if (session) return;
  openPanel({
    facts: () => ({ ...waiting, heard, online, place: place ? `${place.office.name}${place.counter ? ` · ${say("counter", { number: place.counter.number })}` : ""}` : say("never_paired") }),
    save,
    again: async () => { await beat(); await deliverNow(); },
  });
}

// ---- beginning

async function recount() {
  waiting = await counts(session?.id);
  status();
}

async function start() {
  /** @type {(keyof Memory)[]} */
  const names = ["token", "place", "definition", "revoked", "clock", "heard", "credential", "signer"];
  speak(FIRST_LANGUAGE);
  try {
    [token, place, definition, revoked, offset = 0, heard, credential, signer] = await Promise.all(names.map(recall));
    await remember({ clock: offset }); // whether it can be written at all
    await release();
    await recount();
  } catch {
    return show("unkept", screens.unkeptScreen({ again: () => location.reload() }));
  }
  onChange(recount);
  rest();
  // what is touched on the warning is its button, which must still be there when the finger leaves it
  for (const name of ["pointerdown", "keydown", "input"]) document.addEventListener(name, ({ target }) => { if (since !== null && !countdown.contains(/** @type {Node} */ (target))) touched(); }, true);
  // whoever reads or listens to the reasons goes on with the button; the screen takes the focus before its time runs
  for (const name of ["pointerdown", "keydown", "wheel", "focusin"]) document.addEventListener(name, () => { if (screen === "why") clearTimeout(next); }, { capture: true, passive: true });
  // its words say that any touch keeps the form
  countdown.addEventListener("click", () => touched());
  document.addEventListener("contextmenu", (event) => event.preventDefault());
  setInterval(tick, 1000);
  setInterval(beat, FIVE_MINUTES);
  addEventListener("online", beat);
  addEventListener("offline", () => { online = false; status(); });
  firstTouch();
  stayHere();
  listenForUpdates(`${ROOT}sw.js`, ROOT, () => { outdated = true; });
  await beat();
  deliverNow = keepDelivering(() => Boolean(token) && !revoked, delivered);
}

start();
