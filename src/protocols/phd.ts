/**
 * Personal health devices over TCP: IEEE 11073-20601, in its medical device encoding rules.
 *
 * Scales, oximeters and glucose meters speak it to a gateway by radio or wire, and gateways carry it on by TCP. An agent asks a manager for
 * an association with its system identifier; asked for its attributes, it gives maker, model, serial number and what kind of device it is.
 * All of that is the agent's, not of the gateway that carries it. Measurements follow, of which nothing is read.
 */
import { deviceCode } from "../knowledge/mdc.ts";
import { Reader } from "../bytes/reader.ts";
import { ascii, hex } from "../bytes/text.ts";
import type { Attribute } from "../model/observation.ts";
import type { Child, Context, Protocol, Report } from "../model/protocol.ts";

export const phd: Protocol<Memory> = {
  name: "phd",
  title: "IEEE 11073-20601",
  over: [{ tcp: [] }],
  setting: "clinical",
  idleMinutes: 120,
  privacy: {
    reads: "Associations, and whether they were accepted; what a manager asks for and changes; the attributes of the device itself.",
    ends: "Measurements, stored ones too, the numbers of persons they belong to, and all other objects.",
    keeps: ["maker", "model", "serial", "software", "hardware", "uuid", "deviceCode"],
  },
  recognize,
  speaker: (message) => (message[0] === 0xe2 ? "client" : message[0] === 0xe3 ? "server" : "unknown"),
  messageLength: (stream) => (stream.length < HEADER_BYTES ? 0 : HEADER_BYTES + new Reader(stream, 2).u16()),
  remember: () => ({ systemId: "" }),
  read,
};

interface Memory {
  /** The agent's, from its request; "" before it, and for a manager's. */
  systemId: string;
}

/** Annex A.8: what it is, and the length of what follows. */
const HEADER_BYTES = 4;
const Apdu = {
  associate: 0xe200,
  associated: 0xe300,
  release: 0xe400,
  released: 0xe500,
  abort: 0xe600,
  present: 0xe700,
} as const;
const VERSION_1 = 0x8000_0000;
const DATA_PROTOCOL = 20_601;
const AGENT = 0x0080_0000;
/** Accepted, and accepted with a configuration the manager does not know yet; of nine results. */
const ACCEPTED = new Set([0, 3]);
const RESULT_MAX = 8;

/** Annex A.10: choices of a presentation's operation; results have the second bit of the first byte. */
const VERBS: ReadonlyMap<number, string> = new Map([
  [0x0100, "EVENT"],
  [0x0101, "EVENT"],
  [0x0103, "GET"],
  [0x0104, "SET"],
  [0x0105, "SET"],
  [0x0106, "ACTION"],
  [0x0107, "ACTION"],
]);
const GOT = 0x0203;
const CHOICES = new Set([...VERBS.keys(), 0x0201, GOT, 0x0205, 0x0207, 0x0300, 0x0400]);
/** Actions that change what a device holds: its clock, its stored measurements. */
const ACTIONS: ReadonlyMap<number, string> = new Map([
  [3084, "SEGMENT_CLEAR"],
  [3095, "SET_TIME"],
]);

/** Annex A.3: of the device itself, which is the object of handle 0. */
const DEVICE_HANDLE = 0;
const Attributes = { model: 0x0928, specification: 0x092d, kinds: 0x0a5a } as const;
const SPECIFICATIONS: Readonly<Record<number, Attribute>> = { 1: "serial", 3: "hardware", 4: "software", 5: "software" };
/** Kinds of devices are codes of the infrastructure's partition. */
const INFRASTRUCTURE = 8 << 16;
const ENTRIES_MAX = 32;

function recognize(message: Uint8Array): boolean {
  if (message[1] !== 0 || message[0]! < 0xe2 || message[0]! > 0xe7) return false;
  const reader = new Reader(message);
  const apdu = reader.u16();
  const length = reader.u16();
  if (reader.remaining < length) return false;
  switch (apdu) {
    case Apdu.associate:
      return reader.u32() === VERSION_1 && reader.u16() >= 1 && reader.u16() === length - 8 && reader.u16() === DATA_PROTOCOL;
    case Apdu.associated:
      return reader.u16() <= RESULT_MAX && reader.u16() === DATA_PROTOCOL && reader.u16() === length - 6;
    case Apdu.present: {
      if (reader.u16() !== length - 2) return false;
      reader.skip(2);
      return CHOICES.has(reader.u16()) && reader.u16() === length - 8;
    }
    default:
      return false;
  }
}

