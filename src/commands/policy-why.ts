/** `auscult policy why`: is it us? One sentence that can be read over the telephone, and what it rests on. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { NoFirewall } from "../link/firewall.ts";
import { inWords } from "../link/refusals.ts";
import { wallCountsIn } from "../link/counters-file.ts";
import type { WallCounts } from "../model/wall.ts";
import { denyForms, denyLogIn, type DenyLog } from "../policies/deny-log/index.ts";
import { membershipOf } from "../policies/membership.ts";
import { why } from "../policies/why.ts";
import { machineCalled, ownRanges, policyFrom, replayIn, type PolicyOptions } from "./policy.ts";
import { countsHere } from "./policy-counters.ts";
import { ageUs, CommandError, Exit, number, print, time } from "./terminal.ts";

export interface WhyOptions extends PolicyOptions {
  readonly policy: string;
  /** An age such as 15m. */
  readonly since: string;
  /** What `auscult policy counters --save` wrote elsewhere. */
  readonly counters?: string;
  /** What equipment wrote of what it denied. */
  readonly log?: readonly string[];
  /** Of the clock of equipment whose lines name no zone: +01:00. */
  readonly logZone: string;
}

const LOG_BYTES_MAX = 256 << 20;

/** Exit 1 where it is. */
export async function policyWhy(device: string, { policy: file, since, json, counters, log, logZone, ...options }: WhyOptions): Promise<void> {
  const policy = policyFrom(file);
  const age = ageUs("--since", since);
  const offsetMinutes = offsetOf(logZone);
  const { replay, recording } = replayIn(options);
  const machine = machineCalled(replay.machines, device, recording);
  const wall = counters === undefined ? liveCounts(options.data) : { counts: countsIn(counters), isLive: false, from: `Our wall's counters were read from ${counters}.` };
  const from = (wall.isLive ? Date.now() * 1_000 : replay.to) - age;
  const told = why(policy, membershipOf(policy, replay, ownRanges(options.data)), replay, machine, from, { counts: wall.counts, countsFrom: wall.from, log: logIn(log ?? [], offsetMinutes) });
  if (told.answer === "yes") process.exitCode = Exit.findings;
  const clock = wall.isLive ? "this machine's clock" : "the recording's clock";
  if (json) return print(`${JSON.stringify({ schema: "auscult.why/1", device: machine.device.id, clock, ...told })}\n`);
  await print(`${told.sentence}\n`);
  for (const it of told.stopped) {
    const who = { counters: "our wall stopped it", log: `the equipment's log says so${it.rule === "" ? "" : ` ("${it.rule}")`}`, evaluator: "worked out from what was heard" }[it.from];
    await print(`  ${time(it.last)}  ${it.client} → ${it.server} ${it.service}, ${number(it.count)} ${it.from === "evaluator" ? "tries" : "packets"}: ${who}\n`);
    if (it.near !== "") await print(`      ${it.near}\n`);
    for (const line of it.edit.split("\n").filter(Boolean)) await print(`      ${line}\n`);
  }
  for (const it of told.reasons) await print(`  ${time(it.last)}  ${it.client} → ${it.server} ${it.service} was ${it.how}${it.rule === null ? "" : `; ${it.rule} allows it`}\n`);
  for (const line of told.silent) await print(`  not heard since ${time(from)}: ${line}\n`);
  await print(`Since ${time(from)} by ${clock}.\n`);
  for (const line of told.sources) await print(`${line}\n`);
} // prettier-ignore

interface OurCounts {
  readonly counts: WallCounts | null;
  readonly isLive: boolean;
  readonly from: string;
}

/** Asked of the kernel where a wall was put up from this data directory. */
function liveCounts(data: string): OurCounts {
  if (!existsSync(join(data, "wall"))) return { counts: null, isLive: false, from: "" };
  try {
    return { counts: countsHere({ data }), isLive: true, from: "Our wall was asked: its counters are live." };
  } catch (error) {
    if (error instanceof NoFirewall || error instanceof CommandError) return { counts: null, isLive: false, from: `Our wall's counters were not read: ${error.message}.` };
    throw error;
  }
} // prettier-ignore

function countsIn(file: string): WallCounts {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new CommandError(`--counters: expected a file that can be read, got ${inWords(error)}: ${file}`);
  }
  const counts = wallCountsIn(text);
  if (counts === null)
    throw new CommandError(`--counters: expected what auscult policy counters --save wrote, got something else: ${file}`);
  return counts;
}

/** All of them as one. Null where none is given. */
function logIn(files: readonly string[], offsetMinutes: number): DenyLog | null {
  if (files.length === 0) return null;
  let text = "";
  let written = 0;
  for (const file of files) {
    try {
      const { size, mtimeMs } = statSync(file);
      if (size > LOG_BYTES_MAX) throw new CommandError(`--log: expected a file of at most 256 MB, got ${number(size)} bytes: cut it to the time that is asked about`); // prettier-ignore
      text += `${readFileSync(file, "utf8")}\n`;
      written = Math.max(written, Math.floor(mtimeMs * 1_000));
    } catch (error) {
      if (error instanceof CommandError) throw error;
      throw new CommandError(`--log: expected a file that can be read, got ${inWords(error)}: ${file}`);
    }
  }
  const log = denyLogIn(text, { written, offsetMinutes });
  if (log.lines === 0) throw new CommandError(`--log: expected lines of ${denyForms.map(({ title }) => title).join(", ")}; got none in ${files.join(", ")}`); // prettier-ignore
  return log;
}

function offsetOf(text: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(text) ?? [];
  if (sign === undefined || Number(hours) > 14 || Number(minutes) > 59)
    throw new CommandError(`--log-zone: expected a zone such as +01:00, got "${text}"`);
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
