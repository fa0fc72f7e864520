/** MACs that say something by themselves, before any registry is asked: who hands them out is written beside each. */

/** A prefix as text, as long as it is. */
interface Special {
  readonly prefix: string;
  readonly of: string;
}

/** Redundant routers hand these to each other: they belong to no machine. */
const VIRTUAL_ROUTERS: readonly Special[] = [
  { prefix: "00:00:5e:00:01:", of: "VRRP for IPv4: RFC 9568 section 7.3" },
  { prefix: "00:00:5e:00:02:", of: "VRRP for IPv6: RFC 9568 section 7.3" },
  { prefix: "00:00:0c:07:ac:", of: "HSRP version 1: RFC 2281 section 5.2" },
  { prefix: "00:00:0c:9f:f", of: "HSRP version 2: Cisco, First Hop Redundancy Protocols Configuration Guide" },
  { prefix: "00:05:73:a0:0", of: "HSRP for IPv6: Cisco, First Hop Redundancy Protocols Configuration Guide" },
  { prefix: "00:07:b4:", of: "GLBP: Cisco, First Hop Redundancy Protocols Configuration Guide" },
];

/** Hypervisors give these to the machines inside them: no maker's, and copied with the machine. */
const HYPERVISORS: readonly Special[] = [
  { prefix: "00:05:69:", of: "VMware: IEEE" },
  { prefix: "00:0c:29:", of: "VMware: IEEE" },
  { prefix: "00:1c:14:", of: "VMware: IEEE" },
  { prefix: "00:50:56:", of: "VMware: IEEE" },
  { prefix: "00:15:5d:", of: "Microsoft Hyper-V: IEEE" },
  { prefix: "00:16:3e:", of: "Xen: IEEE" },
  { prefix: "00:1c:42:", of: "Parallels: IEEE" },
  { prefix: "00:18:51:", of: "SWsoft, now Virtuozzo: IEEE" },
  { prefix: "00:21:f6:", of: "Oracle VM: IEEE (Virtual Iron)" },
  { prefix: "08:00:27:", of: "VirtualBox: IEEE (PCS Systemtechnik)" },
  { prefix: "0a:00:27:", of: "VirtualBox host adapters: manual, section 6" },
  { prefix: "52:54:00:", of: "QEMU and KVM: QEMU, net/net.c" },
  { prefix: "02:42:", of: "Docker: libnetwork, netutils" },
  { prefix: "42:01:0a:", of: "Google Compute Engine: its network documentation" },
  { prefix: "58:9c:fc:", of: "bhyve: IEEE (FreeBSD Foundation)" },
];

/** `high` and `low` are the upper 16 and lower 32 bits. */
export function isVirtualRouter(high: number, low: number): boolean {
  return VIRTUAL_ROUTER_RANGES.some((range) => lies(range, high, low));
}

export function isHypervisor(high: number, low: number): boolean {
  return HYPERVISOR_RANGES.some((range) => lies(range, high, low));
}

interface Range {
  readonly high: number;
  readonly highMask: number;
  readonly low: number;
  readonly lowMask: number;
}

const VIRTUAL_ROUTER_RANGES = VIRTUAL_ROUTERS.map(rangeOf);
const HYPERVISOR_RANGES = HYPERVISORS.map(rangeOf);

function rangeOf({ prefix }: Special): Range {
  const digits = prefix.replaceAll(":", "");
  const word = (from: number, to: number, fill: string) => Number.parseInt(digits.slice(from, to).padEnd(to - from, fill), 16);
  const mask = (from: number, to: number) => ~(word(from, to, "0") ^ word(from, to, "f")) >>> 0;
  return { high: word(0, 4, "0"), highMask: mask(0, 4) & 0xffff, low: word(4, 12, "0"), lowMask: mask(4, 12) };
}

function lies(range: Range, high: number, low: number): boolean {
  return (high & range.highMask) === range.high && (low & range.lowMask) >>> 0 === range.low;
}
