import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, ethernet, ipv6, udpFrame } from "../testing/frames.ts";
import { Ear } from "../testing/hear.ts";
import { hex } from "../testing/notes.ts";
import { foundLines } from "../testing/watched.ts";
import { rogueRouter } from "./rogue-router.ts";

const DAY = 24 * 3600;
const announces = (ip: string, lifetime = "0708", vlan = 10) =>
  ethernet(
    { type: 0x86dd, vlans: [vlan] },
    ipv6({ from: ip, to: "ff02::1", nextHeader: 58, hopLimit: 255 }, bytes(hex`86 00 0000 40 00 ${lifetime} 00000000 00000000`)),
  );

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
