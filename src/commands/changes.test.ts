/** What a person says at the terminal: which addresses are one machine, with a name and a reason, listed and taken back. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { Core } from "../core.ts";
import { arp, ethernet } from "../testing/frames.ts";
import { hear } from "../testing/hear.ts";
import { changes } from "./changes.ts";
import { device } from "./device.ts";

/** A data directory with a recording of two devices, 10.0.0.1 and 10.0.0.2. */
function ward(context: TestContext): string {
  const data = mkdtempSync(join(tmpdir(), "auscult-changes-"));
  context.after(() => rmSync(data, { recursive: true }));
  mkdirSync(join(data, "recordings"));
  const core = new Core({ path: join(data, "recordings", "ward.db"), site: "main", ownRanges: [] });
  const frames = [1, 2].map((last) => {
    const [mac, ip] = [`00:09:fb:00:00:0${last}`, `10.0.0.${last}`];
    return ethernet({ type: 0x0806, from: mac, to: "ff:ff:ff:ff:ff:ff" }, arp(1, [mac, ip], ["00:00:00:00:00:00", "10.0.0.200"]));
  });
  for (const it of hear(frames)) core.take(it);
  core.settle();
  core.close();
  return data;
}

/** What is printed and said meanwhile. */
async function heard(context: TestContext, work: () => Promise<void>): Promise<string> {
  let text = "";
  const takes = (piece: string | Uint8Array) => {
    text += String(piece);
    return true;
  };
  const mocks = [context.mock.method(process.stdout, "write", takes), context.mock.method(process.stderr, "write", takes)];
  try {
    await work();
  } finally {
    for (const { mock } of mocks) mock.restore();
  }
  return text;
}

test("two devices are said to be one, which is listed, led to by the other's number, and taken back", async (context) => {
  const data = ward(context);
  const by = { data, who: "lind", reason: "one cart" };
  const asked = JSON.parse(await heard(context, () => device("10.0.0.2", { data, json: true }))) as { id: string };
  const merged = await heard(context, () => device("10.0.0.1", { ...by, merge: "10.0.0.2" }));
  assert.match(merged, /^10\.0\.0\.1 {2}10\.0\.0\.2 /m);
  const sentence = /lind \(not verified\) said that d\d+ and d\d+ are one machine: one cart\. \(change 1\)/;
  assert.match(merged, sentence);
  const other = await heard(context, () => device(asked.id, { data }));
  assert.match(other, new RegExp(`${asked.id} is part of d\\d+ now\\. lind \\(not verified\\) said that`));
  assert.match(
    await heard(context, () => changes({ data })),
    /^1\t.*\tlind \(not verified\)\td\d+ and d\d+ are one machine\t.*\tone cart\t$/m,
  );

  await heard(context, () => device("10.0.0.1", { ...by, split: ["10.0.0.2"] }));
  await heard(context, () => changes({ ...by, undo: 1 }));
  assert.match(await heard(context, () => changes({ data })), /^1\t.*\ttaken back$/m);
  assert.doesNotMatch(await heard(context, () => device("10.0.0.1", { data })), /10\.0\.0\.2\b.*\n\nlind/);
  await assert.rejects(changes({ ...by, undo: 1 }), { message: "change 1 was taken back already" });
});

test("what is said without a reason, or of addresses that are another's, is refused in one line", async (context) => {
  const data = ward(context);
  const by = { data, reason: "seen" };
  await assert.rejects(device("10.0.0.1", { data, merge: "10.0.0.2" }), { message: "--reason: expected how you know, got nothing" });
  await assert.rejects(
    device("10.0.0.1", { data, reason: "a\nb", merge: "10.0.0.2" }),
    /--reason: expected one line of at most 1000 characters/,
  );
  await assert.rejects(device("10.0.0.1", { ...by, merge: "10.0.0.2", split: ["10.0.0.1"] }), {
    message: "expected --merge or --split, got both",
  });
  await assert.rejects(device("10.0.0.1", { ...by, merge: "10.0.0.9" }), /found none for "10\.0\.0\.9"/);
  await assert.rejects(
    device("10.0.0.1", { ...by, split: ["10.0.0.2"] }),
    /^Error: expected some of its addresses \(.*10\.0\.0\.1\), got 10\.0\.0\.2$/,
  );
});
