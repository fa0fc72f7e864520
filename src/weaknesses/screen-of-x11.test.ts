import assert from "node:assert/strict";
import { test } from "node:test";
import { service, weaknessLines } from "../testing/fleet.ts";
import { screenOfX11 } from "./screen-of-x11.ts";

test("a port of X11 that answered is possible, since the port alone says so", () => {
  assert.deepEqual(weaknessLines(screenOfX11, { services: [service(6000, null)] }), [
    "screen-of-x11 possible medium: TCP port 6000 of 10.0.0.7 answered 1 client",
  ]);
});

test("the same port in another protocol is none, nor is one beside it", () => {
  assert.deepEqual(
    weaknessLines(screenOfX11, { services: [service(6000, "http"), service(6010, null), service(6001, null, { transport: "udp" })] }),
    [],
  );
});
