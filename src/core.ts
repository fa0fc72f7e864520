/**
 * The core on one page: batches in → endpoints → sums → devices → store. It is the only place that joins what `store` keeps with what
 * `devices` works out. It runs in a worker of its own (`link/recording-worker.ts`), so that no page waits for it.
 */
import { join } from "node:path";
import { ipWords } from "./bytes/address.ts";
import { describe, Division, Identity, IDENTITY_ATTRIBUTES, Partition } from "./devices/index.ts";
import { Networks, PRIVATE_NETWORKS } from "./bytes/networks.ts";
import { loadKnowledge } from "./knowledge/index.ts";
import { watches, Watching } from "./findings/index.ts";
import type { AttachedPaper } from "./model/paper.ts";
import { siteRegistryStamp } from "./knowledge/registry.ts";
import { siteFamilies } from "./knowledge/site-families.ts";
import { EVIDENCE_RUN, LIVE_RUN, type Batch } from "./model/batch.ts";
import type { Join } from "./model/device.ts";
import type { SaidOfScanning } from "./model/do-not-scan.ts";
import type { SaidOfFinding } from "./model/finding.ts";
import type { SaidOfWeakness } from "./model/weakness-report.ts";
import type { Attribute } from "./model/observation.ts";
import type { DailySum } from "./model/trend.ts";
import type { Merge, RunMark, Said, SaidList, Split } from "./model/store.ts";
import { apartOf, keysOf } from "./saying.ts";
import { attached, type Attached } from "./store/attached.ts";
import { DAY_US } from "./store/calendar.ts";
import { storedClaims } from "./store/claims.ts";
import { dailySpan, keepDaily } from "./store/daily.ts";
import { openForWriting } from "./store/open.ts";
import { DerivedStore } from "./store/derived.ts";
import { divisions } from "./store/divisions.ts";
import { storedEndpoints } from "./store/endpoints.ts";
import { Gather, type Gathered } from "./store/gather.ts";
import { HeardStore } from "./store/heard.ts";
import { sayOfFinding } from "./store/finding-words.ts";
import { sayOfScanning } from "./store/do-not-scan-words.ts";
import { attachPaper } from "./store/papers.ts";
import { sayOfWeakness } from "./store/weakness-words.ts";
import { FindingStore } from "./store/findings.ts";
import { Retention } from "./store/retention.ts";
import { append, appendList, undo, type SaidAbout, type SaidOther } from "./store/said.ts";
import { SaidKeys } from "./store/said-keys.ts";
import { stampOf } from "./store/stamp.ts";
import { DiskRefused, type Held } from "./store/writing.ts";

export interface CoreOptions {
  readonly path: string;
  readonly site: string;
  /** The site's own networks; empty: the private ranges. */
  readonly ownRanges: readonly string[];
  /** The oldest is let go before the recording is larger; absent: never. */
  readonly bytesMax?: number;
  /** Batches come from sensors elsewhere, which go on without us: what is under way when we begin was not interrupted. */
  readonly delivered?: boolean;
  /** The number of the core of many sites that has this one. */
  readonly core?: number;
  /** Sums of the recording at `path` as it is stored, kept when a day ends; absent: none are kept. */
  readonly sumsOfDay?: (path: string) => readonly DailySum[];
}

/** What is worked out at once: longer, and the log beside the recording would grow with a hospital. */
const SLICE_MS = 500;
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

/** Sums take about a second for 20,000 devices, during which nothing is stored: of more, and of a shorter recording, none are kept. */
const SUMMED_DEVICES_MAX = 50_000;
/** What is heard live is summed each day; a file of months is read at once, and would take longer for them: it is summed by the week. */
const FILE_DAYS = 7;

const DEVICE_ID = /^d\d{1,12}$/;

export class Core {
  readonly hashKey: string;
  /** Inputs that were being read or listened to when the last writer ended without saying so. */
  readonly interrupted: readonly string[];

  readonly #held: Held;
  readonly #identity = new Identity();
  readonly #division = new Division(this.#identity);
  readonly #heard: HeardStore;
  readonly #findings: FindingStore;
  readonly #watching: Watching;
  readonly #retention: Retention;
  readonly #bytesMax: number;
  readonly #path: string;
  readonly #sumsOfDay: CoreOptions["sumsOfDay"];
  /** The last day that was heard, since 1970; null before the first. */
  #day: number | null = null;
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
  /** Since the last flush batches came of what is heard now. */
  #isLive = false;
  #said: Attached = new Map();

