/** `auscult policy reach`: how far a worm could come from a device or a group, today and under a policy, and what cuts it most. */
import type { ReachReport, ReportedReach } from "../model/policy-report.ts";
import type { Policy } from "../model/policy.ts";
import type { Replay } from "../model/replay.ts";
import { membershipOf } from "../policies/membership.ts";
import { reachOf } from "../policy-report.ts";
import { ownRanges, policyFrom, replayIn, type PolicyOptions } from "./policy.ts";
import { CommandError, number, plural, print, say, table, type Column } from "./terminal.ts";

export interface ReachOptions extends PolicyOptions {
  /** A device by its number, name or address, or a group of the policy. */
  readonly start?: string;
  readonly limit: number;
}

export async function policyReach(file: string, { start, limit, json, ...options }: ReachOptions): Promise<void> {
  const policy = policyFrom(file);
  const { replay, recording } = replayIn(options);
  const own = ownRanges(options.data);
  const report = reachOf(replay, policy, own, start === undefined ? undefined : startIn(policy, replay, own, start));
  if (json) return print(`${JSON.stringify({ schema: "auscult.reach/1", ...report })}\n`);

  const { from, lifeSupporting, pairs, cuts } = report;
  say(`${policy.name} in recording ${recording}. A step is one conversation from a device a worm holds to one it does not.`);
  await print(table(columns, from));
  if (pairs === null || cuts === null)
    return say("What cuts is not worked out: too many devices that no group governs talk to each other. Ask from some of them: --start.");
  await print(`\nOf ${plural(lifeSupporting, "life-supporting device")} under this policy ${plural(pairs, "pair")} of a device and one in its reach.\n`); // prettier-ignore
  if (pairs === 0) return;
  if (cuts.length === 0) return print("No rule and no group by itself takes any of them away: there are other ways.\n");
  await print(table(cutColumns(pairs), cuts.slice(0, limit === 0 ? undefined : limit)));
}

const words = ({ devices, lifeSupporting, steps }: ReportedReach) =>
  devices === 0 ? "none" : `${number(devices)} in ${plural(steps.length, "step")}, ${number(lifeSupporting)} life-supporting`;

const columns: readonly Column<ReachReport["from"][number]>[] = [
  { title: "From all of", text: (it) => it.from },
  { title: "Devices", text: (it) => number(it.began), right: true },
  { title: "Over what was heard", text: (it) => words(it.heard) },
  { title: "Of that kept", text: (it) => words(it.kept) },
  { title: "Over all allowed", text: (it) => words(it.allowed) },
];

const cutColumns = (pairs: number): readonly Column<NonNullable<ReachReport["cuts"]>[number]>[] => [
  { title: "What cuts", text: (it) => it.what },
  { title: "Pairs fewer", text: (it) => number(it.fewer), right: true },
  { title: "Share", text: (it) => `${((100 * it.fewer) / pairs).toFixed(1)} %`, right: true },
];

function startIn(policy: Policy, replay: Replay, own: readonly string[], text: string) {
  const { machines } = replay;
  const group = membershipOf(policy, replay, own).groups.find((it) => it.group === text);
  if (group !== undefined) {
    const members = new Set(group.members.map((it) => it.device));
    return { from: text, sources: machines.filter(({ device }) => members.has(device.id)).map((it) => it.number) };
  }
  const [found, ...more] = machines.filter(({ device }) =>
    [device.id, device.name, ...device.ips, ...device.macs].some((it) => it.toLowerCase() === text.toLowerCase()),
  );
  if (found === undefined) throw new CommandError(`--start: expected a group of the policy or a device, found none called "${text}"`);
  if (more.length > 0) {
    const fits = [found, ...more].map(({ device }) => device.id).join(", ");
    throw new CommandError(`--start: expected one device, "${text}" fits ${fits}`);
  }
  return { from: `${found.device.name} (${found.device.id})`, sources: [found.number] };
}
