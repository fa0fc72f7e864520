/**
 * Findings to whoever is told: what is put into the outbox is sent to each output in its order, again after a rest that grows while it is
 * not taken, and kept as a dead letter when it was tried for days. One that is down holds up no other, and a few at a time are in memory.
 */
import { SEVERITIES, type Finding, type Severity } from "../../model/finding.ts";
import type { Outbox } from "../../store/outbox.ts";
import type { Output, Told } from "./output.ts";
import { Unwanted } from "./webhook.ts";

const REST_MS = 1_000;
const REST_MS_MAX = 5 * 60_000;
/** A weekend without the receiver's people. */
const TRIED_MS_MAX = 72 * 3_600_000;
const AT_ONCE = 16;

export interface SendingOptions {
  readonly outbox: Outbox;
  readonly outputs: readonly Output[];
  readonly site: string;
  readonly severity: Severity;
  readonly log: (text: string) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export class Sending {
  readonly #options: Required<SendingOptions>;
  /** Outputs that took nothing when they were asked last: how often in a row, and when they are asked again. */
  readonly #down = new Map<string, { readonly times: number; readonly until: number }>();
  #busy: Promise<void> | null = null;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: SendingOptions) {
    this.#options = { now: Date.now, ...options };
  }

  /** New ones that are severe enough and not planned; once more when they grow more severe. */
  offer(recording: string, findings: readonly Finding[]): void {
    const { outbox, outputs, site, severity, now } = this.#options;
    const told = findings
      .filter((it) => it.standing.state === "new" && it.planned === null && SEVERITIES.indexOf(it.severity) >= SEVERITIES.indexOf(severity))
      // The first first.
      .toSorted((a, b) => a.first - b.first || (a.id < b.id ? -1 : 1))
      .map((finding) => ({ of: [recording, finding.id, finding.severity], body: JSON.stringify({ finding, site } satisfies Told) }));
    let count = 0;
    for (const { name } of outputs) count += outbox.put(name, told, now());
    if (count > 0) void this.run();
  }

  /** Resolves when nothing more is due. */
  run(): Promise<void> {
    this.#again = this.#busy !== null;
    this.#busy ??= this.#runAll().finally(() => {
      this.#busy = null;
      this.#wake();
    });
    return this.#busy;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#busy;
    for (const output of this.#options.outputs) output.close();
    this.#options.outbox.close();
  }

  async #runAll(): Promise<void> {
    do {
      this.#again = false;
      await Promise.all(this.#options.outputs.map((output) => this.#runOne(output)));
    } while (this.#again && !this.#closed);
  }

  async #runOne(output: Output): Promise<void> {
    const { outbox, now } = this.#options;
    while (!this.#closed) {
      if ((this.#down.get(output.name)?.until ?? 0) > now()) return;
      const due = outbox.due(output.name, now(), AT_ONCE);
      if (due.length === 0) return;
      for (const { id, body, tries, made } of due) {
        if (this.#closed) return;
        try {
          outbox.sent(id, await output.send(id, JSON.parse(body) as Told));
          this.#isUp(output);
        } catch (error) {
          const why = (error as Error).message;
          if (error instanceof Unwanted) outbox.dead(id, why);
          else if (now() - made > TRIED_MS_MAX) outbox.dead(id, `tried for ${TRIED_MS_MAX / 3_600_000} hours: ${why}`);
          else {
            outbox.failed(id, why, now() + restOf(tries));
            this.#isDown(output, why);
            return;
          }
        }
      }
    }
  }

  /** Whoever is down would be asked as often as there are findings: all of them wait. */
  #isDown({ name, where }: Output, why: string): void {
    const times = this.#down.get(name)?.times ?? 0;
    this.#down.set(name, { times: times + 1, until: this.#options.now() + restOf(times) });
    if (times > 0) return;
    this.#options.log(`${name} (${where}) takes no findings: ${why}. They wait, and are sent when it does.`);
  }

  #isUp({ name, where }: Output): void {
    if (this.#down.delete(name)) this.#options.log(`${name} (${where}) takes findings again.`);
  }

  #wake(): void {
    clearTimeout(this.#timer);
    const due = this.#closed ? null : this.#options.outbox.nextDue();
    if (due === null) return;
    this.#timer = setTimeout(() => void this.run(), Math.min(Math.max(due - this.#options.now(), REST_MS), REST_MS_MAX)).unref();
  }
}

function restOf(times: number): number {
  return Math.min(REST_MS * 2 ** times, REST_MS_MAX);
}
