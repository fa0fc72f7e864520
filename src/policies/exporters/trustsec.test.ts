/**
 * The matrix, read back as a switch reads it: the group of each end by its address, the cell of the two, the lines of its list from the
 * top (`permit|deny PROTOCOL [src OPERATOR PORT] [dst OPERATOR PORT] [log]`). Held against the evaluator as declared: without state or flags
 * what comes from a rule's port is an answer, and ICMP goes through.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { csvRecords } from "../../bytes/csv.ts";
import type { CompiledPolicy, JudgedPacket } from "../../model/policy.ts";
import { dropsPacket, randomWalls, wholePacket } from "../../testing/exported-walls.ts";
import { SAMPLE_WALL } from "../../testing/sample-wall.ts";
import { NO_ADDRESSES } from "../ranges.ts";
import { NotExportable, type Wall } from "./exporter.ts";
import { trustsec } from "./trustsec.ts";

const WALLS = 24;
const PACKETS = 200;

test("read back, it drops the packets that the evaluator says under what is declared, and no other", () => {
  const tally = { dropped: 0, passed: 0, opened: 0 };
  for (const [wall, random] of randomWalls(41, WALLS, withoutPortsOfSctp)) {
    const matrix = new Matrix(trustsec.write(wall));
    for (let made = 0; made < PACKETS; made++) {
      const packet = wholePacket(random, wall.policy);
      if ([packet.sender, packet.receiver].some(isMulticast)) continue;
      const expected = dropsAsDeclared(wall, packet);
      if (matrix.drops(packet) !== expected) assert.fail(`expected ${expected}: ${JSON.stringify({ packet, wall })}`);
      tally[expected ? "dropped" : dropsPacket(wall, packet) ? "opened" : "passed"]++;
      // It opens what is declared, and closes nothing.
      assert.ok(!expected || dropsPacket(wall, packet));
    }
  }
  assert.ok(tally.dropped > 350 && tally.passed > 800 && tally.opened > 15, JSON.stringify(tally));
});

test("an error planted in the text shows", () => {
  for (const [name, planted] of [
    [
      "a port more",
      (text: string) => text.replace(/range (\d+) (\d+)/g, (_, from, to) => `range ${from} ${Math.min(Number(to) + 1, 65_535)}`),
    ],
    [
      "asks and answers exchanged",
      (text: string) =>
        text.replace(
          /permit (tcp|udp) (src|dst)(?! eq \d+ dst)/g,
          (_, transport, end) => `permit ${transport} ${end === "src" ? "dst" : "src"}`,
        ),
    ],
    ["denies none", (text: string) => text.replaceAll("deny ip log", "permit ip")],
    ["monitored enforced", (text: string) => text.replaceAll("MONITOR", "ENABLED")],
    ["a protocol more", (text: string) => text.replaceAll("permit tcp", "permit udp")],
  ] as const) {
    assert.ok(differs(planted), name);
  }
});

/** Up to the first packet that shows it. */
function differs(change: (text: string) => string): boolean {
  for (const [wall, random] of randomWalls(42, 30, withoutPortsOfSctp)) {
    const matrix = new Matrix(change(trustsec.write(wall)));
    for (let made = 0; made < 200; made++) {
      const packet = wholePacket(random, wall.policy);
      if (![packet.sender, packet.receiver].some(isMulticast) && matrix.drops(packet) !== dropsAsDeclared(wall, packet)) return true;
    }
  }
  return false;
}

test("the roll-back names every cell that was written, with its list", () => {
  const written = csvRecords(trustsec.write(SAMPLE_WALL), ",").slice(1);
  const taken = csvRecords(trustsec.rollback(SAMPLE_WALL), ",").slice(1);
  assert.deepEqual(
    taken,
    written.map((row) => [row[1], row[4], row[8]]),
  );
});

test("lists of the same lines have one name, and others another", () => {
  const written = csvRecords(trustsec.write(SAMPLE_WALL), ",").slice(1);
  const lists = written.filter((row) => row[9] !== "").map((row) => [row[8], row[9]] as const);
  assert.ok(lists.length > 5 && lists.length < written.length);
  assert.equal(new Set(lists.map(([name]) => name)).size, lists.length);
  assert.equal(new Set(lists.map(([, lines]) => lines)).size, lists.length);
});

test("a group that is a draft in one ward is governed in the others only", () => {
  const enforced = { ipv4: [{ first: "10.20.4.7", last: "10.20.4.7" }], ipv6: [] };
  const drafts = { ...SAMPLE_WALL, monitored: NO_ADDRESSES, spared: NO_ADDRESSES, enforced };
  const matrix = new Matrix(trustsec.write(drafts));
  const telnet = { family: 4, protocol: 6, ports: { from: 40_000, to: 23 }, tcpFlags: 2, icmpType: null, fragmentOffset: 0 } as const;
  const drops = (sender: string, receiver: string) => matrix.drops({ ...telnet, sender, receiver });
  assert.deepEqual(
    [drops("10.20.4.7", "10.20.4.12"), drops("10.20.4.12", "10.20.4.7"), drops("10.20.4.12", "10.20.0.99")],
    [true, true, false],
  );
});

test("names keep to 32 letters and stay apart, whatever groups are called", () => {
  const long = "infusion pumps of the intensive care unit on the third floor";
  const names = [long, `${long}.`, "Unknown", "ward 4 u", "輸液ポンプ", "anyone"];
  const sets = SAMPLE_WALL.policy.sets.map((set, at) => ({ ...set, group: names[at]!, ward: null }));
  const policy = { ...SAMPLE_WALL.policy, sets };
  const count = (wall: Wall) => new Set(csvRecords(trustsec.write(wall), ",").map((row) => row[1])).size;
  assert.equal(count({ ...SAMPLE_WALL, policy }), count(SAMPLE_WALL));
  assert.equal(new Matrix(trustsec.write({ ...SAMPLE_WALL, policy })).cells, new Matrix(trustsec.write(SAMPLE_WALL)).cells);
});

