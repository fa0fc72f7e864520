import assert from "node:assert/strict";
import { test } from "node:test";
import { dialogue, type Said } from "../testing/dialogue.ts";
import { Ear } from "../testing/hear.ts";
import { latin } from "../testing/messages.ts";
import { foundLines } from "../testing/watched.ts";
import { connectionsHeld } from "./connections-held.ts";

const [HOLDER, DEVICE] = ["10.0.0.66", "10.0.0.2"];
const SLOW: Said = ["client", latin("GET / HTTP/1.1\r\nHost: pump\r\nX-a: b\r\n")];
const ANSWER: Said = ["server", latin("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")];

interface Holding {
  readonly count?: number;
  readonly seconds?: number;
  readonly said?: readonly Said[];
  readonly end?: "silence" | "good-bye";
  /** How many frames of each: 3 are a whole handshake. */
  readonly frames?: number;
}

function found({ count = 24, seconds = 40, said = [], end = "silence", frames }: Holding = {}): string[] {
  const ear = new Ear();
  for (let i = 0; i < count; i++)
    for (const frame of dialogue({ client: HOLDER, server: DEVICE, port: 80, clientPort: 40_000 + i, end }, said).slice(0, frames))
      ear.frame(frame);
  for (let second = 0; second < seconds; second++) ear.wait(1);
  return foundLines(ear.end(), [connectionsHeld]);
}
const line = `connections-held medium ${DEVICE} by ${HOLDER}: 24 connections stand open and unused`;

test("connections in which nothing is said are a finding of the device, completed or only answered", () => {
  assert.deepEqual(found(), [line]);
  assert.deepEqual(found({ frames: 2 }), [line]);
});

test("so are requests that never end", () => {
  assert.deepEqual(found({ said: [SLOW] }), [line]);
});

test("a request that is begun and not ended is one after two seconds; one that is ended and not answered is not", () => {
  assert.deepEqual(found({ said: [SLOW], seconds: 6 }), [line]);
  assert.deepEqual(found({ said: [["client", latin("GET / HTTP/1.1\r\nHost: pump\r\n\r\n")]], seconds: 8 }), []);
  assert.deepEqual(found({ said: [SLOW, ["client", latin("X-c: d\r\n\r\n")], ANSWER], seconds: 8 }), []);
});

test("fewer, for a moment, closed, answered, and not even accepted are none", () => {
  assert.deepEqual(found({ count: 19 }), []);
  assert.deepEqual(found({ seconds: 8 }), []);
  assert.deepEqual(found({ end: "good-bye" }), []);
  assert.deepEqual(found({ said: [["client", latin("GET / HTTP/1.1\r\nHost: pump\r\n\r\n")], ANSWER] }), []);
  assert.deepEqual(found({ frames: 1 }), []);
});
