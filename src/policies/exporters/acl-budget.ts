/**
 * Cisco lists made to fit: of each list in a text that an exporter wrote, the lines of rules become fewer where they are too many. What
 * stands in the text is what the switch counts, so it is read there: how addresses are got, and what ends the list, stay and are counted.
 */
import { clean } from "../../bytes/text.ts";
import type { CompiledPolicy, PolicyTransport, PortRange } from "../../model/policy.ts";
import { addressText } from "../budget-report.ts";
import { DoesNotFit, fit, type Budget, type Fitted } from "../budget.ts";
import type { Permit, PermitList } from "../permit-list.ts";
import { Slots } from "../slots.ts";
import { openBits, widthOf, WORDS, wordsOf, type Ternary } from "../ternary.ts";

export interface FittedLists {
  /** The whole text anew. */
  readonly text: string;
  readonly lists: readonly { readonly name: string; readonly fitted: Fitted }[];
}

/**
 * `text` is what `ciscoDacl.write` gave for `policy`. Throws DoesNotFit where one of its lists cannot fit; then nothing is to be loaded, also
 * none of the others.
 */
export function fittedLists(
  text: string,
  policy: CompiledPolicy,
  heard: Pick<PermitList, "hosts" | "served">,
  budget: Omit<Budget, "beside">,
): FittedLists {
  const lists: { name: string; fitted: Fitted }[] = [];
  const out: string[] = [];
  for (const part of partsOf(text)) {
    const permits = part.rules.flatMap(({ rule, lines }) => lines.map((line) => permitOf(line, rule, familyOf(part.name!), policy)));
    if (part.name === null) {
      out.push(...part.before);
      continue;
    }
    const counted = new Slots(budget.platform);
    const beside = [...part.before, ...part.after].filter(isEntry).reduce((sum, line) => sum + counted.add("beside", portsIn(line.split(" "))), 0);
    const fitted = fitIn(part.name, { ends: 1, permits, ...heard }, { ...budget, beside });
    lists.push({ name: part.name, fitted });
    const remarks = fitted.entries.map((it) => `remark ${it.rules.map((rule) => rule + 1).join(", ")}: ${clean(policy.rules[it.rules[0]!]!.because).replace(/["\\]/g, "'")}`.slice(0, REMARK_LENGTH_MAX)); // prettier-ignore
    const rules = fitted.entries.flatMap((it, at) => [...(remarks[at] === remarks[at - 1] ? [] : [remarks[at]!]), lineOf(it)]);
    const head = `! ${part.name}: ${part.before.concat(rules, part.after).filter(isEntry).length} entries`;
    out.push(...part.before.map((line) => line.replace(/^! \S+: \d+ entries/, head)), ...rules, ...part.after);
  }
  return { text: out.join("\n"), lists };
} // prettier-ignore
const REMARK_LENGTH_MAX = 100;

interface Part {
  /** Null for what stands before the first list. */
  readonly name: string | null;
  readonly before: string[];
  readonly rules: { readonly rule: number; readonly lines: string[] }[];
  readonly after: string[];
}

const LAST = "remark what no rule allows";

function partsOf(text: string): readonly Part[] {
  const parts: Part[] = [{ name: null, before: [], rules: [], after: [] }];
  for (const line of text.split("\n")) {
    const name = /^! (\S+): \d+ entries, for /.exec(line)?.[1];
    if (name !== undefined) parts.push({ name, before: [], rules: [], after: [] });
    const { before, rules, after, name: list } = parts.at(-1)!;
    const rule = list === null ? undefined : /^remark (\d+)[:,] /.exec(line)?.[1];
    if (after.length > 0 || line === LAST) after.push(line);
    else if (rule !== undefined) rules.push({ rule: Number(rule) - 1, lines: [] });
    else if (rules.length > 0) rules.at(-1)!.lines.push(line);
    else before.push(line);
  }
  return parts;
}

/** As the lists are named. */
function familyOf(name: string): 4 | 6 {
  return /-V6(-\d+)?$/.test(name) ? 6 : 4;
}

function isEntry(line: string): boolean {
  return line.startsWith("permit ") || line.startsWith("deny ");
}

function fitIn(name: string, list: PermitList, budget: Budget): Fitted {
  try {
    return fit(list, budget);
  } catch (error) {
    if (error instanceof DoesNotFit) throw new DoesNotFit(`${name}: ${error.message}`);
    throw error;
  }
}

