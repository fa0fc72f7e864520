/** `auscult limits FILE`: what is read of the pharmacy's export of hard limits, line by line; `--apply` makes it what sensors compare orders to pumps with. */
import { readFileSync } from "node:fs";
import { LIMIT_COLUMNS, limitRows, type LimitColumn, type LimitRow } from "../doses/index.ts";
import { inWords } from "../link/refusals.ts";
import { siteLimitsIn, writeSiteLimits } from "../link/site-limits.ts";
import { CommandError, plural, print, say, table } from "./terminal.ts";

interface LimitsOptions {
  readonly data: string;
  readonly column?: readonly string[];
  readonly apply?: boolean;
  readonly json?: boolean;
}

export async function limits(file: string | undefined, { data, column = [], apply, json }: LimitsOptions): Promise<void> {
  const rows = file === undefined ? siteLimitsIn(data).map((limit, at): LimitRow => ({ line: at + 2, limit, refused: "" })) : read(file, columnsOf(column)); // prettier-ignore
  if (json) await print(`${JSON.stringify({ schema: "auscult.limits/1", rows })}\n`);
  else if (rows.length > 0) await print(table(COLUMNS, rows));
  const serving = rows.flatMap(({ limit }) => limit ?? []);
  const sum = `${serving.length} of ${plural(rows.length, "line")} can be compared with orders`;
  if (file === undefined) return say(rows.length === 0 ? "No limits yet: auscult limits FILE reads what the pharmacy exports." : `${sum}.`);
  if (apply !== true) return say(`${sum}. Nothing was written; to compare orders with these: auscult limits ${file} --apply`);
  if (serving.length === 0) throw new CommandError(`expected a line that can be compared with orders, got none: ${file}`);
  say(`${sum}. Written to ${writeSiteLimits(data, serving)}; they serve from the next start on.`);
}

function read(file: string, columns: Readonly<Partial<Record<LimitColumn, string>>>): readonly LimitRow[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new CommandError(`expected a list of limits that can be read, got ${inWords(error)}: ${file}`);
  }
  try {
    return limitRows(text, columns);
  } catch (error) {
    throw new CommandError(`${file}: ${(error as Error).message}`);
  }
}

/** `most=Hard limit (max)`. */
function columnsOf(texts: readonly string[]): Partial<Record<LimitColumn, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const [name = "", ...title] = text.split("=");
      if (!LIMIT_COLUMNS.some((it) => it === name) || title.length === 0)
        throw new CommandError(`--column: expected ${LIMIT_COLUMNS.join(", ")} and a title, as in most=Hard max, got "${text}"`);
      return [name, title.join("=")];
    }),
  );
}

const COLUMNS = [
  { title: "Line", text: (it: LimitRow) => String(it.line) },
  { title: "Drug", text: (it: LimitRow) => it.limit?.drug ?? "" },
  { title: "Kind of order", text: (it: LimitRow) => it.limit?.kind ?? "" },
  { title: "At most", text: (it: LimitRow) => (it.limit === null ? "" : `${it.limit.most} ${it.limit.unit}`) },
  { title: "Refused because", text: (it: LimitRow) => it.refused },
];
