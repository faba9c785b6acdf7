// The picture on a receipt leads here with the code behind the #, which no server gets to see: it
// goes into the field, and out of the address and the history. The person sends it, not this module.
const CODE = /^#([a-z2-7]{5}-?){3}$/i;

function take() {
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById("code"));
  if (!field || !CODE.test(location.hash)) return;
  field.value = location.hash.slice(1);
  history.replaceState(history.state, "", location.pathname + location.search);
}

take();
window.addEventListener("hashchange", take); // scanned again while the page is open
