/** What every `auscult policy` command begins with: a recording, whole or some days of it, and a policy. */
import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { readSettings } from "../config.ts";
import { inWords } from "../link/refusals.ts";
import type { Membership, Policy } from "../model/policy.ts";
import type { Machine, Replay } from "../model/replay.ts";
import { machinesCalled } from "../policies/called.ts";
import { policyIn, WrongPolicy } from "../policies/file.ts";
import { remarksOn } from "../policies/remarks.ts";
import { expectations, replayFrom } from "../replaying.ts";
import { recordingFor, unreadable } from "./recording.ts";
import { CommandError, say } from "./terminal.ts";

export interface PolicyOptions {
  readonly data: string;
  readonly recording?: string;
  /** Days as "2026-01-05", both included. */
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
}

export function replayIn({ data, recording, from, to }: PolicyOptions): {
  readonly replay: Replay;
  readonly recording: string;
  readonly path: string;
} {
  const { name, path } = recordingFor(data, recording);
  const [first, last] = [dayOf("--from", from), dayOf("--to", to)];
  if (first !== undefined && last !== undefined && last < first)
    throw new CommandError(`--to: expected ${from} or a later day, got "${to}"`);
  try {
    const replay = replayFrom(path, { ...(first === undefined ? {} : { from: first }), ...(last === undefined ? {} : { to: last }) });
    return { replay, recording: name, path };
  } catch (error) {
    throw unreadable(path, error);
  }
}

const DAY_MS = 86_400_000;

function dayOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at)) throw new CommandError(`${option}: expected a day such as 2026-01-05, got "${text}"`);
  return at / DAY_MS;
}

/** The site's own networks, as its settings have them. */
export function ownRanges(data: string): readonly string[] {
  return readSettings(data).ownRanges;
}

/** Exit 2 where it cannot be read, with file, line and column where it is no policy. */
export function policyFrom(file: string): Policy {
  return policyOf(file, textOf(file));
}

export function textOf(file: string): string {
  try {
    return inUtf8(file, readFileSync(file));
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`expected a policy that can be read, got ${inWords(error)}: ${file}`);
  }
}

/** What is no UTF-8 would be read as other letters, and a name be another name. */
function inUtf8(file: string, bytes: Buffer): string {
  const text = bytes.toString("utf8");
  if (isUtf8(bytes)) return text;
  const lines = text.slice(0, text.indexOf("\ufffd")).split("\n");
  throw new CommandError(`${basename(file)}:${lines.length}:${lines.at(-1)!.length + 1}: expected text in UTF-8, got bytes that are none`);
}

export function policyOf(file: string, text: string): Policy {
  return inPolicy(() => policyIn(text, basename(file)));
}

/** What is hardly meant so, a line each, as what is wrong is said. */
export function sayRemarks(file: string, text: string, policy: Policy, membership: Membership): void {
  for (const { line, column, message } of remarksOn(text, policy, membership, expectations().kinds))
    say(`${basename(file)}:${line}:${column}: ${message}`);
}

/** What is wrong with a policy is for whoever wrote it. */
export function inPolicy<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (error instanceof WrongPolicy) throw new CommandError(error.message);
    throw error;
  }
}

/** By its number, else by a name or an address that is no other's. */
export function machineCalled(machines: readonly Machine[], wanted: string, recording: string): Machine {
  const fit = machinesCalled(machines, wanted);
  if (fit.length === 1) return fit[0]!;
  if (fit.length === 0) throw new CommandError(`expected a device of the recording ${recording}, found none for "${wanted}": auscult devices lists them`);
  throw new CommandError(`"${wanted}" fits ${fit.length} devices: ${fit.slice(0, 5).map(({ device }) => `${device.id} (${device.name})`).join(", ")}`);
} // prettier-ignore
