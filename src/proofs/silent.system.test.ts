/**
 * Promise 1, silent: a mirror that is sent to an address (ERSPAN, VXLAN) is heard whole while the kernel's transmit counters stay at 0.
 * What is typed on both ends are the lines that `auscult doctor` prints; with any of them left out the counters rise.
 *
 * `switch` is the network's side: it makes VXLAN itself, and routes ERSPAN that another switch sent. `host` is the computer that listens. It
 * has a second interface with an address and hands packets on, as a computer with containers does: that must stay quiet as well.
 * Needs root, and ip, tcpdump and tcpreplay from Debian; a kernel without VXLAN cannot do it.
 */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, afterEach, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { findProgram } from "../link/sandbox.ts";
import { sampleFrames, writeCapture } from "../testing/captures.ts";
import { start } from "../testing/command.ts";
import { erspan, type ErspanType } from "../testing/erspan.ts";
import { arp, bytes, ethernet, type Frame } from "../testing/frames.ts";
import { Namespace } from "../testing/namespace.ts";
import { until } from "../testing/processes.ts";

const missing = ["ip", "tcpdump", "tcpreplay"].filter((program) => findProgram(program) === undefined);
const skip =
  process.getuid?.() !== 0
    ? "needs root: NOBODY PROVED SILENCE"
    : missing.length > 0
      ? `needs ${missing.join(", ")}: NOBODY PROVED SILENCE`
      : false;

/** The address the mirror is sent to. No machine has it. */
const ADDRESS = "203.0.113.9";
const SWITCH = "203.0.113.1";
/** Where ERSPAN comes from, one hop further. */
const FAR_SWITCH = "198.51.100.1";
const FAR_SWITCH_MAC = "00:1b:54:00:00:01";
const DESK = "192.0.2.66";
const NOBODYS_MAC = "00:00:00:00:00:00";
const EVERYONE = "ff:ff:ff:ff:ff:ff";

const FRAMES_PER_SECOND = 10_000;
/** What the kernel says of its own accord after an interface is switched on, it says within this time: RFC 4861 waits a second at most. */
const SETTLED_MS = 3_000;

interface Finding {
  readonly about: string;
  readonly state: "ok" | "note" | "wrong";
  readonly words: string;
  readonly cure?: readonly string[];
}

interface Inventory {
  readonly coverage: { readonly frames: number; readonly drops: number; readonly malformed: number };
  readonly devices: readonly { readonly macs: readonly string[]; readonly ips: readonly string[] }[];
}

