import assert from "node:assert/strict";
import { test } from "node:test";
import { told, weaknessLines } from "../testing/fleet.ts";
import { certificateExpired } from "./certificate-expired.ts";

test("a certificate that was shown after its last day", () => {
  assert.deepEqual(weaknessLines(certificateExpired, { said: [told("certificateUntil", "2026-11-22", "tls")] }), [
    "certificate-expired affected low: Shown on 2026-11-23, and was valid until 2026-11-22",
  ]);
});

test("on its last day it is none, nor when it was last shown before that, nor is what is no day", () => {
  for (const until of ["2026-11-23", "2031-01-01", "soon", ""])
    assert.deepEqual(weaknessLines(certificateExpired, { said: [told("certificateUntil", until, "tls")] }), [], until);
  const old = told("certificateUntil", "2026-01-01", "tls", { last: Date.UTC(2025, 5, 1) * 1_000 });
  assert.deepEqual(weaknessLines(certificateExpired, { said: [old] }), []);
});
