/**
 * BACnet over IP: ASHRAE 135, network layer in clause 6, application in 20 and 21, IP in annex J.
 *
 * Controllers of air, doors and light, isolation rooms among them. They answer with their maker, model, place and serial number when
 * asked; who writes and who restarts them is the conversation's story.
 */
import { Reader } from "../bytes/reader.ts";
import { ascii, ipv4, utf16be, utf8 } from "../bytes/text.ts";
import type { Attribute } from "../model/observation.ts";
import type { Address, Context, Protocol, Report } from "../model/protocol.ts";

export const bacnet: Protocol = {
  name: "bacnet",
  title: "BACnet",
  over: [{ udp: [47808, 47809, 47810, 47811, 47812, 47813, 47814, 47815, 47816, 47817, 47818, 47819, 47820, 47821, 47822, 47823] }],
  setting: "building",
  privacy: {
    reads: "Services asked for; what the device object says of itself.",
    ends: "All other objects, values and schedules.",
    keeps: ["hostname", "maker", "model", "serial", "software", "description", "location"],
  },
  recognize: (message) => {
    const reader = new Reader(message);
    return reader.u8() === VIRTUAL_LINK && reader.u8() <= FUNCTION_MAX && reader.u16() === message.length && message.length >= 4;
  },
  read,
};

/** Annex J.2: type, function, length of it all. */
const VIRTUAL_LINK = 0x81;
const FUNCTION_MAX = 0x0c;
const Link = { forwarded: 0x04, distribute: 0x09, broadcast: 0x0b } as const;
const LINK_OPERATIONS: Readonly<Record<number, string>> = { 1: "WRITE_BROADCAST_TABLE", 5: "REGISTER_FOREIGN_DEVICE" };

/** Clause 6.2.2: what the control byte says is there. */
const Control = { networkMessage: 0x80, destination: 0x20, source: 0x08 } as const;

/** Clause 20.1: the high half of the first byte. */
const Kind = { confirmed: 0, unconfirmed: 1, complexAnswer: 3 } as const;
const SEGMENTED = 0x08;
const READ = 12;
const READ_MULTIPLE = 14;
const CONFIRMED: Readonly<Record<number, string>> = {
  5: "SUBSCRIBE_COV",
  6: "READ_FILE",
  7: "WRITE_FILE",
  12: "READ_PROPERTY",
  14: "READ_PROPERTY_MULTIPLE",
  15: "WRITE_PROPERTY",
  16: "WRITE_PROPERTY_MULTIPLE",
  17: "DEVICE_COMMUNICATION_CONTROL",
  20: "REINITIALIZE_DEVICE",
  26: "READ_RANGE",
};
const UNCONFIRMED: Readonly<Record<number, string>> = {
  0: "I_AM",
  1: "I_HAVE",
  2: "COV",
  6: "TIME_SYNCHRONIZATION",
  7: "WHO_HAS",
  8: "WHO_IS",
};

/** Clause 21: properties of the device object that identify it. */
const PROPERTIES: Readonly<Record<number, Attribute>> = {
  28: "description",
  44: "software",
  58: "location",
  70: "model",
  77: "hostname",
  121: "maker",
  372: "serial",
};
const DEVICE_OBJECT = 8;
/** As many as fit a datagram. */
const TAGS_MAX = 400;
const CHARACTER_STRING = 7;

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  const reader = new Reader(message, 1);
  const link = reader.u8();
  if (reader.u16() !== message.length) return report.malformed("the length is not the datagram's");
  const linked = LINK_OPERATIONS[link];
  if (linked !== undefined) return report.operation(linked);
  let about: Address | null = sender;
  if (link === Link.forwarded) about = { ip: ipv4(reader.take(6)) };
  else if (link < Link.distribute || link > Link.broadcast) return;

  reader.skip(1);
  const control = reader.u8();
  if ((control & Control.destination) !== 0) {
    reader.skip(2);
    reader.skip(reader.u8());
  }
  if ((control & Control.source) !== 0) {
    reader.skip(2);
    reader.skip(reader.u8());
    // A router speaks for a device on another network, and must not inherit what that is.
    about = null;
  }
  if ((control & Control.destination) !== 0) reader.skip(1);
  if ((control & Control.networkMessage) !== 0) return;
  readApplication(reader, report, about);
  if (reader.overrun) report.malformed("it ends inside a header or a value");
}

function readApplication(reader: Reader, report: Report, about: Address | null): void {
  const front = reader.u8();
  switch (front >> 4) {
    case Kind.unconfirmed:
      operation(UNCONFIRMED[reader.u8()], report);
      break;
    case Kind.confirmed:
      reader.skip((front & SEGMENTED) !== 0 ? 4 : 2);
      readRequest(reader.u8(), report);
      break;
    case Kind.complexAnswer: {
      reader.skip(1);
      if ((front & SEGMENTED) !== 0) return;
      const service = reader.u8();
      if (about !== null && (service === READ || service === READ_MULTIPLE))
        readProperties(reader, service === READ ? 1 : 2, report, about);
    }
  }
}

function readRequest(service: number, report: Report): void {
  operation(CONFIRMED[service], report);
  if (WRITES.has(service)) report.notable("bacnetWrite");
  else if (STOPS.has(service)) report.notable("controllerStopped");
}
const WRITES = new Set([7, 15, 16]);
const STOPS = new Set([17, 20]);

function operation(name: string | undefined, report: Report): void {
  if (name !== undefined) report.operation(name);
}

/** Clause 20.2.1: each tag has a number, a class and a length. Context 0 is the object, `propertyTag` the property; what follows is its value. */
function readProperties(reader: Reader, propertyTag: number, report: Report, about: Address): void {
  let ofDevice = false;
  let attribute: Attribute | undefined;
  for (let i = 0; i < TAGS_MAX && reader.remaining > 0; i++) {
    const front = reader.u8();
    const number = front >> 4;
    const context = (front & 8) !== 0;
    let length = front & 7;
    // Opening and closing tags hold nothing themselves.
    if (context && length >= 6) continue;
    if (length === 5) length = reader.u8();
    const value = reader.take(length);
    if (reader.overrun) return;
    if (context && number === 0) ofDevice = new Reader(value).u16() >> 6 === DEVICE_OBJECT;
    else if (context && number === propertyTag) attribute = PROPERTIES[value.reduce((sum, byte) => sum * 256 + byte, 0)];
    else if (!context && number === CHARACTER_STRING && ofDevice && attribute !== undefined)
      report.observe(about, attribute, textOf(value));
  }
}

/** Clause 20.2.9: the first byte says how characters are written; 0 UTF-8, 4 two bytes each, 5 Latin. */
function textOf(value: Uint8Array): string {
  const characters = value.subarray(1);
  return value[0] === 0 ? utf8(characters) : value[0] === 4 ? utf16be(characters) : ascii(characters);
}