test("what cannot be said is refused, and nobody to govern is no empty table but an error", () => {
  const sctp = { ...SAMPLE_WALL.policy.rules[0]!, service: { transport: "sctp" as const, ports: [{ from: 3868, to: 3868 }] } };
  assert.throws(() => trustsec.write({ ...SAMPLE_WALL, policy: { ...SAMPLE_WALL.policy, rules: [sctp] } }), NotExportable);
  const nobody = { ...SAMPLE_WALL, enforced: NO_ADDRESSES, monitored: NO_ADDRESSES, spared: NO_ADDRESSES };
  assert.throws(() => trustsec.write(nobody), NotExportable);
});

function withoutPortsOfSctp(policy: CompiledPolicy): CompiledPolicy {
  return { ...policy, rules: policy.rules.filter(({ service }) => service.transport !== "sctp" || service.ports.length === 0) };
}

function dropsAsDeclared(wall: Wall, packet: JudgedPacket): boolean {
  if (packet.protocol === (packet.family === 4 ? 1 : 58)) return false;
  return dropsPacket(wall, packet.protocol === 6 ? { ...packet, tcpFlags: ACK } : packet);
}
const ACK = 16;

const isMulticast = (address: string) => /^(22[4-9]|23\d)\.|^ff/.test(address);

type Range = readonly [bigint, bigint];
interface Read {
  readonly family: 4 | 6;
  /** Null: everybody who is in no other group. */
  readonly from: readonly Range[] | null;
  readonly to: readonly Range[] | null;
  readonly drops: boolean;
  readonly lines: readonly string[];
}

class Matrix {
  readonly #cells: readonly Read[];
  readonly #known: Readonly<Record<4 | 6, readonly Range[]>>;

  constructor(text: string) {
    const [head, ...rows] = csvRecords(text, ",");
    assert.equal(head!.length, 10);
    const tags = new Map<string, string>();
    const pairs = new Set<string>();
    // Told where it is named first, and nowhere else.
    const told = new Map<string, string>();
    const once = (key: string, text: string) => {
      assert.equal(text === "", told.has(key), `told at its first mention: ${key}`);
      if (text !== "") told.set(key, text);
      return told.get(key)!;
    };
    this.#cells = rows.map((row) => {
      const [version, source = "", sourceTag = "", from = "", destination = "", tag = "", to = "", status, list, lines = ""] = row;
      for (const [name, number] of [
        [source, sourceTag],
        [destination, tag],
      ] as const) {
        assert.match(name, /^[A-Za-z0-9][A-Za-z0-9_]{0,31}$/);
        assert.equal(tags.get(name) ?? number, number, "one name, one tag");
        assert.ok(Number(number) >= 0 && Number(number) < 65_520);
        tags.set(name, number);
      }
      assert.ok(!pairs.has(`${version} ${source} ${destination}`), "a pair has one cell");
      pairs.add(`${version} ${source} ${destination}`);
      assert.match(list!, /^Auscult_[0-9a-f]+$/);
      assert.match(status!, /^(ENABLED|MONITOR)$/);
      return {
        family: version === "IPv4" ? 4 : 6,
        from: rangesIn(once(`${version} ${source}`, from)),
        to: rangesIn(once(`${version} ${destination}`, to)),
        drops: status === "ENABLED",
        lines: once(list!, lines).split("\n"),
      };
    });
    assert.equal(new Set(tags.values()).size, tags.size, "one tag, one name");
    const known = (family: 4 | 6) =>
      this.#cells.filter((it) => it.family === family).flatMap(({ from, to }) => [...(from ?? []), ...(to ?? [])]);
    this.#known = { 4: known(4), 6: known(6) };
  }

  get cells(): number {
    return this.#cells.length;
  }

  drops(packet: JudgedPacket): boolean {
    const [from, to] = [number(packet.sender), number(packet.receiver)];
    const isOf = (group: readonly Range[] | null, value: bigint) =>
      group === null ? !within(this.#known[packet.family], value) : within(group, value);
    const cell = this.#cells.find((it) => it.family === packet.family && isOf(it.from, from) && isOf(it.to, to));
    // No cell: the default, which permits.
    if (cell === undefined || !cell.drops) return false;
    const line = cell.lines.find((it) => matches(it, packet));
    assert.ok(line, "a list ends in a line for everything");
    return line.startsWith("deny");
  }
}

function matches(line: string, { family, protocol, ports }: JudgedPacket): boolean {
  const [, word = "", source, destination] = /^(?:permit|deny) (\w+)(?: src (eq \d+|range \d+ \d+))?(?: dst (eq \d+|range \d+ \d+))?(?: log)?$/.exec(line) ?? assert.fail(`no such line: ${line}`); // prettier-ignore
  const number = { ip: protocol, icmp: family === 4 ? 1 : 58, igmp: 2, tcp: 6, udp: 17 }[word] ?? Number(word);
  if (number !== protocol) return false;
  const among = (range: string | undefined, port: number | undefined) => {
    if (range === undefined) return true;
    const [from, to = from] = range.split(" ").slice(1).map(Number);
    return port !== undefined && from! <= port && port <= to!;
  };
  return among(source, ports?.from) && among(destination, ports?.to);
}

function rangesIn(text: string): readonly Range[] | null {
  if (text === "every other") return null;
  return text.split(" ").map((it) => {
    const [first = "", last = first] = it.split("-");
    return [number(first), number(last)];
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
