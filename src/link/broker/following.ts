/** A recording that is filled by a broker: the connection, what is taken from it, and the sensors at its other end. */
import type { NatsConnection } from "@nats-io/transport-node";
import type { RecordingWriter } from "../recording.ts";
import type { BrokerAbout, SensorAbout } from "../../model/sensor.ts";
import { keepConnected, type BrokerOptions } from "./connection.ts";
import { HeardSensors } from "./heard-sensors.ts";
import { KnownMarks } from "./known-marks.ts";
import { coreInboxOf } from "./subjects.ts";
import { Taker } from "./taker.ts";

export interface FollowOptions extends Pick<BrokerOptions, "broker" | "credentials"> {
  readonly site: string;
  readonly replicas: number;
  readonly writer: RecordingWriter;
  /** Where it is noted how far the site has come. */
  readonly data: string;
  readonly log: (text: string) => void;
  readonly changed: () => void;
}

/** The recording can be written no more, though nobody closed it. */
export class WriterLost extends Error {}

export interface Following {
  /** Rejects where the broker did not let us in at the first time, and with WriterLost when the recording can be written no more. */
  readonly failed: Promise<never>;
  about(): BrokerAbout;
  /** Resolves when all that was taken is committed and told. */
  close(): Promise<void>;
}

/** Tries for as long as it takes. `failed` of it rejects where the broker lets us not in. */
export function followBroker({ broker, credentials, site, replicas, writer, data, log, changed }: FollowOptions): Following {
  let taker: Taker | undefined;
  let sensors: HeardSensors | undefined;
  let away = true;
  let awaySince = Date.now();
  const watch = async (connection: NatsConnection) => {
    for await (const status of connection.status()) {
      if (status.type === "error") log(`the broker says: ${status.error.message}`);
      if (status.type !== "disconnect" && status.type !== "reconnect") continue;
      if (status.type === "disconnect" && !away) awaySince = Date.now();
      away = status.type === "disconnect";
      log(away ? "the broker does not answer: batches wait in the sensors' spools" : "the broker answers again");
      changed();
    }
  };
  const options = { broker, credentials, name: `core of ${site}`, inbox: coreInboxOf(site) };
  const reached = (connection: NatsConnection) => {
    const current = new Taker({ connection, site, replicas, writer, log, changed });
    taker = current;
    sensors = new HeardSensors({ connection, site, writer, asked: (sensor, runs) => current.asked(sensor, runs) });
    away = false;
    changed();
    void watch(connection);
    return {
      close: async () => {
        away = true;
        awaySince = Date.now();
        await current.stop();
        current.close();
      },
    };
  };
  const known = new KnownMarks({ data, site, log });
  void compare(known, writer, log);
  const way = keepConnected(options, reached, { log });
  let isLost = false;
  const lost = (error: Error): never => {
    isLost = true;
    throw new WriterLost(error.message, { cause: error });
  };
  return {
    failed: Promise.race([way.failed, writer.failed.catch(lost)]),
    about: () => {
      const all = sensors?.all ?? [];
      const deafSince = away ? awaySince : allDeafSince(all);
      return {
        trouble: away ? "the broker does not answer" : (taker?.trouble ?? ""),
        pending: taker?.pending ?? 0,
        deafSince: deafSince === null ? null : deafSince * 1_000,
        sensors: all,
      };
    },
    close: async () => {
      await taker?.stop();
      try {
        if (!isLost) await writer.settle();
      } finally {
        known.close();
        // Whatever becomes of the recording: a way that is left open would keep the program from ending.
        await way.close();
      }
    },
  };
}

/** Says what the store lost since somebody here wrote it; what is committed from now on is noted. */
async function compare(known: KnownMarks, writer: RecordingWriter, log: FollowOptions["log"]): Promise<void> {
  try {
    for (const words of await known.gone((run) => writer.stored(run))) {
      log(words);
      writer.note("", words);
    }
  } catch (error) {
    return log((error as Error).message); // It can be written no more, and whoever follows is told so too.
  }
  writer.subscribe(({ delivered }) => {
    if (delivered !== undefined) known.know(delivered.marks);
  });
}

/** The last word of any sensor, where all are silent or hear nothing; null where one hears, or there is none yet. */
function allDeafSince(sensors: readonly SensorAbout[]): number | null {
  if (sensors.length === 0 || sensors.some(({ state }) => state !== "silent" && state !== "deaf")) return null;
  return Math.max(...sensors.map(({ lastAt }) => lastAt));
}
