import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceCode, doing } from "./mdc.ts";
import { table } from "./table.ts";

test("a device's code has its reference id; a module's value and a patient's weight have none", () => {
  assert.equal(deviceCode(70_049), "MDC_DEV_PUMP_INFUS_LVP_MDS");
  assert.equal(deviceCode((8 << 16) + 4100), "MDC_DEV_SPEC_PROFILE_PULS_OXIM");
  for (const code of [150_456, 68_063, 0, -1, Number.NaN]) assert.equal(deviceCode(code), "");
});

test("what it measures and what it infuses, in words", () => {
  assert.equal(doing(150_456), "measures oxygen saturation");
  assert.equal(doing(158_014), "infuses fluid");
  for (const code of [68_063, 184_514, 0, Number.NaN]) assert.equal(doing(code), "");
});

test("each line is a device or a range, and no two ranges share a code", () => {
  const ranges = table("mdc.tsv", 5).map(([first, last, is]) => ({ first: Number(first), last: Number(last), is }));
  for (const { first, last, is } of ranges) {
    assert.ok(first <= last && (is === "device" ? first === last : is === "measures" || is === "infuses"), `${first}`);
    assert.equal(ranges.filter((it) => it.first <= last && it.last >= first).length, 1, `${first}`);
  }
});
