/** `auscult disclosure` as a person runs it: a dry run, attached, compared, asked of the maker, expected by a policy, and taken back. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { run } from "../testing/command.ts";

const TABLE = `opens,peer,transport,ports,what for,need,document,page
device,image archive,tcp,104,send images,required,Manual 12-34 rev. C,88
peer,multicast,udp,1,no such thing,optional,Manual 12-34 rev. C,89
`;

const data = mkdtempSync(join(tmpdir(), "auscult-disclosure-"));
const file = join(data, "flows.csv");
let device = "";

/** What is refused writes nothing, so it stands first: one ward is enough. */
before(async () => {
  writeFileSync(file, TABLE);
  const capture = join(data, "ward.pcap");
  for (const args of [
    ["simulate", "--out", capture, "--minutes", "2", "--size", "20"],
    ["open", capture, "--exit"],
  ]) {
    const { code, stderr } = await run("--data", data, ...args);
    assert.equal(code, 0, stderr);
  }
  const { stdout } = await run("--data", data, "devices");
  const line = stdout.split("\n").find((it) => it.includes("Infusomat Space"));
  assert.ok(line !== undefined, stdout);
  device = line.split("\t")[0]!;
});
after(() => rmSync(data, { recursive: true }));

test("what is wrong is said with its place, and nothing is written", async () => {
  const wrong = join(data, "wrong.csv");
  writeFileSync(wrong, TABLE.replace("tcp,104", "tcp,104x"));
  const binary = join(data, "binary.csv");
  writeFileSync(binary, Buffer.from([0xff, 0xfe, 0x00]));
  for (const [given, words] of [
    [["add", wrong, "--device", device], /wrong\.csv: line 2, column 4 \(ports\): expected a port.*\n.*wrong\.csv: 1 thing to mend; nothing was taken$/m],
    [["add", binary, "--device", device], /binary\.csv: expected a table in UTF-8 that can be read, got bytes that are none$/m],
    [["add", join(data, "none.csv"), "--device", device], /none\.csv: expected a table in UTF-8 that can be read, got no such file or folder$/m],
    [["add", file], /--device: expected the id of a device of its model, such as d12, got none$/m],
    [["add", file, "--device", "d99999"], /--device: expected a device of the recording ward, got d99999$/m],
    [["add", file, "--device", device, "--whole", "most"], /--whole: expected all, opened by it, opened to it, part, got "most"$/m],
    [["add", file, "--device", device, "--apply"], /--reason: expected how you know, got nothing$/m],
    [["letter", "Infusomat Space"], /of Infusomat Space nobody told us what its maker says of the network/],
    [["letter", "Nothing 1"], /expected a model of the recording ward .*, got "Nothing 1"$/m],
  ] as const) {
    const { code, stderr, stdout } = await run("--data", data, "disclosure", ...given);
    assert.equal(code, 2, stderr);
    assert.match(stderr, words);
    // What is to be attached is shown before it is.
    if (!(given as readonly string[]).includes("--apply")) assert.equal(stdout, "");
  }
  assert.doesNotMatch((await run("--data", data, "changes")).stdout, /disclosure/);
}); // prettier-ignore

test("a table is shown first, then attached, held against what was heard, and taken back", async () => {
  const disclosure = (...more: readonly string[]) => run("--data", data, "disclosure", ...more);
  assert.match((await disclosure()).stderr, /Of no model of the recording ward we know/);
  const dry = await disclosure("add", file, "--device", device);
  assert.equal(dry.code, 0, dry.stderr);
  assert.match(dry.stdout, /device → image archive tcp 104\t.*\tsend images\trequired\tManual 12-34 rev\. C, page 88/);
  assert.match(dry.stderr, /^Nothing was written\. To attach 2 flows to all .*Infusomat Space: auscult disclosure add /m);
  assert.doesNotMatch((await run("--data", data, "changes")).stdout, /disclosure/);

  const applied = await disclosure("add", file, "--device", device, "--apply", "--who", "Kim", "--reason", "from the maker");
  assert.match(applied.stderr, /^network disclosure of no day, 2 flows, is attached to all .*Infusomat Space as change 1\./m);
  assert.match(
    (await run("--data", data, "changes")).stdout,
    /network disclosure of no day, 2 flows\tall .*Infusomat Space\tfrom the maker/,
  );
  const shown = await disclosure("Infusomat Space");
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(shown.stdout, /^declared; cannot tell\tdevice → image archive tcp 104\t/m);
  assert.match(shown.stdout, /^heard, not declared\tdevice → /m);
  const { models } = JSON.parse((await disclosure("--json")).stdout) as { models: { counts: Record<string, number> }[] };
  assert.equal(models.length, 1);

  const letter = await disclosure("letter", device);
  assert.match(letter.stdout, /^# Questions on what .*Infusomat Space does on a network\n/);
  assert.match(letter.stdout, /^1\. The device opens /m);
  assert.doesNotMatch(letter.stdout, /\d+\.\d+\.\d+\.\d+|[0-9a-f]{2}:[0-9a-f]{2}:/);
  assert.equal((await disclosure("letter", device)).stdout, letter.stdout);
  assert.match((await disclosure("letter", device, "--with-addresses")).stdout, /Other ends: /);

  assert.equal((await run("--data", data, "changes", "--undo", "1", "--who", "Kim", "--reason", "another's")).code, 0);
  assert.match((await disclosure()).stderr, /Of no model of the recording ward we know/);
});
