/**
 * Philips IntelliVue data export over UDP: Philips' "Data Export Interface Programming Guide", revision G.
 *
 * A patient monitor announces itself until a host connects, then answers its polls. The announcement ties its MAC to its address; what it
 * says when the host has connected names model, serial number, software and bed. Values, waves and the patient are polled from other
 * objects of the same monitor: of those it is only noticed that the patient was asked for, and told.
 *
 * Its central stations speak another protocol, which is not public.
 */
import { deviceCode } from "../knowledge/mdc.ts";
import { Reader } from "../bytes/reader.ts";
import { ascii, hex, ipv4, mac, utf16be } from "../bytes/text.ts";
import type { Attribute } from "../model/observation.ts";
import type { Address, Context, Protocol, Report, Side } from "../model/protocol.ts";

export const intellivue: Protocol = {
  name: "intellivue",
  title: "IntelliVue data export",
  over: [{ udp: [24105, 24005] }],
  setting: "clinical",
  privacy: {
    reads: "Who connects, what is polled and set; the monitor's announcement and its description of itself with its bed's label.",
    ends: "Patients, values, waves, alarms. That a patient was told of is noticed, never which.",
    keeps: ["address", "maker", "model", "serial", "software", "hardware", "location", "uuid", "deviceCode", "patientData"],
  },
  recognize: (message) => formOf(message) !== null,
  speaker,
  read,
};

type Form = "announcement" | "session" | "data";

/** The session's first byte, then its length: one byte, or 255 and two more. */
const Session = { finish: 0x09, disconnect: 0x0a, refuse: 0x0c, connect: 0x0d, accept: 0x0e, abort: 0x19, data: 0xe1 } as const;
/** What a connect and an accept carry behind their length: version, functional units, and the mark of the presentation layer. */
const SESSION_DATA = [0x05, 0x08, 0x13, 0x01, 0x00, 0x16, 0x01, 0x02, 0x80, 0x00, 0x14, 0x02, 0x00, 0x02, 0xc1];
/** Release and abort: the presentation layer begins within these. */
const PRESENTATION_MARKS = new Set([0xc1, 0x11]);
const PRESENTATION_CONTEXT = 2;

/** Kinds of remote operations. */
const Operation = { invoke: 1, result: 2, error: 3, linked: 5 } as const;
const OPERATIONS = new Set<number>(Object.values(Operation));
const Command = { event: 0, confirmedEvent: 1, get: 3, set: 4, confirmedSet: 5, action: 7 } as const;
const Event = { create: 0x0d06, connectIndication: 0x0d17 } as const;
const Action = { poll: 0x0c16, extendedPoll: 0xf13b } as const;
const SystemObject = { system: 0x21, singleBed: 0x23 } as const;
const PATIENT_OBJECT = 0x2a;
/** A client chooses by these which numbers and waves it wants; every other attribute it sets changes the monitor. */
const PRIORITY_LISTS = new Set([0xf239, 0xf23a]);

const Attributes = {
  bedLabel: 0x091e,
  systemModel: 0x0928,
  productSpecification: 0x092d,
  systemId: 0x0984,
  systemType: 0x0986,
  network: 0xf100,
} as const;
const PARTITION_OBJECTS = 1;
/** Kinds of entries of a product specification, and the two components that are the monitor itself. */
const SPECIFICATIONS: Readonly<Record<number, Attribute>> = { 1: "serial", 3: "hardware", 4: "software" };
const Component = { product: 0x0008, application: 0x0058 } as const;
/** A monitor with all its modules has some thirty objects, each with some twenty attributes. */
const ENTRIES_MAX = 256;

function formOf(message: Uint8Array): Form | null {
  switch (message[0]) {
    case 0:
      return isAnnouncement(message) ? "announcement" : null;
    case Session.data:
      return isData(message) ? "data" : null;
    case Session.connect:
    case Session.accept: {
      const at = sessionStart(message);
      return at > 0 && SESSION_DATA.every((byte, i) => message[at + i] === byte) ? "session" : null;
    }
    case Session.refuse:
    case Session.finish:
    case Session.disconnect:
    case Session.abort: {
      const at = sessionStart(message);
      return at > 0 && PRESENTATION_MARKS.has(message[at] ?? 0) && message.length > at + 2 ? "session" : null;
    }
    default:
      return null;
  }
}

