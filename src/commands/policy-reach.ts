/** `auscult policy reach`: how far a worm could come from a device or a group, today and under a policy, and what cuts it most. */
import type { Replay } from "../model/replay.ts";
import { compile } from "../policies/compile.ts";
import { membershipOf } from "../policies/membership.ts";
import { WormReach, type Cut, type Reach, type Reaches } from "../policies/reach.ts";
import { ruleText } from "../policies/text.ts";
import { ownRanges, policyFrom, replayIn, type PolicyOptions } from "./policy.ts";
import { CommandError, number, plural, print, say, table, type Column } from "./terminal.ts";

export interface ReachOptions extends PolicyOptions {
  /** A device by its number, name or address, or a group of the policy. */
  readonly start?: string;
  readonly limit: number;
}

interface Row extends Reaches {
  readonly from: string;
  readonly began: number;
}

export async function policyReach(file: string, { start, limit, json, ...options }: ReachOptions): Promise<void> {
  const policy = policyFrom(file);
  const { replay, recording } = replayIn(options);
  const membership = membershipOf(policy, replay, ownRanges(options.data));
  const reach = new WormReach(compile(policy, membership, replay.machines), replay.machines, replay.conversations);
  const numberOf = new Map(replay.machines.map((it) => [it.device.id, it.number]));
  // A group of addresses outside, or of multicast, holds nothing a worm could be in.
  const own = (devices: readonly { readonly device: string }[]) => devices.map((it) => numberOf.get(it.device)!).filter((it) => reach.isPrey(it));
  const groups = membership.groups.map(({ group, members }) => ({ from: group, sources: own(members) })).filter(({ sources }) => sources.length > 0);
  const wanted = start === undefined ? groups : [groups.find(({ from }) => from === start) ?? deviceIn(replay, start)];
  const rows: Row[] = wanted.map(({ from, sources }) => ({ from, began: sources.length, ...reach.from(sources) }));
  const counted = reach.cuts();
  if (json) return print(`${JSON.stringify({ schema: "auscult.reach/1", from: rows, ...(counted ?? { pairs: null, cuts: null }) })}\n`);

  say(`${policy.name} in recording ${recording}. A step is one conversation from a device a worm holds to one it does not.`);
  await print(table(columns, rows));
  if (counted === null) return say("What cuts is not worked out: too many devices that no group governs talk to each other. Ask from some of them: --start.");
  const { pairs, cuts } = counted;
  const lifeSupporting = replay.machines.filter(({ device }) => device.lifeCritical === "life-supporting").length;
  await print(`\nOf ${plural(lifeSupporting, "life-supporting device")} under this policy ${plural(pairs, "pair")} of a device and one in its reach.\n`);
  const shown = cuts.slice(0, limit === 0 ? undefined : limit);
  if (pairs > 0) await print(shown.length === 0 ? "No rule and no group by itself takes any of them away: there are other ways.\n" : table(cutColumns(pairs, policy.rules.map(ruleText)), shown));
} // prettier-ignore

const words = ({ devices, lifeSupporting, steps }: Reach) =>
  devices === 0 ? "none" : `${number(devices)} in ${plural(steps.length, "step")}, ${number(lifeSupporting)} life-supporting`;

const columns: readonly Column<Row>[] = [
  { title: "From all of", text: (it) => it.from },
  { title: "Devices", text: (it) => number(it.began), right: true },
  { title: "Over what was heard", text: (it) => words(it.heard) },
  { title: "Of that kept", text: (it) => words(it.kept) },
  { title: "Over all allowed", text: (it) => words(it.allowed) },
];

function cutColumns(pairs: number, rules: readonly string[]): readonly Column<Cut>[] {
  const of = ({ what }: Cut) =>
    "rule" in what
      ? `without rule ${what.rule + 1}: ${rules[what.rule]!}`
      : `${what.group} ${what.way === "in" ? "opened to by nobody" : "opening nothing"}`;
  return [
    { title: "What cuts", text: of },
    { title: "Pairs fewer", text: (it) => number(it.fewer), right: true },
    { title: "Share", text: (it) => `${((100 * it.fewer) / pairs).toFixed(1)} %`, right: true },
  ];
}

function deviceIn({ machines }: Replay, text: string): { readonly from: string; readonly sources: readonly number[] } {
  const isIt = ({ device }: Replay["machines"][number]) =>
    [device.id, device.name, ...device.ips, ...device.macs].some((own) => own.toLowerCase() === text.toLowerCase());
  const [found, ...more] = machines.filter(isIt);
  if (found === undefined) throw new CommandError(`--start: expected a group of the policy or a device, found none called "${text}"`);
  if (more.length > 0) {
    const fits = [found, ...more].map(({ device }) => device.id).join(", ");
    throw new CommandError(`--start: expected one device, "${text}" fits ${fits}`);
  }
  return { from: `${found.device.name} (${found.device.id})`, sources: [found.number] };
}
