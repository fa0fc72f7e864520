import assert from "node:assert/strict";
import { test } from "node:test";
import { service, weaknessLines } from "../testing/fleet.ts";
import { nfsOpen } from "./nfs-open.ts";

test("files given by NFS", () => {
  assert.deepEqual(weaknessLines(nfsOpen, { services: [service(2049, "oncrpc", { operations: ["NFS"] })] }), [
    "nfs-open affected medium: TCP port 2049 of 10.0.0.7 answered 1 client in oncrpc",
  ]);
});

test("a measuring instrument's remote calls are none", () => {
  assert.deepEqual(weaknessLines(nfsOpen, { services: [service(111, "oncrpc", { operations: ["PORTMAP", "VXI_11"] })] }), []);
});
