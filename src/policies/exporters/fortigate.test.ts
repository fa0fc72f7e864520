/**
 * The text for FortiGate, read back as FortiOS reads it: `config`, `edit`, `set`, `append`, `unset`, `delete`, `next`, `end` (FortiOS CLI
 * reference; the same grammar in Batfish's `Fortios_*.g4`), policies from the top, the first that matches, a session by its first packet.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JudgedPacket } from "../../model/policy.ts";
import { dropsConversation, opening, randomWalls } from "../../testing/exported-walls.ts";
import { SAMPLE_WALL } from "../../testing/sample-wall.ts";
import { NO_ADDRESSES, together } from "../ranges.ts";
import type { Wall } from "./exporter.ts";
import { fortigate } from "./fortigate.ts";

const WALLS = 24;
const CONVERSATIONS = 200;

test("read back, it drops the conversations that the evaluator says, and no other", () => {
  const tally = { dropped: 0, passed: 0 };
  for (const [wall, random] of randomWalls(11, WALLS)) {
    const fortios = new FortiOs().load(fortigate.write(wall)).moved();
    for (let made = 0; made < CONVERSATIONS; made++) {
      const it = opening(random, wall.policy);
      const expected = dropsConversation(wall, it);
      if (fortios.drops(it.packet) !== expected) assert.fail(`expected ${expected}: ${JSON.stringify(it)}\n${fortigate.write(wall)}`);
      tally[expected ? "dropped" : "passed"]++;
    }
  }
  assert.ok(tally.dropped > 500 && tally.passed > 1_000, JSON.stringify(tally));
});

test("an error planted in the text shows", () => {
  for (const [name, planted] of [
    [
      "a port more",
      (text: string) => text.replace(/(set \w+-portrange \d+-?)(\d+)$/gm, (_, before, port) => `${before}${Number(port) + 1}`),
    ],
    ["a member less", (text: string) => text.replace(/^ +append member .*\n/gm, "")],
    ["ends exchanged", (text: string) => text.replace(/(set name "auscult-rule[^]*?)srcaddr( .*\n +set )dstaddr/g, "$1dstaddr$2srcaddr")],
    ["denies none", (text: string) => text.replaceAll("action deny", "action accept")],
    ["another type", (text: string) => text.replace(/icmptype (\d+)/g, (_, type) => `icmptype ${Number(type) + 1}`)],
  ] as const) {
    assert.ok(differs(planted), name);
  }
});

/** Up to the first packet that shows it. */
function differs(change: (text: string) => string): boolean {
  for (const [wall, random] of randomWalls(12, 20)) {
    const fortios = new FortiOs().load(change(fortigate.write(wall))).moved();
    for (let made = 0; made < 200; made++) {
      const it = opening(random, wall.policy);
      if (fortios.drops(it.packet) !== dropsConversation(wall, it)) return true;
    }
  }
  return false;
}

test("loaded and not moved it stops nothing that was allowed; rolled back, what was there before is as it was", () => {
  const before = new FortiOs().load(HOSPITALS_OWN);
  const own = before.shown();
  before.load(fortigate.write(SAMPLE_WALL));
  assert.notEqual(before.shown(), own);
  const packet: JudgedPacket = {
    family: 4,
    sender: "10.20.4.7",
    receiver: "10.20.0.99",
    protocol: 6,
    ports: { from: 40_000, to: 23 },
    tcpFlags: 2,
    icmpType: null,
    fragmentOffset: 0,
  };
  assert.equal(before.drops(packet), false);
  assert.equal(before.moved().drops(packet), true);
  before.load(fortigate.rollback(SAMPLE_WALL));
  assert.equal(before.shown(), own);
});

test("while all is monitored no policy of ours is on, so nothing is let through that was stopped before", () => {
  const { policy, enforced, monitored } = SAMPLE_WALL;
  const wall = { policy, enforced: NO_ADDRESSES, monitored: together(enforced, monitored), spared: NO_ADDRESSES };
  const policies = [...new FortiOs().load(fortigate.write(wall)).table("firewall policy").values()];
  assert.ok(policies.length > 2);
  for (const it of policies) assert.deepEqual(it.get("status"), ["disable"]);
});

