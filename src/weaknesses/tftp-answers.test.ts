import assert from "node:assert/strict";
import { test } from "node:test";
import { service, weaknessLines } from "../testing/fleet.ts";
import { tftpAnswers } from "./tftp-answers.ts";

test("a device that gave files by TFTP", () => {
  assert.deepEqual(weaknessLines(tftpAnswers, { services: [service(69, "tftp", { transport: "udp" })] }), [
    "tftp-answers affected medium: UDP port 69 of 10.0.0.7 answered 1 client in tftp",
  ]);
});

test("a port 69 on which something else answered is none", () => {
  assert.deepEqual(weaknessLines(tftpAnswers, { services: [service(69, null, { transport: "udp" })] }), []);
});
