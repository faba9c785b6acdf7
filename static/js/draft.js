// An unfinished form as the page without network goes on from it.

import { newId } from "./older-phones.js";

// fields: what a page of the survey (templates/surveys/citizen/page.html) carries, as FormData or Map.
/** @type {(fields: FormData | Map<string, string>) => Draft} */
export function draftOfFields(fields) {
  /** @type {(name: string) => string} */
  const text = (name) => String(fields.get(name) ?? "");
  /** @type {Answers} */
  const answers = {};
  for (const [name, value] of fields) {
    // codes of questions begin with a capital letter, names of our own fields do not
    if (/^[A-Z]/.test(name) && /^\d{1,2}$/.test(String(value))) answers[name] = Number(value);
  }
  return {
    id: /^[0-9a-f-]{36}$/i.test(text("id")) ? text("id") : newId(),
    form: text("form"), step: Number(text("step")) || 0, page: Number(text("page")) || 0, answers,
    procedure: text("procedure"), stageBy: text("stage_by"), stage: Number(text("stage")) || 0, respondent: Number(text("respondent")) || 0,
    helped: Boolean(text("helped")), remark: text("remark").replaceAll("\r\n", "\n"), counter: Number(text("counter")) || null, invitation: text("invitation"), start: text("start"),
    wantsReply: Boolean(text("wants_reply") || text("contact").trim()), // the contact itself is kept on no phone
    // when the first page was shown is signed by the server's clock, which this device does not know
    started: null, go: text("language") ? "stay" : ["back", "done"].includes(text("go")) ? text("go") : "on", language: text("language") || text("ngon-ngu"),
  };
}

// What the page with network (citizen.js) keeps, by the address to which its form is sent.
const KEPT = "hailong.draft:";
const INVITED = "#invited";

// What was kept of the form at this address, for not longer than `lives` (ms); nothing was pressed.
/** @type {(address: string, lives: number) => KeptDraft | null} */
export function draftOfBrowser(address, lives) {
  try {
    const { at, page, fields } = JSON.parse(localStorage.getItem(KEPT + address) ?? "null");
    const age = Date.now() - at;
    return age >= 0 && age < lives ? { ...draftOfFields(new Map(fields)), page, go: "", touched: at } : null;
  } catch {
    return null; // none, or none that can be read
  }
}

// `own`: the id of the form that ends; another person's may lie there as well, by an invitation or without.
/** @type {(address: string, own: string | undefined) => void} */
export function dropOfBrowser(address, own) {
  for (const key of [KEPT + address, KEPT + address + INVITED]) {
    try {
      if (JSON.parse(localStorage.getItem(key) ?? "null")?.id === own) localStorage.removeItem(key);
    } catch {
      // none that can be read, or a browser that keeps nothing
    }
  }
}
