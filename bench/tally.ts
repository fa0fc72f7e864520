/** Counts of right and wrong, with what they prove. */

/** Below this many stated values no percentage is claimed. */
const STATED_MIN = 50;

export class Tally {
  right = 0;
  wrong = 0;
  possible = 0;

  get stated(): number {
    return this.right + this.wrong;
  }

  count(isRight: boolean): void {
    if (isRight) this.right++;
    else this.wrong++;
  }

  /** "12 right of 12 asserted, 40 known: no percentage below 50". */
  words(verb: string): string {
    const known = this.possible === 0 ? "" : `, ${this.possible} known (coverage ${percent(this.stated, this.possible)})`;
    return `${this.right} right of ${this.stated} ${verb}${known}; ${shareOf(this)}`;
  }
}

export function shareOf({ right, stated }: Pick<Tally, "right" | "stated">): string {
  if (stated < STATED_MIN) return `no percentage below ${STATED_MIN}`;
  const [low, high] = wilson(right, stated);
  return `${percent(right, stated)} [${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)}]`;
}

/** The 95 % interval of a share. */
export function wilson(right: number, of: number): readonly [low: number, high: number] {
  const z = 1.96;
  const share = right / of;
  const middle = (share + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of);
  return [middle - half, middle + half];
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? "none" : `${((100 * part) / whole).toFixed(1)} %`;
}
