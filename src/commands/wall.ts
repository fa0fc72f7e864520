/** What commands at the machine that is the firewall begin and end with: which hook, who asks, what the audit log is told. */
import { join } from "node:path";
import { existingAccountsIn } from "../link/accounts.ts";
import { Firewall, NoFirewall, RulesRefused } from "../link/firewall.ts";
import { Openings } from "../link/openings.ts";
import { ChangeRefused, WallChanges, type Change } from "../link/wall-change.ts";
import { NOT_VERIFIED, type Audited } from "../model/account.ts";
import type { Opening } from "../model/wall.ts";
import { nftablesBridge, nftablesRouter, type NftablesForm } from "../policies/exporters/nftables.ts";
import { CommandError, Exit, plural, say, time } from "./terminal.ts";
import { whoIsHere } from "./who.ts";

/** What `--on` may say. */
export const HOOKS = ["bridge", "router"] as const;
export type OnHook = (typeof HOOKS)[number];

export const FORMS: Readonly<Record<OnHook, NftablesForm>> = { bridge: nftablesBridge, router: nftablesRouter };

export interface WallOptions {
  readonly data: string;
  readonly on?: OnHook;
}

interface OnWall {
  readonly firewall: Firewall;
  readonly changes: WallChanges;
  readonly openings: Openings;
}

export function wallOn(hook: OnHook, data: string): OnWall {
  const form = FORMS[hook];
  const firewall = new Firewall(form.family);
  const folder = join(data, "wall");
  const changes = new WallChanges(folder, firewall, form);
  return { firewall, changes, openings: new Openings(folder, firewall, changes) };
}

/** Where a change waits; else where one was confirmed. */
export function waitingHook(data: string): OnHook {
  const states = HOOKS.map((hook) => ({ hook, changes: wallOn(hook, data).changes }));
  const waiting = states.filter(({ changes }) => changes.pending() !== undefined);
  const [one, ...more] =
    waiting.length > 0 ? waiting : states.filter(({ changes }) => changes.all().some(({ state }) => state === "confirmed"));
  if (more.length > 0) throw new CommandError("expected --on bridge or --on router, since both have one");
  if (one === undefined) throw new CommandError("expected a wall that was put up here, got none");
  return one.hook;
}

export function calledBy(who: string | undefined): string {
  return `${(who ?? whoIsHere()).trim()}${NOT_VERIFIED}`;
}

export function tellSettled(settled: ReturnType<WallChanges["settle"]>, data: string): void {
  for (const change of settled) {
    say(`"${change.policy}" was taken back: ${change.why}.`);
    audit(data, "wall taken back", change);
  }
}

/** Openings that are over, with what used them. */
export function tellClosed(closed: readonly Opening[], data: string): void {
  for (const it of closed) {
    const used = it.used === null ? "what used it is not known: its wall was replaced" : plural(it.used.length, "way was used", "ways were used");
    say(`"${it.group}" is closed since ${time(it.until)}: ${used}.`);
    record(data, "group closed", it.by, `${it.group}, opened ${time(it.from)} to ${time(it.until)}: ${used}`);
  }
} // prettier-ignore

/** Where there are accounts there is an audit log; elsewhere the changes keep who and when themselves. */
export function audit(data: string, what: Audited, { policy, mark, by, second }: Change): void {
  record(data, what, by, `${policy}, ${mark}${second === null ? "" : `, with ${second}`}`);
}

export function record(data: string, what: Audited, who: string, about: string): void {
  const accounts = existingAccountsIn(data);
  accounts?.record({ at: Date.now() * 1_000, who, what, about, client: "terminal" });
  accounts?.close();
}

/** What the kernel or the files refuse is one line for a person. */
export async function atFirewall(work: () => void | Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof NoFirewall) throw new CommandError(error.message, Exit.permission);
    if (error instanceof ChangeRefused || error instanceof RulesRefused) throw new CommandError(error.message);
    throw error;
  }
}

export const clock = (milliseconds: number) => time(milliseconds * 1_000);
