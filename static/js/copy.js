// Copies what stands in an element: <button data-copies="its-id" data-copied="Copied" hidden>, or
// the address of the page: <button data-copies-address data-copied="Copied" hidden>.

const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-copies], button[data-copies-address]"));
for (const button of buttons) {
  const source = document.getElementById(button.dataset.copies ?? "");
  if (!navigator.clipboard || (!source && !("copiesAddress" in button.dataset))) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source ? (source.textContent ?? "").trim() : location.href);
    button.textContent = button.dataset.copied ?? "";
  });
}