suite("a mirror that is sent", { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-silent-"));
  chmodSync(folder, 0o755);
  const plain = join(folder, "hospital.pcap");
  let frames: readonly Frame[] = [];
  let network: Namespace;
  let host: Namespace;

  before(() => {
    frames = sampleFrames(60, 5, 3);
    writeCapture(plain, frames);
  });
  after(() => rmSync(folder, { recursive: true }));

  /** As somebody finds the card before anything was done: switched off, an address given to it, on a computer that hands packets on. */
  beforeEach(() => {
    network = new Namespace("switch");
    host = new Namespace("host");
    network.type("sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1 net.ipv4.ip_forward=1");
    host.type("sysctl -qw net.ipv4.ip_forward=1");
    network.type(
      `ip link add port mtu 9000 type veth peer name mirror mtu 9000 netns ${host.name}`,
      `ip link add office type veth peer name desk netns ${host.name}`,
      "ip link add monitor mtu 9000 type veth peer name fabric mtu 9000",
      `ip address add ${SWITCH}/24 dev port`,
      `ip address add 192.0.2.1/24 dev office`,
      ...["port", "office", "monitor", "fabric"].map((name) => `ip link set dev ${name} up`),
      `ip link add vxlan mtu 8000 type vxlan id 5001 local ${SWITCH} remote ${ADDRESS} dstport 4789 nolearning`,
      "ip link set dev vxlan arp off up",
    );
    host.type(
      `ip address add ${ADDRESS}/24 dev mirror`,
      "sysctl -qw net.ipv6.conf.desk.disable_ipv6=1",
      `ip address add ${DESK}/24 dev desk`,
      "ip link set dev desk arp off up",
      "ip route add default via 192.0.2.1 dev desk",
    );
  });
  afterEach(() => {
    host.delete();
    network.delete();
  });

  async function doctor(data: string): Promise<{ readonly code: number | null; readonly mirror: Finding }> {
    const { code, stdout } = await start(["--data", join(folder, data), "doctor", "--json"], {}, { through: host.through }).ended;
    const { findings } = JSON.parse(stdout) as { readonly findings: readonly Finding[] };
    return { code, mirror: findings.find((it) => it.about === "mirror" && !it.words.startsWith("last heard"))! };
  }

  /** By doctor's lines alone; `but`: without this one. */
  async function plug(but?: RegExp): Promise<void> {
    const { mirror } = await doctor("none");
    assert.equal(mirror.state, "note");
    const lines = mirror.cure!.filter((line) => but === undefined || !but.test(line));
    assert.equal(lines.length, mirror.cure!.length - (but === undefined ? 0 : 1), `${but} in ${mirror.cure!.join("\n")}`);
    host.type(...lines);
    const mac = host.run("cat", "/sys/class/net/mirror/address").trim();
    network.type(`ip neigh replace ${ADDRESS} lladdr ${mac} nud permanent dev port`);
  }

  const replay = (device: string, file: string) => network.run("tcpreplay", "--quiet", `--pps=${FRAMES_PER_SECOND}`, "-i", device, file);
  const sent = () => ({ mirror: host.counter("mirror", "tx_packets"), desk: host.counter("desk", "tx_packets") });

  function wrapped(type: ErspanType): string {
    const file = join(folder, `erspan-${type}.pcap`);
    const toMac = network.run("cat", "/sys/class/net/fabric/address").trim();
    const route = { fromMac: FAR_SWITCH_MAC, toMac, fromIp: FAR_SWITCH, toIp: ADDRESS };
    writeCapture(file, frames.map(({ at, bytes: inner }, number) => ({ at: at!, bytes: erspan(type, inner, number, route) }))); // prettier-ignore
    return file;
  }

  /** Listens with the real program while `send` sends so many frames. */
  async function heard(data: string, count: number, send: () => void): Promise<Inventory> {
    const { child, said, ended } = start(
      ["--data", join(folder, data), "listen", "mirror", "--exit", "--json"],
      {},
      { through: host.through },
    );
    await said(/^Listening on mirror\. Nothing is sent there\./m);
    send();
    await until("all frames to come", () => host.counter("mirror", "rx_packets") >= count);
    await sleep(SETTLED_MS);
    child.kill("SIGINT");
    const { code, stdout, stderr } = await ended;
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as Inventory;
  }

  const pairs = ({ devices }: Inventory) =>
    new Set(devices.flatMap(({ macs, ips }) => macs.flatMap((mac) => ips.map((ip) => `${mac} ${ip}`))));

  test("every frame of it is heard, whoever wraps it, and none is sent", async () => {
    await plug();
    const { code, mirror } = await doctor("none");
    assert.deepEqual([code, mirror.state], [0, "ok"], mirror.words);
    const sender = mirror.cure!.find((line) => line.startsWith("Linux sender:"))!;
    network.type(`ip neigh delete ${ADDRESS} dev port`);
    network.type(sender.replace("Linux sender:", "").replace("ADDRESS", ADDRESS).replace("PORT", "port"));

    const bare = await heard("plain", frames.length, () => replay("port", plain));
    assert.deepEqual([bare.coverage.frames, bare.coverage.drops, sent()], [frames.length, 0, { mirror: 0, desk: 0 }]);
    const expected = pairs(bare);
    assert.ok(expected.size >= 40, `${expected.size} machines heard plain`);

    let total = frames.length;
    for (const [name, send] of [
      ["vxlan", () => replay("vxlan", plain)],
      ...(["I", "II", "III"] as const).map((type) => [`erspan-${type}`, () => replay("monitor", wrapped(type))] as const),
    ] as const) {
      total += frames.length;
      const inside = await heard(name, total, send);
      assert.deepEqual(
        [name, inside.coverage.frames, inside.coverage.drops, inside.coverage.malformed, sent()],
        [name, frames.length, 0, bare.coverage.malformed, { mirror: 0, desk: 0 }],
      );
      assert.deepEqual([...expected.difference(pairs(inside))], [], `${name}: machines not found under their own addresses`);
      assert.equal(network.counter("port", "rx_packets"), 0, name);
    }
    process.stderr.write(`${frames.length} frames each plain and by VXLAN, ERSPAN I, II and III: all heard, 0 sent\n`);

    const listened = await doctor("vxlan");
    assert.deepEqual([listened.code, listened.mirror.state], [0, "ok"]);
    host.type(`ip address add ${ADDRESS}/24 dev mirror`);
    const addressed = await doctor("vxlan");
    assert.deepEqual([addressed.code, addressed.mirror.state], [1, "wrong"]);
    assert.match(addressed.mirror.words, /it was listened on and is not silent: the kernel answers as 203\.0\.113\.9$/);
    assert.deepEqual(addressed.mirror.cure, ["sudo ip address flush dev mirror"]);
  });

  /** Whatever may make a kernel talk. `bystander`: somebody asks all, by ARP, for the address of the listening computer's other interface. */
  async function provoke(): Promise<{ readonly mirror: number; readonly desk: number }> {
    const bystander = join(folder, "bystander.pcap");
    const asked = arp(1, [FAR_SWITCH_MAC, "192.0.2.1"], [NOBODYS_MAC, DESK]);
    const padded = bytes(asked, new Uint8Array(18));
    writeCapture(bystander, [{ at: 0, bytes: ethernet({ from: FAR_SWITCH_MAC, to: EVERYONE, type: 0x0806 }, padded) }]);
    await sleep(SETTLED_MS);
    replay("port", bystander);
    replay("vxlan", plain);
    replay("monitor", wrapped("II"));
    await until("all frames to come", () => host.counter("mirror", "rx_packets") >= 1 + 2 * frames.length);
    await sleep(SETTLED_MS);
    return sent();
  }

  test("nothing of what may come in makes it send", async () => {
    await plug();
    assert.deepEqual(await provoke(), { mirror: 0, desk: 0 });
  });

  for (const [line, where] of [
    [/ip address flush/, "mirror"],
    [/arp off/, "mirror"],
    [/disable_ipv6/, "mirror"],
    [/forwarding/, "desk"],
  ] as const) {
    test(`without doctor's line about "${line.source}" something is sent`, async () => {
      await plug(line);
      const counters = await provoke();
      assert.ok(counters[where] > 0, JSON.stringify(counters));
    });
  }

  test("without the neighbor by hand the switch asks in vain, and nothing of its mirror comes", async () => {
    await plug();
    network.type(`ip neigh delete ${ADDRESS} dev port`);
    // The kernel holds back who sends to nobody, so a few must do.
    const few = join(folder, "few.pcap");
    writeCapture(few, frames.slice(0, 100));
    const inside = await heard("deaf", 1, () => replay("vxlan", few));
    const mac = network.run("cat", "/sys/class/net/port/address").trim();
    assert.deepEqual([...pairs(inside)], [`${mac} ${SWITCH}`], "only the switch, which asks");
    assert.deepEqual(sent(), { mirror: 0, desk: 0 });
  });
});
