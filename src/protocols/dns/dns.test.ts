import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../../testing/notes.ts";
import { dns } from "./dns.ts";
import { llmnr } from "./llmnr.ts";
import { mdns } from "./mdns.ts";

/** A name from its labels, in hex. */
function name(text: string): string {
  return `${text
    .split(".")
    .map((label) => label.length.toString(16).padStart(2, "0") + Buffer.from(label).toString("hex"))
    .join("")}00`;
}
const query = (asked: string) => hex`1234 0100 0001 0000 0000 0000 ${name(asked)} 0001 0001`;
const ANSWER = hex`
  1234 8180 0001 0003 0000 0000
  ${name("telemetry.maker.example")} 0001 0001
  c00c 0005 0001 0000003c 0007 04 65646765 c016    # another name: edge.maker.example
  c035 0001 0001 0000003c 0004 cb007107             # 203.0.113.7
  c035 0001 0001 0000003c 0004 7f000001`; //          loopback: a blocked name, nobody's address

test("an answer gives an address the name it was asked by, not the name it is filed under", () => {
  assert.equal(dns.recognize(ANSWER, "server"), true);
  assert.equal(dns.recognize(ANSWER, "client"), false);
  assert.deepEqual(notes(dns, ANSWER, { side: "server" }), ["203.0.113.7 askedAs: telemetry.maker.example"]);
});

test("a question is kept when machines ask it of themselves, not when it is what a person reads", () => {
  assert.equal(dns.recognize(query("www.clinic.example"), "client"), true);
  assert.deepEqual(notes(dns, query("www.clinic.example")), ["operation: QUERY"]);
  assert.deepEqual(notes(dns, query("ntp2.clinic.example")), ["operation: QUERY", "10.0.0.1 wants: ntp2.clinic.example"]);
  assert.deepEqual(notes(dns, query("time.windows.com")), ["operation: QUERY", "10.0.0.1 wants: time.windows.com"]);
});

test("a member of a domain looks for its controller", () => {
  assert.deepEqual(notes(dns, query("_ldap._tcp.site-1._sites.dc._msdcs.clinic.example")), [
    "operation: QUERY",
    "10.0.0.1 domain: clinic.example",
  ]);
});

test("where a service stands is asked of a name server; a NetBIOS name by the same number is not", () => {
  const typed = (asked: string) => hex`1234 0100 0001 0000 0000 0000 ${name(asked)} 0021 0001`;
  assert.equal(dns.recognize(typed("_ldap._tcp.clinic.example"), "client"), true);
  assert.equal(dns.recognize(typed("CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), "client"), false);
  assert.equal(dns.recognize(typed("CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.scope"), "client"), false);
});

test("a machine that registers itself names itself", () => {
  const update = hex`
    1234 2800 0001 0000 0001 0000                   # update of one zone, one record to add
    ${name("clinic.example")} 0006 0001
    05 6e75727365 c00c 0001 0001 00000384 0004 c0000207`;
  assert.equal(dns.recognize(update, "client"), true);
  assert.deepEqual(notes(dns, update), ["operation: UPDATE", "192.0.2.7 hostname: nurse.clinic.example"]);
});

test("a reverse answer names the address, a version answer the server's program", () => {
  const reverse = hex`
    1234 8180 0001 0001 0000 0000
    ${name("7.2.0.192.in-addr.arpa")} 000c 0001
    c00c 000c 0001 0000003c 000f 04 61726368 07 636c696e696373 00 00`;
  assert.deepEqual(notes(dns, reverse, { side: "server" }), ["192.0.2.7 hostname: arch.clinics"]);
  const version = hex`
    1234 8580 0001 0001 0000 0000
    ${name("version.bind")} 0010 0003
    c00c 0010 0003 00000000 0007 06 392e31382e33`;
  assert.deepEqual(notes(dns, version, { side: "server" }), ["10.0.0.1 serverBanner: 9.18.3"]);
});

test("over TCP a length comes first, and the message is known when it is whole", () => {
  const asked = query("time.windows.com");
  const stream = hex`00 ${Uint8Array.of(asked.length)} ${asked} 00 ff`;
  assert.equal(dns.messageLength!(stream), asked.length + 2);
  assert.equal(dns.recognize(stream, "client"), true);
  assert.equal(dns.recognize(stream.subarray(0, 20), "client"), false);
  assert.deepEqual(notes(dns, stream.subarray(0, asked.length + 2)), ["operation: QUERY", "10.0.0.1 wants: time.windows.com"]);
});

test("what came before a broken record still counts", () => {
  const broken = hex`
    1234 8180 0001 0002 0000 0000
    ${name("fw.example")} 0001 0001
    c00c 0001 0001 0000003c 0004 cb007107
    c00c 0001 0001 0000003c 00ff cb007108`;
  assert.equal(dns.recognize(broken, "server"), false);
  assert.deepEqual(notes(dns, broken, { side: "server" }), [
    "203.0.113.7 askedAs: fw.example",
    "malformed: a record is cut short or its name is broken",
  ]);
});

test("its relatives are not DNS, and DNS is none of them", () => {
  const multicast = hex`0000 0000 0001 0000 0000 0000 ${name("_ipp._tcp.local")} 000c 0001`;
  const netbios = hex`1234 0110 0001 0000 0000 0000 ${name("CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")} 0021 0001`;
  assert.equal(dns.recognize(multicast, "unknown"), false);
  assert.equal(dns.recognize(netbios, "unknown"), false);
  assert.equal(llmnr.recognize(query("wpad.clinic.example"), "unknown"), false);
  assert.equal(mdns.recognize(query("wpad.clinic.example"), "unknown"), false);
});

test("a long name, and one no machine is called by, is counted below its domain; services, short and reverse names are not", () => {
  const asked = (text: string, type = "0001") =>
    notes(dns, hex`1234 0100 0001 0000 0000 0000 ${name(text)} ${type} 0001`).filter((it) => it.startsWith("notable"));
  const long = "0123456789abcdef0123456789abcdef.t";
  assert.deepEqual(asked(`${long}.tunnel.example`), [`notable: dnsName ${long}.tunnel.example 34 in tunnel.example`]);
  assert.deepEqual(asked(`${long}.tunnel.co.uk`), [`notable: dnsName ${long}.tunnel.co.uk 34 in tunnel.co.uk`]);
  assert.deepEqual(asked("abcd.tunnel.example", "000a"), ["notable: dnsOddName abcd.tunnel.example 4 in tunnel.example"]);
  for (const ordinary of ["www.clinic.example", "a1234.g.cache.example", "1.2.0.192.in-addr.arpa", "tunnel.example"])
    assert.deepEqual(asked(ordinary), []);
  assert.deepEqual(asked("selector1._domainkey.clinic.example", "0010"), []);
});
