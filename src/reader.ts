/**
 * The reading side on one page: what the store keeps of a recording, joined with what `devices` makes of it. The store knows no
 * evidence and `devices` no SQL; the evidence of a device is worked out when somebody asks for it.
 */

import { setImmediate } from "node:timers/promises";
import { CARE_PROTOCOLS } from "./knowledge/care-protocols.ts";
import { feedDays, feedTurns, useSiteFeeds } from "./knowledge/feeds.ts";
import { flowsOf } from "./finding-flows.ts";
import { foundAt } from "./found.ts";
import { feedsBeside } from "./link/site-feeds.ts";
import type { DisclosureReport } from "./model/disclosure.ts";

import type { Described, Heard } from "./model/heard.ts";
import type { GrowthBy, LifecycleReport } from "./model/lifecycle.ts";
import type { ListQuestion } from "./model/list.ts";
import { shownPapers } from "./model/paper.ts";
import type { RecordingReader } from "./model/store.ts";
import type { Fleet } from "./model/weakness.ts";
import type { Rating } from "./rated.ts";
import { inventory } from "./store/inventory.ts";
import { changesFrom, waitingIn } from "./store/queries/changes.ts";
import { conversationPage, conversationsOf } from "./store/queries/conversations.ts";
import { coverageOf, coverageSteps } from "./store/queries/coverage.ts";
import { DeviceQueries, machinesOf } from "./store/queries/device.ts";
import { fleetDevices } from "./store/queries/fleet.ts";
import { foundIn } from "./store/queries/findings.ts";
import { spanOf } from "./store/queries/days.ts";
import { deviceNow } from "./store/queries/divisions.ts";
import { livesIn } from "./store/queries/lives.ts";
import { DeviceTable } from "./store/queries/table.ts";
import { wordsOfWeaknesses } from "./store/weakness-words.ts";
import { withPapers } from "./store/papers.ts";
import { recordingName } from "./store/postgres/place.ts";
import { Store } from "./store/reader.ts";

/** What takes longer than this to work out again is kept for ten times as long as it took, while somebody writes. */
const QUICK_MS = 50;
const REST_TIMES = 10;
/** A snapshot that is held longer would keep the writer from folding in its log. */
const SNAPSHOT_MS = 60_000;

interface ReaderOptions {
  /** What is made of what was heard of a device; `devices` and all we know, unless said. */
  readonly describe?: (heard: Heard) => Described;
  /** The folder of the site's feeds; those of the recording's data directory, unless said. */
  readonly feeds?: string;
}

