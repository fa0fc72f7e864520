/**
 * Devices that are not up to date, and how they become so: those that never were first, those somebody may wait for at once, a server that
 * thousands talk to in its turn. What a device is follows from what was heard, from what was said of it, and from what we know.
 */
import { join } from "node:path";
import { ipWords } from "./bytes/address.ts";
import type { Networks } from "./bytes/networks.ts";
import { describe, Partition, type Division, type Identity } from "./devices/index.ts";
import { loadKnowledge } from "./knowledge/index.ts";
import { siteRegistryStamp } from "./knowledge/registry.ts";
import { siteFamilies } from "./knowledge/site-families.ts";
import type { Join } from "./model/device.ts";
import { attached, type Attached } from "./store/attached.ts";
import type { DerivedStore } from "./store/derived.ts";
import { divisions } from "./store/divisions.ts";
import type { Gather, Gathered } from "./store/gather.ts";
import { stampOf } from "./store/stamp.ts";
import type { Held } from "./store/writing.ts";

/** Of so many devices what was heard is read at once. */
const AT_ONCE = 64;
/**
 * A server that thousands talk to takes long and changes with each of them: it rests after it was worked out. By what was read of it, some
 * 20 ms, and never by a clock: on a busy machine, and while knowledge is read in, every device takes long.
 */
const COSTLY_ROWS = 5_000;
export const COSTLY_REST_MS = 10_000;
/** Who arrived live, or wears another address, may be waited for by a wall: for so long it is worked out with each flush that tells of it. */
const ARRIVED_MS = 10_000;
/** A whole hospital that comes back at once is worked out in its turn; of so many the first. */
const ARRIVED_MAX = 4_096;
/** In place of what all devices are worked out by, while some are not up to date. */
const PARTLY = "partly";
/** A device follows from these, and from what was heard and said. */
const KNOWLEDGE = ["knowledge", "devices"].map((folder) => join(import.meta.dirname, folder));
const NOTHING_SAID = new Map<never, never>();
const PORTS: ReadonlySet<string> = new Set(["tcp", "udp", "sctp"]);

export interface WorkingOutNeed {
  readonly held: Held;
  readonly identity: Identity;
  readonly division: Division;
  readonly gather: Gather;
  readonly derived: DerivedStore;
  /** The site's own. */
  readonly own: Networks;
  /** As they are set: empty where the private ranges stand for them. */
  readonly ownRanges: readonly string[];
}

export class WorkingOut {
  readonly #held: Held;
  readonly #identity: Identity;
  readonly #division: Division;
  readonly #gather: Gather;
  readonly #derived: DerivedStore;
  readonly #own: Networks;
  readonly #workedOutBy: string;
  /** Devices to be worked out for the first time, and anew, the longest waiting first; and those that are no more. */
  readonly #fresh = new Set<number>();
  readonly #stale = new Set<number>();
  readonly #gone = new Set<number>();
  /** Devices whose peers became others, which is all that changed of them. */
  readonly #recount = new Set<number>();
  readonly #restUntil = new Map<number, number>();
  /** By when they are as all others. */
  readonly #arrived = new Map<number, number>();
  #said: Attached = new Map();

  constructor({ held, identity, division, gather, derived, own, ownRanges }: WorkingOutNeed) {
    this.#held = held;
    this.#identity = identity;
    this.#division = division;
    this.#gather = gather;
    this.#derived = derived;
    this.#own = own;
    this.#workedOutBy = stampOf(KNOWLEDGE, [...ownRanges, JSON.stringify(siteFamilies()), siteRegistryStamp()]);
  }

  /** There are devices that are not up to date. */
  get isBehind(): boolean {
    return this.#fresh.size > 0 || this.#stale.size > 0 || this.#recount.size > 0;
  }

  /** Devices are stored that are no more. */
  get hasGone(): boolean {
    return this.#gone.size > 0;
  }

