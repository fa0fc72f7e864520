/** `auscult attach FILE --device d12`: what a maker writes of a model, its SBOM or its MDS2 form, attached to that model; `auscult changes --undo` takes it back. */
import { clean } from "../bytes/text.ts";
import { paperIn, type ReadPaper } from "../link/papers/index.ts";
import { paperInWords } from "../model/paper.ts";
import { recordingFor, withReader } from "./recording.ts";
import { saying, type SayingOptions } from "./saying.ts";
import { CommandError, say } from "./terminal.ts";

export interface AttachOptions extends SayingOptions {
  readonly recording?: string;
  /** Any of its model. */
  readonly device?: string;
}

export async function attach(file: string, { device, ...options }: AttachOptions): Promise<void> {
  if (device === undefined || !/^d\d{1,12}$/.test(device))
    throw new CommandError(`--device: expected the id of a device of its model, such as d12, got ${device === undefined ? "none" : `"${device}"`}`); // prettier-ignore
  const { paper, notes } = read(file);
  const { name, path } = recordingFor(options.data, options.recording);
  const known = await withReader(path, (reader) => reader.device(device));
  if (known === null) throw new CommandError(`--device: expected a device of the recording ${name}, got ${device}`);
  if (known.model === null) throw new CommandError(`--device: expected a device whose model is known, got ${device}: say it first`);
  let change = 0;
  await saying(name, options, async (writer, by) => void (change = await writer.attach({ ...by, device, paper })));
  for (const note of notes) say(`${file}: ${note}.`);
  const model = [known.maker?.value, known.model.value].filter((it) => it !== undefined).join(" ");
  say(
    `${paperInWords(paper)}, is attached to all ${clean(model)} as change ${change}. auscult changes --undo ${change} --reason … takes it back.`,
  );
}

function read(file: string): ReadPaper {
  try {
    return paperIn(file);
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
}
