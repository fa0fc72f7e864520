import assert from "node:assert/strict";
import { test } from "node:test";
import { dialogue, type Said } from "../testing/dialogue.ts";
import { bytes, u16 } from "../testing/frames.ts";
import { hear } from "../testing/hear.ts";
import { dns, dnsQuestion, latin } from "../testing/messages.ts";
import { hex } from "../testing/notes.ts";
import { foundLines } from "../testing/watched.ts";
import { serviceProbing } from "./service-probing.ts";

const [STRANGER, DEVICE] = ["10.0.0.66", "10.0.0.2"];
const question = dns(0x0100, [dnsQuestion("version.example", 16)], []);
const GREETINGS = {
  rtsp: latin("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"),
  sip: latin(
    "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nFrom: <sip:a@b>\r\nTo: <sip:a@b>\r\n\r\n",
  ),
  dns: bytes(u16(question.length), question),
  rdp: hex`0300 0013 0e e0 0000 0000 00 01 00 0800 03000000`,
  http: latin("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
} as const;
type Name = keyof typeof GREETINGS;

/** Each in a connection of its own; the device says nothing it knows. */
const greets = (port: number, ...names: readonly Name[]) =>
  names.flatMap((name, i) =>
    dialogue({ client: STRANGER, server: DEVICE, port, clientPort: 40_000 + port + i }, [["client", GREETINGS[name]]] satisfies Said[]),
  );
const found = (frames: readonly Uint8Array[], every = 1) => foundLines(hear(frames, { every }), [serviceProbing]);

test("greetings in three protocols at one odd port are a finding of who is greeted", () => {
  const line = (seconds: number) =>
    `service-probing medium ${DEVICE} by ${STRANGER}: greeted in 3 protocols, at ports that are none of theirs, within ${seconds} s`;
  assert.deepEqual(found(greets(2575, "rtsp", "sip", "dns")), [line(15)]);
  assert.deepEqual(found(greets(9_100, "http", "rdp", "sip", "rtsp")), [line(15)]);
});

test("two protocols, one again and again, each at its own port, HTTP at any, and three in a quarter of an hour are none", () => {
  assert.deepEqual(found(greets(2575, "rtsp", "sip", "rtsp", "sip")), []);
  assert.deepEqual(found([...greets(554, "rtsp"), ...greets(5060, "sip"), ...greets(53, "dns"), ...greets(3389, "rdp")]), []);
  assert.deepEqual(found(greets(9_000, "http", "rtsp", "sip")), []);
  assert.deepEqual(found(greets(2575, "rtsp", "sip", "dns"), 60), []);
});
