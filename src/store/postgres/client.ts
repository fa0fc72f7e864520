/**
 * The thread that speaks with PostgreSQL for a thread that waits (`wire.ts`): one connection, what is asked in its order. It is never made
 * anew: with it went whatever it held, an advisory lock above all, and an unfinished transaction would go on outside of one.
 */
import { connect } from "node:net";
import { workerData } from "node:worker_threads";
import postgres from "postgres";
import type { Answer, Ask, Rows, WireOptions } from "./wire.ts";

/** An unreachable server is said after this long. */
const CONNECT_SECONDS = 10;
/** A server that vanished without a word is noticed by its silence. */
const KEEP_ALIVE_SECONDS = 15;
/** The server gives up a connection whose machine vanished after 11 s, and with it the lock of its core: the next one takes over. */
const GIVEN_UP = { tcp_keepalives_idle: 5, tcp_keepalives_interval: 2, tcp_keepalives_count: 3, tcp_user_timeout: 11_000 } as const;
/** Types by their numbers in pg_type, which never change: bigint, numeric, boolean, json. */
const Type = { boolean: 16, bigint: 20, json: 114, numeric: 1700 } as const;

const { url, application, port, signal } = workerData as WireOptions;
const turn = new Int32Array(signal);
let connections = 0;

/** As psql takes it: the folder of a socket, and who logs in where no host is named, stand among the parameters. */
const address = new URL(url);
const folder = address.searchParams.get("host");
const user = address.searchParams.get("user");
for (const name of ["host", "user"]) address.searchParams.delete(name);

/** Rejects when the connection is gone: not every question that was under way is told so by the client (seen, of one that was cut and then ended). */
const gone = Promise.withResolvers<never>();
gone.promise.catch(() => undefined); // Whoever asks is told.
const lost = () => Object.assign(new Error("the connection was lost"), { code: "CONNECTION_CLOSED" });

const sql = postgres(address.href, {
  ...(folder === null ? {} : { host: folder }),
  ...(user === null ? {} : { user }),
  max: 1,
  idle_timeout: 0,
  max_lifetime: null,
  connect_timeout: CONNECT_SECONDS,
  keep_alive: KEEP_ALIVE_SECONDS,
  fetch_types: false,
  onnotice: () => {},
  connection: { application_name: application, client_encoding: "UTF8", ...GIVEN_UP },
  types: {
    // Sums are kept under what a number holds (`held.ts`).
    number: { to: Type.bigint, from: [Type.bigint, Type.numeric], serialize: String, parse: Number },
    flag: { to: Type.boolean, from: [Type.boolean], serialize: String, parse: (text: string) => (text === "t" ? 1 : 0) },
    text: { to: Type.json, from: [Type.json], serialize: String, parse: (text: string) => text },
  },
  socket: ({ host, port: ports, path }: { host: string[]; port: number[]; path: string | false | undefined }) => {
    if (connections++ > 0) throw lost();
    const name = host[0] ?? "localhost";
    const socket = path ? connect(path) : connect(ports[0] ?? 5432, name);
    socket.once("close", () => gone.reject(lost()));
    return Object.assign(socket, { host: name });
  },
} as postgres.Options<Record<string, postgres.PostgresType>>);

port.on("message", (ask: Ask) => void answer(ask));

async function answer(ask: Ask): Promise<void> {
  let said: Answer;
  try {
    said = { rows: await Promise.race([done(ask), gone.promise]) };
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    said = { error: message, code: code ?? "" };
  }
  port.postMessage(said);
  Atomics.add(turn, 0, 1);
  Atomics.notify(turn, 0);
}

/** All of it goes out at once, and is answered in its order: one wait for a thousand statements. The first that fails tells why. */
async function done(ask: Ask): Promise<Rows | null> {
  if (ask.end) {
    await sql.end({ timeout: 1 });
    return null;
  }
  const answers = await Promise.allSettled(
    ask.statements.map(async ({ text, values, simple }) => {
      if (simple === true) return [await sql.unsafe(text).simple(), null] as const;
      const rows = await sql.unsafe(text, values as never[], { prepare: true }).values();
      return [rows, rows.columns ?? []] as const;
    }),
  );
  for (const it of answers) if (it.status === "rejected") throw it.reason as Error;
  const last = answers.at(-1);
  if (last?.status !== "fulfilled") return null;
  const [rows, columns] = last.value;
  return columns === null ? null : { columns: columns.map(({ name }) => name), rows: [...rows] as unknown[][] };
}
