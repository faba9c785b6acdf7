// What a tablet shows: one screen at a time, built anew. They know texts and buttons, not the outbox.
import { DONT_KNOW, LONGEST_REMARK, STAGE } from "./definition.js";
import { h, s } from "./elements.js";
import { doneSign, face, hasPictogram, pictogram } from "./pictures.js";
import { inLanguage, say } from "./words.js";

const FACES = "satisfaction";

/** @type {(text: string, name?: string) => HTMLElement} */
const title = (text, name = "") => h("h1", { tabindex: "-1", class: name || null }, text);
/** @type {(name: string, text: string, click: () => unknown, more?: Attributes) => HTMLElement} */
const button = (name, text, click, more = {}) => h("button", { type: "button", class: name, click, ...more }, text);

// question: of the definition; light: pictures and few words instead of the sentence; notice: what is to be
// read before the first answer, in all languages. choose(value) is told every tap; back: where there is a question before.
/** @type {(shown: { question: Item, number: number, count: number, light: boolean, notice: Texts | false, choose: (value: number) => void, back: false | (() => void) }) => HTMLElement} */
export function questionScreen({ question, number, count, light, notice, choose, back }) {
  const faces = question.scale === FACES && question.options.length === 5;
  const answers = question.options.map((option) =>
    h("button", { type: "button", class: "choice", "data-value": option.value, "aria-pressed": "false", click: () => choose(option.value) },
      faces ? face(option.value) : null, h("span", {}, inLanguage(option.text))));
  /** @type {[string, number] | false} */
  const other = faces ? ["dont_know", DONT_KNOW] : question.code === STAGE && ["rather_not", 0];
  const unknown = other && button("unknown", say(other[0]), () => choose(other[1]), { "data-value": other[1], "aria-pressed": "false" });
  const asked = light && hasPictogram(question.factor)
    ? [pictogram(question.factor), title(say(`light_${question.factor}`), "few-words")]
    : [question.question ? h("p", { class: "before" }, faces ? say("how_with") : inLanguage(question.question)) : null, title(inLanguage(question.text))];
  return h("section", { class: `question-screen${faces ? " with-faces" : ""}` },
    progress(number, count),
    h("div", { class: "asked" }, asked, question.hint && !light ? h("p", { class: "hint" }, inLanguage(question.hint)) : null),
    h("div", { class: "choices", role: "group", "aria-label": inLanguage(question.text) }, answers),
    h("div", { class: "under" }, unknown, back && button("back", say("back"), back), notice ? h("p", { class: "notice" }, light ? say("notice_short") : inLanguage(notice)) : null));
}

// Why the question above has a low answer. choose(code) is told every tap and says whether it is given now.
/** @type {(shown: { question: Item, reasons: Reason[], isGiven: (code: string) => boolean, number: number, count: number, choose: (code: string) => boolean, go: () => void, back: () => void }) => HTMLElement} */
export function whyScreen({ question, reasons, isGiven, number, count, choose, go, back }) {
  const choices = reasons.map(({ code, text }) => {
    /** @type {HTMLElement} */
    const choice = h("button", { type: "button", class: "choice", "aria-pressed": String(isGiven(code)), click: () => choice.setAttribute("aria-pressed", String(choose(code))) }, h("span", {}, inLanguage(text)));
    return choice;
  });
  return h("section", { class: "question-screen why-screen" },
    progress(number, count),
    h("div", { class: "asked" }, h("p", { class: "before" }, inLanguage(question.text)), title(say("why"))),
    h("div", { class: "choices", role: "group", "aria-label": say("why") }, choices),
    h("div", { class: "under" }, button("action", say("continue"), go), button("back", say("back"), back)));
}

/** @type {(number: number, count: number) => HTMLElement} */
function progress(number, count) {
  return h("p", { class: "progress" },
    h("progress", { value: number - 1, max: count, "aria-hidden": "true" }), h("span", {}, say("question_of", { number, count })));
}

/** @type {(does: { written: string, helped: boolean, help: (said: boolean) => void, send: (text: string) => void, skip: () => void, back: () => void }) => HTMLElement} */
export function remarkScreen({ written, helped, help, send, skip, back }) {
  const text = h("textarea", { id: "remark", class: "form-control", rows: "4", maxlength: LONGEST_REMARK, "aria-describedby": "remark-hint" });
  text.value = written;
  return h("section", { class: "remark-screen" },
    title(say("remark")),
    h("p", { class: "hint", id: "remark-hint" }, say("remark_tablet")),
    h("label", { class: "visually-hidden", for: "remark" }, say("remark")), text,
    h("label", { class: "helped" }, h("input", { type: "checkbox", checked: helped, change: ({ target }) => help(/** @type {HTMLInputElement} */ (target).checked) }), h("span", {}, say("helped"))),
    h("div", { class: "actions" },
      button("action", say("send"), () => send(text.value)),
      button("quiet", say("skip"), () => skip()),
      button("back", say("back"), back)));
}

// What happens when nobody touches the tablet, and how soon; said once, then only the seconds change.
/** @type {(place: HTMLElement, warning: { seconds: number, unsent: boolean, stay: () => void }) => void} */
export function warn(place, { seconds, unsent, stay }) {
  const shown = place.querySelector(".seconds");
  if (shown) shown.textContent = say("idle", { count: seconds });
  else {
    place.replaceChildren(
      h("p", { class: "what-happens" }, say(unsent ? "idle_unsent" : "idle_kept")),
      h("p", { class: "seconds", role: "timer" }, say("idle", { count: seconds })),
      button("action", say("still_here"), stay));
  }
}

