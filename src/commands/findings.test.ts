/** `auscult findings` on a stored recording: listed, looked at, said of, taken back; and what was said is there when the capture is read anew. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test, type TestContext } from "node:test";
import { DatabaseSync } from "node:sqlite";
import { Ajv2020 } from "ajv/dist/2020.js";
import { Core } from "../core.ts";
import type { Batch } from "../model/batch.ts";
import type { FindingDetail } from "../model/finding.ts";
import { openReader } from "../reader.ts";
import { chainTrouble } from "../store/said.ts";
import { udpFrame } from "../testing/frames.ts";
import { hear } from "../testing/hear.ts";
import { findings, type FindingsOptions } from "./findings.ts";
import { CommandError } from "./terminal.ts";

const SECOND_US = 1_000_000;
const REAL = hear([udpFrame({ to: 5001 }, new Uint8Array(Buffer.from("hello")))])[0]!;
const BEGIN = REAL.from;
const schema = JSON.parse(readFileSync(join(import.meta.dirname, "..", "..", "docs", "findings.schema.json"), "utf8")) as object;
let data: string;
let exitCode: typeof process.exitCode;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "auscult-findings-"));
  mkdirSync(join(data, "recordings"));
  exitCode = process.exitCode;
  heard("first", refusals(0, 12));
});
afterEach(() => {
  process.exitCode = exitCode;
  rmSync(data, { recursive: true });
});

/** Log-ins by ftp refused, one a second, of 10.0.0.1 at 10.0.0.2. */
function refusals(from: number, count: number): Batch {
  const at = (second: number) => BEGIN + second * SECOND_US;
  return {
    ...REAL,
    run: `run ${from}`,
    sequence: 1,
    from: at(from),
    to: at(from + count),
    addresses: [1, 2].map((host) => [0, null, `10.0.0.${host}`, null, 1, 60, at(from), at(from), 0]),
    observations: [],
    conversations: [],
    signals: Array.from({ length: count }, (_, second) => [at(from + second), "refusals", 0, 1, "", "ftp", 1, 0, 1, 0, [[at(from + second), second + 1, 60, "AQ==", 1]]]), // prettier-ignore
  };
}

/** Into the recording of that name, as `open` would. */
function heard(recording: string, ...batches: readonly Batch[]): void {
  const core = new Core({ path: join(data, "recordings", `${recording}.db`), site: "main", ownRanges: [] });
  for (const batch of batches) assert.equal(core.take(batch), true);
  core.settle();
  core.close();
}

/** What it writes to a person and to a program. */
async function told(context: TestContext, id?: string, options: Partial<FindingsOptions> = {}): Promise<string> {
  const lines: string[] = [];
  const streams = [process.stdout, process.stderr].map((stream) => {
    const write = stream.write.bind(stream);
    // The test runner's own lines are bytes.
    return context.mock.method(stream, "write", (text: string | Uint8Array) =>
      typeof text === "string" ? lines.push(text) > 0 : write(text),
    );
  });
  try {
    await findings(id, { data, recording: "first", ...options });
  } finally {
    for (const stream of streams) stream.mock.restore();
  }
  return lines.join("");
}

async function one(recording = "first"): Promise<FindingDetail> {
  const reader = await openReader(join(data, "recordings", `${recording}.db`));
  try {
    const { rows } = await reader.findings({ states: [], offset: 0, limit: 9 });
    assert.equal(rows.length, 1);
    return (await reader.finding(rows[0]!.id))!;
  } finally {
    await reader.close();
  }
}

const refused = (pattern: RegExp) => (error: unknown) => error instanceof CommandError && pattern.test(error.message);

test("the list and one of it are what the checked-in schema says, and whole for a person", async (context) => {
  const { id } = await one();
  const validate = new Ajv2020({ allErrors: true }).compile(schema);
  for (const text of [await told(context, undefined, { json: true }), await told(context, id, { json: true })]) {
    const document = JSON.parse(text.slice(text.indexOf("{"))) as { findings: readonly unknown[] };
    assert.ok(validate(document), JSON.stringify(validate.errors));
    assert.equal(document.findings.length, 1);
  }
  const shown = await told(context, id);
  for (const part of ["Passwords are tried", "10.0.0.2", "What to do", "Is it normal", "T1110", "12 frames kept", "not an alarm", "New, nobody has taken it yet"])
    assert.ok(shown.includes(part), part);
}); // prettier-ignore

