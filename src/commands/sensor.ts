/** `auscult sensor`: listens, or reads captures, for a core elsewhere. It keeps what it heard until that core has committed it. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readSettings, type Settings } from "../config.ts";
import type { NatsConnection } from "@nats-io/transport-node";
import { connectTo, serversOf, type BrokerOptions } from "../link/broker/connection.ts";
import { readCredentials, type Credentials } from "../link/broker/credentials.ts";
import { Sender } from "../link/broker/sender.ts";
import { Spool } from "../link/broker/spool.ts";
import { Spooling } from "../link/broker/spooling.ts";
import type { SensorStatus } from "../link/broker/said.ts";
import { inboxOf } from "../link/broker/subjects.ts";
import { findCaptures } from "../link/files.ts";
import { listen } from "../link/listening.ts";
import { readFiles } from "../link/reading.ts";
import { startWithSiteLimits } from "../link/site-limits.ts";
import { CaptureUnavailable, captureMissing } from "../link/tcpdump.ts";
import { VERSION } from "../version.ts";
import { forPeople } from "./broker-errors.ts";
import { listenForStop, type Stopping } from "./stopping.ts";
import { CommandError, Exit, plural, say, size } from "./terminal.ts";

const COMMITTED_CHECK_MS = 200;
/** What is spooled at the end is sent for so long; the rest goes at the next start. */
const FAREWELL_MS = 5_000;
const HASH_KEY_BYTES = 32;

export interface SensorOptions {
  readonly data: string;
  readonly interface?: readonly string[];
  readonly site?: string;
  readonly name?: string;
  readonly broker: string;
  readonly credentials?: string;
  readonly spool?: string;
  readonly spoolMax: number;
}

export async function sensor(files: readonly string[], options: SensorOptions): Promise<void> {
  const interfaces = options.interface ?? [];
  if (interfaces.length > 0 === files.length > 0)
    throw new CommandError("expected interfaces to listen on (-i eth1) or captures to read, one of both");
  const credentials = options.credentials === undefined ? null : forPeople(() => readCredentials(options.credentials!, "sensor"));
  forPeople(() => serversOf(options.broker));
  const { site, name } = whoIs(options, credentials);
  const settings: Settings = { ...readSettings(options.data), site };
  startWithSiteLimits(options.data);
  const folder = options.spool ?? join(options.data, "spool");
  const spool = forPeople(() => new Spool({ folder, bytesMax: options.spoolMax, site, sensor: name }));
  const stopping = listenForStop();
  const log = (text: string) => say(`auscult: ${text}`);
  const inputs = new Map<string, { frames: number; drops: number }>();
  let hearing = interfaces.length === 0;
  let sender: Sender | undefined;
  const spooling = new Spooling({ spool, hashKey: hashKeyOf(credentials, folder), log, put: () => sender?.wake() });
  const instance = randomBytes(8).toString("hex");
  const status = (): SensorStatus => ({
    instance,
    version: VERSION,
    at: Date.now(),
    hearing,
    inputs: [...inputs].map(([input, counted]) => ({ name: input, live: interfaces.length > 0, ...counted })),
    spool: spool.status,
    notes: spooling.notes,
    troubles: spooling.troubles,
  });
  const way = reachBroker(
    { broker: options.broker, credentials, name: `sensor ${name} of ${site}`, inbox: inboxOf(site, name) },
    (connection) => {
      sender = new Sender({ connection, spool, site, sensor: name, status, log });
      say(`Batches go to ${options.broker} as ${name} of ${site}.`);
    },
  );
  const add = (input: string, frames: number, drops: number) => {
    const it = inputs.get(input) ?? { frames: 0, drops: 0 };
    inputs.set(input, { frames: it.frames + frames, drops: it.drops + drops });
  };
  try {
    const shared = { writer: spooling, settings, sensor: name, log };
    if (interfaces.length > 0) {
      const missing = await captureMissing();
      if (missing !== undefined) throw new CaptureUnavailable(missing);
      for (const device of interfaces) add(device, 0, 0);
      const listening = listen({
        ...shared,
        interfaces,
        begun: () => say(`Listening on ${interfaces.join(", ")}. Nothing is sent there.`),
        hearing: (is) => (hearing = is),
        heard: (device, frames) => add(device, frames, 0),
        dropped: (device, frames) => add(device, 0, frames),
      });
      void stopping.asked.then(() => listening.stop());
      await Promise.race([listening.ended, way.failed]);
      await untilCommitted(spool, () => sender, FAREWELL_MS);
    } else await readAll(files, { ...shared, spool, stopping, failed: way.failed, add }, () => sender);
  } catch (error) {
    if (!(error instanceof CaptureUnavailable)) throw error;
    throw new CommandError(
      error.message,
      error.trouble.kind === "permission" || error.trouble.kind === "missing" ? Exit.permission : Exit.input,
    );
  } finally {
    await sender?.close();
    way.close();
    const { batches, bytes } = spool.status;
    if (batches > 0) say(`${plural(batches, "batch", "batches")} (${size(bytes)}) wait in ${folder} and go at the next start.`);
    spool.close();
  }
  // The way to the broker may still be looked for.
  process.exit(stopping.code() === undefined || interfaces.length > 0 ? Exit.ok : stopping.code());
}

