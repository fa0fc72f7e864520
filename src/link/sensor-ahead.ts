/** A sensor that is started before it is known what it will be told: it takes as long to load as a recording to open. */
import type { StartLine } from "../model/batch.ts";
import { startSensor, type RunningSensor, type SensorHandlers, type SensorInput } from "./sensor.ts";

export class SensorAhead {
  readonly #start = Promise.withResolvers<StartLine>();
  readonly #sensor: Promise<RunningSensor>;
  readonly #ended = Promise.withResolvers<void>();
  #handlers: SensorHandlers | undefined;
  /** What there was to say before anybody listened. */
  #unheard: ((to: SensorHandlers) => void)[] = [];

  constructor(inputs: readonly SensorInput[]) {
    const say = (what: (to: SensorHandlers) => void) =>
      this.#handlers === undefined ? void this.#unheard.push(what) : what(this.#handlers);
    this.#sensor = startSensor(this.#start.promise, inputs, {
      output: (chunk) => say((to) => to.output(chunk)),
      log: (text) => say((to) => to.log(text)),
      ended: (how) => {
        this.#ended.resolve();
        say((to) => to.ended(how));
      },
    });
    this.#sensor.catch(() => undefined); // Whoever tells it hears it.
  }

  /** Rejects as `startSensor` does. */
  told(start: StartLine, handlers: SensorHandlers): Promise<RunningSensor> {
    this.#handlers = handlers;
    for (const what of this.#unheard) what(handlers);
    this.#unheard = [];
    this.#start.resolve(start);
    return this.#sensor;
  }

  /** It will never be told anything. Resolves when nothing is left of it. */
  async stop(): Promise<void> {
    try {
      (await this.#sensor).stop();
      await this.#ended.promise;
    } catch {
      return; // It never began.
    }
  }
}
