/** `auscult simulate`: the sample hospital as a capture, and the truth beside it. */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { inWords } from "../link/refusals.ts";
import { limitOf, simulate as simulateHospital } from "../simulation/index.ts";
import { CommandError, say } from "./terminal.ts";

export interface SimulateOptions {
  readonly out: string;
  readonly seed: number;
  readonly minutes?: number;
  readonly days?: number;
  readonly size?: number;
  readonly weaknesses?: boolean;
  readonly force?: boolean;
}

export async function simulate({ out, force, ...hospital }: SimulateOptions): Promise<void> {
  const beside = `${out.replace(/\.pcap(ng)?$/, "")}.json`;
  const there = force ? undefined : [out, beside].find((file) => existsSync(file));
  if (there !== undefined) throw new CommandError(`expected a new file, got one that is there: ${there} (--force writes over it)`);
  const beyond = limitOf(hospital);
  if (beyond !== undefined) throw new CommandError(`--${beyond.option}: ${beyond.words}`);
  const { capture, truth } = simulateHospital(hospital);
  try {
    await writeFile(out, capture);
    await writeFile(beside, `${JSON.stringify(truth, null, 1)}\n`);
  } catch (error) {
    throw new CommandError(`expected a place to write to, got ${inWords(error)}: ${(error as NodeJS.ErrnoException).path ?? out}`);
  }
  say(`Wrote ${out}, and what is true of it in ${beside}. Everything in it is made up.`);
}
