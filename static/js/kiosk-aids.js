// Larger letters and reading aloud on a tablet: two buttons above the question.
import { canRead, hush, read } from "./aloud.js";
import { DONT_KNOW } from "./definition.js";
import { h } from "./elements.js";
import { enlarge, SIGNS } from "./text-size.js";
import { currentLanguage, inLanguage, say } from "./words.js";

// One button that goes from size to size; set(size) is told the next one.
/** @type {(size: number, set: (size: number) => void) => HTMLElement} */
export function sizeButton(size, set) {
  const next = (size + 1) % SIGNS.length;
  const name = `${say("text_size")}: ${say(`text_size_${size}`)}`;
  return h("button", { type: "button", class: "size", "aria-label": name, click: () => { enlarge(next); set(next); } }, SIGNS[size]);
}

// None where no recording and no voice of the language can read it. touched(): somebody is listening.
/** @type {(question: Item | undefined, recordings: Definition["recordings"], touched: () => void) => HTMLElement | null} */
export function readButton(question, recordings, touched) {
  const language = currentLanguage();
  const recording = question && recordings?.[language]?.[question.code];
  if (!question || !canRead(language, recording)) return null;
  const made = h("button", { type: "button", class: "aloud", "aria-pressed": "false" }, say("read_aloud"));
  const ended = () => {
    made.setAttribute("aria-pressed", "false");
    made.textContent = say("read_aloud");
    touched();
  };
  made.addEventListener("click", () => {
    const stop = made.getAttribute("aria-pressed") === "true";
    hush();
    if (stop) return ended();
    touched();
    made.setAttribute("aria-pressed", "true");
    made.textContent = say("stop_reading");
    read({ sentences: sentencesOf(question), language, recording, over: ended });
  });
  return made;
}

/** @type {(question: Item) => string[]} */
function sentencesOf(question) {
  const said = [question.question, question.text, question.hint, ...question.options.map((option) => option.text)].map(inLanguage);
  if (question.scale === "satisfaction" && !question.options.some(({ value }) => value === DONT_KNOW)) said.push(say("dont_know"));
  return said.filter(Boolean);
}

export { hush } from "./aloud.js";
export { enlarge } from "./text-size.js";
