import assert from "node:assert/strict";
import { test } from "node:test";
import { entries, shown, WRITTEN_AT } from "../testing/entries.ts";
import { dnsmasqLeases } from "./dnsmasq-leases.ts";
import { iscLeases } from "./isc-leases.ts";
import { keaLeaseJson } from "./kea-lease-json.ts";
import { keaLeases } from "./kea-leases.ts";
import { windowsLeases } from "./windows-leases.ts";

const WINDOWS = `#TYPE Microsoft.Management.Infrastructure.CimInstance#root/Microsoft/Windows/DHCP/DhcpServerv4Lease
"IPAddress","ScopeId","AddressState","ClientId","ClientType","Description","DnsRegistration","DnsRR","HostName","LeaseExpiryTime","NapCapable","NapStatus","PolicyName","ProbationEnds","ServerIP","PSComputerName"
"10.20.3.7","10.20.3.0","Active","00-09-fb-12-34-56","Dhcp",,"Complete","AandPTR","pump-7.clinic.example","11/24/2026 8:00:00 AM","False","FullAccess",,,"10.20.0.5",
"10.20.3.8","10.20.3.0","InactiveReservation","00-09-fb-12-34-57","Dhcp","bed 8, ""old""","Complete","AandPTR","pump-8.clinic.example",,"False","FullAccess",,,"10.20.0.5",
"10.20.3.9","10.20.3.0","ActiveReservation","52-41-53-20-00-11-22-33-44-55-66-77-00-00-00-00","Dhcp",,"Complete","AandPTR","ras",,"False","FullAccess",,,"10.20.0.5",
"10.20.3.300","10.20.3.0","Active","00-09-fb-12-34-58","Dhcp",,"Complete","AandPTR","pump-9","11/24/2026 8:00:00 AM","False","FullAccess",,,"10.20.0.5",
"10.20.3.10","10.20`;

test("leases of Windows: what is active, as of the list; a remote access server's own are no machine's", () => {
  assert.deepEqual(entries(windowsLeases, WINDOWS), [
    "00:09:fb:12:34:56 10.20.3.7 hostname: pump-7.clinic.example",
    'expected an IP address, got "10.20.3.300"',
    "expected 16 cells, got 2",
  ]);
});

test("leases of Windows as a country with semicolons exports them", () => {
  assert.deepEqual(
    entries(
      windowsLeases,
      '"IPAddress";"ScopeId";"AddressState";"ClientId";"HostName"\n"10.20.3.7";"10.20.3.0";"Active";"00-09-fb-12-34-56";"Pumpe-Überwachung"',
    ),
    ["00:09:fb:12:34:56 10.20.3.7 hostname: Pumpe-Überwachung"],
  );
});

const KEA = `address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id
10.20.3.7,00:09:fb:12:34:56,01:00:09:fb:12:34:56,3600,1795424400,1,0,0,pump-7,0,,0
10.20.3.8,00:09:fb:12:34:57,,3600,1795424400,1,0,0,pump&#x2c8,0,,0
10.20.3.9,,01:02,3600,1795424400,1,0,0,,0,,0
10.20.3.7,00:09:fb:12:34:56,01:00:09:fb:12:34:56,0,1795420800,1,0,0,pump-7,0,,0
10.20.3.10,00:09:fb:12:34:58,,3600,1795424400,1,0,0,,1,,0
10.20.3.11,00:09:fb:12:34:59,,3600,never,1,0,0,,0,,0
10.20.3.12,00:09`;

test("leases of Kea: when the client asked last; what was deleted or declined is no lease", () => {
  assert.deepEqual(entries(keaLeases, KEA), [
    "00:09:fb:12:34:56 10.20.3.7 2026-11-23T08:00:00 hostname: pump-7",
    "00:09:fb:12:34:57 10.20.3.8 2026-11-23T08:00:00 hostname: pump,8",
    'expected an IP address and when it expires, got "10.20.3.11" and "never"',
    "expected 12 cells, got 2",
  ]);
});

test("leases of Kea of version 6 bring the card where the server knows it", () => {
  const text = `address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid,prefix_len,fqdn_fwd,fqdn_rev,hostname,hwaddr,state,user_context,hwtype,hwaddr_source,pool_id
2001:db8::7,00:03:00:01:00:09:fb:12:34:56,3600,1795424400,1,1800,0,7,128,0,0,pump-7,00:09:fb:12:34:56,0,,1,2,0`;
  assert.deepEqual(entries(keaLeases, text), ["00:09:fb:12:34:56 2001:db8::7 2026-11-23T08:00:00 hostname: pump-7"]);
});

