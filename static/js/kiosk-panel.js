// What officials see: how much waits and whether the tablet reaches the server. Never an answer.
import { h } from "./elements.js";
import { say } from "./words.js";

const HOLD = 600; // a passing touch opens nothing
const LEFT = 60_000; // untouched for so long, it gives way to the questions

// facts(): {waiting, refused, heard, online, place, revoked}; save() exports; again() tries to deliver.
/** @type {(open: () => void) => HTMLElement} */
export function officialsButton(open) {
  let timer = 0;
  const stop = () => clearTimeout(timer);
  return h("button", {
    type: "button", class: "for-officials", title: say("hold"),
    pointerdown: () => { stop(); timer = setTimeout(open, HOLD); },
    pointerup: stop, pointerleave: stop, pointercancel: stop,
    keydown: (event) => { if (event.key === "Enter") open(); },
  }, say("officials"));
}

/** @type {(does: { facts: () => Facts, save: () => void, again: () => Promise<void> }) => HTMLDialogElement} */
export function openPanel({ facts, save, again }) {
  const list = h("dl", {});
  const show = () => {
    const known = facts();
    const rows = [
      [say("place"), known.place],
      [say("waiting_count"), String(known.waiting)],
      known.refused ? [say("refused_count"), String(known.refused)] : null,
      [say("last_contact"), known.heard ? new Intl.DateTimeFormat("vi-VN", { dateStyle: "short", timeStyle: "short", timeZone: "Asia/Ho_Chi_Minh" }).format(known.heard) : say("never")],
      [say("network"), say(known.online ? "network_on" : "network_off")],
    ];
    list.replaceChildren(...rows.filter((row) => row !== null).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
  };
  let closing = 0;
  const stay = () => {
    clearTimeout(closing);
    closing = setTimeout(() => dialog.close(), LEFT);
  };
  /** @type {HTMLDialogElement} */
  const dialog = h("dialog", { class: "panel", "aria-labelledby": "panel-title", close: () => { clearTimeout(closing); dialog.remove(); }, pointerdown: stay, keydown: stay },
    h("h2", { id: "panel-title" }, say("officials")),
    list,
    h("p", { class: "hint" }, say("panel_hint")),
    h("div", { class: "actions" },
      h("button", { type: "button", class: "action", click: save }, say("export")),
      h("button", { type: "button", class: "quiet", click: async () => { await again(); show(); } }, say("send_now")),
      h("button", { type: "button", class: "quiet", click: () => dialog.close() }, say("close"))));
  show();
  document.body.append(dialog);
  dialog.showModal();
  stay();
  return dialog;
}
