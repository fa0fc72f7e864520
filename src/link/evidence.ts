/**
 * Reads what others wrote down (leases, tables of switches, lists) into a recording, as batches like any sensor's: the file's identity is
 * the run, so the same file twice counts once, and nothing in the store is of its own kind.
 *
 * Names of people end here as they do in a sensor: a name is kept of machines that the recording knows to serve or to be clinical, or
 * whose card is of a maker of such devices; of others its pattern and a keyed hash.
 */
import { createHash } from "node:crypto";
import { ipWords } from "../bytes/address.ts";
import { networkOf, Networks, PRIVATE_NETWORKS } from "../bytes/networks.ts";
import { Names } from "../flows/names.ts";
import { writtenIn, type AlertEntry, type Entry, type FlowEntry, type MachineEntry } from "../model/evidence.ts";
import { attributes, type Attribute } from "../model/observation.ts";
import type { RecordingReader } from "../model/store.ts";
import { EvidenceBatches, type Subject } from "./evidence-batches.ts";
import { closeEvidence, type OpenEvidence } from "./evidence-file.ts";
import { noteOf, type EvidenceRead } from "./evidence-note.ts";
import { linesOf, objectsOf, PIECE_BYTES_MAX, type Piece } from "./evidence-text.ts";
import { knownMachines, type KnownMachine, type KnownMachines } from "./known-machines.ts";
import type { RecordingWriter } from "./recording.ts";

/** Lines that could not be read and are named; the others are counted. */
const UNREAD_NAMED_MAX = 5;
/** A telephone, what is plugged into it and a small switch at a bed make no more; a port of more cards leads to another switch. */
const CARDS_AT_PORT_MAX = 8;
/** Beyond this many ports a table is no switch's. */
const PORTS_MAX = 100_000;
/** Networks and ports somebody describes. */
const PLACES_MAX = 100_000;
/** Bytes the core may be behind before we wait. */
const BEHIND_BYTES_MAX = 16 * 1024 * 1024;
const BEHIND_CHECK_MS = 5;
const HASH_DIGITS = 16;
/** A file is of what was before it; a clock may be a day off. */
const CLOCK_US_MAX = 86_400e6;

export interface EvidenceOptions {
  /** Closed when they are read. */
  readonly files: readonly OpenEvidence[];
  readonly site: string;
  readonly leftOut: readonly string[];
  readonly writer: Pick<RecordingWriter, "hashKey" | "stored" | "source" | "behind" | "note" | "ended" | "settle">;
  /** Opens the recording as it is by now. */
  readonly reader: () => Promise<RecordingReader>;
}

/** Machines first, then what is said of networks and ports, which is said of the machines that are there by then. */
export async function readEvidence(options: EvidenceOptions): Promise<readonly EvidenceRead[]> {
  try {
    await options.writer.settle();
    const reads: EvidenceRead[] = [];
    const known = await knownNow(options);
    const [places, machines] = partition(options.files, ({ form }) => PLACES.has(form.source));
    for (const file of machines) reads.push(await new Reading(options, file, known).machines());
    if (places.length > 0) {
      await options.writer.settle();
      const after = await knownNow(options);
      for (const file of places) reads.push(await new Reading(options, file, after).places());
    }
    await options.writer.settle();
    return reads;
  } finally {
    closeEvidence(options.files);
  }
}
const PLACES: ReadonlySet<string> = new Set(["port list", "subnet list"]);

async function knownNow({ reader }: EvidenceOptions): Promise<KnownMachines> {
  const open = await reader();
  try {
    return await knownMachines(open);
  } finally {
    await open.close();
  }
}

function partition<T>(all: readonly T[], is: (it: T) => boolean): readonly [those: T[], others: T[]] {
  return [all.filter(is), all.filter((it) => !is(it))];
}

class Reading {
  readonly #options: EvidenceOptions;
  readonly #file: OpenEvidence;
  readonly #known: KnownMachines;
  readonly #names: Names;
  readonly #leftOut: Networks;
  #entries = 0;
  #unread = 0;
  #firstUnread: string[] = [];
  #withheld = 0;
  #left = 0;
  #uplinks = 0;
  #alerts = 0;
  readonly #flows = { all: 0, ofFindings: 0, unheard: 0 };

  constructor(options: EvidenceOptions, file: OpenEvidence, known: KnownMachines) {
    this.#options = options;
    this.#file = file;
    this.#known = known;
    this.#names = new Names(options.writer.hashKey);
    this.#leftOut = new Networks(options.leftOut);
  }

