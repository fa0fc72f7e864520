/**
 * Guessing is made slow: after some failures each further try of the same subject must wait twice as long as the one before. A try counts
 * as failed from its beginning, so a thousand at once are no more than one after the other.
 */
const FIRST_DELAY_MS = 1_000;

interface LockOutOptions {
  /** From so many failures on the next try waits: fingers slip. */
  readonly free: number;
  readonly delayMsMax: number;
  /** Without a try for so long the failures are forgotten. */
  readonly forgetMs: number;
  /** Remembered at once; the one longest without a try goes first. */
  readonly subjectsMax: number;
}

export class LockOut {
  readonly #options: LockOutOptions;
  /** In the order of their last try. */
  readonly #subjects = new Map<string, { failures: number; last: number; until: number }>();

  constructor(options: LockOutOptions) {
    this.#options = options;
  }

  /** How long the subject must still wait, in milliseconds; 0 when it may try. */
  wait(subject: string, now: number): number {
    return Math.max(0, (this.#subjects.get(subject)?.until ?? 0) - now);
  }

  /** Counts a try as failed, before it is known how it ends. */
  count(subject: string, now: number): void {
    const { free, delayMsMax, forgetMs, subjectsMax } = this.#options;
    const known = this.#subjects.get(subject);
    const failures = (known === undefined || now - known.last > forgetMs ? 0 : known.failures) + 1;
    const delay = failures < free ? 0 : Math.min(delayMsMax, FIRST_DELAY_MS * 2 ** (failures - free));
    this.#subjects.delete(subject);
    this.#subjects.set(subject, { failures, last: now, until: now + delay });
    if (this.#subjects.size > subjectsMax) this.#subjects.delete(this.#subjects.keys().next().value!);
  }

  /** The try counted last did not fail; those before it did. */
  takeBack(subject: string): void {
    const known = this.#subjects.get(subject);
    if (known !== undefined) this.#subjects.set(subject, { ...known, failures: known.failures - 1, until: 0 });
  }

  /** Nothing is held against it any more. */
  forgive(subject: string): void {
    this.#subjects.delete(subject);
  }
}
