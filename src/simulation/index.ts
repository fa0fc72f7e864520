/**
 * The sample hospital: real bytes of real protocols, from a seed, and the truth beside them. For demos, training, load and tests; its
 * scores are never quoted as results in a real hospital.
 */
import { MASK, DOMAIN, MINUTE, NETWORK, one, SECOND, serves } from "./day.ts";
import type { Day, Placed } from "./day.ts";
import { bytes, le16, le32 } from "./frames.ts";
import { hospital, SIZE } from "./hospital.ts";
import type { Machine, Net, Task } from "./hospital.ts";
import { Random } from "./random.ts";
import { happenings, isThere } from "./happenings/index.ts";
import { lease } from "./talk/dhcp.ts";
import { tasks } from "./tasks/index.ts";
import { troubles } from "./troubles/index.ts";
import { truthOf } from "./truth.ts";
import type { Truth, TrueHappening } from "./truth.ts";
import { Wire } from "./wire.ts";
import { drawn, guests, papers, plant, truthOfPlanted, type Beside } from "./weaknesses/index.ts";

interface SimulationOptions {
  readonly seed: number;
  /** Of hospital time; of each day, where there are several. */
  readonly minutes?: number;
  /** More than one: the same hospital each morning, with what comes weekly and monthly, strays, and who means harm. */
  readonly days?: number;
  /** About how many machines. */
  readonly size?: number;
  /** From this day on, counted from 0, a standby does what the only one of its task did, who is gone. */
  readonly failOver?: { readonly task: Task; readonly from: number };
  /** Of several days: nobody means harm. */
  readonly quiet?: boolean;
  /** On the first day each planted weakness stands beside its clean twin, and the truth tells which. */
  readonly weaknesses?: boolean;
}

interface Simulation {
  /** A pcap file in pieces. */
  readonly capture: Iterable<Uint8Array>;
  readonly truth: Truth;
  /** What others tell of planted weaknesses: lists are evidence, written as the first day ends; papers are attached to their models. */
  readonly beside: readonly Beside[];
}

/** Monday 5 January 2026, 08:00 UTC. */
const BEGIN_US = Date.UTC(2026, 0, 5, 8) * 1_000;
const MINUTES = 25;
/** Of each of several days: long enough for all that is done each day to be done once. */
const MINUTES_A_DAY = 10;
const DAY_US = 24 * 60 * MINUTE;
/** As many as a conversation's days are told apart. */
const DAYS_MAX = 64;
/** The addresses of its largest part are for 24,000 machines, and less than half of all lie in it. */
const SIZE_MAX = 50_000;
/** Machines times minutes: all frames are held until they are in order, and these take 3.4 GB. */
const MACHINE_MINUTES_MAX = 1_500_000;
/** What serves the others is switched on within the first seconds; the others one after the other over this share of the time. */
const FIRST_US = 20 * SECOND;
const MORNING = 0.5;
const ADDRESS_AFTER_US = 9_000;

/** Which of them asks for more than can be made, and what can. */
export function limitOf({
  days = 1,
  minutes = days > 1 ? MINUTES_A_DAY : MINUTES,
  size = SIZE,
}: Omit<SimulationOptions, "seed">): { option: "minutes" | "size" | "days"; words: string } | undefined {
  if (!Number.isInteger(days) || days < 1 || days > DAYS_MAX)
    return { option: "days", words: `expected 1 to ${DAYS_MAX} whole days, got ${days}` };
  if (size > SIZE_MAX) return { option: "size", words: `expected at most ${SIZE_MAX} devices, got ${size}` };
  // A small one has one of each kind all the same.
  const most = Math.floor(MACHINE_MINUTES_MAX / days / Math.max(size, SIZE));
  if (minutes > most) return { option: "minutes", words: `expected at most ${most} minutes of ${size} devices, got ${minutes}` };
  return undefined;
}

export function simulate({
  seed,
  days = 1,
  minutes = days > 1 ? MINUTES_A_DAY : MINUTES,
  size = SIZE,
  quiet = false,
  weaknesses = false,
  failOver,
}: SimulationOptions): Simulation {
  const beyond = limitOf({ minutes, size, days });
  if (beyond !== undefined) throw new Error(beyond.words);
  const random = new Random(seed);
  const length = minutes * MINUTE;
  const { first, later } = hospital(size, failOver?.task);
  const mixed = [...later, ...(weaknesses ? guests() : [])]
    .map((machine) => ({ machine, place: random.next() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ machine }) => machine);
  const ons = [
    ...first.map((_, index) => Math.floor((index / first.length) * FIRST_US)),
    ...mixed.map((_, index) => FIRST_US + Math.floor((index / mixed.length) * length * MORNING)),
  ];
  const placed = place([...first, ...mixed], ons, random);
  const seldom = days === 1 ? [] : quiet ? happenings.filter(({ sort }) => sort !== "attack") : happenings;
  const pairs = weaknesses ? drawn(placed, random) : [];
  const wires = Array.from({ length: days }, (_, number) =>
    oneDay(number, inDuty(placed, first.length, number, failOver), length, random, days > 1, seldom, number === 0 ? pairs : []),
  );
  const truth = truthOf(placed, days > 1 ? happened(wires) : undefined);
  return {
    capture: pcap(wires),
    truth: weaknesses ? { ...truth, weaknesses: truthOfPlanted(pairs) } : truth,
    beside: weaknesses ? papers((BEGIN_US + length) / 1_000) : [],
  };
}

