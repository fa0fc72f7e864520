import assert from "node:assert/strict";
import { test } from "node:test";
import { told, weaknessLines } from "../testing/fleet.ts";
import { certificateSelfSigned } from "./certificate-self-signed.ts";

test("a monitor whose certificate names itself", () => {
  assert.deepEqual(
    weaknessLines(certificateSelfSigned, { lifeCritical: "life-supporting", said: [told("certificateIssuer", "self-signed", "tls")] }),
    ["certificate-self-signed affected low: Its certificate names no other issuer"],
  );
});

test("one of an authority is none, nor a printer's own", () => {
  assert.deepEqual(
    weaknessLines(certificateSelfSigned, { lifeCritical: "life-supporting", said: [told("certificateIssuer", "Hospital CA", "tls")] }),
    [],
  );
  assert.deepEqual(weaknessLines(certificateSelfSigned, { said: [told("certificateIssuer", "self-signed", "tls")] }), []);
});
