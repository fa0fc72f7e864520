/** Lines as equipment writes them, and what is read of each. The lines are made up in the makers' documented forms. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { denyLogIn } from "./index.ts";

const WRITTEN = Date.UTC(2026, 10, 23, 12) * 1_000;
const read = (text: string, offsetMinutes = 0, written = WRITTEN) => denyLogIn(text, { written, offsetMinutes });
const told = (text: string, offsetMinutes = 0) =>
  read(text, offsetMinutes).denied.map(({ client, server, transport, port, packets, last, rule }) => `${new Date(last / 1000).toISOString().slice(0, 19)} ${client} → ${server} ${transport} ${port} ×${packets} "${rule}"`); // prettier-ignore

test("nftables and iptables: the prefix says what the rule does, and an ACK opens nothing", () => {
  const line = (prefix: string, more: string) =>
    `Nov 23 08:31:05 fw kernel: [ 1234.5678] ${prefix}IN=br0 OUT=br0 PHYSIN=p1 MAC=aa:bb SRC=10.0.2.1 DST=10.0.0.1 LEN=60 TOS=0x00 TTL=64 ID=1 DF ${more}`;
  assert.deepEqual(told(line("ward4 DROP: ", "PROTO=TCP SPT=40000 DPT=443 WINDOW=64240 RES=0x00 SYN URGP=0")), ['2026-11-23T08:31:05 10.0.2.1 → 10.0.0.1 tcp 443 ×1 "ward4 DROP"']);
  assert.deepEqual(told(line("ward4 DROP: ", "PROTO=TCP SPT=443 DPT=40000 WINDOW=1 RES=0x00 ACK URGP=0")), ['2026-11-23T08:31:05 10.0.2.1 → 10.0.0.1 tcp null ×1 "ward4 DROP"']);
  assert.deepEqual(told(line("denied ", "PROTO=47")), ['2026-11-23T08:31:05 10.0.2.1 → 10.0.0.1 ip 47 ×1 "denied"']);
  assert.deepEqual(told(line("denied ", "PROTO=ICMP TYPE=8 CODE=0 ID=1 SEQ=1")), ['2026-11-23T08:31:05 10.0.2.1 → 10.0.0.1 icmp null ×1 "denied"']);
  const accepted = read(line("ward4 accept: ", "PROTO=TCP SPT=1 DPT=2 SYN"));
  assert.deepEqual([accepted.lines, accepted.denied.length], [1, 0]);
  assert.deepEqual(read(line("auscult denied ", "PROTO=UDP SPT=1 DPT=161")).denied.map(({ undecided }) => undecided), [true]);
}); // prettier-ignore

test("Cisco IOS: ports in parentheses, an interface between, ICMP, other protocols, IPv6", () => {
  const at = "Nov 23 2026 08:31:05.123: ";
  assert.deepEqual(told(`<190>77: sw1: *${at}%SEC-6-IPACCESSLOGP: list xACSACLx-IP-PUMPS denied tcp 10.0.2.1(40000) -> 10.0.0.1(443), 1 packet`), ['2026-11-23T08:31:05 10.0.2.1 → 10.0.0.1 tcp 443 ×1 "xACSACLx-IP-PUMPS"']);
  assert.deepEqual(told(`${at}%SEC-6-IPACCESSLOGP: list 101 denied udp 10.0.2.1(5000) (GigabitEthernet0/1 0011.2233.4455) -> 10.0.0.1(53), 7 packets`), ['2026-11-23T08:31:05 10.0.2.1 → 10.0.0.1 udp 53 ×7 "101"']);
  assert.deepEqual(told(`${at}%SEC-6-IPACCESSLOGDP: list 101 denied icmp 10.0.2.1 -> 10.0.0.1 (8/0), 2 packets`), ['2026-11-23T08:31:05 10.0.2.1 → 10.0.0.1 icmp null ×2 "101"']);
  assert.deepEqual(told(`${at}%SEC-6-IPACCESSLOGNP: list 101 denied 47 10.0.2.1 -> 10.0.0.1, 1 packet`), ['2026-11-23T08:31:05 10.0.2.1 → 10.0.0.1 ip 47 ×1 "101"']);
  assert.deepEqual(told(`${at}%IPV6_ACL-6-ACCESSLOGP: list V6/20 denied tcp 2001:DB8::1(1024) -> 2001:db8:0:0::2(80), 1 packet`), ['2026-11-23T08:31:05 2001:db8::1 → 2001:db8::2 tcp 80 ×1 "V6/20"']);
  const permitted = read(`${at}%SEC-6-IPACCESSLOGP: list 101 permitted tcp 10.0.2.1(1) -> 10.0.0.1(2), 1 packet`);
  assert.deepEqual([permitted.lines, permitted.denied.length], [1, 0]);
}); // prettier-ignore

test("Cisco ASA and security groups", () => {
  assert.deepEqual(told('Nov 23 08:31:05 asa %ASA-4-106023: Deny tcp src inside:10.0.2.1/40000 dst outside:10.0.0.1/443 by access-group "ward_in" [0x0, 0x0]'), ['2026-11-23T08:31:05 10.0.2.1 → 10.0.0.1 tcp 443 ×1 "ward_in"']);
  assert.deepEqual(told('Nov 23 08:31:05 asa %ASA-4-106023: Deny icmp src inside:10.0.2.1 dst outside:10.0.0.1 (type 8, code 0) by access-group "ward_in" [0x0, 0x0]'), ['2026-11-23T08:31:05 10.0.2.1 → 10.0.0.1 icmp null ×1 "ward_in"']);
  assert.deepEqual(told("Nov 23 08:31:05 asa %ASA-6-106100: access-list ward_in denied udp inside/10.0.2.1(40000) -> outside/10.0.0.1(53) hit-cnt 4 300-second interval [0x1, 0x0]"), ['2026-11-23T08:31:05 10.0.2.1 → 10.0.0.1 udp 53 ×4 "ward_in"']);
  assert.deepEqual(told("Nov 23 08:31:05 sw %RBM-6-SGACLHIT: ingress_interface='Gi1/0/1' sgacl_name='PUMPS-05' action='Deny' protocol='tcp' src-vrf='default' src-ip='10.0.2.1' src-port='40000' dest-vrf='default' dest-ip='10.0.0.1' dest-port='443' sgt='5' dgt='6' logging_interval_hits='3'"), ['2026-11-23T08:31:05 10.0.2.1 → 10.0.0.1 tcp 443 ×3 "PUMPS-05 5 → 6"']);
}); // prettier-ignore

test("FortiGate: its own time, with its zone", () => {
  const line = (time: string, action: string) => `<189>date=2026-11-23 time=09:31:05 devname="FG" ${time} logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=10.0.2.1 srcport=40000 srcintf="ward" dstip=10.0.0.1 dstport=443 policyid=0 proto=6 action="${action}" service="HTTPS"`;
  assert.deepEqual(told(line('eventtime=1795422665123456789 tz="+0100"', "deny")), ['2026-11-23T08:31:05 10.0.2.1 → 10.0.0.1 tcp 443 ×1 "policy 0"']);
  assert.deepEqual(told(line('tz="+0100"', "deny")), ['2026-11-23T08:31:05 10.0.2.1 → 10.0.0.1 tcp 443 ×1 "policy 0"']);
  assert.deepEqual(told(line("", "deny"), 60), ['2026-11-23T08:31:05 10.0.2.1 → 10.0.0.1 tcp 443 ×1 "policy 0"']);
  assert.equal(read(line('tz="+0100"', "close")).denied.length, 0);
}); // prettier-ignore

test("Palo Alto: values in its documented order, in the firewall's own time", () => {
  const line = (subtype: string, action: string) => `Nov 23 09:31:06 pa 1,2026/11/23 09:31:06,0123,TRAFFIC,${subtype},2562,2026/11/23 09:31:05,10.0.2.1,10.0.0.1,0.0.0.0,0.0.0.0,Ward 4 rest,,,not-applicable,vsys1,ward,core,ae1,ae2,log,2026/11/23 09:31:06,0,2,40000,443,0,0,0x0,tcp,${action},66,66,0,1`;
  assert.deepEqual(told(line("drop", "deny"), 60), ['2026-11-23T08:31:06 10.0.2.1 → 10.0.0.1 tcp 443 ×2 "Ward 4 rest"']);
  assert.equal(read(line("end", "allow")).denied.length, 0);
  assert.equal(read(line("end", "reset-both")).denied.length, 1);
}); // prettier-ignore

test("the same again is counted, lines of others are passed by, a line without a time is told of", () => {
  const line = (time: string, packets: number) => `${time}%SEC-6-IPACCESSLOGP: list 101 denied tcp 10.0.2.1(40000) -> 10.0.0.1(443), ${packets} packets`; // prettier-ignore
  const log = read(
    `hello\n${line("Nov 23 08:31:05: ", 3)}\r\n${line("Nov 23 08:36:05: ", 4)}\n${line("", 1)}\n%SYS-5-CONFIG_I: Configured\n`,
  );
  assert.deepEqual([log.lines, log.unread, log.denied.length, log.denied[0]!.packets], [3, 1, 1, 7]);
  assert.equal(new Date(log.denied[0]!.last / 1000).toISOString(), "2026-11-23T08:36:05.000Z");
  assert.deepEqual(log.forms, ["Cisco IOS, ASA and SGACL"]);
});

test("a line without a year is of the year the log was written in, or the one before; a zone may be said", () => {
  const line = "Dec 31 23:59:59 fw %SEC-6-IPACCESSLOGP: list 101 denied tcp 10.0.2.1(1) -> 10.0.0.1(443), 1 packet";
  const at = (written: number, zone: number) => new Date(read(line, zone, written * 1_000).denied[0]!.last / 1_000).toISOString();
  assert.equal(at(Date.UTC(2027, 0, 2), 0), "2026-12-31T23:59:59.000Z");
  assert.equal(at(Date.UTC(2026, 11, 31, 23, 59, 59), -60), "2027-01-01T00:59:59.000Z");
});

test("nothing in a line throws, or breaks out of its line", () => {
  for (const line of [
    "IN= SRC=x DST=y PROTO=TCP",
    "denied IN=a OUT= SRC=10.0.0.1 DST=10.0.0.2 PROTO=",
    "1,2026/11/23 09:31:06,,TRAFFIC,",
    "type=traffic",
    "%RBM-6-SGACLHIT: action='Deny'",
    "Foo 99 99:99:99 %SEC-6-IPACCESSLOGP: list a denied tcp 1.2.3.4(5) -> 999.2.3.4(5), 1 packet",
  ])
    // prettier-ignore
    assert.equal(read(line).denied.length, 0, line);
  const [it] = read("Nov 23 08:31:05 %SEC-6-IPACCESSLOGP: list a\u001b[31m denied tcp 1.2.3.4(5) -> 1.2.3.5(6), 1 packet").denied;
  assert.ok(!it!.rule.includes("\u001b"));
});

test("what is no log, and what somebody made to take long, is passed by at once", () => {
  const began = process.threadCpuUsage();
  for (const line of ["x".repeat(1_000_000), "IN=".repeat(300_000), ...Array.from({ length: 300 }, () => "x".repeat(8_000))])
    assert.equal(read(line).lines, 0);
  assert.ok(process.threadCpuUsage(began).user < 2_000_000);
});
