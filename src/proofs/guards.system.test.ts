/**
 * One ward through the whole of it, heard in full and with the order leg cut from the mirror, encrypted, and one-sided: what the guard says
 * of itself, with the pumps counted. What the guard misses where it says that it is blind is found where it hears: its silence is no luck.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { GuardView } from "../model/guard.ts";
import { openReader } from "../reader.ts";
import { BadNight, DRUGS, STRANGER } from "../testing/bad-night.ts";
import { FIRST_AT, pcapFile, type Frame } from "../testing/frames.ts";
import { simulate } from "../simulation/index.ts";
import { cut, sealed } from "../testing/legs.ts";
import { opened } from "../testing/opened.ts";
import { ORDERS_PORT, PumpWard } from "../testing/pumps.ts";

const MINUTE = 60_000_000;
const folder = mkdtempSync(join(tmpdir(), "auscult-guards-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What the guard says of itself, and all that anything raised. */
async function heard(name: string, frames: readonly Frame[]): Promise<GuardView & { readonly found: readonly string[] }> {
  const capture = join(folder, `${name}.pcap`);
  writeFileSync(capture, pcapFile(frames));
  const { path } = await opened(join(folder, name), capture);
  const reader = await openReader(path);
  try {
    const [guard] = await reader.guards();
    const { rows } = await reader.findings({ states: [], offset: 0, limit: 100 });
    return { ...guard!, found: rows.map(({ detector }) => detector).toSorted() };
  } finally {
    await reader.close();
  }
}

const counts = ({ state, devices, heard: orders, answered, found }: Awaited<ReturnType<typeof heard>>) => [state, devices, orders, answered, found]; // prettier-ignore

/** All sixty pumps report; 44 of them are told something, in the usual way and in a night nobody means ill in. */
const night = () => new BadNight(1).innocent(60);
const innocent = night().ward.frames;
const harmful = night().last({ pump: "P3", drug: DRUGS.heparin.code, rate: 60 * DRUGS.heparin.median }, STRANGER).ward.frames;

test("heard in full the ward is quiet, and a stranger's order of sixty times the rate is found in it", async () => {
  assert.deepEqual(counts(await heard("full", innocent)), ["hearing", 60, 44, 44, []]);
  assert.deepEqual(counts(await heard("full-harmful", harmful)), ["hearing", 60, 44, 44, ["dose-beyond", "pump-stranger"]]);
});

test("with the order leg cut from the mirror it is blind and raises nothing, whatever is ordered", async () => {
  const blind = await heard("cut", cut(harmful, ORDERS_PORT));
  assert.deepEqual(counts(blind), ["blind", 60, 0, 0, []]);
  assert.equal(
    blind.says,
    "programming heard for 0 of 60 pumps: this guard is blind here; a mirror at the pump server would open it, where orders are not encrypted",
  );
});

for (const version of ["TLSv1.3", "TLSv1.2"] as const)
  test(`with the order leg inside ${version} it is blind and raises nothing, and says that a mirror may not open it`, async () => {
    const blind = await heard(version, await sealed(harmful, ORDERS_PORT, version));
    assert.deepEqual(counts(blind), ["blind", 60, 0, 0, []]);
    assert.equal(
      blind.says,
      "programming heard for 0 of 60 pumps: this guard is blind here; what 3 machines say to them or to their gateway is encrypted, and where that is their orders no mirror opens it",
    );
  });

test("one-sided it is half-blind and raises nothing of what it cannot judge; who orders is still seen", async () => {
  const half = await heard("one-sided", cut(innocent, ORDERS_PORT, ["server"]));
  assert.deepEqual(counts(half), ["half-blind", 60, 44, 0, []]);
  assert.match(half.says, /^orders heard for 44 of 60 pumps, and an answer to none: this guard is half-blind here, and learns no usual/);
  const stranger = await heard("one-sided-harmful", cut(harmful, ORDERS_PORT, ["server"]));
  assert.deepEqual(counts(stranger), ["half-blind", 60, 44, 0, ["pump-stranger"]]);
  const answersOnly = await heard("answers-only", cut(harmful, ORDERS_PORT, ["client"]));
  assert.deepEqual(counts(answersOnly), ["blind", 60, 0, 0, []]);
});

test("while it learns, it says so", async () => {
  const ward = new PumpWard();
  for (let pump = 0; pump < 7; pump++) ward.report(FIRST_AT + pump * 1_000_000, `P${pump}`, 5);
  for (let i = 0; i < 12; i++) ward.order(FIRST_AT + (i + 1) * MINUTE, { pump: `P${i % 6}`, rate: 5 + (i % 3) });
  const learning = await heard("learning", ward.frames);
  assert.deepEqual(counts(learning), ["learning", 7, 6, 6, []]);
  assert.match(learning.says, /in 12 orders ten times the rate would not stand out$/);
});

test("the guards over who speaks with devices say of how many they hear, by their first day and after three", async () => {
  const guards = async (days: number) => {
    const capture = join(folder, `hospital-${days}.pcap`);
    await writeFile(capture, simulate({ seed: 1, days, size: 60, quiet: true }).capture);
    const { path } = await opened(join(folder, `hospital-${days}`), capture);
    const reader = await openReader(path);
    try {
      return new Map((await reader.guards()).map((it) => [it.name, it]));
    } finally {
      await reader.close();
    }
  };
  const [first, later] = [await guards(1), await guards(4)];
  const states = (of: ReadonlyMap<string, GuardView>) => ["imaging", "record", "nurse-call"].map((name) => of.get(name)!.state);
  assert.deepEqual(states(first), ["learning", "learning", "blind"]);
  assert.deepEqual(states(later), ["hearing", "hearing", "blind"]);
  const { devices, heard, answered } = later.get("imaging")!;
  assert.ok(devices > 0 && heard === devices && answered === devices, `${devices} ${heard} ${answered}`);
  const monitors = later.get("monitors")!;
  assert.deepEqual([monitors.state, monitors.heard], ["blind", 0], "the sample hospital's monitors speak what no guard reads");
});
