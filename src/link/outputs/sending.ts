/**
 * Findings to whoever is told: what is put into the outbox goes to each output in a lane of its own, so that one that is down or slow holds
 * up no other, and a few at a time are in memory.
 */
import { SEVERITIES, type Finding, type Severity } from "../../model/finding.ts";
import type { Outbox } from "../../store/outbox.ts";
import { Lane } from "./lane.ts";
import { ANSWER_MS, type Output, type Told } from "./output.ts";

export interface SendingOptions {
  readonly outbox: Outbox;
  readonly outputs: readonly Output[];
  readonly site: string;
  /** For outputs that name none of their own. */
  readonly severity: Severity;
  readonly log: (text: string) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export class Sending {
  readonly #options: Required<SendingOptions>;
  readonly #lanes: readonly Lane[];

  constructor(options: SendingOptions) {
    this.#options = { now: Date.now, ...options };
    this.#lanes = options.outputs.map((output) => new Lane(output, this.#options));
  }

  /** Less severe ones go to nobody. */
  get severity(): Severity {
    return this.#lanes.map((lane) => this.#severityOf(lane)).reduce((least, it) => (rank(it) < rank(least) ? it : least), "critical");
  }

  /** New ones that are severe enough and not planned; once more when they grow more severe. */
  offer(recording: string, findings: readonly Finding[]): void {
    const { outbox, site, now } = this.#options;
    const open = findings
      .filter((it) => it.standing.state === "new" && it.planned === null)
      // The first first.
      .toSorted((a, b) => a.first - b.first || (a.id < b.id ? -1 : 1))
      .map((finding) => ({
        finding,
        of: [recording, finding.id, finding.severity],
        body: JSON.stringify({ finding, site } satisfies Told),
      }));
    for (const lane of this.#lanes) {
      const told = open.filter(({ finding }) => rank(finding.severity) >= rank(this.#severityOf(lane)));
      if (outbox.put(lane.queue, told, now()) > 0) void lane.run();
    }
  }

  /** Resolves when nothing more is due. */
  async run(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.run()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close(ANSWER_MS)));
    this.#options.outbox.close();
  }

  #severityOf({ output }: Lane): Severity {
    return output.severity ?? this.#options.severity;
  }
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
