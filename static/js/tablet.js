// What the device itself can do for a tablet that stands on a counter.

// Full screen needs a touch; the first one gives it.
export function firstTouch() {
  document.addEventListener("pointerup", () => {
    if (!document.fullscreenElement) document.documentElement.requestFullscreen?.().catch(() => {});
  }, { once: true });
}

// The device's own Back leads nowhere. Browsers heed an entry of the history once the page was touched.
export function stayHere() {
  const stay = () => history.pushState(null, "");
  document.addEventListener("pointerup", stay, { once: true });
  addEventListener("popstate", stay);
}

let wanted = false;
/** @type {WakeLockSentinel | null} */
let lock = null;

// Keeps the screen on, or lets it go dark.
/** @type {(awake: boolean) => Promise<void>} */
export async function stayAwake(awake) {
  wanted = awake;
  try {
    if (!awake) {
      await lock?.release();
      lock = null;
    } else if (!lock && document.visibilityState === "visible") {
      lock = await navigator.wakeLock?.request("screen") ?? null;
      lock?.addEventListener("release", () => { lock = null; });
    }
  } catch {
    // the battery is low, or the browser has no such thing
  }
}
document.addEventListener("visibilitychange", () => stayAwake(wanted));

const HOUR = 3_600_000;
// Keeps what works without network; `outdated` is told when a new version of the app is there.
/** @type {(script: string, scope: string, outdated: () => void) => Promise<void>} */
export async function listenForUpdates(script, scope, outdated) {
  if (!navigator.serviceWorker) return;
  let controlled = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (controlled) outdated(); // the first one after the pairing brings nothing new
    controlled = true;
  });
  try {
    const registration = await navigator.serviceWorker.register(script, { type: "module", scope });
    setInterval(() => registration.update().catch(() => {}), HOUR);
  } catch {
    // works as long as there is a network
  }
}
