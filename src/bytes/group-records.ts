/** The records of a report of group memberships, alike in IGMPv3 (RFC 3376 section 4.2) and MLDv2 (RFC 3810 section 5.2) but for the size of addresses. */
import { Reader } from "./reader.ts";

/** RFC 3376 section 4.2.12, RFC 3810 section 5.2.12. Leaving is "include none". */
const Mode = { isInclude: 1, isExclude: 2, toInclude: 3, toExclude: 4, allow: 5 } as const;

interface GroupRecords {
  /** Groups that are listened to. */
  readonly joined: readonly Uint8Array[];
  /** False when a record runs past the end. */
  readonly whole: boolean;
}

/** `countOffset`: where the number of records stands, before the records themselves. Of more than `recordsMax` the first are read. */
export function groupRecords(message: Uint8Array, countOffset: number, addressBytes: 4 | 16, recordsMax: number): GroupRecords {
  const reader = new Reader(message, countOffset);
  const records = Math.min(reader.u16(), recordsMax);
  const joined: Uint8Array[] = [];
  for (let i = 0; i < records; i++) {
    const mode = reader.u8();
    const auxiliaryWords = reader.u8();
    const sources = reader.u16();
    const group = reader.take(addressBytes);
    reader.skip(sources * addressBytes + auxiliaryWords * 4);
    if (reader.overrun) return { joined, whole: false };
    const isExcluding = mode === Mode.isExclude || mode === Mode.toExclude;
    const isIncluding = mode === Mode.isInclude || mode === Mode.toInclude || mode === Mode.allow;
    if (isExcluding || (isIncluding && sources > 0)) joined.push(group);
  }
  return { joined, whole: true };
}
