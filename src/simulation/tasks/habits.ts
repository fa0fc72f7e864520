/** What many machines do beside their own task: tell their switch what they are, answer the network's management, keep a log, be Windows. */
import { areOn, BROADCAST, every, MINUTE, noise, one, SECOND, serves, some, talk, WORKGROUP } from "../day.ts";
import type { Day, Placed } from "../day.ts";
import { exchanged } from "../talk/hl7.ts";
import type { Exchange } from "../talk/hl7.ts";
import { Capability, lldp } from "../talk/neighbors.ts";
import { announceHost, register, Role, Suffix } from "../talk/netbios.ts";
import { session } from "../talk/smb.ts";
import type { Party } from "../talk/smb.ts";
import { asksAgent } from "../talk/snmp.ts";
import type { Agent } from "../talk/snmp.ts";
import { tellsLog } from "../talk/syslog.ts";
import { page } from "../talk/web.ts";
import type { Page } from "../talk/web.ts";

/** Where this hospital has its services. MLLP has no port of its own, and everybody another. */
export const Port = { ftp: 21, telnet: 23, web: 80, dicom: 104, ldap: 389, tls: 443, smb: 445, ipp: 631, hl7: 2575, rdp: 3389, pumps: 6661, monitors: 6662 } as const; // prettier-ignore

const WINDOWS_10 = [10, 0, 19045] as const;
export const SERVER_2012 = [6, 3, 9600] as const;
export const SERVER_2019 = [10, 0, 17763] as const;

export function linux(name: string): string {
  return `Linux ${name.toLowerCase()} 5.10.0-28-amd64 #1 SMP Debian 5.10.209-2 x86_64`;
}

/** One message, and that it was taken. */
export function tells(day: Day, from: Placed, to: Placed, port: number, exchange: Exchange): void {
  talk(day, exchange.at, from, to, port, "hl7", exchanged(exchange));
}

export function shows(day: Day, at: number, client: Placed, server: Placed, asked: Page): void {
  talk(day, at, client, server, Port.web, "http", page(asked));
}

/** Plugged in: it tells its switch what it is, and where. */
export function plugged(day: Day, it: Placed, capabilities: number = Capability.station): void {
  const { name, maker, model = "", serial = "", software = "", place } = it;
  const inventory = { maker, model, serial, software };
  const says = { name, port: it.mac, description: `${maker} ${model}`, capabilities, inventory, place };
  every(day, it, 5 * SECOND, 7 * MINUTE, (at) => lldp(day.wire, at, it, says));
}

/** The management server asks it what it is, now and then. */
export function managed(day: Day, it: Placed, says: Omit<Agent, "name" | "location">): void {
  const manager = one(day, "management");
  serves(it, "udp", 161, "snmp");
  every(day, it, 20 * SECOND, 8 * MINUTE, (at, round) => {
    if (areOn(at, manager)) asksAgent(day.wire, at, manager, it, round, { ...says, name: it.name, location: it.place.room });
  });
}

/** It tells the log what it does. */
export function logs(day: Day, it: Placed, program: string, text: string): void {
  const server = one(day, "management");
  every(day, it, 12 * SECOND, 5 * MINUTE, (at) => tellsLog(day.wire, at, it, server, it.name.toLowerCase(), program, text));
}

/** Its name, what it is among its neighbors, and its shares. */
export function windows(day: Day, it: Placed, version: Party["version"], roles: number = Role.server | Role.windows): void {
  const [major, minor] = version;
  const host = { name: it.name, group: WORKGROUP, version: [major, minor] as const, roles, comment: "" };
  called(day, it);
  every(day, it, 10 * SECOND, 12 * MINUTE, (at) => announceHost(day.wire, at, it, host, BROADCAST, day.random.below(0x1_0000)));
  sharesFiles(day, it, version, 4 * MINUTE);
}

export function sharesFiles(day: Day, it: Placed, version: Party["version"], gap: number): void {
  const party = ({ name }: Placed, said: Party["version"]): Party => ({ name, domain: WORKGROUP, version: said });
  every(day, it, 50 * SECOND, gap, (at, round) => {
    const client = some(day, "workstation", it.number + round);
    const lines = session(party(client, WINDOWS_10), party(it, version), noise(day, 16), noise(day, 32));
    talk(day, at, client, it, Port.smb, "smb", lines);
  });
}

/** It says aloud which name is its own. */
export function called(day: Day, it: Placed, suffix: number = Suffix.server, name = it.name): void {
  register(day.wire, it.on + 4 * SECOND, it, name, suffix, BROADCAST, day.random.below(0x1_0000));
}