/** @type {(does: { again: () => void }) => HTMLElement} */
export function unkeptScreen({ again }) {
  return h("section", { class: "wait-screen" },
    title(say("unkept")), h("p", {}, say("unkept_hint")), h("div", { class: "actions" }, button("action", say("try_again"), again)));
}

/** @type {(shown: Thanked & { address: string, done: () => void, again: (next: "procedure" | "person") => void }) => HTMLElement} */
export function thanksScreen({ code, remark, masked, address, done, again }) {
  return h("section", { class: `thanks-screen${remark ? " with-code" : ""}` },
    doneSign(),
    h("h1", { tabindex: "-1", id: "thanks" }, say("thanks_short")),
    // without a remark there is nothing to read with a code
    remark ? [
      h("p", {}, say("receipt")),
      h("p", {}, h("code", { class: "receipt" }, code)),
      h("div", { class: "keep" }, repliesCode(), h("p", {}, say("keep_code", { address }))),
      h("p", { class: "soft masked", role: "status" }, masked ? saidMasked(masked) : say("will_be_masked")),
    ] : null,
    h("div", { class: "actions" }, button("action", say("done"), () => done()),
      button("quiet", say("another_procedure"), () => again("procedure")), button("quiet", say("another_person"), () => again("person"))));
}

// kinds: as the server names them; one that a newer server knows is not named here.
/** @type {(kinds: string[]) => string} */
function saidMasked(kinds) {
  const known = kinds.map((kind) => `masked_${kind}`).filter((name) => say(name) !== name);
  return say("masked", { kinds: known.map((name) => say(name)).join(", ") });
}

// Only these words change, so that whoever reads or hears the screen stays where they are.
/** @type {(place: HTMLElement, kinds: string[]) => void} */
export function tellMasked(place, kinds) {
  const said = place.querySelector(".masked");
  if (said) said.textContent = saidMasked(kinds);
}

// The QR code of the page where replies are read. The receipt's code is not in it: no address carries one.
function repliesCode() {
  const drawn = /** @type {HTMLTemplateElement | null} */ (document.getElementById("replies"));
  return h("span", { class: "qr", "aria-hidden": "true" }, drawn?.content.cloneNode(true));
}

// picture: the QR code of the office's survey, which an own phone opens at any hour.
/** @type {(hours: Hours, picture?: Picture) => HTMLElement} */
export function sleepScreen(hours, picture) {
  const { size, path } = picture ?? { size: 0, path: "" };
  return h("section", { class: "sleep-screen" },
    title(say("sleeping")),
    h("p", {}, inLanguage(hours.said) || say("hours", hours)),
    picture && h("p", { class: "keep" },
      h("span", { class: "qr", "aria-hidden": "true" },
        s("svg", { viewBox: `0 0 ${size} ${size}` }, s("path", { d: `M0 0h${size}v${size}h-${size}z`, fill: "#fff" }), s("path", { d: path }))),
      say("own_phone")));
}

export function waitScreen() {
  return h("section", { class: "wait-screen" }, title(say("fetching")), h("p", {}, say("fetching_hint")));
}

// pair(code) resolves, or rejects with an error whose message is a sentence to show.
/** @type {(pair: (code: string) => Promise<void>) => HTMLElement} */
function pairingForm(pair) {
  const code = h("input", {
    id: "code", class: "form-control code-input", name: "code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false",
    maxlength: "20", enterkeyhint: "go", "aria-describedby": "code-hint code-error", placeholder: "ABCD-2345",
  });
  const error = h("p", { id: "code-error", class: "error", role: "alert" });
  const go = h("button", { class: "action", type: "submit" }, say("pair_action"));
  /** @type {(event: SubmitEvent) => Promise<void>} */
  const submit = async (event) => {
    event.preventDefault();
    go.disabled = true;
    error.textContent = "";
    code.removeAttribute("aria-invalid");
    try {
      if (!code.value.trim()) throw new Error(say("pair_empty"));
      await pair(code.value);
    } catch (failed) {
      error.textContent = /** @type {Error} */ (failed).message;
      code.setAttribute("aria-invalid", "true");
      code.focus();
    }
    go.disabled = false;
  };
  return h("form", { class: "pairing", novalidate: true, submit },
    h("label", { for: "code" }, say("pair_code")),
    h("p", { class: "hint", id: "code-hint" }, say("pair_hint")),
    code, error, h("div", { class: "actions" }, go));
}

/** @type {(does: { pair: (code: string) => Promise<void> }) => HTMLElement} */
export function pairScreen({ pair }) {
  return h("section", { class: "pair-screen" }, title(say("pair_title")), pairingForm(pair));
}

// said: the server's sentence about what to do; it is in Vietnamese, as officials read it.
/** @type {(shown: { counts: Counts, save: () => void, pair: (code: string) => Promise<void> }) => HTMLElement} */
export function revokedScreen({ counts, save, pair }) {
  return h("section", { class: "pair-screen revoked" },
    title(say("revoked")),
    h("p", {}, say("revoked_hint")),
    h("p", { class: "waiting" }, say("waiting", { count: counts.waiting + counts.refused })),
    h("div", { class: "actions" }, button("action", say("export"), save)),
    h("h2", {}, say("pair_again")), pairingForm(pair));
}
