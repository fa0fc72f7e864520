/**
 * The commands, read back as PAN-OS reads them: `set` and `delete` with a path and values (the same grammar in Batfish's `PaloAlto_*.g4`),
 * lists in brackets, rules from the top, the first that matches, a session by its first packet. Who says ::/0 says IPv4 too.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JudgedPacket } from "../../model/policy.ts";
import { dropsConversation, opening, randomWalls } from "../../testing/exported-walls.ts";
import { SAMPLE_WALL } from "../../testing/sample-wall.ts";
import { NO_ADDRESSES, together } from "../ranges.ts";
import { NotExportable } from "./exporter.ts";
import { paloAlto } from "./palo-alto.ts";

const WALLS = 24;
const CONVERSATIONS = 200;

test("read back, it drops the conversations that the evaluator says, and no other", () => {
  const tally = { dropped: 0, passed: 0 };
  for (const [wall, random] of randomWalls(31, WALLS)) {
    const panOs = new PanOs().load(paloAlto.write(wall)).moved();
    for (let made = 0; made < CONVERSATIONS; made++) {
      const it = opening(random, wall.policy);
      const expected = dropsConversation(wall, it);
      if (panOs.drops(it.packet) !== expected) assert.fail(`expected ${expected}: ${JSON.stringify(it)}\n${paloAlto.write(wall)}`);
      tally[expected ? "dropped" : "passed"]++;
    }
  }
  assert.ok(tally.dropped > 500 && tally.passed > 1_000, JSON.stringify(tally));
});

test("an error planted in the text shows", () => {
  for (const [name, planted] of [
    [
      "a port more",
      (text: string) => text.replace(/( port \d+-)(\d+)/g, (_, before, port) => `${before}${Math.min(Number(port) + 1, 65_535)}`),
    ],
    ["a member less", (text: string) => text.replace(/^set address-group (\S+) static .*\n(?=set address-group \1 static)/gm, "")],
    [
      "ends exchanged",
      (text: string) => text.replace(/(rules auscult-rule\S+) source (.*)\n(.*) destination (.*)/g, "$1 source $4\n$3 destination $2"),
    ],
    ["denies none", (text: string) => text.replaceAll("action drop", "action allow")],
    ["another type", (text: string) => text.replace(/-type type (\d+)/g, (_, type) => `-type type ${Number(type) + 1}`)],
  ] as const) {
    assert.ok(differs(planted), name);
  }
});

/** Up to the first packet that shows it. */
function differs(change: (text: string) => string): boolean {
  for (const [wall, random] of randomWalls(32, 20)) {
    const panOs = new PanOs().load(change(paloAlto.write(wall))).moved();
    for (let made = 0; made < 200; made++) {
      const it = opening(random, wall.policy);
      if (panOs.drops(it.packet) !== dropsConversation(wall, it)) return true;
    }
  }
  return false;
}

test("not moved it stops nothing that was allowed; rolled back, what was there before is as it was", () => {
  const panOs = new PanOs().load(HOSPITALS_OWN);
  const own = panOs.shown();
  panOs.load(paloAlto.write(SAMPLE_WALL));
  assert.notEqual(panOs.shown(), own);
  const telnet = { sender: "10.20.4.7", receiver: "10.20.0.99", protocol: 6, ports: { from: 40_000, to: 23 } };
  const packet: JudgedPacket = { ...telnet, family: 4, tcpFlags: 2, icmpType: null, fragmentOffset: 0 };
  assert.equal(panOs.drops(packet), false);
  assert.equal(panOs.moved().drops(packet), true);
  panOs.load(paloAlto.rollback(SAMPLE_WALL));
  assert.equal(panOs.shown(), own);
});

test("while all is monitored no rule of ours is on, so nothing is let through that was stopped before", () => {
  const { policy, enforced, monitored } = SAMPLE_WALL;
  const wall = { policy, enforced: NO_ADDRESSES, monitored: together(enforced, monitored), spared: NO_ADDRESSES };
  const rules = [...new PanOs().load(paloAlto.write(wall)).rules];
  assert.ok(rules.length > 2);
  for (const [, rule] of rules) assert.deepEqual(rule.get("disabled"), ["yes"]);
});

