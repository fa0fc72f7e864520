/** `auscult do-not-scan`: devices that no scanner should ask; listed, added, taken off, and exported as scanners take the list. */
import { clean } from "../bytes/text.ts";
import { readSettings } from "../config.ts";
import type { DoNotScanLine, DoNotScanState, DoNotScanWord } from "../model/do-not-scan.ts";
import { dayInWords, endOfDay } from "../model/finding-words.ts";
import { exactNetwork } from "../bytes/networks.ts";
import { writeWhole } from "../link/folders.ts";
import { findDevice } from "./device.ts";
import { recordingFor, withReader } from "./recording.ts";
import { saying, type SayingOptions } from "./saying.ts";
import { CommandError, number, plural, print, say, table, time } from "./terminal.ts";
import { writtenTo } from "./written.ts";

/** Whoever has more reads no list. */
const LISTED_MAX = 100_000;
/** Its lines are DoNotScanLine of docs/openapi.json. */
const SCHEMA = "auscult.do-not-scan/1";

interface Options {
  readonly data: string;
  readonly recording?: string;
}

export interface DoNotScanListOptions extends Options {
  readonly state?: DoNotScanState;
  readonly json?: boolean;
}

export async function doNotScanList({ data, recording, state, json }: DoNotScanListOptions): Promise<void> {
  const { name, path } = recordingFor(data, recording);
  const { doNotScanDays: days } = readSettings(data);
  const states = state === undefined ? [] : [state];
  const page = await withReader(path, (reader) => reader.doNotScan({ states, days, offset: 0, limit: LISTED_MAX }));
  say(`Recording ${name}.`);
  if (json) return print(`${JSON.stringify({ schema: SCHEMA, recording: name, at: page.at, lines: page.rows })}\n`);
  const { listed, ended, "no address": unheard, "taken off": off } = page.byState;
  if (listed + ended + unheard + off === 0) return say(NONE);
  await print(table(COLUMNS, page.rows));
  say(
    `${plural(listed, "line")} listed of ${plural(page.devices, "device")}; ${number(ended)} ended, ${number(unheard)} not heard at any address, ${number(off)} taken off. A line ends ${plural(days, "day")} after its device was last heard there.`,
  );
}

export interface DoNotScanExportOptions extends Options {
  readonly to: string;
  readonly out?: string;
  readonly allowEmpty?: boolean;
}

export async function doNotScanExport({ data, recording, to, out, allowEmpty = false }: DoNotScanExportOptions): Promise<void> {
  const { name, path } = recordingFor(data, recording);
  const { doNotScanDays: days } = readSettings(data);
  const it = await withReader(path, async (reader) => {
    try {
      return await reader.doNotScanExported({ to, days, empty: allowEmpty });
    } catch (error) {
      throw new CommandError((error as Error).message);
    }
  });
  if (out === undefined) await print(it.text);
  // A scan that finds half a list, or none, asks those who are missing.
  else writtenTo("--out", out, () => writeWhole(out, it.text, 0o666));
  say(`${it.title}, as of the end of ${name}: ${plural(it.devices, "line")}, ${plural(it.addresses, "address", "addresses")}.`);
  for (const note of it.notes) say(clean(note));
}

export interface DoNotScanSayOptions extends Options, SayingOptions {
  readonly until?: string;
}

/** `wanted`: a device by its id or what finds it, else an address or a network. */
export async function doNotScanSay(wanted: string, word: DoNotScanWord["word"], options: DoNotScanSayOptions): Promise<void> {
  const until = options.until === undefined ? null : endOfDay(options.until);
  if (options.until !== undefined && until === null)
    throw new CommandError(`--until: expected the last day it holds, such as 2026-12-01, got "${options.until}"`);
  const { name, path } = recordingFor(options.data, options.recording);
  const about = await aboutOf(path, name, wanted);
  let change = 0;
  await saying(name, options, async (writer, by) => void (change = await writer.sayOfScanning({ ...by, about, word, until })));
  say(
    `${inWords(await lineFor(options.data, path, about), about)} It is change ${change}: auscult do-not-scan undo ${about} takes it back.`,
  );
}

