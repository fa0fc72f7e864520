/** A session made by hand, for the API's tests and the pages': a small ward, or as many devices as asked, held in memory. */
import { EventEmitter } from "node:events";
import type { KeptOutFeed } from "../knowledge/kept-out.ts";
import type { Figures, InterfaceAbout, Session, SessionState } from "../api/session.ts";
import type { CareClass, ConversationView, DeviceDetail, DeviceSummary, EvidenceRow, SaidDivision, Stated } from "../model/device.ts";
import { CARE_CLASSES, LEAD_ASSERTED, LEAD_PROBABLY } from "../model/device.ts";
import { BadQuery } from "../model/store.ts";
import { feedDays } from "../knowledge/feeds.ts";
import { loadKnowledge } from "../knowledge/index.ts";
import type { PublishedRecall } from "../model/recall.ts";
import { doNotScanOf, doNotScanPage, exportedList, reasonsOf } from "../do-not-scan/index.ts";
import { askedDevices } from "../findings/asked.ts";
import { FindingList, type Found } from "../findings/shown.ts";
import type { DoNotScan, DoNotScanExportQuestion, DoNotScanQuery, DoNotScanWord, SaidOfScanning } from "../model/do-not-scan.ts";
import type { RiskQuery, WallsAsked } from "../model/risk.ts";
import type { TodayQuestion } from "../model/today.ts";
import type { Trend } from "../model/trend.ts";
import { rate, reachBehind, riskPage, type Ratings } from "../rating.ts";
import { dailySums, todayOf } from "../risk/index.ts";
import type { Finding, FindingParty, FindingQuery, FindingSaid, SaidOfFinding, StoredFinding } from "../model/finding.ts";
import { conditions, weaknessesOf } from "../weaknesses/index.ts";
import { lifecycleOf, namedRecalls, recallOf } from "../lifecycle/index.ts";
import type { AskRules } from "../model/asking.ts";
import { isWaiting } from "../model/asking-words.ts";
import type { GuardView } from "../model/guard.ts";
import type { PlannedWork } from "../model/planned.ts";
import { weaknessDetail, weaknessPage } from "../weaknesses/report.ts";
import { modelKey, withWords } from "../weaknesses/words.ts";
import type { DisclosureReport } from "../model/disclosure.ts";
import type { ShownPapers } from "../model/paper.ts";
import type { Fleet, WeaknessWord } from "../model/weakness.ts";
import type { SaidOfWeakness, WeaknessQuery } from "../model/weakness-report.ts";
import { planOf } from "../list/plan.ts";
import { wordInWords } from "../model/finding-words.ts";
import type { GrowthBy, Lives, RecallQuestion } from "../model/lifecycle.ts";
import type { ListQuestion } from "../model/list.ts";
import type { CompareQuestion, ExportQuestion, PolicyQuestion, WhyQuestion } from "../model/policy-report.ts";
import type { Replay } from "../model/replay.ts";
import type { DisclosedModel } from "../policies/disclosed.ts";
import { policyIn } from "../policies/file.ts";
import { fleetDevice, service } from "./fleet.ts";
import { NO_TALLY } from "../link/tally.ts";
import { livesOf, life } from "./lives.ts";
import { groupOf } from "../policy-group.ts";
import { compareOf, exportOf, reachOf, reportOf, whyOf } from "../policy-report.ts";
import { replayed, type MachineSketch } from "./replayed.ts";
import { supportNow } from "../weaknesses/support-calendar.ts";
import type { ChangeRow, Coverage, DeviceQuery, Merge, RecordingReader, Said, SaidList, Split, WaitingRow } from "../model/store.ts";

const END = Date.UTC(2026, 10, 23, 8, 31) * 1000;
const DAY = 86_400e6;
/** Two days between the captures, on which nobody listened. */
const NOT_LISTENED = 0b110_0000;

export class Ward implements Session {
  readonly dataDirectory: string;
  readonly said: Said[] = [];
  readonly asked: string[] = [];
  readonly undone = new Set<number>();
  waiting: readonly WaitingRow[] = [];
  findings: readonly StoredFinding[] = wardFindings();
  /** What people said of findings, by change; `of` is detector and key. */
  findingWords: readonly (FindingSaid & { readonly of: string })[] = [];
  weaknessWords: readonly { readonly of: string; readonly name: string; readonly word: WeaknessWord }[] = [];
  /** Why what is said of scanning is refused; null: it is not. */
  refuseScanning: string | null = null;
  scanningWords: readonly { readonly about: string; readonly word: DoNotScanWord }[] = [];
  papers: ReadonlyMap<string, ShownPapers> = new Map();
  /** By device; under "" those of the site. */
  guards: ReadonlyMap<string, readonly GuardView[]> = new Map();
  disclosures: ReadonlyMap<string, DisclosureReport> = new Map();
  disclosed: readonly DisclosedModel[] = [];
  devices: readonly DeviceDetail[];
  /** As they are told on the page of the fleet's life; of the devices, unless a test has others. */
  lives: Lives;
  /** What was kept of other days. */
  monthAgo: Omit<Trend, "now"> = { before: null, since: null };
  keptOut: readonly KeptOutFeed[] = [];
  /** What authorities published. */
  recalls: readonly PublishedRecall[] = [];
  planned: readonly PlannedWork[] = [];
  /** What policies are held against. */
  replay: Replay = wardReplay();
  now: SessionState;
  missing: InterfaceAbout["missing"] = null;
  measured: Figures = { taken: NO_TALLY, bytesWaiting: 0, diskRefuses: false, memory: { core: 0, sensor: 0, capture: 0, other: 0 } };
  /** The devices as they were before each word. */
  private readonly before: (readonly DeviceDetail[])[] = [];
  private readonly news = new EventEmitter().setMaxListeners(100);

