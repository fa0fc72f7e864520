/**
 * The core on one page: batches in → endpoints → sums → devices → store. It and `working-out.ts` are the only places that join what `store`
 * keeps with what `devices` works out. It runs in a worker of its own (`link/recording-worker.ts`), so that no page waits for it.
 */
import { ipWords } from "./bytes/address.ts";
import { Division, Identity, IDENTITY_ATTRIBUTES, Partition } from "./devices/index.ts";
import { Networks, PRIVATE_NETWORKS } from "./bytes/networks.ts";
import { watches, Watching } from "./findings/index.ts";
import type { AttachedPaper } from "./model/paper.ts";
import { EVIDENCE_RUN, LIVE_RUN, type Batch } from "./model/batch.ts";
import type { SaidOfScanning } from "./model/do-not-scan.ts";
import type { SaidOfFinding } from "./model/finding.ts";
import type { SaidOfWeakness } from "./model/weakness-report.ts";
import type { Attribute } from "./model/observation.ts";
import type { DailySum } from "./model/trend.ts";
import type { Merge, RunMark, Said, SaidList, Split } from "./model/store.ts";
import { apartOf, keysOf } from "./saying.ts";
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
import { DiskRefused, type Held } from "./store/writing.ts";
import { WorkingOut } from "./working-out.ts";

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
  readonly #workingOut: WorkingOut;
  readonly #own: Networks;
  /** Since the last flush batches came of what is heard now. */
  #isLive = false;

  /** Throws RecordingBusy while another process writes it, and an Error for people when it is no recording we can write. */
  constructor({ path, site, core, ownRanges, bytesMax, delivered, sumsOfDay }: CoreOptions) {
    this.#held = openForWriting(path, site, core);
    const { database } = this.#held;
    this.#own = new Networks(ownRanges.length === 0 ? PRIVATE_NETWORKS : ownRanges);
    this.#heard = new HeardStore(database);
    this.#findings = new FindingStore(database);
    this.#watching = new Watching(site, watches, this.#findings.stored());
    const now = () => Date.now() * 1_000;
    this.#retention = new Retention(database, (work) => this.#held.transaction(work), now);
    this.#path = path;
    this.#sumsOfDay = sumsOfDay;
    this.#bytesMax = bytesMax ?? Number.POSITIVE_INFINITY;
    this.#gather = new Gather(database, this.#heard.told);
    this.#workingOut = new WorkingOut({
      held: this.#held,
      identity: this.#identity,
      division: this.#division,
      gather: this.#gather,
      derived: new DerivedStore(database),
      own: this.#own,
      ownRanges,
    });
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
    return this.#workingOut.isBehind;
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
    const moved = this.#workingOut.divide();
    if (this.#isLive) for (const id of moved) this.#workingOut.arrives(id);
    this.#isLive = false;
    if (!this.#heard.isEmpty || this.#workingOut.hasGone) {
      const touched = new Uint8Array(this.#identity.count + 1);
      this.#held.transaction(() => {
        this.#heard.store((endpoint) => {
          if (touched[endpoint] === 1) return;
          touched[endpoint] = 1;
          this.#workingOut.outdate(endpoint);
        });
        this.#workingOut.removeGone();
        if (this.#watching.isChanged) this.#findings.write(this.#watching.changed());
        this.#workingOut.isPartly();
      });
      this.#workingOut.forgotten();
      this.#heard.stored();
      this.#watching.written();
    }
    if (this.#retention.isAbove(this.#bytesMax)) this.retain();
    this.#held.foldLog();
  }

  /** Works out devices for about so long, those first that never were; true when there is more to do at once. */
  work(milliseconds: number): boolean {
    return this.#workingOut.some(milliseconds);
  }

  /** Works out those that arrived a moment ago, for about so long. */
  workOutArrived(milliseconds: number): void {
    this.#workingOut.arrived(milliseconds);
  }

  /** Works out devices that never were, for about so long. */
  workOutNew(milliseconds: number): void {
    this.#workingOut.fresh(milliseconds);
  }

  /** Lets go what has outlived its time, and the oldest when there is no room. */
  retain(): void {
    this.#held.transaction(() => this.#workingOut.isPartly());
    const { touched } = this.#retention.apply(this.#bytesMax, this.#heard.takeCrowded(), IDENTITY_ATTRIBUTES);
    for (const endpoint of touched) this.#workingOut.outdate(endpoint);
  }

  /** Stores what is held and works out every device that is not up to date. */
  settle(): void {
    this.flush();
    this.retain();
    this.#workingOut.attach();
    this.flush();
    this.#workingOut.wake();
    while (this.work(SLICE_MS));
    this.#workingOut.isWhole();
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

  /** A part of an input ended: whole, or half-read because of `trouble`. `by`: the sensor that says so, where it is not ours. */
  ended(run: string, trouble: string, by?: string): void {
    if (by === undefined || this.#heard.runs.markOf(run)?.sensor === by) this.#heard.runs.end(run, trouble);
  }

  /** `at` is the wall clock in microseconds. */
  say({ who, reason, device, attribute, value }: Said, at: number): void {
    this.flush();
    const about = JSON.stringify(this.#ownKeysOf(device));
    const what = value === null ? "take back" : "say";
    this.#held.transaction(() => {
      append(this.#held.database, { at, who, what, about, attribute, value: value ?? "", reason, undoes: null });
      this.#workingOut.isPartly();
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
      this.#workingOut.isPartly();
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
      this.#workingOut.isPartly();
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
      this.#workingOut.isPartly();
    });
    this.#sayAgain();
  }

  /**
   * What is said may be of other devices than before: those are worked out at once, since a person waits. It is stored by now, so a disk
   * that has no room for what follows from it is no reason to say it again: those devices stay to be worked out.
   */
  #sayAgain(): void {
    this.#workingOut.wake();
    try {
      const touched = this.#workingOut.attach();
      this.flush();
      this.#workingOut.all(touched);
    } catch (error) {
      if (!(error instanceof DiskRefused)) throw error;
    }
  }

  #restore(): void {
    const { database } = this.#held;
    for (const row of storedEndpoints(database)) this.#identity.restore(row);
    for (const claim of storedClaims(database, IDENTITY_ATTRIBUTES)) this.#claimed(...claim);
    this.#identity.settle();
    this.#division.says(divisions(database, new Partition(this.#identity)).fitted.map(({ rule }) => rule));
    this.#division.settle();
    this.#workingOut.restore();
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

const IDENTITY: ReadonlySet<string> = new Set(IDENTITY_ATTRIBUTES);
