/** The interfaces of this computer, from the kernel's own counters, flags and settings, which asks nobody's permission. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { basename, join } from "node:path";

const NET = "/sys/class/net";
const SETTINGS = "/proc/sys/net";
const ROUTES = "/proc/net/route";
/** linux/if.h */
const Flag = { up: 0x1, loopback: 0x8, noArp: 0x80 } as const;

export interface Interface {
  readonly name: string;
  readonly loopback: boolean;
  /** Switched on, whether or not there is a cable. */
  readonly on: boolean;
  /** Switched on, and a cable in it. */
  readonly up: boolean;
  readonly mac: string;
  /** Those the kernel shows: of an interface that is not up, none. */
  readonly addresses: readonly string[];
  readonly answersArp: boolean;
  /** The kernel speaks IPv6 there: that it is there, which groups it is in, whether there is a router. */
  readonly speaksIpv6: boolean;
  /** What is sent to its card and not to this computer, the kernel hands on by its other interfaces. */
  readonly forwards: boolean;
  /** The bridge or bond it belongs to. */
  readonly master?: string;
  /** VLANs and the like that send through it. */
  readonly above: readonly string[];
  /** This computer reaches the world through it. */
  readonly hasDefaultRoute: boolean;
  readonly framesIn: number;
  readonly framesOut: number;
}

/** In the order of their names; none where the kernel shows none (not Linux). */
export function interfacesHere(): readonly Interface[] {
  const addresses = networkInterfaces();
  const defaultRoutes = interfacesOfDefaultRoutes();
  return names()
    .toSorted()
    .flatMap((name) => {
      const said = read(name, "flags");
      if (said === "") return []; // It went away between two looks, or is a file of the bonding driver.
      const flags = Number(said);
      const master = masterOf(name);
      return {
        name,
        loopback: (flags & Flag.loopback) !== 0,
        on: (flags & Flag.up) !== 0,
        // Where it is switched off the kernel does not even say whether there is a cable.
        up: (flags & Flag.up) !== 0 && read(name, "carrier") === "1",
        mac: read(name, "address"),
        addresses: (addresses[name] ?? []).map((it) => it.address),
        answersArp: (flags & Flag.noArp) === 0,
        speaksIpv6: setting("ipv6", name, "disable_ipv6") === "0",
        forwards: setting("ipv4", name, "forwarding") === "1",
        ...(master === undefined ? {} : { master }),
        above: uppersOf(name).filter((it) => it !== master),
        hasDefaultRoute: defaultRoutes.has(name),
        framesIn: Number(read(name, "statistics/rx_packets")),
        framesOut: Number(read(name, "statistics/tx_packets")),
      };
    });
}

/** Something about an interface that makes the kernel send, there or elsewhere, because of what comes in; and the line that ends it. */
export interface Voice {
  readonly words: string;
  readonly cure?: string;
}

/**
 * None on an interface that is fit for a mirror. Promiscuous listening asks for nothing of this: frames for other cards never reach the
 * kernel's own IP, but broadcasts do, and so does a mirror that is sent to this card (ERSPAN, VXLAN).
 */
export function voicesOf({ name, addresses, answersArp, speaksIpv6, forwards, master, above }: Interface): readonly Voice[] {
  const voices: Voice[] = [];
  if (master !== undefined) voices.push({ words: `${master} passes on what comes in`, cure: `sudo ip link set dev ${name} nomaster` });
  if (above.length > 0) voices.push({ words: `${above.join(", ")} ${above.length === 1 ? "sends" : "send"} through it` });
  if (addresses.length > 0)
    voices.push({ words: `the kernel answers as ${addresses.join(", ")}`, cure: `sudo ip address flush dev ${name}` });
  if (answersArp) voices.push({ words: "it answers ARP", cure: `sudo ip link set dev ${name} arp off` });
  // With slashes, because the name of an interface may have a dot in it.
  if (speaksIpv6) voices.push({ words: "it speaks IPv6 by itself", cure: `sudo sysctl -w net/ipv6/conf/${name}/disable_ipv6=1` });
  if (forwards) voices.push({ words: "it hands on what is sent to it", cure: `sudo sysctl -w net/ipv4/conf/${name}/forwarding=0` });
  return voices;
}

function masterOf(name: string): string | undefined {
  try {
    return basename(readlinkSync(join(NET, name, "master")));
  } catch {
    return undefined; // It belongs to none.
  }
}

/** What lies on it: the kernel shows each as a link `upper_NAME`. */
function uppersOf(name: string): readonly string[] {
  try {
    return readdirSync(join(NET, name))
      .filter((it) => it.startsWith(UPPER))
      .map((it) => it.slice(UPPER.length))
      .toSorted();
  } catch {
    return []; // It went away.
  }
}

const UPPER = "upper_";

/** "" where the kernel does not have it: then it does not do it either. */
function setting(family: "ipv4" | "ipv6", name: string, key: string): string {
  try {
    return readFileSync(join(SETTINGS, family, "conf", name, key), "utf8").trim();
  } catch {
    return "";
  }
}

/** proc(5): a line for each route, the interface first, then where to as hex; all zeros is everywhere. */
function interfacesOfDefaultRoutes(): ReadonlySet<string> {
  let lines: string[];
  try {
    lines = readFileSync(ROUTES, "utf8").split("\n").slice(1);
  } catch {
    lines = []; // Not Linux, or no IPv4.
  }
  return new Set(lines.map((line) => line.split("\t")).flatMap(([name, to]) => (to === "00000000" ? [name!] : [])));
}

function names(): string[] {
  try {
    return readdirSync(NET);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** "" where the kernel has nothing to say. */
function read(name: string, file: string): string {
  try {
    return readFileSync(join(NET, name, file), "utf8").trim();
  } catch {
    return ""; // Gone, or switched off: sysfs answers with an error for what it does not know.
  }
}
