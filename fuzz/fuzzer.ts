/** Mutation guided by counters: an input that took a new way is kept and mutated further. Everything follows from one seed. */
import { performance } from "node:perf_hooks";

const INPUT_BYTES_MAX = 4_096;
const CORPUS_MAX = 4_096;
/** Looking at the clock each time would cost more than a short parse. */
const CLOCK_EVERY = 100;
const HANG_MS = 50;
const INTERESTING = [0, 1, 0x7f, 0x80, 0xff, 0x10, 0x20, 0x0a, 0x0d, 0x00, 0x40, 0xc0];

interface Finding {
  readonly input: Uint8Array;
  readonly why: string;
}

interface FuzzResult {
  readonly cases: number;
  readonly corpus: number;
  readonly findings: readonly Finding[];
}

/** Runs `target` on mutations of `seeds` until `cases` or `seconds` are used up. `target` throws, or returns what is wrong. */
export function fuzz(
  target: (input: Uint8Array) => string | undefined,
  seeds: readonly Uint8Array[],
  options: { readonly seed: number; readonly cases: number; readonly seconds: number; readonly stopAtFindings?: number },
): FuzzResult {
  const random = xorshift(options.seed);
  const below = (n: number) => (random() % n) >>> 0;
  const seen = new Uint8Array(globalThis.fuzzCounters.length);
  const corpus: Uint8Array[] = [];
  const findings = new Map<string, Finding>();
  const deadline = performance.now() + options.seconds * 1000;
  let cases = 0;

  const run = (input: Uint8Array): void => {
    cases++;
    globalThis.fuzzCounters.fill(0, 0, globalThis.fuzzCountersUsed);
    const began = cases % CLOCK_EVERY === 0 ? performance.now() : 0;
    let why: string | undefined;
    try {
      why = target(input);
    } catch (error) {
      why = `threw ${(error as Error).stack?.split("\n").slice(0, 2).join(" ") ?? String(error)}`;
    }
    if (began > 0 && performance.now() - began > HANG_MS && slow(target, input)) why ??= `took more than ${HANG_MS} ms`;
    if (why !== undefined && !findings.has(why)) findings.set(why, { input: input.slice(), why });
    if (tookNewWay(seen) && corpus.length < CORPUS_MAX) corpus.push(input.slice());
  };

  for (const seed of seeds.length > 0 ? seeds : [new Uint8Array(64)]) run(seed.subarray(0, INPUT_BYTES_MAX));
  if (corpus.length === 0) corpus.push(new Uint8Array(64));
  while (cases < options.cases && findings.size < (options.stopAtFindings ?? 50)) {
    if (cases % CLOCK_EVERY === 0 && performance.now() > deadline) break;
    run(mutate(corpus[below(corpus.length)]!, corpus, below));
  }
  return { cases, corpus: corpus.length, findings: [...findings.values()] };
}

/** Once more, alone: a pause of the machine is no finding. */
function slow(target: (input: Uint8Array) => string | undefined, input: Uint8Array): boolean {
  const began = performance.now();
  try {
    target(input);
  } catch {
    return false; // Reported as what it threw.
  }
  return performance.now() - began > HANG_MS;
}

/** Counts fall into classes (1, 2, 3, 4+, 8+, 16+, 32+, 128+); a class not seen before at a counter is a new way. */
function tookNewWay(seen: Uint8Array): boolean {
  const counters = globalThis.fuzzCounters;
  // One parser counts at a few places of thousands: four zeros are passed over at once.
  const words = new Uint32Array(counters.buffer, 0, (globalThis.fuzzCountersUsed + 3) >> 2);
  let isNew = false;
  for (let word = 0; word < words.length; word++) {
    if (words[word] === 0) continue;
    for (let at = 4 * word; at < 4 * word + 4; at++) {
      const count = counters[at]!;
      if (count === 0) continue;
      const bit = count < 4 ? 1 << (count - 1) : count < 8 ? 8 : count < 16 ? 16 : count < 32 ? 32 : count < 128 ? 64 : 128;
      if ((seen[at]! & bit) !== 0) continue;
      seen[at]! |= bit;
      isNew = true;
    }
  }
  return isNew;
}

function mutate(of: Uint8Array, corpus: readonly Uint8Array[], below: (n: number) => number): Uint8Array {
  let bytes: Uint8Array = of.slice();
  for (let times = 1 + below(4); times > 0; times--) {
    const at = below(Math.max(1, bytes.length));
    switch (below(9)) {
      case 0:
        bytes[at]! ^= 1 << below(8);
        break;
      case 1:
        bytes[at] = INTERESTING[below(INTERESTING.length)]!;
        break;
      case 2:
        bytes[at] = below(256);
        break;
      case 3:
        bytes[at]! += below(2) === 0 ? 1 : -1;
        break;
      case 4: {
        bytes[at] = below(256);
        if (at + 1 < bytes.length) bytes[at + 1] = INTERESTING[below(INTERESTING.length)]!;
        break;
      }
      case 5:
        bytes = bytes.slice(0, at);
        break;
      case 6:
        bytes = joined(
          bytes.subarray(0, at),
          Uint8Array.from({ length: 1 + below(16) }, () => below(256)),
          bytes.subarray(at),
        );
        break;
      case 7: {
        const other = corpus[below(corpus.length)]!;
        const from = below(Math.max(1, other.length));
        bytes = joined(bytes.subarray(0, at), other.subarray(from, from + below(64)), bytes.subarray(at));
        break;
      }
      default:
        bytes.copyWithin(at, below(Math.max(1, bytes.length)), below(Math.max(1, bytes.length)));
    }
  }
  return bytes.length > INPUT_BYTES_MAX ? bytes.subarray(0, INPUT_BYTES_MAX) : bytes;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function xorshift(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
