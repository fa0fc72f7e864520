/** A policy as the hospital's own equipment takes it, held against a recording first: its text, what takes it back, and a page for those who decide. */
import { platforms } from "./knowledge/switches.ts";
import type { Membership, Policy } from "./model/policy.ts";
import type { Replay } from "./model/replay.ts";
import { fittedLines } from "./policies/budget-report.ts";
import { DoesNotFit } from "./policies/budget.ts";
import { changePage } from "./policies/change-page.ts";
import { check } from "./policies/check.ts";
import { compile } from "./policies/compile.ts";
import { fittedLists } from "./policies/exporters/acl-budget.ts";
import { fittedRouterLists } from "./policies/exporters/router-budget.ts";
import { ciscoDacl } from "./policies/exporters/cisco-dacl.ts";
import { ciscoIos } from "./policies/exporters/cisco-ios.ts";
import { NotExportable, type ExportedFile, type Exporter, type Wall } from "./policies/exporters/exporter.ts";
import { exporters } from "./policies/exporters/index.ts";
import { countedSecurityGroupLists } from "./policies/exporters/security-group-budget.ts";
import { trustsec } from "./policies/exporters/trustsec.ts";
import { membershipOf } from "./policies/membership.ts";
import { heardIn } from "./policies/permit-list.ts";
import { wallOf, type Standing } from "./policies/standing.ts";
import { expectations, hashesOf, type Hashes } from "./replaying.ts";

export const EXPORTERS: readonly string[] = exporters.map(({ name }) => name);

/** What becomes of what no rule allows. */
export const DENIED = ["drop", "log", "as-it-says"] as const;
export type Denied = (typeof DENIED)[number];
const STANDINGS: Readonly<Record<Denied, Standing>> = { drop: "enforce", log: "monitor", "as-it-says": "as it says" };

export interface Exported {
  readonly exporter: Exporter;
  readonly text: string;
  /** Where equipment fetches several: each of them. Else empty. */
  readonly files: readonly ExportedFile[];
  readonly rollback: string;
  /** In Markdown. */
  readonly change: string;
  /** Conversations of those heard that it would block. */
  readonly blocked: number;
  readonly hashes: Hashes;
  readonly membership: Membership;
  /** Where it had to fit in few entries: what that cost and whom it newly reaches, in lines for people. */
  readonly merged: readonly string[];
}

/** Each list may have so many entries. */
export interface Few {
  readonly entries: number;
  /** As this equipment counts, by its name in the table of switches; null: an entry a line. */
  readonly counts: string | null;
  /** Who said that what is life-critical may be widened, where it does not fit without. */
  readonly saidBy: string | null;
}

/** Throws NotExportable where the target is none of EXPORTERS, a test of the policy fails, it judges nobody with an address, the target cannot say it, or it does not fit. */
export function exported(
  policy: Policy,
  replay: Replay,
  ownRanges: readonly string[],
  to: string,
  denied: Denied,
  few: Few | null = null,
): Exported {
  const exporter = exporters.find((it) => it.name === to);
  if (exporter === undefined) throw new NotExportable(`--to: expected one of ${EXPORTERS.join(", ")}, got "${to}"`);
  const membership = membershipOf(policy, replay, ownRanges);
  const checked = check(policy, membership, replay, expectations());
  const failed = checked.tests.filter((it) => !it.held).map(({ text, because }) => `  ${text}: ${because}`);
  if (failed.length > 0)
    throw new NotExportable(`expected the policy's tests to hold before it is exported, these fail:\n${failed.join("\n")}`);
  const wall = wallOf(policy, membership, compile(policy, membership, replay.machines).policy, STANDINGS[denied]);
  const concerned = [wall.enforced, wall.monitored].flatMap(({ ipv4, ipv6 }) => [...ipv4, ...ipv6]);
  // A list of nobody would be loaded as one of everybody, or of nothing.
  if (concerned.length === 0)
    throw new NotExportable(`expected a group that governs and has members with addresses, got none in ${policy.name}`);
  const hashes = hashesOf(policy, membership, replay);
  const { text, rollback, merged } = few === null ? { ...plain(exporter, wall), merged: [] } : fitted(exporter, wall, replay, few);
  const change = changePage({ policy, membership, wall, checked, exporter, hashes: { ...hashes } });
  return {
    exporter,
    text,
    files: exporter.files?.(wall) ?? [],
    rollback,
    change: merged.length === 0 ? change : `${change}\n## Merged to fit\n\n${merged.map((it) => `    ${it}\n`).join("")}`,
    blocked: checked.counts["would block"].conversations,
    hashes,
    membership,
    merged,
  };
}

const plain = (exporter: Exporter, wall: Wall) => ({ text: exporter.write(wall), rollback: exporter.rollback(wall) });

function fitted(exporter: Exporter, wall: Wall, replay: Replay, { entries, counts, saidBy }: Few): Pick<Exported, "text" | "rollback" | "merged"> {
  if (![ciscoDacl, ciscoIos, trustsec].includes(exporter)) throw new NotExportable(`--budget: expected --to ${ciscoDacl.name}, ${ciscoIos.name} or ${trustsec.name}, got "${exporter.name}", which has no lists that must fit`);
  const known = platforms();
  const platform = counts === null ? known[0]! : known.find((it) => it.name === counts);
  if (platform === undefined) throw new NotExportable(`--counts: expected one of ${known.map(({ name }) => `"${name}"`).join(", ")}, got "${counts}"`);
  if (platform.most !== null && entries > platform.most) throw new NotExportable(`--budget: expected at most ${platform.most}, which is what ${platform.name} holds, got ${entries}`);
  try {
    const exact = plain(exporter, wall);
    const budget = { entries, platform, saidBy };
    if (exporter === trustsec) return { ...exact, merged: countedSecurityGroupLists(wall, budget) };
    const { lists, ...texts } = exporter === ciscoIos ? fittedRouterLists(exact, wall.policy, heardIn(replay), budget) : { ...fittedLists(exact.text, wall.policy, heardIn(replay), budget), rollback: exact.rollback };
    return { ...texts, merged: lists.flatMap((it) => fittedLines(it.name, it.fitted)) };
  } catch (error) {
    throw error instanceof DoesNotFit ? new NotExportable(error.message) : error;
  }
} // prettier-ignore
