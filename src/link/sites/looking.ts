/**
 * A core of many sites looks around: who else is there, who has which site, how each says it stands. In a thread of its own, which waits
 * for the database while pages do not. This file is both ends.
 */
import { parentPort, Worker, workerData } from "node:worker_threads";
import { Presence } from "../../store/postgres/presence.ts";
import type { Look } from "./spreading.ts";

/** So soon a site that lost its core is seen. */
const LOOK_MS = 2_000;

export interface Looking {
  readonly database: string;
  readonly me: number;
  readonly sites: readonly string[];
}

export type Seen =
  | { readonly look: Look; readonly standings: ReadonlyMap<string, string> }
  /** The database does not answer: why. */
  | { readonly away: string };

/** Looks until it is closed. */
export function lookAround(looking: Looking, seen: (it: Seen) => void): { close(): Promise<void> } {
  const worker = new Worker(new URL("./looking.ts", import.meta.url), { workerData: { lookAround: looking } satisfies Task });
  worker.on("message", seen);
  worker.on("error", ({ message }) => seen({ away: message }));
  const gone = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  return {
    close: async () => {
      worker.postMessage("close");
      await gone;
    },
  };
}

// The other end. -------------------------------------------------------------------------------------------------------------

/** Any worker may load this file: only one that was started for it looks. */
interface Task {
  readonly lookAround: Looking;
}

const task = workerData as Task | null;
if (parentPort !== null && task !== null && typeof task === "object" && "lookAround" in task) keepLooking(parentPort, task.lookAround);

function keepLooking(port: NonNullable<typeof parentPort>, { database, me, sites }: Looking): void {
  let presence: Presence | null = null;
  const look = () => {
    try {
      presence ??= new Presence(database, me, sites);
      port.postMessage({ look: { me, ...presence.look() }, standings: presence.standings() } satisfies Seen);
    } catch (error) {
      presence?.close();
      presence = null;
      port.postMessage({ away: (error as Error).message } satisfies Seen);
    }
    timer = setTimeout(look, LOOK_MS);
  };
  let timer = setTimeout(look, 0);
  port.once("message", () => {
    clearTimeout(timer);
    presence?.close();
    port.close();
  });
}
