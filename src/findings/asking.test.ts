/** How many findings ask somebody at one time: under attack, as shifts change, and as they are taken. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ASK_RULES, type AskRules } from "../model/asking.ts";
import { waitingInWords } from "../model/asking-words.ts";
import type { FindingSaid, StoredFinding } from "../model/finding.ts";
import { askedOf, type Asks } from "./asking.ts";
import { watches } from "./index.ts";
import { FindingList } from "./shown.ts";

const HOUR = 3_600_000_000;
const NOON = Date.UTC(2026, 0, 5, 12) * 1_000;

function asks(number: number, it: Partial<Asks> = {}): Asks {
  return { id: String(number).padStart(16, "0"), title: "Network scan", family: "hazard", severity: "medium", first: NOON + number, ...it };
}

function one(all: readonly Asks[], rules: Partial<AskRules> = {}, now = NOON) {
  const [only, ...others] = askedOf(all, { ...ASK_RULES, ...rules }, now);
  assert.deepEqual(others, []);
  return only!;
}

const DOSE: Partial<Asks> = { title: "A dose beyond what is usual", family: "clinical", severity: "high" };

test("up to ten ask, and none waits", () => {
  const all = Array.from({ length: 10 }, (_, number) => asks(number));
  assert.deepEqual([one(all).asking.length, one(all).waiting, waitingInWords(one(all))], [10, 0, null]);
  assert.deepEqual(askedOf([], ASK_RULES, NOON), []);
});

test("of ten thousand ten ask: the clinical one first though others are more severe and were there before, and all others are counted and named", () => {
  const attack = Array.from({ length: 10_000 }, (_, number) =>
    asks(number, number % 3 === 0 ? { title: "Passwords are tried", family: "threat", severity: "critical" } : {}),
  );
  const all = [...attack, asks(99_999, DOSE)];
  const it = one(all);
  assert.equal(it.asking.length, 10);
  assert.equal(it.asking[0], asks(99_999).id);
  assert.deepEqual(it.asking.slice(1), [0, 3, 6, 9, 12, 15, 18, 21, 24].map((number) => asks(number).id), "what was there first stays"); // prettier-ignore
  assert.equal(it.waiting, 9_991);
  assert.equal(
    waitingInWords(it),
    "9,991 findings wait until one of the 10 that ask the team is taken: 3,325 × Passwords are tried (critical), 6,666 × Network scan (medium)",
  );
  assert.deepEqual(one(all.toReversed()), it, "whatever their order");
});

test("those that endanger a patient are pushed out by no number of others; among themselves the more severe stands first", () => {
  const doses = Array.from({ length: 12 }, (_, number) => asks(number, { ...DOSE, severity: number === 11 ? "critical" : "high" }));
  const others = Array.from({ length: 500 }, (_, number) => asks(1_000 + number, { severity: "critical", first: NOON - HOUR }));
  const it = one([...others, ...doses]);
  assert.deepEqual(
    it.asking,
    [11, 0, 1, 2, 3, 4, 5, 6, 7, 8].map((number) => asks(number).id),
  );
  assert.deepEqual(it.waits.map(({ count }) => count), [2, 500]); // prettier-ignore
  const mild = one([asks(1, { ...DOSE, severity: "low" }), ...others]);
  assert.ok(!mild.asking.includes(asks(1).id), "a clinical one that costs no life has its turn as all others have");
});

test("a shift has places of its own, lasts until the next begins, and the night goes on after midnight", () => {
  const all = Array.from({ length: 12 }, (_, number) => asks(number));
  const shifts = [{ from: 6 * 60, atOnce: null }, { from: 22 * 60, atOnce: 4 }] as const; // prettier-ignore
  const at = (hour: number) => {
    const { asking, waiting, shift } = one(all, { shifts }, NOON + (hour - 12) * HOUR);
    return [asking.length, waiting, ...[shift!.from, shift!.to].map((it) => (it - NOON) / HOUR + 12)];
  };
  assert.deepEqual(at(21.99), [10, 2, 6, 22]);
  assert.deepEqual(at(22), [4, 8, 22, 30]);
  assert.deepEqual(at(29.9), [4, 8, 22, 30], "05:54");
  assert.deepEqual(at(30), [10, 2, 30, 46], "06:00");
});

test("each role that the site names has places of its own; the others are the team's", () => {
  const all = Array.from({ length: 30 }, (_, number) => asks(number, number < 15 ? { family: "threat" } : {}));
  const asked = askedOf(all, { ...ASK_RULES, roles: { threat: "security" } }, NOON);
  assert.deepEqual(asked.map(({ role, asking, waiting }) => [role, asking.length, waiting]), [["security", 10, 5], ["the team", 10, 5]]); // prettier-ignore
  assert.match(waitingInWords(asked[0]!)!, /^5 findings wait until one of the 10 that ask the role security is taken: /);
});

const HAZARD = watches.find(({ family }) => family === "hazard")!.name;

function stored(number: number): StoredFinding {
  return {
    id: String(number).padStart(16, "0"), detector: HAZARD, key: String(number), about: number, severity: "high", first: NOON + number, last: NOON + number + 10, count: 1,
    summary: "", because: [], others: [], othersBeyond: 0, witnesses: [], rhythm: [], before: null,
  }; // prettier-ignore
}

function listOf(all: readonly StoredFinding[], said: ReadonlyMap<string, FindingSaid> = new Map(), now = NOON + HOUR): FindingList {
  return new FindingList({
    stored: all, partyOf: () => null, ofKind: () => null, wordsOf: ({ key }) => [said.get(key)].filter((it) => it !== undefined), flowsOf: () => new Set(), planned: [], heardSince: 0, heardTo: now,
  }); // prettier-ignore
}

test("what somebody has frees its place for the next; the list shows whose turn it is before those that wait", () => {
  const all = Array.from({ length: 14 }, (_, number) => stored(number));
  const query = { states: [], offset: 0, limit: 100 };
  const before = listOf(all).page(query);
  const turn = before.asked[0]!.asking;
  assert.deepEqual(before.rows.slice(0, 10).map(({ id }) => id), turn.toReversed(), "the latest stands first among alike ones"); // prettier-ignore
  assert.deepEqual([turn.length, before.asked[0]!.waiting, before.urgent], [10, 4, 10]);
  const taken = (key: string): [string, FindingSaid] => [key, { change: 1, at: 0, who: "kim", reason: "", word: { what: "acknowledge" }, id: key, last: NOON + HOUR, severity: "critical" }]; // prettier-ignore
  const after = listOf(all, new Map([taken("0"), taken("3")])).page(query).asked[0]!;
  assert.deepEqual(after.asking, [...turn.filter((id) => ![0, 3].includes(Number(id))), stored(10).id, stored(11).id]);
  assert.equal(after.waiting, 2);
});