/** Opens the recording at `path`. Throws an Error for people where there is none that can be read. */
export async function openReader(path: string, options: ReaderOptions = {}): Promise<RecordingReader> {
  const store = new Store(path);
  useSiteFeeds(options.feeds ?? feedsBeside(path));
  const name = recordingName(path);
  const devices = new Kept(
    store,
    () => DeviceTable.load(store),
    (table) => table.prepare(),
  );
  /** Of the device whose page is open: one goes through its list page by page. */
  let conversations = { of: "", rows: new Kept(store, () => conversationsOf(store, 0)) };
  const coverage = new Kept(store, () => coverageSteps(store, name));
  let fleet = { turn: feedTurns(), kept: new Kept(store, () => fleetOf(store)) };
  let told: { readonly heard: Fleet; readonly changes: number; readonly now: Fleet } | null = null;
  const lifecycles = new Map<GrowthBy, Kept<Omit<LifecycleReport, "support">>>();
  const planned = async (question: ListQuestion) => {
    const [{ planOf }, { loadKnowledge }] = await Promise.all([import("./list/plan.ts"), import("./knowledge/index.ts")]);
    return planOf(question, machinesOf(store), loadKnowledge());
  };
  let disclosures: Kept<ReadonlyMap<number, DisclosureReport>> | undefined;
  let rated: Promise<Rating> | undefined;
  /** Read when it is first asked for: who looks at devices waits for no policy. */
  const rating = () =>
    (rated ??= import("./rated.ts").then(
      (it) =>
        new it.Rating(store, name, { fleet: fleetNow, coverage: () => coverage.latest(), found: (first) => foundAt(path, store, first) }),
    ));
  const describing = async () => options.describe ?? withAllWeKnow();

  /** A device by the number it has now; 0 for none. */
  const nowOf = (id: string) => deviceNow(store, numberOf(id) ?? 0) ?? 0;

  /** What people said is put beside it each time: a word is not to wait until a large recording is worked out again. */
  const fleetNow = async () => {
    const { withWords } = await import("./weaknesses/words.ts");
    const turn = feedTurns();
    // With other knowledge nobody is told what was so with the last.
    if (turn !== fleet.turn) fleet = { turn, kept: new Kept(store, () => fleetOf(store)) };
    const heard = await fleet.kept.latest();
    // The same one while nobody writes: who pages on through it finds what was put in order for the page before.
    if (told?.heard !== heard || told.changes !== store.changes)
      told = { heard, changes: store.changes, now: withWords(heard, wordsOfWeaknesses(store.database)) };
    return told.now;
  };

  /** Of the whole fleet, or of one device: a device's page waits for no other. */
  const doNotScan = async (days: number, only?: string) => {
    const { doNotScanIn } = await import("./do-not-scan.ts");
    const whole = await fleetNow();
    const fleet = only === undefined ? whole : { ...whole, devices: whole.devices.filter(({ id }) => id === only) };
    return doNotScanIn(store, { fleet, found: (first) => foundAt(path, store, first), days });
  };

  return {
    devices: async (query) => (await devices.latest()).page(store, query),
    facets: async (filter, fields) => (await devices.latest()).facets(filter, fields),
    device: async (id) => {
      const describe = await describing();
      return store.snapshot(() => {
        const known = new DeviceQueries(store).device(nowOf(id));
        // A group's address is nobody's device.
        return known === null || known.stated.standing === "group"
          ? null
          : { ...known.stated, ...known.division, servicesAnswered: known.services, evidence: describe(known.heard).evidence };
      });
    },
    conversations: async (id, offset, limit) => {
      if (id !== conversations.of) conversations = { of: id, rows: new Kept(store, () => conversationsOf(store, nowOf(id))) };
      return conversationPage(await conversations.rows.latest(), offset, limit);
    },
    coverage: () => coverage.latest(),
    renew: async () => void (await Promise.all([devices.renew(), coverage.renew()])),
    changes: async (offset, limit) => changesFrom(store, offset, limit),
    waiting: async () => waitingIn(store),
    findings: async (query) => {
      const { CLINICAL, FindingList } = await import("./findings/shown.ts");
      return store.snapshot(() => new FindingList(foundAt(path, store, CLINICAL), query.asking).page(query));
    },
    finding: async (id) => {
      const { CLINICAL, FindingList } = await import("./findings/shown.ts");
      return store.snapshot(() => new FindingList(foundAt(path, store, CLINICAL)).one(id));
    },
    risks: async (query) => (await rating()).risks(query),
    risk: async (id, walls) => (await rating()).risk(`d${nowOf(id)}`, walls),
    today: async (question) => (await rating()).today(question),
    findingFlows: async () => store.snapshot(() => flowsOf(foundIn(store).stored.flatMap(({ witnesses }) => witnesses))),
    fleet: fleetNow,
    weaknesses: async (query) => (await import("./weaknesses/report.ts")).weaknessPage(await fleetNow(), query),
    weakness: async (name, offset, limit) => (await import("./weaknesses/report.ts")).weaknessDetail(await fleetNow(), name, offset, limit),
    papersOf: async (id) => {
      const device = (await fleetNow()).devices.find((it) => it.id === `d${nowOf(id)}`);
      return shownPapers(device?.sbom ?? null, device?.mds2 ?? null);
    },
    disclosureOf: async (id) => {
      const { isDisclosed, reportsByDevice } = await import("./disclosing.ts");
      const now = nowOf(id);
      // Most devices have none: nothing is replayed for them.
      if (!isDisclosed(store, now)) return null;
      disclosures ??= new Kept(store, () => reportsByDevice(store, name));
      return (await disclosures.latest()).get(now) ?? null;
    },
    weaknessesOf: async (id) => (await fleetNow()).weaknesses.get(`d${nowOf(id)}`) ?? [],
    doNotScan: async (query) => (await import("./do-not-scan/index.ts")).doNotScanPage(await doNotScan(query.days), query),
    doNotScanOf: async (id, days) => {
      const now = `d${nowOf(id)}`;
      return (await doNotScan(days, now)).lines.find(({ device }) => device === now) ?? null;
    },
    doNotScanExported: async ({ days, ...asked }) =>
      (await import("./do-not-scan/index.ts")).exportedList(await doNotScan(days), { ...asked, recording: name }),
    guards: async (device) => {
      const { guardsOf } = await import("./guarding.ts");
      return store.snapshot(() => guardsOf(store, device === undefined ? undefined : nowOf(device)));
    },
    list: planned,
    trend: async (asked) => (await rating()).trend(asked),
    lifecycle: async (by) => {
      const kept = lifecycles.get(by) ?? new Kept(store, () => lifecycleOf(store, by));
      lifecycles.set(by, kept);
      const [{ devices: now }, lives, { supportNow }] = await Promise.all([
        fleetNow(),
        kept.latest(),
        import("./weaknesses/support-calendar.ts"),
      ]);
      return { ...lives, support: supportNow(now) };
    },
    recall: async (question, list) => {
      const { recallOf } = await import("./lifecycle/index.ts");
      const plan = list === undefined ? null : await planned(list);
      const listedOnly = plan?.rows.filter(({ state }) => state === "listed only");
      return store.snapshot(() => recallOf(finished(livesIn(store, CARE_PROTOCOLS)), question, listedOnly));
    },
    publishedRecalls: async () => {
      const [{ namedRecalls }, { loadKnowledge }] = await Promise.all([import("./lifecycle/index.ts"), import("./knowledge/index.ts")]);
      feedTurns();
      const { recalls, makers } = loadKnowledge();
      return recalls.length === 0 ? [] : store.snapshot(() => namedRecalls(finished(livesIn(store, CARE_PROTOCOLS)), recalls, makers));
    },
    exported: async (question) => (await import("./policy-report.ts")).exportReport(path, question),
    why: async (question) => (await import("./policy-report.ts")).whyReport(path, question),
    compare: async (question) => (await import("./policy-report.ts")).compareReport(path, question),
    reach: async (question) => (await import("./policy-report.ts")).reachReport(path, question),
    policyGroup: async (question, group) => (await import("./policy-group.ts")).groupReport(path, question, group),
    policy: async (question) => (await import("./policy-report.ts")).policyReport(path, question),
    async *inventory() {
      const describe = await describing();
      // A store of its own: who reads the document slowly must not hold the pages at one moment.
      const own = new Store(path);
      own.hold();
      const renewing = setInterval(() => own.renew(), SNAPSHOT_MS).unref();
      try {
        for (const piece of inventory(own, coverageOf(own, name), (heard) => describe(heard).evidence)) {
          yield piece;
          await setImmediate();
        }
      } finally {
        clearInterval(renewing);
        own.close();
      }
    },
    close: async () => store.close(),
  };
}

