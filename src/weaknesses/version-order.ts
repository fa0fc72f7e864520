/**
 * Versions as makers write them, put in order where they can be: "12.1.3", "B.06.18", "3.0.11.5_BN9", "2.4A".
 *
 * A version is runs of digits and of letters; what stands between them says nothing. Numbers compare as numbers, and one that is missing is 0. Letters
 * compare only where both sides have one letter in the same place, as a revision: "B.12" before "C.01", "2.4A" before "2.4B". A letter
 * that is written together with the number behind it ("U61", "L81") names a platform: other platforms cannot be compared.
 */

export interface Run {
  /** Null where it is letters. */
  readonly number: number | null;
  /** In lower case; the digits of a number. */
  readonly text: string;
  /** A letter with a digit right behind it. */
  readonly platform: boolean;
}

/** Nobody's version has more. */
const RUNS_MAX = 32;
const LENGTH_MAX = 100;

const PREFIXES = /^(?:versions?|ver|release|rel|revision|rev|software|firmware|sw|fw)(?![\p{L}])[\s.:_-]*/u;
const LEADING = /^[vr](?=\.?\d)\.?/;

/** Empty where nothing in it is a letter or a digit. */
export function runsOf(version: string): readonly Run[] {
  let text = version.normalize("NFKC").slice(0, LENGTH_MAX).trim().toLowerCase();
  for (let before = ""; before !== text;) {
    before = text;
    text = text.replace(PREFIXES, "").replace(LEADING, "");
  }
  text = text.replaceAll(/service[\s_]pack/g, "sp");
  const runs: Run[] = [];
  for (const { 0: run, index } of text.matchAll(/\d+|\p{L}+/gu)) {
    if (runs.length === RUNS_MAX) break;
    const isNumber = /^\d/.test(run);
    // Beyond 15 digits a number is no longer exact: it stays text, and equal or not.
    const number = isNumber && run.length <= 15 ? Number(run) : null;
    runs.push({ number, text: run, platform: !isNumber && /\d/.test(text[index + run.length] ?? "") });
  }
  return runs;
}

/** Below 0, 0 or above; null where they cannot be compared. */
export function compareRuns(a: readonly Run[], b: readonly Run[]): number | null {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const order = compareRun(a[i], b[i]);
    if (order !== 0) return order;
  }
  return 0;
}

/** Written before a version is done. */
const EARLIER = new Set(["alpha", "beta", "rc", "pre", "preview", "dev", "snapshot"]);
/** Written after it was done. */
const LATER = new Set(["sp", "sr", "bn", "build", "p", "patch", "hotfix", "hf", "mr", "update", "u"]);

function compareRun(a: Run | undefined, b: Run | undefined): number | null {
  if (a === undefined) return b === undefined ? 0 : negated(compareRun(b, undefined));
  if (b === undefined) {
    if (a.number !== null) return Math.sign(a.number);
    if (EARLIER.has(a.text)) return -1;
    return LATER.has(a.text) || (/^[a-z]$/.test(a.text) && !a.platform) ? 1 : null;
  }
  if (a.number !== null && b.number !== null) return Math.sign(a.number - b.number);
  if (a.text === b.text) return 0;
  const areRevisions = [a, b].every(({ text, platform }) => /^[a-z]$/.test(text) && !platform);
  return areRevisions ? (a.text < b.text ? -1 : 1) : null;
}

function negated(order: number | null): number | null {
  return order === null || order === 0 ? order : -order;
}

/** Whether `longer` begins with all of `shorter` and goes on with more than zeros: it is the finer name of a version. */
export function isFiner(longer: readonly Run[], shorter: readonly Run[]): boolean {
  return begins(longer, shorter) && longer.slice(shorter.length).some(({ number }) => number !== 0);
}

/** Whether it is `beginning`, or begins with it. */
export function begins(runs: readonly Run[], beginning: readonly Run[]): boolean {
  return beginning.every((run, place) => runs[place] !== undefined && compareRun(runs[place], run) === 0);
}