  async machines(): Promise<EvidenceRead> {
    const uplinks = this.#findUplinks();
    this.#uplinks = uplinks.size;
    return this.#send(this.#file.run, () => this.#said(uplinks));
  }

  /** Said of what the recording knows: more of that is another reading. */
  async places(): Promise<EvidenceRead> {
    const networks = new Map<string, string>();
    const ports = new Map<string, string>();
    for (const entry of this.#read()) {
      if (entry.kind === "network" && networks.size < PLACES_MAX) networks.set(networkOf(entry.network)!, entry.place);
      if (entry.kind === "port" && ports.size < PLACES_MAX) ports.set(entry.port, entry.place);
    }
    const found = this.#known.all.flatMap((machine) => placeOf(machine, ports, networks, this.#file.about.at));
    const said = createHash("sha256").update(JSON.stringify(found)).digest("hex").slice(0, HASH_DIGITS);
    return this.#send(`${this.#file.run}-${said}`, () => found);
  }

  async #send(run: string, said: () => Iterable<Said | AlertEntry>): Promise<EvidenceRead> {
    const { writer, site } = this.#options;
    const { name, form } = this.#file;
    const stored = await writer.stored(run);
    const source = writer.source(() => undefined);
    const batches = new EvidenceBatches({ site, run, input: name, protocol: writtenIn(form.source, name) }, (batch) =>
      source.accept(new Uint8Array(Buffer.from(`${JSON.stringify(batch)}\n`))),
    );
    for (const it of said()) {
      if ("alert" in it) batches.alert(it.from, it.to, it.at, it.alert);
      else batches.add(it.subject, it.at, it.says);
      while (writer.behind() > BEHIND_BYTES_MAX) await new Promise((resolve) => setTimeout(resolve, BEHIND_CHECK_MS));
    }
    batches.end();
    await source.taken();
    writer.ended(run, "");
    const read = {
      file: this.#file,
      entries: this.#entries,
      unread: this.#unread,
      firstUnread: this.#firstUnread,
      withheld: this.#withheld,
      leftOut: this.#left,
      uplinks: this.#uplinks,
      alerts: this.#alerts,
      flows: this.#flows.all,
      flowsOfFindings: this.#flows.ofFindings,
      flowsUnheard: this.#flows.unheard,
      readBefore: stored === batches.sequence,
    };
    writer.note(name, noteOf(read));
    return read;
  }

  *#said(uplinks: ReadonlySet<string>): Iterable<Said | AlertEntry> {
    for (const entry of this.#read()) {
      if (entry.kind === "machine" && !this.#isLeftOut(entry.ip)) yield this.#machine(entry, uplinks);
      if (entry.kind === "alert") yield* this.#alert(entry);
      if (entry.kind === "flow") this.#countFlow(entry);
    }
  }

  /** One that names its flow alone is of whom the frames of that flow are. */
  *#alert(entry: AlertEntry): Iterable<AlertEntry> {
    const known = entry.from === null && entry.alert.flow !== null ? this.#known.flows.get(entry.alert.flow) : undefined;
    const { from, to } = known ?? entry;
    if (from === null || this.#isLeftOut(from) || this.#isLeftOut(to)) return;
    this.#alerts++;
    yield { ...entry, from, to };
  }

  #countFlow({ from, to, flow }: FlowEntry): void {
    this.#flows.all++;
    if (flow !== null && this.#known.flows.has(flow)) this.#flows.ofFindings++;
    if ([from, to].some((it) => isPrivate(it) && !this.#known.hasHeard(it))) this.#flows.unheard++;
  }

  #machine({ mac, ip, at, says, port }: MachineEntry, uplinks: ReadonlySet<string>): Said {
    const subject = mac === null ? { ip: ip! } : { mac };
    const told = says.flatMap(([attribute, value]) => this.#asItMayBeTold(attribute, value, mac, ip, at));
    if (mac !== null && ip !== null) told.push(["toldAddress", ip]);
    if (port !== undefined && !uplinks.has(port)) told.push(["switchPort", port]);
    return { subject, at, says: told };
  }

  #asItMayBeTold(attribute: Attribute, value: string, mac: string | null, ip: string | null, at: number): [Attribute, string][] {
    if (attributes[attribute].name !== true || this.#known.mayTellName(mac, ip, at)) return [[attribute, value]];
    this.#withheld++;
    return [
      ["namePattern", this.#names.pattern(value)],
      ["nameHash", this.#names.hash(value)],
    ];
  }

  #isLeftOut(ip: string | null): boolean {
    const words = ip === null ? null : ipWords(ip);
    const is = words !== null && this.#leftOut.has(words.family, ...words.words);
    if (is) this.#left++;
    return is;
  }

  /** Entries in their order; what should have been one is counted, and the first are named. */
  *#read(): Generator<Entry> {
    const read = this.#file.form.reader(this.#file.about);
    let last = 0;
    const latest = this.#file.about.at + CLOCK_US_MAX;
    for (const { line, text } of this.#pieces()) {
      last = line;
      const entry = text === null ? { expected: `at most ${PIECE_BYTES_MAX / 1_024} KB` } : read(text);
      if (entry !== null && "expected" in entry) this.#notUnderstood(line, entry.expected);
      else if (entry !== null && isLogged(entry) && entry.at > latest) this.#notUnderstood(line, "a time before the file was written");
      else if (entry !== null) yield this.#counted(entry);
    }
    const entry = read("");
    if (entry !== null && "expected" in entry) this.#notUnderstood(last, entry.expected);
    else if (entry !== null) yield this.#counted(entry);
  }

  #counted(entry: Entry): Entry {
    this.#entries++;
    return entry;
  }

  #notUnderstood(line: number, expected: string): void {
    this.#unread++;
    if (this.#firstUnread.length < UNREAD_NAMED_MAX) this.#firstUnread.push(`line ${line}: expected ${expected}`);
  }

  #pieces(): Iterable<Piece> {
    return this.#file.form.json === true ? objectsOf(this.#file.fd) : linesOf(this.#file.fd);
  }

  /** Read for that alone: which ports have more cards than are plugged in at one. */
  #findUplinks(): ReadonlySet<string> {
    const cards = new Map<string, Set<string>>();
    if (this.#file.form.source !== "switch table") return new Set();
    const read = this.#file.form.reader(this.#file.about);
    for (const { text } of this.#pieces()) {
      const entry = text === null ? null : read(text);
      if (entry === null || "expected" in entry || entry.kind !== "machine" || entry.port === undefined || entry.mac === null) continue;
      const at = cards.get(entry.port) ?? new Set();
      if (at.size <= CARDS_AT_PORT_MAX) at.add(entry.mac);
      if (cards.size < PORTS_MAX) cards.set(entry.port, at);
    }
    return new Set([...cards].flatMap(([port, { size }]) => (size > CARDS_AT_PORT_MAX ? [port] : [])));
  }
}