/** All devices and what is wrong with each; what is needed for it is read when it is first asked for. */
async function* fleetOf(store: Store): AsyncGenerator<undefined, Fleet> {
  const { conditions, weaknessesOf } = await import("./weaknesses/index.ts");
  const devices = withPapers(yield* fleetDevices(store), store.database);
  const weaknesses = yield* weaknessesOf(devices, conditions);
  const { from, to } = spanOf(store);
  return { devices, weaknesses, from, to, knowledge: feedDays() };
}

async function* lifecycleOf(store: Store, by: GrowthBy): AsyncGenerator<undefined, Omit<LifecycleReport, "support">> {
  const lifecycle = await import("./lifecycle/index.ts");
  return lifecycle.lifecycleOf(yield* livesIn(store, CARE_PROTOCOLS), by);
}

export function finished<Value>(steps: Generator<undefined, Value>): Value {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Made by `devices` of all we know, which is read when evidence is first asked for: a table of devices needs none of it. */
async function withAllWeKnow(): Promise<(heard: Heard) => Described> {
  const [{ describe }, { loadKnowledge }] = await Promise.all([import("./devices/index.ts"), import("./knowledge/index.ts")]);
  const knowledge = loadKnowledge();
  return (heard) => describe(heard, knowledge);
}

function numberOf(id: string): number | null {
  const digits = /^d(\d{1,12})$/.exec(id)?.[1];
  return digits === undefined ? null : Number(digits);
}

/**
 * What is worked out of the whole recording, and again when somebody wrote. In a small one that is done before each answer. In a
 * large one the last is given until the next is ready, and work rests in between, or a hospital that is being read would be read by
 * us as fast as it is written.
 */
export class Kept<Value> {
  readonly #source: { readonly changes: number };
  readonly #work: () => Generator<undefined, Value> | AsyncGenerator<undefined, Value>;
  readonly #afterwards: ((value: Value) => Generator<undefined>) | undefined;
  #kept: { readonly value: Value; readonly changes: number; readonly tookMs: number; readonly at: number } | null = null;
  #working: Promise<Value> | null = null;
  #failure: { readonly error: unknown } | null = null;

  /** `afterwards`: what makes its answers quicker, done while nobody asks, as long as it is the latest. */
  constructor(
    source: { readonly changes: number },
    work: () => Generator<undefined, Value> | AsyncGenerator<undefined, Value>,
    afterwards?: (value: Value) => Generator<undefined>,
  ) {
    this.#source = source;
    this.#work = work;
    this.#afterwards = afterwards;
  }

  async latest(): Promise<Value> {
    const kept = this.#kept;
    if (kept !== null && kept.changes === this.#source.changes) return kept.value;
    if (kept === null || kept.tookMs <= QUICK_MS) return this.#begun();
    this.#throwFailure();
    if (this.#working === null && performance.now() - kept.at > REST_TIMES * kept.tookMs)
      this.#begun().catch((error: unknown) => (this.#failure = { error }));
    return kept.value;
  }

  /** Until what is given is of this moment. */
  async renew(): Promise<void> {
    await this.#working;
    if (this.#kept?.changes !== this.#source.changes) await this.#begun();
  }

  /** What went wrong while nobody waited for it is told to who asks next. */
  #throwFailure(): void {
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure.error;
  }

  #begun(): Promise<Value> {
    this.#working ??= this.#renewed().finally(() => (this.#working = null));
    return this.#working;
  }

  async #renewed(): Promise<Value> {
    const changes = this.#source.changes;
    const began = performance.now();
    const steps = this.#work();
    let step = await steps.next();
    for (; step.done !== true; step = await steps.next()) if (performance.now() - began > QUICK_MS) await setImmediate();
    const at = performance.now();
    this.#kept = { value: step.value, changes, tookMs: at - began, at };
    // What is small is asked as quickly without.
    if (at - began > QUICK_MS) this.#finish(step.value).catch((error: unknown) => (this.#failure = { error }));
    return step.value;
  }

  async #finish(value: Value): Promise<void> {
    for (const _ of this.#afterwards?.(value) ?? []) {
      await setImmediate();
      if (this.#kept?.value !== value) return;
    }
  }
}
