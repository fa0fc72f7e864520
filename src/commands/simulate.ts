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
  const beyond = limitOf(hospital);
  if (beyond !== undefined) throw new CommandError(`--${beyond.option}: ${beyond.words}`);
  const stem = out.replace(/\.pcap(ng)?$/, "");
  const { capture, truth, beside } = simulateHospital(hospital);
  const papers = beside.map(({ ending, text, of }) => ({ file: `${stem}.${ending}`, text, of }));
  const there = force ? undefined : [out, `${stem}.json`, ...papers.map(({ file }) => file)].find((file) => existsSync(file));
  if (there !== undefined) throw new CommandError(`expected a new file, got one that is there: ${there} (--force writes over it)`);
  try {
    await writeFile(out, capture);
    await writeFile(`${stem}.json`, `${JSON.stringify(truth, null, 1)}\n`);
    for (const { file, text } of papers) await writeFile(file, text);
  } catch (error) {
    throw new CommandError(`expected a place to write to, got ${inWords(error)}: ${(error as NodeJS.ErrnoException).path ?? out}`);
  }
  for (const { file, of } of papers)
    say(
      "at" in of
        ? `${file} is a list: auscult evidence ${file} --at '${of.at}'`
        : `${file} is the maker's SBOM of the ${of.model}: auscult attach`,
    );
  say(`Wrote ${out}, and what is true of it in ${stem}.json. Everything in it is made up.`);
}
