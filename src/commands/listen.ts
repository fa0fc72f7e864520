/** `auscult listen IFACE…`: listens on mirror ports and serves the page, until stopped. */
import { setTimeout as sleep } from "node:timers/promises";
import { readSettings } from "../config.ts";
import { interfacesHere, voicesOf } from "../link/interfaces.ts";
import { captureMissing, CaptureUnavailable, noInterface, type CaptureTrouble } from "../link/tcpdump.ts";
import type { LocalSession } from "../session.ts";
import { readerOf, recordingPath } from "../link/recordings.ts";
import { runSession, type RunOptions } from "./run-session.ts";
import { sayCoverage, showDevices, showInventory } from "./summary.ts";
import { CommandError, Exit, number, plural, say } from "./terminal.ts";

const REDRAW_MS = 1_000;
const LINE_MS = 60_000;

export interface ListenOptions extends RunOptions {
  /** Stop listening after so long. */
  readonly seconds?: number;
  readonly json?: boolean;
}

export async function listen(interfaces: readonly string[], options: ListenOptions): Promise<void> {
  const settings = readSettings(options.data);
  // Before any page opens: what is missing now is missing there as well.
  const trouble = (await captureMissing()) ?? missingOf(interfaces);
  if (trouble !== undefined) throw unavailable(new CaptureUnavailable(trouble));
  await runSession(options, settings, {}, async (session, stopping) => {
    try {
      await session.listen(interfaces);
      sayListening(interfaces);
      await until(session, options.seconds);
    } catch (error) {
      throw error instanceof CaptureUnavailable ? unavailable(error) : error;
    }
    const reader = await readerOf(recordingPath(options.data, settings.site));
    try {
      await sayCoverage(reader);
      for (const { name, live, verdict } of (await reader.coverage()).inputs)
        if (live && interfaces.includes(name) && verdict !== null) say(`${name}: ${verdict.words} ${verdict.cure}`.trim());
      if (options.json) await showInventory(reader);
      else if (options.exit) await showDevices(reader);
    } finally {
      await reader.close();
    }
    // Without a length it is meant to be stopped; with one it was cut short.
    process.exitCode = options.seconds === undefined ? Exit.ok : (stopping.code() ?? Exit.ok);
  });
}

/** We never send; whether the kernel does is a matter of how the interface is set up. */
function sayListening(interfaces: readonly string[]): void {
  const loud = interfacesHere().flatMap((it) => {
    const heard = interfaces.includes(it.name) || (interfaces.includes("any") && !it.loopback);
    const voices = heard ? voicesOf(it) : [];
    return voices.length === 0 ? [] : [`${it.name}: ${voices.map((voice) => voice.words).join("; ")}`];
  });
  const names = interfaces.join(", ");
  if (loud.length === 0) return say(`Listening on ${names}. Nothing is sent there.`);
  say(`Listening on ${names}. Auscult sends nothing there, but the kernel may. auscult doctor shows the lines that end it.`);
  for (const line of loud) say(line);
}

/** Until it is stopped, ends, or the time is over; meanwhile says how it goes. */
async function until(session: LocalSession, seconds: number | undefined): Promise<void> {
  const stream = process.stderr;
  const status = setInterval(
    () => {
      const text = session
        .state()
        .listening.map(
          (it) => `${it.name}  ${number(it.framesPerSecond)} frames/s   ${plural(it.frames, "frame")}   ${number(it.drops)} dropped`,
        )
        .join("   ");
      stream.write(stream.isTTY ? `\r\u001b[?7l\u001b[K${text}   ${plural(session.state().devices, "device")}\u001b[?7h` : `${text}\n`);
    },
    stream.isTTY ? REDRAW_MS : LINE_MS,
  );
  const over = new AbortController();
  try {
    const ended = session.listened() ?? Promise.resolve();
    if (seconds === undefined) return await ended;
    await Promise.race([ended, sleep(seconds * 1000, undefined, { signal: over.signal })]);
    await session.stop();
  } finally {
    over.abort();
    clearInterval(status);
    if (stream.isTTY) stream.write("\r\u001b[K");
  }
}

/** tcpdump knows "any", which the kernel does not. */
function missingOf(interfaces: readonly string[]): CaptureTrouble | undefined {
  const known = interfacesHere();
  const missing = interfaces.find((name) => name !== "any" && !known.some((it) => it.name === name));
  return missing === undefined || known.length === 0 ? undefined : noInterface(missing);
}

function unavailable({ message, trouble }: CaptureUnavailable): CommandError {
  return new CommandError(message, trouble.kind === "permission" || trouble.kind === "missing" ? Exit.permission : Exit.input);
}