/** Of a moment that the log itself names. */
function isLogged(entry: Entry): entry is AlertEntry | FlowEntry {
  return entry.kind === "alert" || entry.kind === "flow";
}

const privateNetworks = new Networks(PRIVATE_NETWORKS);

function isPrivate(ip: string): boolean {
  const { family, words } = ipWords(ip)!;
  return privateNetworks.has(family, ...words);
}

interface Said {
  readonly subject: Subject;
  readonly at: number;
  readonly says: readonly (readonly [Attribute, string])[];
}

/** Where one is by the port it is at, else by its network. One that was in several networks is in none for certain. */
function placeOf(
  { macs, ips, location }: KnownMachine,
  ports: ReadonlyMap<string, string>,
  networks: ReadonlyMap<string, string>,
  at: number,
): readonly Said[] {
  const [mac] = macs;
  const [ip] = ips;
  // What speaks through another has no address of its own.
  if (mac === undefined && ip === undefined) return [];
  const subject = mac === undefined ? { ip: ip! } : { mac };
  const port = location === null ? undefined : ports.get(location.value);
  if (port !== undefined) return [{ subject, at, says: [["switchPort", `${location!.value}, ${port}`]] }];
  const places = new Set(ips.flatMap((it) => narrowest(networks, it) ?? []));
  return places.size === 1 ? [{ subject, at, says: [["location", [...places][0]!]] }] : [];
}

/** Of the networks that hold it. */
function narrowest(networks: ReadonlyMap<string, string>, ip: string): string | null {
  for (let bits = ip.includes(":") ? 128 : 32; bits > 0 && networks.size > 0; bits--) {
    const place = networks.get(networkOf(`${ip}/${bits}`)!);
    if (place !== undefined) return place;
  }
  return null;
}
