/** What `auscult doctor --broker` looks at: the server's version and its known holes, what it lets us do, and what stands there for each site. */
import { jetstreamManager, type JetStreamManager } from "@nats-io/jetstream";
import { connectTo, serversOf } from "../link/broker/connection.ts";
import { readCredentials } from "../link/broker/credentials.ts";
import { acknowledgmentWords, holesOf, isNewEnough, SERVER_NEEDED } from "../link/broker/server-version.ts";
import { CONSUMER, REFUSED_STREAM, SETUP_INBOX, streamOf } from "../link/broker/subjects.ts";
import type { Finding } from "./doctor.ts";
import { forPeople } from "./broker-errors.ts";
import { plural } from "./terminal.ts";

export interface BrokerDoctorOptions {
  readonly broker: string;
  readonly credentials?: string;
  readonly sites?: readonly string[];
}

const ABOUT = "Broker";

export async function brokerFindings({ broker, credentials, sites = [] }: BrokerDoctorOptions): Promise<readonly Finding[]> {
  const servers = forPeople(() => serversOf(broker));
  const who = credentials === undefined ? null : forPeople(() => readCredentials(credentials, "setup"));
  const options = { broker, credentials: who, name: "doctor", inbox: SETUP_INBOX, once: true } as const;
  let connection;
  try {
    connection = await connectTo(options);
  } catch (error) {
    return [{ about: ABOUT, state: "wrong", words: `${broker}: ${(error as Error).message}` }];
  }
  try {
    const { version, auth_required: asks = false } = connection.info!;
    const manager = await jetstreamManager(connection, { checkAPI: false });
    const streams = await Promise.all(sites.map((site) => siteFinding(manager, site)));
    const replicas = Math.max(1, ...streams.map((it) => it.replicas));
    return [
      isNewEnough(version)
        ? { about: ABOUT, state: "ok", words: `nats-server ${version}${servers[0]!.tls ? ", encrypted" : ", on this computer"}` }
        : { about: ABOUT, state: "wrong", words: `expected nats-server ${SERVER_NEEDED} or newer, got ${version}` },
      asks
        ? { about: ABOUT, state: "ok", words: "it lets nobody in without credentials" }
        : {
            about: ABOUT,
            state: "wrong",
            words: "anyone on this network may say anything in a sensor's name",
            cure: ["auscult broker configure --help"],
          },
      { about: ABOUT, state: "note", words: acknowledgmentWords(version, replicas) },
      ...holesOf(version).map(({ name, words }): Finding => ({ about: ABOUT, state: "note", words: `${name}: ${words}` })),
      ...streams.map(({ finding }) => finding),
      await refusedFinding(manager),
    ];
  } finally {
    await connection.close();
  }
}

async function siteFinding(manager: JetStreamManager, site: string): Promise<{ readonly finding: Finding; readonly replicas: number }> {
  const about = `Site ${site}`;
  try {
    const { config } = await manager.streams.info(streamOf(site));
    const { num_pending: waiting, num_ack_pending: taken, num_waiting: asking } = await manager.consumers.info(streamOf(site), CONSUMER);
    const pending = `${plural(waiting + taken, "batch waits", "batches wait")} there`;
    const words = `${pending}, kept by ${plural(config.num_replicas, "node")}; ${asking === 0 ? "no core takes them just now" : "a core takes them"}`;
    return { finding: { about, state: asking === 0 ? "note" : "ok", words }, replicas: config.num_replicas };
  } catch (error) {
    const cure = [`auscult broker setup --broker … --sites '${site}'`];
    return { finding: { about, state: "wrong", words: `nothing stands there for it: ${(error as Error).message}`, cure }, replicas: 1 };
  }
}

async function refusedFinding(manager: JetStreamManager): Promise<Finding> {
  const about = "Refused batches";
  try {
    const { state } = await manager.streams.info(REFUSED_STREAM);
    return state.messages === 0
      ? { about, state: "ok", words: "none" }
      : {
          about,
          state: "note",
          words: `${plural(state.messages, "batch", "batches")} of the last 30 days, each with its reason, in ${REFUSED_STREAM}`,
        };
  } catch (error) {
    return {
      about,
      state: "wrong",
      words: `nothing stands there for them: ${(error as Error).message}`,
      cure: ["auscult broker setup --broker … --sites …"],
    };
  }
}
