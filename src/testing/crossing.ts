/**
 * A firewall between two ends, each in a namespace of its own: frames go in at one end, and what the kernel lets through is heard at the
 * other. Nothing waits for a time: the last frame of a batch is a sentinel, and when it is heard, all before it were.
 *
 * A capture that lost frames looks like a firewall that stopped them. So every frame is counted where it enters, at the hook and where it is
 * heard, and `lost` says how many are unaccounted for: a run with any is void. Needs root, and ip, nft, tcpdump and tcpreplay from Debian.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, fstatSync, openSync, readSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bytes, ethernet, ipv4, latin, pcapFile, u32, udp } from "./frames.ts";
import { Namespace } from "./namespace.ts";
import { until } from "./processes.ts";

/** Where the rules stand: on the forward hook of a bridge, or of a router. */
export type Hook = "bridge" | "routed";

/** The router's own face towards the injector, and its neighbor towards the receiver: what is routed goes from one to the other. */
export const ROUTER_MAC = "02:00:00:00:aa:01";
const NEXT_MAC = "02:00:00:00:cc:01";
const INJECTOR_MAC = "02:00:00:00:aa:02";

/** IEEE 802 gives this type to whoever experiments; nobody's rules name it. RFC 5737 gives the addresses to documents. */
const SENTINEL_TYPE = 0x88b5;
const SENTINEL_IPS = ["192.0.2.253", "192.0.2.254"] as const;
/** Above every number a test gives. */
const SENTINELS_FROM = 0xf000_0000;

/** What a frame must carry to be known again: in its IP payload where it is routed, since a router cuts off what follows. */
export function numbered(number: number): Uint8Array {
  return bytes(MAGIC, u32(number), u32(number));
}
const MAGIC = latin("WALL");
const MAGIC_BUFFER = Buffer.from(MAGIC);

export class Crossing {
  readonly hook: Hook;
  readonly #folder: string;
  readonly #injector: Namespace;
  readonly #firewall: Namespace;
  readonly #receiver: Namespace;
  readonly #framesPerSecond: number;
  #tcpdump: ChildProcess | undefined;
  #said = "";
  #heard = 0;
  #receivedBefore = 0;
  #offset = PCAP_HEADER_BYTES;
  #batches = 0;
  #sent = 0;
  #entered = 0;

