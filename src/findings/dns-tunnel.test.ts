import assert from "node:assert/strict";
import { test } from "node:test";
import { udpFrame } from "../testing/frames.ts";
import { hear } from "../testing/hear.ts";
import { dns, dnsQuestion } from "../testing/messages.ts";
import { foundLines } from "../testing/watched.ts";
import { dnsTunnel } from "./dns-tunnel.ts";

const CLIENT = "10.0.0.7";
const SERVER = "10.0.0.53";
const NULL_TYPE = 10;
const TXT = 16;

const ask = (name: string, type = 1) =>
  udpFrame({ from: 40_000, to: 53, fromIp: CLIENT, toIp: SERVER }, dns(0x0100, [dnsQuestion(name, type)], []));
const found = (frames: readonly Uint8Array[], every: number) => foundLines(hear(frames, { every }), [dnsTunnel]);
const data = (i: number, bytes: number) => `${i}`.padStart(4, "0").padEnd(bytes, "abcdefgh");

test("20 names no machine has, below one domain within a minute, are a tunnel, told with the 20th", () => {
  const names = Array.from({ length: 30 }, (_, i) => ask(`${data(i, 30)}.tunnel.example`, NULL_TYPE));
  assert.deepEqual(found(names, 2), [
    `dns-tunnel high ${CLIENT} by ${SERVER}: 20 names with 600 bytes asked for below one domain within 39 s, 20 of them no machine's`,
  ]);
});

test("50 long names with 2,000 bytes are one too", () => {
  const names = Array.from({ length: 60 }, (_, i) => ask(`${data(i, 40)}.tunnel.example`));
  assert.match(found(names, 1)[0] ?? "", /^dns-tunnel high 10\.0\.0\.7 by 10\.0\.0\.53: 5\d names with 2\d\d\d bytes/);
});

test("the same names again, few long ones, many below many domains, services and reverse names are none", () => {
  const times = (count: number, name: (i: number) => Uint8Array) => Array.from({ length: count }, (_, i) => name(i));
  assert.deepEqual(
    found(
      times(100, (i) => ask(`${data(i % 10, 40)}.tunnel.example`, NULL_TYPE)),
      0.5,
    ),
    [],
  );
  assert.deepEqual(
    found(
      times(45, (i) => ask(`${data(i, 60)}.cache.example`)),
      1,
    ),
    [],
  );
  assert.deepEqual(
    found(
      times(200, (i) => ask(`${data(i, 40)}.site${i}.example`)),
      0.1,
    ),
    [],
  );
  assert.deepEqual(
    found(
      times(50, (i) => ask(`_ldap._tcp.site${i}._sites.dc.clinic.example`, 33)),
      0.5,
    ),
    [],
  );
  assert.deepEqual(
    found(
      times(50, (i) => ask(`s${i}._domainkey.clinic.example`, TXT)),
      0.5,
    ),
    [],
  );
  assert.deepEqual(
    found(
      times(100, (i) => ask(`${i}.2.0.192.in-addr.arpa`, 12)),
      0.1,
    ),
    [],
  );
});

test("slowly, it is not found: 20 names in 3 minutes", () => {
  assert.deepEqual(
    found(
      Array.from({ length: 20 }, (_, i) => ask(`${data(i, 30)}.tunnel.example`, NULL_TYPE)),
      9,
    ),
    [],
  );
});

test("a name asked for twice brings no more bytes than once", () => {
  const names = Array.from({ length: 110 }, (_, i) => ask(`${data(i >> 1, 30)}.counter.example`));
  assert.deepEqual(found(names, 0.5), []);
});
