import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readSettings } from "../config.ts";
import { simulate } from "../simulation/index.ts";
import { feed, type Fed } from "./feeding.ts";
import { startLine } from "./reading.ts";
import type { WriterNews } from "./recording.ts";
import { descriptorsOf, type SensorInput } from "./sensor.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-feeding-"));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, "hospital.pcap");
writeFileSync(file, Buffer.concat([...simulate({ seed: 1, minutes: 5, size: 60 }).capture]));

/** So many that a sensor which is not held back would have said more meanwhile. */
const CHECKS = 200;
const FAR_BEHIND = 1e9;

test("while the core is behind nothing more comes, and afterwards all of it does", async () => {
  const chunks: Uint8Array[] = [];
  const comeAtCheck: number[] = [];
  let asked = 0;
  const behind = () => {
    // Asked first when a chunk came, and then at each check, until the core has caught up.
    if (asked++ > CHECKS) return 0;
    comeAtCheck.push(chunks.length);
    return FAR_BEHIND;
  };
  const how = await fed({ writer: { behind, subscribe: () => () => undefined }, source: { accept: (chunk) => chunks.push(chunk) } });
  assert.equal(how, "exit 0");
  assert.deepEqual(new Set(comeAtCheck), new Set([comeAtCheck[0]!]));
  assert.ok(chunks.length > comeAtCheck[0]!, `${chunks.length} chunks in all`);
  assert.match(Buffer.concat(chunks).toString("utf8"), /"say":"done".*\n$/);
});

test("a sensor that is not believed any more is ended", async () => {
  let handler: ((news: WriterNews) => void) | undefined;
  const subscribe = (it: typeof handler) => {
    handler = it;
    return () => (handler = undefined);
  };
  const accept = () => handler?.({ refused: { why: "no batch", restart: true } });
  assert.equal(await fed({ writer: { behind: () => 0, subscribe }, source: { accept } }), "SIGKILL");
  assert.equal(handler, undefined);
});

/** How the sensor ended. */
async function fed(to: Omit<Fed, "log">): Promise<string> {
  const fd = openSync(file, "r");
  const inputs: readonly SensorInput[] = [{ kind: "file", fd }];
  const parts = [{ fd: descriptorsOf(inputs)[0]!, name: "hospital", run: "run", skipTo: 0, firstAt: null }];
  const start = startLine(readSettings("", {}), "00".repeat(32), [{ live: false, name: "hospital", parts }]);
  try {
    const { ended } = await feed(start, inputs, { ...to, log: assert.fail });
    return await ended;
  } finally {
    closeSync(fd);
  }
}
