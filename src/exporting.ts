/** A policy as the hospital's own equipment takes it, held against a recording first: its text, what takes it back, and a page for those who decide. */
import type { Policy } from "./model/policy.ts";
import type { Replay } from "./model/replay.ts";
import { changePage } from "./policies/change-page.ts";
import { check } from "./policies/check.ts";
import { compile } from "./policies/compile.ts";
import { NotExportable, type Exporter } from "./policies/exporters/exporter.ts";
import { exporters } from "./policies/exporters/index.ts";
import { membershipOf } from "./policies/membership.ts";
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
  readonly rollback: string;
  /** In Markdown. */
  readonly change: string;
  /** Conversations of those heard that it would block. */
  readonly blocked: number;
  readonly hashes: Hashes;
}

/** Throws NotExportable where the target is none of EXPORTERS, a test of the policy fails, it judges nobody with an address, or the target cannot say it. */
export function exported(policy: Policy, replay: Replay, ownRanges: readonly string[], to: string, denied: Denied): Exported {
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
  return {
    exporter,
    text: exporter.write(wall),
    rollback: exporter.rollback(wall),
    change: changePage({ policy, membership, wall, checked, exporter, hashes: { ...hashes } }),
    blocked: checked.counts["would block"].conversations,
    hashes,
  };
}
