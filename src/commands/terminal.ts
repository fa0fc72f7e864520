/**
 * How commands speak: stdout is data, stderr is everything else; color only on a terminal, or where it was asked for; what devices call
 * themselves never reaches a terminal with control characters in it.
 */
import { styleText } from "node:util";
import { clean } from "../bytes/text.ts";
import { thousands } from "../bytes/thousands.ts";

/** Exit codes, documented in README.md and tested. */
export const Exit = {
  ok: 0,
  findings: 1,
  usage: 2,
  input: 3,
  permission: 4,
  configuration: 5,
  bug: 70,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

/** Something the person who typed can put right: one line on stderr, and this exit code. */
export class CommandError extends Error {
  readonly exit: number;
  constructor(message: string, exit: number = Exit.usage) {
    super(message);
    this.exit = exit;
  }
}

export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Writes data and waits until it is taken; what becomes of it where it cannot be is for `main.ts` to say. */
export async function print(text: string): Promise<void> {
  if (process.stdout.write(text)) return;
  await new Promise<void>((resolve) => process.stdout.once("drain", resolve));
}

type Style = Parameters<typeof styleText>[0];
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream });
}

export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  readonly right?: true;
  readonly style?: (row: Row) => Style | undefined;
  /** Never cut, where anything else gives way: half an address is none. */
  readonly whole?: true;
  /** Where cutting is not enough, the highest number goes first; absent: never. */
  readonly drop?: number;
}

const TABLE_WIDTH_MAX = 110;
const GAP = 2;
/** A cell that is cut keeps so much, which tells most of them apart. */
const CUT_MIN = 12;

/**
 * For people: columns as wide as they need, at most the terminal. For programs behind a pipe: tabs, nothing cut, same columns always, and
 * color only where it was asked for.
 */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { head = true, stream = process.stdout }: { readonly head?: boolean; readonly stream?: NodeJS.WriteStream } = {},
): string {
  const titles = columns.map((column) => column.title);
  const cells = rows.map((row) => columns.map((column) => clean(column.text(row))));
  const styled = (row: number, at: number, text: string) => {
    const style = columns[at]!.style?.(rows[row]!);
    return style === undefined ? text : paint(style, text, stream);
  };
  const whole = (heads: string, lines: readonly string[]) =>
    [...(head ? [paint("gray", heads, stream)] : []), ...lines].map((line) => `${line}\n`).join("");
  if (!stream.isTTY)
    return whole(
      titles.join("\t"),
      cells.map((line, row) => line.map((text, at) => styled(row, at, text)).join("\t")),
    );
  const width = Math.min(stream.columns || TABLE_WIDTH_MAX, TABLE_WIDTH_MAX);
  const wide = columns.map((column, at) => Math.max(column.title.length, ...cells.map((line) => line[at]!.length)));
  const { shown, widths } = fitted(columns, wide, width);
  const fit = (text: string, at: number) => {
    const cut = text.length > widths[at]! ? `${text.slice(0, widths[at]! - 1)}…` : text;
    return columns[at]!.right ? cut.padStart(widths[at]!) : cut.padEnd(widths[at]!);
  };
  const heads = shown
    .map((at) => fit(titles[at]!.toUpperCase(), at))
    .join(" ".repeat(GAP))
    .trimEnd();
  const lines = cells.map((line, row) =>
    shown
      .map((at) => styled(row, at, fit(line[at]!, at)))
      .join(" ".repeat(GAP))
      .trimEnd(),
  );
  return whole(heads, lines);
}

/** Cells are cut before columns go: a name cut short is found again, a column that is not there is not missed. */
function fitted<Row>(
  columns: readonly Column<Row>[],
  wide: readonly number[],
  width: number,
): { readonly shown: readonly number[]; readonly widths: readonly number[] } {
  const least = columns.map(({ title, whole }, at) => (whole ? wide[at]! : Math.min(wide[at]!, Math.max(title.length, CUT_MIN))));
  const total = (shown: readonly number[], widths: readonly number[]) => shown.reduce((sum, at) => sum + widths[at]! + GAP, -GAP);
  let shown: readonly number[] = columns.map((_, at) => at);
  while (total(shown, least) > width) {
    const [last] = shown.filter((at) => columns[at]!.drop !== undefined).toSorted((a, b) => columns[b]!.drop! - columns[a]!.drop!);
    if (last === undefined) break;
    shown = shown.filter((at) => at !== last);
  }
  const widths = [...wide];
  const cutWidest = (to: readonly number[]) => {
    const widest = shown.filter((at) => widths[at]! > to[at]!).toSorted((a, b) => widths[b]! - widths[a]!)[0];
    if (widest !== undefined) widths[widest]! -= 1;
    return widest !== undefined;
  };
  while (total(shown, widths) > width && cutWidest(least));
  const any = columns.map(() => CUT_MIN / 2);
  while (total(shown, widths) > width && cutWidest(any));
  return { shown, widths };
}

const UNITS = ["B", "kB", "MB", "GB", "TB"];
/** Decimal units, as disks and links are sold: 3.1 GB. */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

export function number(value: number): string {
  return value >= 1e6 ? `${(value / 1e6).toFixed(1)} million` : thousands(value);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** An age such as 15m, in microseconds. */
export function ageUs(option: string, text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) throw new CommandError(`${option}: expected an age such as 15m, 2h or 1d, got "${text}"`);
  return Number(amount) * { s: 1e6, m: 60e6, h: 3_600e6, d: 86_400e6 }[unit as "s" | "m" | "h" | "d"];
}

/** Microseconds since 1970 as UTC, to the second, or to the microsecond with `precise`; 0 is the time of what was never heard. */
export function time(at: number | null, precise = false): string {
  if (at === null || at === 0) return "never";
  const iso = new Date(at / 1000).toISOString();
  return precise
    ? `${iso.slice(0, 19)}.${String(Math.round(at) % 1_000_000).padStart(6, "0")}Z`
    : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}

export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  if (seconds < 90) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
