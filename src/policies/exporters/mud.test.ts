/**
 * The MUD files, read back as a MUD manager reads them: by the YANG modules ietf-mud (RFC 8520) and ietf-access-control-list with
 * ietf-packet-fields (RFC 8519). A node that those do not have, or a value out of its range, fails. Applied at the port of each device that
 * has a file: to what it sends the lists of `from-device-policy`, to what it is sent those of `to-device-policy`.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CompiledPolicy, JudgedPacket } from "../../model/policy.ts";
import { dropsPacket, randomWalls, wholePacket } from "../../testing/exported-walls.ts";
import { SAMPLE_WALL } from "../../testing/sample-wall.ts";
import { NO_ADDRESSES } from "../ranges.ts";
import { isEmpty, without } from "../ranges.ts";
import { NotExportable } from "./exporter.ts";
import { mud } from "./mud.ts";

const WALLS = 24;
const PACKETS = 200;

test("read back, they drop at the ports of devices the packets that the evaluator says, and no other", () => {
  const tally = { dropped: 0, passed: 0 };
  for (const [wall, random] of randomWalls(21, WALLS, withoutPortsOfSctp)) {
    if (isEmpty(without(wall.enforced, wall.spared))) continue;
    const ports = new Ports(mud.write(wall));
    for (let made = 0; made < PACKETS; made++) {
      const packet = wholePacket(random, wall.policy);
      const expected = dropsPacket(wall, packet);
      if (ports.drop(packet) !== expected) assert.fail(`expected ${expected}: ${JSON.stringify({ packet, policy: wall.policy })}`);
      tally[expected ? "dropped" : "passed"]++;
    }
  }
  assert.ok(tally.dropped > 500 && tally.passed > 1_000, JSON.stringify(tally));
});

test("an error planted in the text shows", () => {
  for (const [name, planted] of [
    [
      "a port more",
      (text: string) => text.replace(/"upper-port": (\d+)/g, (_, port) => `"upper-port": ${Math.min(Number(port) + 1, 65_535)}`),
    ],
    ["another way opened", (text: string) => text.replaceAll('initiated": "from-device"', 'initiated": "to-device"')],
    [
      "lists exchanged",
      (text: string) =>
        text.replace(
          /("name": ".*)-(from|to)-(ipv.)"(?!,)/g,
          (_, name, way, family) => `${name}-${way === "to" ? "from" : "to"}-${family}"`,
        ),
    ],
    ["a wider network", (text: string) => text.replaceAll('/32"', '/31"').replaceAll('/128"', '/127"')],
    ["another type", (text: string) => text.replace(/"type": (\d+)/g, (_, type) => `"type": ${Number(type) ^ 1}`)],
  ] as const) {
    assert.ok(differs(planted), name);
  }
});

/** Up to the first packet that shows it. */
function differs(change: (text: string) => string): boolean {
  for (const [wall, random] of randomWalls(22, 20, withoutPortsOfSctp)) {
    if (isEmpty(without(wall.enforced, wall.spared))) continue;
    const ports = new Ports(change(mud.write(wall)), { strict: false });
    for (let made = 0; made < 200; made++) {
      const packet = wholePacket(random, wall.policy);
      if (ports.drop(packet) !== dropsPacket(wall, packet)) return true;
    }
  }
  return false;
}

test("who is spared or monitored has no file, and every other governed device has one", () => {
  const files = JSON.parse(mud.write(SAMPLE_WALL)) as readonly FileText[];
  assert.deepEqual(
    files.map(({ file, devices }) => [file, devices]),
    [["infusion-pumps.json", ["10.20.4.7", "10.20.4.12-10.20.4.31", "fd20:4::7"]]],
  );
});

test("the roll-back names each file, its URL and from whom it is to be taken", () => {
  const written = JSON.parse(mud.write(SAMPLE_WALL)) as readonly FileText[];
  const { files } = JSON.parse(mud.rollback(SAMPLE_WALL)) as { readonly files: readonly { readonly file: string; readonly "mud-url": string; readonly devices: readonly string[] }[] }; // prettier-ignore
  assert.deepEqual(
    files,
    written.map(({ file, devices, mud }) => ({ file, "mud-url": mud["ietf-mud:mud"]["mud-url"], devices })),
  );
});

test("what a MUD file cannot say is refused, and nothing is written", () => {
  const nobody = { ...SAMPLE_WALL, enforced: NO_ADDRESSES };
  assert.throws(() => mud.write(nobody), NotExportable);
  const sctp = { ...SAMPLE_WALL.policy.rules[0]!, service: { transport: "sctp" as const, ports: [{ from: 3868, to: 3868 }] } };
  assert.throws(() => mud.write({ ...SAMPLE_WALL, policy: { ...SAMPLE_WALL.policy, rules: [sctp] } }), NotExportable);
  const ports = Array.from({ length: 25_000 }, (_, at) => ({ from: 2 * at, to: 2 * at }));
  const rule = { ...SAMPLE_WALL.policy.rules[0]!, service: { transport: "udp" as const, ports } };
  const servers = (count: number) => Array.from({ length: count }, (_, at) => ({ first: `10.20.0.${2 * at}`, last: `10.20.0.${2 * at}` }));
  const wallOf = (count: number) => {
    const sets = SAMPLE_WALL.policy.sets.map((set, at) => (at === rule.to ? { ...set, ipv4: servers(count), ipv6: [] } : set));
    return { ...SAMPLE_WALL, spared: NO_ADDRESSES, policy: { ...SAMPLE_WALL.policy, sets, rules: [rule] } };
  };
  assert.throws(() => mud.write(wallOf(21)), /at most 500000 entries/);
});

