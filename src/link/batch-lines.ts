/** A sensor's output, cut into its lines and checked: batches, and what it says beside them. */
import { BATCH_LINE_BYTES_MAX, type Batch, type SensorLine } from "../model/batch.ts";
import { checkBatch } from "./check-batch.ts";
import { checkLine } from "./check-line.ts";
import { WholeLines } from "./whole-lines.ts";

/** Bad batches in a row after which a sensor is not believed any more. */
const BAD_IN_A_ROW_MAX = 3;

export interface LineHandlers {
  batch(batch: Batch): void;
  line(line: SensorLine): void;
  /** One was none. `restart`: so were those before it. */
  refused(why: string, restart: boolean): void;
}

export class BatchLines {
  readonly #handlers: LineHandlers;
  readonly #lines = new WholeLines();
  #bad = 0;

  constructor(handlers: LineHandlers) {
    this.#handlers = handlers;
  }

  take(bytes: Uint8Array): void {
    for (const text of this.#lines.of(bytes)) this.#take(text);
    if (this.#lines.waiting <= BATCH_LINE_BYTES_MAX) return;
    this.#refuse("expected a line of a sensor, got one that does not end");
    this.#lines.forget();
  }

  #take(text: string): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return this.#refuse("expected a line of JSON");
    }
    if (typeof value === "object" && value !== null && "say" in value) {
      const line = checkLine(value);
      if (line === null) this.#refuse("expected a line of a sensor");
      else this.#handlers.line(line);
      return;
    }
    const batch = checkBatch(value);
    if (typeof batch === "string") return this.#refuse(batch);
    this.#bad = 0;
    this.#handlers.batch(batch);
  }

  #refuse(why: string): void {
    this.#bad++;
    const restart = this.#bad >= BAD_IN_A_ROW_MAX;
    if (restart) this.#bad = 0;
    this.#handlers.refused(why, restart);
  }
}
