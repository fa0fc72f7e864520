/**
 * Patients, staff and secrets are planted in the fixtures under names of their own. Whatever parsers tell of those messages holds none of
 * them, in any spelling; that the markers are there at all, and that a leak is found, is shown first.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { capturesIn, readCapture } from "../../fuzz/corpus.ts";
import { notes } from "../testing/notes.ts";

const FIXTURES = join(import.meta.dirname, "..", "..", "fixtures");
const MARKERS = ["ZZTEST", "zztest", "zzstaff", "ZZSTAFF", "zzsecret", "ZZSECRET"];
const PLANTED = [
  "hl7",
  "dicom",
  "http",
  "ftp",
  "telnet",
  "ntlmssp",
  "smb",
  "rdp",
  "snmp",
  "mdns",
  "syslog",
  "intellivue",
  "phd",
  "poct1a",
  "lis",
  "opcua",
  "dpws",
  "medibus",
  "vrrp",
  "hsrp",
  "eapol",
  "radius",
  "rtsp",
  "mqtt",
  "amqp",
  "redis",
  "imap",
  "pop3",
  "coap",
];

/** As text one or two bytes a character, in hex, and in base64 at each of its three offsets. */
const forms = MARKERS.flatMap((marker) =>
  [Buffer.from(marker), Buffer.from(marker, "utf16le")].flatMap((bytes) => [
    bytes.toString("latin1"),
    bytes.toString("hex"),
    // Whole groups of three bytes only: those at the edges depend on what stands beside them.
    ...[0, 1, 2].map((offset) => bytes.subarray(offset, bytes.length - ((bytes.length - offset) % 3)).toString("base64")),
  ]),
);
const found = (text: string) => forms.filter((form) => text.includes(form));

test("the markers are in the messages, and the search finds a leak in each spelling", async () => {
  for (const name of PLANTED) {
    const messages = (await Promise.all(capturesIn(join(FIXTURES, name)).map(readCapture))).flat();
    assert.ok(
      messages.some(({ protocol, bytes }) => protocol.name === name && found(Buffer.from(bytes).toString("latin1")).length > 0),
      name,
    );
  }
  for (const form of forms) assert.ok(found(`10.0.0.1 description: of ${form} and others`).includes(form), form);
});

/** Who wanted in, and what tells repetitions apart, is hashed by flows and goes no further: proofs/markers.system.test.ts searches what does. */
const TOLD_APART = /^((?:login|user|association|order) refused|notable: \w+) .*/s;

test("no parser tells a marker", async () => {
  let told = 0;
  for (const file of capturesIn(FIXTURES)) {
    const memories = new Map<string, unknown>();
    for (const message of await readCapture(file)) {
      const { conversation, protocol } = message;
      if (!memories.has(conversation)) memories.set(conversation, protocol.remember?.());
      for (const line of notes(protocol, message.bytes, { ...message, memory: memories.get(conversation) })) {
        told++;
        assert.deepEqual(found(line.replace(TOLD_APART, "$1")), [], `${protocol.name}: ${line}`);
      }
    }
  }
  assert.ok(told > 200, `expected what all fixtures tell, got ${told} lines`);
});
