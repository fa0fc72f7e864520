import assert from "node:assert/strict";
import { test } from "node:test";
import type { SensorAbout, SensorState } from "../../model/sensor.ts";
import { Load } from "./load.ts";
import { siteAbout, standingOf } from "./standing.ts";

const NOW = 1_000_000;
const sensor = (state: SensorState, words = `er-1 ${state}.`): SensorAbout => ({ name: "er-1", state, words, lastAt: 0, waiting: 0, waitingBytes: 0, oldestAt: null, inputs: [] }); // prettier-ignore
const stands = (sensors: readonly SensorAbout[], more: { trouble?: string; pending?: number; share?: number; growth?: number } = {}) => {
  const { trouble = "", pending = 0, share = 0, growth = 0 } = more;
  const { state, words } = standingOf({ broker: { trouble, pending, deafSince: null, sensors }, load: { share, growth }, diskRefuses: false, devices: 3, page: "" }, NOW); // prettier-ignore
  return `${state}: ${words}`;
};

test("a site hears where all its sensors do; else the worst is told, and why", () => {
  assert.equal(stands([sensor("hears")]), "hears: Its sensor hears.");
  assert.equal(stands([sensor("hears"), sensor("deaf", "er-2 hears nothing.")]), "blind: er-2 hears nothing.");
  assert.equal(stands([sensor("hears"), sensor("silent", "er-2 has said nothing.")]), "silent: er-2 has said nothing.");
  assert.equal(stands([]), "silent: No sensor has said a word yet.");
  assert.match(
    stands([sensor("hears")], { trouble: "the broker does not answer" }),
    /^blind: Nothing comes in: the broker does not answer\./,
  );
});

test("a site too large for its core says so before it falls behind; one that keeps up, and one that catches up, do not", () => {
  assert.match(stands([sensor("hears")], { share: 0.8 }), /^busy: It keeps up, and storing takes 80 % .* Give it a core of its own/);
  assert.equal(stands([sensor("hears")], { share: 0.6 }), "hears: Its sensor hears.");
  assert.match(stands([sensor("hears")], { share: 1, pending: 900, growth: 5 }), /^behind: 900 batches wait and become more/);
  assert.equal(stands([sensor("hears")], { share: 1, pending: 900, growth: -5 }), "behind: 900 batches wait; at this pace they are stored in 3 minutes."); // prettier-ignore
});

test("the load of a minute counts, and of half of one nothing is said", () => {
  const load = new Load();
  for (let second = 0; second <= 20; second += 5) load.add({ at: second * 1_000, busySeconds: second, pending: 0 });
  assert.equal(load.share, null);
  for (let second = 25; second <= 120; second += 5) load.add({ at: second * 1_000, busySeconds: second / 2, pending: second });
  assert.equal(load.share, 0.5);
  assert.equal(load.growth, 1);
});

test("what another core said is told while it says it; of a site without a core, and one that stands still, that is told", () => {
  const text = JSON.stringify({
    state: "hears",
    words: "Its sensor hears.\u001b[2J",
    page: "javascript:alert(1)",
    devices: 3,
    pending: 0,
    at: NOW,
  });
  assert.deepEqual(siteAbout("north", text, 7, NOW + 1_000).state, "hears");
  assert.equal(siteAbout("north", text, 7, NOW).page, "", "a page that is none was believed");
  assert.equal(siteAbout("north", text, 7, NOW).words.includes("\u001b"), false);
  assert.equal(siteAbout("north", text, undefined, NOW).state, "nobody");
  assert.match(siteAbout("north", text, 7, NOW + 40_000).words, /^Its core has said nothing for 40 seconds/);
  for (const none of ['{"state":"glad"}', "null", "{"]) assert.equal(siteAbout("north", none, 7, NOW).state, "silent", none);
});
