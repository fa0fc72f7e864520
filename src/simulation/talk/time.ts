/** What time it is: NTP, RFC 5905. */
import { bytes, latin, u32 } from "../frames.ts";
import type { Station, Wire } from "../wire.ts";

const PORT = 123;
const Mode = { client: 3, server: 4 } as const;
const VERSION_4 = 4 << 3;
const POLL_EXPONENT = 6;
const PRECISION_EXPONENT = 0xec;
const ROOT_DELAY = 0x0000_0010;
const ROOT_DISPERSION = 0x0000_0020;
const YEARS_1900_TO_1970_SECONDS = 2_208_988_800;
const UNDER_WAY_US = 200;

export function asksTime(wire: Wire, at: number, client: Station, server: Station): void {
  const asked = stamp(at);
  const question = bytes([VERSION_4 | Mode.client, 0, POLL_EXPONENT, PRECISION_EXPONENT], new Uint8Array(36), asked);
  const heard = stamp(at + UNDER_WAY_US);
  const answer = bytes(
    [VERSION_4 | Mode.server, 1, POLL_EXPONENT, PRECISION_EXPONENT],
    u32(ROOT_DELAY),
    u32(ROOT_DISPERSION),
    latin("GPS\0"),
    stamp(at - 4_000_000),
    asked,
    heard,
    heard,
  );
  wire.datagram(at, client, server, PORT, PORT, question);
  wire.datagram(at + 2 * UNDER_WAY_US, server, client, PORT, PORT, answer);
}

/** Seconds since 1900, and a fraction of 32 bits. */
function stamp(at: number): Uint8Array {
  return bytes(u32(Math.floor(at / 1e6) + YEARS_1900_TO_1970_SECONDS), u32(Math.floor(((at % 1e6) / 1e6) * 2 ** 32)));
}
