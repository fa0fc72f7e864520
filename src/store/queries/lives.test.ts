/** Lives of devices as the store has them, of frames that real session, sensor and core read. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openReader } from "../../reader.ts";
import { FIRST_AT, pcapFile } from "../../testing/frames.ts";
import { opened } from "../../testing/opened.ts";
import { DAY as RECORDED_DAY, END, Recording } from "../../testing/recording.ts";
import { PumpWard } from "../../testing/pumps.ts";
import { Store } from "../reader.ts";
import { livesIn } from "./lives.ts";

const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;
/** Not at midnight. */
const START = FIRST_AT + 6 * HOUR;
const folder = mkdtempSync(join(tmpdir(), "auscult-lives-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("when each was heard, on which days it worked, and what it said of its software and when; and a recall asked of it", async () => {
  const ward = new PumpWard();
  ward.report(START, "P1", 5, { library: "7" });
  // An hour without a frame is a leap that a capture's clock does not believe at once.
  for (let minutes = 50; minutes < 40 * 60; minutes += 50) ward.report(START + minutes * (HOUR / 60), "P2", 5, { library: "7" });
  ward.report(START + 40 * HOUR, "P1", 5, { library: "8" });
  const capture = join(folder, "ward.pcap");
  writeFileSync(capture, pcapFile(ward.frames));
  const { path } = await opened(join(folder, "data"), capture);

  const store = new Store(path);
  const lives = finished(livesIn(store, ["hl7"]));
  const idle = finished(livesIn(store, ["dicom"]));
  store.close();
  const gateway = lives.devices.find(({ worked: days, software }) => days !== 0 && software.length === 0);
  assert.equal(gateway?.worked, 0b11, "the day of the last frame lowest");
  assert.ok(
    idle.devices.every(({ worked: days }) => days === 0),
    "what is no work of theirs does not count",
  );
  const [pump] = lives.devices.filter(({ software }) => software.length > 1);
  assert.deepEqual(
    pump?.software.map(({ value, first, last }) => [value, Math.round((first - START) / HOUR), Math.round((last - START) / HOUR)]),
    [
      ["drug library 7", 0, 0],
      ["drug library 8", 40, 40],
    ],
  );
  assert.equal(lives.to! - lives.from! > DAY, true);

  const reader = await openReader(path);
  after(() => reader.close());
  const { heard, devices } = await reader.recall({ version: "8" });
  assert.deepEqual([heard.rows.map(({ id }) => id), devices], [[pump?.id], lives.devices.length]);
  const list = { file: "assets.csv", bytes: Buffer.from("Serial;Model\nSN1;VT-4\nSN2;VT-5\n") };
  assert.deepEqual((await reader.recall({ model: "VT-4" }, list)).listedOnly, [{ row: 2, says: "VT-4, SN1" }]);
  assert.equal((await reader.lifecycle("kind")).devices, lives.devices.length);
});

test("work is that of both who ask and who answer, on the days of each conversation", (t) => {
  const recording = new Recording(t);
  recording.run("week.pcap");
  const [asks, answers, rests] = [1, 2, 3].map((at) => recording.endpoint(`00:09:fb:00:00:0${at}`, `10.0.0.${at}`)) as [
    number,
    number,
    number,
  ];
  for (const it of [asks, answers, rests]) recording.device([it]);
  const talk = { client: asks, server: answers, port: 2575, protocol: "hl7" } as const;
  recording.conversation({ ...talk, days: [0b1, 0] });
  recording.conversation({ ...talk, client: answers, server: asks, last: END - 2 * RECORDED_DAY, days: [0b101, 0] });
  recording.conversation({ ...talk, client: rests, protocol: "tls" });
  const store = new Store(recording.path);
  t.after(() => store.close());
  assert.deepEqual(finished(livesIn(store, ["hl7", "dicom"])).devices.map(({ worked }) => worked), [0b10101, 0b10101, 0]); // prettier-ignore

  recording.sql(`DELETE FROM conversation WHERE client = ${answers}`);
  assert.deepEqual(finished(livesIn(store, ["hl7", "dicom"])).devices.map(({ worked }) => worked), [0b1, 0b1, 0]); // prettier-ignore
});

function finished<Value>(steps: Generator<undefined, Value>): Value {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
