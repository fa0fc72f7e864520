import assert from "node:assert/strict";
import { test } from "node:test";
import { entries } from "../testing/entries.ts";
import { arpCommand } from "./arp-command.ts";
import { ciscoArp } from "./cisco-arp.ts";
import { ipNeighbor } from "./ip-neighbor.ts";
import { macAddresses } from "./mac-addresses.ts";

test("Cisco IOS says how many minutes ago, NX-OS with a clock; a dash is the router's own", () => {
  const ios = `core#show ip arp
Protocol  Address          Age (min)  Hardware Addr   Type   Interface
Internet  10.20.3.1               -   001b.5400.0001  ARPA   Vlan20
Internet  10.20.3.7              31   0009.fb12.3456  ARPA   Vlan20
Internet  10.20.3.8               0   Incomplete      ARPA
Internet  10.20.3.9`;
  assert.deepEqual(entries(ciscoArp, ios), [
    "00:1b:54:00:00:01 10.20.3.1",
    "00:09:fb:12:34:56 10.20.3.7 2026-11-23T08:00:00",
    "expected an IP address, an age and a MAC",
  ]);
  const nexus = `Flags: * - Adjacencies learnt on non-active FHRP router
IP ARP Table for context default
Total number of entries: 1
Address         Age       MAC Address     Interface       Flags
10.20.3.7       00:31:00  0009.fb12.3456  Vlan20`;
  assert.deepEqual(entries(ciscoArp, nexus), ["00:09:fb:12:34:56 10.20.3.7 2026-11-23T08:00:00"]);
});

test("arp -an of Linux, and of BSD which leaves zeros out", () => {
  const text = `? (10.20.3.7) at 00:09:fb:12:34:56 [ether] on eth0
? (10.20.3.8) at <incomplete> on eth0
pump-9.clinic.example (10.20.3.9) at 0:9:fb:12:34:58 on en0 ifscope [ethernet]
? (10.20.3.10) at`;
  assert.deepEqual(entries(arpCommand, text), [
    "00:09:fb:12:34:56 10.20.3.7",
    "00:09:fb:12:34:58 10.20.3.9",
    "expected (an IP address) at a MAC",
  ]);
});

test("ip neigh of both versions of IP; who never answered has no card", () => {
  const text = `10.20.3.7 dev eth0 lladdr 00:09:fb:12:34:56 REACHABLE
10.20.3.8 dev eth0 FAILED
fe80::209:fbff:fe12:3456 dev eth0 lladdr 00:09:fb:12:34:56 router STALE
10.20.3.9 dev eth0 lladdr 00:09`;
  assert.deepEqual(entries(ipNeighbor, text), [
    "00:09:fb:12:34:56 10.20.3.7",
    "00:09:fb:12:34:56 fe80::209:fbff:fe12:3456",
    "expected an IP address, dev, lladdr and a state",
  ]);
});

test("any table with headings for cards and addresses", () => {
  assert.deepEqual(entries(macAddresses, "ip,mac,hostname\n10.20.3.7,00:09:fb:12:34:56,pump-7\n10.20.3.8,00:09:fb"), [
    "00:09:fb:12:34:56 10.20.3.7 hostname: pump-7",
    'expected a MAC and an IP address, got "00:09:fb" and "10.20.3.8"',
  ]);
});

test("what looks alike is none: routes, names and their addresses", () => {
  assert.throws(() => entries(ipNeighbor, "10.20.3.0/24 dev eth0 proto kernel scope link src 10.20.3.1"), /no form/);
  assert.throws(() => entries(arpCommand, "pump-7 (10.20.3.7) is alive"), /no form/);
  assert.throws(() => entries(ciscoArp, "Protocol  Address  Metric\nInternet  10.20.3.7  1"), /no form/);
});
