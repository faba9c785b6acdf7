// Says while somebody types that a number or an address will be hidden. The server hides it in any case.
const PATTERN = /[\p{L}\d._%+-]+@[\p{L}\d-]+\.|(?:\d[ .\-()]{0,3}){9,}/u;

/** @type {(field: HTMLInputElement | HTMLTextAreaElement) => void} */
function look(field) {
  /** @type {HTMLElement | null | ""} */
  const hint = field.id && document.querySelector(`[data-said][data-for="${CSS.escape(field.id)}"]`);
  if (!hint) return;
  const said = PATTERN.test(field.value) ? hint.dataset.said ?? "" : "";
  // a live region speaks whenever its text changes, so only then
  if (hint.textContent !== said) hint.textContent = said;
}

function lookAtAll() {
  for (const field of document.querySelectorAll("textarea")) look(field);
}

// On the document, because pages change in place; what stands in a page that comes is looked at too.
document.addEventListener("input", ({ target }) => look(/** @type {HTMLInputElement} */ (target)));
document.addEventListener("hailong:page", lookAtAll);
lookAtAll();
