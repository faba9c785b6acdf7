// Copies what stands in an element: <button data-copies="its-id" data-copied="Copied" hidden>.

const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-copies]"));
for (const button of buttons) {
  const source = document.getElementById(button.dataset.copies ?? "");
  if (!source || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText((source.textContent ?? "").trim());
    button.textContent = button.dataset.copied ?? "";
  });
}