  /** Throws RecordingBusy while another process writes it, and an Error for people when it is no recording we can write. */
  constructor({ path, site, core, ownRanges, bytesMax, delivered, sumsOfDay }: CoreOptions) {
    this.#held = openForWriting(path, site, core);
    const { database } = this.#held;
    this.#own = new Networks(ownRanges.length === 0 ? PRIVATE_NETWORKS : ownRanges);
    this.#workedOutBy = stampOf(KNOWLEDGE, [...ownRanges, JSON.stringify(siteFamilies()), siteRegistryStamp()]);
    this.#heard = new HeardStore(database);
    this.#findings = new FindingStore(database);
    this.#watching = new Watching(site, watches, this.#findings.stored());
    const now = () => Date.now() * 1_000;
    this.#retention = new Retention(database, (work) => this.#held.transaction(work), now);
    this.#path = path;
    this.#sumsOfDay = sumsOfDay;
    this.#bytesMax = bytesMax ?? Number.POSITIVE_INFINITY;
    this.#gather = new Gather(database, this.#heard.told);
    this.#derived = new DerivedStore(database);
    this.hashKey = this.#held.about("hash_key")!;
    this.#restore();
    const interrupted = delivered ? [] : this.#heard.runs.interrupted();
    this.interrupted = [...new Set(interrupted.map((it) => it.input))];
    for (const { input, live } of interrupted)
      if (live) this.#heard.note(input, `listening on ${input} was cut off when the program ended: its last seconds may be missing`);
    this.flush();
  }

  /** As of the last flush. */
  get devices(): number {
    return this.#division.devices;
  }

  /** What is held should be stored now. */
  get isFull(): boolean {
    return this.#heard.isFull;
  }

  /** Some of what is held is of what is heard now. */
  get isLive(): boolean {
    return this.#isLive;
  }

  /** There are devices that are not up to date. */
  get isBehind(): boolean {
    return this.#fresh.size > 0 || this.#stale.size > 0 || this.#recount.size > 0;
  }

  /** Highest batch of this run that is stored without a gap below it; 0 when none is. */
  stored(run: string): number {
    this.flush();
    return this.#heard.runs.taken(run);
  }

  /** Null where it is not known. With what is held, until the next flush. */
  markOf(run: string): RunMark | null {
    return this.#heard.runs.markOf(run);
  }

  /** Of the runs that began last. */
  latestMarks(most: number): readonly RunMark[] {
    return this.#heard.runs.latestMarks(most);
  }

