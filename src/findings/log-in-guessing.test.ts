import assert from "node:assert/strict";
import { test } from "node:test";
import { claims, machine, signal } from "../testing/watched.ts";
import { logInGuessing } from "./log-in-guessing.ts";

const DAY = 24 * 3600;
const refusal = (second: number, failed = 1, what = "ftp", distinct = 0) =>
  signal(second, {
    kind: "refusals",
    what: what.split(" ")[0]!,
    group: what.split(" ")[1] ?? "",
    failed,
    count: failed,
    distinct,
    sender: machine(7),
    receiver: machine(2),
  });
/** So many, one every so many seconds, the first of a user. */
const every = (seconds: number, times: number, from = seconds, what = "ftp") =>
  Array.from({ length: times }, (_, i) => refusal(from + i * seconds, 1, what, i === 0 ? 1 : 0));

test("the tenth refusal within five minutes is told, once for each second from there on", () => {
  assert.deepEqual(claims(logInGuessing, every(1, 11)), ["10 s: 10 log-ins by ftp refused within 10 s", "11 s: 11 log-ins by ftp refused within 11 s"]); // prettier-ignore
  assert.deepEqual(claims(logInGuessing, [refusal(3, 25)]), ["3 s: 25 log-ins by ftp refused within 1 s"]);
});

test("nine, ten in more than five minutes, and five each of two protocols are none", () => {
  assert.deepEqual(claims(logInGuessing, every(1, 9)), []);
  assert.deepEqual(claims(logInGuessing, every(35, 30)), []);
  assert.deepEqual(
    claims(
      logInGuessing,
      [...every(1, 5), ...every(1, 5, 1, "ssh")].sort((a, b) => a.at - b.at),
    ),
    [],
  );
});

test("users not known, associations refused and a gateway's users are no passwords tried", () => {
  for (const what of ["kerberos user", "dicom association", "hl7 order", "radius"])
    assert.deepEqual(claims(logInGuessing, every(1, 40, 1, what)), [], what);
});

test("a program with an old password, by the clock and for one user, is no guessing; several users, or no even pace, are", () => {
  assert.deepEqual(claims(logInGuessing, every(10, 500)), []);
  const users = Array.from({ length: 12 }, (_, i) => refusal(10 + i * 10, 1, "ftp", 1));
  assert.equal(claims(logInGuessing, users).length, 3);
  const uneven = Array.from({ length: 12 }, (_, i) => refusal(10 + i * 10 + (i % 3) * 6, 1));
  assert.equal(claims(logInGuessing, uneven).length, 3);
});

test("a stranger has no old password, once it is known who is none", () => {
  const since = signal(0, { kind: "refusals" }).at - 10 * DAY * 1e6;
  assert.ok(claims(logInGuessing, every(10, 20), { since }).length > 0);
  assert.deepEqual(claims(logInGuessing, every(10, 20), { since, conversedSince: () => since }), []);
});

const form = (second: number, count = 1, group = "a") =>
  signal(second, { kind: "notable", what: "formRefused", group, count, sender: machine(7), receiver: machine(2) });

test("thirty forms with a password that one page answers alike are passwords tried", () => {
  const tried = Array.from({ length: 10 }, (_, i) => form(i + 1, 3 + (i % 2)));
  assert.deepEqual(claims(logInGuessing, tried.slice(0, 9)), ["9 s: 31 log-ins by http refused within 9 s"]);
});

test("a shift that logs in, forms of many pages, and a program by the clock are none", () => {
  assert.deepEqual(claims(logInGuessing, Array.from({ length: 29 }, (_, i) => form(i + 1))), []); // prettier-ignore
  assert.deepEqual(claims(logInGuessing, Array.from({ length: 60 }, (_, i) => form(i + 1, 2, `${i % 30}`))), []); // prettier-ignore
  assert.deepEqual(claims(logInGuessing, Array.from({ length: 500 }, (_, i) => form(5 * i + 1))), []); // prettier-ignore
});
