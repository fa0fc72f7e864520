import assert from "node:assert/strict";
import { test } from "node:test";
import { service, weaknessLines } from "../testing/fleet.ts";
import { telnetAnswers } from "./telnet-answers.ts";

test("a device that was heard answering in Telnet, on whatever port", () => {
  assert.deepEqual(weaknessLines(telnetAnswers, { services: [service(23, "telnet", { clients: 3 })] }), [
    "telnet-answers affected high: TCP port 23 of 10.0.0.7 answered 3 clients in telnet",
  ]);
  assert.equal(weaknessLines(telnetAnswers, { services: [service(10_001, "telnet")] }).length, 1);
});

test("port 23 on which something else answers is none, nor is Telnet within TLS", () => {
  assert.deepEqual(weaknessLines(telnetAnswers, { services: [service(23, null)] }), []);
  assert.deepEqual(weaknessLines(telnetAnswers, { services: [service(23, "ssh")] }), []);
  assert.deepEqual(weaknessLines(telnetAnswers, { services: [service(992, "telnet", { clear: false })] }), []);
});