test("leases of Kea as its control channel answers", () => {
  const read = keaLeaseJson.reader({ name: "leases", at: WRITTEN_AT });
  const lease = `{ "client-id": "01:00:09:fb:12:34:56", "cltt": 1795420800, "fqdn-fwd": false, "fqdn-rev": false, "hostname": "pump-7",
    "hw-address": "00:09:fb:12:34:56", "ip-address": "10.20.3.7", "state": 0, "subnet-id": 1, "user-context": { "bed": 7 }, "valid-lft": 3600 }`;
  assert.equal(keaLeaseJson.recognize([lease]), true);
  assert.equal(shown(read(lease)), "00:09:fb:12:34:56 10.20.3.7 2026-11-23T08:00:00 hostname: pump-7");
  assert.equal(shown(read(lease.replace('"state": 0', '"state": 2'))), null);
  assert.equal(shown(read('{ "ip-address": "10.20.3.7", "cltt": "yesterday" }')), "expected an IP address, and its cltt as a number");
  assert.equal(shown(read('{ "ip-address": ')), "expected a lease as an object of JSON");
  assert.equal(keaLeaseJson.recognize(['{ "ip-address": "10.20.3.7", "mac": "00:09:fb:12:34:56" }']), false);
});

const ISC = `# The format of this file is documented in the dhcpd.leases(5) manual page.
# This lease file was written by isc-dhcp-4.4.3-P1

# authoring-byte-order entry is generated, DO NOT DELETE
authoring-byte-order little-endian;

lease 10.20.3.7 {
  starts 1 2026/11/23 08:00:00;
  ends 1 2026/11/23 20:00:00;
  tstp 1 2026/11/23 20:00:00;
  cltt 1 2026/11/23 08:00:00;
  binding state active;
  next binding state free;
  rewind binding state free;
  hardware ethernet 00:09:fb:12:34:56;
  uid "\\001\\000\\011\\373\\0224V";
  set vendor-class-identifier = "udhcp 1.19.4";
  client-hostname "pump-7";
}
lease 10.20.3.8 {
  starts 0 2026/11/22 08:00:00;
  ends 0 2026/11/22 20:00:00;
  cltt 0 2026/11/22 08:00:00;
  binding state free;
  hardware ethernet 00:09:fb:12:34:57;
}
lease 10.20.3.9 {
  starts epoch 1795420800; # Mon Nov 23 08:00:00 2026
  cltt epoch 1795420800; # Mon Nov 23 08:00:00 2026
  binding state abandoned;
  hardware ethernet 00:09:fb:12:34:58;
}
lease 10.20.3.10 {
  binding state active;
  hardware ethernet 00:09:fb:12:34:59;
}
lease 10.20.3.11 {
  starts 1 2026/11/23 08:00:00;
lease 10.20.3.12 {
  starts epoch 1795420800; # Mon Nov 23 08:00:00 2026
  binding state active;
  hardware ethernet 00:09:fb:12:34:5a;
}
lease 10.20.3.13 {
  starts 1 2026/11/23 08:0`;

test("leases of ISC DHCP: each block with when the client asked last, also those that ended since; a block that is cut short serves nobody", () => {
  assert.deepEqual(entries(iscLeases, ISC), [
    "00:09:fb:12:34:56 10.20.3.7 2026-11-23T08:00:00 hostname: pump-7 vendorClass: udhcp 1.19.4",
    "00:09:fb:12:34:57 10.20.3.8 2026-11-22T08:00:00",
    "expected an IP address, and when its lease began",
    "expected the end of a lease before the next begins",
    "00:09:fb:12:34:5a 10.20.3.12 2026-11-23T08:00:00",
    "expected the end of a lease, got the end of the file",
  ]);
});

const DNSMASQ = `1795464000 00:09:fb:12:34:56 10.20.3.7 pump-7 01:00:09:fb:12:34:56
1795377600 00:09:fb:12:34:57 10.20.3.8 * *
0 00:09:fb:12:34:58 10.20.3.9 * ff:9a:00
duid 00:01:00:01:2e:00:00:00:00:09:fb:12:34:56
1795464000 12345 2001:db8::7 pump-7 00:01:00:01:2e:00:00:00:00:09:fb:12:34:56`;

test("leases of dnsmasq: what holds as of the file, what ended as of its end; one for ever has no end", () => {
  assert.deepEqual(entries(dnsmasqLeases, DNSMASQ), [
    "00:09:fb:12:34:56 10.20.3.7 hostname: pump-7",
    "00:09:fb:12:34:57 10.20.3.8 2026-11-22T20:00:00",
    "00:09:fb:12:34:58 10.20.3.9",
  ]);
});

test("a line of dnsmasq that ends early is named", () => {
  const read = dnsmasqLeases.reader({ name: "leases", at: WRITTEN_AT });
  assert.equal(shown(read("1795464000 00:09:fb:12:34")), "expected when it ends, a card, an IP address, a name and a client identifier");
});

test("what looks alike is none: a list of leases without states, a dhcpd.conf, numbers in five columns", () => {
  assert.throws(() => entries(windowsLeases, '"IPAddress","ClientId","Note"\n"10.20.3.7","00-09-fb-12-34-56",""'), /list of|no form/);
  assert.throws(
    () => entries(iscLeases, "host pump-7 {\n  hardware ethernet 00:09:fb:12:34:56;\n  fixed-address 10.20.3.7;\n}"),
    /no form/,
  );
  assert.throws(() => entries(dnsmasqLeases, "1795464000 17 10.20.3.7 3 4"), /no form/);
  assert.throws(() => entries(keaLeases, "address,hwaddr,note\n10.20.3.7,00:09:fb:12:34:56,"), /no form/);
});
