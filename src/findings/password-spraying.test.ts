import assert from "node:assert/strict";
import { test } from "node:test";
import { claims, machine, signal } from "../testing/watched.ts";
import { passwordSpraying } from "./password-spraying.ts";

const refusals = (second: number, distinct: number, failed: number, what = "kerberos", count = failed) =>
  signal(second, {
    kind: "refusals",
    what: what.split(" ")[0]!,
    group: what.split(" ")[1] ?? "",
    distinct,
    failed,
    count,
    sender: machine(7),
    receiver: machine(2),
  });

test("the fifth user refused or unknown within five minutes is told", () => {
  assert.deepEqual(claims(passwordSpraying, [refusals(1, 3, 3, "kerberos user"), refusals(60, 1, 1), refusals(90, 1, 2)]), [
    "90 s: 5 different users refused or unknown by kerberos within 90 s, in 6 tries",
  ]);
});

test("four users, the same few again and again, and five in a quarter of an hour are none", () => {
  assert.deepEqual(claims(passwordSpraying, [refusals(1, 4, 8)]), []);
  assert.deepEqual(claims(passwordSpraying, [refusals(1, 5, 19, "kerberos user")]), []);
  assert.deepEqual(
    claims(
      passwordSpraying,
      Array.from({ length: 20 }, (_, i) => refusals(i * 80, 1, 1)),
    ),
    [],
  );
});

test("a terminal server where most are let in is none; associations are not users", () => {
  assert.deepEqual(
    claims(
      passwordSpraying,
      Array.from({ length: 20 }, (_, i) => refusals(i * 10, 1, 1, "ldap", 4)),
    ),
    [],
  );
  assert.deepEqual(claims(passwordSpraying, [refusals(1, 9, 9, "dicom association")]), []);
});