interface ReadingAll {
  readonly writer: Spooling;
  readonly settings: Settings;
  readonly sensor: string;
  readonly log: (text: string) => void;
  readonly spool: Spool;
  readonly stopping: Stopping;
  readonly failed: Promise<never>;
  readonly add: (input: string, frames: number, drops: number) => void;
}

async function readAll(
  files: readonly string[],
  { spool, stopping, failed, add, ...shared }: ReadingAll,
  sender: () => Sender | undefined,
): Promise<void> {
  const found = await findCaptures(files);
  for (const { path, words } of found.notRead) say(`auscult: ${path}: ${words}`);
  if (found.files.length === 0) throw new CommandError("nothing to read: none of them is a capture", Exit.input);
  const reading = readFiles({ ...shared, files: found.files, progress: () => undefined });
  void stopping.asked.then(() => reading.stop());
  const outcomes = await Promise.race([reading.outcomes, failed]);
  for (const { file, frames, trouble } of outcomes) {
    add(file.name, frames, 0);
    say(`${file.name}: ${plural(frames, "frame")}${trouble === undefined ? "" : `; its rest was left: ${trouble}`}`);
  }
  await Promise.race([
    untilCommitted(spool, sender, stopping.code() === undefined ? Number.POSITIVE_INFINITY : FAREWELL_MS),
    stopping.asked,
    failed,
  ]);
}

/** Until the core has committed all of it, or so long. */
async function untilCommitted(spool: Spool, sender: () => Sender | undefined, milliseconds: number): Promise<void> {
  const began = performance.now();
  while (!spool.isEmpty && performance.now() - began < milliseconds) {
    if (milliseconds === FAREWELL_MS && sender()?.isHeard !== true) return; // Nobody is there to commit it.
    await sleep(COMMITTED_CHECK_MS);
  }
}

interface Way {
  /** Rejects where the broker lets us not in. */
  readonly failed: Promise<never>;
  close(): void;
}

function reachBroker(options: BrokerOptions, reached: (connection: NatsConnection) => void): Way {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => undefined); // Whoever waits for it hears it too.
  let closed = false;
  const reach = async () => {
    try {
      const connection = await connectTo(options);
      if (closed) await connection.close();
      else reached(connection);
    } catch (error) {
      reject(new CommandError(`${options.broker}: ${(error as Error).message}`, Exit.configuration));
    }
  };
  void reach();
  return { failed, close: () => (closed = true) };
}

function whoIs(options: SensorOptions, credentials: Credentials | null): { readonly site: string; readonly name: string } {
  for (const [option, said, known] of [
    ["--site", options.site, credentials?.site],
    ["--name", options.name, credentials?.name],
  ] as const) {
    if (said === undefined && known === undefined) throw new CommandError(`${option}: expected a name, got none`);
    if (said !== undefined && known !== undefined && said !== known)
      throw new CommandError(`${option}: expected ${known}, as these credentials have it, got ${said}`);
  }
  return { site: (options.site ?? credentials?.site)!, name: (options.name ?? credentials?.name)! };
}

/** Of the site's credentials, so that all its sensors hash alike; without them one of its own, kept beside the spool. */
function hashKeyOf(credentials: Credentials | null, folder: string): string {
  if (credentials?.hashKey !== undefined) return credentials.hashKey;
  const file = join(folder, "hash-key");
  if (!existsSync(file)) writeFileSync(file, randomBytes(HASH_KEY_BYTES).toString("hex"), { mode: 0o600 });
  return readFileSync(file, "utf8").trim();
}
