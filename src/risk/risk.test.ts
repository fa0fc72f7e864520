/** Risk on three sides: each rule where it holds and its twin where it does not, sums by hand, and what is taken away when a thing is done. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as fc from "fast-check";
import { recomputed } from "../../scripts/recompute-risk.ts";
import { riskPoints } from "../knowledge/risk-points.ts";
import { CARE_CLASSES } from "../model/device.ts";
import { SEVERITIES, type Harm } from "../model/finding.ts";
import { bandOf, type DeviceRisk, type Reach } from "../model/risk.ts";
import type { Weakness } from "../model/weakness.ts";
import { fleetDevice, HEARD_US, known } from "../testing/fleet.ts";
import { DAY_US, finding, weakness } from "../testing/risky.ts";
import { assertProperty } from "../testing/property.ts";
import { riskOf, shares, type Endangered } from "./risk.ts";

const ventilator = fleetDevice({ id: "d1", name: "ICU-07", kind: known("Ventilator"), lifeCritical: "life-supporting" });
const computer = fleetDevice({ id: "d2", name: "office-3", kind: known("Workstation") });
const nobodyComes: Reach = { from: 0, to: 0, keptAway: 0, wall: null };

function risk(it: Partial<Endangered>): DeviceRisk {
  return riskOf({ device: computer, weaknesses: [], findings: [], reach: nobodyComes, to: HEARD_US, ...it });
}

/** "patient 62: severity high 32, life-supporting 30", a line a side. */
function lines({ sides }: DeviceRisk): readonly string[] {
  return sides.map(({ side, total, circumstances, troubles }) => {
    const wrong = troubles.map(({ parts, share }) => `${parts.map(({ rule, points }) => `${rule} ${points}`).join(" + ")}${share === 100 ? "" : ` at ${share} %`}`); // prettier-ignore
    return `${side} ${total}: ${[...wrong, ...circumstances.map(({ rule, points }) => `${rule} ${points}`)].join(", ")}`;
  });
}

test("where nothing is wrong nothing counts, whoever hangs on it and whoever comes to it", () => {
  const it = risk({ device: ventilator, reach: { ...nobodyComes, from: 100, to: 100 } });
  assert.deepEqual([it.total, it.band, it.worst, it.troubles], [0, "low", null, 0]);
  assert.deepEqual(lines(it), ["patient 0: ", "device 0: ", "network 0: "]);
});

test("what stops a device a patient hangs on harms the patient; of an office machine it does not", () => {
  const weaknesses = [weakness()];
  assert.deepEqual(lines(risk({ device: ventilator, weaknesses })), [
    "patient 62: severity high 32, life-supporting 30",
    "device 32: severity high 32",
    "network 32: severity high 32",
  ]);
  assert.deepEqual(lines(risk({ weaknesses })), ["patient 0: ", "device 32: severity high 32", "network 32: severity high 32"]);
  assert.deepEqual(lines(risk({ device: ventilator, weaknesses: [weakness({ harms: ["network"] })] }))[0], "patient 0: ");
});