test("acknowledged, explained, closed, opened again, each taken back: the state follows, the chain holds, and it is in the list of changes", async (context) => {
  const { id } = await one();
  const by = { who: "lind", reason: "seen" };
  assert.match(await told(context, id, { acknowledge: true, ...by }), /Acknowledged, by lind \(not verified\): seen\./);
  const explained = await told(context, id, { explain: true, until: "2023-11-20", owner: "Kim", ...by });
  assert.match(explained, /Explained until 2023-11-20, owner Kim, by lind .*It hides 1 finding, 12 counted\./);
  assert.match(await told(context), /0 of 1 finding; all of them: --state all/);
  assert.match(await told(context, undefined, { state: "explained" }), /1 of 1 finding/);
  assert.match(await told(context, id, { close: "innocent", ...by }), /Closed: innocent, by lind/);
  assert.match(await told(context, id, { reopen: true, ...by }), /New: opened again by lind/);
  for (const state of [/Closed: innocent/, /Explained until/, /Acknowledged/, /nobody has taken it/])
    assert.match(await told(context, id, { undo: true, ...by }), state);
  await assert.rejects(told(context, id, { undo: true, ...by }), refused(/nothing to take back/));

  const database = new DatabaseSync(join(data, "recordings", "first.db"), { readOnly: true });
  assert.equal(chainTrouble(database), null);
  database.close();
  const reader = await openReader(join(data, "recordings", "first.db"));
  const changes = await reader.changes(0, 20);
  await reader.close();
  assert.deepEqual(
    changes.filter(({ what }) => what !== "undo").map(({ value, about, undone }) => [value, about, undone]),
    ["open again", "closed: innocent", "explained until 2023-11-20, owner Kim", "acknowledged"].map((word) => [
      `finding ${id} is ${word}`,
      "log-in-guessing: 10.0.0.1 10.0.0.2 ftp",
      true,
    ]),
  );
});

test("it hangs on detector and key: gone on it stays acknowledged, closed and gone on it is new again, read anew it has its id", async (context) => {
  const { id } = await one();
  const by = { who: "lind", reason: "seen" };
  await told(context, id, { acknowledge: true, ...by });
  heard("first", refusals(60, 5));
  assert.deepEqual([(await one()).id, (await one()).standing.state, (await one()).count], [id, "acknowledged", 17]);
  await told(context, id, { close: "true", ...by });
  heard("first", refusals(120, 5));
  assert.match(await told(context, id), /Now {7}New again: it went on after lind \(not verified\) closed it\./);
  heard("again", refusals(0, 12));
  assert.equal((await one("again")).id, id);
});

test("a script hears by the exit code of what nobody has dealt with, and of nothing else", async (context) => {
  const { id } = await one();
  await told(context, undefined, { failOn: "high" });
  assert.equal(process.exitCode, 1);
  process.exitCode = exitCode;
  await told(context, undefined, { failOn: "critical" });
  assert.equal(process.exitCode, exitCode);
  await told(context, id, { close: "innocent", who: "lind", reason: "seen" });
  await told(context, undefined, { failOn: "low" });
  assert.equal(process.exitCode, exitCode);
});

test("its frames are written as pcapng; what cannot be done is one line", async (context) => {
  const { id } = await one();
  const file = join(data, "it.pcapng");
  assert.match(await told(context, id, { frames: file }), /12 frames written/);
  assert.ok(existsSync(file) && readFileSync(file).includes("test.pcap"));
  await assert.rejects(told(context, id, { frames: data }), refused(/--frames: expected a file that can be written, got a folder: /));
  const by = { who: "lind", reason: "seen" };
  await assert.rejects(told(context, "0123456789abcdef", by), refused(/expected the id of a finding of the recording first/));
  await assert.rejects(told(context, undefined, { acknowledge: true }), refused(/--acknowledge: expected the id of a finding/));
  await assert.rejects(told(context, id, { acknowledge: true, undo: true, ...by }), refused(/got both/));
  await assert.rejects(told(context, id, { acknowledge: true, who: "lind" }), refused(/--reason/));
  await assert.rejects(told(context, id, { explain: true, until: "2023-02-30", owner: "Kim", ...by }), refused(/--until: expected a day/));
  await assert.rejects(told(context, id, { explain: true, until: "2023-11-20", ...by }), refused(/--owner/));
  await assert.rejects(told(context, id, { explain: true, until: "2023-11-13", owner: "Kim", ...by }), refused(/would cover nothing/));
  await assert.rejects(told(context, id, { explain: true, until: "2099-01-01", owner: "Kim", ...by }), refused(/within 366 days/));
});
