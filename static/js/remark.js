// Says while somebody types that a number or an address will be hidden. The server hides it in any case.
const PATTERN = /[\p{L}\d._%+-]+@[\p{L}\d-]+\.|(?:\d[ .\-()]{0,3}){9,}/u;

for (const hint of document.querySelectorAll("[data-said][data-for]")) {
  const field = document.getElementById(hint.dataset.for);
  const look = () => {
    const said = PATTERN.test(field.value) ? hint.dataset.said : "";
    // a live region speaks whenever its text changes, so only then
    if (hint.textContent !== said) hint.textContent = said;
  };
  field?.addEventListener("input", look);
  if (field) look();
}
