/**
 * The sample hospital: real bytes of real protocols, from a seed, and the truth beside them. For demos, training, load and tests; its
 * scores are never quoted as results in a real hospital.
 */
import { MASK, DOMAIN, MINUTE, NETWORK, one, SECOND, serves } from "./day.ts";
import type { Day, Placed } from "./day.ts";
import { bytes, le16, le32 } from "./frames.ts";
import { hospital, SIZE } from "./hospital.ts";
import type { Machine, Net } from "./hospital.ts";
import { Random } from "./random.ts";
import { lease } from "./talk/dhcp.ts";
import { tasks } from "./tasks/index.ts";
import { troubles } from "./troubles/index.ts";
import { truthOf } from "./truth.ts";
import type { Truth } from "./truth.ts";
import { Wire } from "./wire.ts";

interface SimulationOptions {
  readonly seed: number;
  /** Of hospital time. */
  readonly minutes?: number;
  /** About how many machines. */
  readonly size?: number;
}

interface Simulation {
  /** A pcap file in pieces. */
  readonly capture: Iterable<Uint8Array>;
  readonly truth: Truth;
}

/** Monday 5 January 2026, 08:00 UTC. */
const BEGIN_US = Date.UTC(2026, 0, 5, 8) * 1_000;
const MINUTES = 25;
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
  minutes = MINUTES,
  size = SIZE,
}: Omit<SimulationOptions, "seed">): { option: "minutes" | "size"; words: string } | undefined {
  if (size > SIZE_MAX) return { option: "size", words: `expected at most ${SIZE_MAX} devices, got ${size}` };
  // A small one has one of each kind all the same.
  const most = Math.floor(MACHINE_MINUTES_MAX / Math.max(size, SIZE));
  if (minutes > most) return { option: "minutes", words: `expected at most ${most} minutes of ${size} devices, got ${minutes}` };
  return undefined;
}

export function simulate({ seed, minutes = MINUTES, size = SIZE }: SimulationOptions): Simulation {
  const beyond = limitOf({ minutes, size });
  if (beyond !== undefined) throw new Error(beyond.words);
  const random = new Random(seed);
  const wire = new Wire(random);
  const length = minutes * MINUTE;
  const { first, later } = hospital(size);
  const mixed = later
    .map((machine) => ({ machine, place: random.next() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ machine }) => machine);
  const ons = [
    ...first.map((_, index) => Math.floor((index / first.length) * FIRST_US)),
    ...mixed.map((_, index) => FIRST_US + Math.floor((index / mixed.length) * length * MORNING)),
  ];
  const placed = place([...first, ...mixed], ons, random);
  const byTask = Map.groupBy(placed, ({ does }) => does);
  const day: Day = { wire, random, until: BEGIN_US + length, all: (task) => byTask.get(task)! };

  for (const machine of placed) {
    if (machine.dhcp !== undefined) askForAddress(day, machine, machine.dhcp);
    // Whoever has a new address says so: RFC 5227 section 3.
    wire.asksWhoHas(machine.on + ADDRESS_AFTER_US, machine, machine.ip);
    tasks[machine.does](day, machine);
  }
  for (const trouble of troubles) trouble.happen(day);
  return { capture: pcap(wire), truth: truthOf(placed) };
}

const NETS: Readonly<Record<Net, number>> = { servers: 0, clinical: 32, house: 128 };
const FIRST_HOST = 10;

/** Gives each its card, its address, its serial number and its time. */
function place(machines: readonly Machine[], ons: readonly number[], random: Random): Placed[] {
  const next: Record<Net, number> = { servers: FIRST_HOST, clinical: FIRST_HOST, house: FIRST_HOST };
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

function* pcap(wire: Wire): Iterable<Uint8Array> {
  yield bytes(le32(MAGIC_MICROSECONDS), le16(2), le16(4), new Uint8Array(8), le32(SNAP_BYTES), le32(ETHERNET));
  const sent = wire.inOrder();
  for (let from = 0; from < sent.length; from += PIECE_FRAMES)
    yield bytes(...sent.slice(from, from + PIECE_FRAMES).flatMap(({ at, frame }) => [le32(Math.floor(at / 1e6)), le32(at % 1e6), le32(frame.length), le32(frame.length), frame])); // prettier-ignore
}
