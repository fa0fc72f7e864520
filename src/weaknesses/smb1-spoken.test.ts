import assert from "node:assert/strict";
import { test } from "node:test";
import { service, told, weaknessLines } from "../testing/fleet.ts";
import { smb1Spoken } from "./smb1-spoken.ts";

test("a machine that answered in SMB 1", () => {
  assert.deepEqual(weaknessLines(smb1Spoken, { said: [told("dialect", "SMB 1", "smb")] }), [
    "smb1-spoken affected high: It answered in SMB 1",
  ]);
});

test("a machine that chose a newer dialect is none", () => {
  assert.deepEqual(weaknessLines(smb1Spoken, { said: [told("smbDialect", "SMB 3.1.1", "smb")], services: [service(445, "smb")] }), []);
});
