// Reads aloud: a person's recording where there is one, else the device's own voice of that very language.
// A voice of another language never reads: Vietnamese in an English mouth is no Vietnamese.

let playing = /** @type {HTMLAudioElement | null} */ (null);
let reading = 0; // which reading is under way: an older one falls silent

/** @type {(tag: string) => string} */
const languageOf = (tag) => tag.toLowerCase().split(/[-_]/)[0];

/** @type {(language: string) => SpeechSynthesisVoice | undefined} */
const voiceOf = (language) => ("speechSynthesis" in globalThis
  ? speechSynthesis.getVoices().filter((voice) => languageOf(voice.lang) === language)
    .sort((one, other) => Number(other.localService) - Number(one.localService))[0] // the device's own, not a service's
  : undefined);

// Whether this could be read: `recording` is the address of one, if there is any.
/** @type {(language: string, recording?: string) => boolean} */
export const canRead = (language, recording) => Boolean(recording ?? voiceOf(language));

// Voices come late in some browsers.
/** @type {(changed: () => void) => void} */
export function onVoices(changed) {
  if ("speechSynthesis" in globalThis) speechSynthesis.addEventListener?.("voiceschanged", changed);
}

export function hush() {
  reading += 1;
  playing?.pause();
  playing = null;
  if ("speechSynthesis" in globalThis) speechSynthesis.cancel();
}

// sentences: the question and its answers, in order; over is told once, when it ends by itself.
/** @type {(asked: { sentences: string[], language: string, recording?: string, over: () => void }) => void} */
export function read({ sentences, language, recording, over }) {
  hush();
  const mine = reading;
  const ended = () => { if (mine === reading) over(); };
  const speak = () => {
    const voice = voiceOf(language);
    if (mine !== reading) return;
    if (!voice) return ended();
    for (const [number, sentence] of sentences.entries()) {
      const said = Object.assign(new SpeechSynthesisUtterance(sentence), { voice, lang: voice.lang, rate: .9 });
      said.onerror = ended;
      if (number === sentences.length - 1) said.onend = ended;
      speechSynthesis.speak(said);
    }
  };
  if (!recording) return speak();
  playing = new Audio(recording);
  playing.onended = ended;
  playing.play().catch(speak); // no network, or a file that cannot be played
}