  constructor(dataDirectory: string, devices: readonly DeviceDetail[] = wardDevices()) {
    this.dataDirectory = dataDirectory;
    this.devices = devices;
    this.lives = livesOf(devices.filter(({ standing }) => standing === "device").map(lifeOf), END - 13 * DAY, END);
    this.now = {
      site: "main",
      recording: "ward-week.pcapng",
      sample: false,
      reading: null,
      listening: [],
      hearing: { kind: "whole", since: null },
      broker: null,
      revision: 1,
      devices: devices.length,
      lost: { drops: 0, frames: 9_400_000 },
      notes: [],
    };
  }

  state(): SessionState {
    return this.now;
  }
  figures(): Figures {
    return this.measured;
  }
  /** What its devices answer with is heard in the clear. */
  fleet(): Fleet {
    const devices = this.devices
      .filter(({ standing }) => standing === "device" || standing === "carrier")
      .map((it) => fleetDevice({ ...it, services: it.servicesAnswered.map((of) => service(of.port, of.protocol, of)) }));
    const steps = weaknessesOf(devices, conditions);
    const fleet = { devices, weaknesses: finished(steps), from: END - 7 * DAY, to: END, knowledge: feedDays() };
    return withWords(fleet, {
      devices: named(this.weaknessWords.filter(({ word }) => word.scope === "device")),
      models: named(this.weaknessWords.filter(({ word }) => word.scope === "model")),
    });
  }
  openFindings(): readonly Finding[] {
    return this.findingList().page({ states: ["new", "acknowledged"], offset: 0, limit: 1_000 }).rows;
  }
  /** Who comes to whom is what the replay has. */
  rated(walls: WallsAsked): Ratings {
    const steps = rate(this.fleet(), { findings: this.openFindings(), reaching: reachBehind(this.replay, walls) });
    return finished(steps);
  }
  tell(change: Partial<SessionState>): void {
    this.now = { ...this.now, ...change };
    this.news.emit("news");
  }
  /** The recording answers otherwise from here on. */
  changed(change: Partial<SessionState> = {}): void {
    this.tell({ ...change, revision: this.now.revision + 1 });
  }
  subscribe(handler: () => void): () => void {
    this.news.on("news", handler);
    return () => this.news.off("news", handler);
  }
  recording(): RecordingReader | null {
    return this.now.recording === null ? null : new WardReader(this);
  }
  async recordings() {
    return [{ name: "last-week", devices: 12, from: END - 7 * DAY, to: END }];
  }
  async interfaces(): Promise<readonly InterfaceAbout[]> {
    const ticks = Math.floor(performance.now() / 10);
    return [
      { name: "enp3s0f1", up: true, framesIn: ticks * 182, framesOut: 0, missing: this.missing },
      { name: "enp3s0f0", up: true, framesIn: ticks, framesOut: ticks, missing: this.missing },
      { name: "enp4s0", up: false, framesIn: 0, framesOut: 0, missing: this.missing },
    ];
  }
  async openFiles(paths: readonly string[]): Promise<void> {
    this.asked.push(`open ${paths.join(" ")}`);
    this.tell({ recording: "opened" });
  }
  async openSample(): Promise<void> {
    this.asked.push("sample");
    this.tell({ recording: "Sample hospital", sample: true });
  }
  async openRecording(name: string): Promise<void> {
    this.asked.push(`show ${name}`);
    this.tell({ recording: name });
  }
  async listen(interfaces: readonly string[]): Promise<void> {
    this.asked.push(`listen ${interfaces.join(" ")}`);
    this.tell({
      recording: "main",
      listening: interfaces.map((name) => ({
        name,
        frames: 1_204_118,
        framesPerSecond: 18_240,
        drops: 0,
        verdict: { kind: "oneDirection", words: "Only one direction is copied.", cure: "monitor session 1 source vlan 20 both" },
      })),
    });
  }
  async stop(): Promise<void> {
    this.asked.push("stop");
    this.tell({ reading: null, listening: [] });
  }
  async say(said: Said): Promise<void> {
    this.said.push(said);
    this.before.push(this.devices);
    this.devices = this.devices.map((device) =>
      device.id === said.device && said.attribute in device
        ? { ...device, [said.attribute]: said.value === null ? null : { value: said.value, confidence: 0.99, lead: 99, saidBy: said.who } }
        : device,
    );
    this.changed();
  }
  async sayList({ who, words }: SaidList): Promise<number> {
    const before = this.devices;
    for (const word of words) await this.say({ who, ...word });
    this.before[this.said.length - 1] = before;
    return this.said.length;
  }
  async merge({ who, reason, device, other }: Merge): Promise<void> {
    const [from, to] = [device, other].map((id) => this.devices.find((it) => it.id === id)!).toSorted((a, b) => b.id.localeCompare(a.id, "en", { numeric: true })); // prettier-ignore
    const divided: SaidDivision = { change: this.said.length + 1, what: "merge", at: END, who, reason, named: `${device} and ${other}` };
    this.divide({ who, reason, device, attribute: "merge", value: divided.named }, from!, [
      { ...to!, ips: [...to!.ips, ...from!.ips], macs: [...to!.macs, ...from!.macs], divided: [...to!.divided, divided] },
    ]);
  }
  async split({ who, reason, device, addresses }: Split): Promise<void> {
    const whole = this.devices.find((it) => it.id === device)!;
    const named = addresses.join(", ");
    const divided: SaidDivision = { change: this.said.length + 1, what: "split", at: END, who, reason, named };
    const part = (id: string, of: (address: string) => boolean) => ({ ...whole, id, ips: whole.ips.filter(of), macs: whole.macs.filter(of), divided: [...whole.divided, divided] }); // prettier-ignore
    this.divide({ who, reason, device, attribute: "split", value: named }, whole, [
      part(device, (it) => !addresses.includes(it)),
      part(`d${this.devices.length + 1}`, (it) => addresses.includes(it)),
    ]);
  }
  private divide(said: Said, gone: DeviceDetail, made: readonly DeviceDetail[]): void {
    this.said.push(said);
    this.before.push(this.devices);
    this.devices = [...this.devices.filter((it) => it !== gone && !made.some(({ id }) => id === it.id)), ...made];
    this.changed();
  }
  async sayOfFinding({ who, reason, finding, word }: SaidOfFinding): Promise<number> {
    const { id, detector, key, last, severity } = this.findings.find((it) => it.id === finding)!;
    this.said.push({ who, reason, device: id, attribute: "finding", value: `finding ${id} is ${wordInWords(word)}` });
    this.before.push(this.devices);
    const change = this.said.length;
    this.findingWords = [...this.findingWords, { change, at: END, who, reason, word, id, last, severity, of: `${detector} ${key}` }];
    this.changed();
    return change;
  }
  async sayOfWeakness({ who, reason, device, name, word, scope }: SaidOfWeakness): Promise<number> {
    const of = scope === "device" ? device : modelKey(this.fleet().devices.find(({ id }) => id === device)!)!;
    this.said.push({ who, reason, device, attribute: "weakness", value: `${name} is ${word}` });
    this.before.push(this.devices);
    const change = this.said.length;
    this.weaknessWords = [...this.weaknessWords, { of, name, word: { word, scope, who, reason, at: END, change } }];
    this.changed();
    return change;
  }
  async sayOfScanning({ who, reason, about, word, until }: SaidOfScanning): Promise<number> {
    if (this.refuseScanning !== null) throw new Error(this.refuseScanning);
    this.said.push({ who, reason, device: about, attribute: "scanning", value: word });
    this.before.push(this.devices);
    const change = this.said.length;
    this.scanningWords = [...this.scanningWords, { about, word: { word, who, reason, at: END, until, change } }];
    this.changed();
    return change;
  }
  /** Each device was heard at all its addresses for as long as it was heard at all. */
  doNotScan(days: number): DoNotScan {
    const fleet = this.fleet();
    const words = new Map(this.scanningWords.map(({ about, word }) => [about, word]));
    return doNotScanOf({
      fleet,
      reasons: reasonsOf(fleet, askedDevices(this.found())),
      worn: new Map(fleet.devices.map(({ id, ips, first, last }) => [id, ips.map((ip) => ({ ip, since: first, last }))])),
      words: {
        devices: new Map([...words].filter(([about]) => about.startsWith("d"))),
        networks: new Map([...words].filter(([about]) => !about.startsWith("d"))),
      },
      days,
    });
  }
  /** As the store would have it: endpoints are places in the list of devices, from 1. */
  findingList(rules?: AskRules): FindingList {
    return new FindingList(this.found(), rules);
  }
  private found(): Found {
    return {
      stored: this.findings,
      partyOf: (endpoint) => partyOf(this.devices[endpoint - 1]),
      ofKind: () => null,
      wordsOf: ({ detector, key }) => this.findingWords.filter(({ of }) => of === `${detector} ${key}`),
      flowsOf: () => new Set(),
      planned: this.planned,
      heardSince: END - 13 * DAY,
      heardTo: END,
    };
  }
  async undo(change: number, who: string, reason: string): Promise<void> {
    this.asked.push(`undo ${change} by ${who}: ${reason}`);
    this.devices = this.before[change - 1] ?? this.devices;
    this.findingWords = this.findingWords.filter((it) => it.change !== change);
    this.weaknessWords = this.weaknessWords.filter(({ word }) => word.change !== change);
    this.scanningWords = this.scanningWords.filter(({ word }) => word.change !== change);
    this.undone.add(change);
    this.changed();
  }
}