function read(message: Uint8Array, report: Report, context: Context<Memory>): void {
  const reader = new Reader(message);
  const apdu = reader.u16();
  reader.skip(2);
  switch (apdu) {
    case Apdu.associate:
      report.operation("ASSOCIATE");
      readRequest(reader, context.memory);
      break;
    case Apdu.associated:
      report.attempt("association", ACCEPTED.has(reader.u16()) ? "accepted" : "refused");
      break;
    case Apdu.release:
      return report.operation("RELEASE");
    case Apdu.abort:
      return report.operation("ABORT");
    case Apdu.released:
      return;
    case Apdu.present:
      readPresentation(reader, report, context);
      break;
    default:
      return report.malformed("not one of the six kinds of messages");
  }
  if (reader.overrun) report.malformed("it ends inside what it tells");
}

/** The version, how many protocols, and of the first: versions, encoding, nomenclature, functional units, kind of system, its identifier. */
function readRequest(reader: Reader, memory: Memory): void {
  reader.skip(4 + 4);
  if (reader.u16() !== DATA_PROTOCOL) return;
  reader.skip(2 + 4 + 2 + 4 + 4);
  const system = reader.u32();
  const id = reader.take(reader.u16());
  memory.systemId = system === AGENT && !reader.overrun && id.some((byte) => byte !== 0) ? hex(id.subarray(0, ID_BYTES_MAX)) : "";
}
/** An EUI-64. */
const ID_BYTES_MAX = 8;

function readPresentation(reader: Reader, report: Report, { sender, memory }: Context<Memory>): void {
  reader.skip(2 + 2);
  const choice = reader.u16();
  reader.skip(2);
  const handle = reader.u16();
  const verb = VERBS.get(choice);
  if (verb === "ACTION") report.operation(ACTIONS.get(reader.u16()) ?? verb);
  else if (verb !== undefined) report.operation(verb);
  else if (choice === GOT && handle === DEVICE_HANDLE) {
    const told = readAttributes(reader);
    // Its serial number goes before its identifier, and may be in the part that is missing.
    const serial = told.find(([attribute]) => attribute === "serial")?.[1] || (reader.overrun ? "" : memory.systemId);
    if (serial === "") return;
    const device: Child = { gateway: sender, serial };
    report.observe(device, "uuid", memory.systemId);
    for (const [attribute, value] of told) report.observe(device, attribute, value);
  }
}

/** Count, length of them all, then each with its number and length. */
function readAttributes(reader: Reader): [Attribute, string][] {
  const told: [Attribute, string][] = [];
  const count = reader.u16();
  const list = reader.inner(reader.u16());
  for (let i = 0; i < Math.min(count, ENTRIES_MAX) && !list.overrun; i++) {
    const attribute = list.u16();
    const value = new Reader(list.take(list.u16()));
    if (list.overrun) break;
    if (attribute === Attributes.model) {
      told.push(["maker", ascii(value.take(value.u16()))]);
      told.push(["model", ascii(value.take(value.u16()))]);
    } else if (attribute === Attributes.specification) {
      for (const entry of entries(value)) {
        const what = SPECIFICATIONS[entry.u16()];
        // Which of its components is the device's own choice to say.
        const component = entry.u16();
        const text = ascii(entry.take(entry.u16()));
        if (what !== undefined && (what !== "serial" || component === 0)) told.push([what, text]);
      }
    } else if (attribute === Attributes.kinds) {
      for (const entry of entries(value)) {
        told.push(["deviceCode", deviceCode(INFRASTRUCTURE + entry.u16())]);
        entry.skip(2);
      }
    }
  }
  if (list.overrun) reader.overrun = true;
  return told;
}

/** The same reader once for each entry there is: whoever takes one reads all of it. */
function* entries(value: Reader): Generator<Reader> {
  const count = value.u16();
  value.skip(2);
  for (let i = 0; i < Math.min(count, ENTRIES_MAX) && value.remaining > 0; i++) yield value;
}
