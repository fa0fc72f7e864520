import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConversationNews } from "../model/finding.ts";
import { machine, SECOND_US, signal } from "../testing/watched.ts";
import { monitorsLost } from "./monitors-lost.ts";

const CENTRAL = machine(1);
const BEGIN_US = signal(0, { kind: "load" }).at;
const report = (seconds: number, monitor: number): ConversationNews => ({
  news: "conversation", at: BEGIN_US + seconds * SECOND_US, first: BEGIN_US, client: machine(monitor), server: CENTRAL, transport: "tcp", port: 3_000,
  protocol: "hl7", operations: ["ORU^R01"], bytesToServer: 900, bytesToClient: 90, answered: 0, refused: 0, side: "handshake", encrypted: false,
}); // prettier-ignore

/** Eight monitors report every 10 s for an hour; `until` says until when each does. */
function heard(until: (monitor: number) => number, from = 0): string[] {
  const memory = monitorsLost.remember();
  const lines: string[] = [];
  for (let seconds = from; seconds < 3_600; seconds += 10)
    for (let monitor = 10; monitor < 18; monitor++)
      if (seconds < until(monitor))
        for (const { summary, others } of monitorsLost.notice(report(seconds, monitor), memory, {
          since: BEGIN_US,
          conversedSince: () => null,
          heardSince: () => null,
        }))
          lines.push(`${seconds} s: ${summary}: ${others.map((it) => it.ip).join(" ")}`);
  return lines;
}

test("three monitors silent since the same minute are told of, once", () => {
  assert.deepEqual(
    heard((monitor) => (monitor < 13 ? 2_000 : 3_600)),
    ["2050 s: 3 of 8 machines that report to it fell silent within 1 s: 10.0.0.10 10.0.0.11 10.0.0.12"],
  );
});

test("one that goes quiet, two, or three an hour apart are ordinary; all at once may be the mirror", () => {
  assert.deepEqual(
    heard((monitor) => (monitor < 12 ? 2_000 : 3_600)),
    [],
  );
  assert.deepEqual(
    heard((monitor) => (monitor < 13 ? 1_000 + (monitor - 10) * 600 : 3_600)),
    [],
  );
  assert.deepEqual(
    heard(() => 2_000),
    [],
  );
});
