import assert from "node:assert/strict";
import { test } from "node:test";
import { service, told, weaknessLines } from "../testing/fleet.ts";
import { vncAnswers } from "./vnc-answers.ts";

test("a screen shared by VNC, and one without a password", () => {
  assert.deepEqual(weaknessLines(vncAnswers, { services: [service(5900, "rfb")] }), [
    "vnc-answers affected medium: TCP port 5900 of 10.0.0.7 answered 1 client in rfb",
  ]);
  const open = { services: [service(5900, "rfb")], said: [told("dialect", "VNC without a password", "rfb")] };
  assert.deepEqual(weaknessLines(vncAnswers, open), ["vnc-answers affected high: TCP port 5900 of 10.0.0.7 answered 1 client in rfb"]);
});

test("a port 5900 on which something else answered is none", () => {
  assert.deepEqual(weaknessLines(vncAnswers, { services: [service(5900, "http")] }), []);
});
