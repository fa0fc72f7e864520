/** Disks that are full, and disks that fail: nothing is lost, it is said, reads go on, and so does writing when it can. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { AddressRow, Batch, ConversationRow } from "../model/batch.ts";
import { openWriter } from "./recording.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-full-"));
const small = join(folder, "small");
mkdirSync(small);
after(() => rmSync(folder, { recursive: true, force: true }));

const MACHINES = 200;
const BATCHES = Array.from({ length: 25 }, (_, index) => batch(index + 1));

/** New machines in each batch, that all talk to one server. */
function batch(sequence: number): Batch {
  const at = 1_700_000_000_000_000 + sequence * 1_000_000;
  const hex = (byte: number) => byte.toString(16).padStart(2, "0");
  const machines = Array.from({ length: MACHINES }, (_, machine): AddressRow => [
    0, `00:09:fb:00:${hex(sequence)}:${hex(machine)}`, `10.0.${sequence}.${machine + 1}`, null, 1, 60, at, at, 2,
  ]); // prettier-ignore
  return {
    schema: 2,
    site: "main",
    sensor: "local",
    run: "a",
    sequence,
    input: "ward.pcap",
    from: at,
    to: at + 10,
    frames: {
      frames: MACHINES,
      bytes: 60 * MACHINES,
      lastFrame: MACHINES * sequence,
      duplicates: 0,
      routedCopies: 0,
      cut: 0,
      timeBackwards: 0,
      malformed: {},
      unheard: {},
      broadcast: 0,
      multicast: 0,
      flowsTwoWay: 0,
      flowsOneWay: 0,
    },
    addresses: [[0, "00:50:56:00:00:09", "10.0.0.9", null, 1, 60, at, at, 2], ...machines],
    observations: machines.map((_, place) => [place + 1, "hostname", `pump${sequence}-${place}`, "dhcp", -1, at, at, 1]),
    conversations: machines.map((_, place): ConversationRow => [
      place + 1,
      0,
      "tcp",
      80,
      "http",
      ["GET"],
      1,
      1,
      60,
      60,
      1,
      0,
      at,
      at,
      "handshake",
      0,
    ]),
    attempts: [],
    signals: [],
    loss: { drops: 0, gaps: 0, gapBytes: 0, limits: {} },
  };
}

const bytes = () => Uint8Array.from(Buffer.from(BATCHES.map((it) => `${JSON.stringify(it)}\n`).join("")));

/** Everything that was heard and what followed. */
function contents(path: string): unknown[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return ["endpoint", "claim", "conversation", "served", "device", "device_endpoint", "run"].flatMap((table) =>
      database.prepare(`SELECT * FROM ${table}`).all(),
    );
  } finally {
    database.close();
  }
}

let wanted: unknown[] = [];
before(async () => {
  const path = join(folder, "undisturbed.db");
  const writer = await openWriter(path, { site: "main", ownRanges: [] });
  const disk: unknown[] = [];
  writer.subscribe((news) => news.disk !== undefined && disk.push(news.disk));
  const source = writer.source(() => undefined);
  source.accept(bytes());
  await source.taken();
  await writer.settle();
  await writer.close();
  assert.deepEqual(disk, [], "on a disk with room nothing is said of it");
  wanted = contents(path);
});

test("on a full disk what is heard waits, what is there can be read, and with room it goes on by itself", async () => {
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=1500k", "tmpfs", small]);
  const path = join(small, "ward.db");
  const writer = await openWriter(path, { site: "main", ownRanges: [] });
  try {
    const disk: (string | null)[] = [];
    writer.subscribe((news) => news.disk !== undefined && disk.push(news.disk));
    const source = writer.source(() => undefined);
    source.accept(bytes());
    const settled = source.taken().then(() => writer.settle());
    while (disk.length === 0) await sleep(10);
    assert.match(disk[0]!, /disk is full/);

    const more = writer.source(() => undefined);
    more.accept(bytes());
    await sleep(2_500);
    assert.ok(writer.behind() > 0, "what comes is not taken");
    assert.equal(disk.length, 1, "it is said once");
    const database = new DatabaseSync(path, { readOnly: true });
    assert.ok((database.prepare("SELECT count(*) AS count FROM about").get()!["count"] as number) > 0);
    database.close();

    execFileSync("mount", ["-o", "remount,size=64m", small]);
    await settled;
    assert.deepEqual(disk.slice(1), [null]);
    await more.taken();
    assert.equal(await writer.stored("a"), BATCHES.length);
    await writer.close();
    assert.deepEqual(contents(path), wanted);
  } finally {
    await writer.close();
    execFileSync("umount", [small]);
  }
});

test("a writer whose disk is full ends when it is told to, and the next one goes on", async () => {
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=1500k", "tmpfs", small]);
  try {
    const path = join(small, "ward.db");
    let writer = await openWriter(path, { site: "main", ownRanges: [] });
    const full = new Promise((resolve) => writer.subscribe((news) => news.disk !== undefined && resolve(news.disk)));
    const source = writer.source(() => undefined);
    source.accept(bytes());
    await full;
    await writer.close();

    execFileSync("mount", ["-o", "remount,size=64m", small]);
    writer = await openWriter(path, { site: "main", ownRanges: [] });
    const again = writer.source(() => undefined);
    again.accept(bytes());
    await again.taken();
    await writer.settle();
    await writer.close();
    assert.deepEqual(contents(path), wanted);
  } finally {
    execFileSync("umount", [small]);
  }
});

test("a disk that fails to sync for a while loses nothing and counts nothing twice", async () => {
  const path = join(folder, "failing.db");
  const log = join(folder, "strace.log");
  const program = join(folder, "write.ts");
  writeFileSync(join(folder, "batches.jsonl"), bytes());
  // Few batches at a time, each stored, so that there are many syncs.
  writeFileSync(
    program,
    `
    import { readFileSync } from "node:fs";
    import { Core } from ${JSON.stringify(join(import.meta.dirname, "..", "core.ts"))};
    import { DiskRefused } from ${JSON.stringify(join(import.meta.dirname, "..", "store", "writing.ts"))};
    const core = new Core({ path: ${JSON.stringify(path)}, site: "main", ownRanges: [] });
    let refused = 0;
    const trying = (work) => {
      for (;;) try { return work(); } catch (error) { if (!(error instanceof DiskRefused)) throw error; refused++; }
    };
    for (const line of readFileSync(${JSON.stringify(join(folder, "batches.jsonl"))}, "utf8").trimEnd().split("\\n")) {
      core.take(JSON.parse(line));
      trying(() => core.flush());
    }
    trying(() => core.settle());
    core.close();
    console.log(refused);`,
  );
  const fault = ["-f", "-qq", "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO:when=12..40+3", "-o", log];
  const child = spawn("strace", [...fault, process.execPath, "--disable-warning=ExperimentalWarning", program]);
  let [said, complaints] = ["", ""];
  child.stdout.on("data", (text: Buffer) => (said += text.toString()));
  child.stderr.on("data", (text: Buffer) => (complaints += text.toString()));
  const [code] = (await once(child, "close")) as [number];
  assert.equal(code, 0, complaints);
  assert.match(readFileSync(log, "utf8"), /EIO .*INJECTED/, "the fault was there");
  assert.ok(Number(said) > 0, "and it was met");
  assert.deepEqual(
    contents(path).map((row) => ({ ...(row as object), state: "" })),
    wanted.map((row) => ({ ...(row as object), state: "" })),
  );
});
