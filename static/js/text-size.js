// Larger letters: everything on citizens' pages is measured in rem, so the root's size is enough.
const SIZES = ["", "125%", "150%"];
export const SIGNS = ["A", "A+", "A++"];

// In this tab alone and until it is closed; it says nothing about the person.
const KEPT = "hailong.text";

/** @type {(size: number) => void} */
export function enlarge(size) {
  document.documentElement.style.fontSize = SIZES[size] ?? "";
  dispatchEvent(new Event("resize")); // what fits itself to the window does so again
}

/** @type {() => number} */
export function keptSize() {
  try {
    return Math.max(0, SIZES.indexOf(sessionStorage.getItem(KEPT) ?? ""));
  } catch {
    return 0; // a browser that keeps nothing
  }
}

/** @type {(size: number) => void} */
export function keepSize(size) {
  try {
    if (size) sessionStorage.setItem(KEPT, SIZES[size]);
    else sessionStorage.removeItem(KEPT);
  } catch { /* a browser that keeps nothing */ }
}