/**
 * `permit tcp any host 10.0.0.1 eq 104`, `permit tcp any eq 104 host 10.0.0.1 established`, `permit icmp any host 10.0.0.1 8`. What comes
 * from a port of the device, or is established, is an answer; without either the line reads the same both ways.
 */
function permitOf(line: string, rule: number, family: 4 | 6, { sets, rules }: CompiledPolicy): Permit {
  const [action, protocol = "", any, ...rest] = line.split(" ");
  const { from, to, service } = rules[rule]!;
  if (action !== "permit" || any !== "any") throw new Error(`expected a line that begins with permit and any, got "${line}"`);
  const own = rest[0] === "eq" ? 2 : rest[0] === "range" ? 3 : 0;
  const [bits, words] = peerIn(rest.slice(own), family);
  const after = rest.slice(own + words);
  const { transport } = service;
  const ports = transport === "ip" ? protocolIn(protocol) : transport === "icmp" ? typeIn(after) : portsIn(own > 0 ? rest.slice(0, own) : after); // prettier-ignore
  const way = own > 0 || after.includes("established") ? "back" : "forth";
  return { ...bits, family, transport, way, ports, rules: [rule], locked: sets[from]!.lifeSupporting || sets[to]!.lifeSupporting };
}

function peerIn([first = "", second = ""]: readonly string[], family: 4 | 6): readonly [Ternary, number] {
  const words = (text: string) => wordsOf(text) ?? noAddress(text);
  const all = Array.from({ length: WORDS[family] }, () => 0xffff_ffff);
  if (first === "any") return [{ value: all.map(() => 0), mask: all }, 1];
  if (first === "host") return [{ value: words(second), mask: all.map(() => 0) }, 2];
  if (family === 4) return [{ value: words(first), mask: words(second) }, 2];
  const [address = "", bits = ""] = first.split("/");
  const open = (at: number) => 2 ** Math.min(32, Math.max(0, 128 - Number(bits) - 32 * (WORDS[6] - 1 - at))) - 1;
  return [{ value: words(address), mask: all.map((_, at) => open(at)) }, 1];
}

function noAddress(text: string): never {
  throw new Error(`expected an address in a line, got "${text}"`);
}

const ALL_PORTS: PortRange = { from: 0, to: 65_535 };
const ALL_NUMBERS: PortRange = { from: 0, to: 255 };

/** The first that stands there; none: all. */
function portsIn(words: readonly string[]): PortRange {
  const at = words.findIndex((it) => it === "eq" || it === "range");
  if (at < 0) return ALL_PORTS;
  return { from: Number(words[at + 1]), to: Number(words[at + (words[at] === "eq" ? 1 : 2)]) };
}

function typeIn([type]: readonly string[]): PortRange {
  return type === undefined ? ALL_NUMBERS : { from: Number(type), to: Number(type) };
}

function protocolIn(protocol: string): PortRange {
  return protocol === "ip" || protocol === "ipv6" ? ALL_NUMBERS : { from: Number(protocol), to: Number(protocol) };
}

function lineOf({ family, transport, ports, way, ...bits }: Permit): string {
  const peer = peerText(bits, family);
  if (transport === "ip") return `permit ${widthOf(ports) > 1 ? (family === 4 ? "ip" : "ipv6") : ports.from} any ${peer}`;
  if (transport === "icmp") return `permit icmp any ${peer}${widthOf(ports) > 1 ? "" : ` ${ports.from}`}`;
  const protocol = protocolText(transport);
  const port = widthOf(ports) === widthOf(ALL_PORTS) ? "" : ports.from === ports.to ? ` eq ${ports.from}` : ` range ${ports.from} ${ports.to}`;
  return way === "forth" ? `permit ${protocol} any ${peer}${port}` : `permit ${protocol} any${port} ${peer}${transport === "tcp" ? " established" : ""}`;
} // prettier-ignore

/** Lists know SCTP by its number only. */
function protocolText(transport: PolicyTransport): string {
  return transport === "sctp" ? "132" : transport;
}

function peerText(bits: Ternary, family: 4 | 6): string {
  const open = openBits(bits.mask);
  return open === 32 * WORDS[family] ? "any" : `${open === 0 ? "host " : ""}${addressText(bits, family)}`;
}
