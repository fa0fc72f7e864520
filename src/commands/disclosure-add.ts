/** `auscult disclosure add`: a table of flows that a site's own people wrote down from a maker's document, by a dry run first, as the hospital's own list is. */
import { readFileSync, statSync } from "node:fs";
import { clean } from "../bytes/text.ts";
import { loadKnowledge } from "../knowledge/index.ts";
import { readDisclosure, type ReadDisclosure } from "../link/papers/disclosure.ts";
import { inWords } from "../link/refusals.ts";
import { DISCLOSED_WHOLE, placeInWords, type DisclosedFlow, type DisclosedWhole } from "../model/disclosure.ts";
import { paperInWords } from "../model/paper.ts";
import { protocols } from "../protocols/index.ts";
import { flowText, needInWords, serviceSaid } from "./disclosure.ts";
import { recordingFor, withReader } from "./recording.ts";
import { saying, type SayingOptions } from "./saying.ts";
import { CommandError, plural, print, say, table, type Column } from "./terminal.ts";

interface AddOptions extends SayingOptions {
  readonly recording?: string;
  readonly device?: string;
  readonly whole?: string;
  readonly apply?: boolean;
  readonly json?: boolean;
}

const BYTES_MAX = 4_000_000;

/** A dry run unless `--apply` is said: what was read, and nothing is written. */
export async function addDisclosure(file: string, { device, apply, json, ...options }: AddOptions): Promise<void> {
  if (device === undefined || !/^d\d{1,12}$/.test(device))
    throw new CommandError(`--device: expected the id of a device of its model, such as d12, got ${device === undefined ? "none" : `"${device}"`}`); // prettier-ignore
  const { disclosure: paper, troubles } = read(file, wholeIn(options.whole));
  for (const it of troubles) say(`${file}: ${it}`);
  if (troubles.length > 0) throw new CommandError(`${file}: ${plural(troubles.length, "thing")} to mend; nothing was taken`);
  const { name, path } = recordingFor(options.data, options.recording);
  const known = await withReader(path, (reader) => reader.device(device));
  if (known === null) throw new CommandError(`--device: expected a device of the recording ${name}, got ${device}`);
  if (known.model === null) throw new CommandError(`--device: expected a device whose model is known, got ${device}: say it first`);
  const model = clean([known.maker?.value, known.model.value].filter((it) => it !== undefined).join(" "));
  if (json === true) await print(`${JSON.stringify({ schema: "auscult.disclosed/1", model, ...paper })}\n`);
  else await print(table(flowColumns, paper.flows));
  if (apply !== true) return say(`Nothing was written. To attach ${plural(paper.flows.length, "flow")} to all ${model}: auscult disclosure add ${JSON.stringify(file)} --device ${device} --apply --reason WHY`); // prettier-ignore
  let change = 0;
  await saying(name, options, async (writer, by) => void (change = await writer.attach({ ...by, device, paper })));
  say(
    `${paperInWords(paper)}, is attached to all ${model} as change ${change}. auscult changes --undo ${change} --reason … takes it back.`,
  );
}

function wholeIn(text: string | undefined): DisclosedWhole {
  const found = DISCLOSED_WHOLE.find((it) => it === (text ?? "all"));
  if (found === undefined) throw new CommandError(`--whole: expected ${DISCLOSED_WHOLE.join(", ")}, got "${text}"`);
  return found;
}

function read(file: string, whole: DisclosedWhole): ReadDisclosure {
  let text: string;
  try {
    const { size } = statSync(file);
    if (size > BYTES_MAX) throw new CommandError(`${file}: expected at most ${BYTES_MAX / 1e6} MB, got ${Math.ceil(size / 1e6)} MB`);
    text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${file}: expected a table in UTF-8 that can be read, got ${error instanceof TypeError ? "bytes that are none" : inWords(error)}`); // prettier-ignore
  }
  try {
    return readDisclosure(text, whole, { kinds: loadKnowledge().kinds, protocols: protocols.map(({ name }) => name) });
  } catch (error) {
    throw new CommandError(`${file}: ${(error as Error).message}`);
  }
}

const flowColumns: readonly Column<DisclosedFlow>[] = [
  { title: "Who opens what", text: (it) => flowText(it.opens, it.peers.join(" or "), serviceSaid(it)) },
  { title: "Protocol", text: (it) => it.protocol ?? "", drop: 2 },
  { title: "What for", text: (it) => it.purpose },
  { title: "Need", text: needInWords, drop: 1 },
  { title: "Document", text: placeInWords, drop: 3 },
];