test("names of lists keep to 64 letters and stay apart, whatever groups are called", () => {
  const long = "infusion pumps of the intensive care unit on the third floor of the northern wing, east side";
  const sets = SAMPLE_WALL.policy.sets.map((set, at) => ({ ...set, group: `${long}${".".repeat(at)}`, ward: null }));
  const wall = {
    ...SAMPLE_WALL,
    policy: { ...SAMPLE_WALL.policy, sets },
    enforced: { ipv4: [...sets[0]!.ipv4, ...sets[1]!.ipv4], ipv6: [] },
    spared: NO_ADDRESSES,
  };
  assert.equal(new Ports(mud.write(wall)).files, 2);
});

function withoutPortsOfSctp(policy: CompiledPolicy): CompiledPolicy {
  return { ...policy, rules: policy.rules.filter(({ service }) => service.transport !== "sctp" || service.ports.length === 0) };
}

interface Matches {
  readonly ipv4?: Header;
  readonly ipv6?: Header;
  readonly tcp?: Segment;
  readonly udp?: Segment;
  readonly icmp?: { readonly type?: number };
}
interface Header {
  readonly protocol?: number;
  readonly "destination-ipv4-network"?: string;
  readonly "source-ipv4-network"?: string;
  readonly "destination-ipv6-network"?: string;
  readonly "source-ipv6-network"?: string;
}
interface Segment {
  readonly "source-port"?: Port;
  readonly "destination-port"?: Port;
  readonly "ietf-mud:direction-initiated"?: "from-device" | "to-device";
}
type Port = { readonly operator: "eq"; readonly port: number } | { readonly "lower-port": number; readonly "upper-port": number };
interface List {
  readonly name: string;
  readonly type: string;
  readonly aces: {
    readonly ace: readonly { readonly name: string; readonly matches: Matches; readonly actions: { readonly forwarding: string } }[];
  };
}
interface PolicyText {
  readonly "access-lists": { readonly "access-list": readonly { readonly name: string }[] };
}
interface FileText {
  readonly file: string;
  readonly devices: readonly string[];
  readonly mud: {
    readonly "ietf-mud:mud": {
      readonly "mud-url": string;
      readonly "from-device-policy": PolicyText;
      readonly "to-device-policy": PolicyText;
    };
    readonly "ietf-access-control-list:acls": { readonly acl: readonly List[] };
  };
}

interface PortOfDevice {
  readonly devices: readonly (readonly [bigint, bigint, 4 | 6])[];
  readonly from: readonly List[];
  readonly to: readonly List[];
}

class Ports {
  readonly #ports: readonly PortOfDevice[];

  constructor(text: string, { strict } = { strict: true }) {
    const files = JSON.parse(text) as readonly FileText[];
    this.#ports = files.map(({ devices, mud, file }) => {
      assert.deepEqual(Object.keys(mud), ["ietf-mud:mud", "ietf-access-control-list:acls"]);
      const { acl } = mud["ietf-access-control-list:acls"];
      if (strict) {
        assert.equal(new Set(acl.map(({ name }) => name)).size, acl.length, "names of lists are their keys");
        acl.forEach(checked);
        header(mud["ietf-mud:mud"], file);
      }
      const listsOf = (policy: PolicyText) =>
        policy["access-lists"]["access-list"].map(({ name }) => {
          const list = acl.find((it) => it.name === name);
          assert.ok(list, `no such list: ${name}`);
          return list;
        });
      return {
        devices: devices.map((it) => {
          const [first = "", last = first] = it.split("-");
          return [number(first), number(last), first.includes(":") ? 6 : 4] as const;
        }),
        from: listsOf(mud["ietf-mud:mud"]["from-device-policy"]),
        to: listsOf(mud["ietf-mud:mud"]["to-device-policy"]),
      };
    });
  }

  get files(): number {
    return this.#ports.length;
  }

  drop(packet: JudgedPacket): boolean {
    const [sender, receiver] = [this.#at(packet.sender, packet.family), this.#at(packet.receiver, packet.family)];
    const passes = (lists: readonly List[], way: "from-device" | "to-device") =>
      lists.some(({ type, aces }) => type === `ipv${packet.family}-acl-type` && aces.ace.some((it) => isOf(it.matches, packet, way)));
    return (sender !== undefined && !passes(sender.from, "from-device")) || (receiver !== undefined && !passes(receiver.to, "to-device"));
  }

  #at(address: string, family: 4 | 6): PortOfDevice | undefined {
    const value = number(address);
    return this.#ports.find(({ devices }) => devices.some(([first, last, of]) => of === family && first <= value && value <= last));
  }
}

