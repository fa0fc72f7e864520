/** `auscult policy export`: a policy as the hospital's own equipment takes it, what takes it back, and a page for those who decide. */
import { changePage } from "../policies/change-page.ts";
import { check } from "../policies/check.ts";
import { compile } from "../policies/compile.ts";
import { NotExportable, type Exporter } from "../policies/exporters/exporter.ts";
import { exporters } from "../policies/exporters/index.ts";
import { membershipOf } from "../policies/membership.ts";
import { wallOf, type Standing } from "../policies/standing.ts";
import { expectations, hashesOf } from "../replaying.ts";
import { ownRanges, policyFrom, replayIn, type PolicyOptions } from "./policy.ts";
import { CommandError, plural, print, say } from "./terminal.ts";

export interface ExportOptions extends PolicyOptions {
  readonly to: string;
  readonly denied: "drop" | "log" | "as-it-says";
  readonly rollback?: boolean;
  readonly change?: boolean;
}

const STANDINGS: Readonly<Record<ExportOptions["denied"], Standing>> = { drop: "enforce", log: "monitor", "as-it-says": "as it says" };

export const EXPORTERS: readonly string[] = exporters.map(({ name }) => name);

export async function policyExport(file: string, { to, denied, rollback, change, ...options }: ExportOptions): Promise<void> {
  const exporter = exporterCalled(to);
  const policy = policyFrom(file);
  const { replay, recording } = replayIn(options);
  const membership = membershipOf(policy, replay, ownRanges(options.data));
  const checked = check(policy, membership, replay, expectations());
  const failed = checked.tests.filter((it) => !it.held);
  if (failed.length > 0)
    throw new CommandError(`expected the policy's tests to hold before it is exported, these fail:\n${failed.map(({ text, because }) => `  ${text}: ${because}`).join("\n")}`); // prettier-ignore
  const wall = wallOf(policy, membership, compile(policy, membership, replay.machines).policy, STANDINGS[denied]);
  const concerned = [wall.enforced, wall.monitored].flatMap(({ ipv4, ipv6 }) => [...ipv4, ...ipv6]);
  // A list of nobody would be loaded as one of everybody, or of nothing.
  if (concerned.length === 0)
    throw new CommandError(`expected a group that governs and has members with addresses, got none: ${file} in ${recording}`);
  const hashes = hashesOf(policy, membership, replay);
  const text = written(() => exporter.write(wall));
  if (change) await print(changePage({ policy, membership, wall, checked, exporter, hashes: { ...hashes } }));
  else await print(rollback ? exporter.rollback(wall) : text);
  say(`${exporter.title}, with members as of the end of ${recording}; ${plural(checked.counts["would block"].conversations, "conversation")} of those heard would be blocked.`); // prettier-ignore
  if (!change) say(Object.entries(hashes).map(([name, hash]) => `${name} ${hash}`).join("\n")); // prettier-ignore
}

function exporterCalled(name: string): Exporter {
  const exporter = exporters.find((it) => it.name === name);
  if (exporter === undefined) throw new CommandError(`--to: expected one of ${EXPORTERS.join(", ")}, got "${name}"`);
  return exporter;
}

function written(work: () => string): string {
  try {
    return work();
  } catch (error) {
    if (error instanceof NotExportable) throw new CommandError(error.message);
    throw error;
  }
}