function named(words: Ward["weaknessWords"]): ReadonlyMap<string, ReadonlyMap<string, WeaknessWord>> {
  return new Map([...Map.groupBy(words, ({ of }) => of)].map(([of, all]) => [of, new Map(all.map(({ name, word }) => [name, word]))]));
}

/** Knows words, `field = value`, `!=`, `~`, and, or, not and parentheses: enough for what the pages write. */
class WardReader implements RecordingReader {
  private readonly ward: Ward;
  constructor(ward: Ward) {
    this.ward = ward;
  }
  async exported(question: ExportQuestion) {
    return exportOf(this.ward.replay, question);
  }
  async why(question: WhyQuestion) {
    return whyOf(this.ward.replay, question);
  }
  async compare(question: CompareQuestion) {
    return compareOf(this.ward.replay, question);
  }
  async reach({ text, file, ownRanges }: PolicyQuestion) {
    return reachOf(this.ward.replay, policyIn(text ?? "", file), ownRanges);
  }
  async policyGroup(question: PolicyQuestion, group: string) {
    return groupOf(this.ward.replay, question, group, this.ward.disclosed);
  }
  async policy(question: PolicyQuestion) {
    return reportOf(this.ward.replay, question);
  }
  async doNotScan(query: DoNotScanQuery) {
    return doNotScanPage(this.ward.doNotScan(query.days), query);
  }
  async doNotScanOf(id: string, days: number) {
    return this.ward.doNotScan(days).lines.find(({ device }) => device === id) ?? null;
  }
  async doNotScanExported({ days, ...asked }: DoNotScanExportQuestion) {
    return exportedList(this.ward.doNotScan(days), { ...asked, recording: this.ward.now.recording ?? "" });
  }
  async list(question: ListQuestion) {
    return planOf(question, this.ward.devices, loadKnowledge());
  }
  async devices(query: DeviceQuery) {
    const rows = ordered(this.ward, query);
    return {
      total: devicesOf(this.ward, query.filter).length,
      matching: rows.length,
      rows: rows.slice(query.offset, query.offset + query.limit),
    };
  }
  async facets(filter: string, fields: readonly string[]) {
    const rows = ordered(this.ward, { filter, sort: "name", descending: false });
    return fields.map((field) => ({
      field,
      values: [...Map.groupBy(rows, (row) => fieldOf(row, field))]
        .map(([value, group]) => ({ value, count: group.length }))
        .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)),
    }));
  }
  async device(id: string) {
    const { devices } = this.ward;
    const isPartOf = ({ divided }: DeviceDetail) =>
      divided.some(({ what, named }) => what === "merge" && named.split(" and ").includes(id));
    return devices.find((device) => device.id === id) ?? devices.find(isPartOf) ?? null;
  }
  async conversations(id: string, offset: number, limit: number) {
    const rows = conversationsOf(this.ward.devices, id);
    return { total: rows.length, rows: rows.slice(offset, offset + limit) };
  }
  async coverage(): Promise<Coverage> {
    const { lost, recording, listening } = this.ward.now;
    return {
      recording: recording ?? "",
      frames: lost.frames,
      bytes: 3_100_000_000,
      malformed: 12,
      gaps: 3,
      duplicates: 0,
      drops: lost.drops,
      from: END - 13 * DAY,
      to: END,
      devices: devicesOf(this.ward, "").length,
      conversations: 412,
      inputs: [
        {
          name: "ward-monday.pcapng",
          live: false,
          frames: Math.floor(lost.frames / 2),
          bytes: 1_550_000_000,
          drops: 0,
          duplicates: 0,
          from: END - 13 * DAY,
          to: END - 7 * DAY,
          verdict: { kind: "good", words: "Both directions are copied, once and whole.", cure: "" },
          state: "whole",
        },
        {
          name: "ward-week.pcapng",
          live: listening.length > 0,
          frames: Math.ceil(lost.frames / 2),
          bytes: 1_550_000_000,
          drops: lost.drops,
          duplicates: 0,
          from: END - 4 * DAY,
          to: END,
          verdict: {
            kind: "oneDirection",
            words: "Of most conversations only one direction is copied.",
            cure: "monitor session 1 source vlan 20 both",
          },
          state: "half-read",
        },
      ],
      limits: {},
      unheard: { wifiProtected: 4_120 },
      notes: ["ward-week.pcapng stops in the middle of a frame, at byte 1,928,331,264. Everything before it was read and kept."],
    };
  }
  async renew(): Promise<void> {}
  async changes(): Promise<readonly ChangeRow[]> {
    return this.ward.said
      .map((said, index) => ({
        number: index + 1,
        at: END,
        who: said.who,
        what: said.attribute,
        about: said.device,
        value: said.value ?? "",
        reason: said.reason,
        undone: this.ward.undone.has(index + 1),
      }))
      .toReversed();
  }
  async fleet() {
    return this.ward.fleet();
  }
  async risks(query: RiskQuery) {
    return riskPage(this.ward.rated(query).devices, query);
  }
  async risk(id: string, walls: WallsAsked) {
    return this.ward.rated(walls).of(id);
  }
  async trend(walls: WallsAsked) {
    const { devices } = this.ward.rated(walls);
    return { now: { at: END, sums: dailySums(this.ward.fleet(), devices) }, ...this.ward.monthAgo };
  }
  async today(question: TodayQuestion) {
    const { rows, asked } = this.ward.findingList(question.asking).page({ states: ["new", "acknowledged"], offset: 0, limit: 1_000 });
    const findings = rows.filter((it) => !isWaiting(it, asked));
    const coverage = await this.coverage();
    const { devices } = this.ward.rated(question);
    return finished(
      todayOf(
        {
          fleet: this.ward.fleet(),
          rated: devices,
          findings,
          asked,
          guards: await this.guards(),
          coverage,
          trend: await this.trend(question),
          keptOut: this.ward.keptOut,
        },
        question.hours,
      ),
    );
  }
  async findingFlows() {
    return new Map();
  }
  async weaknesses(query: WeaknessQuery) {
    return weaknessPage(this.ward.fleet(), query);
  }
  async weakness(name: string, offset: number, limit: number) {
    return weaknessDetail(this.ward.fleet(), name, offset, limit);
  }
  async papersOf(device: string): Promise<ShownPapers> {
    return this.ward.papers.get(device) ?? { sbom: null, mds2: null };
  }
  async disclosureOf(device: string) {
    return this.ward.disclosures.get(device) ?? null;
  }
  async weaknessesOf(device: string) {
    return this.ward.fleet().weaknesses.get(device) ?? [];
  }
  async guards(device?: string) {
    return this.ward.guards.get(device ?? "") ?? [];
  }
  async lifecycle(by: GrowthBy) {
    return { ...lifecycleOf(this.ward.lives, by), support: supportNow(this.ward.fleet().devices) };
  }
  async publishedRecalls() {
    return namedRecalls(this.ward.lives, this.ward.recalls, loadKnowledge().makers);
  }
  async recall(question: RecallQuestion, list?: ListQuestion) {
    const listed = list === undefined ? [] : (await this.list(list)).rows.filter(({ state }) => state === "listed only");
    return recallOf(this.ward.lives, question, listed);
  }
  async findings(query: FindingQuery) {
    return this.ward.findingList(query.asking).page(query);
  }
  async finding(id: string) {
    return this.ward.findingList().one(id);
  }
  async waiting() {
    return this.ward.waiting;
  }
  async *inventory(): AsyncIterable<string> {
    yield "{}";
  }
  async close(): Promise<void> {}
}

