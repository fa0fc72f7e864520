/** Where a line stands, at which addresses and until when; what a person says goes before what follows from the rest. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DoNotScanLine, DoNotScanReason, DoNotScanWord, SparedAddress } from "../model/do-not-scan.ts";
import { dayInWords } from "../model/finding-words.ts";
import { fleetDevice, HEARD_US } from "../testing/fleet.ts";
import { DAY_US, doNotScanOf, doNotScanPage } from "./lines.ts";

const DAYS = 30;
const KIND: DoNotScanReason = { by: "fragile kind", words: "it is a pump", source: "fragile.tsv, care therapy", sure: true };
const word = (it: Partial<DoNotScanWord>): DoNotScanWord => ({ word: "list", who: "Kim", reason: "it rebooted", at: HEARD_US, until: null, change: 1, ...it }); // prettier-ignore
const worn = (ip: string, daysAgo: number): SparedAddress => ({ ip, since: HEARD_US - 100 * DAY_US, last: HEARD_US - daysAgo * DAY_US });

interface Sketch {
  readonly reasons?: readonly DoNotScanReason[];
  readonly worn?: readonly SparedAddress[];
  readonly said?: DoNotScanWord;
  readonly networks?: ReadonlyMap<string, DoNotScanWord>;
}

function listed({ reasons = [KIND], worn: all = [worn("10.0.0.7", 0)], said, networks = new Map() }: Sketch = {}) {
  return doNotScanOf({
    fleet: { devices: [fleetDevice({ ips: ["10.0.0.7", "10.0.0.8"] })], weaknesses: new Map(), from: 0, to: HEARD_US, knowledge: {} },
    reasons: new Map([["d1", reasons]]),
    worn: new Map([["d1", all]]),
    words: { devices: new Map(said === undefined ? [] : [["d1", said]]), networks },
    days: DAYS,
  });
}
/** "listed 10.0.0.7 until 2026-12-23: it is a pump". */
const inWords = ({ state, addresses, ends, reasons }: DoNotScanLine) =>
  `${state} ${addresses.map(({ ip }) => ip).join(" ")} until ${ends === null ? "never" : dayInWords(ends)}: ${reasons.map(({ words }) => words).join("; ")}`;
const one = (sketch?: Sketch) => listed(sketch).lines.map(inWords);

test("a line ends so many days after its device was last heard at the address", () => {
  assert.deepEqual(one(), ["listed 10.0.0.7 until 2026-12-23: it is a pump"]);
  assert.deepEqual(one({ worn: [worn("10.0.0.7", DAYS)] }), ["listed 10.0.0.7 until 2026-11-23: it is a pump"]);
  assert.deepEqual(one({ worn: [worn("10.0.0.7", DAYS + 1)] }), ["ended 10.0.0.7 until 2026-11-22: it is a pump"]);
});

test("what it left long ago is not carried on beside what it wears now", () => {
  assert.deepEqual(one({ worn: [worn("10.0.0.7", 0), worn("fd00::7", 3), worn("10.0.0.6", DAYS + 1)] }), [
    "listed 10.0.0.7 fd00::7 until 2026-12-23: it is a pump",
  ]);
});

test("heard at no address it is listed as that, with those others wrote down", () => {
  const [line] = listed({ worn: [] }).lines;
  assert.equal(inWords(line!), "no address  until never: it is a pump");
  assert.deepEqual(line!.written, ["10.0.0.7", "10.0.0.8"]);
  assert.deepEqual(listed().lines[0]!.written, ["10.0.0.8"]);
});

test("a person puts on it whom nothing else speaks for, confirms what has ended, and takes off", () => {
  assert.deepEqual(one({ reasons: [] }), []);
  assert.deepEqual(one({ reasons: [], said: word({}) }), ["listed 10.0.0.7 until 2026-12-23: it rebooted"]);
  const until = HEARD_US + 200 * DAY_US;
  assert.deepEqual(one({ worn: [worn("10.0.0.7", 40)], said: word({ until }) }), [`listed 10.0.0.7 until ${dayInWords(until)}: it rebooted; it is a pump`]); // prettier-ignore
  assert.deepEqual(one({ said: word({ word: "take off" }) }), ["taken off 10.0.0.7 until 2026-12-23: it is a pump"]);
  // What was said holds no more; the kind still does.
  assert.deepEqual(one({ said: word({ at: HEARD_US - 60 * DAY_US }) }), ["listed 10.0.0.7 until 2026-12-23: it is a pump"]);
  assert.deepEqual(one({ reasons: [], said: word({ until: HEARD_US - 1 }) }), ["ended 10.0.0.7 until 2026-11-23: "]);
});

test("an address or a network is a line of no device, until its own end", () => {
  const networks = new Map([
    ["10.9.0.0/24", word({})],
    ["10.8.0.1", word({ until: HEARD_US - 1 })],
    ["10.7.0.1", word({ word: "take off" })],
  ]);
  assert.deepEqual(one({ reasons: [], networks }), [
    "taken off 10.7.0.1 until 2026-11-23: ",
    "ended 10.8.0.1 until 2026-11-23: it rebooted",
    "listed 10.9.0.0/24 until 2026-12-23: it rebooted",
  ]);
});

test("a page has the states that are asked for, and counts all", () => {
  const networks = new Map([
    ["10.7.0.1", word({ word: "take off" })],
    ["10.8.0.1", word({})],
  ]);
  const page = doNotScanPage(listed({ networks }), { states: ["taken off"], days: DAYS, offset: 0, limit: 10 });
  assert.deepEqual(page.rows.map(({ about }) => about), ["10.7.0.1"]); // prettier-ignore
  assert.deepEqual([page.matching, page.spared, page.byState], [1, 1, { listed: 2, ended: 0, "no address": 0, "taken off": 1 }]);
  assert.equal(doNotScanPage(listed({ networks }), { states: [], days: DAYS, offset: 1, limit: 10 }).rows.length, 2);
});
