/**
 * Entries of Cisco's access lists, read as a switch or a router reads them: first match, wildcard masks, `established` (ACK or RST), later
 * fragments by address and protocol alone (Cisco, "Access Control Lists and IP Fragments").
 */
import type { JudgedPacket } from "../model/policy.ts";

/** By the first entry that fits; what none fits is denied. */
export function permitted(entries: readonly (readonly string[])[], packet: JudgedPacket): boolean {
  const first = entries.find((words) => fits(words, packet));
  return first?.[0] === "permit";
}

const NUMBERS: Readonly<Record<string, number>> = { tcp: 6, udp: 17 };

function fits([, protocol = "", ...words]: readonly string[], packet: JudgedPacket): boolean {
  const wanted = protocol === "icmp" ? (packet.family === 4 ? 1 : 58) : (NUMBERS[protocol] ?? Number(protocol));
  if (protocol !== "ip" && protocol !== "ipv6" && packet.protocol !== wanted) return false;
  const rest = [...words];
  const address = (asked: string) => {
    const word = rest.shift()!;
    if (word === "any") return true;
    if (word === "host") return bits(rest.shift()!) === bits(asked);
    if (word.includes("/")) {
      const [network = "", length] = word.split("/");
      return bits(network) >> (128n - BigInt(length!)) === bits(asked) >> (128n - BigInt(length!));
    }
    const mask = bits(rest.shift()!);
    return (bits(word) | mask) === (bits(asked) | mask);
  };
  const isLater = packet.fragmentOffset > 0;
  const port = (asked: number | undefined) => {
    if (rest[0] === "eq") return (rest.splice(0, 2)[1] === String(asked)) || isLater; // prettier-ignore
    if (rest[0] !== "range") return true;
    const [, from, to] = rest.splice(0, 3);
    return isLater || (asked !== undefined && Number(from) <= asked && asked <= Number(to));
  };
  const matches = [address(packet.sender), port(packet.ports?.from), address(packet.receiver), port(packet.ports?.to)];
  if (matches.includes(false)) return false;
  // What is behind says no more of whom it fits.
  const [last] = rest.filter((word) => word !== "log");
  if (last === "fragments") return isLater;
  if (last === undefined || isLater) return true;
  return last === "established" ? ((packet.tcpFlags ?? 0) & 0x14) !== 0 : packet.icmpType === Number(last);
}

const known = new Map<string, bigint>();

/** By hand, so that a fault in how addresses are written does not hide itself. Each address once: a wall asks for the same ones again and again. */
export function bits(address: string): bigint {
  const before = known.get(address);
  if (before !== undefined) return before;
  const all = read(address);
  known.set(address, all);
  return all;
}

function read(address: string): bigint {
  if (!address.includes(":")) return address.split(".").reduce((sum, it) => (sum << 8n) | BigInt(it), 0n);
  const [head = "", tail] = address.split("::");
  const groups = (text: string | undefined) => (text === undefined || text === "" ? [] : text.split(":"));
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: missing }, () => "0"), ...groups(tail)];
  return all.reduce((sum, it) => (sum << 16n) | BigInt(`0x${it}`), 0n);
}
