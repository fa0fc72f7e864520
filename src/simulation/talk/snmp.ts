/**
 * A manager asks an agent what it is: SNMP version 2c (RFC 1901, RFC 3416), the system group (RFC 3418), the chassis
 * (RFC 6933), and of printers what they are (RFC 2790, RFC 3805). Or version 3, hidden (RFC 3412, RFC 3414).
 */
import { bytes, latin } from "../frames.ts";
import type { Station, Wire } from "../wire.ts";

export interface Agent {
  readonly description: string;
  readonly name: string;
  readonly location: string;
  readonly chassis?: { readonly maker: string; readonly model: string; readonly serial?: string; readonly software?: string };
  readonly printer?: { readonly model: string; readonly serial: string };
}

const Tag = { integer: 2, octets: 4, nothing: 5, objectId: 6, sequence: 0x30, get: 0xa0, response: 0xa2 } as const;
const VERSION_2C = 1;
const PORT = 161;
/** What hospitals leave it at. */
const COMMUNITY = "public";
const SYSTEM = [1, 3, 6, 1, 2, 1, 1];
const CHASSIS = [1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1];
const PRINTER_MODEL = [1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 3, 1];
const PRINTER_SERIAL = [1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1];
const Column = { software: 10, serial: 11, maker: 12, model: 13 } as const;

export function asksAgent(wire: Wire, at: number, manager: Station, agent: Station, number: number, says: Agent): void {
  const { chassis, printer } = says;
  const values: readonly (readonly [id: readonly number[], text: string | undefined])[] = [
    [[...SYSTEM, 1, 0], says.description],
    [[...SYSTEM, 5, 0], says.name],
    [[...SYSTEM, 6, 0], says.location],
    [[...CHASSIS, Column.software, 1], chassis?.software],
    [[...CHASSIS, Column.serial, 1], chassis?.serial],
    [[...CHASSIS, Column.maker, 1], chassis?.maker],
    [[...CHASSIS, Column.model, 1], chassis?.model],
    [PRINTER_MODEL, printer?.model],
    [PRINTER_SERIAL, printer?.serial],
  ];
  const known = values.flatMap(([id, text]) => (text === undefined ? [] : [[id, text] as const]));
  const port = wire.freePort(manager);
  const asked = known.map(([id]) => binding(id, element(Tag.nothing)));
  const answered = known.map(([id, text]) => binding(id, element(Tag.octets, latin(text))));
  wire.datagram(at, manager, agent, port, PORT, message(Tag.get, number, asked));
  wire.datagram(at + 1_200, agent, manager, PORT, port, message(Tag.response, number, answered));
}

export function asksAgentSecretly(wire: Wire, at: number, manager: Station, agent: Station, number: number, random: Uint8Array): void {
  const port = wire.freePort(manager);
  wire.datagram(at, manager, agent, port, PORT, hidden(number, random));
  wire.datagram(at + 1_200, agent, manager, PORT, port, hidden(number, random.toReversed()));
}

/** Signed and encrypted: flags 3, the user-based model. */
function hidden(number: number, random: Uint8Array): Uint8Array {
  const header = element(Tag.sequence, integer(number), element(Tag.integer, Uint8Array.of(5, 220)), element(Tag.octets, Uint8Array.of(3)), integer(3)); // prettier-ignore
  const engine = element(Tag.octets, Uint8Array.of(0x80, 0, 0x1f, 0x88, 4), random.subarray(0, 8));
  const user = element(Tag.sequence, engine, integer(1), integer(1), element(Tag.octets, latin("zztest")), element(Tag.octets, random.subarray(0, 12)), element(Tag.octets, random.subarray(12, 20))); // prettier-ignore
  return element(Tag.sequence, integer(3), header, element(Tag.octets, user), element(Tag.octets, random));
}

function message(kind: number, number: number, bindings: readonly Uint8Array[]): Uint8Array {
  const list = element(Tag.sequence, ...bindings);
  const body = element(kind, integer(number), integer(0), integer(0), list);
  return element(Tag.sequence, integer(VERSION_2C), element(Tag.octets, latin(COMMUNITY)), body);
}

function binding(id: readonly number[], value: Uint8Array): Uint8Array {
  const [first = 0, second = 0, ...rest] = id;
  return element(Tag.sequence, element(Tag.objectId, Uint8Array.of(40 * first + second, ...rest)), value);
}

/** Of one byte; all numbers here fit. */
function integer(value: number): Uint8Array {
  return element(Tag.integer, Uint8Array.of(value & 0x7f));
}

function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = bytes(...parts);
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 255];
  return bytes([tag], length, content);
}
