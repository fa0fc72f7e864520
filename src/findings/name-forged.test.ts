import assert from "node:assert/strict";
import { test } from "node:test";
import { ethernet, ipBytes, ipv4, udp } from "../testing/frames.ts";
import { hear } from "../testing/hear.ts";
import { dns, dnsQuestion, dnsRecord, DnsType } from "../testing/messages.ts";
import { foundLines } from "../testing/watched.ts";
import { nameForged } from "./name-forged.ts";

const [ASKER, SERVER] = ["10.0.0.7", "10.0.0.53"];
const [CARD, ROUTER, OTHER] = ["02:00:00:00:00:07", "02:00:00:00:00:01", "02:00:00:00:00:66"];
const NAME = "pumps.maker.example";

let packets = 0;
const asks = (name = NAME) =>
  ethernet(
    { type: 0x0800, from: CARD, to: ROUTER },
    ipv4({ protocol: 17, from: ASKER, to: SERVER, id: ++packets }, udp({ from: 40_000, to: 53 }, dns(0x0100, [dnsQuestion(name)], []))),
  );
/** `ip`: "" where there is no such name. */
const answers = (ip: string, from = ROUTER, flags = ip === "" ? 0x8183 : 0x8180) =>
  ethernet(
    { type: 0x0800, from, to: CARD },
    ipv4(
      { protocol: 17, from: SERVER, to: ASKER, id: ++packets },
      udp({ from: 53, to: 40_000 }, dns(flags, [dnsQuestion(NAME)], ip === "" ? [] : [dnsRecord(NAME, DnsType.a, ipBytes(ip))])),
    ),
  );
const found = (...frames: readonly Uint8Array[]) => foundLines(hear(frames, { every: 0.01 }), [nameForged]);

test("a second answer with other addresses is a finding of who asked, the more severe by another card", () => {
  assert.deepEqual(found(asks(), answers("10.0.0.66", OTHER), answers("203.0.113.7")), [
    `name-forged high ${ASKER} by ${SERVER}: 1 second answer of DNS by another card, with other addresses`,
  ]);
  assert.deepEqual(found(asks(), answers("198.51.100.9"), answers("")), [
    `name-forged medium ${ASKER} by ${SERVER}: 1 second answer of DNS to one question, with other addresses`,
  ]);
});

test("asked twice and answered otherwise each time, the same answer again, a refusal, and an answer nobody was heard to ask for are none", () => {
  const [one, two] = ["203.0.113.7", "203.0.113.8"];
  assert.deepEqual(found(asks(), asks(), answers(one), answers(two)), []);
  assert.deepEqual(found(asks(), answers(one), asks(), answers(two)), []);
  assert.deepEqual(found(asks(), answers(one), answers(one, OTHER, 0x8580)), []);
  assert.deepEqual(found(asks(), answers(one), answers("", ROUTER, 0x8182)), []);
  assert.deepEqual(found(answers(one), answers(two, OTHER)), []);
  assert.deepEqual(found(asks("other.example"), answers(one), answers(two, OTHER)), []);
});
