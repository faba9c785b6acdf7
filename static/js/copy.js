// Copies what stands in an element: <button data-copies="its-id" data-copied="Copied" hidden>, or
// the address of the page: <button data-copies-address data-copied="Copied" hidden>. Saves the lines
// marked with data-saved-line as a file that is made here: <button data-saves="name.txt"
// data-saved="Look whether it is there" hidden>. Screen readers are told what a press did.

const status = Object.assign(document.createElement("p"), { className: "copy-status" });
status.setAttribute("role", "status"); // from the start: what is filled in later is read out

// Below buttons that say what to do otherwise; empty until one is pressed.
/** @type {(button: HTMLElement) => void} */
const stand = ({ dataset, parentElement }) => {
  if ((dataset.refused || dataset.saved) && !status.isConnected) parentElement?.after(status);
};

const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-copies], button[data-copies-address]"));
for (const button of buttons) {
  const source = document.getElementById(button.dataset.copies ?? "");
  if (!navigator.clipboard || (!source && !("copiesAddress" in button.dataset))) continue;
  button.hidden = false;
  stand(button);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source ? (source.textContent ?? "").trim() : location.href);
      status.textContent = button.textContent = button.dataset.copied ?? "";
    } catch { // a browser within another app may refuse: marked, to be copied by hand
      status.textContent = button.dataset.refused ?? "";
      if (source) getSelection()?.selectAllChildren(source);
    }
  });
}

const saving = /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-saves]"));
for (const button of saving) {
  button.hidden = false;
  stand(button);
  button.addEventListener("click", () => {
    const lines = [...document.querySelectorAll("[data-saved-line]")].map((line) => (line.textContent ?? "").trim());
    const href = URL.createObjectURL(new Blob([lines.join("\r\n"), "\r\n"], { type: "text/plain;charset=utf-8" }));
    Object.assign(document.createElement("a"), { href, download: button.dataset.saves }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000); // some browsers read it late
    // a browser within another app saves nothing and says nothing
    status.textContent = button.dataset.saved ?? "";
  });
}
