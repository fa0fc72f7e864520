/**
 * What spreadsheets make of cells. One that took a text for a number, a date or a time shows it in a way of its own, and saves what it
 * shows: 1E5 comes back as 100000, 3.10 as 3.1, eighteen digits as 1.23456789012346E+017, 1/2 as 01/02/2026. Nobody said that.
 * LibreOffice 7.4 and what Excel is known to do; `fixtures/lists` holds what LibreOffice wrote.
 */

/** Whether `text` is what a spreadsheet makes of `from`; of what it cannot have changed, and of equal texts, it is not. */
export function isRewritten(from: string, text: string): boolean {
  if (from === text) return false;
  return isSameNumber(from, text) || isSameTime(from, text) || isSameTruth(from, text);
}

// Numbers. -----------------------------------------------------------------------------------------------------------------------

/** The digits that a spreadsheet keeps of a number. */
const DIGITS_KEPT = 15;

function isSameNumber(from: string, text: string): boolean {
  for (const read of numbersIn(from)) for (const shown of numbersIn(text)) if (shows(shown, read)) return true;
  return false;
}

interface Figure {
  readonly value: number;
  /** Significant digits as written, with zeros behind. */
  readonly digits: number;
  readonly isScientific: boolean;
}

function shows(shown: Figure, read: Figure): boolean {
  if (shown.value === read.value) return true;
  // What is too large for a number becomes the largest.
  if (read.value === Infinity) return shown.isScientific && shown.value > 1e308;
  // Beyond those digits it writes zeros; fewer of them where the cell is narrow, with an exponent.
  if (!shown.isScientific) return read.digits > DIGITS_KEPT && Number(read.value.toPrecision(DIGITS_KEPT)) === shown.value;
  const digits = Math.min(shown.digits, DIGITS_KEPT);
  return digits > 0 && digits < read.digits && Number(read.value.toPrecision(digits)) === shown.value;
}

/** A point or a comma before the decimals, the other one, a space or an apostrophe between thousands. */
const WRITTEN = [
  { pattern: /^[+-]?(?:\d{1,3}(?:[, '’\u00a0\u202f]\d{3})+|\d*)(?:\.\d*)?(?:e[+-]?\d+)?$/i, decimal: "." },
  { pattern: /^[+-]?(?:\d{1,3}(?:[. '’\u00a0\u202f]\d{3})+|\d*)(?:,\d*)?(?:e[+-]?\d+)?$/i, decimal: "," },
] as const;
const CURRENCY = /^[$€£¥]\s*|\s*[$€£¥]$/g;

/** All a spreadsheet may take it for, in whatever country it believes to be. */
function numbersIn(text: string): Figure[] {
  const bare = text.trim().replace(CURRENCY, "");
  const brackets = /^\((.+)\)$/.exec(bare)?.[1];
  const share = /^(.+?)\s*%$/.exec(brackets ?? bare)?.[1];
  const written = share ?? brackets ?? bare;
  if (!/\d/.test(written)) return [];
  return WRITTEN.flatMap(({ pattern, decimal }) => {
    if (!pattern.test(written)) return [];
    const plain =
      decimal === "." ? written.replace(/[, '’\u00a0\u202f]/g, "") : written.replace(/[. '’\u00a0\u202f]/g, "").replace(",", ".");
    const value = Number(plain);
    if (Number.isNaN(value)) return [];
    const mantissa = plain.replace(/e.*$/i, "").replace(/[^\d]/g, "").replace(/^0+/, "");
    return [{ value: (brackets === undefined ? value : -value) / (share === undefined ? 1 : 100), digits: mantissa.length, isScientific: /e/i.test(plain) }]; // prettier-ignore
  });
}

// Dates and times. ---------------------------------------------------------------------------------------------------------------

const MONTHS = [
  ["jan", "ene"], ["feb", "fév", "fev"], ["mar", "mär", "mrz"], ["apr", "avr", "abr"], ["may", "mai", "may"], ["jun", "juin"],
  ["jul", "juil"], ["aug", "aoû", "ago"], ["sep"], ["oct", "okt"], ["nov"], ["dec", "dez", "déc", "dic"],
] as const; // prettier-ignore
/** "1/2" has two; a date with a time, with seconds and their parts, has seven. */
const PARTS_MAX = 7;

/** Every number of the one is in the other, which may add a year, or seconds of zero: the order is the country's. */
function isSameTime(from: string, text: string): boolean {
  const read = momentIn(from);
  const shown = momentIn(text);
  if (read === null || shown === null || shown.parts.length < read.parts.length) return false;
  const left = [...shown.parts];
  for (const part of read.parts) {
    const at = left.findIndex((it) => isSamePart(part, it, shown.hasHalves));
    if (at < 0) return false;
    left.splice(at, 1);
  }
  return left.every(({ value, length }) => value === 0 || length === 4 || (!shown.isTime && length === 2)) && left.length < 3;
}

interface Part {
  readonly value: number;
  /** Digits; 0 of a month's name. */
  readonly length: number;
}

function momentIn(text: string): { readonly parts: readonly Part[]; readonly isTime: boolean; readonly hasHalves: boolean } | null {
  const tokens = text.trim().toLowerCase().match(/\p{L}+|\d+|[^\p{L}\d]+/gu) ?? []; // prettier-ignore
  const parts: Part[] = [];
  let hasHalves = false;
  for (const token of tokens) {
    const month = MONTHS.findIndex((names) => names.some((name) => token.startsWith(name)));
    if (/^\d/.test(token)) parts.push({ value: Number(token), length: token.length });
    else if (month >= 0) parts.push({ value: month + 1, length: 0 });
    else if (token === "am" || token === "pm") hasHalves = true;
    else if (!/^(?:[-/.:,\s]+|t)$/.test(token)) return null;
  }
  if (parts.length < 2 || parts.length > PARTS_MAX) return null;
  return { parts, isTime: text.includes(":"), hasHalves };
}

function isSamePart(read: Part, shown: Part, hasHalves: boolean): boolean {
  if (read.value === shown.value) return true;
  // Noon and midnight are twelve where the day has two halves.
  if (hasHalves && read.value % 12 === shown.value % 12 && read.value < 24 && shown.value <= 12) return true;
  const [longer, shorter] = read.length > shown.length ? [read, shown] : [shown, read];
  const isYear = longer.length === 4 && shorter.length === 2 && longer.value % 100 === shorter.value;
  // Parts of a second: "45.5", "45.50".
  const isShare = read.length > 0 && shown.length > read.length && String(shown.value) === String(read.value).padEnd(shown.length, "0");
  return isYear || isShare;
}

// True and false, which a spreadsheet writes in its own language. ------------------------------------------------------------------

const TRUTHS = [/^(?:true|wahr|vrai|verdadero)$/i, /^(?:false|falsch|faux|falso)$/i];

function isSameTruth(from: string, text: string): boolean {
  return TRUTHS.some((truth) => truth.test(from.trim()) && truth.test(text.trim()));
}
