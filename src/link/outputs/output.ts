/** What an output is: somebody who is told of findings, in one form. It goes only where the settings say. */
import type { Finding } from "../../model/finding.ts";

/** A finding as it is told, with what it is of. */
export interface Told {
  readonly finding: Finding;
  readonly site: string;
  /** It was made up by `auscult findings test`. */
  readonly test?: true;
}

export interface Output {
  /** "syslog", "webhook", "file"; its deliveries are kept under it. */
  readonly name: string;
  /** For a person: where it goes. */
  readonly where: string;
  /** Resolves with what was answered, for a person; rejects with why it was not taken. `id` is the same each time this is tried. */
  send(id: string, told: Told): Promise<string>;
  close(): void;
}

/** A receiver that takes longer is asked again later. */
export const ANSWER_MS = 10_000;
