import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { dhcp } from "./dhcp.ts";

const MAC = "00:09:fb:12:34:56";
const COOKIE = "63825363";

/** Operation 1 asks, 2 answers. The addresses and the two overloadable fields are empty unless said. */
function message({ operation = "01", your = "00000000", relay = "00000000", serverName = "", file = "" }, options: Uint8Array): Uint8Array {
  const field = (text: string, bytes: number) => text.padEnd(bytes * 2, "0");
  return hex`
    ${operation} 01 06 00 12345678 0000 0000    # Ethernet, six bytes of MAC, transaction id
    00000000 ${your} 00000000 ${relay}
    0009fb123456 00000000000000000000
    ${field(serverName, 64)} ${field(file, 128)}
    ${COOKIE} ${options}`;
}

test("a device introduces itself", () => {
  const discover = message(
    {},
    hex`
    35 01 01                            # DISCOVER
    0c 05 70756d7037                    # host name: pump7
    3c 09 756468637020312e32            # vendor class: udhcp 1.2
    37 04 01 03 06 2a                   # wants: mask, router, name servers, time servers
    3d 07 01 0009fb123456               # client id: its MAC, nothing new
    4d 05 04 77617264                   # user class: ward
    a1 08 68747470733a2f2f              # MUD URL
    ff 00`,
  );
  assert.equal(dhcp.recognize(discover, "client"), true);
  assert.equal(dhcp.recognize(discover, "server"), false);
  assert.deepEqual(notes(dhcp, discover), [
    "operation: DISCOVER",
    `${MAC} hostname: pump7`,
    `${MAC} vendorClass: udhcp 1.2`,
    `${MAC} dhcpFingerprint: 1,3,6,42`,
    `${MAC} userClass: ward`,
    `${MAC} mudUrl: https://`,
  ]);
});

test("its full name may be written as in DNS, with or without an end, or as text", () => {
  const named = (option: Uint8Array) => notes(dhcp, message({}, hex`35 01 03 51 ${Uint8Array.of(option.length)} ${option} ff`));
  const expected = ["operation: REQUEST", `${MAC} hostname: pump7.icu`];
  assert.deepEqual(named(hex`04 00 00 05 70756d7037 03 696375 00`), expected);
  assert.deepEqual(named(hex`04 00 00 05 70756d7037 03 696375`), expected);
  assert.deepEqual(named(hex`00 00 00 70756d70372e696375`), expected);
});

test("a PXE machine says its UUID, and a client id that is no MAC is kept", () => {
  const request = message(
    {},
    hex`
    35 01 01
    3d 07 ff 00000001 00 02                               # an IAID and the start of a DUID
    61 11 00 33221100 5544 7766 8899 aabbccddeeff        # UUID, first parts turned around
    ff`,
  );
  assert.deepEqual(notes(dhcp, request), [
    "operation: DISCOVER",
    `${MAC} clientId: ff000000010002`,
    `${MAC} uuid: 00112233-4455-6677-8899-aabbccddeeff`,
  ]);
});

test("a client id that is text may be a name, and is not kept as a number", () => {
  assert.deepEqual(notes(dhcp, message({}, hex`35 01 01  3d 09 00 6a616e652d706331  ff`)), ["operation: DISCOVER"]);
});

test("an acknowledgment through a relay ties MAC, address and switch port, and names server and relay", () => {
  const ack = message(
    { operation: "02", your: "c0000207", relay: "c0000201" },
    hex`
    35 01 05
    36 04 c0000242                                        # server: 192.0.2.66
    0c 05 6f74686572                                      # a name the server made up: not the device's word
    0f 0c 776172642e6578616d706c65                        # domain: ward.example
    52 12 01 06 00 04 000a 01 03  02 08 00 06 00005e005301 # circuit: VLAN 10, 1/3; remote: a switch's MAC
    ff`,
  );
  assert.deepEqual(notes(dhcp, ack, { sender: { ip: "192.0.2.1" } }), [
    "operation: ACK",
    "192.0.2.1 carrier: DHCP relay",
    "192.0.2.66 service: dhcp",
    `${MAC} address: 192.0.2.7`,
    `${MAC} domain: ward.example`,
    `${MAC} switchPort: VLAN 10 port 1/3 of 00:00:5e:00:53:01`,
  ]);
});

