/** What stands at the broker: a stream for each site with one durable consumer, and one stream for batches that were refused. */
import type { ConsumerConfig, JetStreamManager, StreamConfig } from "@nats-io/jetstream";
import { batchSubject, CONSUMER, REFUSED_STREAM, streamOf } from "./subjects.ts";

const DAY_NS = 86_400_000_000_000;
/**
 * A message waits here until the core has committed it. Beyond these the broker takes no more, and batches wait in the sensors' spools,
 * which hold longer than this: nothing that was not committed is let go for something newer.
 */
export const SITE_DAYS = 7;
const SITE_BYTES = 4_000_000_000;
const REFUSED_DAYS = 30;
const REFUSED_BYTES = 500_000_000;
/** Within it the broker drops what a sensor sends again. Beyond it the core does, for good. */
const DUPLICATES_NS = 120_000_000_000;
/** What a core took and did not commit within this goes to whoever takes next: so long a core's death is felt. A disk may be full for longer: then it comes twice and counts once. */
const COMMIT_NS = 10_000_000_000;
const UNCOMMITTED_MAX = 2_000;

export interface Limits {
  /** Nodes that keep a copy of each message: 1 or 3. */
  readonly replicas: number;
  readonly siteBytes?: number;
}

type Stream = Partial<StreamConfig> & { readonly name: string };

// The enumerations of the client are strings; taken by their values, it is loaded only where one connects.
export function siteStream(site: string, { replicas, siteBytes = SITE_BYTES }: Limits): Stream {
  return {
    name: streamOf(site),
    subjects: [batchSubject(site, "*")],
    retention: "workqueue",
    discard: "new",
    storage: "file",
    max_age: SITE_DAYS * DAY_NS,
    max_bytes: siteBytes,
    duplicate_window: DUPLICATES_NS,
    num_replicas: replicas,
    deny_delete: false,
    description: `Batches of ${site} on their way to its core`,
  };
}

export function siteConsumer(site: string): Partial<ConsumerConfig> {
  return {
    durable_name: CONSUMER,
    ack_policy: "explicit",
    ack_wait: COMMIT_NS,
    max_ack_pending: UNCOMMITTED_MAX,
    filter_subject: batchSubject(site, "*"),
    description: `Where the core of ${site} is`,
  };
}

export function refusedStream({ replicas }: Limits): Stream {
  return {
    name: REFUSED_STREAM,
    subjects: ["auscult.refused.>"],
    retention: "limits",
    discard: "old",
    storage: "file",
    max_age: REFUSED_DAYS * DAY_NS,
    max_bytes: REFUSED_BYTES,
    num_replicas: replicas,
    description: "Batches a core refused, each with its reason",
  };
}

/** Makes what is not there. Answers when the site's stream was made. Whoever finds it missing makes it again. */
export async function ensureSite(manager: JetStreamManager, site: string, limits: Limits): Promise<string> {
  const name = streamOf(site);
  const known = await manager.streams.info(name).catch(missing);
  const info = known ?? (await manager.streams.add(siteStream(site, limits)));
  const consumer = await manager.consumers.info(name, CONSUMER).catch(missing);
  if (consumer === null) await manager.consumers.add(name, siteConsumer(site));
  return info.created;
}

export async function ensureRefused(manager: JetStreamManager, limits: Limits): Promise<void> {
  const known = await manager.streams.info(REFUSED_STREAM).catch(missing);
  if (known === null) await manager.streams.add(refusedStream(limits));
}

function missing(error: Error & { readonly status?: number }): null {
  if (error.status === 404 || /not found/.test(error.message)) return null;
  throw error;
}