  /** True when it was new. What it says is held until the next flush. */
  take(batch: Batch): boolean {
    if (this.#heard.runs.has(batch)) return false;
    this.#turnDay(batch);
    if (batch.run.startsWith(LIVE_RUN)) this.#isLive = true;
    const identity = this.#identity;
    const { refused, keysRefused } = identity;
    const endpoints = batch.addresses.map((row) => {
      const [space, mac, ip, child] = row;
      const number = identity.numberOf(space, mac, ip, child);
      if (number !== 0) identity.heard(number, row[8], row[4]);
      if (number !== 0 && row[6] > 0) identity.worn(number, row[6], row[7]);
      // A card is a machine by itself: a router is none of the addresses behind it. Numbered at once, whatever else comes in the batch.
      if (mac !== null && identity.lacksCard(space, mac))
        this.#heard.takeAddress(identity.numberOf(space, mac, null, null), [space, mac, null, null, 0, 0, row[6], row[6], 0]);
      return number;
    });
    for (const row of batch.observations) if (IDENTITY.has(row[1])) this.#claimed(endpoints[row[0]]!, row[1], row[2], row[5], row[6]);
    this.#watch(batch, endpoints);
    this.#heard.take(batch, endpoints);
    if (identity.refused > refused) this.#heard.runs.letGo(batch.run, "addresses", identity.refused - refused);
    if (identity.keysRefused > keysRefused) this.#heard.runs.letGo(batch.run, "keys", identity.keysRefused - keysRefused);
    return true;
  }

  /** Stores what is held. Throws DiskRefused when the disk takes nothing: nothing is lost then, and it may be called again. */
  flush(): void {
    const moved = this.#divide();
    if (this.#isLive) for (const id of moved) this.#arrives(id);
    this.#isLive = false;
    if (!this.#heard.isEmpty || this.#gone.size > 0) {
      const touched = new Uint8Array(this.#identity.count + 1);
      this.#held.transaction(() => {
        this.#heard.store((endpoint) => {
          if (touched[endpoint] === 1) return;
          touched[endpoint] = 1;
          this.#outdate(this.#division.deviceOf(endpoint));
        });
        for (const id of this.#gone) this.#derived.remove(id);
        if (this.#watching.isChanged) this.#findings.write(this.#watching.changed());
        this.#held.setAbout("derived", PARTLY);
      });
      this.#gone.clear();
      this.#heard.stored();
      this.#watching.written();
    }
    if (this.#retention.isAbove(this.#bytesMax)) this.retain();
    this.#held.foldLog();
  }

  /** Works out devices for about so long, those first that never were; true when there is more to do at once. */
  work(milliseconds: number): boolean {
    const began = performance.now();
    const isOver = () => performance.now() - began > milliseconds;
    let worked = this.#fresh.size > 0 ? this.#workThrough(this.#fresh, isOver) : 0;
    if (this.#stale.size > 0) worked += this.#workThrough(this.#stale, isOver);
    if (this.#fresh.size > 0 || this.#stale.size > 0) return worked > 0;
    this.#recountFor(isOver);
    return this.#recount.size > 0;
  }

  /** Works out those that arrived a moment ago, for about so long. */
  workOutArrived(milliseconds: number): void {
    const began = performance.now();
    for (const [id, until] of this.#arrived) if (until < began) this.#arrived.delete(id);
    const due = [...this.#arrived.keys()].filter((id) => this.#fresh.has(id) || this.#stale.has(id));
    if (due.length > 0) this.#workThrough(due, () => performance.now() - began > milliseconds);
  }

  /** Works out devices that never were, for about so long. */
  workOutNew(milliseconds: number): void {
    const began = performance.now();
    if (this.#fresh.size > 0) this.#workThrough(this.#fresh, () => performance.now() - began > milliseconds);
  }

  /** Lets go what has outlived its time, and the oldest when there is no room. */
  retain(): void {
    this.#held.transaction(() => this.#held.setAbout("derived", PARTLY));
    const { touched } = this.#retention.apply(this.#bytesMax, this.#heard.takeCrowded(), IDENTITY_ATTRIBUTES);
    for (const endpoint of touched) this.#outdate(this.#division.deviceOf(endpoint));
  }

  /** Stores what is held and works out every device that is not up to date. */
  settle(): void {
    this.flush();
    this.retain();
    this.#attach();
    this.flush();
    this.#restUntil.clear();
    while (this.work(SLICE_MS));
    this.#held.transaction(() => this.#held.setAbout("derived", this.#workedOutBy));
    this.#keepDay();
  }

  /** Before the first batch of another day: what was heard until then is one. What others wrote down belongs to no day. */
  #turnDay({ run, to }: Batch): void {
    if (this.#sumsOfDay === undefined || run.startsWith(EVIDENCE_RUN)) return;
    const day = Math.floor(to / DAY_US);
    const before = this.#day;
    this.#day = Math.max(day, before ?? 0);
    if (before === null || day <= before) return;
    try {
      this.flush();
      const { kept, first } = dailySpan(this.#held.database);
      const since = kept ?? first;
      if (!run.startsWith(LIVE_RUN) && since !== null && before - Math.floor(since / DAY_US) < FILE_DAYS) return;
      while (this.work(SLICE_MS));
      this.#keepDay();
    } catch (error) {
      // What is held stays held, and so is the batch at hand: a day without room has no sums.
      if (!(error instanceof DiskRefused)) throw error;
    }
  }

  #keepDay(): void {
    if (this.#sumsOfDay === undefined || this.#division.devices > SUMMED_DEVICES_MAX) return;
    const { first, last } = dailySpan(this.#held.database);
    if (first === null || last === null || last - first < DAY_US) return;
    const sums = this.#sumsOfDay(this.#path);
    this.#held.transaction(() => keepDaily(this.#held.database, { at: last, sums }));
  }

  /** How the site stands, for other cores to tell: nothing is known by it. */
  keepStanding(words: string): void {
    this.#held.setAbout("standing", words);
  }

  /** Throws where the recording is no longer ours to write. */
  check(): void {
    this.#held.check();
  }

  drops(input: string, frames: number): void {
    this.#heard.runs.drops(input, frames);
  }

  note(input: string, text: string): void {
    this.#heard.note(input, text);
  }

  /** A part of an input ended: whole, or half-read because of `trouble`. */
  ended(run: string, trouble: string): void {
    this.#heard.runs.end(run, trouble);
  }

  /** `at` is the wall clock in microseconds. */
  say({ who, reason, device, attribute, value }: Said, at: number): void {
    this.flush();
    const about = JSON.stringify(this.#ownKeysOf(device));
    const what = value === null ? "take back" : "say";
    this.#held.transaction(() => {
      append(this.#held.database, { at, who, what, about, attribute, value: value ?? "", reason, undoes: null });
      this.#held.setAbout("derived", PARTLY);
    });
    this.#sayAgain();
  }

  /** Answers the number of the change that takes all of it back. */
  sayList({ who, reason, words }: SaidList, at: number): number {
    this.flush();
    let list = 0;
    this.#held.transaction(() => {
      const { database } = this.#held;
      list = appendList(database, words.length, { who, reason, at });
      for (const { device, attribute, value, reason: why } of words) {
        const about = JSON.stringify(this.#keysOf(device));
        append(database, { at, who, what: "say", about, attribute, value, reason: why, undoes: null });
      }
      this.#held.setAbout("derived", PARTLY);
    });
    this.#sayAgain();
    return list;
  }

  merge({ who, reason, device, other }: Merge, at: number): void {
    this.flush();
    const about: SaidOther = { device, ...this.#ownKeysOf(device) };
    const value: SaidOther = { device: other, ...this.#ownKeysOf(other) };
    if (device === other) throw new Error(`expected another device than ${device}, got the same`);
    this.#divideAnew({ at, who, what: "merge", about: JSON.stringify(about), value: JSON.stringify(value), reason });
  }

  split({ who, reason, device, addresses }: Split, at: number): void {
    this.flush();
    const about = JSON.stringify(this.#ownKeysOf(device));
    const value = JSON.stringify(apartOf(addresses, this.#gathered(device), this.#identity));
    this.#divideAnew({ at, who, what: "split", about, value, reason });
  }

  /** Answers the number of the change. */
  sayOfFinding(said: SaidOfFinding, at: number): number {
    this.flush();
    let change = 0;
    this.#held.transaction(() => (change = sayOfFinding(this.#held.database, said, at)));
    return change;
  }

  /** Answers the number of the change. */
  sayOfWeakness(said: SaidOfWeakness, at: number): number {
    this.flush();
    const keys = this.#ownKeysOf(said.device);
    let change = 0;
    this.#held.transaction(() => (change = sayOfWeakness(this.#held.database, said, keys, at)));
    return change;
  }

  /** Answers the number of the change. Throws an Error for people where it is of no device, address or network. */
  sayOfScanning(said: SaidOfScanning, at: number): number {
    this.flush();
    const keys = DEVICE_ID.test(said.about) ? this.#ownKeysOf(said.about) : null;
    let change = 0;
    this.#held.transaction(() => (change = sayOfScanning(this.#held.database, said, keys, at)));
    return change;
  }

  /** Answers the number of the change. */
  attach(paper: AttachedPaper, at: number): number {
    this.flush();
    let change = 0;
    this.#held.transaction(() => (change = attachPaper(this.#held.database, paper, at)));
    return change;
  }

  undo(change: number, who: string, reason: string, at: number): void {
    this.flush();
    this.#held.transaction(() => {
      undo(this.#held.database, change, { who, reason, at });
      this.#held.setAbout("derived", PARTLY);
    });
    this.#sayAgain();
  }

  /** Where the page of whoever writes can be found. */
  tellAddress(address: string): void {
    this.#held.tellAddress(address);
  }

  close(): void {
    this.#held.release();
  }

  /** Throws an Error for people when what was said would have to wait: a device is told by its keys, and these fit others too. */
  #divideAnew(said: Pick<Parameters<typeof append>[1], "at" | "who" | "what" | "about" | "value" | "reason">): void {
    const { database } = this.#held;
    this.#held.transaction(() => {
      const change = append(database, { ...said, attribute: "", undoes: null });
      if (divisions(database, new Partition(this.#identity)).waiting.has(change))
        throw new Error(`expected addresses of one device, got some that others have too: ${said.value}`);
      this.#held.setAbout("derived", PARTLY);
    });
    this.#sayAgain();
  }

  /**
   * What is said may be of other devices than before: those are worked out at once, since a person waits. It is stored by now, so a disk
   * that has no room for what follows from it is no reason to say it again: those devices stay to be worked out.
   */
  #sayAgain(): void {
    this.#restUntil.clear();
    try {
      const touched = this.#attach();
      this.flush();
      this.#workThrough(touched, () => false);
    } catch (error) {
      if (!(error instanceof DiskRefused)) throw error;
    }
  }

  /** Answers the devices of which something is said or was. */
  #attach(): readonly number[] {
    const { database } = this.#held;
    const { fitted, waiting } = divisions(database, new Partition(this.#identity));
    this.#division.says(fitted.map(({ rule }) => rule));
    const divided = this.#divide();
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

  /** Works out whose endpoints are whose. Answers the devices that have others than before. */
  #divide(): readonly number[] {
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
  #arrives(id: number): void {
    this.#restUntil.delete(id);
    this.#arrived.delete(id);
    if (this.#arrived.size < ARRIVED_MAX) this.#arrived.set(id, performance.now() + ARRIVED_MS);
  }

  #restore(): void {
    const { database } = this.#held;
    for (const row of storedEndpoints(database)) this.#identity.restore(row);
    for (const claim of storedClaims(database, IDENTITY_ATTRIBUTES)) this.#claimed(...claim);
    this.#identity.settle();
    this.#division.says(divisions(database, new Partition(this.#identity)).fitted.map(({ rule }) => rule));
    this.#division.settle();
    const deviceOf = (endpoint: number) => this.#division.deviceOf(endpoint);
    if (this.#held.about("derived") !== this.#workedOutBy) {
      for (let endpoint = 1; endpoint <= this.#identity.count; endpoint++) if (deviceOf(endpoint) === endpoint) this.#outdate(endpoint);
      for (const id of this.#derived.ids()) if (deviceOf(id) !== id) this.#gone.add(id);
    }
    this.#said = attached(database, deviceOf).devices;
  }

  /** What others wrote down happened when it was written, or never: it is no news. What they found worth an alert is. */
  #watch(batch: Batch, endpoints: readonly number[]): void {
    const news = batch.run.startsWith(EVIDENCE_RUN) ? { ...batch, observations: [] } : batch;
    const heard = this.#heard;
    this.#watching.take(news, endpoints, (ip) => this.#isOwn(ip), {
      since: heard.runs.since ?? batch.from,
      conversedSince: (client, server, protocol) => heard.firstOf(client.endpoint, server.endpoint, protocol ?? null),
      heardSince: ({ endpoint }) => heard.heardSince(endpoint),
    });
    for (const [watch, count] of Object.entries(this.#watching.takeLetGo())) heard.runs.letGo(batch.run, `remembered by ${watch}`, count);
  }

  #claimed(endpoint: number, attribute: Attribute, value: string, first: number, last: number): void {
    // Who had an address as others wrote it down depends on when; what a machine says of itself does not.
    if (attribute === "toldAddress") this.#identity.toldAddress(endpoint, value, first, last);
    else this.#identity.claimed(endpoint, attribute, value);
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

  /** Throws an Error for people where they do not tell it from all others: what is said of it would wait, or be another's. */
  #ownKeysOf(device: string): SaidAbout {
    const keys = this.#keysOf(device);
    const fitting = new SaidKeys(this.#held.database, [keys]).fitting(keys, (endpoint) => this.#division.deviceOf(endpoint));
    if (fitting.size !== 1 || !fitting.has(Number(device.slice(1))))
      throw new Error(`expected a device that a serial number or an address of its own tells from all others, got ${device}`);
    return keys;
  }

  #keysOf(device: string): SaidAbout {
    return keysOf(this.#gathered(device), this.#identity);
  }

  #gathered(device: string): Gathered {
    const id = Number(device.slice(1));
    if (!Number.isSafeInteger(id) || this.#division.deviceOf(id) !== id || id === 0)
      throw new Error(`expected a device of this recording, got ${device}`);
    return this.#gather.of(this.#division.membersOf(id));
  }
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

/** In place of what all devices are worked out by, while some are not up to date. */
const PARTLY = "partly";
/** A device follows from these, and from what was heard and said. */
const KNOWLEDGE = ["knowledge", "devices"].map((folder) => join(import.meta.dirname, folder));
const IDENTITY: ReadonlySet<string> = new Set(IDENTITY_ATTRIBUTES);
const NOTHING_SAID = new Map<never, never>();
const PORTS: ReadonlySet<string> = new Set(["tcp", "udp", "sctp"]);
