/** How much of its time the writer of a site needs for what comes in: above all of it the site falls behind. */

/** A load is judged over so long: a second of a storm is none. */
const OVER_MS = 60_000;

interface Sample {
  readonly at: number;
  /** Spent since the site was taken. */
  readonly busySeconds: number;
  readonly pending: number;
}

export class Load {
  readonly #samples: Sample[] = [];

  /** `at` in milliseconds of any clock that does not run backwards. */
  add(sample: Sample): void {
    this.#samples.push(sample);
    while (this.#samples[1] !== undefined && this.#samples[1].at <= sample.at - OVER_MS) this.#samples.shift();
  }

  /** From 0 to 1; null while too little is known. */
  get share(): number | null {
    const span = this.#span();
    return span === null ? null : Math.min(1, Math.max(0, (span.last.busySeconds - span.first.busySeconds) / span.seconds));
  }

  /** Batches that wait grow by so many a second, negative while they become fewer; null while too little is known. */
  get growth(): number | null {
    const span = this.#span();
    return span === null ? null : (span.last.pending - span.first.pending) / span.seconds;
  }

  #span(): { readonly first: Sample; readonly last: Sample; readonly seconds: number } | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < OVER_MS / 2) return null;
    return { first, last, seconds: (last.at - first.at) / 1_000 };
  }
}