test("an offer ties nothing: it may be refused or lost", () => {
  const offer = message({ operation: "02", your: "c0000207" }, hex`35 01 02 36 04 0a000001 ff`);
  assert.deepEqual(notes(dhcp, offer), ["operation: OFFER", "10.0.0.1 service: dhcp"]);
});

test("options may go on in the fields for a file and a server's name, and come in parts", () => {
  const request = message(
    { file: "0c 02 7075 ff".replaceAll(" ", ""), serverName: "0c 03 6d7037 ff".replaceAll(" ", "") },
    hex`35 01 03 34 01 03 ff`,
  );
  assert.deepEqual(notes(dhcp, request), ["operation: REQUEST", `${MAC} hostname: pump7`]);
});

test("what came before a broken option still counts", () => {
  const broken = message(
    {},
    hex`
    0c 05 70756d7037              # host name: pump7
    3c 40 41                      # vendor class: says 64 bytes, has one`,
  );
  assert.deepEqual(notes(dhcp, broken), [
    "operation: BOOTP",
    `${MAC} hostname: pump7`,
    "malformed: an option runs past the end of the message",
  ]);
});

test("bytes hidden after the end are noticed, fill bytes are not", () => {
  assert.deepEqual(notes(dhcp, message({}, hex`35 01 07 ff 00 41`)), [
    "operation: RELEASE",
    "malformed: bytes after the end of the options",
  ]);
  assert.deepEqual(notes(dhcp, message({}, hex`35 01 07 ff 00 00`)), ["operation: RELEASE"]);
});

test("BOOTP without the cookie, and a DHCPv6 request, are not DHCP", () => {
  const bootp = message({}, hex`ff`);
  bootp[236] = 0;
  assert.equal(dhcp.recognize(bootp, "unknown"), false);
  assert.equal(dhcp.recognize(hex`01 123456 0001 000a 00030001 0009fb123456`, "unknown"), false);
});

test("a server's answer is told with its network, and apart with what else it gives; a relayed one and one for start-up alone are not", () => {
  const given = hex`35 01 05  36 04 c0000201  01 04 ffffff00  03 04 c0000201  06 04 c0000235 ff`;
  const server = { sender: { ip: "192.0.2.1" }, side: "server" } as const;
  const notables = (answer: Uint8Array) => notes(dhcp, answer, server).filter((it) => it.startsWith("notable"));
  assert.deepEqual(notables(message({ operation: "02", your: "c0000264" }, given)), [
    "notable: dhcpNetwork 0 from 192.0.2.1 to 192.0.2.1 in 192.0.2.0",
    "notable: dhcpOptions 0 from 192.0.2.1 to 192.0.2.1 in 192.0.2.0 c0000201 c0000235",
  ]);
  assert.deepEqual(notables(message({ operation: "02", your: "c0000264", relay: "c00002fe" }, given)), []);
  assert.deepEqual(notables(message({ operation: "02" }, given)), []);
});

test("who asks for another than his own card is told, and which server a client takes", () => {
  const notables = (card: string, options: Uint8Array) =>
    notes(dhcp, message({}, options), { sender: { mac: card, ip: "0.0.0.0" } }).filter((it) => it.startsWith("notable"));
  assert.deepEqual(notables("00:09:fb:00:00:66", hex`35 01 01 ff`), [`notable: dhcpClient ${MAC} 0 from 00:09:fb:00:00:66 to ?`]);
  assert.deepEqual(notables(MAC, hex`35 01 01 ff`), []);
  assert.deepEqual(notables(MAC, hex`35 01 03 36 04 c0000201 ff`), [`notable: dhcpServerChosen 0 from ${MAC} to 192.0.2.1`]);
});
