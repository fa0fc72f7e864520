/** `auscult do-not-scan` on a recording: listed, said of and taken back, exported, and refused in one line. */
import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { DAY, END, Recording } from "../testing/recording.ts";
import { doNotScanExport, doNotScanList, doNotScanSay, doNotScanUndo } from "./do-not-scan.ts";
import { withReader } from "./recording.ts";
import { CommandError, Exit } from "./terminal.ts";

test("who is on it, at which addresses, why and until when, for people and for programs", async (t) => {
  const data = recorded(t);
  const lines = (await told(t, () => doNotScanList({ data }))).split("\n");
  assert.match(
    lines.find((it) => it.startsWith("d1\t")) ?? "",
    /^d1\tpump7\tlisted\t10\.0\.0\.1\tit is an infusion pump: it treats a patient.*\t2027-02-21\t$/,
  );
  assert.match(lines.find((it) => it.startsWith("d2\t")) ?? "", /^d2\tpump8\tended: confirm it\t10\.0\.0\.2\t/);
  assert.equal(lines.some((it) => it.startsWith("d3\t")), false); // prettier-ignore
  assert.match(lines.at(-2)!, /^1 line listed of 3 devices; 1 ended, 0 not heard at any address, 0 taken off\. A line ends 90 days/);
  const document = JSON.parse((await told(t, () => doNotScanList({ data, state: "ended", json: true }))).split("\n")[1]!) as { schema: string; lines: { about: string }[] }; // prettier-ignore
  assert.deepEqual([document.schema, document.lines.map(({ about }) => about)], ["auscult.do-not-scan/1", ["d2"]]);
});

test("one device's line is asked for alone, and is the one the list has", async (t) => {
  const path = join(recorded(t), "recordings", "ward.db");
  const [own, listed, none] = await withReader(path, async (reader) => [
    await reader.doNotScanOf("d1", 90),
    (await reader.doNotScan({ states: ["listed"], days: 90, offset: 0, limit: 10 })).rows[0],
    await reader.doNotScanOf("d3", 90),
  ]);
  assert.equal(own?.state, "listed");
  assert.deepEqual(own, listed);
  assert.equal(none, null);
});

test("the setting says after how many days a line ends", async (t) => {
  const data = recorded(t);
  writeFileSync(join(data, "settings.yaml"), "doNotScanDays: 730\n");
  assert.match(await told(t, () => doNotScanList({ data })), /2 lines listed of 3 devices; 0 ended/);
});

test("added by address or network, taken off by name, each with a reason, and taken back", async (t) => {
  const data = recorded(t);
  const say = { data, reason: "looked at it", who: "Kim" };
  assert.match(await told(t, () => doNotScanSay("10.0.0.3", "list", { ...say, until: "2026-12-24" })), /d3 \(nurse\) is on the do-not-scan list until 2027-02-21: looked at it\. It is change 1/); // prettier-ignore
  assert.match(await told(t, () => doNotScanSay("10.9.0.0/24", "list", { ...say, until: "2026-12-24" })), /10\.9\.0\.0\/24 is on the do-not-scan list until 2026-12-24: looked at it\./); // prettier-ignore
  assert.match(await told(t, () => doNotScanSay("10.9.1.1", "list", say)), /10\.9\.1\.1 is on the do-not-scan list/);
  assert.match(await told(t, () => doNotScanSay("pump7", "take off", say)), /d1 \(pump7\) is taken off the do-not-scan list/);
  assert.match(
    await told(t, () => doNotScanList({ data })),
    /3 lines listed of 3 devices; 1 ended, 0 not heard at any address, 1 taken off/,
  );
  assert.match(await told(t, () => doNotScanUndo("d1", say)), /d1 \(pump7\) is on the do-not-scan list until 2027-02-21/);
  assert.match(await told(t, () => doNotScanUndo("10.9.0.0/24", say)), /10\.9\.0\.0\/24 is not on the do-not-scan list\./);
});

