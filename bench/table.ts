/**
 * `npm run table`: how soon the table of a large hospital answers a person, in a browser, from the turn of the wheel or the press of a key
 * to the frame that has all rows of the answer painted. Seconds are this machine's: on one that does other work they say little, so how
 * busy it was stands beside them.
 */
import { loadavg } from "node:os";
import { asked, wholeNumber, wrongUse } from "../scripts/asked.ts";
import { noBrowser, open } from "../web/tests/browser.ts";
import { ACTS, largeRecording, timesOf } from "../web/tests/large-table.ts";

const GOAL_MS = 100;

const USAGE = `How soon the table of devices answers, in a browser.

  npm run table                                 350,000 devices, forty tries of each act
  npm run table -- --devices 20000 --tries 100`;

const { values: options } = asked("table", USAGE, {
  devices: { type: "string", default: "350000" },
  tries: { type: "string", default: "40" },
});
const devices = wholeNumber("table", "--devices", options.devices, 1_000);
const tries = wholeNumber("table", "--tries", options.tries, 1);
if (noBrowser !== false) wrongUse("table", `expected a browser, ${noBrowser}`);

const done: (() => void)[] = [];
try {
  const reader = await largeRecording({ after: (work) => done.push(work) }, devices);
  const it = await open();
  try {
    it.ward.recording = () => reader;
    // It is what a person opens first, and is worked out of all devices by the thread that answers for the table.
    const began = performance.now();
    await reader.today({ walls: [], ownRanges: [], hours: null });
    console.log(`the table and Today were worked out in ${((performance.now() - began) / 1000).toFixed(1)} s`);
    const times = await timesOf(it, devices, tries);
    console.log(`${devices.toLocaleString("en-US")} devices, ${tries} tries each; goal: ${GOAL_MS} ms at the 95th percentile`);
    for (const act of ACTS)
      console.log(`  ${act.padEnd(8)}${[50, 95, 100].map((share) => `${share} %: ${percentile(times[act], share)} ms`).join("   ")}`);
  } finally {
    await it.close();
    await reader.close();
  }
  console.log(`  load of the machine in the last minute: ${loadavg()[0]!.toFixed(1)}`);
} finally {
  for (const work of done) work();
}

/** Of so many in a hundred none took longer. */
function percentile(times: readonly number[], share: number): string {
  const ordered = times.toSorted((a, b) => a - b);
  return ordered[Math.ceil((ordered.length * share) / 100) - 1]!.toFixed(0).padStart(4);
}
