/** From a policy to the addresses it is about: groups, wards, what is outside; and that devices and their addresses are judged alike. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { CompiledPolicy, Decision } from "../model/policy.ts";
import { parseFilter } from "../model/filter.ts";
import { assertProperty } from "../testing/property.ts";
import { replayed, type MachineSketch } from "../testing/replayed.ts";
import { compile } from "./compile.ts";
import { judgeConversation, setsOf } from "./evaluate.ts";
import { policyIn } from "./file.ts";
import { isAskedFor, membershipOf } from "./membership.ts";
import { complementOf, rangeOf, unionOf } from "./ranges.ts";
import { belonging } from "./selector.ts";

const MACHINES: readonly MachineSketch[] = [
  { name: "PUMP-1", kind: "infusion pump", ward: "ICU 1", care: "therapy" },
  { name: "PUMP-2", kind: "infusion pump", ward: "Ward 3", care: "therapy" },
  { name: "PUMP-3", kind: "probably infusion pump", ward: "ICU 1", care: "therapy" },
  { name: "VENT-1", kind: "ventilator", ward: "ICU 1", care: "life-supporting" },
  { name: "SRV", kind: "pump server" },
  { name: "STATION", kind: "central station", ward: "ICU 1" },
  { name: "FAR", ip: "203.0.113.9", standing: "outside" },
  { name: "MDNS", ip: "224.0.0.251", mac: "01:00:5e:00:00:fb", standing: "group" },
  { name: "ALL", ip: "10.0.255.255", mac: "ff:ff:ff:ff:ff:ff", standing: "group" },
  { name: "ODD", kind: "printer", ip: "198.51.100.7" },
];
const REPLAY = replayed(14, MACHINES, []);

const POLICY = policyIn(
  `policy: Bedside
groups:
  pumps: { select: kind = "infusion pump" }
  ventilators: { select: kind = ventilator }
  server: { select: name = SRV, governs: false }
  stations: { select: kind = "central station", governs: false }
rules:
  - { allow: pumps → server, service: tcp 443, because: charting }
  - { allow: pumps → stations, service: tcp 80, because: alarms, same: ward }
  - { allow: pumps → multicast, service: udp 5353, because: names }
  - { allow: pumps → outside, service: tcp 443, because: updates, until: 2026-01-18 }
  - { allow: ventilators → stations, service: tcp 80, because: alarms, until: 2026-01-17 }
`,
  "bedside.yaml",
);
const MEMBERSHIP = membershipOf(POLICY, REPLAY);
const COMPILED = compile(POLICY, MEMBERSHIP, REPLAY.machines);

test("who is only probably a pump waits, and it is said why", () => {
  const [pumps] = MEMBERSHIP.groups;
  assert.deepEqual(pumps?.members.map(({ name, ward }) => `${name} ${ward}`), ["PUMP-1 ICU 1", "PUMP-2 Ward 3"]); // prettier-ignore
  assert.deepEqual(pumps?.waiting, [{ device: "d3", name: "PUMP-3", because: "kind is probably infusion pump (90 %)" }]);
  assert.deepEqual(MEMBERSHIP.broadcasts, ["10.0.255.255", "255.255.255.255"]);
});

test("whatever a selector asks, its members are those that match it one by one", () => {
  const machines = REPLAY.machines;
  for (const select of ['kind = "infusion pump"', 'kind in (printer, "infusion pump") and not name = PUMP-1', "kind = unknown", "not kind = ventilator", "care = therapy and ip in 10.0.0.0/8", "standing = outside", "standing = group and ip = 224.0.0.251", "sure = probably", "name = SRV or name = ODD"]) {
    const policy = policyIn(`policy: x\ngroups:\n  all: { select: '${select}' }\n`, "x");
    const [{ members, waiting } = { members: [], waiting: [] }] = membershipOf(policy, REPLAY).groups;
    const filter = parseFilter(select);
    const one = (wanted: string) => machines.filter(({ device }) => isAskedFor(device, filter) && belonging(filter, device, REPLAY.to) === wanted).map(({ device }) => device.id); // prettier-ignore
    assert.deepEqual([members.map(({ device }) => device), waiting.map(({ device }) => device)], [one("member"), one("waits")], select);
  }
}); // prettier-ignore

test("a rule within one ward is a rule for each ward both have members in; one past its last day is none", () => {
  const { sets, rules } = COMPILED.policy;
  const end = (place: number) => `${sets[place]?.group}${sets[place]?.ward === null ? "" : ` of ${sets[place]?.ward}`}`;
  assert.deepEqual(rules.map(({ rule, from, to }) => `${rule}: ${end(from)} → ${end(to)}`), [
    "0: pumps → server",
    "1: pumps of ICU 1 → stations of ICU 1",
    "2: pumps → multicast",
    "3: pumps → outside",
  ]); // prettier-ignore
  assert.deepEqual(sets.filter(({ lifeSupporting }) => lifeSupporting).map(({ group }) => group), ["ventilators"]); // prettier-ignore
});

test("what is not the hospital's own is outside: also not a machine of its own at a public address", () => {
  const groups = (ip: string) => setsOf(COMPILED.policy, ip).map((place) => COMPILED.policy.sets[place]?.group);
  assert.deepEqual(groups("203.0.113.9"), ["outside", "anyone"]);
  assert.deepEqual(groups("198.51.100.7"), ["anyone"]);
  assert.deepEqual(groups("10.9.9.9"), ["anyone"]);
  assert.deepEqual(groups("239.1.1.1"), ["multicast", "anyone"]);
  assert.deepEqual(groups("10.0.255.255"), ["broadcast", "anyone"]);
  assert.deepEqual(groups("2001:db8::1"), ["outside", "anyone"]);
  assert.deepEqual(groups("fe80::1"), ["anyone"]);
  assert.deepEqual(groups("ff02::fb"), ["multicast", "anyone"]);
});

test("a device and the address it wears are judged alike, whoever talks to whom", () => {
  for (const { number: client, worn: [a] } of REPLAY.machines)
    for (const { number: server, worn: [b] } of REPLAY.machines)
      for (const [transport, port] of [["tcp", 443], ["tcp", 80], ["udp", 5353]] as const) {
        const asked = { family: 4, transport, port } as const;
        const byDevice = judgeConversation(COMPILED.policy, { ...asked, client: COMPILED.places(client), server: COMPILED.places(server) });
        const byAddress = judgeConversation(COMPILED.policy, { ...asked, client: setsOf(COMPILED.policy, a!.ip!), server: setsOf(COMPILED.policy, b!.ip!) });
        assert.deepEqual(byDevice, byAddress, `${a!.ip} → ${b!.ip} ${transport} ${port}`);
      }
  assert.equal(said(COMPILED.policy, "10.0.0.1", "10.0.0.6", 80), "pumps → stations");
  assert.equal(said(COMPILED.policy, "10.0.0.2", "10.0.0.6", 80), "denied");
  assert.equal(said(COMPILED.policy, "10.0.0.3", "10.0.0.6", 80), "not governed");
  assert.equal(said(COMPILED.policy, "10.0.0.4", "10.0.0.6", 80), "denied");
}); // prettier-ignore

test("an address that several wore is the latest wearer's alone", () => {
  const [first, second] = replayed(14, [{ name: "OLD", kind: "infusion pump", ip: "10.0.0.9" }, { name: "NEW", kind: "printer", ip: "10.0.0.9" }], []).machines; // prettier-ignore
  const earlier = { ...first!, worn: [{ ...first!.worn[0]!, last: 1 }] };
  const membership = membershipOf(POLICY, { ...REPLAY, machines: [earlier, second!] });
  assert.deepEqual(membership.groups[0]?.members[0]?.endpoints, [{ mac: "02:00:00:00:00:01", ipv4: [], ipv6: [] }]);
});

test("a union and what is left of all addresses share none and miss none", () => {
  const network = fc.tuple(fc.nat(255), fc.nat(255), fc.integer({ min: 6, max: 32 })).map(([a, b, bits]) => rangeOf(`${a}.${b}.7.9/${bits}`)!);
  assertProperty(
    fc.property(fc.array(network, { maxLength: 8 }), fc.tuple(fc.nat(255), fc.nat(255)), (ranges, [a, b]) => {
      const [union, rest] = [unionOf(ranges, 4), complementOf(ranges, 4)];
      assert.deepEqual(unionOf([...union, ...rest], 4), [{ first: "0.0.0.0", last: "255.255.255.255" }]);
      assert.deepEqual(complementOf(rest, 4), union);
      const address = `${a}.${b}.7.9`;
      const isIn = (some: readonly { first: string; last: string }[]) => some.some((it) => numberOf(it.first) <= numberOf(address) && numberOf(address) <= numberOf(it.last));
      assert.equal(isIn(union), isIn(ranges));
      assert.equal(isIn(rest), !isIn(ranges));
    }),
    { numRuns: 300 },
  );
}); // prettier-ignore

function numberOf(ip: string): number {
  return ip.split(".").reduce((value, part) => value * 256 + Number(part), 0);
}

function said({ sets, rules, name }: CompiledPolicy, client: string, server: string, port: number): string {
  const policy = { sets, rules, name };
  const decision: Decision = judgeConversation(policy, { family: 4, client: setsOf(policy, client), server: setsOf(policy, server), transport: "tcp", port });
  if (decision.outcome !== "allowed") return decision.outcome;
  const rule = rules[decision.rule]!;
  return `${sets[rule.from]!.group} → ${sets[rule.to]!.group}`;
} // prettier-ignore
