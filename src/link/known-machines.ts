/** What a recording knows of its machines by now: whose names may be told, which addresses there are, and at which ports. */
import { macWords } from "../bytes/address.ts";
import type { FlowEnds } from "../bytes/community-id.ts";
import { isDeviceMaker } from "../knowledge/device-maker.ts";
import { loadKnowledge } from "../knowledge/index.ts";
import type { DeviceSummary } from "../model/device.ts";
import type { RecordingReader } from "../model/store.ts";

const PAGE = 1_000;
const DAY_US = 86_400e6;
/** Of these kinds, and what is under them, names are no person's (README.md, promise 4). */
const NAMED_KINDS = ["medical device", "building device", "server"];

export type KnownMachine = Pick<DeviceSummary, "macs" | "ips" | "location">;

export class KnownMachines {
  readonly all: KnownMachine[] = [];
  /** Of machines that serve: cards, and addresses with when they were heard. */
  readonly #cards = new Set<string>();
  readonly #addresses = new Map<string, { readonly first: number; readonly last: number }>();
  /** Of all of them. */
  readonly #ips = new Set<string>();
  /** Flows that findings rest on, by Community ID. */
  readonly flows: ReadonlyMap<string, FlowEnds>;

  constructor(flows: ReadonlyMap<string, FlowEnds>) {
    this.flows = flows;
  }

  add(device: DeviceSummary): void {
    const { macs, ips, location, first, last } = device;
    this.all.push({ macs, ips, location });
    for (const ip of ips) this.#ips.add(ip);
    if (!isServing(device)) return;
    for (const mac of macs) this.#cards.add(mac);
    for (const ip of ips) this.#addresses.set(ip, { first, last });
  }

  hasHeard(ip: string): boolean {
    return this.#ips.has(ip);
  }

  /** An address changes hands: it speaks for a name that was given while its machine was heard, or a day off. */
  mayTellName(mac: string | null, ip: string | null, at: number): boolean {
    const words = mac === null ? null : macWords(mac);
    if (words !== null && (this.#cards.has(mac!) || isDeviceMaker(...words))) return true;
    const served = ip === null ? undefined : this.#addresses.get(ip);
    return served !== undefined && at >= served.first - DAY_US && at <= served.last + DAY_US;
  }
}

export async function knownMachines(reader: RecordingReader): Promise<KnownMachines> {
  const known = new KnownMachines(await reader.findingFlows());
  for (let offset = 0; ; offset += PAGE) {
    const { rows } = await reader.devices({ filter: "", sort: "ip", descending: false, offset, limit: PAGE });
    for (const row of rows) known.add(row);
    if (rows.length < PAGE) return known;
  }
}

/** As a sensor judges it: it answered, or takes part in what is clinical, or is a thing of the building. */
function isServing({ services, lifeCritical, kind }: DeviceSummary): boolean {
  const { kinds } = loadKnowledge();
  return (
    services > 0 ||
    lifeCritical !== "other" ||
    (kind !== null && kinds.has(kind.value) && kinds.lineOf(kind.value).some((it) => NAMED_KINDS.includes(it)))
  );
}
