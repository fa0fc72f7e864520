/**
 * HSRP, Cisco's redundant routers: version 1 in RFC 2281; version 2 in Cisco's configuration guides and in captures.
 *
 * Each router says which address its group holds. That address, and the card it is answered from, belong to whoever is active.
 */
import { Reader } from "../bytes/reader.ts";
import { ascii, ip, mac } from "../bytes/text.ts";
import type { Address, Context, Protocol, Report } from "../model/protocol.ts";

export const hsrp: Protocol = {
  name: "hsrp",
  title: "HSRP",
  over: [{ udp: [1985, 2029] }],
  setting: "network",
  privacy: {
    reads: "Numbers of groups, their addresses, and whether a password crosses in the clear.",
    ends: "The password.",
    keeps: ["virtualAddress", "carrier", "clearCredentials"],
  },
  recognize,
  read,
};

/** RFC 2281 section 5.1: version 0, operation, state, two times, priority, group, a zero, eight bytes of password, address. */
const BYTES = 20;
const OPERATIONS: Readonly<Record<number, string>> = { 0: "HELLO", 1: "COUP", 2: "RESIGN" };
const STATES = new Set([0, 1, 2, 4, 8, 16]);
const PASSWORD_BYTES = 8;
/** The default; section 5.1. */
const PASSWORD = "cisco";
/** Section 5.2, and for version 2 Cisco, First Hop Redundancy Protocols: the group's number at the end. */
const MAC_1 = "00:00:0c:07:ac:";
const MAC_2 = "00:00:0c:9f:f";
const MAC_6 = "00:05:73:a0:0";

/** Version 2: blocks of a kind and a length; of a group 40 bytes: version 2, operation, state, IP version, group, router, times, address. */
const Block = { group: 1, password: 3, digest: 4 } as const;
const GROUP_BYTES = 40;
const STATES_2_MAX = 6;
const BLOCKS_MAX = 16;

function recognize(message: Uint8Array): boolean {
  return message[0] === 0 ? isOne(message) : isTwo(message);
}

function isOne(message: Uint8Array): boolean {
  const [, operation = -1, state = -1, hello = 0, hold = 0, , , zero] = message;
  // A digest stands behind it.
  const isWhole = message.length === BYTES || (message[BYTES] === Block.digest && message[BYTES + 1] === message.length - BYTES - 2);
  return (
    isWhole &&
    operation in OPERATIONS &&
    STATES.has(state) &&
    hello > 0 &&
    hold > hello &&
    zero === 0 &&
    isPassword(message) &&
    isHost(message, BYTES - 4)
  );
}

function isTwo(message: Uint8Array): boolean {
  const [kind, length, version, operation = -1, state = -1, family] = message;
  const isGroup = kind === Block.group && length === GROUP_BYTES && version === 2;
  if (!isGroup || !(operation in OPERATIONS) || state > STATES_2_MAX || (family !== 4 && family !== 6)) return false;
  const reader = new Reader(message, 2 + GROUP_BYTES);
  while (reader.remaining > 0) {
    reader.skip(1);
    reader.skip(reader.u8());
  }
  return !reader.overrun;
}

/** Text to its end, then zeros. */
function isPassword(message: Uint8Array): boolean {
  const password = message.subarray(BYTES - 4 - PASSWORD_BYTES, BYTES - 4);
  const end = password.indexOf(0);
  return end < 0
    ? password.every(isPrintable)
    : password.subarray(0, end).every(isPrintable) && password.subarray(end).every((byte) => byte === 0);
}

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f;
}

/** 0.0.0.0 while it is learned from the active router. */
function isHost(message: Uint8Array, at: number): boolean {
  return message[at]! < 224 && (message[at] !== 0 || message.subarray(at, at + 4).every((byte) => byte === 0));
}

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  if (message[0] === 0) readOne(message, report, sender);
  else readTwo(message, report, sender);
}

function readOne(message: Uint8Array, report: Report, sender: Address): void {
  const reader = new Reader(message, 1);
  const verb = OPERATIONS[reader.u8()];
  reader.skip(4);
  const group = reader.u8();
  reader.skip(1);
  const password = ascii(reader.take(PASSWORD_BYTES));
  const address = ip(reader.take(4));
  if (reader.overrun || verb === undefined) return report.malformed("shorter than a message, or no operation it has");
  report.operation(verb);
  readPassword(password, report, sender);
  tell(`${MAC_1}${group.toString(16).padStart(2, "0")}`, address, report, sender);
}

function readTwo(message: Uint8Array, report: Report, sender: Address): void {
  const reader = new Reader(message);
  for (let i = 0; i < BLOCKS_MAX && reader.remaining > 0; i++) {
    const kind = reader.u8();
    const block = reader.inner(reader.u8());
    if (reader.overrun) return report.malformed("a block runs past the end");
    if (kind === Block.password) readPassword(ascii(block.take(PASSWORD_BYTES)), report, sender);
    if (kind !== Block.group) continue;
    block.skip(1);
    const verb = OPERATIONS[block.u8()];
    block.skip(1);
    const six = block.u8() === 6;
    const group = block.u16() & 0xfff;
    // The router's own card, which the frame of an active one does not show.
    const router = mac(block.take(6));
    block.skip(4 + 4 + 4);
    const address = ip(block.take(six ? 16 : 4));
    if (block.overrun || verb === undefined) return report.malformed("a group cut short, or no operation it has");
    report.operation(verb);
    report.observe({ mac: router }, "carrier", "HSRP router");
    tell(`${six ? MAC_6 : MAC_2}${digits(group)}`, address, report, sender);
  }
}

/** "7ab" as "7:ab". */
function digits(group: number): string {
  const text = group.toString(16).padStart(3, "0");
  return `${text[0]!}:${text.slice(1)}`;
}

function readPassword(password: string, report: Report, sender: Address): void {
  report.observe(sender, "clearCredentials", password === "" ? "" : password === PASSWORD ? "hsrp, known default" : "hsrp");
}

function tell(card: string, address: string, report: Report, sender: Address): void {
  report.notable("gatewaySpoke");
  // The active router sends from the group's card, which must not be said to be its own.
  const router: Address = sender.mac === card && sender.ip !== undefined ? { ip: sender.ip } : sender;
  report.observe(router, "carrier", "HSRP router");
  if (address === "0.0.0.0" || address === "::") return;
  report.observe({ mac: card }, "carrier", "virtual router address");
  report.observe({ mac: card }, "virtualAddress", address);
}
