/** What a person says at the terminal of a recording: with a name and a reason, as on the page. */
import { readSettings } from "../config.ts";
import { startWithSiteKnowledge } from "../link/site-knowledge.ts";
import { WriterBusy, type RecordingWriter } from "../link/recording.ts";
import { recordingPath, writerOf } from "../link/recordings.ts";
import { NOT_VERIFIED } from "../model/account.ts";
import { CommandError, Exit } from "./terminal.ts";
import { whoIsHere } from "./who.ts";

export interface SayingOptions {
  readonly data: string;
  readonly who?: string;
  readonly reason?: string;
}

const LENGTH_MAX = 1_000;

/** `work` with whoever writes the recording; what it cannot say is one line for a person. */
export async function saying(
  recording: string,
  { data, ...said }: SayingOptions,
  work: (writer: RecordingWriter, by: { readonly who: string; readonly reason: string }) => Promise<void>,
): Promise<void> {
  const by = saidBy(said, "how you know");
  startWithSiteKnowledge(data);
  const writer = await ours(data, recording);
  try {
    await work(writer, by);
  } catch (error) {
    throw new CommandError((error as Error).message);
  } finally {
    await writer.close();
  }
}

/** Whoever sits at the terminal, as on loopback: who it is was said, and nobody has checked it. */
export function saidBy(
  { who, reason }: Pick<SayingOptions, "who" | "reason">,
  because: string,
): { readonly who: string; readonly reason: string } {
  return {
    who: `${line("--who", "your name", who ?? whoIsHere())}${NOT_VERIFIED}`,
    reason: line("--reason", because, reason),
  };
}

async function ours(data: string, recording: string): Promise<RecordingWriter> {
  try {
    return await writerOf(recordingPath(data, recording), readSettings(data), { watched: false });
  } catch (error) {
    throw error instanceof WriterBusy ? new CommandError(`${error.message}. Say it there.`, Exit.configuration) : error;
  }
}

function line(option: string, what: string, text: string | undefined): string {
  const trimmed = text?.trim() ?? "";
  if (trimmed === "") throw new CommandError(`${option}: expected ${what}, got nothing`);
  if (trimmed.length > LENGTH_MAX || /\p{Cc}/u.test(trimmed) || !trimmed.isWellFormed())
    throw new CommandError(`${option}: expected one line of at most ${LENGTH_MAX} characters`);
  return trimmed;
}
