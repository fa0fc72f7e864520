/** A recording that is filled by a broker: the connection, what is taken from it, and the sensors at its other end. */
import type { RecordingWriter } from "../recording.ts";
import type { BrokerAbout } from "../../model/sensor.ts";
import { connectTo, type BrokerOptions } from "./connection.ts";
import { HeardSensors } from "./heard-sensors.ts";
import { coreInboxOf } from "./subjects.ts";
import { Taker } from "./taker.ts";

export interface FollowOptions extends Pick<BrokerOptions, "broker" | "credentials"> {
  readonly site: string;
  readonly replicas: number;
  readonly writer: RecordingWriter;
  readonly log: (text: string) => void;
  readonly changed: () => void;
}

export interface Following {
  about(): BrokerAbout;
  /** Resolves when all that was taken is committed and told. */
  close(): Promise<void>;
}

/** Tries for as long as it takes. Rejects where the addresses are none, or the broker lets us not in. */
export async function followBroker({ broker, credentials, site, replicas, writer, log, changed }: FollowOptions): Promise<Following> {
  const connection = await connectTo({ broker, credentials, name: `core of ${site}`, inbox: coreInboxOf(site) });
  const taker = new Taker({ connection, site, replicas, writer, log, changed });
  const sensors = new HeardSensors({ connection, site, writer });
  let away = false;
  void (async () => {
    for await (const status of connection.status()) {
      if (status.type === "disconnect" || status.type === "reconnect") {
        away = status.type === "disconnect";
        log(away ? "the broker does not answer: batches wait in the sensors' spools" : "the broker answers again");
        changed();
      }
      if (status.type === "error") log(`the broker says: ${status.error.message}`);
    }
  })();
  return {
    about: () => ({ trouble: away ? "the broker does not answer" : taker.trouble, pending: taker.pending, sensors: sensors.all }),
    close: async () => {
      await taker.stop();
      await writer.settle();
      taker.close();
      await connection.drain();
    },
  };
}