test("names keep to 63 letters (applications to 31), whatever groups are called, and stay apart", () => {
  const long = "infusion pumps of the intensive care unit on the third floor of the northern wing, east side";
  const names = [long, `${long}.`, "Ward 4 ü", "ward 4 u", "輸液ポンプ", "all enforced"];
  const policy = { ...SAMPLE_WALL.policy, sets: SAMPLE_WALL.policy.sets.map((set, at) => ({ ...set, group: names[at]!, ward: null })) };
  const groups = (wall: typeof SAMPLE_WALL) => new Set(paloAlto.write(wall).match(/^set address-group \S+/gm)).size;
  new PanOs().load(paloAlto.write({ ...SAMPLE_WALL, policy }));
  assert.equal(groups({ ...SAMPLE_WALL, policy }), groups(SAMPLE_WALL));
});

test("nobody to enforce or monitor is no empty text but an error", () => {
  const nobody = { ...SAMPLE_WALL, enforced: NO_ADDRESSES, monitored: NO_ADDRESSES, spared: NO_ADDRESSES };
  assert.throws(() => paloAlto.write(nobody), NotExportable);
});

const HOSPITALS_OWN = `set address own ip-netmask 10.20.4.7/32
set rulebase security rules own from any
set rulebase security rules own to any
set rulebase security rules own source any
set rulebase security rules own destination any
set rulebase security rules own application any
set rulebase security rules own service any
set rulebase security rules own action allow
set rulebase security rules own disabled no
`;

type Entry = Map<string, readonly string[]>;
type Range = readonly [bigint, bigint];
interface Compiled {
  readonly source: Ranges;
  readonly destination: Ranges;
  readonly matches: (packet: JudgedPacket) => boolean;
  readonly denies: boolean;
}
type Ranges = Readonly<Record<4 | 6, readonly Range[]>>;

/** How many words the path to an object has, behind which stand its name and a field. */
const PATHS = ["address", "address-group", "service", "application", "rulebase security rules"] as const;
/** Fields of more than one word. */
const FIELDS = /^(protocol \w+ port|protocol \w+ source-port|default ident-by-ip-protocol|default ident-by-icmp6?-type type|\S+) (.*)$/;

class PanOs {
  readonly #objects = new Map<string, Map<string, Entry>>(PATHS.map((path) => [path, new Map()]));
  #compiled: readonly Compiled[] | null = null;

  get rules(): ReadonlyMap<string, Entry> {
    return this.#table("rulebase security rules");
  }

