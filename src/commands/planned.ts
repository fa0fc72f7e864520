/** `auscult planned`: work that was announced; with a file, that instead of what was announced before. */
import { readFileSync } from "node:fs";
import { checkPlanned, keepPlanned, plannedIn, type ReadPlanned } from "../link/planned.ts";
import { inWords } from "../link/refusals.ts";
import { momentInWords } from "../model/finding-words.ts";
import type { PlannedWork } from "../model/planned.ts";
import { CommandError, Exit, plural, print, say, table } from "./terminal.ts";

export interface PlannedOptions {
  readonly data: string;
  readonly json?: boolean;
}

export async function planned(file: string | undefined, { data, json }: PlannedOptions): Promise<void> {
  if (file !== undefined) {
    const works = checked(checkPlanned(textOf(file), file));
    keepPlanned(data, works);
    return say(
      `${plural(works.length, "time")} of planned work kept, instead of those before. Findings all of which lie inside are marked from now on.`,
    );
  }
  const works = checked(plannedIn(data));
  if (json) return print(`${JSON.stringify({ schema: "auscult.planned/1", planned: works })}\n`);
  if (works.length === 0)
    return say(
      "Nothing is planned: auscult planned FILE takes a CSV with the columns what, by, where, kind, from, to, who, or a calendar (ICS).",
    );
  await print(table(COLUMNS, works));
}

const COLUMNS = [
  { title: "What", text: (it: PlannedWork) => it.what },
  { title: "By", text: (it: PlannedWork) => it.by || "anybody" },
  { title: "Where", text: (it: PlannedWork) => it.where || "anywhere" },
  { title: "Kind", text: (it: PlannedWork) => it.kind || "hazard" },
  { title: "From (UTC)", text: (it: PlannedWork) => momentInWords(it.from) },
  { title: "To (UTC)", text: (it: PlannedWork) => momentInWords(it.to) },
  { title: "Who answers", text: (it: PlannedWork) => it.who, drop: 1 },
];

function checked({ works, troubles }: ReadPlanned): ReadPlanned["works"] {
  for (const trouble of troubles.slice(0, -1)) say(trouble);
  const last = troubles.at(-1);
  if (last !== undefined) throw new CommandError(last);
  return works;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new CommandError(`${file}: expected a CSV file or a calendar, got ${inWords(error)}`, Exit.input);
  }
}