test("exported, whole or not at all: where nobody would stand in it the file before stays", async (t) => {
  const data = recorded(t);
  const out = join(data, "exclude.txt");
  const first = await told(t, () => doNotScanExport({ data, to: "nmap", out }));
  assert.match(first, /^nmap's exclude file, as of the end of ward: 1 line, 1 address\.\nNot in it: 1 whose end has passed/);
  const text = readFileSync(out, "utf8");
  assert.match(text, /^10\.0\.0\.1 # d1 pump7: it is an infusion pump/m);
  assert.equal((await told(t, () => doNotScanExport({ data, to: "nmap" }))).startsWith(text), true);
  await told(t, () => doNotScanSay("d1", "take off", { data, reason: "sold" }));
  await refused(
    t,
    () => doNotScanExport({ data, to: "nmap", out }),
    /expected a device with an address on the do-not-scan list, got none of 3/,
  );
  assert.equal(readFileSync(out, "utf8"), text);
  assert.equal(existsSync(`${out}.new`), false);
  assert.match(await told(t, () => doNotScanExport({ data, to: "nmap", allowEmpty: true })), /# Nobody stands on it: this was asked for\./);
});

test("what is wrong is said in one line, and nothing else happens", async (t) => {
  const data = recorded(t);
  const say = { data, reason: "looked" };
  await refused(t, () => doNotScanExport({ data, to: "openvas" }), /--to: expected one of nmap, .*, got "openvas"/);
  await refused(
    t,
    () => doNotScanExport({ data, to: "nmap", out: join(data, "no", "file") }),
    /--out: expected a file that can be written, got no such/,
  );
  await refused(
    t,
    () => doNotScanSay("d1", "list", { ...say, until: "soon" }),
    /--until: expected the last day it holds, such as 2026-12-01, got "soon"/,
  );
  await refused(t, () => doNotScanSay("d1", "list", { data }), /--reason: expected how you know, got nothing/);
  await refused(t, () => doNotScanSay("10.0.0.0/8", "list", say), /expected a network of \/16 or smaller, got \/8/);
  await refused(t, () => doNotScanSay("10.0.0.1/24", "list", say), /expected a device, an address, or a network by its first address/);
  await refused(t, () => doNotScanSay("nobody", "list", say), /expected a device of the recording ward, found none for "nobody"/);
  await refused(t, () => doNotScanUndo("d1", say), /expected a line of which something was said, got d1/);
});

/** A data directory with the recording "ward": a pump, one that was not heard for long, and who asked them. */
function recorded(t: TestContext): string {
  const data = mkdtempSync(join(tmpdir(), "auscult-do-not-scan-"));
  t.after(() => rmSync(data, { recursive: true }));
  mkdirSync(join(data, "recordings"));
  const recording = new Recording(t);
  recording.sql("PRAGMA journal_mode = DELETE");
  recording.run("ward.pcap", {}, { first: END - 200 * DAY });
  const old = { first: END - 199 * DAY, last: END - 91 * DAY };
  recording.device([recording.endpoint("00:09:fb:00:00:01", "10.0.0.1")], {
    name: "pump7",
    kind: "infusion pump",
    lifeCritical: "therapy",
  });
  recording.device([recording.endpoint("00:09:fb:00:00:02", "10.0.0.2", old)], {
    name: "pump8",
    kind: "infusion pump",
    lifeCritical: "therapy",
    ...old,
  });
  recording.device([recording.endpoint("00:09:fb:00:00:03", "10.0.0.3")], { name: "nurse", kind: "workstation" });
  copyFileSync(recording.path, join(data, "recordings", "ward.db"));
  return data;
}

async function told(t: TestContext, command: () => Promise<void>): Promise<string> {
  const lines: string[] = [];
  const streams = [process.stdout, process.stderr].map((stream) => {
    const write = stream.write.bind(stream);
    // The test runner's own lines are bytes.
    return t.mock.method(stream, "write", (text: string | Uint8Array) => (typeof text === "string" ? lines.push(text) > 0 : write(text)));
  });
  try {
    await command();
  } finally {
    for (const stream of streams) stream.mock.restore();
  }
  return lines.join("");
}

async function refused(t: TestContext, command: () => Promise<void>, expected: RegExp): Promise<void> {
  await assert.rejects(
    told(t, command),
    (error) => error instanceof CommandError && error.exit === Exit.usage && expected.test(error.message),
  );
}
