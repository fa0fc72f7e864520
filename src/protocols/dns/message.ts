/**
 * The message that DNS, mDNS and LLMNR share: RFC 1035 section 4. Header, questions, then records in three sections.
 *
 * Small devices have broken on counts that promise more than the bytes hold and on names that fold without end, so both are looked
 * at here once: what is read is bounded, and the first broken place ends the reading.
 */
import { domainName } from "../../bytes/domain-name.ts";
import { Reader } from "../../bytes/reader.ts";
import { ip } from "../../bytes/text.ts";

export interface DnsMessage {
  readonly id: number;
  readonly flags: number;
  readonly questions: readonly Question[];
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
  readonly additional: readonly DnsRecord[];
  /** What is wrong, "" when the message was read to its end. */
  readonly trouble: string;
  /** Bytes that were read; what follows belongs to no section. */
  readonly length: number;
}

/** Names are in lower case: RFC 1035 section 2.3.3 compares them so, and some clients draw the case by lot. */
interface Question {
  readonly name: string;
  readonly type: number;
  readonly class: number;
}

export interface DnsRecord extends Question {
  /** The name as it was written. */
  readonly written: string;
  readonly data: Uint8Array;
  /** Where `data` starts in `message`: names inside it may point back. */
  readonly offset: number;
  readonly message: Uint8Array;
}

export const Type = { a: 1, ns: 2, cname: 5, soa: 6, ptr: 12, hinfo: 13, mx: 15, txt: 16, aaaa: 28, srv: 33, opt: 41, any: 255 } as const;
export const Class = { internet: 1, chaos: 3, none: 254, any: 255 } as const;
export const Flag = {
  response: 0x8000, opcode: 0x7800, authoritative: 0x0400, cut: 0x0200, recursionDesired: 0x0100, recursionAvailable: 0x0080, reserved: 0x0040,
} as const; // prettier-ignore

export const HEADER_BYTES = 12;

/** A full answer of 64 KB would hold thousands; a device is known by its first few. The rest is not read. */
const RECORDS_MAX = 128;
const QUESTIONS_MAX = 32;
// RFC 1035 sections 4.1.2 and 4.1.3: a root name takes one byte.
const QUESTION_BYTES_MIN = 5;
const RECORD_BYTES_MIN = 11;

/** `null` when there is not even a header, or the counts promise more than the bytes can hold. */
export function dnsMessage(message: Uint8Array): DnsMessage | null {
  const reader = new Reader(message);
  const id = reader.u16();
  const flags = reader.u16();
  const counts = [reader.u16(), reader.u16(), reader.u16(), reader.u16()] as const;
  if (reader.overrun || counts[0] * QUESTION_BYTES_MIN + (counts[1] + counts[2] + counts[3]) * RECORD_BYTES_MIN > reader.remaining)
    return null;

  const questions: Question[] = [];
  const sections: [DnsRecord[], DnsRecord[], DnsRecord[]] = [[], [], []];
  const done = (trouble: string): DnsMessage => ({
    id, flags, questions, answers: sections[0], authorities: sections[1], additional: sections[2], trouble, length: reader.offset,
  }); // prettier-ignore

  for (let i = 0; i < counts[0]; i++) {
    const name = domainName(reader);
    const type = reader.u16();
    const which = reader.u16();
    if (name === null || reader.overrun) return done("a question is cut short or its name is broken");
    if (i < QUESTIONS_MAX) questions.push({ name: name.toLowerCase(), type, class: which });
  }

  let records = 0;
  for (const [section, found] of sections.entries()) {
    for (let i = 0; i < counts[section + 1]!; i++) {
      if (records++ === RECORDS_MAX) return done("");
      const name = domainName(reader);
      const type = reader.u16();
      const which = reader.u16();
      reader.skip(4);
      const length = reader.u16();
      const offset = reader.offset;
      const data = reader.take(length);
      if (name === null || reader.overrun) return done("a record is cut short or its name is broken");
      found.push({ name: name.toLowerCase(), written: name, type, class: which, data, offset, message });
    }
  }
  return done("");
}

/** The address of an A or AAAA record, else "". */
export function addressOf(record: DnsRecord): string {
  return (record.type === Type.a && record.data.length === 4) || (record.type === Type.aaaa && record.data.length === 16)
    ? ip(record.data)
    : "";
}

/** The name that a PTR, CNAME, or (after three numbers) SRV record points to, as written; "" when it is broken. */
export function targetOf(record: DnsRecord): string {
  const start = record.offset + (record.type === Type.srv ? 6 : 0);
  return domainName(new Reader(record.message, start, record.offset + record.data.length)) ?? "";
}
