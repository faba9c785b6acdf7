// What one person says, from the first tap to the end. The sealed record in the outbox is its only
// lasting copy; what is still readable is in this object, which is thrown away afterwards.
import { LAST_STEP } from "./definition.js";
import { newId } from "./older-phones.js";
import { put, release } from "./outbox.js";
import { seal, signed } from "./seal.js";

export class Session {
  // fixed: what every record of it says (office, form, channel, …); key: the server's; signer: ours.
  /** @param {Fixed} fixed @param {PublicKey} key @param {Partial<Draft>} [begun] @param {CryptoKey} [signer] */
  constructor(fixed, key, begun = {}, signer = undefined) {
    this.fixed = fixed;
    this.key = key;
    this.signer = signer;
    this.id = begun.id ?? newId();
    this.step = begun.step ?? 0;
    this.answers = { ...begun.answers };
    this.started = begun.started === undefined ? Date.now() : begun.started;
    this.saving = /** @type {Promise<unknown>} */ (Promise.resolve());
  }

  // Seals what was said so far; resolves when it is on the disk. Steps are written in their order.
  /** @type {(language: string, said?: About & { finished?: boolean }) => Promise<unknown>} */
  save(language, { finished = false, ...about } = {}) {
    this.step = Math.min(this.step + 1, LAST_STEP);
    const seconds = (Date.now() - (this.started ?? 0)) / 1000;
    const record = {
      v: 3, ...this.fixed, id: this.id, step: this.step, finished, answers: { ...this.answers }, language, at: Date.now(),
      took: finished && this.started && seconds >= 0 ? Math.round(seconds) : null,
      stage: 0, respondent: 0, procedure: "", remark: "", helped: false, ...about,
    };
    const { id, step, key, signer } = this;
    this.saving = this.saving.catch(() => {}).then(async () => {
      const content = signer ? await signed(record, signer) : record;
      return put(id, step, await seal(content, key), finished);
    });
    return this.saving;
  }

  // The person has left: what was said may be delivered as it is.
  async leave() {
    await this.saving;
    await release(this.id);
  }
}
