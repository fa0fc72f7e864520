/** What stands around a sensor that is not beside its core: its spool, the way to the broker, and what it says of itself. It never looks at a frame. */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { VERSION } from "../../version.ts";
import { keepConnected, type BrokerOptions, type Way } from "./connection.ts";
import type { SensorStatus, SpoolStatus } from "./said.ts";
import { Sender } from "./sender.ts";
import { Spool } from "./spool.ts";
import { Spooling } from "./spooling.ts";
import { inboxOf } from "./subjects.ts";

const COMMITTED_CHECK_MS = 200;

export interface SensorParentOptions extends Pick<BrokerOptions, "broker" | "credentials"> {
  readonly site: string;
  readonly name: string;
  /** It listens: then it goes on where the broker lets it not in, and tries again. */
  readonly live: boolean;
  readonly folder: string;
  readonly bytesMax: number;
  /** 32 bytes in hex. */
  readonly hashKey: string;
  readonly log: (text: string) => void;
  readonly reached: () => void;
}

export class SensorParent {
  /** Where what is heard goes. */
  readonly writer: Spooling;
  /** Something is heard now. Of captures that are read: always. */
  hearing: boolean;
  readonly #options: SensorParentOptions;
  readonly #spool: Spool;
  readonly #way: Way;
  readonly #inputs = new Map<string, { readonly frames: number; readonly drops: number }>();
  readonly #instance = randomBytes(8).toString("hex");
  #sender: Sender | undefined;

  /** Throws an Error for people where the spool is no folder of ours, or another sensor's. */
  constructor(options: SensorParentOptions) {
    this.#options = options;
    const { broker, credentials, site, name, live, folder, bytesMax, hashKey, log, reached } = options;
    this.hearing = !live;
    const spool = new Spool({ folder, bytesMax, site, sensor: name });
    this.#spool = spool;
    this.writer = new Spooling({ spool, hashKey, log, put: () => this.#sender?.wake() });
    this.#way = keepConnected(
      { broker, credentials, name: `sensor ${name} of ${site}`, inbox: inboxOf(site, name) },
      (connection) => {
        reached();
        this.#sender = new Sender({ connection, spool, site, sensor: name, status: (runs) => this.#status(runs), log });
        return this.#sender;
      },
      { log, goesOn: live },
    );
  }

  /** Rejects where the broker did not let us in at the first time; never where it listens. */
  get failed(): Promise<never> {
    return this.#way.failed;
  }

  get spool(): SpoolStatus {
    return this.#spool.status;
  }

  count(input: string, frames: number, drops: number): void {
    const before = this.#inputs.get(input) ?? { frames: 0, drops: 0 };
    this.#inputs.set(input, { frames: before.frames + frames, drops: before.drops + drops });
  }

  /** Until the core has committed all of it; `milliseconds`: or so long, and no longer than a core is heard. */
  async committed(milliseconds?: number): Promise<void> {
    const began = performance.now();
    while (!this.#spool.isEmpty || this.#sender?.isDone === false) {
      const isHeard = this.#sender?.isHeard === true;
      if (milliseconds !== undefined && (!isHeard || performance.now() - began > milliseconds)) return;
      await sleep(COMMITTED_CHECK_MS);
    }
  }

  async close(): Promise<void> {
    await this.#way.close();
    this.#spool.close();
  }

  #status(runs: readonly string[]): SensorStatus {
    const { live } = this.#options;
    return {
      instance: this.#instance,
      version: VERSION,
      at: Date.now(),
      hearing: this.hearing,
      inputs: [...this.#inputs].map(([name, counted]) => ({ name, live, ...counted })),
      spool: this.#spool.status,
      notes: this.writer.notes,
      troubles: this.writer.troubles,
      runs,
    };
  }
}
