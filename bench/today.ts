/**
 * `npm run today`: what Today of a large hospital takes, beside one full scan of its table of devices on the same machine, in turn. A
 * scan reads every row with all its columns into objects, which is the least anybody must do who looks at each device.
 */
import { Recording } from "../src/testing/recording.ts";
import { openReader } from "../src/reader.ts";
import { Store } from "../src/store/reader.ts";
import { asked, wholeNumber } from "../scripts/asked.ts";

const USAGE = `What Today takes, in scans of the table of devices.

  npm run today                        20,000 devices, five times in turn
  npm run today -- --devices 100000`;

const { values: options } = asked("today", USAGE, {
  devices: { type: "string", default: "20000" },
  runs: { type: "string", default: "5" },
});
const devices = wholeNumber("today", "--devices", options.devices, 1);
const runs = wholeNumber("today", "--runs", options.runs, 1);

const KINDS = [
  ["infusion pump", "therapy"],
  ["patient monitor", "life-supporting"],
  ["ultrasound", "diagnostic"],
  ["workstation", "other"],
] as const;

const done: (() => void)[] = [];
try {
  const path = hospital(devices);
  const ratios = Array.from({ length: runs }, () => 0);
  for (const run of ratios.keys()) {
    const scan = await timed(async () => {
      const store = new Store(path);
      store.all("SELECT * FROM device");
      store.close();
    });
    // A reader of its own each time: what is kept costs nothing.
    const reader = await openReader(path);
    let sentences = 0;
    const today = await timed(async () => (sentences = (await reader.today({ walls: [], ownRanges: [], hours: 40 })).sentences.length));
    await reader.close();
    ratios[run] = today / scan;
    console.log(`${devices} devices: one scan ${scan.toFixed(0)} ms, Today ${today.toFixed(0)} ms with ${sentences} sentences, ${ratios[run].toFixed(1)} scans`); // prettier-ignore
  }
  console.log(`median: Today takes ${ratios.toSorted((a, b) => a - b)[Math.floor(runs / 2)]!.toFixed(1)} scans; the goal is at most 5`);
} finally {
  for (const work of done) work();
}

/** Each in a ward of forty, three conversations each with one of a hundred servers, one in ten answering Telnet. */
function hospital(count: number): string {
  const recording = new Recording({ after: (work) => done.push(work) });
  recording.sql("BEGIN");
  recording.run("mirror.pcap");
  for (let at = 1; at <= count; at++) {
    const [kind, lifeCritical] = KINDS[at % KINDS.length]!;
    const endpoint = recording.endpoint(mac(at), ip(at));
    recording.device([endpoint], { name: `${kind} ${at}`, kind, lifeCritical, location: `Ward ${Math.floor(at / 40)} bed ${at % 40}` });
    recording.claim(endpoint, "hostname", `host-${at}`, "dhcp");
  }
  for (let at = 101; at <= count; at++) {
    for (const [more, port] of [[0, 443], [1, 2575], [2, 123]] as const)
      recording.conversation({ client: at, server: ((at + more * 33) % 100) + 1, port, protocol: port === 2575 ? "hl7" : "tls" }); // prettier-ignore
    if (at % 10 === 0) recording.conversation({ client: (at % 100) + 1, server: at, port: 23, protocol: "telnet" });
  }
  recording.sql("COMMIT");
  return recording.path;
}

function mac(at: number): string {
  return `00:09:fb:${[at >> 16, at >> 8, at].map((it) => (it & 255).toString(16).padStart(2, "0")).join(":")}`;
}

function ip(at: number): string {
  return `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