export async function doNotScanUndo(wanted: string, options: DoNotScanSayOptions): Promise<void> {
  const { name, path } = recordingFor(options.data, options.recording);
  const about = await aboutOf(path, name, wanted);
  const word = (await lineFor(options.data, path, about))?.word ?? null;
  if (word === null) throw new CommandError(`expected a line of which something was said, got ${about}`);
  await saying(name, options, (writer, { who, reason }) => writer.undo(word.change, who, reason));
  say(inWords(await lineFor(options.data, path, about), about));
}

/** An address that a device wears is that device: where it goes, its line goes. */
async function aboutOf(path: string, recording: string, wanted: string): Promise<string> {
  const network = exactNetwork(wanted);
  // Some of what looks like a network is a name; what is none at all is said when it is said of.
  if (wanted.includes("/")) return network?.text ?? wanted;
  return withReader(path, async (reader) => {
    try {
      return (await findDevice(reader, wanted, recording)).id;
    } catch (error) {
      if (network !== null && error instanceof CommandError) return network.text;
      throw error;
    }
  });
}

async function lineFor(data: string, path: string, about: string): Promise<DoNotScanLine | null> {
  const { doNotScanDays: days } = readSettings(data);
  const page = await withReader(path, (reader) => reader.doNotScan({ states: [], days, offset: 0, limit: LISTED_MAX }));
  return page.rows.find((it) => it.about === about) ?? null;
}

function inWords(line: DoNotScanLine | null, about: string): string {
  if (line === null) return `${about} is not on the do-not-scan list.`;
  const name = line.device === null ? about : `${about} (${clean(line.name)})`;
  switch (line.state) {
    case "listed":
      return `${name} is on the do-not-scan list until ${dayInWords(line.ends ?? 0)}: ${clean(line.reasons[0]?.words ?? "")}.`;
    case "ended":
      return `${name} was on the do-not-scan list, which ended ${line.ends === null ? "" : dayInWords(line.ends)}: it is in no scanner's file.`;
    case "no address":
      return `${name} is not to be scanned, and was heard at no address: no scanner can be told of it.`;
    case "taken off":
      return `${name} is taken off the do-not-scan list: scanners may ask it.`;
  }
}

const NONE = "Nobody is on the do-not-scan list: no device that was heard is known to be fragile. auscult do-not-scan add puts one on it.";

const STATES: Readonly<Record<DoNotScanState, string>> = {
  listed: "listed",
  ended: "ended: confirm it",
  "no address": "not heard, cannot be excluded by address",
  "taken off": "taken off",
};

const COLUMNS = [
  { title: "Line", text: (it: DoNotScanLine) => it.about, whole: true as const },
  { title: "Name", text: (it: DoNotScanLine) => it.name },
  { title: "State", text: (it: DoNotScanLine) => STATES[it.state] },
  { title: "Addresses", text: (it: DoNotScanLine) => it.addresses.map(({ ip }) => ip).join(" ") },
  { title: "Why", text: (it: DoNotScanLine) => it.reasons.map(({ words }) => words).join("; ") },
  { title: "Source", text: (it: DoNotScanLine) => it.reasons.map(({ source }) => source).join("; "), drop: 3 },
  { title: "Sure", text: (it: DoNotScanLine) => (it.sure ? "" : "probably"), drop: 4 },
  { title: "Confirmed", text: (it: DoNotScanLine) => (it.confirmed === null ? "" : time(it.confirmed)), drop: 1 },
  { title: "Ends", text: (it: DoNotScanLine) => (it.ends === null ? "" : dayInWords(it.ends)) },
  { title: "Said", text: ({ word }: DoNotScanLine) => (word === null ? "" : `${word.who}: ${word.reason}`), drop: 2 },
];
