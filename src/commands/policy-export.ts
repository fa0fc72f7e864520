/** `auscult policy export`: a policy as the hospital's own equipment takes it, what takes it back, and a page for those who decide. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { exported, type Denied, type Exported } from "../exporting.ts";
import { inWords } from "../link/refusals.ts";
import { NotExportable } from "../policies/exporters/exporter.ts";
import { makeFolders, writeWhole } from "../link/folders.ts";
import { ownRanges, policyOf, replayIn, sayRemarks, textOf, type PolicyOptions } from "./policy.ts";
import { CommandError, plural, print, say } from "./terminal.ts";

export interface ExportOptions extends PolicyOptions {
  readonly to: string;
  readonly denied: Denied;
  /** A folder for those that are several files. */
  readonly into?: string;
  readonly rollback?: boolean;
  readonly change?: boolean;
  /** So many entries each list may have, as the equipment counts them. */
  readonly budget?: number;
  readonly counts?: string;
  /** Who said that what is life-critical may be widened, where it does not fit without. */
  readonly widen?: string;
}

export async function policyExport(file: string, asked: ExportOptions): Promise<void> {
  const { to, denied, into, rollback, change, budget, counts, widen, ...options } = asked;
  const few = budget === undefined ? null : { entries: budget, counts: counts ?? null, saidBy: widen ?? null };
  const source = textOf(file);
  const policy = policyOf(file, source);
  const { replay, recording } = replayIn(options);
  const it = written(() => exported(policy, replay, ownRanges(options.data), to, denied, few));
  if (into !== undefined) writeInto(into, it);
  else await print(change ? it.change : rollback ? it.rollback : it.text);
  if (!change) for (const line of it.merged) say(line);
  say(`${it.exporter.title}, with members as of the end of ${recording}; ${plural(it.blocked, "conversation")} of those heard would be blocked.`); // prettier-ignore
  sayRemarks(file, source, policy, it.membership);
  if (!change) say(Object.entries(it.hashes).map(([name, hash]) => `${name} ${hash}`).join("\n")); // prettier-ignore
}

/** Each whole or not at all, and the table of rules last: it names no list that is not there. What is there besides stays as it is, and is named. */
function writeInto(folder: string, { exporter, files }: Exported): void {
  if (files.length === 0) throw new CommandError(`--into: expected a target of several files, got "${exporter.name}", which is one: it goes to standard output`);
  try {
    makeFolders(folder);
    for (const { name, text } of files) {
      const file = join(folder, name);
      writeWhole(file, text, 0o666);
      say(`${file}: ${plural(text.trimEnd().split("\n").length, "line")}`);
    }
    const own = new Set(files.map(({ name }) => name));
    for (const name of readdirSync(folder).filter((it) => it.startsWith("auscult-") && it.endsWith(".txt") && !own.has(it)))
      say(`${join(folder, name)} is none of these and stays as it was: take it away once no rule names it.`);
  } catch (error) {
    throw new CommandError(`--into: expected a folder that can be written to, got ${inWords(error)}: ${folder}`);
  }
} // prettier-ignore

function written(work: () => Exported): Exported {
  try {
    return work();
  } catch (error) {
    if (error instanceof NotExportable) throw new CommandError(error.message);
    throw error;
  }
}
