/** `auscult policy counters`: what our wall counted at each rule of a policy, who was stopped, and what used openings; saved, the page shows it. */
import { chownSync, renameSync, statSync, writeFileSync } from "node:fs";
import { wallCounts } from "../link/wall-counts.ts";
import { countersFileOf } from "../link/counters-file.ts";
import type { Policy } from "../model/policy.ts";
import type { Denied, RuleCount, WallCounts } from "../model/wall.ts";
import { serviceText } from "../policies/service.ts";
import { policyFrom } from "./policy.ts";
import { CommandError, number, print, say, table, time, type Column } from "./terminal.ts";
import { atFirewall, tellClosed, tellSettled, waitingHook, wallOn, type WallOptions } from "./wall.ts";

export interface CountersOptions extends WallOptions {
  readonly json?: boolean;
  /** True: beside the policy, where the page finds it. */
  readonly save?: string | true;
}

export async function policyCounters(file: string, { data, on, json, save }: CountersOptions): Promise<void> {
  await atFirewall(async () => {
    const policy = policyFrom(file);
    const counts = countsHere({ data, ...(on === undefined ? {} : { on }) });
    if (save !== undefined) {
      const target = save === true ? countersFileOf(file) : save;
      writeAs(target, `${JSON.stringify(counts)}\n`, file);
      say(`Written to ${target}.`);
    }
    if (json) return print(`${JSON.stringify(counts)}\n`);
    if (save !== undefined) return;
    await print(
      `"${counts.policy}" on this machine's ${counts.on}, counted from ${time(counts.since)} to ${time(counts.at)}, this machine's clock\n`,
    );
    await print(table(ruleColumns, rulesOf(policy, counts.rules)));
    await print(table(groupColumns, counts.denied));
    const { stopped, watched, spared, opened } = counts.totals;
    await print(`packets that no rule allows: ${number(stopped)} dropped, ${number(watched)} only watched, ${number(spared)} let through for a life-supporting device, ${number(opened)} let through by an opening\n`); // prettier-ignore
    await told("stopped", counts.stopped);
    await told("only watched", counts.watched);
    if (counts.full) await print("the kernel could not remember all who were denied: their number is at its limit\n");
    for (const it of counts.openings) {
      await print(`"${it.group}" opened ${time(it.from)} to ${time(it.until)} by ${it.by}: ${it.reason}\n`);
      if (it.used !== null) await told("  used it", it.used);
    }
  });
}

/** Of the wall that stands here. Refuses where none does that we can read. */
export function countsHere({ data, on }: WallOptions): WallCounts {
  const { firewall, changes, openings } = wallOn(on ?? waitingHook(data), data);
  const now = Date.now();
  tellSettled(changes.settle(now), data);
  const change = changes.pending() ?? changes.confirmed();
  if (change === undefined || firewall.standing() === null) throw new CommandError("expected a wall of ours that stands, got none");
  tellClosed(openings.settle(now), data);
  const counts = wallCounts(firewall, changes, change, openings.all(), now);
  if (counts === null) throw new CommandError(`"${change.policy}" was put up by an earlier Auscult: put it up again to have it counted in words`);
  return counts;
} // prettier-ignore

interface RuleRow extends RuleCount {
  readonly rule: string;
}

/** In the policy's order; then what was counted for rules that its text has no more. */
export function rulesOf({ rules }: Policy, counted: readonly RuleCount[]): readonly RuleRow[] {
  const places = rules.map(({ from, to, service }) => `${from}\0${to}\0${serviceText(service)}`);
  const own = (it: RuleCount) => places.indexOf(`${it.from}\0${it.to}\0${it.service}`);
  return counted
    .map((it) => ({ ...it, place: own(it) }))
    .sort((a, b) => (a.place < 0 ? rules.length : a.place) - (b.place < 0 ? rules.length : b.place))
    .map(({ place, ...it }) => ({ ...it, rule: place < 0 ? "no more in the text" : `rule ${place + 1}` }));
}

const ruleColumns: readonly Column<RuleRow>[] = [
  { title: "Rule", text: (it) => it.rule, whole: true },
  { title: "Packets", text: (it) => number(it.packets), right: true },
  { title: "Of them back", text: (it) => number(it.answers), right: true },
  { title: "Bytes", text: (it) => number(it.bytes), right: true },
  { title: "Allows", text: (it) => `${it.from} → ${it.to} ${it.service}` },
];

const groupColumns: readonly Column<WallCounts["denied"][number]>[] = [
  { title: "No rule allows", text: (it) => it.group },
  { title: "Packets from it", text: (it) => number(it.from), right: true },
  { title: "Packets to it", text: (it) => number(it.to), right: true },
];

async function told(how: string, denied: readonly Denied[]): Promise<void> {
  for (const it of denied) await print(`${how}: ${deniedText(it)}\n`);
}

export function deniedText({ client, server, transport, port, packets, last }: Denied): string {
  const service = port === null ? transport : `${transport} ${port}`;
  return `${client} → ${server} ${service}, ${number(packets)} packets, last ${time(last)}`;
}

/** Whoever may read the policy may read it: the page runs as its owner, and this as root. */
function writeAs(target: string, text: string, policyFile: string): void {
  writeFileSync(`${target}.new`, text, { mode: 0o600, flush: true });
  const { uid, gid } = statSync(policyFile);
  if (process.getuid?.() === 0) chownSync(`${target}.new`, uid, gid);
  renameSync(`${target}.new`, target);
}
