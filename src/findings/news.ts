/** A batch as news for watches, in the order of time; only what somebody hears is made. */
import type { AddressRow, Batch, Witness } from "../model/batch.ts";
import type { ConversationNews, FindingWitness, News, ObservationNews, Party, ProgramNews, SignalNews } from "../model/finding.ts";
import { isOutward, type Audience } from "./audience.ts";

/** `endpoints`: their numbers, by their places in the batch. `isInside`: whether an IP is of the site's own networks. */
export function newsOf(batch: Batch, endpoints: readonly number[], isInside: (ip: string) => boolean, audience: Audience): readonly News[] {
  const parties: (Party | undefined)[] = [];
  const party = (place: number): Party => (parties[place] ??= partyOf(batch.addresses[place]!, endpoints[place]!, isInside));
  const maybe = (place: number) => (place < 0 ? null : party(place));
  const { input } = batch;

  const news: News[] = [];
  for (const [at, kind, sender, receiver, segment, what, count, distinct, failed, amount, witness] of batch.signals)
    if (audience.hearsSignal(kind, nameOf(what)))
      news.push({
        news: "signal",
        at,
        kind,
        what: nameOf(what),
        group: what.slice(nameOf(what).length + 1),
        sender: maybe(sender),
        receiver: maybe(receiver),
        segment,
        count,
        distinct,
        failed,
        amount,
        witnesses: (witness ?? []).map((it: Witness): FindingWitness => [input, ...it]),
      } satisfies SignalNews);
  for (const row of batch.conversations)
    if (audience.hearsConversation(row[4]) || (audience.hearsOutward && isOutward(party(row[0]), party(row[1]))))
      news.push({
        news: "conversation",
        at: row[13],
        first: row[12],
        client: party(row[0]),
        server: party(row[1]),
        transport: row[2],
        port: row[3],
        protocol: row[4],
        operations: row[5],
        bytesToServer: row[8],
        bytesToClient: row[9],
        answered: row[10],
        refused: row[11],
        side: row[14],
        encrypted: row[15] === 1,
      } satisfies ConversationNews);
  if (audience.hearsPrograms)
    for (const [at, sender, receiver, pump, dose, witness] of batch.programs ?? [])
      news.push({
        news: "program",
        at,
        sender: party(sender),
        receiver: party(receiver),
        pump: party(pump),
        dose,
        witnesses: witness.map((it): FindingWitness => [input, ...it]),
      } satisfies ProgramNews);
  for (const [about, attribute, value, protocol, via, , last] of batch.observations)
    if (audience.hearsAttribute(attribute))
      news.push({
        news: "observation",
        at: last,
        about: party(about),
        attribute,
        value,
        protocol,
        via: maybe(via),
      } satisfies ObservationNews);
  // Sorting is stable: of one time, as the batch has them.
  return news.sort((a, b) => a.at - b.at);
}

/** A notable thing may be counted apart by something, which stands behind its name. */
function nameOf(what: string): string {
  const space = what.indexOf(" ");
  return space < 0 ? what : what.slice(0, space);
}

function partyOf([space, mac, ip, child]: AddressRow, endpoint: number, isInside: (ip: string) => boolean): Party {
  // Who has no address yet is told apart by its card.
  const key = `${space}/${ip === null || ip === "0.0.0.0" || ip === "::" ? (mac ?? ip) : ip}${child === null ? "" : `/${child}`}`;
  return { endpoint, key, mac, ip, child, inside: ip === null || isInside(ip) };
}
