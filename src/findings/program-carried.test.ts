import assert from "node:assert/strict";
import { test } from "node:test";
import type { Known } from "../model/finding.ts";
import { dialogue, type Said } from "../testing/dialogue.ts";
import { bytes } from "../testing/frames.ts";
import { hear } from "../testing/hear.ts";
import { latin } from "../testing/messages.ts";
import { hex } from "../testing/notes.ts";
import { foundLines, signal } from "../testing/watched.ts";
import { programCarried } from "./program-carried.ts";

const DAY = 24 * 3600;
const [DEVICE, SERVER] = ["10.0.0.7", "10.0.0.66"];
const at = (second: number) => signal(second, { kind: "load" }).at;
const learned: Partial<Known> = { since: at(-10 * DAY), conversedSince: () => null };
const PROGRAM = bytes(hex`4d5a ${"00".repeat(58)} 80000000 ${"00".repeat(64)} 50450000 4c01`, new Uint8Array(3_000));
const PICTURE = bytes(hex`89504e47 0d0a1a0a`, new Uint8Array(3_000));
const line = `program-carried medium ${DEVICE} by ${SERVER}: 1 program from a machine it had nothing to do with a day ago`;

const fetched = (...answer: readonly Uint8Array[]) =>
  dialogue({ client: DEVICE, server: SERVER, port: 80 }, [
    ["client", latin("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")],
    ...answer.map((it): Said => ["server", it]),
  ]);
const whole = (file: Uint8Array) =>
  fetched(bytes(latin(`HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: ${file.length}\r\n\r\n`), file));
const inChunks = (...chunks: readonly Uint8Array[]) =>
  fetched(
    latin("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
    ...chunks.map((it) => bytes(latin(`${it.length.toString(16)}\r\n`), it, latin("\r\n"))),
  );
/** The device asks an FTP server for a file, and connects to the port it names. */
const byFtp = (file: Uint8Array) => [
  ...dialogue({ client: DEVICE, server: SERVER, port: 21, end: "silence" }, [
    ["server", latin("220 FTP server\r\n")],
    ["client", latin("PASV\r\n")],
    ["server", latin("227 Entering Passive Mode (10,0,0,66,156,64)\r\n")],
  ]),
  ...dialogue({ client: DEVICE, server: SERVER, port: 40_000, clientPort: 49_153 }, [["server", file]]),
];
const found = (frames: readonly Uint8Array[], known: Partial<Known> = learned) => foundLines(hear(frames), [programCarried], known);

test("a program by HTTP, whole or in chunks, and by FTP is a finding of who gets it", () => {
  assert.deepEqual(found(whole(PROGRAM)), [line]);
  assert.deepEqual(found(inChunks(PROGRAM, PROGRAM)), [line]);
  assert.deepEqual(found(byFtp(PROGRAM)), [line]);
});

test("pictures, a program inside a later chunk, one from an acquaintance, and any of the first days are none", () => {
  assert.deepEqual([...found(whole(PICTURE)), ...found(inChunks(PICTURE, PROGRAM)), ...found(byFtp(PICTURE))], []);
  assert.deepEqual(found(whole(PROGRAM), { ...learned, conversedSince: () => at(-2 * DAY) }), []);
  assert.deepEqual(found(whole(PROGRAM), { conversedSince: () => null }), []);
});
