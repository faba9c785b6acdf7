// Says while somebody types that a number or an address will be hidden. The server hides it in any case.
// On the document, because pages change in place.
const PATTERN = /[\p{L}\d._%+-]+@[\p{L}\d-]+\.|(?:\d[ .\-()]{0,3}){9,}/u;

document.addEventListener("input", ({ target }) => {
  const hint = target.id && document.querySelector(`[data-said][data-for="${CSS.escape(target.id)}"]`);
  if (!hint) return;
  const said = PATTERN.test(target.value) ? hint.dataset.said : "";
  // a live region speaks whenever its text changes, so only then
  if (hint.textContent !== said) hint.textContent = said;
});
