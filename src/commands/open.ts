/** `auscult open FILE…`: reads captures, says what was in them, and serves the page. */
import { existsSync } from "node:fs";
import { readSettings, settingsTable, type Settings } from "../config.ts";
import { findCaptures, type FoundCaptures } from "../link/files.ts";
import { SAMPLE } from "../sample.ts";
import type { Into, LocalSession } from "../session.ts";
import { ProgressLine } from "./progress.ts";
import { look, nameFor, recordingPath } from "../link/recordings.ts";
import { unreadable, withReader } from "./recording.ts";
import { runSession, type RunOptions } from "./run-session.ts";
import { sayRead, showDevices, showInventory } from "./summary.ts";
import { CommandError, Exit, say, time } from "./terminal.ts";

export interface OpenOptions extends RunOptions {
  readonly into?: string;
  readonly json?: boolean;
}

export async function open(paths: readonly string[], options: OpenOptions): Promise<void> {
  const settings = readSettings(options.data);
  const found = await findCaptures(paths);
  for (const it of found.notRead) say(`${it.path}: ${it.words}`);
  for (const it of found.repeated) say(`${it.path} holds the same bytes as ${it.as}: it counts once`);
  if (found.files.length === 0) {
    process.exitCode = Exit.input;
    return;
  }
  const into =
    options.into === undefined
      ? { recording: nameFor(options.data, found, settings.site), site: settings.site }
      : intoSite(options.into, found, options.data);
  try {
    await readAndShow((session) => session.read(found, into), settings, options);
  } catch (error) {
    throw unreadable(recordingPath(options.data, into.recording), error);
  }
  if (found.notRead.length > 0 && process.exitCode === Exit.ok) process.exitCode = Exit.input;
}

async function readAndShow(begin: (session: LocalSession) => Promise<void>, settings: Settings, options: OpenOptions): Promise<void> {
  let line: ProgressLine | undefined;
  await runSession(
    options,
    settings,
    { progress: (now, devices) => line?.show(now, devices), pageLast: true },
    async (session, stopping) => {
      line = new ProgressLine();
      await begin(session);
      const read = await session.finished()!;
      line.end();
      const seconds = line.seconds();
      await withReader(recordingPath(options.data, read.recording), async (reader) => {
        await sayRead(read, reader, seconds);
        await (options.json ? showInventory : showDevices)(reader);
      });
      process.exitCode = stopping.code() ?? (read.outcomes.some((it) => it.trouble !== undefined) ? Exit.input : Exit.ok);
    },
  );
}

/** The dates are said before anything is added: a capture of another year belongs to a recording of its own. */
function intoSite(name: string, { files }: FoundCaptures, data: string): Into {
  const site = siteName(name);
  const path = recordingPath(data, site);
  const { from, to, runs } = existsSync(path) ? look(path) : { from: null, to: null, runs: [] };
  const begins = files[0]!.firstAt;
  const before = from === null ? "nothing was heard yet" : `heard from ${time(from)} to ${time(to)}`;
  say(`${site}: ${before}; what is added begins at ${begins === null ? "a time that shows when it is read" : time(begins)}.`);
  // It may be another mirror's, so it is read; a file that has grown is another to us, and nobody could tell its first part again.
  const within = files.filter(
    ({ run, firstAt }) => from !== null && firstAt !== null && firstAt >= from && firstAt < to! && !runs.includes(run),
  );
  if (within.length > 0)
    say(
      `${within[0]!.path}${within.length > 1 ? ` and ${within.length - 1} more` : ""}: begins within what was heard. What both hold counts twice, also where this is a file that has grown since it was read: without --into it gets a recording of its own.`,
    );
  return { recording: site, site };
}

function siteName(text: string): string {
  if (text === SAMPLE)
    throw new CommandError(`--into: expected a site, got "${text}", which is made up and never mixes with what was heard`);
  try {
    return settingsTable.site.parse(text) as string;
  } catch (error) {
    throw new CommandError(`--into: ${(error as Error).message}`);
  }
}
