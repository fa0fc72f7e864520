import assert from "node:assert/strict";
import { test } from "node:test";
import { told, weaknessLines } from "../testing/fleet.ts";
import { outdatedProof } from "./outdated-proof.ts";

test("a log-in by NTLM 1", () => {
  assert.deepEqual(weaknessLines(outdatedProof, { said: [told("dialect", "NTLM 1", "ntlmssp")] }), [
    "outdated-proof affected medium: It spoke NTLM 1",
  ]);
});

test("other dialects are none of it", () => {
  assert.deepEqual(weaknessLines(outdatedProof, { said: [told("dialect", "SNMP v3", "snmp"), told("dialect", "SMB 1", "smb")] }), []);
});
