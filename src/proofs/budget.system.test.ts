/**
 * The largest groups of the sample hospital, made to fit in 64 entries: a list that names both ends, as a router has it. What the report
 * says is held against enumeration: of everybody heard with everything heard, and of every single pair of addresses with each port.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readSettings } from "../config.ts";
import { platforms } from "../knowledge/switches.ts";
import { recordingPath } from "../link/recordings.ts";
import type { Replay } from "../model/replay.ts";
import { fittedLines } from "../policies/budget-report.ts";
import { DoesNotFit, fit, type Fitted } from "../policies/budget.ts";
import { compile } from "../policies/compile.ts";
import { learn } from "../policies/learn.ts";
import { membershipOf } from "../policies/membership.ts";
import { heardIn, permitsOf, placesOf, type Permit, type PermitList } from "../policies/permit-list.ts";
import { isWithin, wordsOf } from "../policies/ternary.ts";
import { expectations, replayFrom } from "../replaying.ts";
import { LocalSession } from "../session.ts";
import { simulate } from "../simulation/index.ts";

const DAYS = 7;
const ENTRIES = 64;

for (const size of [undefined, 1_000])
  test(`the largest groups of a sample hospital of ${size ?? "usual"} size fit in ${ENTRIES} entries, and the report is exact`, async (t) => {
    const replay = await hospital(size);
    const { policy } = learn(replay, expectations(), "sample");
    const membership = membershipOf(policy, replay);
    const { policy: compiled } = compile(policy, membership, replay.machines);
    const largest = membership.groups.toSorted((a, b) => b.members.length - a.members.length).slice(0, 4);
    let fitted = 0;
    let merged = 0;
    for (const { group, members } of largest) {
      const list: PermitList = { ends: 2, permits: permitsOf(compiled, placesOf(compiled, group), 2), ...heardIn(replay) };
      const it = fittedOr(list);
      if (it instanceof DoesNotFit) {
        t.diagnostic(`${group}, ${members.length} members: ${it.message}`);
        assert.match(it.message, /life-supporting/);
        continue;
      }
      t.diagnostic(`${group}, ${members.length} members: ${fittedLines(group, it).slice(0, 3).join(" ")}`);
      assert.ok(it.after.entries <= ENTRIES);
      heldAgainstEnumeration(list, it);
      fitted++;
      merged += Number(it.after.lines < it.before.lines);
    }
    assert.ok(fitted > 0 && (size === undefined || merged > 0), `${fitted} fitted, ${merged} by merging`);
  });

async function hospital(size: number | undefined): Promise<Replay> {
  const folder = mkdtempSync(join(tmpdir(), "auscult-budget-"));
  try {
    const file = join(folder, "hospital.pcap");
    await writeFile(file, simulate({ seed: 1, days: DAYS, ...(size === undefined ? {} : { size }) }).capture);
    const session = new LocalSession({ dataDirectory: folder, settings: readSettings(folder, {}), log: () => undefined });
    await session.openFiles([file]);
    const { recording } = (await session.finished())!;
    await session.close();
    return replayFrom(recordingPath(folder, recording));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function fittedOr(list: PermitList): Fitted | DoesNotFit {
  try {
    return fit(list, { entries: ENTRIES, beside: 0, platform: platforms()[0]!, saidBy: null });
  } catch (error) {
    if (error instanceof DoesNotFit) return error;
    throw error;
  }
}

function heldAgainstEnumeration({ permits, hosts, served }: PermitList, { entries, newlyReached, before, after }: Fitted): void {
  const found: string[] = [];
  for (const way of ["forth", "back"] as const)
    for (const it of served)
      for (const { address } of hosts) {
        const pair = [...wordsOf(address)!, ...wordsOf(it.address)!];
        const asked = { ...it, way, pair };
        if (address !== it.address && lets(entries, asked) && !lets(permits, asked)) found.push(`${way} ${address} ${it.address} ${it.transport} ${it.port}`); // prettier-ignore
      }
  const said = newlyReached.flatMap((it) => it.by.map(({ address }) => `${it.way} ${address} ${it.address} ${it.transport} ${it.port}`));
  assert.deepEqual(said.toSorted(), found.toSorted());
  const [was, is] = [pointsOf(permits), pointsOf(entries)];
  assert.deepEqual([before.space, after.space], [BigInt(was.size), BigInt(is.size)]);
  assert.ok(was.isSubsetOf(is), "all that was let through still is");
}

interface Asked extends Pick<Permit, "transport" | "way"> {
  readonly pair: readonly number[];
  readonly port: number;
}

function lets(all: readonly Permit[], { transport, way, pair, port }: Asked): boolean {
  return all.some(
    (it) =>
      it.transport === transport &&
      it.way === way &&
      it.ports.from <= port &&
      port <= it.ports.to &&
      it.value.length === pair.length &&
      isWithin({ value: pair, mask: pair.map(() => 0) }, it),
  );
}

/** Each pair of addresses with each port, one by one. */
function pointsOf(all: readonly Permit[]): ReadonlySet<string> {
  const points = new Set<string>();
  for (const { value, mask, ports, family, transport, way } of all) {
    const open = mask.flatMap((word, at) => Array.from({ length: 32 }, (_, bit) => bit).flatMap((bit) => ((word >>> bit) & 1 ? [[at, bit] as const] : []))); // prettier-ignore
    assert.ok(open.length <= 20, "few enough to count one by one");
    for (let choice = 0; choice < 2 ** open.length; choice++) {
      const pair = [...value];
      for (const [place, [at, bit]] of open.entries()) if ((choice >>> place) & 1) pair[at] = (pair[at]! | (1 << bit)) >>> 0;
      for (let port = ports.from; port <= ports.to; port++) points.add(`${family} ${transport} ${way} ${pair.join(" ")} ${port}`);
    }
  }
  return points;
}
