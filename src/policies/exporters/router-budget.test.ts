/** Lists of a router made to fit: all that was permitted is, what is more stands in the report, and no list is longer than it may be. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { platforms } from "../../knowledge/switches.ts";
import type { CompiledPolicy, JudgedPacket } from "../../model/policy.ts";
import { aimedFrame } from "../../testing/aimed-frames.ts";
import { bits, permitted } from "../../testing/cisco-lists.ts";
import { randomWalls } from "../../testing/exported-walls.ts";
import { SAMPLE_WALL } from "../../testing/sample-wall.ts";
import { DoesNotFit, type Fitted, type FittedEntry } from "../budget.ts";
import { ciscoIos } from "./cisco-ios.ts";
import type { Wall } from "./exporter.ts";
import { fittedRouterLists } from "./router-budget.ts";

const HEARD = { hosts: [], served: [] };
const BUDGET = { platform: platforms()[0]!, saidBy: "anna.lind" };
const WALLS = 24;
/** Whole ones have hundreds of lines, which take seconds each. */
const LINES_MAX = 200;
const PACKETS = 200;
const TCP_FIRST = 2;

const textOf = (wall: Wall) => ({ text: ciscoIos.write(wall), rollback: ciscoIos.rollback(wall) });
const sizesOf = (text: string) => [...text.matchAll(/^! (\d+) entries: .*\n(?:ip access-list extended|ipv6 access-list) (\S+)\n((?: .*\n)+)/gm)].map(([, said, name, body]) => ({ said: Number(said), name: name!, entries: body!.split("\n").filter((it) => /^ (permit|deny) /.test(it)).map((it) => it.trim().split(" ")) })); // prettier-ignore
const listOf = (text: string, family: 4 | 6) => sizesOf(text).find(({ name }) => name.startsWith(`AUSCULT-V${family}-`));

test("where all fits not a byte is another", () => {
  for (const [wall] of randomWalls(51, WALLS, small)) {
    const exact = textOf(wall);
    const { text, rollback, lists } = fittedRouterLists(exact, wall.policy, HEARD, { ...BUDGET, entries: 10_000 });
    assert.deepEqual({ text, rollback, lists }, { ...exact, lists: [] });
  }
});

test("all that was permitted still is, what is more goes only where a line of the report goes, and every list fits", (t) => {
  const seen = { merged: 0, kept: 0, more: 0, fragments: 0, refused: 0 };
  for (const [wall, random] of randomWalls(53, WALLS, small)) {
    const exact = textOf(wall);
    const longest = Math.max(...sizesOf(exact.text).map(({ entries }) => entries.length));
    if (longest > LINES_MAX) continue;
    const entries = Math.ceil(longest * 0.8);
    const fitted: ReturnType<typeof fittedRouterLists> | null = fittedOr(() =>
      fittedRouterLists(exact, wall.policy, HEARD, { ...BUDGET, entries }),
    );
    if (fitted === null) {
      seen.refused++;
      continue;
    }
    for (const it of sizesOf(fitted.text)) {
      assert.equal(it.said, it.entries.length);
      assert.ok(it.entries.length <= entries, `${it.name}: ${it.entries.length} of ${entries}`);
      assert.ok(fitted.rollback.includes(it.name), "it is taken away by the name it has");
    }
    for (const { name, fitted: report } of fitted.lists) assert.equal(report.after.entries, sizesOf(fitted.text).find((it) => name === it.name)!.said); // prettier-ignore
    seen.merged += fitted.lists.length;
    for (let number = 0; number < PACKETS; number++) {
      const { packet } = aimedFrame(random, wall.policy, "routed", number);
      if (packet === null || packet.protocol < 0) continue;
      const lets = (text: string): boolean => {
        const list = listOf(text, packet.family);
        return list === undefined || permitted(list.entries, packet);
      };
      const was = lets(exact.text);
      const is: boolean = lets(fitted.text);
      if (was) assert.ok(is, `${JSON.stringify(packet)}\n${exact.text}\n${fitted.text}`);
      if (was === is) seen.kept++;
      else {
        const report: Fitted = fitted.lists.find(({ name }) => name === listOf(fitted.text, packet.family)!.name)!.fitted;
        assert.ok(
          report.entries.some((it) => it.absorbed.length > 1 && goesBy(it, packet)),
          `${JSON.stringify(packet)}\n${fitted.text}`,
        );
        seen[packet.fragmentOffset > 0 ? "fragments" : "more"]++;
      }
    }
  }
  t.diagnostic(JSON.stringify(seen));
  assert.ok(seen.merged > WALLS / 3 && seen.kept > 1_000 && seen.more > 0, JSON.stringify(seen));
});

test("a merged list has a name of its own, and what it is put on and taken away by says so", () => {
  const exact = textOf(SAMPLE_WALL);
  const [v4] = sizesOf(exact.text);
  const make = (entries: number) => fittedRouterLists(exact, SAMPLE_WALL.policy, HEARD, { ...BUDGET, entries });
  const [once, again] = [v4!.entries.length - 2, v4!.entries.length - 5].map((it) => make(it));
  const names = [exact, once!, again!].map(({ text }) => sizesOf(text)[0]!.name);
  assert.equal(new Set(names).size, 3);
  for (const it of [once!, again!]) {
    const { name } = sizesOf(it.text)[0]!;
    assert.ok(it.text.includes(`!  ip access-group ${name} in\n`) && it.rollback.includes(`no ip access-list extended ${name}\n`));
    assert.ok(!`${it.text}${it.rollback}`.includes(v4!.name));
  }
});

test("what is denied and what the network needs is never merged: where it does not fit nothing is given, and it is said which", () => {
  assert.throws(
    () => fittedRouterLists(textOf(SAMPLE_WALL), SAMPLE_WALL.policy, HEARD, { ...BUDGET, entries: 4 }),
    (error) => error instanceof DoesNotFit && /^AUSCULT-V4-\S+: expected a list that fits in 4 entries/.test(error.message),
  );
});

function fittedOr<Value>(work: () => Value): Value | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof DoesNotFit) return null;
    throw error;
  }
}

/** By hand: of the line's bits, the client's come first. A later fragment has no port. */
function goesBy({ family, value, mask, way, ports, transport }: FittedEntry, packet: JudgedPacket): boolean {
  if (family !== packet.family) return false;
  const [client, server] = way === "forth" ? [packet.sender, packet.receiver] : [packet.receiver, packet.sender];
  const words = value.length / 2;
  const all = (from: number, of: readonly number[]) => of.slice(from, from + words).reduce((sum, it) => (sum << 32n) | BigInt(it), 0n);
  const isIn = (from: number, address: string) => (bits(address) | all(from, mask)) === (all(from, value) | all(from, mask));
  if (!isIn(0, client) || !isIn(words, server)) return false;
  const port = way === "forth" ? packet.ports?.to : packet.ports?.from;
  return packet.fragmentOffset > 0 || transport === "icmp" || transport === "ip" || (port !== undefined && ports.from <= port && port <= ports.to && (way === "forth" || transport !== "tcp" || packet.tcpFlags !== TCP_FIRST)); // prettier-ignore
}

function small({ sets, rules, ...policy }: CompiledPolicy): CompiledPolicy {
  return {
    ...policy,
    sets: sets.map((it) => ({ ...it, ipv4: it.ipv4.slice(0, 2), ipv6: it.ipv6.slice(0, 1) })),
    rules: rules.filter(({ service }) => service.transport !== "sctp" || service.ports.length === 0).slice(0, 4),
  };
}
