// What a tablet tells of itself besides: its battery, and whether answers wait on it for long.
import { longestWaiting } from "./outbox.js";

const PATIENCE = 2_000;
const DAY = 24 * 3_600_000;
const AHEAD = 7 * 3_600_000; // Vietnam, the same all year

/** @type {(moment: number) => number} */
const dayOf = (moment) => Math.floor((moment + AHEAD) / DAY);

// Whether an answer of the day before yesterday or earlier waits; not one that the server refused, which
// stays here. By days and not by hours: it turns at midnight, when nobody answers, and so dates no answer.
/** @type {(now: number) => Promise<boolean | null>} */
async function waitsLong(now) {
  try {
    const touched = await longestWaiting();
    return touched !== undefined && dayOf(touched) < dayOf(now) - 1;
  } catch {
    return null;
  }
}

// Chromium alone has it; whatever goes wrong is not told, and never keeps a heartbeat back.
async function battery() {
  try {
    // a heartbeat does not wait for a browser that never answers
    const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE, null); });
    const found = await Promise.race([navigator.getBattery?.(), late]);
    if (!found) return { battery: null, charging: null };
    return { battery: Math.round(found.level * 100), charging: found.charging };
  } catch {
    return { battery: null, charging: null };
  }
}

export const condition = async (now = Date.now()) => ({ ...await battery(), waits_long: await waitsLong(now) });