test("known and likely attacks, worms, and a way in that asks for nothing, each add; a version nobody compared counts half until confirmed", () => {
  const danger = { cvss: 9.8, vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", knownExploited: true, epss: 0.94, worm: true };
  const bad = weakness({ severity: "critical", harms: ["device"], danger });
  assert.equal(lines(risk({ weaknesses: [bad] }))[1], "device 83: severity critical 45 + known exploited 15 + likely exploited 8 + nobody asked 5 + spreads 10"); // prettier-ignore
  const possible: Weakness = { ...bad, answer: "possible" };
  assert.match(lines(risk({ weaknesses: [possible] }))[1]!, /^device 41: .* \+ only possible -42$/);
  const word = { word: "confirmed", scope: "device", who: "Kim", reason: "label", at: 1, change: 1 } as const;
  assert.match(lines(risk({ weaknesses: [{ ...possible, word }] }))[1]!, /^device 83: /);
  const local = weakness({ harms: ["device"], danger: { ...danger, vector: "CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", epss: 0.009, knownExploited: false, worm: false } }); // prettier-ignore
  assert.equal(lines(risk({ weaknesses: [local] }))[1], "device 32: severity high 32");
});

test("who comes to it and whom it comes to count in steps, each on its side", () => {
  const with_ = (from: number, to: number) => lines(risk({ weaknesses: [weakness()], reach: { ...nobodyComes, from, to } })).slice(1);
  assert.deepEqual(with_(9, 10), ["device 36: severity high 32, a few come to it 4", "network 40: severity high 32, it comes to many 8"]);
  assert.deepEqual(with_(10, 100), ["device 40: severity high 32, many come to it 8", "network 44: severity high 32, it comes to most 12"]);
  const outside = { peers: 2, protocols: ["tls"], first: 1, last: 2 };
  assert.match(lines(risk({ device: { ...computer, outside }, weaknesses: [weakness()] }))[2]!, /opens to the Internet 10$/);
});

test("a wall takes away, more where counters showed it, never below nothing", () => {
  const wall = { policy: "pumps", group: "ventilators", counted: HEARD_US };
  const behind = (counted: number | null) => lines(risk({ weaknesses: [weakness()], reach: { ...nobodyComes, wall: { ...wall, counted } } }))[1]; // prettier-ignore
  assert.equal(behind(HEARD_US), "device 12: severity high 32, behind a wall -20");
  assert.equal(behind(null), "device 22: severity high 32, wall without proof -10");
  assert.equal(risk({ weaknesses: [weakness({ severity: "low" })], reach: { ...nobodyComes, wall } }).on.device, 0);
});

test("the worst counts whole, then half, then a quarter, then nothing; a remedy that deals with two takes both away", () => {
  const of = (name: string, severity: Weakness["severity"], id: string | null = null) =>
    weakness({ name, severity, harms: ["device"], advisory: id === null ? null : { id, title: `Advisory ${id}`, cves: [], vendor: "", product: "", theirVersion: "", ourVersion: null, level: "model", updated: "" } }); // prettier-ignore
  const it = risk({ weaknesses: [of("a", "medium", "ICSMA-1"), of("b", "critical"), of("c", "high", "ICSMA-1"), of("d", "low")] });
  assert.equal(it.on.device, 45 + 16 + 4);
  assert.deepEqual(
    it.ifDone.map(({ name, title, troubles, takesAway }) => [name, title, troubles, takesAway.total]),
    [
      // 32 + 9 + 1 is left.
      ["b", "Telnet answers", ["b"], 23],
      // 45 + 3 is left.
      ["ICSMA-1", "Advisory ICSMA-1", ["a", "c"], 17],
      ["d", "Telnet answers", ["d"], 0],
    ],
  );
});

test("a vulnerability that an advisory, a rule and an SBOM tell of counts once, by the one that weighs most; one more it tells of makes it its own", () => {
  const of = (name: string, severity: Weakness["severity"], cves: readonly string[]) => weakness({ name, title: `By ${name}`, severity, harms: ["device"], cves }); // prettier-ignore
  const [SMB, RDP] = ["CVE-2017-0144", "CVE-2019-0708"] as const;
  const once = risk({ weaknesses: [of("part", "medium", [SMB]), of("worm", "critical", [SMB]), of("ICSMA-1", "high", [SMB])] });
  assert.deepEqual([once.on.device, once.troubles, once.ifDone.map(({ name, takesAway }) => [name, takesAway.total])], [45, 1, [["worm", 45]]]);
  assert.deepEqual(once.left.map(({ name, why }) => `${name}: ${why}`), ["ICSMA-1: It tells of CVE-2017-0144, which counts with: By worm", "part: It tells of CVE-2017-0144, which counts with: By worm"]);
  const more = risk({ weaknesses: [of("worm", "critical", [SMB]), of("ICSMA-1", "high", [SMB, RDP]), of("telnet", "high", []), of("ftp", "high", [])] });
  assert.deepEqual([more.troubles, more.left], [4, []]);
  const word = { word: "dismissed", scope: "device", who: "Kim", reason: "patched", at: 1, change: 1 } as const;
  const alone = risk({ weaknesses: [{ ...of("worm", "critical", [SMB]), word }, of("ICSMA-1", "high", [SMB])] });
  assert.deepEqual([alone.on.device, alone.left.map(({ name }) => name)], [32, ["worm"]], "what is dismissed lets nothing else off");
}); // prettier-ignore

test("dismissed ones and those that traffic shows to be gone count nothing, and why is said", () => {
  const word = { word: "dismissed", scope: "model", who: "Kim", reason: "fenced off", at: 1, change: 1 } as const;
  const it = risk({ weaknesses: [weakness({ name: "a", word }), weakness({ name: "b", last: HEARD_US - 14 * DAY_US })] });
  assert.deepEqual([it.total, it.left.map(({ why }) => why)], [0, ["Kim dismissed it: fenced off", "Not heard for 14 days, while the device was"]]); // prettier-ignore
});

test("13 days of silence end nothing, nor the silence of the whole device, nor of what no traffic shows", () => {
  const quiet = { last: HEARD_US - 20 * DAY_US };
  assert.equal(risk({ weaknesses: [weakness({ last: HEARD_US - 13.9 * DAY_US })] }).on.device, 32);
  assert.equal(risk({ device: { ...computer, last: HEARD_US - 3 * DAY_US }, weaknesses: [weakness(quiet)] }).on.device, 32);
  assert.equal(risk({ weaknesses: [weakness({ ...quiet, cured: null })] }).on.device, 32);
  assert.equal(risk({ weaknesses: [weakness(quiet)] }).on.device, 0);
});

test("an open finding counts on the sides it harms", () => {
  assert.deepEqual(lines(risk({ device: ventilator, findings: [finding({ harms: ["device", "patient"], severity: "critical" })] })), [
    "patient 70: finding critical 40, life-supporting 30",
    "device 40: finding critical 40",
    "network 0: ",
  ]);
});

test("bands begin at 85, 60 and 30", () => {
  assert.deepEqual([0, 29, 30, 59, 60, 84, 85, 100].map(bandOf), [
    "low",
    "low",
    "medium",
    "medium",
    "high",
    "high",
    "critical",
    "critical",
  ]);
});

test("every weight says why, and is as a side can bear it", () => {
  for (const { rule, points, reason } of riskPoints().rules) {
    assert.ok(reason.length > 20, `${rule} says no reason`);
    assert.ok(
      Object.values(points).every((it) => Math.abs(it) <= 100),
      rule,
    );
  }
  assert.throws(() => riskPoints().of("nothing such"), /expected a line for nothing such in risk-points\.tsv/);
});

test("whatever is wrong, a script that knows only what is shown comes to the same figures", () => {
  const script = readFileSync(join(import.meta.dirname, "../../scripts/recompute-risk.ts"), "utf8");
  assert.doesNotMatch(script, /^import|\bimport\(|require\(/m);
  const points = { rules: riskPoints().rules, shares: shares() };
  const harms = fc.uniqueArray(fc.constantFrom<Harm>("patient", "device", "network"), { minLength: 1 });
  const danger = fc.record({
    cvss: fc.constant(9.8),
    vector: fc.constantFrom(null, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N", "CVSS:3.1/AV:P/AC:L/PR:N"),
    knownExploited: fc.boolean(),
    epss: fc.constantFrom(null, 0, 0.02, 0.5),
    worm: fc.boolean(),
  });
  const wrong = fc.record({ severity: fc.constantFrom(...SEVERITIES), harms, danger, answer: fc.constantFrom("affected", "possible") });
  const given = fc.record({
    care: fc.constantFrom(...CARE_CLASSES),
    wrongs: fc.array(wrong, { maxLength: 6 }),
    from: fc.nat(100),
    to: fc.nat(100),
    wall: fc.boolean(),
  });
  assertProperty(
    fc.property(given, ({ care, wrongs, from, to, wall }) => {
      const shown = risk({
        device: { ...computer, lifeCritical: care },
        weaknesses: wrongs.map((it, at) => weakness({ ...it, name: `w${at}` })),
        reach: { from, to, keptAway: 0, wall: wall ? { policy: "p", group: "g", counted: 1 } : null },
      });
      assert.deepEqual(recomputed(JSON.parse(JSON.stringify(shown)), points), []);
    }),
  );
});

test("a figure that was tampered with is told", () => {
  const points = { rules: riskPoints().rules, shares: shares() };
  const shown = risk({ device: ventilator, weaknesses: [weakness()] });
  assert.deepEqual(recomputed({ ...shown, total: 61 }, points), ["d1 total: shown 61, worked out 62"]);
  const [first, ...others] = shown.ifDone;
  assert.equal(
    recomputed({ ...shown, ifDone: [{ ...first!, takesAway: { ...first!.takesAway, patient: 1 } }, ...others] }, points).length,
    1,
  );
});
