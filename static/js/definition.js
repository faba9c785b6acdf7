// The questionnaire as the server sends it, and when the office is open.
import { ROOT } from "./deliver.js";
import { within } from "./older-phones.js";

const VIETNAM = 7 * 3_600_000;
const MINUTES = 60_000;
const LONGEST_ANSWER = 30_000;
export const DONT_KNOW = 9;
// Whether reasons may be given for this answer: the two lowest of five.
/** @type {(answer: number | undefined) => boolean} */
export const isLow = (answer) => answer === 1 || answer === 2;
export const LONGEST_REMARK = 2000; // as on the server, like the next one
export const LAST_STEP = 1000; // a finish is taken at any step
export const TABLET = `${ROOT}may-tinh-bang/`;

export class Revoked extends Error {}
export class Refused extends Error {}

// Asks the server as a paired tablet. Raises Revoked with its sentence, or an Error without network.
// any: each path answers with JSON of its own.
/** @type {(path: string, token: string, body?: object) => Promise<any>} */
export async function ask(path, token, body) {
  const answer = await fetch(TABLET + path, {
    method: body ? "POST" : "GET",
    headers: { ...(token && { Authorization: `Bearer ${token}` }), ...(body && { "Content-Type": "application/json" }) },
    body: body && JSON.stringify(body),
    cache: "no-store",
    signal: within(LONGEST_ANSWER),
  });
  if (answer.ok) return answer.json();
  const said = await answer.json().catch(() => ({}));
  if (answer.status === 401 && said.revoked) throw new Revoked(said.error);
  if (answer.status < 500 && said.error) throw new Refused(said.error);
  throw new Error(`status ${answer.status}`);
}

// Every question by itself, in order: {code, scale, factor, text, hint, question, options}.
/** @type {(definition: Definition) => Item[]} */
export const questionsOf = (definition) => definition.pages.flatMap((page) => page.items);

export const [REFUSED, WAITING] = [2, 3]; // how far a dossier is, as on the server
// Those of the questions that are asked at this stage: of whoever waits none about the result.
/** @type {(definition: Definition, items: Item[], stage: number) => Item[]} */
export const askedAt = (definition, items, stage) => items.filter((item) =>
  !(item.about_result && stage === WAITING && isStageFirst(definition)));
/** @type {(definition: Definition) => boolean} */
export const isStageFirst = ({ stage_at: at }) => typeof at === "number";
// How a question is put to whoever was refused: in words of its own, or with a line that says how it is meant.
/** @type {(definition: Definition, item: Item, stage: number) => { text: Texts, note: boolean }} */
export const puttingOf = (definition, item, stage) => (stage === REFUSED && item.about_result && isStageFirst(definition)
  ? { text: item.if_refused ?? item.text, note: !item.if_refused }
  : { text: item.text, note: false });

// The question of how far the dossier is, among the others of a tablet; 0 is that somebody would rather not say.
export const STAGE = "stage";
/** @type {(definition: Definition) => Item} */
const stageItem = ({ languages, texts, stages }) => ({
  code: STAGE, scale: "choice", factor: "", hint: null, question: null, options: stages,
  text: Object.fromEntries(languages.map((language) => [language, texts[language]?.stage])),
});
// What a tablet asks at this stage, in order.
/** @type {(definition: Definition, stage: number) => Item[]} */
export function screensOf(definition, stage) {
  const items = askedAt(definition, questionsOf(definition), stage);
  const { stage_at: at } = definition;
  return typeof at === "number" ? [...items.slice(0, at), stageItem(definition), ...items.slice(at)] : items;
}

// Forms are called `slug.version`.
/** @type {(form: string) => string} */
const slugOf = (form) => form.slice(0, form.lastIndexOf("."));
/** @type {(one: string, other: string) => boolean} */
export const areVersions = (one, other) => slugOf(one) === slugOf(other);

// Those of the answers that are answers to this questionnaire; none where they were given to another one.
/** @type {(definition: Definition, given: { form: string, answers: Answers }) => Answers} */
export function fitting(definition, { form, answers }) {
  const asked = areVersions(form, definition.form) ? questionsOf(definition).filter(({ code }) => code in answers) : [];
  const right = asked.filter((item) => accepts(item, answers[item.code]));
  const why = right.flatMap(({ reasons }) => reasons ?? []).filter(({ code }) => answers[code] === 1);
  return Object.fromEntries([...right, ...why].map(({ code }) => [code, answers[code]]));
}
/** @type {(item: Item, answer: number) => boolean} */
const accepts = (item, answer) => answer === DONT_KNOW || item.options.some(({ value }) => value === answer);

// now: milliseconds by the server's clock. Việt Nam has one time all year.
/** @type {(hours: Hours, now: number) => boolean} */
export function isOpen(hours, now) {
  const there = new Date(now + VIETNAM);
  const minutes = there.getUTCHours() * 60 + there.getUTCMinutes();
  /** @type {(clock: string) => number} */
  const at = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
  const day = there.getUTCDay() || 7;
  // questions that were fetched long ago know one span for all days
  const usual = (hours.days ?? [1, 2, 3, 4, 5]).includes(day) ? [hours.opens, hours.closes] : undefined;
  const span = hours.week ? hours.week[day] : usual;
  return span !== undefined && at(span[0]) <= minutes && minutes <= at(span[1]);
}

export const FIVE_MINUTES = 5 * MINUTES;

// The server says that this questionnaire is not asked; without network nobody says anything.
export class NotAsked extends Error {}

// The definition of an office for phones; the service worker has it where there is no network.
/** @type {(slug: string, form?: string) => Promise<Definition>} */
export async function officeDefinition(slug, form) {
  return (await asked(definitionAddress(slug, form))).json();
}

/** @type {(address: string) => Promise<Response>} */
async function asked(address) {
  const answer = await fetch(address);
  if (answer.status === 404) throw new NotAsked();
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer;
}

// Fetches a questionnaire into the cache of those that were visited.
/** @type {(cache: Cache, address: string) => Promise<void>} */
export async function fetchInto(cache, address) {
  await keepDefinition(cache, address, await asked(address));
}

// Puts a questionnaire in the place of an earlier one. That stays under its own name, because a form
// that was begun on it is finished on it.
/** @type {(cache: Cache, address: string, answer: Response) => Promise<void>} */
export async function keepDefinition(cache, address, answer) {
  const { pathname } = new URL(address, location.href);
  const before = await cache.match(address, { ignoreVary: true });
  const earlier = before && (await before.clone().json()).form;
  if (earlier && earlier !== (await answer.clone().json()).form) await cache.put(`${pathname}?form=${earlier}`, before);
  await cache.put(address, answer);
}
/** @type {(slug: string, form?: string) => string} */
export const definitionAddress = (slug, form) => `${ROOT}${slug}/phieu.json${form ? `?form=${form}` : ""}`;
