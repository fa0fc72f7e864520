/** What hundreds of thousands of devices have in common is kept once. */
import { CONFIDENCE_MAX, confidenceOf, LEAD_SAID } from "../../model/device.ts";
import type { Stated } from "../../model/device.ts";

export class Texts {
  readonly #texts = new Map<string, string>();
  readonly #words = new Map<string, readonly string[]>();

  of(text: string): string {
    const known = this.#texts.get(text);
    if (known === undefined) this.#texts.set(text, text);
    return known ?? text;
  }

  /** Of words with a space between them. */
  words(text: string): readonly string[] {
    let words = this.#words.get(text);
    if (words === undefined) this.#words.set(text, (words = text === "" ? [] : text.split(" ")));
    return words;
  }
}

export class StatedValues {
  readonly #values = new Map<string, Stated>();

  of(value: string, lead: number, saidBy: string | undefined): Stated {
    const key = `${lead} ${saidBy ?? ""}\n${value}`;
    let stated = this.#values.get(key);
    if (stated === undefined) {
      // A person's word is as sure as one, whatever it is weighed.
      const confidence = lead >= LEAD_SAID ? CONFIDENCE_MAX : confidenceOf(lead);
      stated = saidBy === undefined ? { value, confidence, lead } : { value, confidence, lead, saidBy };
      this.#values.set(key, stated);
    }
    return stated;
  }
}
