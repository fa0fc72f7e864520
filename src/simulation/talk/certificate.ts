/** A certificate as X.509 has it (RFC 5280 section 4.1): whose, by whom, until when. Its key and signature are drawn, and prove nothing. */
import { bytes, latin } from "../frames.ts";

interface CertificateFields {
  readonly subject: string;
  readonly issuer: string;
  /** YYMMDD of a year from 2000 to 2049. */
  readonly until: string;
  /** At least 32 bytes. */
  readonly random: Uint8Array;
}

const Tag = { integer: 2, bits: 3, nothing: 5, objectId: 6, utf8: 12, time: 23, sequence: 0x30, set: 0x31, version: 0xa0 } as const;
const SHA256_WITH_RSA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
const RSA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const COMMON_NAME = [0x55, 0x04, 0x03];

export function certificate({ subject, issuer, until, random }: CertificateFields): Uint8Array {
  const algorithm = (id: readonly number[]) => element(Tag.sequence, element(Tag.objectId, id), element(Tag.nothing));
  const signed = element(
    Tag.sequence,
    element(Tag.version, element(Tag.integer, [2])),
    element(Tag.integer, [5]),
    algorithm(SHA256_WITH_RSA),
    named(issuer),
    element(Tag.sequence, time("150101"), time(until)),
    named(subject),
    element(Tag.sequence, algorithm(RSA), element(Tag.bits, [0], random)),
  );
  return element(Tag.sequence, signed, algorithm(SHA256_WITH_RSA), element(Tag.bits, [0], random.toReversed()));
}

function named(name: string): Uint8Array {
  return element(Tag.sequence, element(Tag.set, element(Tag.sequence, element(Tag.objectId, COMMON_NAME), element(Tag.utf8, latin(name)))));
}

function time(day: string): Uint8Array {
  return element(Tag.time, latin(`${day}000000Z`));
}

function element(tag: number, ...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const content = bytes(...parts);
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 255];
  return bytes([tag], length, content);
}
