/** `npm run bench:engines`: the same batches kept in a file and in a PostgreSQL of its own: how fast, and how large a device is. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordingIn } from "../src/store/postgres/place.ts";
import { Store } from "../src/store/reader.ts";
import { sampleFrames, writeCapture } from "../src/testing/captures.ts";
import { kept } from "../src/testing/engines.ts";
import { Postgres } from "../src/testing/postgres.ts";
import { sensed } from "../src/testing/sensed.ts";

const DEVICES = Number(process.argv[2] ?? 2_000);
const MINUTES = 5;
/** Batches of a flush, about a second of a busy mirror. */
const FLUSHED = 16;

const folder = mkdtempSync(join(tmpdir(), "auscult-engines-"));
const endings = [() => rmSync(folder, { recursive: true })];
try {
  const capture = join(folder, "hospital.pcap");
  writeCapture(capture, sampleFrames(DEVICES, MINUTES));
  const batches = await sensed(capture);
  const server = new Postgres({ after: (work) => endings.unshift(work) });
  const url = server.database("bench");
  const empty = bytesOf(server);
  const file = join(folder, "bench.db");
  measured("SQLite", file, () => statSync(file).size);
  measured("PostgreSQL", recordingIn(url, "bench"), () => bytesOf(server) - empty);

  function measured(engine: string, place: string, bytes: () => number): void {
    const began = performance.now();
    kept(place, batches, FLUSHED);
    const seconds = (performance.now() - began) / 1_000;
    const store = new Store(place);
    const { devices } = store.get<{ devices: number }>("SELECT count(*) AS devices FROM device")!;
    store.close();
    console.log(`${engine}: ${batches.length} batches, ${devices} devices in ${seconds.toFixed(1)} s (${Math.round(batches.length / seconds)} batches/s), ${Math.round(bytes() / devices)} bytes a device`); // prettier-ignore
  }
} finally {
  for (const end of endings) end();
}

function bytesOf(server: Postgres): number {
  return Number(server.sql("bench", "CHECKPOINT; SELECT pg_database_size('bench')"));
}
