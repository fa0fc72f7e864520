/** `auscult policy why`: is it us? One sentence that can be read over the telephone, and what it rests on. */
import { membershipOf } from "../policies/membership.ts";
import { why } from "../policies/why.ts";
import { machineCalled, ownRanges, policyFrom, replayIn, type PolicyOptions } from "./policy.ts";
import { CommandError, Exit, print, time } from "./terminal.ts";

export interface WhyOptions extends PolicyOptions {
  readonly policy: string;
  /** An age such as 15m. */
  readonly since: string;
}

const AGE = /^(\d+(?:\.\d+)?)([smhd])$/;
const UNITS_US: Readonly<Record<string, number>> = { s: 1e6, m: 60e6, h: 3_600e6, d: 86_400e6 };

/** Exit 1 where it is. */
export async function policyWhy(device: string, { policy: file, since, json, ...options }: WhyOptions): Promise<void> {
  const policy = policyFrom(file);
  const [, amount, unit] = AGE.exec(since) ?? [];
  if (amount === undefined || unit === undefined) throw new CommandError(`--since: expected an age such as 15m, 2h or 1d, got "${since}"`);
  const { replay, recording } = replayIn(options);
  const machine = machineCalled(replay.machines, device, recording);
  const from = replay.to - Number(amount) * UNITS_US[unit]!;
  const told = why(policy, membershipOf(policy, replay, ownRanges(options.data)), replay, machine, from);
  if (told.answer === "yes") process.exitCode = Exit.findings;
  if (json) return print(`${JSON.stringify({ schema: "auscult.why/1", device: machine.device.id, since: from, ...told })}\n`);
  await print(`${told.sentence}\n`);
  for (const it of told.stopped) {
    await print(`  ${time(it.last)}  ${it.client} → ${it.server} ${it.service}, tried ${it.count} times\n`);
    for (const line of it.edit.split("\n")) await print(`      ${line}\n`);
  }
  for (const line of told.silent) await print(`  not heard since ${time(from)}: ${line}\n`);
  await print("Worked out from what was heard; no counter of the equipment was read.\n");
}