/** As the store does, the order is kept until the devices change. */
const orders = new WeakMap<readonly DeviceDetail[], Map<string, readonly DeviceDetail[]>>();

function ordered(ward: Ward, { filter, sort, descending }: Pick<DeviceQuery, "filter" | "sort" | "descending">): readonly DeviceDetail[] {
  const { devices } = ward;
  const kept = orders.get(devices) ?? new Map<string, readonly DeviceDetail[]>();
  orders.set(devices, kept);
  const key = JSON.stringify([filter, sort, descending]);
  const found = kept.get(key);
  if (found !== undefined) return found;

  const order = sortOf(sort);
  const keyed = devicesOf(ward, filter)
    .filter(matcher(filter))
    .map((row) => ({ row, key: order(row) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0) * (descending ? -1 : 1));
  const rows = keyed.map(({ row }) => row);
  kept.set(key, rows);
  return rows;
}

function lifeOf({ id, name, kind, maker, model, serial, location, lifeCritical, first, last }: DeviceDetail) {
  const valueOf = (stated: Stated | null) => (stated !== null && stated.lead >= LEAD_PROBABLY ? stated.value : null);
  return life(id, {
    name,
    kind: valueOf(kind),
    maker: valueOf(maker),
    model: valueOf(model),
    serial: valueOf(serial),
    location: valueOf(location),
    lifeCritical,
    first,
    last,
  });
}

/** Who is outside is listed only where one asks for it. */
function devicesOf({ devices }: Ward, filter: string): readonly DeviceDetail[] {
  return filter.includes("standing") ? devices : devices.filter((it) => it.standing !== "outside");
}

function sortOf(sort: string): (row: DeviceSummary) => string | number {
  if (sort === "care") return (row) => `${CARE_CLASSES.indexOf(row.lifeCritical)} ${row.name}`;
  if (sort === "first" || sort === "last" || sort === "peers" || sort === "services") return (row) => row[sort];
  return (row) => fieldOf(row, sort).toLowerCase();
}

function matcher(filter: string): (row: DeviceSummary) => boolean {
  const tokens = [...filter.matchAll(/"([^"]*)"|[()]|!=|[=~<>]|[^\s"()=~<>!]+/g)].map((match) => ({
    text: match[1] ?? match[0],
    column: match.index + 1,
    quoted: match[1] !== undefined,
  }));
  let next = 0;
  const is = (word: string) => tokens[next]?.quoted === false && tokens[next]?.text.toLowerCase() === word;
  type Test = (row: DeviceSummary) => boolean;
  const any = (): Test => {
    let left = all();
    while (is("or")) {
      next++;
      const [a, b] = [left, all()];
      left = (row) => a(row) || b(row);
    }
    return left;
  };
  const all = (): Test => {
    let left = one();
    while (next < tokens.length && !is("or") && !is(")")) {
      if (is("and")) next++;
      const [a, b] = [left, one()];
      left = (row) => a(row) && b(row);
    }
    return left;
  };
  const one = (): Test => {
    if (is("not")) {
      next++;
      const inner = one();
      return (row) => !inner(row);
    }
    if (is("(")) {
      next++;
      const inner = any();
      next++;
      return inner;
    }
    const token = tokens[next++];
    if (token === undefined) throw new BadQuery("expected a word", filter.length + 1);
    const operator = tokens[next]?.text;
    if (operator === undefined || !["=", "!=", "~", "<", ">"].includes(operator)) {
      const word = token.text.toLowerCase();
      return (row) =>
        [row.name, ...row.ips, ...row.macs, fieldOf(row, "kind"), fieldOf(row, "maker")].some((text) => text.toLowerCase().includes(word));
    }
    const value = tokens[next + 1]?.text ?? "";
    next += 2;
    const field = token.text.toLowerCase();
    if (!["name", "kind", "maker", "model", "os", "care", "sure", "standing", "ip", "first", "last"].includes(field))
      throw new BadQuery(`There is no field "${token.text}"`, token.column, "kind");
    if (field === "first" || field === "last") {
      const limit = END - Number.parseInt(value, 10) * DAY;
      return (row) => (operator === "<" ? row[field] > limit : row[field] < limit);
    }
    const wanted = value === "unknown" && field !== "sure" ? "" : value.toLowerCase();
    if (operator === "~") return (row) => fieldOf(row, field).toLowerCase().includes(wanted);
    return (row) => (fieldOf(row, field).toLowerCase() === wanted) === (operator !== "!=");
  };
  return tokens.length === 0 ? () => true : any();
}

