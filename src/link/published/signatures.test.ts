/** Signatures beside what was published, with Debian's gpg: a key the site has, one it has not, another file's. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { advisoryDocument, publishInto } from "../../testing/published.ts";
import { publishedFeeds } from "./index.ts";

const hasGpg = ["gpg", "gpgv"].every((program) => spawnSync(program, ["--version"]).status === 0);
const FILE = "2026/icsma-26-300-01.json";
const DOCUMENT = advisoryDocument({ id: "ICSMA-26-300-01", updated: "2026-10-27" });

test("a signature is checked with the site's keys: good ones are taken, another's and another file's are kept out", { skip: !hasGpg && "gpg is not installed" }, (t) => {
  const { folder, keys, home, read } = made(t);
  const file = publishInto(folder, FILE, DOCUMENT);
  const sign = (by: string) => gpg(home, "--yes", "--local-user", by, "--armor", "--detach-sign", "--output", `${file}.asc`, file);
  sign("publisher@example.org");
  assert.deepEqual(read(), { sources: ["CISA ICSMA"], out: [], signatures: `1 signature was not checked: there is no publisher's key in ${keys}.` });

  mkdirSync(keys);
  writeFileSync(join(keys, "publisher.asc"), gpg(home, "--armor", "--export", "publisher@example.org"));
  assert.deepEqual(read(), { sources: ["CISA ICSMA"], out: [], signatures: `1 signature was checked with the keys in ${keys}.` });

  publishInto(folder, FILE, { ...DOCUMENT, forged: true });
  assert.deepEqual(read().out, [`${FILE}: expected a signature of a key in ${keys} in icsma-26-300-01.json.asc, got one of another file`]);
  sign("stranger@example.org");
  assert.deepEqual(read().out, [`${FILE}: expected a signature of a key in ${keys} in icsma-26-300-01.json.asc, got one of a key that is not there`]);
  writeFileSync(`${file}.asc`, "nothing");
  assert.deepEqual(read().out, [`${FILE}: expected a signature of a key in ${keys} in icsma-26-300-01.json.asc, got none that can be read`]);
}); // prettier-ignore

test("where nothing is signed nothing is said of it", (t) => {
  const { folder, read } = made(t);
  publishInto(folder, FILE, DOCUMENT);
  assert.deepEqual(read(), { sources: ["CISA ICSMA"], out: [], signatures: "" });
});

function made(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), "auscult-signed-"));
  const [folder, keys, home] = ["published", "keys", "home"].map((name) => join(root, name)) as [string, string, string];
  mkdirSync(home, { mode: 0o700 });
  t.after(() => {
    if (hasGpg) spawnSync("gpgconf", ["--homedir", home, "--kill", "all"]);
    rmSync(root, { recursive: true, force: true });
  });
  if (hasGpg)
    for (const who of ["publisher@example.org", "stranger@example.org"])
      gpg(home, "--passphrase", "", "--quick-generate-key", who, "ed25519", "sign", "0");
  return {
    folder,
    keys,
    home,
    read: () => {
      const { feeds, keptOut, signatures } = publishedFeeds(folder, "2026-11-01", keys);
      return { sources: feeds.map(({ source }) => source), out: keptOut.map(({ place, why }) => `${place}: ${why}`), signatures };
    },
  };
}

function gpg(home: string, ...words: readonly string[]): Buffer {
  const { status, stdout, stderr } = spawnSync("gpg", ["--homedir", home, "--batch", "--quiet", "--pinentry-mode", "loopback", ...words]);
  assert.equal(status, 0, stderr.toString());
  return stdout;
}