  /** `folder`: where captures and rules are kept while it stands. */
  constructor(hook: Hook, folder: string, { framesPerSecond = 40_000 } = {}) {
    this.hook = hook;
    this.#folder = folder;
    this.#framesPerSecond = framesPerSecond;
    this.#injector = new Namespace(`${hook}-in`);
    this.#firewall = new Namespace(`${hook}-fw`);
    this.#receiver = new Namespace(`${hook}-out`);
    // Before any link comes up: a kernel that speaks IPv6 says so at once, and what it says would be taken for a frame let through.
    for (const space of [this.#injector, this.#receiver]) space.type(NO_IPV6);
    this.#firewall.type(
      hook === "bridge" ? NO_IPV6 : FORWARDING,
      `ip link add pa address ${ROUTER_MAC} type veth peer name a0 netns ${this.#injector.name}`,
      `ip link add pb type veth peer name c0 netns ${this.#receiver.name}`,
      ...(hook === "bridge" ? BRIDGE : ROUTER),
    );
    this.#injector.type("ip link set dev a0 txqueuelen 100000 arp off up");
    this.#receiver.type("ip link set dev c0 arp off promisc on up");
    this.#firewall.type("ip link set dev pb txqueuelen 100000");
    if (hook === "routed") this.#firewall.type(...ROUTES);
  }

  /** Where `nft` is run, and where it may be asked anything. */
  get firewall(): Namespace {
    return this.#firewall;
  }

  async listen(): Promise<void> {
    // Frames are counted at the hook before any rule sees them, by a table of the test's own that ends nothing.
    const entered = "chain entered {\n type filter hook forward priority -300;\n counter\n }";
    // What the firewall has to say itself is nobody's frame.
    const own = this.hook === "routed" ? "chain own {\n type filter hook output priority 0; policy drop;\n }" : "";
    this.#nft(`table ${this.#family} seen {\n ${entered}\n ${own}\n}\n`);
    const arguments_ = ["-Q", "in", "-U", "--immediate-mode", "-B", "262144", "-s", "0", "-Z", "root", "-w", this.#capture, "-i", "c0"];
    const [command, ...through] = this.#receiver.through;
    this.#tcpdump = spawn(command!, [...through, "tcpdump", ...arguments_], { stdio: ["ignore", "ignore", "pipe"] });
    this.#tcpdump.stderr!.setEncoding("utf8").on("data", (text: string) => (this.#said += text));
    await until("tcpdump to listen", () => this.#said.includes("listening on") && existsSync(this.#capture));
    this.#receivedBefore = this.#receiver.counter("c0", "rx_packets");
  }

  /** One transaction: all of it stands afterwards, or the kernel refuses and nothing has changed. */
  load(rules: string): void {
    this.#nft(rules);
  }

  /** The numbers of the frames that came through, in any order. */
  async pass(frames: readonly Uint8Array[]): Promise<ReadonlySet<number>> {
    const sentinel = SENTINELS_FROM + this.#batches++;
    const file = join(this.#folder, `${this.#firewall.name}.batch.pcap`);
    writeFileSync(file, pcapFile([...frames, this.#sentinel(sentinel)]));
    this.#injector.run("tcpreplay", "--quiet", "-K", `--pps=${this.#framesPerSecond}`, "-i", "a0", file);
    this.#sent += frames.length + 1;
    const numbers = new Set<number>();
    await until("the sentinel to be heard", () => {
      for (const number of this.#read()) numbers.add(number);
      return numbers.has(sentinel);
    });
    numbers.delete(sentinel);
    return numbers;
  }

  /** How often each rule of a table decided, by the rule's comment. */
  counters(family: string, table: string): ReadonlyMap<string, number> {
    const { nftables } = JSON.parse(this.#firewall.run("nft", "-j", "list", "table", family, table)) as {
      readonly nftables: readonly { readonly rule?: ListedRule }[];
    };
    const counts = new Map<string, number>();
    for (const { rule } of nftables) {
      if (rule?.comment === undefined) continue;
      const counter = rule.expr.find((it) => it.counter !== undefined)?.counter;
      if (counter !== undefined) counts.set(rule.comment, (counts.get(rule.comment) ?? 0) + counter.packets);
    }
    return counts;
  }

  /** Ends the capture and answers how many frames nobody can account for. */
  async lost(): Promise<number> {
    const capture = this.#tcpdump!;
    // The last frames may be on their way to the file.
    const received = this.#receiver.counter("c0", "rx_packets") - this.#receivedBefore;
    capture.kill("SIGINT");
    // What it dropped it says last.
    await once(capture, "close");
    for (const _ of this.#read());
    const dropped = [...this.#said.matchAll(/^(\d+) packets? dropped by (?:kernel|interface)/gm)];
    if (dropped.length === 0) throw new Error(`expected tcpdump to say how many it dropped, it said: ${this.#said}`);
    this.#entered = this.#countedAtHook();
    const ignored = this.hook === "bridge" ? this.#sent - this.#entered : 0;
    return dropped.reduce((sum, [, count]) => sum + Number(count), 0) + Math.abs(received - this.#heard) + Math.abs(ignored);
  }

  /** How many frames were sent, sentinels among them. */
  get sent(): number {
    return this.#sent;
  }

  async close(): Promise<void> {
    if (this.#tcpdump !== undefined && this.#tcpdump.exitCode === null && this.#tcpdump.signalCode === null) {
      this.#tcpdump.kill("SIGKILL");
      await once(this.#tcpdump, "exit");
    }
    for (const space of [this.#injector, this.#firewall, this.#receiver]) space.delete();
  }

  get #family(): "bridge" | "inet" {
    return this.hook === "bridge" ? "bridge" : "inet";
  }

  get #capture(): string {
    return join(this.#folder, `${this.#receiver.name}.pcap`);
  }

  #nft(rules: string): void {
    const file = join(this.#folder, `${this.#firewall.name}.nft`);
    writeFileSync(file, rules);
    this.#firewall.run("nft", "-f", file);
  }

  #countedAtHook(): number {
    const text = this.#firewall.run("nft", "list", "table", this.#family, "seen");
    return Number(/packets (\d+)/.exec(text)![1]);
  }

  #sentinel(number: number): Uint8Array {
    const word = numbered(number);
    if (this.hook === "bridge") return ethernet({ type: SENTINEL_TYPE }, bytes(word, new Uint8Array(46 - word.length)));
    const [from, to] = SENTINEL_IPS;
    return ethernet(
      { from: INJECTOR_MAC, to: ROUTER_MAC, type: 0x0800 },
      ipv4({ protocol: 17, from, to }, udp({ from: 9, to: 9 }, bytes(word, new Uint8Array(8)))),
    );
  }

  /** What stands in the capture since the last look. A frame that is half written is read the next time. */
  *#read(): Generator<number> {
    const file = openSync(this.#capture, "r");
    try {
      const fresh = Buffer.alloc(fstatSync(file).size - this.#offset);
      readSync(file, fresh, 0, fresh.length, this.#offset);
      let at = 0;
      while (at + RECORD_HEADER_BYTES <= fresh.length) {
        const length = fresh.readUInt32LE(at + 8);
        const end = at + RECORD_HEADER_BYTES + length;
        if (end > fresh.length) break;
        const frame = fresh.subarray(at + RECORD_HEADER_BYTES, end);
        at = end;
        this.#heard++;
        const found = frame.indexOf(MAGIC_BUFFER);
        const number = found < 0 || found + 12 > frame.length ? undefined : frame.readUInt32BE(found + 4);
        if (number === undefined || number !== frame.readUInt32BE(found + 8))
          throw new Error(`expected only frames of the test, heard ${frame.toString("hex").slice(0, 160)}`);
        yield number;
      }
      this.#offset += at;
    } finally {
      closeSync(file);
    }
  }
}

interface ListedRule {
  readonly comment?: string;
  readonly expr: readonly { readonly counter?: { readonly packets: number } }[];
}

const PCAP_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;

const NO_IPV6 = "sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1";

const BRIDGE: readonly string[] = [
  "ip link add hub type bridge stp_state 0 mcast_snooping 0 ageing_time 0",
  // In a new namespace these are on, where the module is loaded: the bridge would then drop what an IP stack calls malformed, rules or none.
  "for it in /proc/sys/net/bridge/bridge-nf-call-*tables; do if [ -e $it ]; then echo 0 > $it; fi; done",
  // Without learning every frame goes to the other port, so that a sender's MAC may be any.
  ...["pa", "pb"].map((port) => `ip link set dev ${port} master hub arp off up && bridge link set dev ${port} learning off flood on`),
  "ip link set dev hub arp off up",
];

/** Without an address of its own made for a link the kernel has nothing to say over IPv6, and forwards all the same. */
const FORWARDING = [
  "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1",
  "net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0",
  "net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.router_solicitations=0 net.ipv6.conf.default.addr_gen_mode=1",
].join(" ");

const ROUTER: readonly string[] = ["ip link set dev pa up && ip link set dev pb arp off up"];

/** Everything goes on to one neighbor; none of the addresses is the router's own. */
const ROUTES: readonly string[] = [
  "sysctl -qw net.ipv4.conf.pa.rp_filter=0 net.ipv4.conf.pb.rp_filter=0",
  "ip address add 198.18.255.1/32 dev pb",
  `ip neigh replace 198.18.255.2 lladdr ${NEXT_MAC} nud permanent dev pb`,
  "ip route add default via 198.18.255.2 dev pb onlink",
  `ip neigh replace fd00:ffff::2 lladdr ${NEXT_MAC} nud permanent dev pb`,
  "ip -6 route add default via fd00:ffff::2 dev pb onlink",
];
