/** What a list was made to fit at, in lines for people: what it costs, whom it newly reaches by name, and what each entry absorbed. */
import type { Fitted, FittedEntry, NewlyReached } from "./budget.ts";
import type { Permit } from "./permit-list.ts";
import { textOf, type Family } from "./ranges.ts";
import { serviceText } from "./service.ts";
import { openBits, WORDS, type Ternary } from "./ternary.ts";

/** `list`: what it is for, such as "infusion pump". */
export function fittedLines(list: string, fitted: Fitted): readonly string[] {
  const { before, after, newlyReached, lifeSupporting, saidBy, entries } = fitted;
  const merged = entries.filter(({ absorbed }) => absorbed.length > 1);
  const times = before.space === 0n ? "" : ` (x${(Number((after.space * 10n) / before.space) / 10).toFixed(1)})`;
  if (merged.length === 0) return [`${list}: ${after.entries} entries, as ${fitted.platform} counts; nothing is merged.`];
  return [
    `${list}: ${before.entries} entries before, ${after.entries} after, as ${fitted.platform} counts; ${before.lines} lines before, ${after.lines} after.`,
    `Addresses times ports let through: ${before.space} before, ${after.space} after${times}.`,
    newlyReached.length === 0
      ? "Of all that was heard nothing is newly reached."
      : `Newly reached, of what was heard: ${newlyReached.length}.`,
    ...newlyReached.map((it) => `  ${reachedText(it)}`),
    ...(lifeSupporting.length === 0
      ? []
      : [`Ways to or from life-supporting devices that were not there: ${lifeSupporting.map(({ name }) => name).join(", ")}.`]),
    ...(saidBy === null ? [] : [`What is life-critical was widened since ${saidBy} said so.`]),
    `Merged into ${merged.length} of the ${entries.length} lines; the others stand as they were:`,
    ...merged.flatMap((it) => [`  ${permitText(it)}${costText(it)} instead of`, ...it.absorbed.map((one) => `    ${permitText(one)}`)]),
  ];
}

function reachedText({ name, address, transport, port, way, by }: NewlyReached): string {
  const service = serviceText({ transport, ports: [{ from: port, to: port }] });
  const what = way === "forth" ? `${name} ${address} on ${service}` : `answers from ${service}, at ${name} ${address}`;
  return by.length === 0 ? what : `${what}, with ${by.map((it) => it.name).join(", ")}`;
}

function costText({ slots }: FittedEntry): string {
  return slots === 1 ? "" : `, ${slots} entries,`;
}

function permitText({ value, mask, family, transport, ports, way }: Permit): string {
  const words = WORDS[family];
  const ends = Array.from({ length: value.length / words }, (_, end) =>
    addressText({ value: value.slice(end * words, (end + 1) * words), mask: mask.slice(end * words, (end + 1) * words) }, family),
  );
  return `${way === "back" ? "answers of " : ""}${serviceText({ transport, ports: [ports] })} ${ends.length === 2 ? ends.join(" → ") : `${way === "forth" ? "to" : "back to"} ${ends[0]}`}`;
}

/** As lists write it: an address, a prefix of IPv6, else the address and the bits that do not count. */
export function addressText({ value, mask }: Ternary, family: Family): string {
  const [address, open] = [value, mask].map((words) =>
    textOf(
      words.reduce((all, word) => (all << 32n) | BigInt(word), 0n),
      family,
    ),
  );
  if (mask.every((word) => word === 0)) return address!;
  return family === 4 ? `${address} ${open}` : `${address}/${128 - openBits(mask)}`;
}
