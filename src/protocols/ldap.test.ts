import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { ldap } from "./ldap.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const text = (words: string) => new Uint8Array(Buffer.from(words));
const own = hex`
  30 84 00000042 02 01 02                         # message 2
  64 84 00000039 04 00                            # an entry without a name
  30 84 00000031 30 84 0000002b
  04 14 ${text("defaultNamingContext")}
  31 84 0000000f 04 0d ${text("DC=a,DC=local")}`;

test("a directory's own entry names its domain; another entry is somebody's", () => {
  const message = hex`30 2f 02 01 02 64 2a 04 00 30 26 30 24 04 0b ${text("dnsHostName")} 31 15 04 13 ${text("dc1.clinic.example.")}`;
  assert.equal(ldap.recognize(message, "server"), true);
  assert.equal(ldap.recognize(message, "client"), false);
  assert.deepEqual(notes(ldap, message, SERVER), ["10.0.0.2 hostname: dc1.clinic.example."]);
  assert.deepEqual(notes(ldap, hex`30 10 02 01 02 64 0b 04 05 ${text("CN=Me")} 30 02 0000`, SERVER), []);
  assert.deepEqual(notes(ldap, own, SERVER), ["10.0.0.2 domain: a.local"]);
  assert.deepEqual(notes(ldap, own.subarray(0, 50), SERVER), ["malformed: an attribute runs past the end"]);
});

test("OpenLDAP says by its class what it is; another directory's class says nothing", () => {
  const entry = (name: string) =>
    hex`30 30 02 01 01 64 2b 04 00 30 27 30 25 04 0b ${text("objectClass")} 31 16 04 03 ${text("top")} 04 0f ${text(name)}`;
  assert.deepEqual(notes(ldap, entry("OpenLDAProotDSE"), SERVER), ["10.0.0.2 software: OpenLDAP"]);
  assert.deepEqual(notes(ldap, entry("SomeOthrRootDSE"), SERVER), []);
});

test("a password in the clear, and whether it was right", () => {
  const memory = ldap.remember!();
  const bind = hex`30 13 02 01 01 60 0e 02 01 03 04 04 ${text("cn=x")} 80 03 ${text("pwd")}`;
  assert.deepEqual(notes(ldap, bind, { memory }), ["operation: BIND", "10.0.0.2 clearCredentials: ldap bind"]);
  assert.deepEqual(notes(ldap, hex`30 0c 02 01 01 61 07 0a 01 31 04 00 04 00`, { ...SERVER, memory }), ["login refused of cn=x"]);
  assert.deepEqual(notes(ldap, hex`30 0c 02 01 01 61 07 0a 01 31 04 00 04 00`, { ...SERVER, memory }), [], "nothing was offered");
  assert.deepEqual(notes(ldap, hex`30 0c 02 01 01 61 07 0a 01 0e 04 00 04 00`, SERVER), [], "the log-in goes on");
  assert.deepEqual(notes(ldap, hex`30 0c 02 01 01 60 07 02 01 03 04 00 80 00`), ["operation: BIND"], "nobody logs in");
});

test("who looks for its domain names itself", () => {
  const search = hex`
    30 2f 02 01 01 63 2a 04 00 0a 01 00 0a 01 00 02 01 00 02 01 00 01 01 00
    a0 0d a3 0b 04 04 ${text("Host")} 04 03 ${text("WS7")}
    30 0a 04 08 ${text("netlogon")}`;
  assert.equal(ldap.recognize(search, "unknown"), true);
  assert.deepEqual(notes(ldap, search), ["operation: SEARCH", "10.0.0.1 hostname: WS7"]);
});

test("a search for every account with a service is told, in the clear or signed; for one service it is not", () => {
  const search = (filter: Uint8Array) => hex`
    30 ${(filter.length + 30).toString(16)} 02 01 01 63 ${(filter.length + 25).toString(16)} 04 04 ${text("DC=a")} 0a 01 02 0a 01 00 02 01 00 02 01 00
    01 01 00 ${filter} 30 00`;
  const all = search(hex`87 14 ${text("servicePrincipalName")}`);
  assert.deepEqual(notes(ldap, all), ["operation: SEARCH", "notable: serviceAccountSearch"]);
  const one = search(hex`a3 1b 04 14 ${text("servicePrincipalName")} 04 03 ${text("a/b")}`);
  assert.deepEqual(notes(ldap, one), ["operation: SEARCH"]);
  const signed = (flags: string, message: Uint8Array) =>
    hex`000000${(message.length + 16).toString(16)} 0504 ${flags} ff ${new Uint8Array(12)} ${message}`;
  assert.equal(ldap.messageLength!(signed("04", all)), signed("04", all).length);
  assert.deepEqual(notes(ldap, signed("04", all)), ["notable: serviceAccountSearch"]);
  assert.deepEqual(notes(ldap, signed("04", one)), []);
  assert.deepEqual(notes(ldap, signed("06", all)), ["enough"], "sealed, whatever it looks like");
});

test("what is sealed after the log-in is counted only", () => {
  assert.deepEqual(notes(ldap, hex`00000010 0504 06ff`), ["enough"]);
  assert.deepEqual(notes(ldap, hex`30 05 02 01 01 99 00`), ["malformed: a message whose parts do not fit one another"]);
});

test("SNMP and a sequence whose lengths disagree are not LDAP", () => {
  assert.equal(ldap.recognize(hex`30 0d 02 01 01 04 06 ${text("public")} a0 00`, "client"), false);
  assert.equal(ldap.recognize(hex`30 0c 02 01 01 61 17 0a 01 00 04 00 04 00`, "server"), false);
  assert.equal(ldap.recognize(hex`30 84 00000010 02 01 01 61`, "server"), false);
});
