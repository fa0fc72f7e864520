/** A day in the hospital: who is in which place, and the means by which tasks say what they say. Times are microseconds since 1970. */
import type { Machine, Task } from "./hospital.ts";
import type { Random } from "./random.ts";
import { stacks } from "./stacks.ts";
import { lookUp } from "./talk/dns.ts";
import { secured } from "./talk/tls.ts";
import type { Service } from "./truth.ts";
import type { Line, Station, Wire } from "./wire.ts";

/** A machine in its place. */
export interface Placed extends Omit<Machine, "serial">, Station {
  /** Counted from 1 in the order of being switched on. */
  readonly number: number;
  readonly serial?: string;
  readonly uuid: string;
  /** When it is switched on. */
  readonly on: number;
  /** What it was heard to answer on, by transport and port. */
  readonly services: Map<string, Service>;
}

export interface Day {
  readonly wire: Wire;
  readonly random: Random;
  readonly until: number;
  /** Counted from 0, which is a Monday. */
  readonly number: number;
  /** All that do this, in the order of being switched on; there is at least one. */
  all(task: Task): readonly Placed[];
  /** The one in this place of all that ever do this, if it is there today. */
  the(task: Task, place: number): Placed | undefined;
}

export type Work = (day: Day, it: Placed) => void;

export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const DOMAIN = "clinic.example";
export const WORKGROUP = "CLINIC";
export const FACILITY = "CLINIC";
export const NETWORK = "10.20";
export const MASK = "255.255.0.0";
export const BROADCAST = "10.20.255.255";
/** Of a machine that was just switched on, before it takes part. */
const STARTING_US = 4 * SECOND;

export function one(day: Day, task: Task): Placed {
  return day.all(task)[0]!;
}

/** One of those that do this; who asks with the same number on the same day is given the same. */
export function some(day: Day, task: Task, number: number): Placed {
  const all = day.all(task);
  return all[(number + day.number * DAILY_STEP) % all.length]!;
}
/** Whoever does something at this hour is another one tomorrow. */
const DAILY_STEP = 5;

/** From a while after it is switched on, again and again with a little unrest, until the day is over. */
export function every(day: Day, it: Placed, after: number, gap: number, work: (at: number, round: number) => void): void {
  let round = 0;
  for (let at = it.on + after; at < day.until; at += gap + day.random.below(gap / 10)) work(at, round++);
}

/** A connection, when both are there to have it. */
export function talk(day: Day, at: number, client: Placed, server: Placed, port: number, protocol: string, lines: readonly Line[]): void {
  if (!areOn(at, client, server)) return;
  serves(server, "tcp", port, protocol);
  day.wire.dialogue(at, client, server, port, lines);
}

export function areOn(at: number, ...machines: readonly Placed[]): boolean {
  return machines.every(({ on }) => at >= on + STARTING_US);
}

export function serves(server: Placed, transport: Service["transport"], port: number, protocol: string): void {
  server.services.set(`${transport} ${port}`, { transport, port, protocol });
}

/** A name is looked up before it is gone to. */
export function resolve(day: Day, at: number, client: Placed, name: string, ip: string): void {
  const resolver = one(day, "directory");
  if (!areOn(at, client, resolver)) return;
  serves(resolver, "udp", 53, "dns");
  lookUp(day.wire, at, client, resolver, name, ip, day.random.below(0x1_0000));
}

/** A machine of the internet, as it looks from within: the router's card, and some hops spent. */
export function outside(day: Day, ip: string, stack = stacks.distant as Station["stack"]): Station {
  const gateway = one(day, "gateway");
  return { mac: gateway.mac, ip, stack, via: gateway };
}

export function visit(day: Day, at: number, client: Placed, name: string, ip: string): void {
  resolve(day, at, client, name, ip);
  day.wire.dialogue(at + 40_000, client, outside(day, ip), 443, secured(name, noise(day, 64)));
}

export function noise(day: Day, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => day.random.below(256));
}

/** "20260105": as DICOM and HL7 write a day. */
export function dateOf(at: number): string {
  return new Date(Math.floor(at / 1_000)).toISOString().slice(0, 10).replaceAll("-", "");
}
