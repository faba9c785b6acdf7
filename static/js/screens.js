// One question a screen, as on tablets. The page stays the server's; its questions come into sight one after the other.
import { attach } from "./citizen.js";

const PAUSE = 1000; // as on tablets: a second tap on the answer answers nothing
const LOOK = 8000; // that reasons stand there untouched; whoever touches anything leads on with the button
const SIZES = [1, .94, .88, .82, .76, .7, .64, .58]; // of type, tried from large to small
const BACK = "[name=go][value=back]:not([hidden])";
const DONT_KNOW = "9";

let form = /** @type {Sheet | null} */ (null);
let questions = /** @type {HTMLFieldSetElement[]} */ ([]);
let number = 0; // which of them is in sight
let timer = 0; // that leads on after a tap
let looking = false; // the pause after a tap is over, and reasons stand there
let coming = 0; // a question has just come into sight
/** @type {{ send: (back: boolean) => void, push: () => void }} */
let does;

/** @type {Screens["begin"]} */
function begin(page, at, given) {
  clearTimeout(timer);
  const isLater = form !== null; // not the page that was loaded
  [form, does] = [page, given];
  /** @type {NodeListOf<HTMLFieldSetElement> | []} */
  const asked = form?.dataset.questions ? form.querySelectorAll("fieldset.scale") : [];
  questions = [...asked];
  if (!form || !questions.length) return;
  form.classList.add("one");
  const wrong = questions.findIndex((one) => one.classList.contains("wrong"));
  const open = questions.findIndex((one) => !one.querySelector(":checked"));
  const resumed = at === "resume" && open >= 0 ? open : at ? questions.length - 1 : 0;
  bring(wrong >= 0 ? wrong : typeof at === "number" ? at : resumed);
  if (isLater) came();
}

function bring(/** @type {number} */ to) {
  const of = /** @type {Sheet} */ (form);
  clearTimeout(timer);
  number = Math.min(Math.max(to, 0), questions.length - 1);
  let before = /** @type {HTMLElement | null} */ (null); // what is asked of several stands before the first
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (of.querySelectorAll(".question, fieldset.scale"))) {
    if (part.matches(".question")) before = part;
    part.hidden = part !== questions[number];
    if (!part.hidden && before) before.hidden = false;
  }
  const position = Number(of.dataset.before) + number;
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (of.querySelectorAll(".promise, .notice"))) part.hidden = position > 0;
  of.querySelector("[name=go][value=back]")?.toggleAttribute("hidden", !position);
  const [said, bar] = [".progress span", "progress"].map((one) => of.querySelector(one));
  const count = of.dataset.questions ?? "";
  if (said) said.textContent = (of.dataset.progress ?? "").replace("%(number)s", String(position + 1)).replace("%(count)s", count);
  if (bar) Object.assign(bar, { max: count, value: position + 1 });
  fit();
}

function fit() {
  if (!form || !questions.length) return;
  const of = form;
  const below = /** @type {Element} */ (of.querySelector(".actions"));
  const fits = (/** @type {number} */ size) => {
    of.style.setProperty("--fit", String(size));
    return below.getBoundingClientRect().bottom + scrollY <= innerHeight;
  };
  of.classList.remove("tight");
  if (SIZES.some(fits)) return;
  of.classList.add("tight"); // where even this is too much, the page scrolls
  SIZES.some(fits);
}

// For a moment a press on a button is taken for one on the question before.
function came() {
  const of = /** @type {Sheet} */ (form);
  clearTimeout(coming);
  of.dataset.came = "";
  coming = setTimeout(() => { delete of.dataset.came; }, PAUSE);
}

function show(/** @type {number} */ to) {
  if (!questions.length) return;
  bring(to);
  came();
  document.dispatchEvent(new Event("hailong:question"));
  window.scrollTo(0, 0);
  focus();
}

function find(/** @type {string} */ hash) {
  const to = questions.findIndex((one) => hash === `#${one.id}`);
  if (to >= 0) show(to);
}

function focus() {
  const asked = questions[number]?.querySelector("legend");
  if (!asked) return false;
  asked.tabIndex = -1;
  asked.focus({ preventScroll: true });
  return true;
}

function go(/** @type {number} */ by) {
  clearTimeout(timer);
  if (!questions[number + by]) return does.send(by < 0);
  show(number + by);
  does.push();
}

// What the page's buttons send is first its next question, or the one before.
/** @type {Screens["steps"]} */
function steps(button) {
  clearTimeout(timer); // or the tap before would lead on as well
  const by = button?.value === "back" ? -1 : 1;
  if (button?.name && by > 0 || !questions[number + by]) return false;
  // meant for the question before, which was left by itself meanwhile: this one would be passed over unseen
  const late = by > 0 && "came" in /** @type {Sheet} */ (form).dataset && !questions[number].querySelector(":checked");
  if (!late) go(by);
  return true;
}

const offersReasons = () => Boolean(questions[number]?.querySelector(".reasons")?.getClientRects().length);

// A tap or a key that answers leads on after a pause; arrows that look through the answers do not.
function leadOn() {
  clearTimeout(timer);
  const on = () => { if (form && !form.hasAttribute("aria-busy")) go(1); };
  looking = false;
  timer = setTimeout(() => {
    if (!offersReasons()) return on();
    looking = true;
    if (!document.getElementById("aids-strip")) timer = setTimeout(on, LOOK); // who listens goes on themselves
  }, PAUSE);
}
const stay = () => { if (offersReasons()) clearTimeout(timer); };
for (const touch of ["pointerdown", "keydown", "wheel"]) document.addEventListener(touch, stay, { capture: true, passive: true });
// Screen readers touch nothing, but move the focus or the selection. So does the tap itself, up to a moment after it.
for (const move of ["focusin", "selectionchange"]) document.addEventListener(move, () => { if (looking) stay(); });

document.addEventListener("click", ({ target, detail }) => {
  const part = /** @type {Element} */ (target);
  if (detail && questions[number]?.contains(part) && part.closest(".answer")) leadOn();
});

// Keys answer while something of the form has the focus, and never in a field (WCAG 2.1.4).
document.addEventListener("keydown", (event) => {
  const target = /** @type {Element} */ (event.target);
  if (!questions.length || !form?.contains(target) || form.hidden || event.ctrlKey || event.altKey || event.metaKey
    || target.matches("textarea, select, input:not([type=radio])")) return;
  const key = event.key.toLowerCase();
  const value = key === "k" || key === "0" ? DONT_KNOW : key;
  /** @type {HTMLInputElement | null} */
  const answer = /^[k0-8]$/.test(key) ? questions[number].querySelector(`input[value="${value}"]`) : null;
  const asked = target.matches("legend");
  if (answer) {
    answer.click();
    answer.focus({ preventScroll: true });
    leadOn();
  } else if (asked && /^(enter|arrowright)$/.test(key)) go(1);
  else if (asked && key === "arrowleft" && form.querySelector(BACK)) go(-1);
  else if (asked && /^arrow(down|up)$/.test(key)) {
    /** @type {HTMLElement | null} */ (questions[number].querySelector(":checked") ?? questions[number].querySelector("input"))?.focus();
  } else return;
  event.preventDefault();
});
document.addEventListener("change", ({ target }) => { if (questions[number]?.contains(/** @type {Element} */ (target))) fit(); });
addEventListener("resize", fit);
document.fonts.addEventListener("loadingdone", fit);

attach({ begin, show, find, focus, steps, shown: () => number });
