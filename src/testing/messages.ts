/** Messages as machines send them: whole, and no more of each protocol than captures for tests need. */
import { bytes, ipBytes, macBytes, u16, u32 } from "./frames.ts";
import type { Machine } from "./lan.ts";

export const latin = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

/** RFC 2131: `operation` 1 asks, 2 answers; `options` as they stand in RFC 2132. */
export function dhcp(operation: 1 | 2, client: string, yours: string, ...options: readonly (readonly [code: number, value: Uint8Array])[]) {
  return bytes(
    [operation, 1, 6, 0],
    u32(0x12345678),
    [0, 0, 0, 0],
    ipBytes("0.0.0.0"),
    ipBytes(yours),
    ipBytes("0.0.0.0"),
    ipBytes("0.0.0.0"),
    macBytes(client),
    new Uint8Array(10 + 64 + 128),
    [0x63, 0x82, 0x53, 0x63],
    ...options.map(([code, value]) => bytes([code, value.length], value)),
    [255],
  );
}

/** A name in labels (RFC 1035 section 3.1). */
export function domainName(name: string): Uint8Array {
  return bytes(...name.split(".").map((label) => bytes([Buffer.byteLength(label)], Buffer.from(label))), [0]);
}

/** `flags` 0 for a question, 0x8180 for an answer, 0x8400 for an announcement. */
export function dns(flags: number, questions: readonly Uint8Array[], answers: readonly Uint8Array[]): Uint8Array {
  return bytes(u16(0x4711), u16(flags), u16(questions.length), u16(answers.length), u16(0), u16(0), ...questions, ...answers);
}

export const DnsType = { a: 1, ptr: 12, txt: 16, srv: 33 } as const;

export function dnsQuestion(name: string, type: number = DnsType.a): Uint8Array {
  return bytes(domainName(name), u16(type), u16(1));
}

export function dnsRecord(name: string, type: number, data: Uint8Array): Uint8Array {
  return bytes(domainName(name), u16(type), u16(1), u32(120), u16(data.length), data);
}

/** A NetBIOS name: each half byte a letter (RFC 1001 section 14.1). */
export function netbiosName(name: string, suffix: number): Uint8Array {
  return bytes([32], ...[...Buffer.from(name.padEnd(15)), suffix].map((byte) => [0x41 + (byte >> 4), 0x41 + (byte & 15)]), [0]);
}

/** Registers a name of 15 letters or less with everyone (RFC 1002 section 4.2.2). */
export function netbiosRegistration(name: string, suffix: number, { ip }: Machine): Uint8Array {
  return bytes(
    u16(0x1234), u16(0x2910), u16(1), u16(0), u16(0), u16(1),
    netbiosName(name, suffix), u16(0x20), u16(1),
    u16(0xc00c), u16(0x20), u16(1), u32(300_000), u16(6), u16(0), ipBytes(ip),
  ); // prettier-ignore
}

/** Segments in an MLLP frame. */
export function mllp(...segments: readonly string[]): Uint8Array {
  return Buffer.from(`\x0b${segments.join("\r")}\r\x1c\r`);
}

export function hl7Header(from: string, to: string, type: string, version = "2.5.1"): string {
  return `MSH|^~\\&|${from}|${to}|20240101120000||${type}|4711|P|${version}`;
}

/** DICOM PS3.8 section 9.3: a protocol data unit, and an item in it. */
export const dicomUnit = (type: number, body: Uint8Array) => bytes([type, 0], u32(body.length), body);
export const dicomItem = (type: number, body: Uint8Array) => bytes([type, 0], u16(body.length), body);

export const TransferSyntax = { implicit: "1.2.840.10008.1.2", explicit: "1.2.840.10008.1.2.1", big: "1.2.840.10008.1.2.2" } as const;

/** Asks for (type 1) or grants (type 2) one presentation context, number 1. `items` go into the user information. */
export function dicomAssociation(
  type: 1 | 2,
  called: string,
  calling: string,
  sopClass: string,
  syntax: string,
  ...items: readonly Uint8Array[]
): Uint8Array {
  const context =
    type === 1
      ? dicomItem(0x20, bytes([1, 0, 0, 0], dicomItem(0x30, latin(sopClass)), dicomItem(0x40, latin(syntax))))
      : dicomItem(0x21, bytes([1, 0, 0, 0], dicomItem(0x40, latin(syntax))));
  const user = dicomItem(
    0x50,
    bytes(dicomItem(0x51, u32(16_384)), dicomItem(0x52, latin("1.2.3.4")), dicomItem(0x55, latin("SCAN_1")), ...items),
  );
  return dicomUnit(
    type,
    bytes(
      u16(1),
      u16(0),
      latin(called.padEnd(16)),
      latin(calling.padEnd(16)),
      new Uint8Array(32),
      dicomItem(0x10, latin("1.2.840.10008.3.1.1.1")),
      context,
      user,
    ),
  );
}

/** A command (PS3.7 annex E) and its data set in one unit, context 1. `field` is the verb, 1 for C-STORE. */
export function dicomMessage(field: number, sopClass: string, dataSet?: Uint8Array): Uint8Array {
  const element = (tag: number, content: Uint8Array) => bytes(u16(0, true), u16(tag, true), u32(content.length, true), content);
  const command = bytes(
    element(0x0002, even(latin(sopClass), 0)),
    element(0x0100, u16(field, true)),
    element(0x0110, u16(1, true)),
    element(0x0800, u16(dataSet === undefined ? 0x0101 : 1, true)),
  );
  const value = (control: number, fragment: Uint8Array) => bytes(u32(fragment.length + 2), [1, control], fragment);
  return dicomUnit(4, bytes(value(3, command), dataSet === undefined ? [] : value(2, dataSet)));
}

/** An element of a data set (PS3.5 section 7.1), in the given transfer syntax. */
export function dicomElement(syntax: string, group: number, tag: number, representation: string, content: Uint8Array): Uint8Array {
  const little = syntax !== TransferSyntax.big;
  const value = even(content, 0x20);
  const head = bytes(u16(group, little), u16(tag, little));
  return syntax === TransferSyntax.implicit
    ? bytes(head, u32(value.length, true), value)
    : bytes(head, latin(representation), u16(value.length, little), value);
}

function even(content: Uint8Array, padding: number): Uint8Array {
  return content.length % 2 === 0 ? content : bytes(content, [padding]);
}
