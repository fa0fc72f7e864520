import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceFile } from "./device-file.ts";

test("firmware and settings keep their name, without folders", () => {
  assert.equal(deviceFile("/ward 3/images/pump_v2.1.bin"), "pump_v2.1.bin");
  assert.equal(deviceFile("C:\\tftp\\SEP001122334455.cnf.xml"), "SEP001122334455.cnf.xml");
  assert.equal(deviceFile("network-confg"), "network-confg");
  assert.equal(deviceFile("pxelinux.0"), "pxelinux.0");
});

test("what may be a person's document does not pass", () => {
  for (const path of ["roe_jane_report.pdf", "results.txt", "Jane Roe.bin", "jane@clinic.cfg", "a.jpg", "", `${"x".repeat(100)}.bin`])
    assert.equal(deviceFile(path), "");
});