  /** What was worked out when the recording was closed stands, unless we know otherwise now. */
  restore(): void {
    const deviceOf = (endpoint: number) => this.#division.deviceOf(endpoint);
    if (this.#held.about("derived") !== this.#workedOutBy) {
      for (let endpoint = 1; endpoint <= this.#identity.count; endpoint++) if (deviceOf(endpoint) === endpoint) this.#outdate(endpoint);
      for (const id of this.#derived.ids()) if (deviceOf(id) !== id) this.#gone.add(id);
    }
    this.#said = attached(this.#held.database, deviceOf).devices;
  }

  /** In a transaction: from here on some are not up to date, whenever we end. */
  isPartly(): void {
    this.#held.setAbout("derived", PARTLY);
  }

  /** All are worked out by what we know. */
  isWhole(): void {
    this.#held.transaction(() => this.#held.setAbout("derived", this.#workedOutBy));
  }

  /** Something was heard of it, or let go. */
  outdate(endpoint: number): void {
    this.#outdate(this.#division.deviceOf(endpoint));
  }

  /** In a transaction. Once it stands, they are `forgotten`. */
  removeGone(): void {
    for (const id of this.#gone) this.#derived.remove(id);
  }

  forgotten(): void {
    this.#gone.clear();
  }

  /** Nobody rests any longer: a person waits, or the reading is over. */
  wake(): void {
    this.#restUntil.clear();
  }

  /** Works out whose endpoints are whose. Answers the devices that have others than before. */
  divide(): readonly number[] {
    const { changed, gone } = this.#division.settle();
    for (const id of gone) {
      this.#fresh.delete(id);
      this.#stale.delete(id);
      this.#arrived.delete(id);
      this.#gone.add(id);
    }
    for (const id of changed) {
      this.#gone.delete(id);
      this.#outdate(id);
    }
    return changed;
  }

  /** Whoever is worked out rests no longer for what it was before. */
  arrives(id: number): void {
    this.#restUntil.delete(id);
    this.#arrived.delete(id);
    if (this.#arrived.size < ARRIVED_MAX) this.#arrived.set(id, performance.now() + ARRIVED_MS);
  }

  /** Puts what was said to the devices it is of. Answers those of which something is said or was. */
  attach(): readonly number[] {
    const { database } = this.#held;
    const { fitted, waiting } = divisions(database, new Partition(this.#identity));
    this.#division.says(fitted.map(({ rule }) => rule));
    const divided = this.divide();
    const before = this.#said;
    const deviceOf = (endpoint: number) => this.#division.deviceOf(endpoint);
    const said = attached(database, deviceOf);
    this.#said = said.devices;
    const devices = fitted.flatMap(({ change, endpoints }) => [...new Set(endpoints.map(deviceOf))].map((id) => [change, id] as const));
    this.#held.transaction(() => this.#derived.putSaid(devices, [...said.waiting, ...waiting]));
    const touched = [...new Set([...before.keys(), ...this.#said.keys(), ...divided])].filter((id) => deviceOf(id) === id);
    for (const id of touched) this.#outdate(id);
    return touched;
  }

  /** For about so long, those first that never were; true when there is more to do at once. */
  some(milliseconds: number): boolean {
    const isOver = over(milliseconds);
    let worked = this.#fresh.size > 0 ? this.#workThrough(this.#fresh, isOver) : 0;
    if (this.#stale.size > 0) worked += this.#workThrough(this.#stale, isOver);
    if (this.#fresh.size > 0 || this.#stale.size > 0) return worked > 0;
    this.#recountFor(isOver);
    return this.#recount.size > 0;
  }

  /** Those that arrived a moment ago, for about so long. */
  arrived(milliseconds: number): void {
    const now = performance.now();
    for (const [id, until] of this.#arrived) if (until < now) this.#arrived.delete(id);
    const due = [...this.#arrived.keys()].filter((id) => this.#fresh.has(id) || this.#stale.has(id));
    if (due.length > 0) this.#workThrough(due, over(milliseconds));
  }

  /** Those that never were, for about so long. */
  fresh(milliseconds: number): void {
    if (this.#fresh.size > 0) this.#workThrough(this.#fresh, over(milliseconds));
  }

  /** All of these, however long it takes. */
  all(ids: Iterable<number>): void {
    this.#workThrough(ids, () => false);
  }

  #outdate(id: number): void {
    if (this.#derived.has(id)) this.#stale.add(id);
    else this.#fresh.add(id);
  }

  /** Answers how many were worked out. */
  #workThrough(ids: Iterable<number>, isOver: () => boolean): number {
    if (isOver()) return 0;
    const worked: number[] = [];
    try {
      this.#held.transaction(() => {
        this.#derived.begin();
        for (const some of inPortions(ids, AT_ONCE)) {
          if (isOver()) break;
          const due = some.filter((id) => !this.#rests(id));
          this.#gather.ahead(due.flatMap((id) => this.#division.membersOf(id)));
          for (const id of due) {
            if (isOver()) break;
            this.#fresh.delete(id);
            this.#stale.delete(id);
            this.#recount.delete(id);
            worked.push(id);
            this.#workOut(id);
          }
        }
        this.#derived.end();
      });
    } catch (error) {
      for (const id of worked) this.#outdate(id);
      throw error;
    } finally {
      this.#gather.forget();
    }
    this.#derived.written();
    this.#recountPartners(this.#derived.takeMoved());
    return worked.length;
  }

  #rests(id: number): boolean {
    return (this.#restUntil.get(id) ?? 0) > performance.now();
  }

  #workOut(id: number): void {
    const members = this.#division.membersOf(id);
    const { endpoints, claims, roles, partners } = this.#gather.of(members);
    const macs = this.#identity.macsOf(members);
    const ips = this.#identity.ipsOf(members);
    const described = describe(
      {
        endpoints,
        macs,
        ips,
        claims,
        roles,
        said: this.#said.get(id) ?? NOTHING_SAID,
        carrier: this.#identity.isCarrier(members),
        outside: ips.length > 0 && !ips.some((ip) => this.#isOwn(ip)),
      },
      loadKnowledge(),
    );
    const services = new Set(
      roles.filter((it) => it.role === "server" && it.answered > 0 && PORTS.has(it.transport)).map((it) => `${it.transport} ${it.port}`),
    );
    this.#derived.put({ id, endpoints, macs, ips, joined: this.#joined(endpoints), described, services: services.size, peers: this.#peers(id, partners) }); // prettier-ignore
    if (claims.length + partners.size > COSTLY_ROWS) this.#restUntil.set(id, performance.now() + COSTLY_REST_MS);
  }

  #joined(endpoints: Gathered["endpoints"]): readonly Join[] {
    const addresses = new Map(endpoints.map(({ number, mac, ip, child }) => [number, ip ?? mac ?? child ?? ""]));
    return this.#identity.joinsOf(endpoints.map(({ number }) => number)).map(({ by, value, endpoints: saying }) => ({
      by,
      value,
      addresses: [...new Set(saying.map((it) => addresses.get(it)!))],
    }));
  }

  #peers(id: number, partners: ReadonlySet<number>): number {
    if (partners.size === 0) return 0;
    const peers = new Set<number>();
    for (const endpoint of partners) {
      const peer = this.#division.deviceOf(endpoint);
      if (!this.#derived.isGroup(peer)) peers.add(peer);
    }
    peers.delete(id);
    return peers.size;
  }

  /** When endpoints went from one device to another, who talked to them may have talked to fewer or more. */
  #recountPartners(moved: ReadonlySet<number>): void {
    for (const endpoint of this.#gather.partners(moved)) {
      const id = this.#division.deviceOf(endpoint);
      // One that waits counts them when it is worked out.
      if (!this.#fresh.has(id) && !this.#stale.has(id)) this.#recount.add(id);
    }
  }

  #recountFor(isOver: () => boolean): void {
    if (this.#recount.size === 0) return;
    const counted: number[] = [];
    this.#held.transaction(() => {
      for (const id of this.#recount) {
        if (isOver()) break;
        counted.push(id);
        this.#derived.setPeers(id, this.#peers(id, this.#gather.partners(this.#division.membersOf(id))));
      }
    });
    for (const id of counted) this.#recount.delete(id);
  }

  #isOwn(ip: string): boolean {
    const parsed = ipWords(ip);
    return parsed === null || this.#own.has(parsed.family, ...parsed.words);
  }
}

function over(milliseconds: number): () => boolean {
  const began = performance.now();
  return () => performance.now() - began > milliseconds;
}

/** Set members that are removed meanwhile are not visited twice, and those behind them none the later. */
function* inPortions(ids: Iterable<number>, count: number): Generator<readonly number[]> {
  let portion: number[] = [];
  for (const id of ids) {
    portion.push(id);
    if (portion.length < count) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}
