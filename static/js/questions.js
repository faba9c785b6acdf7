// The pages of a questionnaire on a phone, as the server builds them (templates/surveys/citizen/page.html).
import { askedAt, DONT_KNOW, puttingOf } from "./definition.js";
import { h } from "./elements.js";
import { inLanguage, say } from "./words.js";

/** @type {(name: string, value: number, text: string, chosen: number | string | undefined, kind?: string) => HTMLElement} */
const radio = (name, value, text, chosen, kind = "") => h("label", { class: `answer ${kind}` },
  h("input", { type: "radio", name, value, checked: Number(chosen) === Number(value) }), h("span", {}, text));

/** @type {(kind: string, name: string, legend: string, hint: string, radios: HTMLElement[]) => HTMLElement} */
function fieldset(kind, name, legend, hint, radios) {
  const hintId = `id_${name}_hint`;
  return h("fieldset", { class: kind, id: `id_${name}`, "aria-describedby": hint ? hintId : null },
    h("legend", {}, legend), hint ? h("p", { class: "hint", id: hintId }, hint) : null, radios);
}

// Why, below a low answer: the style sheet shows them there alone.
/** @type {(given: Reason[], answers: Answers) => HTMLElement} */
const reasons = (given, answers) => h("fieldset", { class: "reasons" }, h("legend", {}, say("why")), given.map(({ code, text }) =>
  h("label", { class: "chip" }, h("input", { type: "checkbox", name: code, value: "1", checked: answers[code] === 1 }), h("span", {}, inLanguage(text)))));

// The questions of one page with what was chosen so far; stage: how far the dossier is, asksStage: whether the page asks that.
/** @type {(definition: Definition, number: number, answers: Answers, stage: number, asksStage: boolean) => HTMLElement[]} */
export function questionFields(definition, number, answers, stage, asksStage) {
  const items = askedAt(definition, definition.pages[number].items, stage);
  const fields = scales(definition, items, answers, stage).flat();
  return asksStage ? [...fields, choices(definition, "stage", stage, "scale stage")] : fields;
}

/** @type {(definition: Definition, items: Item[], answers: Answers, stage: number) => HTMLElement[][]} */
function scales(definition, items, answers, stage) {
  let asked = "";
  return items.map((item) => {
    const { text, note } = puttingOf(definition, item, stage);
    const question = inLanguage(item.question);
    const said = `${question}${note}`;
    const before = (question || note) && said !== asked
      ? [h("p", { class: "question" }, question, note ? h("strong", { class: "meant" }, say("read_as_refusal")) : null)] : [];
    asked = said;
    /** @type {[number, string][]} */
    const options = item.options.map((option) => [option.value, inLanguage(option.text)]);
    if (item.scale === "satisfaction") options.push([DONT_KNOW, say("dont_know")]);
    const radios = options.map(([value, word]) => radio(item.code, value, word, answers[item.code], `answer-${value}`));
    const why = item.reasons ? [reasons(item.reasons, answers)] : [];
    return [...before, fieldset("scale", item.code, inLanguage(text), item.hint ? inLanguage(item.hint) : "", [...radios, ...why])];
  });
}

/** @type {(definition: Definition, name: "stage" | "respondent", chosen: number, kind?: string) => HTMLElement} */
const choices = (definition, name, chosen, kind = "choice") => fieldset(kind, name, say(name), "",
  definition[`${name}s`].map((choice) => radio(name, choice.value, inLanguage(choice.text), chosen || "")));

// The last page: about the dossier. draft: {stage, procedure, respondent, remark}; asksStage: unless it was said before.
/** @type {(definition: Definition, draft: Draft, asksStage: boolean) => HTMLElement[]} */
export function aboutFields(definition, draft, asksStage) {
  const fields = Map.groupBy ? Map.groupBy(definition.procedures, (procedure) => procedure.field) : grouped(definition.procedures);
  const procedure = h("div", { class: "mb-3" },
    h("label", { class: "form-label", for: "id_procedure" }, say("procedure")),
    h("select", { class: "form-select", name: "procedure", id: "id_procedure" },
      h("option", { value: "" }, say("rather_not")),
      [...fields].map(([field, procedures]) => h("optgroup", { label: field, lang: "vi" },
        procedures.map((one) => h("option", { value: one.code, selected: one.code === draft.procedure }, one.name))))));
  const text = h("textarea", { class: "form-control", name: "remark", id: "id_remark", rows: "5", "aria-describedby": "id_remark_helptext" });
  text.value = draft.remark ?? "";
  const remark = h("div", { class: "mb-3" },
    h("label", { class: "form-label", for: "id_remark" }, say("remark")),
    h("p", { class: "hint", id: "id_remark_helptext" }, say("remark_hint")), text);
  const helped = h("label", { class: "answer" }, h("input", { type: "checkbox", name: "helped", value: "1", checked: Boolean(draft.helped) }), h("span", {}, say("helped")));
  const stage = asksStage ? [choices(definition, "stage", draft.stage)] : [];
  return [...stage, procedure, choices(definition, "respondent", draft.respondent), helped, remark];
}

/** @type {(procedures: Procedure[]) => Map<string, Procedure[]>} */
function grouped(procedures) {
  const fields = new Map();
  for (const one of procedures) fields.set(one.field, [...(fields.get(one.field) ?? []), one]);
  return fields;
}

// What is said before the first answer; a definition that a phone kept from before knows no minutes.
/** @type {(definition: Definition) => (HTMLElement | null)[]} */
export const told = (definition) => [
  definition.minutes ? h("p", { class: "promise" }, say("promise", { minutes: definition.minutes })) : null,
  h("details", { class: "notice" }, h("summary", {}, say("notice_title")),
    h("p", { class: "introduction" }, inLanguage(definition.introduction)), h("p", {}, inLanguage(definition.notice)))];

// What is wrong, above the form; it takes the focus.
/** @type {(sentence: string, field?: string) => HTMLElement} */
export const problemSummary = (sentence, field = "") => h("div", { class: "error-summary", role: "alert", tabindex: "-1" },
  h("h2", {}, say("look_again")), h("ul", {}, h("li", {}, field ? h("a", { href: `#${field}` }, sentence) : sentence)));
