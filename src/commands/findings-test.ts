/** `auscult findings test --to all`: one finding that is marked TEST to each output, at once and past the outbox, and what each answered. */
import { randomBytes } from "node:crypto";
import { readSettings } from "../config.ts";
import { OUTPUT_NAMES, outputsOf } from "../link/outputs/index.ts";
import type { Told } from "../link/outputs/output.ts";
import type { Finding } from "../model/finding.ts";
import { CommandError, Exit, print, say, table } from "./terminal.ts";

export type To = (typeof OUTPUT_NAMES)[number] | "all";

export async function findingsTest({
  data,
  to = "all",
  json,
}: {
  readonly data: string;
  readonly to?: To;
  readonly json?: boolean;
}): Promise<void> {
  const settings = readSettings(data);
  const outputs = outputsOf(data, settings).filter(({ name }) => to === "all" || name === to);
  if (outputs.length === 0)
    throw new CommandError(
      `expected ${to === "all" ? "an output" : `the output ${to}`} in the settings, got none: outputSyslog, outputWebhook, outputFile, outputMail (docs/settings.md)`,
      Exit.configuration,
    );
  const told: Told = { finding: madeUp(Date.now() * 1_000), site: settings.site, test: true };
  const answers = await Promise.all(
    outputs.map(async (output) => {
      const { name, where } = output;
      const id = `test-${randomBytes(8).toString("hex")}`;
      try {
        return { name, where, taken: true, answer: await output.send(id, told) };
      } catch (error) {
        return { name, where, taken: false, answer: (error as Error).message };
      } finally {
        output.close();
      }
    }),
  );
  if (json) await print(`${JSON.stringify({ schema: "auscult.findings-test/1", outputs: answers })}\n`);
  else
    await print(
      table(
        [
          { title: "Output", text: (it) => it.name },
          { title: "Where", text: (it) => it.where },
          { title: "Taken", text: (it) => (it.taken ? "yes" : "no") },
          { title: "Answer", text: (it) => it.answer },
        ],
        answers,
      ),
    );
  say(`${answers.filter(({ taken }) => taken).length} of ${answers.length} took the finding marked TEST.`);
  if (answers.some(({ taken }) => !taken)) process.exitCode = Exit.findings;
}

/** Of nobody: addresses that are for documents (RFC 5737). */
function madeUp(at: number): Finding {
  const party = (ip: string) => ({ device: null, name: ip, ip, mac: null, kind: null, maker: null, location: null, lifeCritical: "other" });
  return {
    id: "0000000000000000",
    detector: "test",
    title: "A finding that is none",
    family: "hazard",
    severity: "low",
    harms: [],
    remedy: "Nothing is to be done: somebody tries whether findings arrive.",
    technique: [],
    about: party("192.0.2.1"),
    others: [party("192.0.2.2")],
    othersBeyond: 0,
    first: at,
    last: at,
    count: 1,
    summary: "somebody tries whether findings arrive here",
    because: [],
    witnesses: 0,
    before: null,
    standing: { state: "new", said: null, lapsed: null },
    planned: null,
    hides: null,
  };
}