test("names keep to 79 letters (policies to 35), whatever groups are called, and stay apart", () => {
  const long = "infusion pumps of the intensive care unit on the third floor of the northern wing, east side";
  const names = [long, `${long}.`, "Ward 4 ü", "ward 4 u", "輸液ポンプ", "all enforced"];
  const policy = { ...SAMPLE_WALL.policy, sets: SAMPLE_WALL.policy.sets.map((set, at) => ({ ...set, group: names[at]!, ward: null })) };
  const fortios = new FortiOs().load(fortigate.write({ ...SAMPLE_WALL, policy }));
  assert.equal(fortios.table("firewall addrgrp").size, new FortiOs().load(fortigate.write(SAMPLE_WALL)).table("firewall addrgrp").size);
});

test("nobody to enforce or monitor is no empty text but an error", () => {
  const nobody: Wall = { ...SAMPLE_WALL, enforced: NO_ADDRESSES, monitored: NO_ADDRESSES, spared: NO_ADDRESSES };
  assert.throws(() => fortigate.write(nobody), /expected a group with an address that is enforced or monitored/);
});

const HOSPITALS_OWN = `config firewall address
    edit "own"
        set type ipmask
        set subnet 10.20.4.7 255.255.255.255
    next
end
config firewall policy
    edit 7
        set name "own"
        set srcintf "any"
        set dstintf "any"
        set srcaddr "all"
        set dstaddr "all"
        set action accept
        set schedule "always"
        set service "ALL"
        set logtraffic disable
        set status enable
    next
end
`;

type Entry = Map<string, readonly string[]>;
type Range = readonly [bigint, bigint];
interface Compiled {
  readonly from: Readonly<Record<4 | 6, readonly Range[]>>;
  readonly to: Readonly<Record<4 | 6, readonly Range[]>>;
  readonly services: readonly Entry[];
  readonly denies: boolean;
}

class FortiOs {
  readonly #tables = new Map<string, Map<string, Entry>>();
  #compiled: readonly Compiled[] | null = null;

  load(text: string): this {
    this.#compiled = null;
    let path: string | null = null;
    let key: string | null = null;
    for (const line of text.split("\n").map((it) => it.trim())) {
      if (line === "" || line.startsWith("#")) continue;
      const [verb = "", ...words] = wordsOf(line);
      if (verb === "config") path = words.join(" ");
      else if (verb === "end") path = null;
      else if (verb === "next") key = null;
      else if (verb === "delete") assert.ok(this.table(path!).delete(words[0]!), `deletes what is not there: ${line}`);
      else if (verb === "edit") {
        key = words[0]!;
        assert.ok(key.length <= (path === "firewall policy" ? 10 : 79), line);
        assert.ok(!this.table(path!).has(key), `edits what somebody else made: ${line}`);
        this.table(path!).set(key, new Map());
      } else {
        const entry = this.table(path!).get(key!)!;
        const [field = "", ...values] = words;
        if (verb === "set") entry.set(field, values);
        else if (verb === "append") entry.set(field, [...(entry.get(field) ?? []), ...values]);
        else if (verb === "unset") entry.delete(field);
        else assert.fail(`no such command: ${line}`);
        if (field === "name") assert.ok(values[0]!.length <= 35, line);
        if (field === "comments") assert.ok(values[0]!.length <= 1023, line);
      }
    }
    assert.deepEqual([path, key], [null, null], "ends in the middle");
    return this;
  }

  table(path: string): Map<string, Entry> {
    const table = this.#tables.get(path) ?? new Map<string, Entry>();
    this.#tables.set(path, table);
    return table;
  }

