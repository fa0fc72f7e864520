/**
 * A table for a spreadsheet, or for whatever else reads tables: one row a rule, the first that fits counts. For equipment that keeps state
 * and sees both directions: a row says who may open what, and answers follow.
 */
import type { AddressRange, PortRange } from "../../model/policy.ts";
import { GROUND } from "../../model/policy.ts";
import { clean } from "../../bytes/text.ts";
import { ALL, together, type Addresses } from "../ranges.ts";
import type { Exporter, Wall } from "./exporter.ts";

export const csv: Exporter = {
  name: "csv",
  title: "a table (CSV), one row a rule",
  sees: { place: "router", direction: "both", keepsState: true },
  extension: "csv",
  write: (wall) => table([HEAD, ...rows(wall)]),
  rollback: (wall) => table([["what to take away again"], [`every rule that was made of this table: policy ${wall.policy.name}`]]),
};

const HEAD = ["row", "action", "from", "from addresses", "client ports", "to", "to addresses", "transport", "ports", "because"];
const TRANSPORTS: Readonly<Record<number, string>> = { 1: "icmp", 17: "udp", 58: "icmp" };
const ANYONE: Addresses = { ipv4: [ALL[4]], ipv6: [ALL[6]] };

function rows({ policy, enforced, monitored, spared }: Wall): readonly (readonly string[])[] {
  const ground = GROUND.map(({ name, family, protocol, fromPort, toPort, icmpTypes, because }) => {
    const every = addresses(family === 4 ? { ...ANYONE, ipv6: [] } : { ...ANYONE, ipv4: [] });
    const transport = TRANSPORTS[protocol] ?? "ip";
    const ports = transport === "icmp" ? icmpTypes.join(" ") : transport === "ip" ? `${protocol}` : `${toPort ?? "any"}`;
    return ["allow", "anyone", every, fromPort === null ? "any" : `${fromPort}`, "anyone", every, transport, ports, `${name}: ${because}`];
  });
  const rules = policy.rules.map(({ from, to, service, because }) => {
    const [client, server] = [policy.sets[from]!, policy.sets[to]!];
    const title = ({ group, ward }: typeof client) => (ward === null ? group : `${group} in ${ward}`);
    return [
      "allow",
      title(client),
      addresses(client),
      "any",
      title(server),
      addresses(server),
      service.transport,
      ports(service.ports),
      because,
    ];
  });
  // In this order, so that the careful one counts.
  const rest = [...both("log", "spared", spared), ...both("deny", "enforced", enforced), ...both("log", "monitored", together(monitored))];
  return [...ground, ...rules, ...rest].map((row, at) => [`${at + 1}`, ...row]);
}

/** What no rule allows, from these and to these. */
function both(action: string, name: string, these: Addresses): readonly (readonly string[])[] {
  if (these.ipv4.length + these.ipv6.length === 0) return [];
  const [some, all] = [addresses(these), addresses(ANYONE)];
  const because = "what no rule above allows";
  return [
    [action, name, some, "any", "anyone", all, "any", "any", because],
    [action, "anyone", all, "any", name, some, "any", "any", because],
  ];
}

const addresses = ({ ipv4, ipv6 }: Addresses) => [...ipv4, ...ipv6].map(rangeText).join(" ");
const rangeText = ({ first, last }: AddressRange) => (first === last ? first : `${first}-${last}`);
const ports = (all: readonly PortRange[]) =>
  all.length === 0 ? "any" : all.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(" ");

function table(all: readonly (readonly string[])[]): string {
  return all.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** A spreadsheet takes a cell that begins so for a formula. */
function cell(text: string): string {
  const plain = clean(text).replace(/^(?=[=+\-@])/, "'");
  return /[",]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
