/** What an output is: somebody who is told of findings, in one form. It goes only where the settings say. */
import type { Finding, Severity } from "../../model/finding.ts";

/** A finding as it is told, with what it is of. */
export interface Told {
  readonly finding: Finding;
  readonly site: string;
  /** It was made up by `auscult findings test`. */
  readonly test?: true;
}

export interface Output {
  /** "syslog", "webhook", "file", "mail". */
  readonly name: string;
  /** What its deliveries are kept under, where several have its name. Absent: its name. */
  readonly queue?: string;
  /** For a person: where it goes. */
  readonly where: string;
  /** Only findings as severe or more. Absent: as severe as all outputs are told of. */
  readonly severity?: Severity;
  /** Absent: each finding in a message of its own, at once. */
  readonly together?: Together;
  /** Resolves with what was answered, for a person; rejects with why it was not taken. `id` is the same each time this is tried. */
  send(id: string, told: Told): Promise<string>;
  /** What is under way is given up. */
  close(): void;
}

/** Of an output whose messages a person reads: what waits goes in one of them. */
export interface Together {
  /** Findings in one message. */
  readonly most: number;
  /** From one message to the next, unless something more severe came than what the last one told. */
  readonly restMs: number;
  /** The same `id` tells the same findings. */
  send(id: string, told: readonly Told[]): Promise<string>;
}

/** Trying again would be answered alike. */
export class Unwanted extends Error {}

/** A receiver that takes longer is asked again later. */
export const ANSWER_MS = 10_000;