/** Where the session's data begins; 0 when its length is not the datagram's. */
function sessionStart(message: Uint8Array): number {
  const reader = new Reader(message, 1);
  let length = reader.u8();
  if (length === 0xff) length = reader.u16();
  return !reader.overrun && length === reader.remaining ? reader.offset : 0;
}

/** Nomenclature, then an event of the type that nothing but an announcement has; three lengths in it agree with the datagram's. */
function isAnnouncement(message: Uint8Array): boolean {
  const reader = new Reader(message);
  if (reader.u16() !== 0) return false;
  reader.skip(2);
  if (reader.u16() !== Operation.invoke || reader.u16() !== message.length - 8) return false;
  reader.skip(2);
  if (reader.u16() !== Command.event || reader.u16() !== message.length - 14) return false;
  reader.skip(10);
  return reader.u16() === Event.connectIndication && reader.u16() === message.length - 28;
}

function isData(message: Uint8Array): boolean {
  const reader = new Reader(message, 1);
  return (
    reader.u8() === 0 &&
    reader.u16() === PRESENTATION_CONTEXT &&
    OPERATIONS.has(reader.u16()) &&
    reader.u16() === message.length - 8 &&
    message.length >= 14
  );
}

/** The monitor serves: it accepts, and it tells of itself. Its announcements are to everybody. */
function speaker(message: Uint8Array): Side {
  switch (formOf(message)) {
    case "session":
      return message[0] === Session.connect || message[0] === Session.finish
        ? "client"
        : message[0] === Session.abort
          ? "unknown"
          : "server";
    case "data": {
      const { kind, command } = headerOf(message);
      const isEvent = command === Command.event || command === Command.confirmedEvent;
      return (kind === Operation.invoke) === isEvent ? "server" : "client";
    }
    default:
      return "unknown";
  }
}

interface Header {
  readonly kind: number;
  readonly command: number;
  /** What the command is about. */
  readonly body: Reader;
}

/** A result in parts has two more bytes: which part it is, and its number. */
function headerOf(message: Uint8Array): Header {
  const reader = new Reader(message, 4);
  const kind = reader.u16();
  reader.skip(2);
  if (kind === Operation.linked) reader.skip(2);
  reader.skip(2);
  const command = reader.u16();
  return { kind, command, body: reader.inner(reader.u16()) };
}

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  switch (formOf(message)) {
    case "announcement": {
      report.operation("CONNECT_INDICATION");
      const attributes = new Reader(message, 28);
      readAttributes(attributes, report, sender);
      if (attributes.overrun) report.malformed("it ends inside an attribute");
      return;
    }
    case "session":
      return readSession(message[0]!, report);
    case "data":
      return readData(headerOf(message), report, sender);
    default:
      return report.malformed("neither an announcement, nor a session, nor data, or its length is not the datagram's");
  }
}

function readSession(kind: number, report: Report): void {
  switch (kind) {
    case Session.connect:
      return report.operation("CONNECT");
    case Session.accept:
      return report.attempt("association", "accepted");
    case Session.refuse:
      return report.attempt("association", "refused");
    case Session.finish:
      return report.operation("FINISH");
    case Session.abort:
      return report.operation("ABORT");
  }
}

function readData({ kind, command, body }: Header, report: Report, sender: Address): void {
  if (body.overrun) return report.malformed("it ends inside its header");
  body.skip(6);
  if (kind === Operation.invoke) readInvoke(command, body, report, sender);
  else if ((kind === Operation.result || kind === Operation.linked) && command === Command.action) readPolled(body, report, sender);
  if (body.overrun) report.malformed("it ends inside what it tells");
}

