// The texts of pages that build themselves, in the language that is chosen now.
const embedded = document.getElementById("wording");
/** @type {{ texts: Record<string, Record<string, string>>, names: Record<string, string> }} */
const { texts, names } = embedded ? JSON.parse(embedded.textContent) : { texts: { vi: {} }, names: {} };

let language = "vi";

export const currentLanguage = () => language;
export const languageNames = names;

// As the server guesses: Vietnamese if the browser asks for it at all, else the first that is here.
/** @type {() => string} */
export function languageOfBrowser() {
  const wanted = navigator.languages.map((tag) => tag.toLowerCase().split("-")[0]);
  return wanted.includes("vi") ? "vi" : wanted.find((code) => code in texts) ?? "vi";
}

/** @type {(code: string) => void} */
export function speak(code) {
  language = code in texts ? code : "vi";
  document.documentElement.lang = language;
}

// A text by its name, with the values of its placeholders: `%(count)s`.
/** @type {(name: string, values?: Record<string, unknown>) => string} */
export function say(name, values = {}) {
  return fill(texts[language][name] ?? texts.vi[name] ?? name, values);
}

/** @type {(text: string, values: Record<string, unknown>) => string} */
export function fill(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_whole, key) => String(values[key] ?? ""));
}

// A text of the questionnaire, which has all languages in itself; Vietnamese where one is missing.
/** @type {(all: Texts | null | undefined) => string} */
export const inLanguage = (all) => all?.[language] || all?.vi || "";
