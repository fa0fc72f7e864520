/** The lists as a firewall reads them, and the table between them: of each conversation they say what the evaluator says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { csvRecords } from "../../bytes/csv.ts";
import { Random } from "../../simulation/random.ts";
import { aimedConversation, type AimedConversation } from "../../testing/aimed-frames.ts";
import { passesWall, pick, randomPolicy, wallAround } from "../../testing/random-wall.ts";
import { SAMPLE_WALL } from "../../testing/sample-wall.ts";
import { addressKey, judgeConversation, setsOf } from "../evaluate.ts";
import { NO_ADDRESSES, rangeOf } from "../ranges.ts";
import { edl } from "./edl.ts";
import { NotExportable, type Wall } from "./exporter.ts";

test("the first row that fits, with whom its lists hold, says what the evaluator says", () => {
  const random = new Random(31);
  const seen = { passed: 0, stopped: 0 };
  for (let walls = 0; walls < 12; walls++) {
    const policy = randomPolicy(random);
    const wall = wallAround(policy, pick(random, ["drop", "log", "mixed"] as const), random);
    const { rows, lists } = read(wall);
    for (let number = 0; number < 200; number++) {
      const it = aimedConversation(random, policy, number, 0);
      const { client, server, family, transport, port } = it;
      const decision = judgeConversation(policy, { family, client: setsOf(policy, client), server: setsOf(policy, server), transport, port });
      const first = rows.find((row) => fits(row, it, lists));
      const passes = first?.[1] !== "deny";
      assert.equal(passes, passesWall(wall, { sender: client, receiver: server }, decision), JSON.stringify({ it, first, policy }));
      seen[passes ? "passed" : "stopped"]++;
    }
  }
  assert.ok(seen.passed > 120 && seen.stopped > 120, JSON.stringify(seen));
}); // prettier-ignore

test("a group in which nobody has an address has no list and no rule, and what names it least stays as it is", () => {
  const sets = SAMPLE_WALL.policy.sets.map((it) => (it.group === "pump server" ? { ...it, ...NO_ADDRESSES } : it));
  const { rows, lists } = read({ ...SAMPLE_WALL, policy: { ...SAMPLE_WALL.policy, sets } });
  assert.deepEqual(rows.filter((row) => row.includes("pump server")), []); // prettier-ignore
  assert.ok(![...lists.keys()].some((it) => it.includes("server")));
  assert.ok(read(SAMPLE_WALL).lists.has("auscult-pump-server.txt"));
  for (const list of lists.values()) assert.ok(list.length > 0);
});

test("nothing is written of a wall that judges nobody, nor of one that is longer than firewalls hold", () => {
  const nobody = { ...SAMPLE_WALL, enforced: NO_ADDRESSES, monitored: NO_ADDRESSES, spared: NO_ADDRESSES };
  assert.throws(() => edl.write(nobody), NotExportable);
  const many = Array.from({ length: 50_001 }, (_, at) => `10.${at >> 15}.${(at >> 7) & 255}.${(at & 127) * 2}`);
  const wide = (count: number): Wall => ({
    ...SAMPLE_WALL,
    policy: { ...SAMPLE_WALL.policy, rules: [] },
    spared: NO_ADDRESSES,
    monitored: NO_ADDRESSES,
    enforced: { ipv4: many.slice(0, count).map((ip) => ({ first: ip, last: ip })), ipv6: [] },
  });
  assert.throws(() => edl.write(wide(50_001)), /expected at most 50000 lines in all lists.*got 50001/);
  assert.equal(edl.files!(wide(50_000)).length, 2);
});

test("two groups called alike have each its list, by a name that stays when members change", () => {
  const [pumps, , server] = SAMPLE_WALL.policy.sets;
  const sets = [pumps!, { ...server!, group: "infusion-pumps" }];
  const rules = [{ ...SAMPLE_WALL.policy.rules[0]!, from: 0, to: 1 }];
  const { lists } = read({ ...SAMPLE_WALL, policy: { ...SAMPLE_WALL.policy, sets, rules } });
  const names = [...lists.keys()].filter((it) => it.startsWith("auscult-infusion-pumps"));
  assert.equal(names.length, 2);
  const moved = [pumps!, { ...sets[1]!, ipv4: [{ first: "10.9.9.9", last: "10.9.9.9" }] }];
  const after = read({ ...SAMPLE_WALL, policy: { ...SAMPLE_WALL.policy, sets: moved, rules } }).lists;
  assert.deepEqual(after.get(names[1]!)?.[0], "10.9.9.9");
});

function read(wall: Wall): { readonly rows: readonly (readonly string[])[]; readonly lists: ReadonlyMap<string, readonly string[]> } {
  const files = edl.files!(wall);
  const [, ...rows] = csvRecords(files.find(({ name }) => name.endsWith(".csv"))!.text, ",");
  return { rows, lists: new Map(files.filter(({ name }) => name.endsWith(".txt")).map(({ name, text }) => [name, text.trimEnd().split("\n")])) };
} // prettier-ignore

function fits(row: readonly string[], it: AimedConversation, lists: ReadonlyMap<string, readonly string[]>): boolean {
  const [, , , from = "", clientPorts, , to = "", wanted, ports = ""] = row;
  // How addresses are got is asked for from a port of its own, which no conversation here has.
  if (clientPorts !== "any") return false;
  return (
    has(from, it.client, it.family, lists) &&
    has(to, it.server, it.family, lists) &&
    (wanted === "any" || wanted === it.transport || (wanted === "ip" && ports === "any")) &&
    (ports === "any" || ports.split(" ").some((some) => Number(some.split("-")[0]) <= it.port && it.port <= Number(some.split("-").at(-1))))
  );
}

function has(end: string, address: string, family: 4 | 6, lists: ReadonlyMap<string, readonly string[]>): boolean {
  if (end.startsWith("any")) return end === "any" || end === `any IPv${family}`;
  const key = addressKey(address)!;
  return lists
    .get(end)!
    .map((line) => rangeOf(line)!)
    .filter(({ first }) => first.includes(":") === (family === 6))
    .some(({ first, last }) => addressKey(first)! <= key && key <= addressKey(last)!);
}