/** Behind the object, which is passed already. */
function readInvoke(command: number, body: Reader, report: Report, sender: Address): void {
  switch (command) {
    case Command.event:
    case Command.confirmedEvent: {
      body.skip(4);
      const type = body.u16();
      body.skip(2);
      if (type !== Event.create) return;
      report.operation("MDS_CREATE");
      body.skip(6);
      readAttributes(body, report, sender);
      return;
    }
    case Command.get:
      return report.operation("GET");
    case Command.set:
    case Command.confirmedSet:
      // Scope, count, length, how to change it.
      body.skip(10);
      if (PRIORITY_LISTS.has(body.u16())) return report.operation("SET_PRIORITIES");
      report.operation("SET");
      return report.notable("alarmsSet");
    case Command.action: {
      body.skip(4);
      const type = body.u16();
      // Length, number of the poll, partition.
      body.skip(6);
      if (type === Action.poll || type === Action.extendedPoll)
        report.operation(body.u16() === PATIENT_OBJECT ? "POLL_PATIENT" : type === Action.poll ? "POLL" : "EXTENDED_POLL");
    }
  }
}

/** What was polled: number, times, kind of object, group of attributes; then for each context its objects with their attributes. */
function readPolled(body: Reader, report: Report, sender: Address): void {
  const type = body.u16();
  if (type !== Action.poll && type !== Action.extendedPoll) return;
  body.skip(2);
  body.skip(type === Action.poll ? 2 : 4);
  body.skip(4 + 8 + 2);
  const object = body.u16();
  body.skip(2);
  const contexts = body.u16();
  body.skip(2);
  if (body.overrun) return;
  if (object === PATIENT_OBJECT && contexts > 0) report.observe(sender, "patientData", "intellivue");
  if (object !== SystemObject.system && object !== SystemObject.singleBed) return;
  for (let i = 0; i < Math.min(contexts, ENTRIES_MAX); i++) {
    body.skip(2);
    const objects = body.u16();
    body.skip(2);
    for (let j = 0; j < Math.min(objects, ENTRIES_MAX); j++) {
      body.skip(2);
      readAttributes(body, report, sender);
      if (body.overrun) return;
    }
  }
}

/** Count, length of them all, then each with its number and length. */
function readAttributes(reader: Reader, report: Report, sender: Address): void {
  const count = reader.u16();
  const list = reader.inner(reader.u16());
  for (let i = 0; i < Math.min(count, ENTRIES_MAX) && !list.overrun; i++) {
    const attribute = list.u16();
    const value = list.take(list.u16());
    if (!list.overrun) readAttribute(attribute, new Reader(value), report, sender);
  }
  if (list.overrun) reader.overrun = true;
}

function readAttribute(attribute: number, value: Reader, report: Report, sender: Address): void {
  switch (attribute) {
    case Attributes.network: {
      const card = value.take(6);
      const address = value.take(4);
      if (!value.overrun && card.some((byte) => byte !== 0) && address.some((byte) => byte !== 0))
        report.observe({ mac: mac(card), ip: ipv4(address) }, "address", ipv4(address));
      return;
    }
    case Attributes.systemModel:
      report.observe(sender, "maker", ascii(value.take(value.u16())));
      return report.observe(sender, "model", ascii(value.take(value.u16())));
    case Attributes.productSpecification:
      return readSpecification(value, report, sender);
    case Attributes.bedLabel:
      return report.observe(sender, "location", utf16be(value.take(value.u16())));
    case Attributes.systemId: {
      const id = value.take(value.u16());
      if (!value.overrun && id.length >= 6 && id.length <= 8 && id.some((byte) => byte !== 0)) report.observe(sender, "uuid", hex(id));
      return;
    }
    case Attributes.systemType:
      if (value.u16() === PARTITION_OBJECTS) report.observe(sender, "deviceCode", deviceCode((PARTITION_OBJECTS << 16) + value.u16()));
  }
}

/** Boards and modules have serial numbers of their own; the product's is the monitor's. */
function readSpecification(value: Reader, report: Report, sender: Address): void {
  const count = value.u16();
  value.skip(2);
  for (let i = 0; i < Math.min(count, ENTRIES_MAX) && value.remaining > 0; i++) {
    const attribute = SPECIFICATIONS[value.u16()];
    const component = value.u16();
    const text = value.take(value.u16());
    if (value.overrun || attribute === undefined) continue;
    if (component === Component.product || (component === Component.application && attribute === "software"))
      report.observe(sender, attribute, ascii(text));
  }
}
