import assert from "node:assert/strict";
import { test } from "node:test";
import type { Watch } from "../model/finding.ts";
import { tcpFrame } from "../testing/frames.ts";
import { Ear } from "../testing/hear.ts";
import { foundLines } from "../testing/watched.ts";
import { forgedSenders } from "./forged-senders.ts";
import { scan } from "./scan.ts";

/** Connections asked for, each by another; `answers`: of all of them. */
function flood(perSecond: number, seconds: number, answers = false): readonly string[] {
  const ear = new Ear({ every: 1 / perSecond / (answers ? 2 : 1) });
  for (let i = 0; i < perSecond * seconds; i++) {
    const sender = `198.18.${i >> 8}.${i & 255}`;
    ear.frame(tcpFrame({ from: 1_025, to: 80, flags: "S", fromIp: sender, toIp: "10.0.0.2" }));
    if (answers) ear.frame(tcpFrame({ from: 80, to: 1_025, flags: "SA", fromIp: "10.0.0.2", toIp: sender }));
  }
  return foundLines(ear.end(), [forgedSenders, scan] as readonly Watch[]);
}

test("two seconds of very many strangers are one finding of their receiver, and none of them is said to scan", () => {
  assert.deepEqual(flood(500, 5), ["forged-senders high 10.0.0.2: asked by at least 500 senders that never came before, in one second, and not answered"]); // prettier-ignore
});

test("one second of them, fewer, and such as are answered, are none", () => {
  assert.deepEqual([...flood(500, 1), ...flood(90, 5), ...flood(500, 5, true)], []);
});
