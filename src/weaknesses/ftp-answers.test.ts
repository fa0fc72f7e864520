import assert from "node:assert/strict";
import { test } from "node:test";
import { service, told, weaknessLines } from "../testing/fleet.ts";
import { ftpAnswers } from "./ftp-answers.ts";

test("a device that was heard answering in FTP", () => {
  assert.deepEqual(weaknessLines(ftpAnswers, { services: [service(21, "ftp", { operations: ["RETR", "USER"] })] }), [
    "ftp-answers affected medium: TCP port 21 of 10.0.0.7 answered 1 client in ftp",
  ]);
});

test("FTP that turned to TLS is none, unless a password crossed all the same", () => {
  const services = [service(21, "ftp", { operations: ["AUTH"] })];
  assert.deepEqual(weaknessLines(ftpAnswers, { services }), []);
  assert.equal(weaknessLines(ftpAnswers, { services, said: [told("clearCredentials", "ftp", "ftp")] }).length, 1);
  assert.deepEqual(weaknessLines(ftpAnswers, { services: [service(21, null)] }), []);
});
