/** What is usual is learned over days, on which the program is started again, and what is not is shown by what people say a device is. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Core } from "../core.ts";
import type { Batch } from "../model/batch.ts";
import type { Finding } from "../model/finding.ts";
import { openReader } from "../reader.ts";
import { calls, type Call } from "../testing/calls.ts";

const DAY = 24 * 3600;
const [SERVER, HOME] = ["10.0.0.2", "203.0.113.9"];
const CAMERAS = ["10.0.0.7", "10.0.0.8", "10.0.0.9"];
const daily = (days: number): readonly Call[] =>
  Array.from({ length: days }, (_, day) =>
    CAMERAS.map((client, i) => ({ at: day * DAY + i * 60, client, server: SERVER, port: 8_080 })),
  ).flat();

interface Recorded {
  readonly core: Core;
  readonly findings: () => Promise<readonly Finding[]>;
  readonly deviceOf: (ip: string) => Promise<string>;
}

/** `restarts`: after each batch the program ends and begins anew. */
async function recorded<Value>(batches: readonly Batch[], restarts: boolean, work: (it: Recorded) => Promise<Value>): Promise<Value> {
  const folder = mkdtempSync(join(tmpdir(), "auscult-usual-"));
  const path = join(folder, "usual.db");
  const begin = () => new Core({ path, site: "main", ownRanges: [] });
  let core = begin();
  try {
    for (const batch of batches) {
      core.take(batch);
      if (!restarts) continue;
      core.settle();
      core.close();
      core = begin();
    }
    core.settle();
    const reading = async <Answer>(ask: (reader: Awaited<ReturnType<typeof openReader>>) => Promise<Answer>): Promise<Answer> => {
      const reader = await openReader(path);
      try {
        return await ask(reader);
      } finally {
        await reader.close();
      }
    };
    return await work({
      core,
      findings: () => reading(async (reader) => (await reader.findings({ states: [], offset: 0, limit: 100 })).rows),
      deviceOf: (ip) => reading(async (reader) => (await reader.devices({ filter: `ip = ${ip}`, sort: "name", descending: false, offset: 0, limit: 1 })).rows[0]!.id),
    }); // prettier-ignore
  } finally {
    core.close();
    rmSync(folder, { recursive: true });
  }
}

const lines = (all: readonly Finding[]) => all.map(({ id, detector, about, others }) => `${id} ${detector} ${about?.ip} ${others.map(({ ip }) => ip).join(" ")}`); // prettier-ignore
const isCamera = async ({ core, deviceOf }: Recorded) => {
  for (const ip of CAMERAS) core.say({ who: "lind", reason: "looked", device: await deviceOf(ip), attribute: "kind", value: "camera" }, 1);
  core.settle();
};

test("a camera's first call outside is shown once somebody says that it is one, and no longer when it is in the workshop", async () => {
  const batches = calls([...daily(6), { at: 5 * DAY + 600, client: CAMERAS[0]!, server: HOME }]);
  await recorded(batches, false, async (it) => {
    assert.deepEqual(await it.findings(), [], "of unknown kind it is none");
    await isCamera(it);
    assert.match(lines(await it.findings()).join(), /^\w+ outside-first 10\.0\.0\.7 203\.0\.113\.9$/);
    it.core.say({ who: "lind", reason: "looked", device: await it.deviceOf(CAMERAS[0]!), attribute: "status", value: "workshop" }, 2);
    it.core.settle();
    assert.deepEqual(await it.findings(), []);
  });
});

test("where another camera did so the day before, its second is none", async () => {
  const call = (day: number, camera: number): Call => ({ at: day * DAY + 600, client: CAMERAS[camera]!, server: HOME });
  await recorded(calls([...daily(7), call(5, 0), call(6.2, 1)]), false, async (it) => {
    await isCamera(it);
    assert.deepEqual((await it.findings()).map(({ about }) => about?.ip), [CAMERAS[0]]); // prettier-ignore
  });
});

test("a restart after each batch changes nothing of what is found, first contacts and beacons alike", async () => {
  const row = Array.from({ length: 24 }, (_, i): Call => ({ at: 5 * DAY + i * 900, client: CAMERAS[2]!, server: HOME }));
  const batches = calls([...daily(6), ...row]);
  const found = (restarts: boolean) =>
    recorded(batches, restarts, async (it) => {
      await isCamera(it);
      return lines(await it.findings()).toSorted();
    });
  const once = await found(false);
  assert.deepEqual(once.map((it) => it.split(" ")[1]).toSorted(), ["beacon", "outside-first"]);
  assert.deepEqual(await found(true), once);
});
