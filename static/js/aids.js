// Larger letters, and questions read aloud, on a phone; loaded when somebody presses its button (citizen.js).
import { canRead, hush, onVoices, read } from "./aloud.js";
import { enlarge, keepSize, keptSize, SIGNS } from "./text-size.js";

let open = false;

const opener = () => /** @type {HTMLElement | null} */ (document.querySelector("[data-aids]"));

/** @type {(text: string, name: string, click: (button: HTMLButtonElement) => void) => HTMLButtonElement} */
function button(text, name, click) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, className: name });
  made.addEventListener("click", () => click(made));
  return made;
}

// ---- larger letters

/** @type {(words: DOMStringMap) => HTMLElement} */
function sizes(words) {
  const group = Object.assign(document.createElement("div"), { className: "sizes" });
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", words.sizes ?? "");
  const mark = () => group.childNodes.forEach((one, size) => /** @type {Element} */ (one).setAttribute("aria-pressed", String(size === keptSize())));
  group.append(...SIGNS.map((sign, size) => {
    const one = button(sign, "", () => { keepSize(size); enlarge(size); mark(); });
    one.setAttribute("aria-label", (words.names ?? "").split("|")[size] ?? sign);
    return one;
  }));
  mark();
  return group;
}

// ---- reading aloud

// How a question is meant, where a note before the first of several says so: no recording has it.
/** @type {(question: Element) => Element | null | undefined} */
function noteOf(question) {
  let before = question.previousElementSibling;
  while (before?.matches("fieldset.scale")) before = before.previousElementSibling;
  return before?.matches(".question") ? before.querySelector(".meant") : null;
}

// Of a question its own words; why somebody is not satisfied only while that is asked.
/** @type {(question: Element) => string[]} */
function sentencesOf(question) {
  const parts = [...question.querySelectorAll(":scope > legend, :scope > .hint, :scope > .answer")];
  const reasons = question.querySelector(".reasons");
  if (reasons?.getClientRects().length) parts.push(...reasons.querySelectorAll("legend, .chip"));
  return [noteOf(question), ...parts].map((part) => part?.textContent?.trim() ?? "").filter(Boolean);
}

/** @type {(words: DOMStringMap) => void} */
function offerReading(words) {
  const language = document.documentElement.lang;
  const recordings = JSON.parse(words.recordings || "{}");
  for (const question of document.querySelectorAll("#survey fieldset:not(.reasons)")) {
    const recording = noteOf(question) ? undefined : recordings[question.id.replace(/^id_/, "")];
    if (question.querySelector(".aloud") || !canRead(language, recording)) continue;
    question.querySelector("legend")?.after(button(words.read ?? "", "quiet aloud", (pressed) => {
      const stop = pressed.getAttribute("aria-pressed") === "true";
      silence();
      if (stop) return;
      pressed.setAttribute("aria-pressed", "true");
      pressed.textContent = words.stop ?? "";
      read({ sentences: sentencesOf(question), language, recording, over: silence });
    }));
  }
}

function silence() {
  hush();
  for (const one of document.querySelectorAll(".aloud")) {
    one.setAttribute("aria-pressed", "false");
    one.textContent = opener()?.dataset.read ?? "";
  }
}

// ---- the strip below the button

function draw() {
  const words = opener()?.dataset;
  document.querySelector(".aids-strip")?.remove();
  opener()?.setAttribute("aria-expanded", String(open));
  if (!words || !open) return document.querySelectorAll(".aloud").forEach((one) => one.remove());
  const strip = Object.assign(document.createElement("div"), { className: "aids-strip", id: "aids-strip" });
  strip.append(sizes(words));
  document.querySelector(".bar")?.after(strip);
  offerReading(words);
}

export function toggle() {
  open = !open;
  silence();
  draw();
}

enlarge(keptSize());
document.addEventListener("hailong:page", () => { hush(); draw(); });
document.addEventListener("hailong:question", silence);
addEventListener("pagehide", hush);
onVoices(() => { if (open) draw(); });
