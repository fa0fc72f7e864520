/** `auscult sensor`: listens, or reads captures, for a core elsewhere. It keeps what it heard until that core has committed it. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readSettings, type Settings } from "../config.ts";
import { serversOf } from "../link/broker/connection.ts";
import { readCredentials, type Credentials } from "../link/broker/credentials.ts";
import { SensorParent } from "../link/broker/sensor-parent.ts";
import { findCaptures } from "../link/files.ts";
import { makeFolder } from "../link/folders.ts";
import { listen } from "../link/listening.ts";
import { readFiles } from "../link/reading.ts";
import { startWithSiteLimits } from "../link/site-limits.ts";
import { CaptureUnavailable, captureMissing } from "../link/tcpdump.ts";
import { forPeople } from "./broker-errors.ts";
import { listenForStop, type Stopping } from "./stopping.ts";
import { CommandError, Exit, plural, say, size } from "./terminal.ts";

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
  const { broker, interface: interfaces = [], spoolMax: bytesMax } = options;
  const live = interfaces.length > 0;
  if (live === files.length > 0) throw new CommandError("expected interfaces to listen on (-i eth1) or captures to read, one of both");
  const credentials = options.credentials === undefined ? null : forPeople(() => readCredentials(options.credentials!, "sensor"));
  forPeople(() => serversOf(broker));
  const { site, name } = whoIs(options, credentials);
  startWithSiteLimits(options.data);
  const folder = options.spool ?? join(options.data, "spool");
  makeFolder(folder);
  const hashKey = credentials?.hashKey ?? ownHashKey(folder);
  const log = (text: string) => say(`auscult: ${text}`);
  const reached = () => say(`Batches go to ${broker} as ${name} of ${site}.`);
  const stopping = listenForStop();
  const parent = forPeople(() => new SensorParent({ broker, credentials, site, name, live, folder, bytesMax, hashKey, log, reached }));
  const hearing: Hearing = { parent, settings: { ...readSettings(options.data), site }, name, log, stopping };
  try {
    const done = live ? listenOn(interfaces, hearing) : readAll(files, hearing);
    await Promise.race([done, parent.failed]);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    if (error instanceof CaptureUnavailable) throw unavailable(error);
    throw new CommandError(`${broker}: ${(error as Error).message}`, Exit.configuration);
  } finally {
    await parent.close();
    const { batches, bytes } = parent.spool;
    if (batches > 0) say(`${plural(batches, "batch", "batches")} (${size(bytes)}) wait in ${folder} and go at the next start.`);
  }
  // The way to the broker may still be looked for.
  process.exit(live ? Exit.ok : (stopping.code() ?? Exit.ok));
}

interface Hearing {
  readonly parent: SensorParent;
  readonly settings: Settings;
  readonly name: string;
  readonly log: (text: string) => void;
  readonly stopping: Stopping;
}

async function listenOn(interfaces: readonly string[], { parent, settings, name, log, stopping }: Hearing): Promise<void> {
  const missing = await captureMissing();
  if (missing !== undefined) throw new CaptureUnavailable(missing);
  for (const device of interfaces) parent.count(device, 0, 0);
  const listening = listen({
    writer: parent.writer,
    settings,
    sensor: name,
    log,
    interfaces,
    begun: () => say(`Listening on ${interfaces.join(", ")}. Nothing is sent there.`),
    hearing: (is) => (parent.hearing = is),
    heard: (device, frames) => parent.count(device, frames, 0),
    dropped: (device, frames) => parent.count(device, 0, frames),
  });
  void stopping.asked.then(() => listening.stop());
  await listening.ended;
  await parent.committed(FAREWELL_MS);
}

async function readAll(files: readonly string[], { parent, settings, name, log, stopping }: Hearing): Promise<void> {
  const found = await findCaptures(files);
  for (const { path, words } of found.notRead) log(`${path}: ${words}`);
  if (found.files.length === 0) throw new CommandError("nothing to read: none of them is a capture", Exit.input);
  const reading = readFiles({ writer: parent.writer, settings, sensor: name, log, files: found.files, progress: () => undefined });
  void stopping.asked.then(() => reading.stop());
  for (const { file, frames, trouble } of await reading.outcomes) {
    parent.count(file.name, frames, 0);
    say(`${file.name}: ${plural(frames, "frame")}${trouble === undefined ? "" : `; its rest was left: ${trouble}`}`);
  }
  const isAsked = stopping.code() !== undefined;
  await Promise.race([parent.committed(isAsked ? FAREWELL_MS : undefined), isAsked ? new Promise(() => undefined) : stopping.asked]);
}

function unavailable({ message, trouble }: CaptureUnavailable): CommandError {
  return new CommandError(message, trouble.kind === "permission" || trouble.kind === "missing" ? Exit.permission : Exit.input);
}

function whoIs(options: SensorOptions, credentials: Credentials | null): { readonly site: string; readonly name: string } {
  const one = (option: string, said: string | undefined, known: string | undefined): string => {
    if (said !== undefined && known !== undefined && said !== known)
      throw new CommandError(`${option}: expected ${known}, as these credentials have it, got ${said}`);
    const name = said ?? known;
    if (name === undefined) throw new CommandError(`${option}: expected a name, got none`);
    return name;
  };
  return { site: one("--site", options.site, credentials?.site), name: one("--name", options.name, credentials?.name) };
}

/** Kept beside the spool: where there are credentials all sensors of a site hash alike by the key in them. */
function ownHashKey(folder: string): string {
  const file = join(folder, "hash-key");
  if (!existsSync(file)) writeFileSync(file, randomBytes(HASH_KEY_BYTES).toString("hex"), { mode: 0o600 });
  return readFileSync(file, "utf8").trim();
}
