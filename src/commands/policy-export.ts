/** `auscult policy export`: a policy as the hospital's own equipment takes it, what takes it back, and a page for those who decide. */
import { exported, type Denied, type Exported } from "../exporting.ts";
import { NotExportable } from "../policies/exporters/exporter.ts";
import { ownRanges, policyFrom, replayIn, type PolicyOptions } from "./policy.ts";
import { CommandError, plural, print, say } from "./terminal.ts";

export interface ExportOptions extends PolicyOptions {
  readonly to: string;
  readonly denied: Denied;
  readonly rollback?: boolean;
  readonly change?: boolean;
  /** So many entries each list may have, as the equipment counts them. */
  readonly budget?: number;
  readonly counts?: string;
  /** Who said that what is life-critical may be widened, where it does not fit without. */
  readonly widen?: string;
}

export async function policyExport(file: string, asked: ExportOptions): Promise<void> {
  const { to, denied, rollback, change, budget, counts, widen, ...options } = asked;
  const few = budget === undefined ? null : { entries: budget, counts: counts ?? null, saidBy: widen ?? null };
  const policy = policyFrom(file);
  const { replay, recording } = replayIn(options);
  const it = written(() => exported(policy, replay, ownRanges(options.data), to, denied, few));
  await print(change ? it.change : rollback ? it.rollback : it.text);
  if (!change) for (const line of it.merged) say(line);
  say(`${it.exporter.title}, with members as of the end of ${recording}; ${plural(it.blocked, "conversation")} of those heard would be blocked.`); // prettier-ignore
  if (!change) say(Object.entries(it.hashes).map(([name, hash]) => `${name} ${hash}`).join("\n")); // prettier-ignore
}

function written(work: () => Exported): Exported {
  try {
    return work();
  } catch (error) {
    if (error instanceof NotExportable) throw new CommandError(error.message);
    throw error;
  }
}
