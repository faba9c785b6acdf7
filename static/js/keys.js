// Keys of a card, and templates of replies: <section data-keys tabindex="0"> with buttons and links that
// say their data-key. They work only while the card or something in it has the focus, never in a
// field (WCAG 2.1.4); everything can be pressed without them.

const TO_REPLY = "t";
const card = /** @type {HTMLElement | null} */ (document.querySelector("[data-keys]"));

/** @type {(target: EventTarget | null) => boolean} */
const isField = (target) => target instanceof Element && target.matches("input, select, textarea");

card?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isField(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === TO_REPLY) {
    const reply = document.getElementById("id_reply");
    if (reply) event.preventDefault();
    reply?.focus();
    return;
  }
  if (!/^[a-z0-9]$/.test(key)) return;
  const pressed = /** @type {HTMLElement | null} */ (card.querySelector(`[data-key="${key}"]`));
  if (!pressed) return;
  event.preventDefault();
  pressed.click();
});

if (card && location.hash === `#${card.id}`) card.focus();

// The chosen template comes where the cursor is, and its first blank is marked: nothing typed is lost.
const BLANK = /\[\s*…[^\]\n]*\]/;
const inserting = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-inserts]"));
inserting?.addEventListener("submit", (event) => {
  const reply = document.getElementById(inserting.dataset.inserts ?? "");
  const chosen = /** @type {HTMLOptionElement | null} */ (inserting.querySelector("option:checked"));
  const text = inserting.querySelector(`[data-template="${chosen?.value}"]`)?.textContent;
  if (!(reply instanceof HTMLTextAreaElement) || !text) return;
  event.preventDefault();
  const start = reply.selectionStart;
  reply.setRangeText(text, start, reply.selectionEnd, "end");
  const blank = BLANK.exec(reply.value.slice(start));
  reply.focus();
  if (blank) reply.setSelectionRange(start + blank.index, start + blank.index + blank[0].length);
});

// A page that is loaded anew loses what stands in a field of it: the tone or theme is then sent aside, and only
// what it changes is taken from the answer.
const tags = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-tags]"));

const isTyped = () => [...document.querySelectorAll("textarea")].some((one) => one.value.trim() !== "");

/** @type {(fresh: Document) => boolean} */
function takeOver(fresh) {
  const buttons = fresh.querySelectorAll("form[data-tags] [data-key]");
  for (const button of buttons) {
    const shown = tags?.querySelector(`[data-key="${button.getAttribute("data-key")}"]`);
    for (const name of ["value", "aria-pressed"]) shown?.setAttribute(name, button.getAttribute(name) ?? "");
  }
  const state = fresh.querySelector("[data-keys] .remark-state");
  if (state) card?.querySelector(".remark-state")?.replaceWith(document.importNode(state, true));
  return buttons.length > 0;
}

tags?.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (!isTyped() || !(button instanceof HTMLButtonElement)) return;
  event.preventDefault();
  const said = /** @type {HTMLElement} */ (tags.querySelector("[role=status]"));
  let stored = false;
  try {
    const data = new FormData(tags);
    data.append(button.name, button.value);
    const answer = await fetch(location.pathname, { method: "POST", body: data });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    stored = answer.ok && takeOver(page);
  } catch {
    // no network: said below
  }
  said.textContent = stored ? "" : tags.dataset.failed ?? "";
});
