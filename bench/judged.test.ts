import assert from "node:assert/strict";
import { test } from "node:test";
import type { Device } from "./inventory.ts";
import { judgedLines } from "./judged.ts";
import { Tally, wilson } from "./tally.ts";
import { truthsOf } from "./truth.ts";

function outcome(place: number, os: Device["os"], kind: Device["kind"] = null) {
  const ip = `10.0.0.${place}`;
  const device: Device = {
    id: `d${place}`, macs: [], ips: [ip], names: [], kind, maker: null, model: null, os, serial: null, software: null, services: [],
    evidence: [{ attribute: "os", value: "Windows", protocol: "ip", weight: 5 }],
  }; // prettier-ignore
  const inventory = { coverage: { frames: 1, malformed: 0 }, devices: [device], conversations: [] };
  const truths = truthsOf([{ about: ip, attribute: "os", text: "Linux 5.10", field: "snmp.value.octets" }], {}, inventory);
  const stated = new Map([["p0f", [{ about: ip, attribute: "os" as const, text: place === 1 ? "Windows" : "Linux", field: "p0f" }]]]);
  return { capture: { file: `${place}.pcap` }, inventory, truths, stated };
}
const surely = (value: string) => ({ value, confidence: 0.99 });
const outcomes = [outcome(1, surely("Linux")), outcome(2, { value: "Windows", confidence: 0.76 }), outcome(3, null, surely("ventilator"))];
const text = [...judgedLines(outcomes, ["p0f"], true)].join("\n");

test("asserted, stated and known are told apart, and few are no percentage", () => {
  assert.match(text, /os +1 right of 1 asserted, 3 known \(coverage 33\.3 %\); no percentage below 50/);
  assert.match(text, /asserted \(0\.99\) +1 right of 1 stated/);
  assert.match(text, /probably \(0\.75 to 0\.89\) +0 right of 1 stated/);
});

test("each miss has its cause", () => {
  assert.match(text, /wrong: 2\.pcap: os of 10\.0\.0\.2 is Linux \(snmp\.value\.octets\), got Windows \(0\.76\) because Windows 5 ip/);
  assert.match(text, /silent: 3\.pcap: os of 10\.0\.0\.3 is Linux/);
});

test("a rival is held against the same truth, and we against it with as many of our surest", () => {
  assert.match(text, /p0f, os: 2 right of 3 stated/);
  assert.match(text, /Auscult, its surest 2: 1 right/);
  assert.match(text, /p0f and Auscult agree: os 0 of 2/);
});

test("who is asserted to keep a patient alive is named", () => {
  assert.match(text, /keep one alive: 1 devices, 0 of them known to be something else\n +3\.pcap: 10\.0\.0\.3 is ventilator/);
});

test("shares have Wilson's interval from 50 on", () => {
  const tally = new Tally();
  for (let i = 0; i < 50; i++) tally.count(i > 0);
  assert.equal(tally.words("asserted"), "49 right of 50 asserted; 98.0 % [89.5 to 99.6]");
  assert.deepEqual(wilson(381, 381).map((it) => it.toFixed(3)), ["0.990", "1.000"]); // prettier-ignore
});
