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
