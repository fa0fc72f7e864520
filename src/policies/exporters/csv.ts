/**
 * A table for a spreadsheet, or for whatever else reads tables: one row a rule, the first that fits counts. For equipment that keeps state
 * and sees both directions: a row says who may open what, and answers follow.
 */
import type { CompiledSet, PortRange } from "../../model/policy.ts";
import { GROUND } from "../../model/policy.ts";
import { clean } from "../../bytes/text.ts";
import { csvLine } from "../../bytes/csv-line.ts";
import { EVERY_ADDRESS, isEmpty, rangeText, together, type Addresses } from "../ranges.ts";
import { portText } from "../service.ts";
import type { Exporter, Wall } from "./exporter.ts";
import { setTitle } from "./object-names.ts";

export const csv: Exporter = {
  name: "csv",
  title: "a table (CSV), one row a rule",
  sees: { place: "router", direction: "both", keepsState: true },
  extension: "csv",
  write: (wall) => wallTable(wall, addressesText),
  rollback: (wall) => table([["what to take away again"], [`every rule that was made of this table: policy ${wall.policy.name}`]]),
};

const HEAD = ["row", "action", "from", "from addresses", "client ports", "to", "to addresses", "transport", "ports", "because"];
const TRANSPORTS: Readonly<Record<number, string>> = { 1: "icmp", 17: "udp", 58: "icmp" };

/** How a table names addresses: those of a set, or whom the last rows are about. Two keys may have one title. Null: nobody, and no row is written of them. */
export type Naming = (addresses: Addresses, title: string, key: string) => string | null;

/** The same table for lists that are kept elsewhere, which it only names. */
export function wallTable(wall: Wall, naming: Naming, words: (text: string) => string = (text) => text): string {
  return table([HEAD, ...rows(wall, naming)].map((row) => row.map((it) => words(it))));
}

function rows({ policy, enforced, monitored, spared }: Wall, naming: Naming): readonly (readonly string[])[] {
  const ground = GROUND.map(({ name, family, protocol, fromPort, toPort, icmpTypes, because }) => {
    const every = naming(family === 4 ? { ...EVERY_ADDRESS, ipv6: [] } : { ...EVERY_ADDRESS, ipv4: [] }, "anyone", "anyone") ?? "";
    const transport = TRANSPORTS[protocol] ?? "ip";
    const ports = transport === "icmp" ? icmpTypes.join(" ") : transport === "ip" ? `${protocol}` : `${toPort ?? "any"}`;
    return ["allow", "anyone", every, fromPort === null ? "any" : `${fromPort}`, "anyone", every, transport, ports, `${name}: ${because}`];
  });
  const rules = policy.rules.flatMap(({ from, to, service, because }) => {
    const [client, server] = [policy.sets[from]!, policy.sets[to]!];
    const [clients, servers] = [naming(client, setTitle(client), keyOf(client)), naming(server, setTitle(server), keyOf(server))];
    if (clients === null || servers === null) return [];
    return [["allow", setTitle(client), clients, "any", setTitle(server), servers, service.transport, ports(service.ports), because]];
  });
  // In this order, so that the careful one counts.
  const rest = [
    ...both("log", "spared", spared, naming),
    ...both("deny", "enforced", enforced, naming),
    ...both("log", "monitored", together(monitored), naming),
  ];
  return [...ground, ...rules, ...rest].map((row, at) => [`${at + 1}`, ...row]);
}

/** What no rule allows, from these and to these. */
function both(action: string, name: string, these: Addresses, naming: Naming): readonly (readonly string[])[] {
  if (isEmpty(these)) return [];
  const [some, all] = [naming(these, name, name) ?? "", naming(EVERY_ADDRESS, "anyone", "anyone") ?? ""];
  const because = "what no rule above allows";
  return [
    [action, name, some, "any", "anyone", all, "any", "any", because],
    [action, "anyone", all, "any", name, some, "any", "any", because],
  ];
}

const keyOf = ({ group, ward }: CompiledSet) => JSON.stringify([group, ward]);
const addressesText = ({ ipv4, ipv6 }: Addresses) => [...ipv4, ...ipv6].map(rangeText).join(" ");
const ports = (all: readonly PortRange[]) => (all.length === 0 ? "any" : all.map(portText).join(" "));

function table(all: readonly (readonly string[])[]): string {
  return all.map((row) => csvLine(row.map((it) => clean(it)))).join("");
}
