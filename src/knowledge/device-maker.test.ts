import assert from "node:assert/strict";
import { test } from "node:test";
import { isDeviceMaker } from "./device-maker.ts";

test("a maker of monitors names devices, a maker of telephones does not", () => {
  assert.equal(isDeviceMaker(0x0009, 0xfb_12_34_56), true, "00:09:fb is registered to Philips Patient Monitoring");
  assert.equal(isDeviceMaker(0xf0b4, 0x79_12_34_56), false, "f0:b4:79 is registered to Apple");
  assert.equal(isDeviceMaker(0x0209, 0xfb_12_34_56), false, "an address somebody made up is nobody's");
});
