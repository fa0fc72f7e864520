/** `auscult list` on a stored recording: looked at, said, taken back. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test, type TestContext } from "node:test";
import { Core } from "../core.ts";
import { openReader } from "../reader.ts";
import { arp, ethernet } from "../testing/frames.ts";
import { hear } from "../testing/hear.ts";
import { list } from "./list.ts";

const MACS = ["00:09:fb:00:00:01", "00:09:fb:00:00:02"] as const;
let data: string;
let file: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "auscult-list-"));
  mkdirSync(join(data, "recordings"));
  file = join(data, "assets.csv");
  const core = open();
  const everyone = { type: 0x0806, to: "ff:ff:ff:ff:ff:ff" };
  const frames = MACS.map((mac, at) =>
    ethernet({ ...everyone, from: mac }, arp(1, [mac, `10.0.0.${at + 1}`], ["00:00:00:00:00:00", "10.0.0.200"])),
  );
  for (const batch of hear(frames)) core.take(batch);
  core.settle();
  core.close();
});
afterEach(() => rmSync(data, { recursive: true }));

const open = () => new Core({ path: join(data, "recordings", "ward.db"), site: "main", ownRanges: [] });

/** What it writes to a person and to a program. */
async function told(context: TestContext, options: object = {}): Promise<string> {
  const lines: string[] = [];
  const streams = [process.stdout, process.stderr].map((stream) => {
    const write = stream.write.bind(stream);
    // The test runner's own lines are bytes.
    return context.mock.method(stream, "write", (text: string | Uint8Array) =>
      typeof text === "string" ? lines.push(text) > 0 : write(text),
    );
  });
  try {
    await list(file, { data, ...options });
  } finally {
    for (const stream of streams) stream.mock.restore();
  }
  return lines.join("");
}

async function owners(): Promise<readonly (string | undefined)[]> {
  const reader = await openReader(join(data, "recordings", "ward.db"));
  try {
    const { rows } = await reader.devices({ filter: "mac ~ 00:09:fb", sort: "ip", descending: false, offset: 0, limit: 9 });
    return rows.map((device) => device.owner?.value);
  } finally {
    await reader.close();
  }
}

test("a list is shown, said when that is asked for, and taken back by one change", async (context) => {
  writeFileSync(file, `MAC;Hersteller;Geräteart;Kostenstelle\n${MACS[0]};Philips;Ventilator;4711\n${MACS[1]};Philips;Ventilator;4712\n00:09:fb:00:00:03;;;\n`); // prettier-ignore
  const shown = await told(context);
  assert.match(shown, /^assets\.csv: 3 rows in UTF-8, semicolon between cells, titles in row 1\. Recording ward\.$/m);
  assert.match(shown, /^2\tmatched\td1 .*\tOwner: 4711; What it is: ventilator; Maker: probably Philips → Philips$/m);
  assert.match(shown, /^2 heard and listed, 0 for a person to say, 1 listed only, 0 repeated; /m);
  assert.match(shown, /^Nothing was written\. To say these 6 words: auscult list .*assets\.csv" --apply --reason WHY$/m);
  assert.deepEqual(await owners(), [undefined, undefined]);

  const said = /^Said 6 words as lind \(not verified\)\. To take all of them back: auscult changes --undo 1 --reason WHY$/m;
  assert.match(await told(context, { apply: true, who: "lind", reason: "CMMS" }), said);
  assert.deepEqual(await owners(), ["4711", "4712"]);
  assert.match(await told(context), /^The list would change nothing\.$/m);

  const core = open();
  core.undo(1, "lind", "last year's list", 2);
  core.close();
  assert.deepEqual(await owners(), [undefined, undefined]);
});

test("all or none is said: a device that is no more writes nothing", async () => {
  const core = open();
  const word = { attribute: "owner", value: "Biomed", reason: "assets.csv, row 2" };
  assert.throws(
    () => core.sayList({ who: "lind", reason: "CMMS", words: [{ ...word, device: "d1" }, { ...word, device: "d99" }] }, 1), // prettier-ignore
    /expected a device of this recording, got d99/,
  );
  core.close();
  assert.deepEqual(await owners(), [undefined, undefined]);
});

test("what is asked wrongly is one line that says what was expected", async (context) => {
  writeFileSync(file, `MAC;Hersteller;Modell;Kostenstelle;Geräteart\n${MACS[0]};Philips;;4711;Ventilator\n`);
  const refused = (options: object, message: RegExp) => assert.rejects(told(context, options), message);
  await refused({ apply: true, who: "lind" }, /^Error: --reason: expected how you know, got nothing$/);
  await refused({ column: ["color=Farbe"] }, /^Error: --column: expected field=title, a field of .*, got "color=Farbe"$/);
  await refused({ match: ["d7=12"] }, /^Error: --match: expected row=device, such as 12=d7, got "d7=12"$/);
  await refused(
    { column: ["serial=Farbe"] },
    /assets\.csv: expected a column for serial, one of MAC, Hersteller, Modell, Kostenstelle, Geräteart, got "Farbe"$/,
  );
  rmSync(file);
  await refused({}, /^Error: expected a list that can be read, got .*assets\.csv$/);
});
