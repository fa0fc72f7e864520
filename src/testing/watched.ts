/** What watches claim of what was heard, as lines a person can read. All tests of watches go through here. */
import type { Batch } from "../model/batch.ts";
import type {
  ConversationNews,
  FindingWitness,
  Known,
  News,
  ObservationNews,
  Party,
  SignalNews,
  StoredFinding,
  Watch,
} from "../model/finding.ts";
import type { Attribute } from "../model/observation.ts";
import { Watching } from "../findings/index.ts";
import { ipWords } from "../bytes/address.ts";
import { Networks, PRIVATE_NETWORKS } from "../bytes/networks.ts";

const BEGIN_US = 1_700_000_000_000_000;
export const SECOND_US = 1_000_000;

/** Everything the watches find in these batches, in the order in which it began. */
export function found(batches: readonly Batch[], watches: readonly Watch[], known: Partial<Known> = {}): readonly StoredFinding[] {
  const watching = new Watching("main", watches, { memories: [], findings: [] });
  const numbers = new Map<string, number>();
  /** When two first conversed, by their numbers and protocol, as the store knows it of the batches before. */
  const conversed = new Map<string, number>();
  const heard = new Map<number, number>();
  const own = new Networks(PRIVATE_NETWORKS);
  const isInside = (ip: string) => {
    const parsed = ipWords(ip);
    return parsed === null || own.has(parsed.family, ...parsed.words);
  };
  for (const batch of batches) {
    const endpoints = batch.addresses.map(([space, mac, ip, child]) => {
      const key = `${space} ${mac} ${ip} ${child}`;
      if (!numbers.has(key)) numbers.set(key, numbers.size + 1);
      return numbers.get(key)!;
    });
    watching.take(batch, endpoints, isInside, {
      since: batches[0]!.from,
      conversedSince: (client, server, protocol = "") => conversed.get(`${client.endpoint} ${server.endpoint} ${protocol}`) ?? null,
      heardSince: ({ endpoint }) => heard.get(endpoint) ?? null,
      ...known,
    });
    for (const [place, [, , , , , , first]] of batch.addresses.entries())
      if (first > 0) heard.set(endpoints[place]!, Math.min(first, heard.get(endpoints[place]!) ?? first));
    for (const [client, server, , , protocol, , , , , , , , first] of batch.conversations)
      for (const by of ["", protocol]) {
        const key = `${endpoints[client]} ${endpoints[server]} ${by}`;
        conversed.set(key, Math.min(first, conversed.get(key) ?? first));
      }
  }
  return watching.changed().findings.toSorted((a, b) => a.first - b.first || (a.id < b.id ? -1 : 1));
}

/** `log-in-guessing high 10.0.0.2: 10 log-ins by ftp refused within 9 s` */
export function foundLines(batches: readonly Batch[], watches: readonly Watch[], known?: Partial<Known>): string[] {
  const names = new Map<number, string>();
  let count = 0;
  const seen = new Set<string>();
  for (const { addresses } of batches)
    for (const [space, mac, ip, child] of addresses) {
      const key = `${space} ${mac} ${ip} ${child}`;
      if (seen.has(key)) continue;
      seen.add(key);
      names.set(++count, child ?? ip ?? mac ?? "?");
    }
  return found(batches, watches, known).map(
    ({ detector, severity, about, others, summary }) =>
      `${detector} ${severity} ${about === 0 ? "segment" : names.get(about)}${others.length > 0 ? ` by ${others.map((it) => names.get(it)).join(", ")}` : ""}: ${summary}`,
  );
}

/** News told by hand: `at` in seconds since the test began. */
export function claims<Memory>(watch: Watch<Memory>, news: readonly News[], known: Partial<Known> = {}): string[] {
  const memories = new Map<string, Memory>();
  return news.flatMap((it) => {
    const key = subjectOf(watch.subject, it);
    if (!memories.has(key)) memories.set(key, watch.remember());
    return [...watch.notice(it, memories.get(key)!, { since: BEGIN_US, conversedSince: () => null, heardSince: () => null, ...known })].map(
      ({ at, summary }) => `${(at - BEGIN_US) / SECOND_US} s: ${summary}`,
    );
  });
}

/** Whose memory it is told to; one for all where the subject is none of the news. */
function subjectOf(subject: Watch["subject"], news: News): string {
  const [sender, receiver] =
    news.news === "observation"
      ? [news.about, null]
      : news.news === "conversation"
        ? [news.client, news.server]
        : [news.sender, news.receiver];
  if (subject === "pair") return `${sender?.key} ${receiver?.key}`;
  if (subject === "segment" && news.news === "signal") return news.segment;
  return (subject === "sender" ? sender?.key : subject === "receiver" ? receiver?.key : undefined) ?? subject;
}

export function signal(seconds: number, it: Partial<SignalNews> & Pick<SignalNews, "kind">): SignalNews {
  return { news: "signal", what: "", group: "", sender: null, receiver: null, segment: "untagged", count: 1, distinct: 1, failed: 0, amount: 0, witnesses: [] as readonly FindingWitness[], ...it, at: BEGIN_US + seconds * SECOND_US }; // prettier-ignore
}

/** A conversation over TCP, told by hand: one connection that was answered. */
export function conversed(seconds: number, it: Partial<ConversationNews> & Pick<ConversationNews, "client" | "server">): ConversationNews {
  const at = BEGIN_US + seconds * SECOND_US;
  return { news: "conversation", at, first: at, transport: "tcp", port: 0, protocol: "", operations: [], bytesToServer: 0, bytesToClient: 0, answered: 1, refused: 0, side: "handshake", encrypted: false, ...it }; // prettier-ignore
}

/** A machine of the site's own, by its number. */
export function machine(number: number, ip = `10.0.0.${number}`): Party {
  return { endpoint: number, key: `0/${ip}`, mac: null, ip, child: null, inside: true };
}

/** What a machine is heard to be, told by hand. */
export function observed(seconds: number, about: Party, attribute: Attribute, value: string): ObservationNews {
  return { news: "observation", at: BEGIN_US + seconds * SECOND_US, about, attribute, value, protocol: "", via: null };
}
