// A question is as large as its window allows: how much it has to shrink is found by trying.
const STEPS = [1, .94, .88, .82, .76, .7, .64, .58, .52, .46];

/** @type {(part: Element) => boolean} */
const spills = (part) => part.scrollWidth > part.clientWidth || part.scrollHeight > part.clientHeight;

// Keeps what stands in the frame as large as fits; the function that is returned looks again at once.
// Where nothing fits, the frame is `short`: kiosk.css gives it the whole window and keeps the five answers in sight.
/** @type {(frame: HTMLElement) => () => void} */
export function keepFitting(frame) {
  /** @type {(step: number) => boolean} */
  const fits = (step) => {
    frame.style.setProperty("--fit", String(step));
    return !spills(frame) && ![...frame.querySelectorAll(".choice")].some(spills);
  };
  const fit = () => {
    frame.classList.remove("short");
    if (STEPS.some(fits)) return;
    frame.classList.add("short");
    frame.scrollIntoView();
  };
  new ResizeObserver(fit).observe(frame);
  document.fonts.addEventListener("loadingdone", fit);
  return fit;
}
