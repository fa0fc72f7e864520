/** Weaknesses as people ask for them, and what people said put beside them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fleet, WeaknessWord } from "../model/weakness.ts";
import type { WeaknessQuery } from "../model/weakness-report.ts";
import { fleetDevice, HEARD_US, known, service } from "../testing/fleet.ts";
import { conditions, weaknessesOf } from "./index.ts";
import { weaknessDetail, weaknessPage } from "./report.ts";
import { withWords } from "./words.ts";

const ALL: WeaknessQuery = { dismissed: false, offset: 0, limit: 100 };

test("a weakness is told with how many devices have it, of which care class, the worst first", () => {
  const { rows, total, matching, devices, of } = weaknessPage(ward(), ALL);
  assert.deepEqual(
    rows.map((it) => [it.name, it.severity, it.affected, it.possible, it.byCare]),
    [
      ["telnet-answers", "high", 2, 0, { therapy: 1, other: 1 }],
      ["ftp-answers", "medium", 1, 0, { therapy: 1 }],
      ["screen-of-x11", "medium", 0, 1, { other: 1 }],
    ],
  );
  assert.deepEqual([total, matching, devices, of], [3, 3, 2, 3]);
});

test("filters leave the rest out; one that no device has is none", () => {
  const names = (query: Partial<WeaknessQuery>) => weaknessPage(ward(), { ...ALL, ...query }).rows.map(({ name }) => name);
  assert.deepEqual(names({ severity: "high" }), ["telnet-answers"]);
  assert.deepEqual(names({ answer: "possible" }), ["screen-of-x11"]);
  assert.deepEqual(names({ device: "d1" }), ["telnet-answers", "ftp-answers"]);
  assert.deepEqual(names({ kind: "vulnerability" }), []);
  assert.deepEqual(names({ offset: 1, limit: 1 }), ["ftp-answers"]);
  assert.equal(weaknessDetail(ward(), "smb1-spoken", 0, 10), null);
});

test("of one, those on which more hangs stand first", () => {
  const it = weaknessDetail(ward(), "telnet-answers", 0, 10)!;
  assert.deepEqual(it.devices.map(({ id, lifeCritical }) => [id, lifeCritical]), [["d1", "therapy"], ["d2", "other"]]); // prettier-ignore
  assert.deepEqual(weaknessDetail(ward(), "telnet-answers", 1, 10)!.devices.map(({ id }) => id), ["d2"]); // prettier-ignore
});

test("what a person dismissed of a device stays, stands last and counts apart; of a model it is of all of it, save where one was looked at", () => {
  const device = withWords(ward(), {
    devices: new Map([["d1", new Map([["telnet-answers", word("dismissed", "device")]])]]),
    models: new Map(),
  });
  const [first] = weaknessPage(device, ALL).rows;
  assert.deepEqual([first!.name, first!.affected, first!.dismissed], ["telnet-answers", 1, 1]);
  assert.deepEqual(device.weaknesses.get("d1")!.map(({ name, word: said }) => [name, said?.word ?? null]), [["ftp-answers", null], ["telnet-answers", "dismissed"]]); // prettier-ignore

  const model = withWords(ward(), {
    devices: new Map([["d2", new Map([["telnet-answers", word("confirmed", "device")]])]]),
    models: new Map([["Corvane\nM50", new Map([["telnet-answers", word("dismissed", "model")]])]]),
  });
  assert.deepEqual(["d1", "d2"].map((id) => model.weaknesses.get(id)!.find(({ name }) => name === "telnet-answers")!.word?.word), ["dismissed", "confirmed"]); // prettier-ignore
});

test("one that is dismissed of all is listed only where one asks for it; words of nothing there change nothing", () => {
  const all = withWords(ward(), {
    devices: new Map(),
    models: new Map([["Corvane\nM50", new Map([["telnet-answers", word("dismissed", "model")]])]]),
  });
  assert.equal(weaknessPage(all, ALL).rows.some(({ name }) => name === "telnet-answers"), false); // prettier-ignore
  const row = weaknessPage(all, { ...ALL, dismissed: true }).rows.at(-1)!;
  assert.deepEqual([row.name, row.affected, row.dismissed], ["telnet-answers", 0, 2]);
  const fleet = ward();
  assert.equal(withWords(fleet, { devices: new Map(), models: new Map() }), fleet);
});

function word(of: WeaknessWord["word"], scope: WeaknessWord["scope"]): WeaknessWord {
  return { word: of, scope, who: "Kim", reason: "looked", at: HEARD_US, change: 1 };
}

/** A pump and a machine of the same model that answer in Telnet, and one that answers nothing. */
function ward(): Fleet {
  const same = { maker: known("Corvane"), model: known("M50") };
  const devices = [
    fleetDevice({ id: "d1", ...same, lifeCritical: "therapy", services: [service(23, "telnet"), service(21, "ftp")] }),
    fleetDevice({ id: "d2", ...same, services: [service(23, "telnet"), service(6000, null)] }),
    fleetDevice({ id: "d3" }),
  ];
  const steps = weaknessesOf(devices, conditions);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return { devices, weaknesses: step.value, from: HEARD_US, to: HEARD_US, knowledge: {} };
}
