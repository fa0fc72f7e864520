/**
 * The lists of a router, read again by a reader of their own. Of every routed packet they say what the evaluator says, once it takes for an
 * answer by TCP what these lists take for one: what has ACK or RST.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CompiledPolicy, JudgedPacket } from "../../model/policy.ts";
import { aimedFrame } from "../../testing/aimed-frames.ts";
import { permitted } from "../../testing/cisco-lists.ts";
import { dropsPacket, randomWalls } from "../../testing/exported-walls.ts";
import { SAMPLE_WALL } from "../../testing/sample-wall.ts";
import { ciscoIos } from "./cisco-ios.ts";
import { NotExportable } from "./exporter.ts";
import { NO_ADDRESSES } from "../ranges.ts";

const WALLS = 24;
const PACKETS = 200;
const ACK = 16;
const RST = 4;
const SYN = 2;

test("every routed packet is permitted where the evaluator lets it through, and denied elsewhere", () => {
  const seen = { permitted: 0, denied: 0, fragments: 0, answers: 0 };
  for (const [wall, random] of randomWalls(41, WALLS, withoutSctp)) {
    const lists = listsIn(ciscoIos.write(wall));
    for (let number = 0; number < PACKETS; number++) {
      const { packet } = aimedFrame(random, wall.policy, "routed", number);
      if (packet === null || !isTold(packet)) continue;
      const asked = asEstablished(packet);
      const permits = isPermitted(lists, asked);
      if (permits === dropsPacket(wall, asked))
        assert.fail(`got ${permits}: ${JSON.stringify(packet)}
${ciscoIos.write(wall)}`);
      seen[permits ? "permitted" : "denied"]++;
      if (packet.fragmentOffset > 0) seen.fragments++;
      if (permits && packet.tcpFlags !== null && (packet.tcpFlags & ACK) !== 0) seen.answers++;
    }
  }
  assert.ok(seen.permitted > 1_000 && seen.denied > 300 && seen.fragments > 50 && seen.answers > 50, JSON.stringify(seen));
});

test("an error planted in the text shows", () => {
  for (const [name, planted] of [
    ["a port more", (text: string) => text.replace(/( eq| range \d+) (\d+)/g, (_, word, port) => `${word} ${Math.min(Number(port) + 1, 65_535)}`)],
    ["answers that open", (text: string) => text.replaceAll(" established", "")],
    ["denies none", (text: string) => text.replace(/^ deny /gm, " permit ")],
    ["later fragments to anyone", (text: string) => text.replace(/^ .* fragments( log)?\n/gm, "")],
    ["a mask too wide", (text: string) => text.replace(/ 0\.0\.0\.(\d+)/g, (_, bits) => ` 0.0.0.${Number(bits) * 2 + 1}`)],
    ["ends exchanged", (text: string) => text.replace(/permit tcp (host \S+|any) (host \S+|any) /g, "permit tcp $2 $1 ")],
  ] as const)
    assert.ok(differs(planted), name);
}); // prettier-ignore

test("it is put on and taken off without a moment in which a named list is not there", () => {
  const [text, back] = [ciscoIos.write(SAMPLE_WALL), ciscoIos.rollback(SAMPLE_WALL)];
  const names = [...text.matchAll(/^(?:ip access-list extended|ipv6 access-list) (\S+)$/gm)].map((it) => it[1]!);
  assert.equal(names.length, 2);
  for (const name of names) {
    assert.ok(text.indexOf(` ${name}\n`) < text.search(new RegExp(`^! +(?:ip access-group|ipv6 traffic-filter) ${name} in$`, "m")), "whole before it is put on");
    assert.ok(back.search(new RegExp(`^! +no (?:ip access-group|ipv6 traffic-filter) ${name} in$`, "m")) < back.search(new RegExp(`^no .*${name}$`, "m")), "off before it is gone");
  }
  const { rules } = SAMPLE_WALL.policy;
  const other = ciscoIos.write({ ...SAMPLE_WALL, policy: { ...SAMPLE_WALL.policy, rules: rules.slice(1) } });
  assert.ok(names.every((name) => !other.includes(name)), "another wall stands beside it");
}); // prettier-ignore

test("ports of SCTP are refused, and so is a wall for nobody", () => {
  const { rules, ...policy } = SAMPLE_WALL.policy;
  const sctp = { ...rules[0]!, service: { transport: "sctp" as const, ports: [{ from: 3868, to: 3868 }] } };
  assert.throws(() => ciscoIos.write({ ...SAMPLE_WALL, policy: { ...policy, rules: [...rules, sctp] } }), NotExportable);
  assert.throws(() => ciscoIos.write({ ...SAMPLE_WALL, enforced: NO_ADDRESSES, monitored: NO_ADDRESSES }), NotExportable);
});

/** Up to the first packet that shows it. */
function differs(planted: (text: string) => string): boolean {
  for (const [wall, random] of randomWalls(43, WALLS, withoutSctp)) {
    const lists = listsIn(planted(ciscoIos.write(wall)));
    for (let number = 0; number < PACKETS; number++) {
      const { packet } = aimedFrame(random, wall.policy, "routed", number);
      if (packet === null || !isTold(packet)) continue;
      const asked = asEstablished(packet);
      if (isPermitted(lists, asked) === dropsPacket(wall, asked)) return true;
    }
  }
  return false;
}

const withoutSctp = (policy: CompiledPolicy): CompiledPolicy => ({
  ...policy,
  rules: policy.rules.filter(({ service }) => service.transport !== "sctp" || service.ports.length === 0),
});

/** Declared: what overlaps the first one's header is not told apart. What cannot be read to its protocol a router drops itself. */
function isTold({ protocol, fragmentOffset }: JudgedPacket): boolean {
  return protocol >= 0 && (fragmentOffset === 0 || fragmentOffset >= 64);
}

/** Declared: of TCP what has ACK or RST is an answer, and nothing else. */
function asEstablished(packet: JudgedPacket): JudgedPacket {
  if (packet.tcpFlags === null) return packet;
  return { ...packet, tcpFlags: (packet.tcpFlags & (ACK | RST)) === 0 ? SYN : ACK };
}

interface ReadLists {
  readonly 4: readonly (readonly string[])[] | null;
  readonly 6: readonly (readonly string[])[] | null;
}

function isPermitted(lists: ReadLists, packet: JudgedPacket): boolean {
  const entries = lists[packet.family];
  return entries === null || permitted(entries, packet);
}

/** As a router in configuration mode: what stands under the head of a list is of it, what begins with ! is nothing. */
function listsIn(text: string): ReadLists {
  const lists: Record<4 | 6, string[][] | null> = { 4: null, 6: null };
  let family: 4 | 6 = 4;
  for (const line of text.split("\n")) {
    if (/^ip access-list extended \S+$/.test(line)) [family, lists[4]] = [4, []];
    else if (/^ipv6 access-list \S+$/.test(line)) [family, lists[6]] = [6, []];
    else if (/^ (permit|deny) /.test(line)) lists[family]!.push(line.trim().split(" "));
    else assert.match(line, /^(!| remark .{1,93}$|$)/);
  }
  return lists;
}