  shown(): string {
    return JSON.stringify([...this.#tables].filter(([, it]) => it.size > 0).map(([path, it]) => [path, [...it].map(([key, entry]) => [key, [...entry]])])); // prettier-ignore
  }

  /** As the lines at the end say: ours before the hospital's own. */
  moved(): this {
    const policies = this.table("firewall policy");
    for (const [id, entry] of [...policies].filter(([, it]) => !it.get("name")![0]!.startsWith("auscult"))) {
      policies.delete(id);
      policies.set(id, entry);
    }
    this.#compiled = null;
    return this;
  }

  /** Only what we deny: whatever no policy matches would go to the hospital's own. */
  drops(packet: JudgedPacket): boolean {
    this.#compiled ??= [...this.table("firewall policy").values()]
      .filter((it) => it.get("status")![0] === "enable")
      .map((it) => ({
        from: { 4: this.#ranges(it.get("srcaddr"), 4), 6: this.#ranges(it.get("srcaddr6"), 6) },
        to: { 4: this.#ranges(it.get("dstaddr"), 4), 6: this.#ranges(it.get("dstaddr6"), 6) },
        services: it.get("service")!.map((name) => this.#service(name)),
        denies: it.get("action")![0] === "deny",
      }));
    const { family } = packet;
    const [sender, receiver] = [number(packet.sender), number(packet.receiver)];
    const first = this.#compiled.find(
      ({ from, to, services }) =>
        within(from[family], sender) && within(to[family], receiver) && services.some((service) => isOf(service, packet)),
    );
    return first?.denies ?? false;
  }

  #service(name: string): Entry {
    if (name === "ALL") return new Map([["protocol", ["IP"]]]);
    const service = this.table("firewall service custom").get(name);
    assert.ok(service, `no such service: ${name}`);
    return service;
  }

  #ranges(names: readonly string[] | undefined, family: 4 | 6): readonly Range[] {
    const six = family === 6 ? "6" : "";
    return (names ?? []).flatMap((name): readonly Range[] => {
      if (name === "all") return [[0n, (1n << (family === 4 ? 32n : 128n)) - 1n]];
      const group = this.table(`firewall addrgrp${six}`).get(name);
      if (group !== undefined) return this.#ranges(group.get("member"), family);
      const address = this.table(`firewall address${six}`).get(name);
      assert.ok(address, `no such address: ${name}`);
      const [type] = address.get("type")!;
      if (type === "iprange") return [[number(address.get("start-ip")![0]!), number(address.get("end-ip")![0]!)]];
      const [ip = "", mask] = address.get("subnet") ?? address.get("ip6")![0]!.split("/");
      assert.ok(mask === (family === 4 ? "255.255.255.255" : "128"));
      return [[number(ip), number(ip)]];
    });
  }
}

function isOf(service: Entry, { family, protocol, ports, icmpType }: JudgedPacket): boolean {
  const [kind] = service.get("protocol")!;
  const [type] = service.get("icmptype") ?? [];
  switch (kind) {
    case "IP":
      return [0, protocol].includes(Number(service.get("protocol-number")?.[0] ?? 0));
    case "ICMP":
      return family === 4 && protocol === 1 && (type === undefined || Number(type) === icmpType);
    case "ICMP6":
      return family === 6 && protocol === 58 && (type === undefined || Number(type) === icmpType);
    case "TCP/UDP/SCTP": {
      const word = { 6: "tcp", 17: "udp", 132: "sctp" }[protocol];
      // Destination, and behind a colon the source.
      return (service.get(`${word}-portrange`) ?? []).some((range) => {
        const [to = "", from = "0-65535"] = range.split(":");
        return ports !== null && among(to, ports.to) && among(from, ports.from);
      });
    }
    default:
      return assert.fail(`no such protocol: ${kind}`);
  }
}

function among(range: string, port: number): boolean {
  const [from, to = from] = range.split("-").map(Number);
  return from! <= port && port <= to!;
}

const within = (ranges: readonly Range[], value: bigint) => ranges.some(([first, last]) => first <= value && value <= last);

/** Bare words, and words in quotes without the quotes. */
function wordsOf(line: string): readonly string[] {
  const words = [...line.matchAll(/"([^"\\]*)"(?=\s|$)|([^\s"]+)(?=\s|$)/g)];
  assert.equal(words.map(([it]) => it).join(" "), line, "a quote ends too early");
  for (const [, quoted] of words) assert.doesNotMatch(quoted ?? "", /[?<>]/, line);
  return words.map(([, quoted, bare]) => quoted ?? bare!);
}

function number(address: string): bigint {
  if (!address.includes(":")) return address.split(".").reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  const [head = "", tail] = address.split("::");
  const parts = (text: string) => (text === "" ? [] : text.split(":"));
  const [front, back] = [parts(head), parts(tail ?? "")];
  const all = [...front, ...Array.from({ length: tail === undefined ? 0 : 8 - front.length - back.length }, () => "0"), ...back];
  return all.reduce((value, part) => (value << 16n) | BigInt(`0x${part}`), 0n);
}
