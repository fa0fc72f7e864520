/** `auscult policy show`: a policy with its members; `--format` and `--write`: as it should be written. */
import { writeFileSync } from "node:fs";
import type { Membership, Policy } from "../model/policy.ts";
import { membershipOf } from "../policies/membership.ts";
import { formatted, ruleText } from "../policies/text.ts";
import { hashesOf } from "../replaying.ts";
import { inPolicy, ownRanges, policyOf, replayIn, sayRemarks, textOf, type PolicyOptions } from "./policy.ts";
import { print, say, table, time, type Column } from "./terminal.ts";
import { writtenTo } from "./written.ts";

export interface ShowOptions extends PolicyOptions {
  readonly format?: boolean;
  readonly write?: boolean;
}

export async function policyShow(file: string, { format, write, json, ...options }: ShowOptions): Promise<void> {
  const text = textOf(file);
  const policy = policyOf(file, text);
  if (write) {
    const stable = inPolicy(() => formatted(text, file));
    if (stable !== text) writtenTo("--write", file, () => writeFileSync(file, stable));
    return say(stable === text ? `${file} is written as it should be.` : `Wrote ${file}.`);
  }
  if (format) return print(inPolicy(() => formatted(text, file)));
  const { replay, recording } = replayIn(options);
  const membership = membershipOf(policy, replay, ownRanges(options.data));
  if (json)
    return print(`${JSON.stringify({ schema: "auscult.policy/1", hashes: hashesOf(policy, membership, replay), policy, membership })}\n`);
  say(`${policy.name}, with members as of ${time(membership.at)} in recording ${recording}.`);
  await print(table(groupColumns, policy.groups.map((group, place) => ({ ...group, ...membership.groups[place]! })))); // prettier-ignore
  await print(`\n${table(ruleColumns, policy.rules.map((rule, place) => ({ rule, place: place + 1 })))}`); // prettier-ignore
  for (const { group, waiting } of membership.groups)
    for (const it of waiting) say(`${it.name} (${it.device}) waits for ${group}: ${it.because}.`);
  sayRemarks(file, text, policy, membership);
}

const groupColumns: readonly Column<Policy["groups"][number] & Membership["groups"][number]>[] = [
  { title: "Group", text: (it) => it.name },
  { title: "Members", text: (it) => String(it.members.length), right: true },
  { title: "Waiting", text: (it) => String(it.waiting.length), right: true },
  { title: "Judged", text: (it) => (it.governs ? "yes" : "only named") },
  {
    title: "State",
    text: (it) => (it.states.length === 0 ? "draft" : it.states.map(({ place, state }) => `${place}: ${state}`).join(", ")),
  },
  { title: "Who", text: (it) => it.select },
];

const ruleColumns: readonly Column<{ readonly rule: Policy["rules"][number]; readonly place: number }>[] = [
  { title: "Rule", text: (it) => String(it.place), right: true },
  { title: "Allows", text: (it) => ruleText(it.rule) },
  { title: "From", text: (it) => it.rule.origin },
  { title: "Because", text: (it) => it.rule.because },
];
