import assert from "node:assert/strict";
import { test } from "node:test";
import { arp, ethernet, ipBytes, ipv4, pcapFile, pcapngFile, tcp, tcpFrame } from "./frames.ts";
import { hex } from "./notes.ts";

test("a frame is its layers, one in the other", () => {
  const frame = ethernet({ type: 0x0800, vlans: [7] }, ipv4({ protocol: 6, id: 9 }, tcp({ from: 258, to: 104, flags: "SA" }, hex`ff`)));
  assert.deepEqual(
    frame,
    hex`
    0200000000 0b 0200000000 0a 8100 0007 0800              # Ethernet, VLAN 7
    45 00 0029 0009 0000 40 06 66c4 0a000001 0a000002       # IPv4: 41 bytes, TTL 64, TCP
    0102 0068 00000001 00000000 50 12 faf0 0000 0000        # TCP: SYN and ACK
    ff`,
  );
});

test("addresses are written as people write them", () => {
  assert.deepEqual(ipBytes("2001:db8::1"), hex`20010db8 00000000 00000000 00000001`);
  assert.deepEqual(ipBytes("::"), new Uint8Array(16));
  assert.deepEqual(
    arp(1, ["02:00:00:00:00:0a", "10.0.0.1"], ["00:00:00:00:00:00", "10.0.0.2"]).subarray(6, 18),
    hex`0001 02000000000a 0a000001`,
  );
});

test("a file has its header, and each frame its time and lengths", () => {
  const file = pcapFile([{ bytes: hex`aabb`, at: 1_000_002, wireLength: 60 }]);
  assert.deepEqual(
    file,
    hex`
    d4c3b2a1 0200 0400 00000000 00000000 00000400 01000000  # microseconds, version 2.4, snap length, Ethernet
    01000000 02000000 02000000 3c000000 aabb                # 1.000002 s, 2 bytes of 60`,
  );
});

test("every block of a pcapng file says its length twice", () => {
  const file = pcapngFile([tcpFrame({ to: 104 })], { resolution: 9, bigEndian: true });
  const view = new DataView(file.buffer);
  const types: number[] = [];
  for (let at = 0; at < file.length; at += view.getUint32(at + 4)) {
    types.push(view.getUint32(at));
    assert.equal(view.getUint32(at + view.getUint32(at + 4) - 4), view.getUint32(at + 4));
  }
  assert.deepEqual(types, [0x0a0d0d0a, 1, 6]);
});
