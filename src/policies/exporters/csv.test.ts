/** The table, read again row by row: of each conversation it says what the evaluator says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { csvRecords } from "../../bytes/csv.ts";
import { Random } from "../../simulation/random.ts";
import { aimedConversation, type AimedConversation } from "../../testing/aimed-frames.ts";
import { passesWall, pick, randomPolicy, wallAround } from "../../testing/random-wall.ts";
import { addressKey, judgeConversation, setsOf } from "../evaluate.ts";
import { csv } from "./csv.ts";

test("the first row that fits says of a conversation what the evaluator says", () => {
  const random = new Random(12);
  const seen = { passed: 0, stopped: 0 };
  for (let walls = 0; walls < 24; walls++) {
    const policy = randomPolicy(random);
    const wall = wallAround(policy, pick(random, ["drop", "log", "mixed"] as const), random);
    const [, ...rows] = csvRecords(csv.write(wall), ",");
    for (let number = 0; number < 200; number++) {
      const it = aimedConversation(random, policy, number, 0);
      const { client, server, family, transport, port } = it;
      const decision = judgeConversation(policy, {
        family,
        client: setsOf(policy, client),
        server: setsOf(policy, server),
        transport,
        port,
      });
      const first = rows.find((row) => fits(row, it));
      const passes = first?.[1] !== "deny";
      assert.equal(passes, passesWall(wall, { sender: client, receiver: server }, decision), JSON.stringify({ it, first, policy }));
      seen[passes ? "passed" : "stopped"]++;
    }
  }
  assert.ok(seen.passed > 250 && seen.stopped > 250, JSON.stringify(seen));
});

test("what a spreadsheet would take for a formula is text", () => {
  const random = new Random(1);
  const policy = randomPolicy(random);
  const rules = policy.rules.map((it) => ({ ...it, because: '=HYPERLINK("http://x","y")' }));
  const text = csv.write(wallAround({ ...policy, rules }, "drop", random));
  assert.match(text, /,"'=HYPERLINK\(""http:\/\/x"",""y""\)"\r\n/);
  assert.doesNotMatch(text, /(^|,)"?=/m);
});

function fits(row: readonly string[], { client, server, family, transport, port }: AimedConversation): boolean {
  const [, , , from = "", clientPorts, , to = "", wanted, ports = ""] = row;
  // How addresses are got is asked for from a port of its own, which no conversation here has.
  if (clientPorts !== "any") return false;
  return (
    has(from, client, family) &&
    has(to, server, family) &&
    (wanted === "any" || wanted === transport || (wanted === "ip" && ports === "any")) &&
    (ports === "any" || ports.split(" ").some((it) => Number(it.split("-")[0]) <= port && port <= Number(it.split("-").at(-1))))
  );
}

function has(ranges: string, address: string, family: 4 | 6): boolean {
  const key = addressKey(address)!;
  return ranges
    .split(" ")
    .filter((it) => it !== "" && it.includes(":") === (family === 6))
    .some((it) => addressKey(it.split("-")[0]!)! <= key && key <= addressKey(it.split("-").at(-1)!)!);
}
