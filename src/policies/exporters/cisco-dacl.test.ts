/**
 * The lists, read again by a reader of their own as a switch reads them: first match, wildcard masks, `established`, later fragments by
 * address and protocol. Of what a device sends they say what the evaluator says.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../simulation/random.ts";
import { aimedFrame } from "../../testing/aimed-frames.ts";
import { bits, permitted } from "../../testing/cisco-lists.ts";
import { passesWall, pick, randomPolicy, wallAround } from "../../testing/random-wall.ts";
import { judgePacket } from "../evaluate.ts";
import { ciscoDacl } from "./cisco-dacl.ts";
import { NotExportable } from "./exporter.ts";

const WALLS = 24;
const PACKETS = 200;

test("what a device sends is permitted where the evaluator lets it through, and denied elsewhere", () => {
  const random = new Random(11);
  const seen = { permitted: 0, denied: 0 };
  for (let walls = 0; walls < WALLS; walls++) {
    const any = randomPolicy(random);
    const policy = { ...any, rules: any.rules.filter(({ service }) => service.transport !== "sctp" || service.ports.length === 0) };
    const wall = wallAround(policy, pick(random, ["drop", "log", "mixed"] as const), random);
    const lists = listsIn(ciscoDacl.write(wall));
    for (let number = 0; number < PACKETS; number++) {
      const { packet } = aimedFrame(random, policy, "routed", number);
      if (packet === null || packet.protocol < 0) continue;
      // Declared: no stack sends a segment without SYN, ACK and RST; what overlaps is not told apart; of UDP and ICMP later fragments pass.
      if (packet.tcpFlags === 0 || (packet.fragmentOffset > 0 && packet.fragmentOffset < 64)) continue;
      if (packet.fragmentOffset > 0 && [1, 17, 58].includes(packet.protocol)) continue;
      const list = lists.find(
        (it) => it.family === packet.family && it.devices.some(([first, last]) => within(packet.sender, first, last)),
      );
      // A port without a list is no device of ours.
      if (list === undefined) continue;
      const permits = permitted(list.entries, packet);
      assert.equal(permits, passesWall(wall, packet, judgePacket(policy, packet)), JSON.stringify({ packet, list }));
      seen[permits ? "permitted" : "denied"]++;
    }
  }
  assert.ok(seen.permitted > 250 && seen.denied > 250, JSON.stringify(seen));
});

test("a rule for ports of SCTP is refused, and nothing is written of the others", () => {
  const random = new Random(1);
  const { rules, ...policy } = randomPolicy(random);
  const sctp = { ...rules[0]!, service: { transport: "sctp" as const, ports: [{ from: 3868, to: 3868 }] } };
  assert.throws(() => ciscoDacl.write(wallAround({ ...policy, rules: [...rules, sctp] }, "drop", random)), NotExportable);
});

interface ReadList {
  readonly family: 4 | 6;
  readonly devices: readonly (readonly [string, string])[];
  readonly entries: readonly (readonly string[])[];
}

function listsIn(text: string): readonly ReadList[] {
  const lists: { family: 4 | 6; devices: (readonly [string, string])[]; entries: string[][] }[] = [];
  for (const line of text.split("\n")) {
    const head = /^! AUSCULT-.*-V([46])(?:-\d+)?: \d+ entries, for (.*)$/.exec(line);
    if (head !== null)
      lists.push({ family: head[1] === "4" ? 4 : 6, devices: head[2]!.split(", ").map((it) => [it.split("-")[0]!, it.split("-").at(-1)!]), entries: [] }); // prettier-ignore
    else if (/^(permit|deny) /.test(line)) lists.at(-1)!.entries.push(line.split(" "));
  }
  return lists;
}

function within(address: string, first: string, last: string): boolean {
  return bits(first) <= bits(address) && bits(address) <= bits(last);
}
