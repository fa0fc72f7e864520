import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isLoopback, readSettings, settingsPage, WrongSettings } from "./config.ts";

function withFile(text: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), "auscult-settings-"));
  writeFileSync(join(folder, "settings.yaml"), text);
  return folder;
}

test("the environment wins over the file, the file over the fallback", () => {
  const folder = withFile("flowIdleMinutes: 7\nport: 9000\nownRanges: [10.20.0.0/16, 2001:db8::/32]\n");
  const settings = readSettings(folder, { AUSCULT_PORT: "9100" });
  assert.deepEqual(
    [settings.flowIdleMinutes, settings.port, settings.ownRanges, settings.site],
    [7, 9100, ["10.20.0.0/16", "2001:db8::/32"], "main"],
  );
  rmSync(folder, { recursive: true });
});

test("a wrong value names its file, line and column, what was expected and what came", () => {
  const folder = withFile("site: north\nflowIdleMinutes: 5m\n");
  assert.throws(() => readSettings(folder, {}), /settings\.yaml:2:1: expected minutes above zero and at most a day \(1440\), got "5m"/);
  rmSync(folder, { recursive: true });
});

test("an unknown setting is refused with those there are", () => {
  const folder = withFile("flowIdle: 5\n");
  assert.throws(() => readSettings(folder, {}), /settings\.yaml:1:1: expected one of site, .* got "flowIdle"/);
  rmSync(folder, { recursive: true });
});

test("a file that holds no settings is refused in one line, whatever it is", () => {
  for (const [content, words] of [
    ["- a\n", /settings\.yaml: expected settings, one a line, such as "site: main", got a list$/],
    ["hello\n", /settings\.yaml: expected settings, .* got a single value$/],
    ["site: [a\n", /settings\.yaml:2:1: expected YAML, got trouble: /],
    [Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1]), /settings\.yaml: expected text in UTF-8, got bytes that are none$/],
    [Buffer.from([0xff, 0xfe, 0xc3]), /settings\.yaml: expected text in UTF-8, got bytes that are none$/],
    ["? [a]\n: b\n", /settings\.yaml:1:3: expected one of site, .*, got "no name"$/],
    ["port: |\n  a\n  b\n", /settings\.yaml:1:1: expected a port from 0 to 65535, got "a b "$/],
  ] as const) {
    const folder = withFile(content);
    assert.throws(() => readSettings(folder, {}), refusal(words));
    rmSync(folder, { recursive: true });
  }
  const folder = withFile("# nothing said\n");
  assert.equal(readSettings(folder, {}).site, "main");
  const file = join(folder, "settings.yaml");
  assert.throws(() => readSettings(file, {}), refusal(/expected a file that can be read, got a data directory that is no folder$/));
  rmSync(file);
  mkdirSync(file);
  assert.throws(() => readSettings(folder, {}), refusal(/settings\.yaml: expected a file that can be read, got a folder$/));
  rmSync(folder, { recursive: true });
});

/** One line, which ends a command with the exit code of wrong settings. */
function refusal(words: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof WrongSettings && !error.message.includes("\n") && words.test(error.message);
}

test("the page listens on an address, not on a name that may become another", () => {
  assert.equal(readSettings("/nonexistent", { AUSCULT_HOST: "10.20.0.5" }).host, "10.20.0.5");
  assert.throws(
    () => readSettings("/nonexistent", { AUSCULT_HOST: "auscult.example" }),
    /AUSCULT_HOST: expected an address of this computer/,
  );
  for (const host of ["127.0.0.1", "127.8.8.8", "::1", "localhost"]) assert.equal(isLoopback(host), true, host);
  for (const host of ["0.0.0.0", "::", "10.20.0.5"]) assert.equal(isLoopback(host), false, host);
});

test("a network that could be read as none is refused, or its frames would be read after all", () => {
  const of = (text: string) => readSettings("/nonexistent", { AUSCULT_LEFT_OUT: text }).leftOut;
  assert.deepEqual(of("10.20.0.0/16, fd00:1::/48 ::/0"), ["10.20.0.0/16", "fd00:1::/48", "::/0"]);
  for (const text of ["fd00:1:2/48", "fd00:::/48", "10.20.0.0", "10.20.256.0/24", "10.20.0.0/33", "fd00::/129", "10.20.0.0/16/8", "::/"])
    assert.throws(() => of(text), refusal(/AUSCULT_LEFT_OUT: expected a network like 10\.20\.0\.0\/16, got "/), text);
});

test("shifts and roles are read from text in any order, and refused with what came", () => {
  const of = (environment: NodeJS.ProcessEnv) => readSettings("/nonexistent", environment);
  assert.deepEqual(of({ AUSCULT_SHIFTS: "22:00=4, 06:00" }).shifts, [{ from: 360, atOnce: null }, { from: 1_320, atOnce: 4 }]); // prettier-ignore
  assert.deepEqual(of({ AUSCULT_ASKED_ROLES: "clinical=biomed,threat = security" }).askedRoles, { clinical: "biomed", threat: "security" });
  for (const [name, text, words] of [
    ["SHIFTS", "24:00", /expected when a shift begins, such as 22:00 or 22:00=4, got "24:00"$/],
    ["SHIFTS", "06:00=0", /expected a whole number above zero, got "0"$/],
    ["SHIFTS", "06:00,06:00=2", /expected each shift once/],
    ["ASKED_ROLES", "clinical=nurse", /after = one of viewer, .*, got "clinical=nurse"$/],
    ["ASKED_ROLES", "all=biomed", /expected one of exposure, /],
    ["ASKED_ROLES", "threat=security,threat=network", /expected each family once/],
    ["ASKED_AT_ONCE", "0", /expected a whole number above zero, got "0"$/],
  ] as const)
    assert.throws(() => of({ [`AUSCULT_${name}`]: text }), refusal(words), `${name} ${text}`);
});

test("docs/settings.md is what the table says", () => {
  assert.equal(readFileSync(join(import.meta.dirname, "..", "docs", "settings.md"), "utf8"), settingsPage());
});
