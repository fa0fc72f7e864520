/** Segments, fields and components: chapter 2, section 2.5. What separates them stands in the header of each message. */
import { ascii } from "../../bytes/text.ts";
import type { Separators } from "./header.ts";

const RETURN = 0x0d;
const LINE_FEED = 0x0a;
const NAME_BYTES = 3;
const FIELDS_MAX = 64;
const SPACE = 0x20;
const QUOTE = 0x22;

export interface Segment {
  readonly name: string;
  /** With its name. */
  readonly bytes: Uint8Array;
}

/** A carriage return ends each; what writes line feeds instead, or as well, is read too. */
export function* segmentsOf(content: Uint8Array): Generator<Segment> {
  const mark = content.includes(RETURN) ? RETURN : LINE_FEED;
  for (let from = 0; from < content.length;) {
    const found = content.indexOf(mark, from);
    const end = found < 0 ? content.length : found;
    if (content[from] === LINE_FEED) from++;
    if (end > from) yield { name: ascii(content.subarray(from, from + NAME_BYTES)), bytes: content.subarray(from, end) };
    from = end + 1;
  }
}

/** The bytes between separators; the first is the segment's name. */
export function fieldsOf(segment: Uint8Array, separator: number): Uint8Array[] {
  const fields: Uint8Array[] = [];
  for (let from = 0; from <= segment.length && fields.length < FIELDS_MAX;) {
    const found = segment.indexOf(separator, from);
    const end = found < 0 ? segment.length : found;
    fields.push(segment.subarray(from, end));
    from = end + 1;
  }
  return fields;
}

/** MSA-1, table 0008: true for AA and CA, false for errors and rejections, null for what is neither. */
export function acknowledged(segment: Uint8Array, separator: number): boolean | null {
  const code = ascii(fieldsOf(segment, separator)[1] ?? segment.subarray(0, 0));
  return /^[AC]A$/.test(code) ? true : /^[AC][ER]$/.test(code) ? false : null;
}

/** Where the person begins, behind set numbers and query names: patient, next of kin, merged patient, guarantor, insurance, queries. */
const PERSON_FROM: ReadonlyMap<string, number> = new Map([
  ["PID", 2],
  ["NK1", 2],
  ["MRG", 1],
  ["GT1", 2],
  ["IN1", 2],
  ["QPD", 3],
  ["QRD", 8],
]);

/** Whether it says anything of a person. A pair of quotes says that there is nothing (section 2.5.3). */
export function namesPatient({ name, bytes }: Segment, separators: Separators): boolean {
  const from = PERSON_FROM.get(name);
  if (from === undefined) return false;
  let field = 0;
  for (const byte of bytes) {
    if (byte === separators.separator) field++;
    else if (field >= from && byte !== SPACE && byte !== QUOTE && !separators.encoding.includes(byte)) return true;
  }
  return false;
}
