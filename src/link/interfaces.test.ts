import assert from "node:assert/strict";
import { test } from "node:test";
import { voicesOf, type Interface } from "./interfaces.ts";

const SILENT: Interface = {
  name: "eth1",
  loopback: false,
  on: true,
  up: true,
  mac: "00:50:56:00:00:01",
  addresses: [],
  answersArp: false,
  speaksIpv6: false,
  forwards: false,
  above: [],
  hasDefaultRoute: false,
  framesIn: 12,
  framesOut: 0,
};

test("an interface that is fit for a mirror has no voice", () => {
  assert.deepEqual(voicesOf(SILENT), []);
});

test("whatever makes the kernel send is named, with the line that ends it", () => {
  const loud = voicesOf({
    ...SILENT,
    addresses: ["10.0.0.7", "fe80::1"],
    answersArp: true,
    speaksIpv6: true,
    forwards: true,
    master: "br0",
    above: ["eth1.10", "eth1.20"],
  });
  assert.deepEqual(loud.map(({ words, cure = "" }) => `${words}: ${cure}`), [
    "br0 passes on what comes in: sudo ip link set dev eth1 nomaster",
    "eth1.10, eth1.20 send through it: ",
    "the kernel answers as 10.0.0.7, fe80::1: sudo ip address flush dev eth1",
    "it answers ARP: sudo ip link set dev eth1 arp off",
    "it speaks IPv6 by itself: sudo sysctl -w net/ipv6/conf/eth1/disable_ipv6=1",
    "it hands on what is sent to it: sudo sysctl -w net/ipv4/conf/eth1/forwarding=0",
  ]); // prettier-ignore
});

test("a dot in the name stays part of the name", () => {
  const [voice] = voicesOf({ ...SILENT, name: "eth1.10", forwards: true });
  assert.equal(voice?.cure, "sudo sysctl -w net/ipv4/conf/eth1.10/forwarding=0");
});
