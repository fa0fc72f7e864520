import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROLE_NAMES } from "../model/account.ts";
import { may, RIGHTS, type Right } from "./rights.ts";

test("docs/accounts.md says of each role what it may do", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/accounts.md"), "utf8");
  const rights = Object.keys(RIGHTS) as Right[];
  const table = ROLE_NAMES.map((role) => `| ${role} | ${rights.map((right) => (may(role, right) ? "yes |" : "|")).join(" ")}`);
  assert.ok(page.includes(`${table.join("\n")}\n`), `expected in docs/accounts.md:\n${table.join("\n")}`);
});