/** Names, types and nodes as the modules have them. */
function checked({ name, type, aces, ...more }: List): void {
  assert.match(name, /^[A-Za-z0-9_.-]{1,64}$/);
  assert.match(type, /^ipv[46]-acl-type$/);
  assert.deepEqual(more, {});
  assert.ok(aces.ace.length > 0, "an empty list drops everything");
  assert.equal(new Set(aces.ace.map((it) => it.name)).size, aces.ace.length, "names of entries are their keys");
  for (const { name: entry, matches, actions } of aces.ace) {
    assert.match(entry, /^[A-Za-z0-9_.-]{1,64}$/);
    assert.deepEqual(actions, { forwarding: "accept" });
    const { ipv4, ipv6, tcp, udp, icmp, ...others } = matches;
    assert.deepEqual(others, {});
    assert.equal([ipv4, ipv6].filter(Boolean).length, 1, "a choice of one header");
    assert.equal(ipv4 !== undefined, type === "ipv4-acl-type");
    assert.ok([tcp, udp, icmp].filter(Boolean).length <= 1, "a choice of one transport");
    const protocol = (ipv4 ?? ipv6)!.protocol;
    if (tcp !== undefined) assert.equal(protocol, 6);
    if (udp !== undefined) assert.equal(protocol, 17);
    if (icmp !== undefined) assert.ok(icmp.type! >= 0 && icmp.type! <= 255);
    assert.equal(udp?.["ietf-mud:direction-initiated"], undefined, "of TCP only");
    for (const port of [tcp, udp].flatMap((it) => [it?.["source-port"], it?.["destination-port"]]))
      if (port !== undefined && "lower-port" in port) assert.ok(port["lower-port"] < port["upper-port"]);
  }
}

function header(it: FileText["mud"]["ietf-mud:mud"], file: string): void {
  const leaves: Readonly<Record<string, (value: unknown) => boolean>> = {
    "mud-version": (value) => value === 1,
    "mud-url": (value) => new RegExp(`^https://[a-z.]+/${file.replaceAll(".", "\\.")}$`).test(String(value)),
    "last-update": (value) => !Number.isNaN(Date.parse(String(value))),
    "cache-validity": (value) => Number(value) >= 1 && Number(value) <= 168,
    "is-supported": (value) => value === true,
    systeminfo: (value) => typeof value === "string",
    "from-device-policy": (value) => typeof value === "object",
    "to-device-policy": (value) => typeof value === "object",
  };
  assert.deepEqual(Object.keys(it).toSorted(), Object.keys(leaves).toSorted());
  for (const [leaf, value] of Object.entries(it)) assert.ok(leaves[leaf]!(value), leaf);
}

function isOf({ ipv4, ipv6, tcp, udp, icmp }: Matches, packet: JudgedPacket, way: "from-device" | "to-device"): boolean {
  const ip = (ipv4 ?? ipv6)!;
  const networks = [
    [ip["destination-ipv4-network"] ?? ip["destination-ipv6-network"], packet.receiver],
    [ip["source-ipv4-network"] ?? ip["source-ipv6-network"], packet.sender],
  ] as const;
  if (networks.some(([network, address]) => network !== undefined && !isIn(network, address))) return false;
  if (ip.protocol !== undefined && ip.protocol !== packet.protocol) return false;
  if (icmp !== undefined && icmp.type !== packet.icmpType) return false;
  const segment = tcp ?? udp;
  if (segment === undefined) return true;
  const { "source-port": source, "destination-port": destination, "ietf-mud:direction-initiated": initiated } = segment;
  // "In its simplest form by looking at naked SYN bits": one from the side that did not open is not of the flow.
  if (initiated !== undefined && initiated !== way && (packet.tcpFlags! & 18) === 2) return false;
  return (source === undefined || among(source, packet.ports!.from)) && (destination === undefined || among(destination, packet.ports!.to));
}

const among = (range: Port, port: number) =>
  "port" in range ? range.port === port : range["lower-port"] <= port && port <= range["upper-port"];

function isIn(network: string, address: string): boolean {
  const [prefix = "", bits] = network.split("/");
  const host = BigInt((prefix.includes(":") ? 128 : 32) - Number(bits));
  return number(prefix) >> host === number(address) >> host;
}

function number(address: string): bigint {
  if (!address.includes(":")) return address.split(".").reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  const [head = "", tail] = address.split("::");
  const parts = (text: string) => (text === "" ? [] : text.split(":"));
  const [front, back] = [parts(head), parts(tail ?? "")];
  const all = [...front, ...Array.from({ length: tail === undefined ? 0 : 8 - front.length - back.length }, () => "0"), ...back];
  return all.reduce((value, part) => (value << 16n) | BigInt(`0x${part}`), 0n);
}
