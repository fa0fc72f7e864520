import assert from "node:assert/strict";
import { test } from "node:test";
import { service, weaknessLines } from "../testing/fleet.ts";
import { databaseAnswers } from "./database-answers.ts";

test("an analyzer whose database answers", () => {
  assert.deepEqual(weaknessLines(databaseAnswers, { lifeCritical: "diagnostic", services: [service(1433, "tds")] }), [
    "database-answers affected medium: TCP port 1433 of 10.0.0.7 answered 1 client in tds",
  ]);
});

test("a database server's is none, nor a port 1433 on which something else answered", () => {
  assert.deepEqual(weaknessLines(databaseAnswers, { lifeCritical: "clinical IT", services: [service(1433, "tds")] }), []);
  assert.deepEqual(weaknessLines(databaseAnswers, { lifeCritical: "diagnostic", services: [service(1433, null)] }), []);
});
