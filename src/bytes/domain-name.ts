/**
 * Domain names as RFC 1035 section 3.1 and 4.1.4 write them: labels with a length each, or a pointer to an earlier place.
 *
 * Pointers are where resolvers of small devices break (NAME:WRECK), so each must point before the name that uses it: such a
 * chain ends by itself, and the bound on the whole name does the rest.
 */
import type { Reader } from "./reader.ts";
import { utf8 } from "./text.ts";

/** RFC 1035 section 2.3.4: 255 bytes on the wire. */
const NAME_BYTES_MAX = 255;
const LABEL_BYTES_MAX = 63;
const POINTER = 0xc0;

/**
 * The name at the reader, which is moved behind it: labels joined by dots, the root "". A dot inside a label becomes "·", so that a label
 * cannot pose as two. `null` when the name is broken: a label or pointer RFC 1035 does not allow, or no end.
 */
export function domainName(reader: Reader): string | null {
  const { bytes, end } = reader;
  const labels: string[] = [];
  let at = reader.offset;
  let earliest = at;
  let length = 0;
  let jumped = false;
  for (;;) {
    if (at >= end) break;
    const size = bytes[at]!;
    if (size === 0) {
      if (!jumped) reader.offset = at + 1;
      return labels.join(".");
    }
    if (size >= POINTER) {
      if (at + 1 >= end) break;
      const target = ((size & ~POINTER) << 8) | bytes[at + 1]!;
      if (target >= earliest) break;
      if (!jumped) reader.offset = at + 2;
      jumped = true;
      earliest = target;
      at = target;
      continue;
    }
    length += size + 1;
    if (size > LABEL_BYTES_MAX || length > NAME_BYTES_MAX || at + 1 + size > end) break;
    labels.push(utf8(bytes.subarray(at + 1, at + 1 + size)).replaceAll(".", "·"));
    at += size + 1;
  }
  reader.offset = end;
  reader.overrun = true;
  return null;
}
