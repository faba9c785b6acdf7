// The list of procedures as a field with search: a combobox with a list (WAI-ARIA APG), found also without accents.
// Without this module it is a plain list. The list stays what is sent; a draft fills it in, and it is followed here.

/** @type {(text: string) => string} */
export const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();

/** @type {(text: string) => string[]} */
const wordsOf = (text) => plain(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);

/** @type {(typed: string[], words: string[]) => boolean} */
const matches = (typed, words) => typed.every((part) => words.some((word) => word.startsWith(part)));

/** @type {<K extends keyof HTMLElementTagNameMap>(name: K, attributes: Record<string, string>, text?: string) => HTMLElementTagNameMap[K]} */
function made(name, attributes, text = "") {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) if (value) element.setAttribute(attribute, value);
  element.textContent = text;
  return element;
}

/** @type {(place: HTMLElement) => void} */
function enhance(place) {
  const list = place.querySelector("select");
  if (!list || list.hidden) return;
  const { id } = list;
  const said = list.getAttribute("aria-describedby");
  const input = made("input", {
    class: "form-control", id, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}_found`, "aria-describedby": `${id}_hint${said ? ` ${said}` : ""}`,
  });
  if (list.getAttribute("aria-invalid")) input.setAttribute("aria-invalid", "true");
  const label = place.querySelector("label")?.textContent ?? "";
  const found = made("ul", { class: "found-procedures", id: `${id}_found`, role: "listbox", "aria-label": label });
  const status = made("p", { class: "visually-hidden", role: "status" });
  found.hidden = true;
  list.id = `${id}_list`; // so that the label, and the link of an error, lead to the field
  list.hidden = true;
  // above the field, and a line of the same height: what stands below must not move under a finger
  const hint = made("p", { class: "hint", id: `${id}_hint`, role: "status" }, place.dataset.search ?? "");
  list.before(hint, input, found, status);

  const all = [...list.options].filter((option) => option.value).map((option, number) => {
    const group = option.parentElement instanceof HTMLOptGroupElement ? option.parentElement.label : "";
    const shown = made("li", { role: "option", id: `${id}_${number}`, "data-value": option.value, lang: group ? "vi" : "" }, option.text);
    return { option, group, shown, words: wordsOf(`${option.text} ${group}`) };
  });
  let active = /** @type {HTMLElement | null} */ (null);
  const chosen = () => list.selectedOptions[0]?.value ? list.selectedOptions[0].text : "";

  /** @type {(one: HTMLElement | null) => void} */
  function point(one) {
    active?.setAttribute("aria-selected", "false");
    active = one;
    active?.setAttribute("aria-selected", "true");
    if (active) input.setAttribute("aria-activedescendant", active.id);
    else input.removeAttribute("aria-activedescendant");
    active?.scrollIntoView({ block: "nearest" });
  }

  function open() {
    const typed = input.value === chosen() ? [] : wordsOf(input.value);
    const fitting = all.filter(({ words }) => matches(typed, words));
    const unnamed = all.filter(({ group }) => !group); // what is in no list is offered whatever was typed
    const shown = [...fitting.filter(({ group }) => group), ...unnamed];
    point(null);
    found.replaceChildren(...shown.flatMap(({ group, shown: one }, number) =>
      (group && group !== shown[number - 1]?.group ? [made("li", { class: "group", role: "presentation", lang: "vi" }, group), one] : [one])));
    found.hidden = false;
    input.setAttribute("aria-expanded", "true");
    status.textContent = `${place.dataset.found} ${shown.length}`;
  }

  function close() {
    found.hidden = true;
    input.setAttribute("aria-expanded", "false");
    status.textContent = "";
    point(null);
  }

  /** @type {(value: string) => void} */
  function choose(value) {
    if (list && list.value !== value) {
      list.value = value;
      list.dispatchEvent(new Event("change", { bubbles: true }));
    }
    input.value = chosen();
    hint.textContent = place.dataset.search ?? "";
    close();
  }

  /** @type {(by: number) => void} */
  function move(by) {
    if (found.hidden) open();
    const options = /** @type {HTMLElement[]} */ ([...found.querySelectorAll("[role=option]")]);
    const from = active ? options.indexOf(active) : by > 0 ? -1 : options.length;
    point(options[(from + by + options.length) % options.length] ?? null);
  }

  input.value = chosen();
  input.addEventListener("input", open);
  input.addEventListener("click", open);
  input.addEventListener("blur", () => {
    const typed = wordsOf(input.value);
    const fitting = all.filter(({ group, words }) => group && matches(typed, words));
    if (!typed.length || input.value === chosen()) return choose(typed.length ? list.value : "");
    if (fitting.length === 1) return choose(fitting[0].option.value);
    // what was typed stays, and that it chose nothing is said
    list.value = "";
    close();
    hint.textContent = place.dataset.unchosen ?? "";
  });
  input.addEventListener("keydown", (event) => {
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") move(key === "ArrowDown" ? 1 : -1);
    else if (key === "Enter") { if (active) choose(active.dataset.value ?? ""); } // else it would send the form
    else if (key === "Escape" && !found.hidden) choose(list.value);
    else return;
    event.preventDefault();
  });
  found.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  found.addEventListener("click", ({ target }) => {
    const one = /** @type {HTMLElement} */ (target).closest("[role=option]");
    if (one) choose(one.getAttribute("data-value") ?? "");
  });
  // a browser that brings a page back fills in the list by itself
  addEventListener("pageshow", ({ persisted }) => { if (persisted || list.value) input.value = chosen(); });
}

function enhanceAll() {
  for (const place of document.querySelectorAll("[data-procedures]")) enhance(/** @type {HTMLElement} */ (place));
}

document.addEventListener("hailong:page", enhanceAll);
enhanceAll();
