/** A recognizer is asked about anything, on any port: what only looks a little like its protocol, by chance, must not be claimed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { protocols } from "./index.ts";

const PAYLOADS = 4_000;
const LENGTH_MIN = 12;
const LENGTH_MAX = 132;

/** Park and Miller's minimal standard. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 0x7fff_ffff;
    return Math.floor((state / 0x7fff_ffff) * below);
  };
}

/** What other protocols are made of. */
const SHAPES: Readonly<Record<string, (bytes: Uint8Array, below: (n: number) => number) => void>> = {
  noise: (bytes, below) => bytes.forEach((_, i) => (bytes[i] = below(256))),
  "small numbers": small,
  "zeros, then noise": (bytes, below) => bytes.forEach((_, i) => (bytes[i] = i < 6 ? 0 : below(256))),
  "its length, two bytes": (bytes, below) => withLength(bytes, below, 0, 2),
  "its length, in the second place": (bytes, below) => withLength(bytes, below, 2, 2),
  "its length, in the third place": (bytes, below) => withLength(bytes, below, 4, 2),
  "its length, four bytes": (bytes, below) => withLength(bytes, below, 0, 4),
  "a BER sequence": (bytes, below) => {
    small(bytes, below);
    bytes[0] = 0x30;
    bytes[1] = bytes.length - 2;
  },
  words: (bytes, below) => bytes.forEach((_, i) => (bytes[i] = below(6) === 0 ? 0x20 : below(30) === 0 ? 0x0a : 0x61 + below(26))),
};

function small(bytes: Uint8Array, below: (n: number) => number): void {
  for (let i = 0; i < bytes.length; i++) bytes[i] = below(5) < 3 ? below(4) : below(256);
}

/** Everything behind the length, written big end first. */
function withLength(bytes: Uint8Array, below: (n: number) => number, at: number, width: number): void {
  small(bytes, below);
  const view = new DataView(bytes.buffer);
  if (width === 2) view.setUint16(at, bytes.length - at - width);
  else view.setUint32(at, bytes.length - at - width);
}

const onPorts = protocols.filter(({ over }) => over.some((carrier) => "tcp" in carrier || "udp" in carrier));

for (const [shape, fill] of Object.entries(SHAPES))
  test(`${shape}: nobody's`, () => {
    const below = random(7);
    const claims = new Map<string, number>();
    for (let i = 0; i < PAYLOADS; i++) {
      const bytes = new Uint8Array(LENGTH_MIN + below(LENGTH_MAX - LENGTH_MIN));
      fill(bytes, below);
      for (const protocol of onPorts)
        if (protocol.recognize(bytes, "unknown") || protocol.recognize(bytes, "server"))
          claims.set(protocol.name, (claims.get(protocol.name) ?? 0) + 1);
    }
    assert.deepEqual([...claims], []);
  });
