/** Sensors of a site as its core hears of them: who is behind, blind or silent, and why, in words. */
import type { NatsConnection } from "@nats-io/transport-node";
import type { RecordingWriter } from "../recording.ts";
import type { SensorAbout } from "../../model/sensor.ts";
import { readStatus, SILENT_MS, type SensorStatus } from "./said.ts";
import { senderOf, statusSubject } from "./subjects.ts";
import { sensorWords, type Heard } from "./sensor-words.ts";

/** Beyond it somebody makes names up. */
const SENSORS_MAX = 1_024;

export interface HeardSensorsOptions {
  readonly connection: NatsConnection;
  readonly site: string;
  readonly writer: Pick<RecordingWriter, "marks" | "note" | "ended">;
  /** A sensor asks how far we have come with these runs. */
  readonly asked: (sensor: string, runs: readonly string[]) => void;
}

export class HeardSensors {
  readonly #options: HeardSensorsOptions;
  readonly #heard = new Map<string, Heard>();
  readonly #told = new Set<string>();

  constructor(options: HeardSensorsOptions) {
    this.#options = options;
    const { connection, site, writer } = options;
    // Those that were here before us, and may be silent.
    for (const { sensor } of writer.marks)
      this.#heard.set(sensor, { status: null, at: performance.now(), since: Date.now(), instances: new Map() });
    connection.subscribe(statusSubject(site, "*"), {
      callback: (error, message) => {
        const sender = senderOf(message.subject);
        const status = error === null ? readStatus(message.data) : null;
        if (sender !== null && status !== null) this.#hear(sender.sensor, status);
      },
    });
  }

  get all(): readonly SensorAbout[] {
    return [...this.#heard]
      .map(([name, heard]) => sensorWords(name, heard, performance.now()))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  #hear(name: string, status: SensorStatus): void {
    let heard = this.#heard.get(name);
    if (heard === undefined) {
      if (this.#heard.size >= SENSORS_MAX) return;
      this.#heard.set(name, (heard = { status: null, at: 0, since: 0, instances: new Map() }));
    }
    const now = performance.now();
    for (const [instance, at] of heard.instances) if (now - at > SILENT_MS) heard.instances.delete(instance);
    heard.instances.set(status.instance, now);
    heard.status = status;
    heard.at = now;
    heard.since = Date.now();
    const { writer, asked } = this.#options;
    asked(name, status.runs);
    for (const [input, words] of status.notes) if (this.#isNew(`${name}\n${input}\n${words}`)) writer.note(input, words);
    for (const [run, words] of status.troubles) if (this.#isNew(`${name}\n${run}\n${words}`)) writer.ended(run, words, name);
  }

  /** A sentence is told with each word of its sensor. */
  #isNew(words: string): boolean {
    if (this.#told.has(words)) return false;
    if (this.#told.size >= SENSORS_MAX * 4) this.#told.clear();
    this.#told.add(words);
    return true;
  }
}
