import assert from "node:assert/strict";
import { test } from "node:test";
import { hashed, isPassword, nobodysPassword, passwordTrouble } from "./password.ts";

test("a password is kept as Argon2id with its own salt, and only it fits", async () => {
  const kept = await hashed("correct horse battery");
  assert.match(kept, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.notEqual(kept, await hashed("correct horse battery"));
  assert.equal(await isPassword("correct horse battery", kept), true);
  assert.equal(await isPassword("correct horse batterY", kept), false);
  assert.equal(await isPassword("correct horse battery", nobodysPassword()), false);
});

test("what another program made fits as well, with its own parameters", async () => {
  // Debian's argon2: printf 'correct horse battery' | argon2 somesaltsomesalt -id -t 3 -k 1024 -p 1 -l 32 -e
  const kept = "$argon2id$v=19$m=1024,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$fCoiZT/anlMJcTq3k5xL1Qgwjo2kBDjAbrm4xv2h52M";
  assert.equal(await isPassword("correct horse battery", kept), true);
});

test("the same letters from another keyboard are the same password", async () => {
  assert.equal(await isPassword("Brüssel im Regen, Apfel", await hashed("Bru\u0308ssel im Regen, Apfel")), true);
});

test("a new password is long and no repetition, does not hold the name, and is never said again", () => {
  const trouble = (password: string) => passwordTrouble(password, "lind");
  assert.equal(trouble("correct horse battery"), null);
  assert.match(trouble("short horse")!, /at least 15 characters .* got 11$/);
  assert.match(trouble("ababababababababab")!, /at least 6 different/);
  assert.match(trouble("the Lindens are green")!, /does not contain the account's name/);
  assert.match(trouble("correct horse battery".repeat(20))!, /at most 256 characters, got 420/);
  assert.equal(trouble("🫀🐎🔋🫁🧠🦷🦴👁️👅👂👃🦵🦶🤚🖐"), null, "counted as a person counts");
});