function fieldOf(row: DeviceSummary, field: string): string {
  switch (field) {
    case "care":
      return row.lifeCritical === "other" && row.kind === null ? "" : row.lifeCritical;
    case "sure":
      return row.kind === null || row.kind.lead < LEAD_PROBABLY ? "unknown" : row.kind.lead >= LEAD_ASSERTED ? "known" : "probably";
    case "ip":
      return row.ips[0] ?? "";
    case "name":
    case "standing":
      return row[field];
    case "kind":
    case "maker":
    case "model":
    case "os":
    case "location":
      return row[field]?.value ?? "";
    default:
      throw new BadQuery(`expected a field to sort by, got "${field}"`);
  }
}

const known = (value: string, lead = 24): Stated => ({
  value,
  lead,
  confidence: Math.floor((10 ** (lead / 10) / (1 + 10 ** (lead / 10))) * 100) / 100,
});

type Sketch = readonly [
  name: string,
  care: CareClass,
  kind: Stated | null,
  maker: Stated | null,
  model: Stated | null,
  os: Stated | null,
  place: string | null,
  ip: string,
  days: number,
  ago: number,
];
const SKETCHES: readonly Sketch[] = [
  [
    "ICU-07 pump 2",
    "therapy",
    known("Infusion pump"),
    known("Halden"),
    known("VT-4"),
    known("VT 2.8.0"),
    "ICU · bed 7",
    "10.20.7.64",
    0x3fff,
    0,
  ],
  [
    "ICU-07 ventilator",
    "life-supporting",
    known("Ventilator", 31),
    known("Brevis"),
    { ...known("V3"), against: "V2" },
    known("V3 OS 4.1.2"),
    "ICU · bed 7",
    "10.20.7.71",
    0x3fff,
    0,
  ],
  [
    "BGA-ICU-1",
    "diagnostic",
    known("Blood gas analyzer"),
    known("Tessel"),
    known("G2"),
    known("Windows XP Embedded"),
    "ICU · utility",
    "10.20.41.5",
    0x2f5b,
    0,
  ],
  [
    "XR-mobile-2",
    "diagnostic",
    known("Mobile X-ray"),
    known("Lumora"),
    known("Ray M"),
    known("Windows 7 SP1"),
    "Ward 4B · bed 3",
    "10.20.30.11",
    0x1c71,
    0,
  ],
  [
    "ICU-04 pump 1",
    "therapy",
    known("Infusion pump"),
    known("Halden"),
    known("VT-4"),
    known("VT 2.8.0"),
    "ICU · bed 4",
    "10.20.7.52",
    0x3e0f,
    0,
  ],
  ["Unnamed monitor", "therapy", known("Patient monitor"), known("Corvane", 7), null, null, "Ward 4B", "10.20.9.140", 0x03ff, 2],
  [
    "US-ICU-1",
    "diagnostic",
    known("Ultrasound"),
    known("Lumora"),
    known("Sono E"),
    known("Windows 10 1809"),
    null,
    "10.20.30.44",
    0x2222,
    9,
  ],
  [
    "ICU-02 monitor",
    "therapy",
    known("Patient monitor"),
    known("Corvane"),
    known("M50"),
    known("M-series J.11"),
    "ICU · bed 2",
    "10.20.7.22",
    0x3fff,
    0,
  ],
  [
    "GW-4B-1",
    "clinical IT",
    known("Monitor gateway"),
    known("Corvane"),
    known("Gateway"),
    known("Windows Server 2016"),
    "Ward 4B · closet",
    "10.20.9.15",
    0x3fff,
    0,
  ],
  [
    "Nurse call 4B",
    "clinical IT",
    known("Nurse call"),
    known("Ostara"),
    known("Wardlink"),
    known("Linux 3.10", 8),
    "Ward 4B",
    "10.20.9.3",
    0x3fff,
    0,
  ],
  ["CAM-ICU-door", "other", known("Camera", 9), null, null, known("Linux"), "ICU · corridor", "10.20.50.12", 0x3fff, 1],
  ["SW-4", "other", known("Switch"), known("Netling"), known("24P"), null, "Ward 4B · closet", "10.20.0.24", 0x3fff, 0],
  ["PRN-4B-1", "other", known("Printer"), known("Labelon"), known("LP2"), known("Firmware 7.2"), "Ward 4B", "10.20.9.31", 0x35af, 4],
  ["BR-3-014", "other", known("Badge reader", 6), null, null, null, "ICU · door", "10.20.50.60", 0x3fff, 0],
  ["10.20.9.188", "other", null, null, null, null, null, "10.20.9.188", 0x0007, 1],
];

