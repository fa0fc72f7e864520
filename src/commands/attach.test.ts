/** `auscult attach` as a person runs it: of the model from then on, among the changes, and taken back; refused in one line. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { run } from "../testing/command.ts";

const DEVICES = join(import.meta.dirname, "../../fixtures/dpws/devices.pcap");
const BOM = {
  bomFormat: "CycloneDX",
  specVersion: "1.5",
  metadata: { timestamp: "2026-05-01T00:00:00Z" },
  components: [{ name: "log4j-core", version: "2.14.1" }],
};

test("attached to the model, seen at its device, among the changes, and taken back", async (t) => {
  const { data, file } = await recorded(t);
  const device = await deviceWithModel(data);
  const weaknesses = async () => (await run("--data", data, "vulnerabilities", "--device", device)).stdout;
  assert.doesNotMatch(await weaknesses(), /log4j/);
  const { code, stderr } = await run("--data", data, "attach", file, "--device", device, "--who", "Kim", "--reason", "from the maker");
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^SBOM of 2026-05-01, 1 component, is attached to all .*Breath 9 as change 1\. auscult changes --undo 1/m);
  assert.match(
    await weaknesses(),
    /part log4j-core\t! high\tpossible\t.*The maker's SBOM of 2026-05-01 says that log4j-core 2\.14\.1 is in it/,
  );
  assert.match((await run("--data", data, "changes")).stdout, /SBOM of 2026-05-01, 1 component\tall .*Breath 9\tfrom the maker/);
  assert.equal((await run("--data", data, "changes", "--undo", "1", "--who", "Kim", "--reason", "another's")).code, 0);
  assert.doesNotMatch(await weaknesses(), /log4j/);
});

test("what cannot be attached is said in one line, and nothing is written", async (t) => {
  const { data, file } = await recorded(t);
  const half = join(data, "half.json");
  writeFileSync(half, JSON.stringify(BOM).slice(0, 60));
  for (const [given, words] of [
    [[half, "--device", "d1", "--reason", "x"], /half\.json: expected JSON, got a text that stops half-way$/m],
    [[file, "--reason", "x"], /--device: expected the id of a device of its model, such as d12, got none$/m],
    [[file, "--device", "d99", "--reason", "x"], /--device: expected a device of the recording .*, got d99$/m],
    [[file, "--device", await deviceWithModel(data)], /--reason: expected how you know, got nothing$/m],
  ] as const) {
    const { code, stderr } = await run("--data", data, "attach", ...given);
    assert.equal(code, 2, stderr);
    assert.match(stderr, words);
  }
  assert.doesNotMatch((await run("--data", data, "changes")).stdout, /SBOM/);
});

async function recorded(t: TestContext): Promise<{ readonly data: string; readonly file: string }> {
  const data = mkdtempSync(join(tmpdir(), "auscult-attach-"));
  t.after(() => rmSync(data, { recursive: true }));
  const file = join(data, "bom.json");
  writeFileSync(file, JSON.stringify(BOM));
  writeFileSync(join(data, "settings.yaml"), "ownRanges: 192.0.2.0/24\n");
  const { code, stderr } = await run("--data", data, "open", DEVICES, "--exit");
  assert.equal(code, 0, stderr);
  return { data, file };
}

async function deviceWithModel(data: string): Promise<string> {
  const { stdout } = await run("--data", data, "devices");
  const line = stdout.split("\n").find((it) => it.includes("Breath 9"));
  assert.ok(line !== undefined, stdout);
  return line.split("\t")[0]!;
}
