import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, ethernet, ipv6, udpFrame } from "../testing/frames.ts";
import { Ear } from "../testing/hear.ts";
import { hex } from "../testing/notes.ts";
import { foundLines } from "../testing/watched.ts";
import { rogueRouter } from "./rogue-router.ts";

const DAY = 24 * 3600;
const announces = (ip: string, lifetime = "0708", vlan = 10, options: Uint8Array = new Uint8Array(0)) =>
  ethernet(
    { type: 0x86dd, vlans: [vlan] },
    ipv6({ from: ip, to: "ff02::1", nextHeader: 58, hopLimit: 255 }, bytes(hex`86 00 0000 40 00 ${lifetime} 00000000 00000000`, options)),
  );
/** RFC 4861 section 4.6.2: a network of the segment's own, by its first four bytes. */
const gives = (ip: string, network: string, valid = "00015180") =>
  announces(ip, "0708", 10, hex`03 04 40 c0 ${valid} 00003840 00000000 ${network} 000000000000000000000000`);

function found(...story: readonly (Uint8Array | number)[]): string[] {
  const ear = new Ear();
  for (const it of story)
    if (typeof it === "number") ear.wait(it);
    else ear.frame(it);
  return foundLines(ear.end(), [rogueRouter]);
}
const line = (ip: string) => `rogue-router high ${ip}: announces itself as a router for IPv6 on vlan 10, where it never did`;

test("a router that nobody heard on the first day is found, once", () => {
  assert.deepEqual(found(announces("fe80::1"), DAY + 60, announces("fe80::9"), 600, announces("fe80::9")), [line("fe80::9")]);
});

test("those of the first day, and who says it is no router, are none; another segment's is", () => {
  assert.deepEqual(found(announces("fe80::1"), 60, announces("fe80::2"), DAY, announces("fe80::2"), announces("fe80::9", "0000")), []);
  assert.deepEqual(found(announces("fe80::1", "0708", 20), DAY + 60, announces("fe80::1")), [line("fe80::1")]);
});

test("a stranger among routers that stand in for each other is found; those of the first day are none", () => {
  const hello = (fromIp: string, state = "10") =>
    udpFrame({ from: 1985, to: 1985, fromIp, toIp: "224.0.0.2" }, hex`00 00 ${state} 03 0a 64 01 00 ${Buffer.from("ward-net")} 0a000001`);
  assert.deepEqual(found(hello("10.0.0.2"), 60, hello("10.0.0.3", "08"), DAY + 60, hello("10.0.0.66")), [
    "rogue-router high 10.0.0.66: speaks among routers that stand in for each other (HSRP, VRRP) on untagged, where it never did",
  ]);
  assert.deepEqual(found(hello("10.0.0.2"), 60, hello("10.0.0.3", "08"), DAY + 60, hello("10.0.0.3")), []);
  // Of a group that nobody heard for days nothing can be taken over: it is another one's.
  assert.deepEqual(found(hello("10.0.0.2"), 3 * DAY, hello("10.0.0.66"), 60, hello("10.0.0.67")), []);
});

test("on the first day who gives other networks than the routers before it is found at its second word; a pair, and one without any, are none", () => {
  const odd = "rogue-router high fe80::9: announces itself as a router for IPv6 on vlan 10, with other networks than the routers before it";
  assert.deepEqual(found(gives("fe80::1", "20010db8"), 5, gives("fe80::9", "fd000bad"), 5, gives("fe80::9", "fd000bad")), [odd]);
  assert.deepEqual(found(gives("fe80::1", "20010db8"), 5, gives("fe80::9", "fd000bad"), 5, gives("fe80::1", "20010db8")), []);
  assert.deepEqual(found(gives("fe80::1", "20010db8"), 5, gives("fe80::2", "20010db8"), 5, gives("fe80::2", "20010db8")), []);
  assert.deepEqual(found(gives("fe80::1", "20010db8"), 5, announces("fe80::2"), 5, announces("fe80::2")), []);
  // It takes its network back, and is renumbered by its own router.
  assert.deepEqual(found(gives("fe80::1", "20010db8"), 5, gives("fe80::1", "fd000bad"), 5, gives("fe80::2", "fd000bad")), []);
});

test("who was heard as a machine like any other and then says that it is a router is found; a router that begins with it is none", () => {
  const speaks = (ip: string) => ethernet({ type: 0x86dd, vlans: [10] }, ipv6({ from: ip, to: "ff02::16", nextHeader: 58, hopLimit: 1 }, hex`8f 00 0000 0000 0000`)); // prettier-ignore
  assert.deepEqual(found(speaks("fe80::9"), 36 * 60, announces("fe80::9")), [line("fe80::9")]);
  assert.deepEqual(found(speaks("fe80::9"), 60, announces("fe80::9"), 36 * 60, announces("fe80::9")), []);
});

test("a flood of routers is one finding of the segment, on the first day and later", () => {
  const flood = Array.from({ length: 40 }, (_, i) => gives(`fe80::${i + 10}`, `fd0000${String(i + 10)}`));
  const first = found(gives("fe80::1", "20010db8"), 5, ...flood, 2);
  assert.equal(first.length, 1);
  assert.match(first[0]!, /^rogue-router high segment: 8 machines announce themselves as routers/);
  const later = found(gives("fe80::1", "20010db8"), DAY + 60, ...flood, 2);
  assert.ok(later.length <= 3, later.join("\n"));
});

test("a router that is said to be none, again and again while it says that it is one, is found; one that ends, and one that never was, are not", () => {
  const [is, isNot] = [announces("fe80::1"), announces("fe80::1", "0000")];
  const denied =
    "rogue-router high fe80::1: is said to be no router any more for IPv6 on vlan 10, again and again, while it says that it is one";
  assert.deepEqual(found(is, isNot, 5, is, isNot, 5, is, isNot), [denied]);
  assert.deepEqual(found(is, 5, is, 5, isNot, isNot, isNot, 5, isNot), []);
  assert.deepEqual(found(...Array.from({ length: 9 }, () => [isNot, 5]).flat()), []);
  assert.deepEqual(found(is, isNot, 400, is, isNot, 400, is, isNot), []);
});
