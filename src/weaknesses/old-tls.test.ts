import assert from "node:assert/strict";
import { test } from "node:test";
import { told, weaknessLines } from "../testing/fleet.ts";
import { oldTls } from "./old-tls.ts";

test("a server that chose TLS 1.0, and one that chose SSL 3.0, which is worse", () => {
  assert.deepEqual(weaknessLines(oldTls, { said: [told("tlsVersion", "TLS 1.0", "tls")] }), ["old-tls affected low: It chose TLS 1.0"]);
  assert.deepEqual(weaknessLines(oldTls, { said: [told("tlsVersion", "SSL 3.0", "tls")] }), ["old-tls affected medium: It chose SSL 3.0"]);
});

test("TLS 1.2 and 1.3 are none", () => {
  const said = [told("tlsVersion", "TLS 1.2", "tls"), told("tlsVersion", "TLS 1.3", "tls")];
  assert.deepEqual(weaknessLines(oldTls, { said }), []);
});
