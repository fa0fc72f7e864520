/**
 * Every message of every fixture, damaged in every place: no parser throws or dawdles, and what was read before the damage stands.
 *
 * The messages go through the parsers directly, each with the memory the ones before it in its conversation left behind.
 */
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { capturesIn, readCapture } from "../../fuzz/corpus.ts";
import type { Message } from "../../fuzz/corpus.ts";
import { notes } from "../testing/notes.ts";

/** The messages of a capture; each test looks at all of them. */
const messagesOf = memoized(readCapture);
const FIXTURES = join(import.meta.dirname, "..", "..", "fixtures");
const FIXTURE_BYTES_MAX = 64 << 10;
/** Far above any plain reading, so that only what truly runs away is late on a busy machine. */
const READING_MS_MAX = 1000;
/** What flows hands to a parser that names no limit of its own. */
const MESSAGE_BYTES_MAX = 64 << 10;
/** Lengths stand further in front than this, in every protocol we read. */
const HEAD_BYTES = 512;
const STEP_BYTES = 13;
/** Places of each message that are blown up. */
const PLACES = 8;
/** A value stands once what ends it was read as well: an empty line of an HTTP head at the most. */
const ENDING_BYTES_MAX = 4;
/** Where what comes later decides about what came before, and why. */
const READ_AS_A_WHOLE: Readonly<Record<string, string>> = {
  dhcp: "whether the sender is the server, an option further on says",
  lis: "a frame whose sum is wrong is not read, and sent again",
  mdns: "whose a service is, an address further on may say",
  phd: "whose a device's attributes are, its serial number further on says",
  telnet: "a prompt is one by being the last thing said",
};

const READ_AS_IT_COMES: Readonly<Record<string, string>> = {
  telnet: "there are no messages",
  ssh: "once it is encrypted there are none for us",
  rfb: "each side waits after a few bytes",
  hl7: "without a frame the length is nowhere written; its own test has those with one",
};

for (const file of capturesIn(FIXTURES).filter((it) => statSync(it).size <= FIXTURE_BYTES_MAX))
  test(`${basename(join(file, ".."))}/${basename(file)} is survived cut and changed in every byte`, async () => {
    const conversations = Map.groupBy(await messagesOf(file), (message) => message.conversation);
    for (const messages of conversations.values()) {
      const memory = messages[0]!.protocol.remember?.();
      for (const message of messages) {
        damaged(message, memory);
        notes(message.protocol, message.bytes, { ...message, memory });
      }
    }
  });

test("how long a message is does not depend on how much of it has come", async () => {
  let messages = 0;
  for (const file of capturesIn(FIXTURES))
    for (const { protocol, bytes, cut } of await messagesOf(file)) {
      if (protocol.messageLength === undefined || cut || protocol.name in READ_AS_IT_COMES) continue;
      messages++;
      const whole = protocol.messageLength(bytes);
      for (const part of partsOf(bytes.length)) {
        const length: number = protocol.messageLength(bytes.subarray(0, part));
        assert.ok(length === 0 || length === whole, `${protocol.name}: ${length} with ${part} bytes, ${whole} in the end`);
      }
    }
  assert.ok(messages > 50, `expected the messages of streams, got ${messages}`);
});

test("any part of a message repeated until it is as long as a message can be is read in time", async () => {
  const longest = new Map<string, Message>();
  for (const message of (await Promise.all(capturesIn(FIXTURES).map(messagesOf))).flat())
    if (message.bytes.length > (longest.get(message.protocol.name)?.bytes.length ?? 0)) longest.set(message.protocol.name, message);
  assert.ok(longest.size > 30, `expected the messages of all fixtures, got those of ${longest.size} protocols`);
  for (const message of longest.values())
    for (const length of [1, 7, 61])
      for (let at = 0; at + length <= message.bytes.length; at += Math.max(length, Math.ceil(message.bytes.length / PLACES))) {
        const part = message.bytes.subarray(at, at + length);
        const bytes = Buffer.concat([
          message.bytes.subarray(0, at),
          Buffer.alloc(Math.ceil(MESSAGE_BYTES_MAX / length) * length, part),
          message.bytes.subarray(at),
        ]);
        inTime(message, () => read(message, bytes, message.cut, message.protocol.remember?.()));
      }
});

/** Every part near both ends, where lengths are written and frames end; in between every so many. */
function* partsOf(length: number): Generator<number> {
  for (let part = 1; part < length; part += part < HEAD_BYTES || part >= length - HEAD_BYTES ? 1 : STEP_BYTES) yield part;
}

function memoized<Value>(of: (key: string) => Value): (key: string) => Value {
  const known = new Map<string, Value>();
  return (key) => {
    if (!known.has(key)) known.set(key, of(key));
    return known.get(key)!;
  };
}

function read({ protocol, side, ...message }: Message, bytes: Uint8Array, cut: boolean, memory: unknown): string[] {
  protocol.recognize(bytes, side);
  protocol.messageLength?.(bytes);
  protocol.wanted?.(bytes);
  protocol.resume?.(bytes);
  return notes(protocol, bytes, { ...message, side, cut, memory: memory === undefined ? undefined : structuredClone(memory) });
}

/** In the processor time there is for one reading, whatever else the machine does. */
function inTime<Value>({ protocol }: Message, work: () => Value): Value {
  const began = process.threadCpuUsage();
  const done = work();
  const took = process.threadCpuUsage(began).user / 1000;
  assert.ok(took < READING_MS_MAX, `${protocol.name} took ${took.toFixed(0)} ms`);
  return done;
}

function damaged(message: Message, memory: unknown): void {
  const { bytes, cut } = message;
  const whole = inTime(message, () => read(message, bytes, cut, memory));
  for (let at = 0; at < bytes.length; at++) inTime(message, () => damagedAt(message, at, whole, memory));
}

function damagedAt(message: Message, at: number, whole: readonly string[], memory: unknown): void {
  const { bytes, cut, protocol } = message;
  // What the front alone says, and the whole says as well, was read before this byte.
  const before = read(message, bytes.subarray(0, Math.max(0, at - ENDING_BYTES_MAX)), true, memory).filter(
    (line) => whole.includes(line) && line !== "enough",
  );
  for (const value of [0, 255, bytes[at]! ^ 255]) {
    const changed = bytes.slice();
    changed[at] = value;
    const lines = read(message, changed, cut, memory);
    if (protocol.name in READ_AS_A_WHOLE) continue;
    const lost = before.filter((line) => !lines.includes(line));
    assert.deepEqual(lost, [], `${protocol.name}: byte ${at} as ${value} takes back what was read before it`);
  }
}