  load(text: string): this {
    this.#compiled = null;
    for (const line of text.split("\n")) {
      if (line === "" || line.startsWith("#")) continue;
      const [, verb, path, name = "", rest] = /^(set|delete) (address-group|address|service|application|rulebase security rules) (\S+)(?: (.*))?$/.exec(line) ?? assert.fail(`no such command: ${line}`); // prettier-ignore
      if (verb === "delete") {
        assert.ok(rest === undefined && this.#table(path!).delete(name), `deletes what is not there: ${line}`);
        continue;
      }
      assert.match(name, path === "application" ? /^[A-Za-z0-9][\w-]{0,30}$/ : /^[A-Za-z0-9][\w-]{0,62}$/);
      const entry = this.#table(path!).get(name) ?? new Map<string, readonly string[]>();
      this.#table(path!).set(name, entry);
      const [, field = "", value = ""] = FIELDS.exec(rest ?? "") ?? assert.fail(line);
      if (field === "description") assert.match(value, /^"[^"?\\]{0,1023}"$/);
      const values = field === "description" ? [value] : value.startsWith("[ ") ? value.slice(2, -2).split(" ") : [value];
      assert.ok(
        values.every((it) => it !== "" && !it.includes("[")) && (field === "description" || !values.some((it) => it.includes(" "))),
        line,
      );
      // Members of a list are added, everything else is set.
      entry.set(field, [
        ...(["static", "source", "destination", "application", "service"].includes(field) ? (entry.get(field) ?? []) : []),
        ...values,
      ]);
    }
    return this;
  }

  shown(): string {
    return JSON.stringify([...this.#objects].map(([path, it]) => [path, [...it].map(([name, entry]) => [name, [...entry]])]));
  }

  /** As the lines at the end say: ours before the hospital's own. */
  moved(): this {
    const rules = this.#table("rulebase security rules");
    for (const [name, entry] of [...rules].filter(([it]) => !it.startsWith("auscult"))) {
      rules.delete(name);
      rules.set(name, entry);
    }
    this.#compiled = null;
    return this;
  }

  drops(packet: JudgedPacket): boolean {
    this.#compiled ??= [...this.rules.values()]
      .filter((it) => it.get("disabled")![0] === "no")
      .map((it) => ({
        source: this.#ranges(it.get("source")!),
        destination: this.#ranges(it.get("destination")!),
        matches: this.#matches(it.get("service")!, it.get("application")!),
        denies: it.get("action")![0] === "drop",
      }));
    const { family, sender, receiver } = packet;
    const [from, to] = [number(sender), number(receiver)];
    return (
      this.#compiled.find((it) => within(it.source[family], from) && within(it.destination[family], to) && it.matches(packet))?.denies ??
      false
    );
  }

  #table(path: string): Map<string, Entry> {
    return this.#objects.get(path)!;
  }

  #ranges(names: readonly string[]): Ranges {
    const ranges: Record<4 | 6, Range[]> = { 4: [], 6: [] };
    for (const name of names) {
      if (name === "any") return { 4: [[0n, (1n << 32n) - 1n]], 6: [[0n, (1n << 128n) - 1n]] };
      const group = this.#table("address-group").get(name);
      if (group !== undefined) {
        const inner = this.#ranges(group.get("static")!);
        ranges[4].push(...inner[4]);
        ranges[6].push(...inner[6]);
        continue;
      }
      const address = this.#table("address").get(name);
      assert.ok(address, `no such address: ${name}`);
      const [first = "", last = first] = address.get("ip-range")?.[0]?.split("-") ?? address.get("ip-netmask")![0]!.split("/").slice(0, 1);
      if (address.has("ip-netmask")) assert.match(address.get("ip-netmask")![0]!, first.includes(":") ? /\/128$/ : /\/32$/);
      ranges[first.includes(":") ? 6 : 4].push([number(first), number(last)]);
    }
    return ranges;
  }

  /** A packet needs a service and an application of the rule. */
  #matches(services: readonly string[], applications: readonly string[]): (packet: JudgedPacket) => boolean {
    const service = (name: string, { protocol, ports }: JudgedPacket) => {
      if (name === "any") return true;
      const entry = this.#table("service").get(name);
      assert.ok(entry, `no such service: ${name}`);
      const transport = { 6: "tcp", 17: "udp", 132: "sctp" }[protocol];
      const to = entry.get(`protocol ${transport} port`);
      const from = entry.get(`protocol ${transport} source-port`) ?? ["0-65535"];
      return to !== undefined && ports !== null && among(to[0]!, ports.to) && among(from[0]!, ports.from);
    };
    const application = (name: string, { family, protocol, icmpType }: JudgedPacket) => {
      if (name === "any") return true;
      const entry = this.#table("application").get(name);
      assert.ok(entry, `no such application: ${name}`);
      for (const field of ["category", "subcategory", "technology", "risk"]) assert.ok(entry.has(field), `${name} has no ${field}`);
      const [ip] = entry.get("default ident-by-ip-protocol") ?? [];
      const [type] = entry.get(`default ident-by-${family === 4 ? "icmp" : "icmp6"}-type type`) ?? [];
      return Number(ip) === protocol || (protocol === (family === 4 ? 1 : 58) && Number(type) === icmpType);
    };
    return (packet) => services.some((it) => service(it, packet)) && applications.some((it) => application(it, packet));
  }
}

function among(ranges: string, port: number): boolean {
  return ranges.split(",").some((range) => {
    const [from, to = from] = range.split("-").map(Number);
    return from! <= port && port <= to!;
  });
}

const within = (ranges: readonly Range[], value: bigint) => ranges.some(([first, last]) => first <= value && value <= last);

function number(address: string): bigint {
  if (!address.includes(":")) return address.split(".").reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  const [head = "", tail] = address.split("::");
  const parts = (text: string) => (text === "" ? [] : text.split(":"));
  const [front, back] = [parts(head), parts(tail ?? "")];
  const all = [...front, ...Array.from({ length: tail === undefined ? 0 : 8 - front.length - back.length }, () => "0"), ...back];
  return all.reduce((value, part) => (value << 16n) | BigInt(`0x${part}`), 0n);
}
