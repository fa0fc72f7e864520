/** Lists made to fit: what stood in them is read as it was written, all that was permitted is, and no list is longer than it may be. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { platforms } from "../../knowledge/switches.ts";
import { Random } from "../../simulation/random.ts";
import { randomPolicy, wallAround } from "../../testing/random-wall.ts";
import { SAMPLE_WALL } from "../../testing/sample-wall.ts";
import { fittedLines } from "../budget-report.ts";
import { DoesNotFit } from "../budget.ts";
import { fittedLists } from "./acl-budget.ts";
import { ciscoDacl } from "./cisco-dacl.ts";

const NOTHING_HEARD = { hosts: [], served: [] };
/** Nothing in it is life-critical, and there is IPv4 only. */
const [PUMPS, VENTILATORS, ...REST] = SAMPLE_WALL.policy.sets.map((it) => ({ ...it, lifeSupporting: false, ipv6: [] }));
const PLAIN_WALL = {
  policy: { ...SAMPLE_WALL.policy, sets: [PUMPS!, VENTILATORS!, ...REST] },
  enforced: PUMPS!,
  monitored: VENTILATORS!,
  spared: VENTILATORS!,
};
/** Of four errors planted in what reads and writes lines, one of them of IPv6 only, each showed at the first. */
const SEEDS = 20;
const BUDGET = { entries: 1_000, platform: platforms()[0]!, saidBy: null };

test("where all fits the text stays as it is, by walls from chance", () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = new Random(seed);
    const any = randomPolicy(random);
    const policy = { ...any, rules: any.rules.filter(({ service }) => service.transport !== "sctp" || service.ports.length === 0) };
    const text = ciscoDacl.write(wallAround(policy, "drop", random));
    assert.deepEqual(entries(fittedLists(text, policy, NOTHING_HEARD, BUDGET).text), entries(text), `seed ${seed}`);
  }
});

test("a list that is too long becomes as long as it may be, with all that does not belong to its rules as it was", () => {
  const text = ciscoDacl.write(PLAIN_WALL);
  const fitted = fittedLists(text, PLAIN_WALL.policy, NOTHING_HEARD, { ...BUDGET, entries: 18 });
  const sizes = (of: string) => [...of.matchAll(/^! (\S+): (\d+) entries/gm)].map(([, name, size]) => `${name} ${size}`);
  assert.ok(sizes(text).includes("AUSCULT-INFUSION-PUMPS-V4 30"), text);
  assert.ok(sizes(fitted.text).includes("AUSCULT-INFUSION-PUMPS-V4 18"), fitted.text);
  assert.deepEqual(fitted.lists.map(({ name, fitted: { after } }) => `${name} ${after.entries}`), sizes(fitted.text));
  const ends = (of: string) => of.split("remark what no rule allows").slice(1).map((it) => it.split("\n!")[0]); // prettier-ignore
  assert.deepEqual(ends(fitted.text), ends(text));
}); // prettier-ignore

test("what is written of merged lines is read as what they are, by walls from chance", () => {
  let merged = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = new Random(seed);
    const any = randomPolicy(random);
    const policy = { ...any, rules: any.rules.filter(({ service }) => service.transport !== "sctp") };
    const text = ciscoDacl.write(wallAround(policy, "drop", random));
    const longest = Math.max(...[...text.matchAll(/^! \S+: (\d+) entries/gm)].map(([, size]) => Number(size)));
    const once = fittedLists(text, policy, NOTHING_HEARD, { ...BUDGET, entries: Math.ceil(longest * 0.7) + 8 });
    const again = fittedLists(once.text, policy, NOTHING_HEARD, BUDGET);
    const boxes = ({ lists }: typeof once) => lists.map(({ fitted }) => fitted.entries.map(({ value, mask, ports, way, transport }) => ({ value, mask, ports, way, transport })));
    assert.deepEqual(boxes(again), boxes(once), `seed ${seed}`);
    merged += Number(once.text !== text);
  }
  assert.ok(merged > SEEDS / 2, String(merged));
}); // prettier-ignore

test("the report says what it cost, whom it newly reaches, and what each line absorbed", () => {
  const served = [{ name: "NEXT", address: "10.20.0.5", lifeSupporting: false, transport: "tcp" as const, port: 5_000 }];
  const heard = { hosts: [], served };
  const { lists } = fittedLists(ciscoDacl.write(PLAIN_WALL), PLAIN_WALL.policy, heard, { ...BUDGET, entries: 17 });
  const { name, fitted } = lists.find((it) => it.name === "AUSCULT-INFUSION-PUMPS-V4")!;
  const lines = fittedLines(name, fitted);
  assert.equal(lines[0], "AUSCULT-INFUSION-PUMPS-V4: 30 entries before, 17 after, as plain counts; 19 lines before, 6 after.");
  const at = lines.indexOf("  tcp 443-8010 to 10.20.0.5 instead of");
  assert.deepEqual(lines.slice(at + 1, at + 3), ["    tcp 443 to 10.20.0.5", "    tcp 8000-8010 to 10.20.0.5"]);
  assert.deepEqual(lines.slice(2, 4), ["Newly reached, of what was heard: 1.", "  NEXT 10.20.0.5 on tcp 5000"]);
});

test("where one list cannot fit nothing is given, and it is said which", () => {
  const text = ciscoDacl.write(SAMPLE_WALL);
  assert.throws(
    () => fittedLists(text, SAMPLE_WALL.policy, NOTHING_HEARD, { ...BUDGET, entries: 2 }),
    (error) => error instanceof DoesNotFit && /^AUSCULT-\S+: expected a list that fits in 2 entries/.test(error.message),
  );
});

function entries(text: string): readonly string[] {
  return text.split("\n").filter((it) => /^(permit|deny) /.test(it) || it.startsWith("! AUSCULT"));
}
