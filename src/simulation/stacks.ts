/** How systems' packets begin: what tells one from another before it has said a word. The order of a SYN's options is each one's own. */
import { bytes, u16, u32 } from "./frames.ts";

export interface Stack {
  /** Time to live a packet starts with. */
  readonly ttl: number;
  readonly window: number;
  /** As in pf.os: segment size, no operation, window scale, selective acknowledgment, time stamp. */
  readonly syn: readonly Option[];
  /** Power of two by which windows are to be multiplied. */
  readonly scale: number;
}
type Option = "M" | "N" | "W" | "S" | "T";

export const stacks = {
  windows: { ttl: 128, window: 64_240, syn: ["M", "N", "W", "N", "N", "S"], scale: 8 },
  windowsXp: { ttl: 128, window: 65_535, syn: ["M", "N", "N", "S"], scale: 0 },
  linux: { ttl: 64, window: 29_200, syn: ["M", "S", "T", "N", "W"], scale: 7 },
  /** Small controllers: the largest segment and nothing else. */
  controller: { ttl: 64, window: 8_192, syn: ["M"], scale: 0 },
  ios: { ttl: 255, window: 4_128, syn: ["M"], scale: 0 },
  /** A web server of the internet, twelve hops away. */
  distant: { ttl: 52, window: 65_535, syn: ["M", "S", "T", "N", "W"], scale: 9 },
} as const satisfies Record<string, Stack>;

/** Both ends offer it. */
export function isAgreed(option: Option, one: Stack, other: Stack): boolean {
  return one.syn.includes(option) && other.syn.includes(option);
}

/** RFC 9293 section 3.2, RFC 7323, RFC 2018. Who answers (`asked` is the other end) repeats only what it was offered. */
export function synOptions({ syn, scale }: Stack, asked: Stack | null, clock: number, echo: number): Uint8Array {
  const said = syn.filter((it) => it === "N" || asked === null || asked.syn.includes(it));
  const options = bytes(...said.map((it) => optionBytes(it, scale, clock, echo)));
  return bytes(options, new Uint8Array(-options.length & 3).fill(NO_OPERATION));
}

const NO_OPERATION = 1;
const SEGMENT_BYTES = 1460;

function optionBytes(option: Option, scale: number, clock: number, echo: number): Uint8Array {
  switch (option) {
    case "M":
      return bytes([2, 4], u16(SEGMENT_BYTES));
    case "N":
      return Uint8Array.of(NO_OPERATION);
    case "W":
      return Uint8Array.of(3, 3, scale);
    case "S":
      return Uint8Array.of(4, 2);
    case "T":
      return bytes([8, 10], u32(clock), u32(echo));
  }
}
