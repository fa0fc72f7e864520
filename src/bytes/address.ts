/** Addresses as text, back to numbers. Our own spelling (`bytes/text.ts`) and what people type; anything else is null. */

/** Upper 16 and lower 32 bits of `00:09:fb:12:34:56`. By character: the core reads a million of them with a hospital's first batches. */
export function macWords(text: string): readonly [high: number, low: number] | null {
  if (text.length !== MAC_LENGTH) return null;
  let high = 0;
  let low = 0;
  for (let i = 0; i < MAC_LENGTH; i++) {
    const code = text.charCodeAt(i);
    if (i % 3 === 2) {
      if (code !== COLON) return null;
      continue;
    }
    const digit = code >= 0x30 && code <= 0x39 ? code - 0x30 : (code | 0x20) >= 0x61 && (code | 0x20) <= 0x66 ? (code | 0x20) - 0x57 : -1;
    if (digit < 0) return null;
    if (i < HIGH_LENGTH) high = high * 16 + digit;
    else low = low * 16 + digit;
  }
  return [high, low];
}
const MAC_LENGTH = 17;
const HIGH_LENGTH = 5;
const COLON = 0x3a;

export interface IpWords {
  readonly family: 4 | 6;
  /** Most significant first; IPv4 in the last, the others 0. */
  readonly words: readonly [number, number, number, number];
}

export function ipWords(text: string): IpWords | null {
  const v4 = ipv4Word(text);
  if (v4 !== null) return { family: 4, words: [0, 0, 0, v4] };
  const [head = "", tail, more] = text.split("::");
  if (more !== undefined || !text.includes(":")) return null;
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  if (front === null || back === null) return null;
  const missing = 8 - front.length - back.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const all = [...front, ...Array.from({ length: missing }, () => 0), ...back];
  const word = (at: number) => ((all[at]! << 16) | all[at + 1]!) >>> 0;
  return { family: 6, words: [word(0), word(2), word(4), word(6)] };
}

function ipv4Word(text: string): number | null {
  if (text.length > IPV4_LENGTH_MAX) return null;
  let word = 0;
  let byte = -1;
  let digits = 0;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit >= 0 && digit <= 9 && digits < 3) {
      byte = (digits++ === 0 ? 0 : byte * 10) + digit;
      if (byte > 255) return null;
    } else if (digit === DOT && digits > 0 && dots < 3) {
      word = word * 256 + byte;
      digits = 0;
      dots++;
    } else return null;
  }
  return dots === 3 && digits > 0 ? word * 256 + byte : null;
}
const IPV4_LENGTH_MAX = 15;
/** "." counted from "0". */
const DOT = -2;

/** Groups of 16 bits; an IPv4 address may stand in the last place (RFC 4291 section 2.2). */
function groups(text: string): number[] | null {
  if (text === "") return [];
  const parts = text.split(":");
  const numbers: number[] = [];
  for (const [at, part] of parts.entries()) {
    const v4 = at === parts.length - 1 ? ipv4Word(part) : null;
    if (v4 !== null) numbers.push(v4 >>> 16, v4 & 0xffff);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) numbers.push(Number.parseInt(part, 16));
    else return null;
  }
  return numbers.length > 8 ? null : numbers;
}
