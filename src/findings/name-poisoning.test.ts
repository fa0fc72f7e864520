import assert from "node:assert/strict";
import { test } from "node:test";
import { ipBytes, udpFrame } from "../testing/frames.ts";
import { hear } from "../testing/hear.ts";
import { dns, dnsQuestion, dnsRecord, DnsType } from "../testing/messages.ts";
import { hex } from "../testing/notes.ts";
import { foundLines } from "../testing/watched.ts";
import { namePoisoning } from "./name-poisoning.ts";

const ANSWERS = "10.0.0.66";
const llmnr = (name: string) =>
  udpFrame(
    { from: 5355, to: 50_000, fromIp: ANSWERS, toIp: "10.0.0.7" },
    dns(0x8000, [dnsQuestion(name)], [dnsRecord(name, DnsType.a, ipBytes(ANSWERS))]),
  );

/** RFC 1002 section 4.2.13. */
function nbns(name: string, { suffix = 0x20, flags = "8500", group = "00" } = {}): Uint8Array {
  const letters = [...Buffer.from(name.padEnd(15)), suffix].flatMap((byte) => [0x41 + (byte >> 4), 0x41 + (byte & 15)]);
  return udpFrame(
    { from: 137, to: 137, fromIp: ANSWERS, toIp: "10.0.0.7" },
    hex`1234 ${flags} 0000 0001 0000 0000 20 ${Uint8Array.from(letters)} 00 0020 0001 00000078 0006 ${group}00 ${ipBytes(ANSWERS)}`,
  );
}
const found = (...frames: readonly Uint8Array[]) => foundLines(hear(frames, { every: 3 }), [namePoisoning]);

test("three names in two protocols are a finding of who answers", () => {
  assert.deepEqual(found(llmnr("printsrv"), nbns("FILESRV"), llmnr("nosuch")), [
    `name-poisoning high ${ANSWERS}: answers neighbors for 3 names within 6 s`,
  ]);
});

test("one answer to who looks for a proxy is enough", () => {
  const line = `name-poisoning high ${ANSWERS}: answers neighbors that look for a proxy or a tunnel (wpad, isatap) within 1 s`;
  assert.deepEqual(found(llmnr("wpad")), [line]);
  assert.deepEqual(found(nbns("WPAD", { suffix: 0 })), [line]);
});

test("its own name in both protocols and again, an alias, a name server, groups and browsers are none", () => {
  assert.deepEqual(found(llmnr("ward7"), nbns("WARD7"), nbns("WARD7", { suffix: 0 }), llmnr("ward7.clinic.example"), llmnr("files")), []);
  assert.deepEqual(found(...["A", "B", "C", "D"].map((name) => nbns(name, { flags: "8580" }))), []);
  assert.deepEqual(
    found(
      nbns("WARD7"),
      nbns("CLINIC", { suffix: 0x1b }),
      nbns("CLINIC2", { suffix: 0, group: "80" }),
      nbns("CLINIC3", { suffix: 0, group: "80" }),
    ),
    [],
  );
});

test("one name told to many who ask is one", () => {
  const to = (asker: number) =>
    udpFrame(
      { from: 5355, to: 50_000, fromIp: ANSWERS, toIp: `10.0.0.${asker}` },
      dns(0x8000, [dnsQuestion("ward7")], [dnsRecord("ward7", DnsType.a, ipBytes(ANSWERS))]),
    );
  assert.deepEqual(found(...[1, 2, 3, 4, 5].map(to)), []);
});
