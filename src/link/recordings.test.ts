import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { UnusableRecording } from "../model/store.ts";
import { sampleCapture } from "../sample.ts";
import { run } from "../testing/command.ts";
import { makeFolder } from "./folders.ts";

const root = mkdtempSync(join(tmpdir(), "auscult-recordings-"));
after(() => rmSync(root, { recursive: true }));

test("a folder is made with all above it, and may be there already", () => {
  const folder = join(root, "a", "b", "c");
  makeFolder(folder);
  makeFolder(folder);
  assert.ok(existsSync(folder));
});

test("where none can be made that is said, with what is in the way", () => {
  const file = join(root, "file");
  writeFileSync(file, "");
  assert.throws(() => makeFolder(file), refusal(`got a file of that name: ${file}`));
  assert.throws(() => makeFolder(join(file, "in", "it")), refusal(`got a file of that name: ${file}`));
});

// The engine's own recursion never ends below it.
const NOWHERE = "/proc/nowhere";
test("below /proc the sample and the page end at once, as recordings do, exit 5", { skip: !existsSync("/proc/self") }, async () => {
  await assert.rejects(sampleCapture(NOWHERE), refusal(`got no such file or folder: ${NOWHERE}`));
  const { code, stderr } = await run("--data", join(NOWHERE, "data"), "start", "--no-open");
  assert.equal(code, 5, stderr);
  assert.match(stderr, /^auscult: expected a data directory that can be written, got no such file or folder: \/proc\/nowhere$/m);
});

function refusal(words: string): (error: unknown) => boolean {
  return (error) => error instanceof UnusableRecording && error.message === `expected a data directory that can be written, ${words}`;
}
