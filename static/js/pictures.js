// Faces and pictograms of ours: lines on a square of 64, colours from kiosk.css.
import { s } from "./elements.js";

/** @type {(name: string, ...children: Child[]) => SVGSVGElement} */
const picture = (name, ...children) => s("svg", { viewBox: "0 0 64 64", class: name, "aria-hidden": "true", focusable: "false" }, ...children);
/** @type {(d: string) => SVGElement} */
const line = (d) => s("path", { d, class: "line" });
/** @type {(d: string) => SVGElement} */
const solid = (d) => s("path", { d, class: "solid" });
/** @type {(x: number, y: number) => SVGElement} */
const eye = (x, y) => s("circle", { cx: x, cy: y, r: 3.4, class: "solid" });

// From very dissatisfied to very satisfied. Brows and mouth differ, so that no colour is needed.
/** @type {Record<number, () => SVGElement[]>} */
const MOUTHS = {
  1: () => [line("M15 21l9 4M49 21l-9 4"), eye(23, 30), eye(41, 30), line("M19 50c4-11 22-11 26 0")],
  2: () => [eye(23, 27), eye(41, 27), line("M21 46c5-6 17-6 22 0")],
  3: () => [eye(23, 27), eye(41, 27), line("M20 43h24")],
  4: () => [eye(23, 26), eye(41, 26), line("M19 39c5 8 21 8 26 0")],
  5: () => [line("M17 27c2-5 9-5 11 0M36 27c2-5 9-5 11 0"), solid("M16 36h32c-1 11-8 17-16 17s-15-6-16-17z")],
};
/** @type {(level: number) => SVGElement} */
export function face(level) {
  return picture(`face face-${level}`, s("circle", { cx: 32, cy: 32, r: 29, class: "ground" }), ...MOUTHS[level]());
}

// By factor: A where one waits, B papers, C the civil servant, D the result, E being heard, O the office as a whole. No face: it
// would say what to answer.
/** @type {Record<string, () => SVGElement[]>} */
const PICTOGRAMS = {
  O: () => [line("M8 25L32 9l24 16z"), line("M15 25v23M26 25v23M38 25v23M49 25v23"), line("M8 54h48")],
  A: () => [line("M10 22v22h22M10 34h22v20M13 44v10"), line("M48 56V30M37 8h22v22H37z"), line("M48 25V13M43 18l5-5 5 5")],
  B: () => [line("M14 6h26l10 10v42H14zM40 6v10h10"), line("M22 26h20M22 35h20M22 44h12")],
  C: () => [s("circle", { cx: 32, cy: 18, r: 11, class: "line" }), line("M12 58V50c0-9 9-14 20-14s20 5 20 14v8"), line("M26 37l6 8 6-8M32 45v12")],
  D: () => [line("M10 8h44v34H10z"), line("M19 18h26M19 26h14"), s("circle", { cx: 43, cy: 40, r: 10, class: "line seal" }), line("M38 40l4 4 7-8"), line("M38 50v9l5-3 5 3v-9")],
  E: () => [line("M20 26c0-11 6-18 15-18s15 7 15 16c0 8-4 11-8 15s-3 8-5 12-12 6-15-2"), line("M28 26c0-6 3-10 8-10s7 4 7 8-3 6-6 8 1 6-3 8"), line("M12 18c-3 6-3 14 0 20")],
};
/** @type {(factor: string) => boolean} */
export const hasPictogram = (factor) => factor in PICTOGRAMS;
/** @type {(factor: string) => SVGElement} */
export const pictogram = (factor) => picture("pictogram", ...PICTOGRAMS[factor]());
// The sign on the switch: pictures instead of sentences, and back.
export const picturesSign = () => picture("sign", line("M6 10h52v44H6z"), s("circle", { cx: 43, cy: 23, r: 5, class: "line" }), line("M7 47l15-16 11 11 8-8 15 13"));
export const wordsSign = () => picture("sign", line("M8 14h48M8 26h48M8 38h48M8 50h28"));
// That something is done, whatever it says.
export const doneSign = () => picture("sign done", s("circle", { cx: 32, cy: 32, r: 28, class: "line" }), line("M20 33l9 9 16-19"));