export function wardDevices(): DeviceDetail[] {
  return SKETCHES.map((sketch, index) => deviceOf(sketch, index));
}

/** A hospital of any size: the ward again and again, under other names and addresses. */
export function manyDevices(count: number): DeviceDetail[] {
  return Array.from({ length: count }, (_, index) => {
    const sketch = SKETCHES[index % SKETCHES.length]!;
    const ip = `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
    return { ...deviceOf(sketch, index), name: `${sketch[0]} ${index}`, ips: [ip], evidence: [] };
  });
}

function finished<Value>(steps: Generator<undefined, Value>): Value {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

function deviceOf([name, care, kind, maker, model, os, place, ip, days, ago]: Sketch, index: number): DeviceDetail {
  const mac = `00:00:5e:00:${(53 + ((index >> 8) & 127)).toString(16)}:${(index & 255).toString(16).padStart(2, "0")}`;
  const last = END - ago * 60e6;
  const evidence: EvidenceRow[] = [];
  const add = (
    attribute: EvidenceRow["attribute"],
    value: string,
    observed: EvidenceRow["observed"],
    raw: string,
    protocol: string,
    weight: number,
    why: string,
  ) =>
    evidence.push({
      attribute,
      value,
      observed,
      raw,
      protocol,
      via: protocol === "dhcp" ? "10.20.0.1" : null,
      group: protocol,
      weight,
      why,
      first: END - 13 * DAY,
      last,
      count: 41 + index,
    });
  add("names", name, "hostname", name, "dhcp", 12, "host name in its DHCP request");
  if (kind !== null) {
    add(
      "kind",
      kind.value,
      "deviceCode",
      `MDC_DEV_${kind.value.toUpperCase().replaceAll(" ", "_")}`,
      "wsdiscovery",
      Math.ceil(kind.lead / 2) + 4,
      "device type in its own description",
    );
    add("kind", kind.value, "hl7Role", "sends device reports", "hl7", Math.floor(kind.lead / 2), "what its messages make it");
  }
  if (maker !== null)
    add("maker", maker.value, "prefix", mac.slice(0, 8), "registry", maker.lead, "registered owner of the first half of its address");
  if (model !== null)
    add(
      "model",
      model.value,
      "model",
      model.value,
      "wsdiscovery",
      model.lead + (model.against === undefined ? 4 : 12),
      "model in its own description",
    );
  if (model?.against !== undefined)
    add(
      "model",
      model.against,
      "serverBanner",
      `${maker?.value ?? ""}${model.against}/4.1`,
      "http",
      8,
      "server banner of its service page",
    );
  return {
    id: `d${index + 1}`,
    name,
    kind,
    maker,
    model,
    os,
    location: place === null ? null : known(place, 14),
    lifeCritical: care,
    macs: [mac],
    ips: [ip],
    standing: "device",
    first: END - 13 * DAY + index * 60e6,
    last,
    frames: 1_204_118 - index * 1000,
    bytes: 480_000_000,
    days: [days & ~NOT_LISTENED, 0],
    services: index % 3,
    peers: 2 + (index % 5),
    names: [known(name, 12)],
    serial: null,
    udi: null,
    controlNumber: null,
    owner: null,
    status: null,
    software: os,
    joined: [],
    apart: [],
    divided: [],
    children: [],
    spokenFor: null,
    servicesAnswered: index % 3 === 0 ? [] : [{ ip, transport: "tcp", port: 2575, protocol: "hl7" }],
    evidence,
  };
}

function conversationsOf(devices: readonly DeviceDetail[], id: string): readonly ConversationView[] {
  const self = devices.find((device) => device.id === id);
  if (self === undefined) return [];
  const end = (device: DeviceDetail) => ({ device: device.id, name: device.name, ip: device.ips[0] ?? "" });
  return devices
    .filter((device) => device.id !== id)
    .slice(0, self.peers)
    .map((other, index) => ({
      client: index % 2 === 0 ? end(self) : end(other),
      server: index % 2 === 0 ? end(other) : end(self),
      transport: "tcp",
      port: index % 2 === 0 ? 2575 : 443,
      protocol: index % 2 === 0 ? "hl7" : null,
      operations: index % 2 === 0 ? ["ORU^R01"] : [],
      packets: [14_022, 13_900],
      bytes: [Math.round(93_000_000 / 12 ** index), Math.round(8_800_000 / 12 ** index)],
      refused: index,
      answered: 1_940,
      first: index === 1 ? END - DAY : END - 13 * DAY,
      last: END - index * 60e6,
      side: index === 3 ? "guessed" : "handshake",
      encrypted: index % 2 === 1,
      days: [index === 1 ? 0x3 : index === 2 ? 0x1001 : 0x3fff, 0],
    }));
}

/** Two weeks of a ward: pumps and ventilators at their servers, a stranger at one pump, and what comes from a device nobody knows. */
function wardReplay(): Replay {
  const machines: MachineSketch[] = [
    ...[1, 2, 3, 4].map((bed): MachineSketch => ({ name: `ICU-0${bed} pump`, kind: "infusion pump", care: "therapy", ward: "ICU" })),
    { name: "ICU-07 ventilator", kind: "ventilator", care: "life-supporting", ward: "ICU" },
    { name: "ICU-08 ventilator", kind: "ventilator", care: "life-supporting", ward: "ICU" },
    { name: "CT-1", kind: "CT scanner", care: "diagnostic" },
    { name: "pump server", kind: "pump server", care: "clinical IT" },
    { name: "archive", kind: "image archive", care: "clinical IT" },
    { name: "laptop" },
    { name: "ICU-05 pump", kind: "probably infusion pump", care: "therapy" },
    { name: "vendor", standing: "outside", ip: "198.51.100.20" },
  ];
  return replayed(14, machines, [
    ...[1, 2, 3, 4].map((bed) => ({ talk: `ICU-0${bed} pump → pump server tcp 443: 1-14`, protocol: "tls" })),
    { talk: "ICU-07 ventilator → pump server tcp 443: 1-14", protocol: "tls" },
    { talk: "ICU-08 ventilator → pump server tcp 443: 1-14", protocol: "tls" },
    { talk: "ICU-07 ventilator → vendor tcp 443: 9", protocol: "tls" },
    { talk: "CT-1 → archive tcp 104: 1-14", protocol: "dicom", operations: ["C-STORE"] },
    { talk: "laptop → ICU-01 pump tcp 23: 12", protocol: "telnet" },
    { talk: "ICU-05 pump → pump server tcp 444: 1-5" },
  ]);
}

function partyOf(device: DeviceDetail | undefined): FindingParty | null {
  if (device === undefined) return null;
  const { id, name, ips, macs, kind, maker, location, lifeCritical } = device;
  return {
    device: id, name, ip: ips[0] ?? null, mac: macs[0] ?? null, kind: kind?.value ?? null, maker: maker?.value ?? null,
    location: location?.value ?? null, lifeCritical,
  }; // prettier-ignore
}

/** Passwords tried at the second device by the third, and a storm on its segment, a quarter of an hour before the end. */
export function wardFindings(): readonly StoredFinding[] {
  const at = (seconds: number) => END - 900e6 + seconds * 1e6;
  return [
    {
      id: "5f1d3a7790c2be14",
      detector: "log-in-guessing",
      key: "0/10.20.7.77 0/10.20.7.22 ftp",
      about: 2,
      severity: "high",
      first: at(0),
      last: at(41),
      count: 23,
      summary: "10 log-ins by ftp refused within 19 s",
      because: [
        { at: at(19), text: "10 refusals of ftp within 5 minutes" },
        { at: at(41), text: "23 refusals of ftp within 5 minutes" },
      ],
      others: [3],
      othersBeyond: 0,
      witnesses: [
        ["ward-week.pcapng", at(18), 921_377, 92, "AAn7EjRWAAn7EjRXCABFAAAo", 1],
        ["ward-week.pcapng", at(19), 921_381, 92, "AAn7EjRWAAn7EjRXCABFAAAo", 1],
      ],
      rhythm: [],
      before: null,
    },
    {
      id: "a07be1cc02938d55",
      detector: "segment-storm",
      key: "untagged multicast",
      about: 0,
      severity: "high",
      first: at(100),
      last: at(130),
      count: 48_200,
      summary: "1240 multicasts a second on untagged, for 5 seconds",
      because: [{ at: at(105), text: "1240 multicasts of 2 senders in one second on untagged" }],
      others: [],
      othersBeyond: 0,
      witnesses: [],
      rhythm: [],
      before: null,
    },
  ];
}
