/** Who is a member, and who waits because something is only probable. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeviceSummary, Stated } from "../model/device.ts";
import { parseFilter } from "../model/filter.ts";
import { belonging } from "./selector.ts";

const END = Date.UTC(2026, 0, 19) * 1000;
const DAY_US = 86_400_000_000;

test("what is asserted makes a member, what is probable lets wait", () => {
  assert.equal(of('kind = "infusion pump"', { kind: stated("infusion pump", 20) }), "member");
  assert.equal(of('kind = "infusion pump"', { kind: stated("infusion pump", 19) }), "waits");
  assert.equal(of('kind = "infusion pump"', { kind: stated("infusion pump", 4) }), "none");
  assert.equal(of('kind = "infusion pump"', {}), "none");
});

test("who is left out by what is only probable waits too", () => {
  assert.equal(of("not kind = camera", { kind: stated("camera", 20) }), "none");
  assert.equal(of("not kind = camera", { kind: stated("camera", 10) }), "waits");
  assert.equal(of("not kind = camera", {}), "member");
});

test("care is as sure as the kind it follows from, and as a person who said it", () => {
  assert.equal(of("care = therapy", { kind: stated("infusion pump", 14), lifeCritical: "therapy" }), "waits");
  assert.equal(of("care = therapy", { kind: stated("infusion pump", 20), lifeCritical: "therapy" }), "member");
  assert.equal(of("care = therapy", { lifeCritical: "therapy" }), "member");
  assert.equal(of("care = unknown", {}), "member");
});

test("addresses, cards, numbers and times are as they are", () => {
  const it = { ips: ["10.20.0.7", "fe80::7"], macs: ["00:09:fb:00:00:07"], services: 3, last: END - DAY_US };
  for (const [filter, expected] of [
    ["ip in 10.20.0.0/16", "member"],
    ["ip in 10.21.0.0/16", "none"],
    ["ip in 10.20.0.6/31", "member"],
    ["ip in fe80::/10", "member"],
    ["ip = unknown", "none"],
    ["mac in 00:09:fb", "member"],
    ["mac in 00:09:fc", "none"],
    ["services >= 3 and services < 4", "member"],
    ["last < 2d", "member"],
    ["last < 12h", "none"],
    ["first >= 2026-01-01", "none"],
    ["pump", "member"],
    ["d7", "none"],
  ] as const)
    assert.equal(of(filter, it), expected, filter);
});

function of(filter: string, it: Partial<DeviceSummary>): string {
  return belonging(parseFilter(filter), { ...NOTHING, ...it }, END);
}

function stated(value: string, lead: number): Stated {
  return { value, lead, confidence: 0 };
}

const NOTHING: DeviceSummary = {
  id: "d7",
  name: "PUMP-07",
  names: [stated("PUMP-07", 20)],
  kind: null,
  maker: null,
  model: null,
  serial: null,
  udi: null,
  software: null,
  os: null,
  location: null,
  controlNumber: null,
  owner: null,
  status: null,
  lifeCritical: "other",
  macs: [],
  ips: [],
  standing: "device",
  first: 0,
  last: 0,
  frames: 0,
  bytes: 0,
  days: [1, 0],
  services: 0,
  peers: 0,
};
