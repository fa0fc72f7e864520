/**
 * What waits for one output, sent in its order: again after a rest that grows while it is not taken, and kept as a dead letter when it was
 * refused for good or tried for days. What goes in one message together stays together and keeps its id until it was answered, also over a
 * restart, so that whoever takes an id once takes each finding once.
 */
import { createHash } from "node:crypto";
import { SEVERITIES, type Severity } from "../../model/finding.ts";
import type { Delivery, Outbox } from "../../store/outbox.ts";
import { Unwanted, type Output, type Told } from "./output.ts";

const REST_MS = 1_000;
const REST_MS_MAX = 5 * 60_000;
/** A weekend without the receiver's people. */
const TRIED_MS_MAX = 72 * 3_600_000;
const AT_ONCE = 16;

export interface LaneOptions {
  readonly outbox: Outbox;
  readonly log: (text: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export class Lane {
  readonly output: Output;
  readonly queue: string;
  readonly #options: LaneOptions;
  /** It took nothing when it was asked last: how often in a row, and when it is asked again. */
  #down: { readonly times: number; readonly until: number } | null = null;
  /** A message went out together: how severe the worst of it was, and until when others gather for the next. */
  #gathering: { readonly severity: Severity; readonly until: number } | null = null;
  #gaveUp = false;
  #busy: Promise<void> | null = null;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(output: Output, options: LaneOptions) {
    this.output = output;
    this.queue = output.queue ?? output.name;
    this.#options = options;
  }

  /** Resolves when nothing more is due. */
  run(): Promise<void> {
    this.#again = this.#busy !== null;
    this.#busy ??= this.#runAll()
      // The outbox itself takes nothing: its disk is full, or was taken away.
      .catch((error: unknown) => this.#isDown(`outbox.db: ${(error as Error).message}`))
      .finally(() => {
        this.#busy = null;
        this.#wake();
      });
    return this.#busy;
  }

  /** Resolves when nothing is under way; that is given up when it is not done within `patienceMs`. */
  async close(patienceMs: number): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const timer = setTimeout(() => this.output.close(), patienceMs);
    await this.#busy;
    clearTimeout(timer);
    this.output.close();
  }

  async #runAll(): Promise<void> {
    do {
      this.#again = false;
      await this.#sendDue();
    } while (this.#again && !this.#closed);
  }

  async #sendDue(): Promise<void> {
    while (!this.#closed && (this.#down?.until ?? 0) <= this.#options.now()) {
      const parcels = this.#parcels();
      if (parcels.length === 0) return;
      for (const parcel of parcels) if (this.#closed || !(await this.#settled(parcel))) return;
    }
  }

  /** What goes in one message each. */
  #parcels(): readonly (readonly Delivery[])[] {
    const { outbox, now } = this.#options;
    const { together } = this.output;
    const due = outbox.due(this.queue, now(), together?.most ?? AT_ONCE);
    if (together === undefined) return due.map((it) => [it]);
    const [first] = due;
    if (first === undefined || this.#isGathering(due)) return [];
    // What was tried together was given the same moment to be tried again.
    return [due.filter((it) => it.tries === first.tries && (first.tries === 0 || it.due === first.due))];
  }

  #isGathering(due: readonly Delivery[]): boolean {
    const told = this.#gathering;
    return told !== null && told.until > this.#options.now() && !due.some(({ body }) => isWorse(severityIn(body), told.severity));
  }

  /** False where the output is down: all of them wait, since it would be asked as often as there are findings. */
  async #settled(parcel: readonly Delivery[]): Promise<boolean> {
    const { outbox, now } = this.#options;
    const ids = parcel.map(({ id }) => id);
    const [{ tries }] = parcel as readonly [Delivery];
    outbox.trying(ids, now() + restOf(tries));
    try {
      outbox.sent(ids, await this.#send(parcel), now());
      this.#isUp();
      return true;
    } catch (error) {
      const why = (error as Error).message;
      const isOld = parcel.every(({ made }) => now() - made > TRIED_MS_MAX);
      if (error instanceof Unwanted || isOld) {
        this.#giveUp(ids, error instanceof Unwanted ? why : `tried for ${TRIED_MS_MAX / 3_600_000} hours: ${why}`);
        return true;
      }
      outbox.failed(ids, why, now() + restOf(tries), now());
      this.#isDown(why);
      return false;
    }
  }

  async #send(parcel: readonly Delivery[]): Promise<string> {
    const { together } = this.output;
    const told = parcel.map(({ body }) => JSON.parse(body) as Told);
    if (together === undefined) return this.output.send(parcel[0]!.id, told[0]!);
    const answer = await together.send(idOf(parcel), told);
    const severity = told.map(({ finding }) => finding.severity).reduce((worst, it) => (isWorse(it, worst) ? it : worst));
    this.#gathering = { severity, until: this.#options.now() + together.restMs };
    return answer;
  }

  #isDown(why: string): void {
    const times = this.#down?.times ?? 0;
    this.#down = { times: times + 1, until: this.#options.now() + restOf(times) };
    if (times === 0) this.#say(`takes no findings: ${why}. They wait, and are sent when it does.`);
  }

  #isUp(): void {
    if (this.#down !== null || this.#gaveUp) this.#say("takes findings again.");
    this.#down = null;
    this.#gaveUp = false;
  }

  #giveUp(ids: readonly string[], why: string): void {
    this.#options.outbox.dead(ids, why, this.#options.now());
    if (!this.#gaveUp) this.#say(`did not take a finding: ${why}. It is kept in outbox.db, and not sent again.`);
    this.#gaveUp = true;
  }

  #say(text: string): void {
    this.#options.log(`${this.output.name} (${this.output.where}) ${text}`);
  }

  #wake(): void {
    clearTimeout(this.#timer);
    const due = this.#closed ? null : this.#nextDue();
    if (due === null) return;
    const at = Math.max(due, this.#down?.until ?? 0, this.#gathering?.until ?? 0);
    this.#timer = setTimeout(() => void this.run(), Math.min(Math.max(at - this.#options.now(), REST_MS), REST_MS_MAX)).unref();
  }

  /** At once where the outbox cannot say. */
  #nextDue(): number | null {
    try {
      return this.#options.outbox.nextDue(this.queue);
    } catch {
      return this.#options.now();
    }
  }
}

function restOf(times: number): number {
  return Math.min(REST_MS * 2 ** times, REST_MS_MAX);
}

function idOf(parcel: readonly Delivery[]): string {
  const [first, ...others] = parcel.map(({ id }) => id);
  return others.length === 0
    ? first!
    : createHash("sha256")
        .update(JSON.stringify([first, ...others]))
        .digest("hex")
        .slice(0, 32);
}

function severityIn(body: string): Severity {
  return (JSON.parse(body) as Told).finding.severity;
}

function isWorse(a: Severity, b: Severity): boolean {
  return SEVERITIES.indexOf(a) > SEVERITIES.indexOf(b);
}
