/** The way to the broker: which addresses, how it is encrypted, who we say we are. It is tried again for ever. */
import { isIP } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { checkServerIdentity, type ConnectionOptions } from "node:tls";
import { isLoopback } from "../../config.ts";
import type { Credentials } from "./credentials.ts";
import { connect, nkeyAuthenticator, type NatsConnection } from "@nats-io/transport-node";

export interface BrokerOptions {
  /** As a person wrote it: one address or several with commas between. */
  readonly broker: string;
  /** Null: none, which only a broker on this computer lets in. */
  readonly credentials: Credentials | null;
  /** Shown in the broker's own list of connections. */
  readonly name: string;
  /** Where answers come to; what credentials allow. */
  readonly inbox: string;
  /** Give up where nobody answers at once; absent: try on for as long as it takes. */
  readonly once?: true;
}

const PORT = 4222;
const AGAIN_MS = 1_000;
const DENIED_AGAIN_MS = 5_000;
/** A broker that does not answer within two of these is gone. */
const PING_MS = 10_000;
/** A cluster under load elects a leader in up to 12 s (measured): less would be a false alarm. */
export const ANSWER_MS = 15_000;

/** Rejects with an Error for people where the addresses are none, and with the broker's own where it lets us not in. */
export function connectTo({ broker, credentials, name, inbox, once }: BrokerOptions): Promise<NatsConnection> {
  const servers = serversOf(broker);
  const { ca, seed } = credentials ?? {};
  return connect({
    servers: servers.map(({ host }) => host),
    name,
    inboxPrefix: inbox,
    pingInterval: PING_MS,
    maxPingOut: 2,
    // Where we go is what a person wrote, not what a server says.
    ignoreClusterUpdates: true,
    timeout: ANSWER_MS,
    ...(once ? { maxReconnectAttempts: 0 } : { maxReconnectAttempts: -1, waitOnFirstConnect: true, reconnectTimeWait: AGAIN_MS }),
    ...(seed === undefined ? {} : { authenticator: nkeyAuthenticator(new TextEncoder().encode(seed)) }),
    ...(servers.some(({ tls }) => tls) ? { tls: tlsOf(servers, ca) } : {}),
  });
}

/** Addresses have no name to be asked for, so Node looks for its own fallback in the certificate: then it must be of one of the addresses. */
function tlsOf(
  servers: readonly Server[],
  ca: string | undefined,
): { readonly ca?: string } & Pick<ConnectionOptions, "checkServerIdentity"> {
  const addresses = servers.map(({ host }) => host.replace(/:\d+$/, "").replace(/^\[|\]$/g, "")).filter((host) => isIP(host) !== 0);
  return {
    ...(ca === undefined ? {} : { ca }),
    checkServerIdentity: (name, certificate) => {
      const wrong = checkServerIdentity(name, certificate);
      const isOfAddress = name === "localhost" && addresses.some((it) => checkServerIdentity(it, certificate) === undefined);
      return isOfAddress ? undefined : wrong;
    },
  };
}

interface Server {
  readonly host: string;
  readonly tls: boolean;
}

/** Throws an Error for people. What goes over a network is encrypted, and so both ends know each other. */
export function serversOf(broker: string): readonly Server[] {
  const servers = broker.split(",").map((part) => {
    const url = URL.parse(part.trim());
    const isBroker = url !== null && ["nats:", "tls:"].includes(url.protocol) && url.hostname !== "";
    if (!isBroker || url.username !== "" || url.password !== "" || !["", "/"].includes(url.pathname))
      throw new Error(`--broker: expected addresses such as tls://broker.example:4222, got "${part.trim().replace(/\/\/[^/]*@/, "//…@")}"`);
    const tls = url.protocol === "tls:";
    if (!tls && !isLoopback(url.hostname.replace(/^\[|\]$/g, "")))
      throw new Error(`--broker: expected tls:// for a broker that is not on this computer, got "${part.trim()}"`);
    return { host: `${url.hostname}:${url.port === "" ? PORT : url.port}`, tls };
  });
  if (new Set(servers.map(({ tls }) => tls)).size > 1) throw new Error(`--broker: expected all of them as tls:// or none, got "${broker}"`);
  return servers;
}

/** What lives as long as one connection. */
export interface Connected {
  close(): Promise<void>;
}

export interface Way {
  /** Rejects where the broker did not let us in at the first time, unless that is tried again: it is for a person to put right. */
  readonly failed: Promise<never>;
  close(): Promise<void>;
}

export interface Keeping {
  readonly log: (text: string) => void;
  /** Where the broker lets us not in at the first time either. */
  readonly goesOn?: boolean;
}

/**
 * Connected for as long as it is open. The client itself goes on through cuts and restarts; it gives up where it is let in no more, which
 * may be a configuration that was being written: then it begins anew.
 */
export function keepConnected(
  options: BrokerOptions,
  reached: (connection: NatsConnection) => Connected,
  { log, goesOn = false }: Keeping,
): Way {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => undefined); // Whoever waits for it hears it too.
  const state = { isClosed: false, wasReached: false };
  let connection: NatsConnection | undefined;
  let connected: Connected | undefined;
  const keep = async () => {
    while (!state.isClosed) {
      try {
        connection = await connectTo(options);
        if (state.isClosed) break;
        state.wasReached = true;
        connected = reached(connection);
        const error = await connection.closed();
        if (state.isClosed) break;
        await connected.close();
        log(`the broker lets us in no more${error === undefined ? "" : `: ${error.message}`}`);
      } catch (error) {
        if (!state.wasReached && !goesOn) return reject(error);
        log(`the broker does not let us in: ${(error as Error).message}`);
      }
      await sleep(DENIED_AGAIN_MS, undefined, { ref: false });
    }
    await connection?.close();
  };
  void keep();
  return {
    failed,
    close: async () => {
      state.isClosed = true;
      await connected?.close();
      await connection?.close();
    },
  };
}