/** Everybody, the standby without work until the other is gone. */
function inDuty(placed: readonly Placed[], servers: number, day: number, failOver: SimulationOptions["failOver"]): readonly Placed[] {
  if (failOver === undefined) return placed;
  const standby = placed[servers - 1]!;
  if (day < failOver.from) return placed.map((it) => (it === standby ? { ...it, does: "standby" } : it));
  const gone = placed.find(({ does }) => does === failOver.task)!;
  return placed.filter((it) => it !== gone);
}

/** All machines are switched on anew; of several days not all of them are there on each. */
function oneDay(
  number: number,
  placed: readonly Placed[],
  length: number,
  random: Random,
  isOneOfMany: boolean,
  seldom: typeof happenings,
  pairs: ReturnType<typeof drawn>,
): Wire {
  const wire = new Wire(random);
  const begin = number * DAY_US;
  const there = isOneOfMany ? placed.filter((it) => isThere(it, number, random)).map((it) => ({ ...it, on: it.on + begin })) : placed;
  const byTask = Map.groupBy(there, ({ does }) => does);
  const the = (task: Task, place: number) => {
    const ever = placed.filter(({ does }) => does === task);
    return byTask.get(task)?.find((it) => it.number === ever[place % ever.length]!.number);
  };
  const day: Day = { wire, random, number, until: BEGIN_US + begin + length, all: (task) => byTask.get(task)!, the };

  for (const machine of there) {
    if (machine.dhcp !== undefined) askForAddress(day, machine, machine.dhcp);
    // Whoever has a new address says so: RFC 5227 section 3.
    wire.asksWhoHas(machine.on + ADDRESS_AFTER_US, machine, machine.ip);
    tasks[machine.does](day, machine);
  }
  if (number === 0) for (const trouble of troubles) trouble.happen(day);
  plant(day, pairs, length);
  for (const it of seldom) wire.under(it.name, () => it.happens(day));
  return wire;
}

/** By name, with the days on which each pair talked. */
function happened(wires: readonly Wire[]): TrueHappening[] {
  const talks = wires.flatMap((wire, day) => [...wire.named()].map((talk) => ({ talk, day })));
  return happenings.map(({ name, sort, doc }) => {
    const own = talks.filter(({ talk }) => talk.name === name);
    const pairs = Map.groupBy(own, ({ talk: { client, server, port } }) => `${client} ${server} ${port}`);
    const conversations = [...pairs.values()].map((some) => {
      const { client, server, transport, port } = some[0]!.talk;
      return { client, server, transport, port, days: some.map(({ day }) => day) };
    });
    return { name, sort, doc, conversations };
  });
}

const NETS: Readonly<Record<Net, number>> = { servers: 0, clinical: 32, house: 128, guests: 240 };
const FIRST_HOST = 10;

/** Gives each its card, its address, its serial number and its time. */
function place(machines: readonly Machine[], ons: readonly number[], random: Random): Placed[] {
  const next: Record<Net, number> = { servers: FIRST_HOST, clinical: FIRST_HOST, house: FIRST_HOST, guests: FIRST_HOST };
  const cards = new Set<string>();
  return machines.map(({ serial, ...machine }, index) => {
    const host = next[machine.net]++;
    const mac = cardOf(machine.prefix, cards, random);
    const digits = mac.replaceAll(":", "");
    return {
      ...machine,
      number: index + 1,
      mac,
      ip: `${NETWORK}.${NETS[machine.net] + (host >> 8)}.${host & 255}`,
      uuid: `4d454400-${digits.slice(0, 4)}-4${digits.slice(4, 7)}-8${digits.slice(7, 10)}-${digits}`,
      on: BEGIN_US + ons[index]! + random.below(SECOND),
      services: new Map(),
      ...(serial === undefined ? {} : { serial: `${serial}${String(10_000 + random.below(90_000))}` }),
    };
  });
}

function cardOf(prefix: string, taken: Set<string>, random: Random): string {
  for (;;) {
    const rest = [random.below(256), random.below(256), random.below(256)].map((byte) => byte.toString(16).padStart(2, "0"));
    const mac = `${prefix}:${rest.join(":")}`;
    if (!taken.has(mac)) {
      taken.add(mac);
      return mac;
    }
  }
}

function askForAddress(day: Day, it: Placed, { vendorClass, wishes }: NonNullable<Machine["dhcp"]>): void {
  const server = one(day, "directory");
  serves(server, "udp", 67, "dhcp");
  const offer = { server, router: one(day, "gateway").ip, timeServer: one(day, "timeServer").ip, mask: MASK, domain: DOMAIN };
  const asking = { name: it.name, wishes, ...(vendorClass === undefined ? {} : { vendorClass }) };
  lease(day.wire, it.on, it, offer, asking, day.random.below(0x7fff_ffff));
}

const PIECE_FRAMES = 1_000;
const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const SNAP_BYTES = 262_144;
const ETHERNET = 1;

function* pcap(wires: readonly Wire[]): Iterable<Uint8Array> {
  yield bytes(le32(MAGIC_MICROSECONDS), le16(2), le16(4), new Uint8Array(8), le32(SNAP_BYTES), le32(ETHERNET));
  for (const wire of wires) yield* records(wire);
}

function* records(wire: Wire): Iterable<Uint8Array> {
  const sent = wire.inOrder();
  for (let from = 0; from < sent.length; from += PIECE_FRAMES)
    yield bytes(...sent.slice(from, from + PIECE_FRAMES).flatMap(({ at, frame }) => [le32(Math.floor(at / 1e6)), le32(at % 1e6), le32(frame.length), le32(frame.length), frame])); // prettier-ignore
}
