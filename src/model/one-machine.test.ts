import assert from "node:assert/strict";
import { test } from "node:test";
import { wardDevices } from "../testing/ward.ts";
import { saidInWords, whoSpeaks, whyApart, whyDivided, whyJoined, whyOtherNumber, whyWaiting } from "./one-machine.ts";

const SERIAL = { by: "serial", value: "QB3X1E9000123" } as const;
const MERGE = { change: 1, what: "merge", at: 1, who: "lind", reason: "one cart", named: "d12 and d31" } as const;

test("which key joined which addresses is one sentence, however many they are", () => {
  assert.equal(
    whyJoined({ ...SERIAL, addresses: ["10.0.0.5", "10.1.0.1"] }),
    "One machine because 10.0.0.5 and 10.1.0.1 both showed the serial number QB3X1E9000123.",
  );
  assert.equal(
    whyJoined({ by: "duid", value: "00030001", addresses: ["10.0.0.5", "10.0.0.6", "10.0.0.7"] }),
    "One machine because 10.0.0.5, 10.0.0.6 and 10.0.0.7 all asked for an address as the same installation, DUID 00030001.",
  );
  const many = Array.from({ length: 9 }, (_, i) => `10.0.0.${i}`);
  assert.match(whyJoined({ ...SERIAL, addresses: many }), /^One machine because 10\.0\.0\.0, .*, 10\.0\.0\.4 and 4 more all showed/);
  assert.match(
    whyApart({ serial: "000123", devices: ["d40", "d41"] }),
    /^Not one machine with d40 and d41 by what was heard, though the serial number 000123 was heard from each: it joins only those/,
  );
  assert.match(whyJoined({ ...SERIAL, addresses: ["10.0.0.5"] }), /^One machine because 10\.0\.0\.5 showed/);
});

test("what a person said is a sentence with name and reason", () => {
  assert.equal(whyDivided(MERGE), "lind said that d12 and d31 are one machine: one cart.");
  assert.equal(whyDivided({ ...MERGE, what: "split", named: "10.0.0.5" }), "lind said that 10.0.0.5 is another machine: one cart.");
  assert.equal(saidInWords({ what: "split", value: "10.0.0.5, 10.0.0.6" }), "10.0.0.5, 10.0.0.6 are another machine");
  assert.equal(saidInWords({ what: "weakness", value: "telnet-answers is dismissed" }), "telnet-answers is dismissed");
  assert.equal(saidInWords({ what: "kind", value: "infusion pump" }), "kind = infusion pump");
  assert.deepEqual([0, 2].map(whyWaiting), ["fits no device now", "fits 2 devices now"]);
});

test("whose word all of a device is, is said with how often it was told of", () => {
  assert.equal(
    whoSpeaks({ device: "d7", name: "Gateway 4", reports: 12 }),
    "Spoken for by Gateway 4 (d7), 12 reports; it was not heard itself.",
  );
  assert.match(whoSpeaks({ device: null, name: "10.0.0.7", reports: 1 }), /^Spoken for by 10\.0\.0\.7, 1 report;/);
});

test("an old number says why it leads to another device", () => {
  const [first] = wardDevices();
  const device = { ...first!, id: "d12" };
  assert.equal(whyOtherNumber("d12", device), null);
  assert.equal(
    whyOtherNumber("d31", { ...device, divided: [MERGE] }),
    "d31 is part of d12 now. lind said that d12 and d31 are one machine: one cart.",
  );
  assert.match(
    whyOtherNumber("d31", { ...device, joined: [{ ...SERIAL, addresses: ["a", "b"] }] })!,
    /^d31 is part of d12 now\. One machine because a and b both/,
  );
  assert.equal(whyOtherNumber("d31", device), "d31 is part of d12 now. Its addresses turned out to be of one machine.");
});
