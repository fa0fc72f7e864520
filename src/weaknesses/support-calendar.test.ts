import assert from "node:assert/strict";
import { test } from "node:test";
import { loadKnowledge } from "../knowledge/index.ts";
import { loadModelSupports, modelRecord } from "../knowledge/model-support.ts";
import { fleetDevice, HEARD_US, known } from "../testing/fleet.ts";
import { supportCalendar } from "./support-calendar.ts";

const knowledge = loadKnowledge();
const supports = loadModelSupports(knowledge.makers, [modelRecord({ maker: "Philips", model: "IntelliVue MP70", ends: "2027-06-30", source: "letter" })]); // prettier-ignore
const calendar = (...devices: Parameters<typeof fleetDevice>[0][]) =>
  supportCalendar(devices.map((it, at) => fleetDevice({ id: `d${at}`, name: `n${at}`, ...it })), knowledge, supports, "2026-08-22").map(
    ({ what, first, last, ended, devices: { rows, total } }) => `${what} ${first}${first === last ? "" : ` to ${last}`}${ended ? " ended" : ""}: ${total} ${rows.map(({ name }) => name).join()}`,
  ); // prettier-ignore
const MP70 = { maker: known("Philips"), model: known("IntelliVue MP70") };

test("systems and models stand in the order of their last days, each with its devices, those on whom a life hangs first", () => {
  const monitor = { ...MP70, os: known("Windows XP"), lifeCritical: "life-supporting" } as const;
  assert.deepEqual(calendar({ ...MP70, os: known("Windows 98") }, monitor), [
    "Windows 98 2006-07-11 ended: 1 n0",
    "Windows XP 2014-04-08 to 2019-04-09 ended: 1 n1",
    "Philips IntelliVue MP70 2027-06-30: 2 n1,n0",
  ]);
});

test("what is mended on, what nobody knows and what ends on no known day is not in it; a capture of 1999 is held against what we know", () => {
  assert.deepEqual(calendar({ os: known("Windows") }, { model: known("IntelliVue MP70") }, {}), []);
  assert.deepEqual(calendar({ os: known("Windows 98"), last: Date.UTC(1999, 0, 1) * 1_000 }), ["Windows 98 2006-07-11 ended: 1 n0"]);
  assert.deepEqual(calendar({ ...MP70, last: HEARD_US + 365 * 86_400e6 }), ["Philips IntelliVue MP70 2027-06-30 ended: 1 n0"]);
});
