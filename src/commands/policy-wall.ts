/**
 * `auscult policy apply|confirm|rollback|standing`: the wall itself, on the machine that is the firewall. Put up by a person at a
 * terminal who may change the firewall, never by the pages; it comes down by itself unless confirmed. docs/policy.md tells how.
 */
import { createInterface } from "node:readline/promises";
import { isPassword } from "../accounts/password.ts";
import { existingAccountsIn } from "../link/accounts.ts";
import { keptWall } from "../following.ts";
import type { Counted, Firewall } from "../link/firewall.ts";
import type { Change, WallChanges } from "../link/wall-change.ts";
import type { Membership, Policy } from "../model/policy.ts";
import type { Opening } from "../model/wall.ts";
import { check, type Checked } from "../policies/check.ts";
import { textDifference } from "../policies/difference.ts";
import type { Wall } from "../policies/exporters/exporter.ts";
import { begun } from "../policies/following.ts";
import { membershipOf } from "../policies/membership.ts";
import { enforcedWith } from "../policies/standing.ts";
import { policyText } from "../policies/text.ts";
import { expectations } from "../replaying.ts";
import { deniedText } from "./policy-counters.ts";
import { ownRanges, policyOf, replayIn, sayRemarks, textOf } from "./policy.ts";
import { secretOf } from "./secret.ts";
import { CommandError, Exit, number, plural, print, say, table, time, type Column } from "./terminal.ts";
import {
  atFirewall,
  audit,
  calledBy,
  clock,
  FORMS,
  HOOKS,
  tellClosed,
  tellSettled,
  waitingHook,
  wallOn,
  type OnHook,
  type WallOptions,
} from "./wall.ts";
import { namesHere } from "./who.ts";

const LINES_SHOWN_MAX = 200;
const STORIES_SHOWN_MAX = 10;

export interface ApplyOptions extends WallOptions {
  readonly on: OnHook;
  readonly seconds: number;
  readonly recording?: string;
  readonly who?: string;
  readonly second?: string;
  /** On a bridge: an address answers to the rules from the card it was heard on. */
  readonly cards?: boolean;
}

export async function policyApply(file: string, { seconds, who, second, cards = false, ...options }: ApplyOptions): Promise<void> {
  if (cards && options.on !== "bridge")
    throw new CommandError("--cards: expected --on bridge, since a router sees the card of the last router only");
  if (!process.stdin.isTTY) throw new CommandError("expected a person at a terminal: nothing else may put up a wall", Exit.permission);
  await atFirewall(async () => {
    const { firewall, changes } = wallOn(options.on, options.data);
    tellSettled(changes.settle(Date.now()), options.data);
    const text = textOf(file);
    const policy = policyOf(file, text);
    const { replay, recording } = replayIn(options);
    const membership = membershipOf(policy, replay, ownRanges(options.data));
    const checked = check(policy, membership, replay, expectations());
    refuseUnfit(policy, membership, checked);
    const followed = begun(membership, replay.machines);
    const wall = keptWall(policy, followed.membership, replay.machines, cards);
    if (isEmpty(wall.enforced) && isEmpty(wall.monitored))
      throw new CommandError(
        `expected a group that is monitored or enforced and has members with addresses, got none in ${file}: states, see docs/policy.md`,
      );
    const needed = enforcedWith("therapy", policy, membership);

    say(`"${policy.name}" with members as of ${time(membership.at)} in recording ${recording}, on this machine's ${options.on}.`);
    sayRemarks(file, text, policy, membership);
    await tellDifference(changes, options.on, wall);
    tellOthers(firewall);
    await tellLoss(checked, needed);
    const partner =
      needed.length === 0
        ? null
        : await secondPerson(
            options.data,
            second,
            who,
            needed.map(({ group }) => group),
          );
    const answer = await asked(`Put it up for ${seconds} s? It goes back by itself unless it is confirmed. (yes/no) `);
    if (answer.trim().toLowerCase() !== "yes") throw new CommandError("nothing was changed", Exit.interrupted);

    const kept = { policy: policyText(policy), recording, cards, followed };
    const change = await changes.apply(wall, { seconds, by: calledBy(who), second: partner, now: Date.now(), kept });
    audit(options.data, "wall put up", change);
    say(`It stands, and goes back by itself at ${clock(change.until)} unless you say that all is well: auscult policy confirm`);
  });
}

export async function policyConfirm({ data, on }: WallOptions): Promise<void> {
  await atFirewall(() => {
    const hook = on ?? waitingHook(data);
    const { changes } = wallOn(hook, data);
    const change = changes.confirm(Date.now());
    audit(data, "wall confirmed", change);
    say(`"${change.policy}" stands until it is taken down. A restart of this machine loads it where /etc/nftables.conf says:`);
    say(`  include "${changes.bootFile}"`);
  });
}

export async function policyRollback({ data, on }: WallOptions): Promise<void> {
  await atFirewall(() => {
    const { firewall, changes } = wallOn(on ?? waitingHook(data), data);
    const change = changes.rollback();
    audit(data, "wall taken back", change);
    const before = firewall.standing();
    say(`"${change.policy}" was taken back: ${before === null ? "no wall of ours stands" : "what stood before it stands again"}.`);
  });
}

/** Exit 1 where what stands is not what was put up. */
export async function policyStanding({ data, on, json }: WallOptions & { readonly json?: boolean }): Promise<void> {
  await atFirewall(async () => {
    const all = (on === undefined ? HOOKS : [on]).map((hook) => {
      const { firewall, changes, openings } = wallOn(hook, data);
      tellSettled(changes.settle(Date.now()), data);
      tellClosed(openings.settle(Date.now()), data);
      const table = firewall.standing();
      const [last] = changes.all();
      const change = table === null ? null : (changes.pending() ?? changes.confirmed() ?? null);
      return {
        on: hook,
        mark: table?.mark ?? null,
        isOurs: table === null ? null : table.mark !== null,
        change,
        state: change === null ? null : table!.isGated ? "waits to be confirmed" : "confirmed",
        drifted: changes.hasDrifted(),
        last: last ?? null,
        others: firewall.others(),
        counters: change === null ? [] : counted(firewall, changes, change),
        openings: openings.all(),
      };
    });
    if (all.some((it) => it.drifted)) process.exitCode = Exit.findings;
    if (json) return print(`${JSON.stringify({ schema: "auscult.standing/1", walls: all })}\n`);
    for (const { on: hook, change, state, drifted, isOurs, others, counters, openings } of all) {
      for (const it of openings) await print(openingText(it));
      if (isOurs === null) {
        await print(`${hook}: no wall of ours stands\n`);
        continue;
      }
      if (!isOurs) {
        await print(`${hook}: a table of our name stands that we did not write\n`);
        continue;
      }
      await print(`${hook}: ${change === null ? "a wall of ours, put up with other files than these" : `"${change.policy}", ${state}, put up ${clock(change.at)} by ${change.by}`}\n`); // prettier-ignore
      if (drifted) await print("  somebody changed it since: auscult policy apply puts up what the policy says\n");
      for (const line of othersInWords(others)) await print(`  ${line}\n`);
      await print(table(counterColumns, counters));
    }
  });
}

function openingText({ group, from, until, by, reason, used }: Opening): string {
  const isOpen = until > Date.now() * 1_000;
  const told = used === null ? (isOpen ? "" : "  what used it is not known\n") : used.length === 0 ? "  nothing used it\n" : used.map((it) => `  used it: ${deniedText(it)}\n`).join("");
  return `"${group}" ${isOpen ? "is open" : "was open"} from ${time(from)} to ${time(until)}, by ${by}: ${reason}\n${told}`;
} // prettier-ignore

interface CountedRule extends Counted {
  /** What the rule says; "" for what is no rule of the policy. */
  readonly says: string;
}

function counted(firewall: Firewall, changes: WallChanges, change: Change): readonly CountedRule[] {
  const rules = changes.rulesOf(change);
  return firewall.counters(change.letter).map((it) => ({ ...it, says: rules.get(it.comment) ?? "" }));
}

const counterColumns: readonly Column<CountedRule>[] = [
  { title: "Rule", text: (it) => it.comment, whole: true },
  { title: "Packets", text: (it) => number(it.packets), right: true },
  { title: "Bytes", text: (it) => number(it.bytes), right: true },
  { title: "Says", text: (it) => it.says },
];

/** The policy's own tests hold, and no life-supporting device would be enforced by us. */
function refuseUnfit(policy: Policy, membership: Membership, { tests }: Checked): void {
  const failed = tests.filter((it) => !it.held);
  if (failed.length > 0)
    throw new CommandError(
      `expected the policy's tests to hold, these fail:\n${failed.map(({ text, because }) => `  ${text}: ${because}`).join("\n")}`,
    );
  const [group] = enforcedWith("life-supporting", policy, membership);
  if (group !== undefined)
    throw new CommandError(
      `"${group.group}" has ${plural(group.members.length, "life-supporting device")} (${named(group.members.map((it) => it.name))}) and is enforced: ` +
        "we monitor such a group and never stop what it sends or is sent. Say monitor, or export it and let those answerable load it.",
    );
}

async function tellDifference(changes: WallChanges, hook: OnHook, wall: Wall): Promise<void> {
  const before = changes.confirmed();
  const lines = textDifference(before === undefined ? "" : changes.textOf(before), FORMS[hook].write(wall));
  for (const line of lines.slice(0, LINES_SHOWN_MAX)) await print(`${line}\n`);
  if (lines.length > LINES_SHOWN_MAX) say(`and ${plural(lines.length - LINES_SHOWN_MAX, "line")} more`);
  if (lines.length === 0) say("It says what stands already.");
  if (changes.hasDrifted())
    say("Somebody changed what stands since it was put up. What they changed is replaced, and comes back if this is taken back.");
}

function tellOthers(firewall: Firewall): void {
  for (const line of othersInWords(firewall.others())) say(line);
}

function othersInWords(others: ReturnType<Firewall["others"]>): readonly string[] {
  return others.map(
    ({ family, table: name, chain, priority, policy }) =>
      `table ${family} ${name}, chain ${chain} (priority ${priority}, policy ${policy}) stands on the same hook: what we let through it may still stop`,
  );
}

/** What those who sign for it must have seen. */
async function tellLoss({ answer, conversations, notHeard, counts }: Checked, needed: ReturnType<typeof enforcedWith>): Promise<void> {
  const blocked = conversations.filter(({ verdict }) => verdict === "would block");
  say(`Replayed: ${answer.verdict}. ${plural(counts["would block"].conversations, "conversation")} of those heard would be blocked.`);
  for (const it of blocked.slice(0, STORIES_SHOWN_MAX))
    say(`  ${it.care}: ${it.client.name} → ${it.server.name} ${it.service}${it.without === "" ? "" : `; without it: ${it.without}`}`);
  if (blocked.length > STORIES_SHOWN_MAX) say(`  and ${number(blocked.length - STORIES_SHOWN_MAX)} more: auscult policy check`);
  const unheard = notHeard.filter((it) => it.rule === null);
  if (unheard.length > 0) say(`Not heard yet, and no rule for it: ${plural(unheard.length, "flow")}.`);
  for (const it of unheard.slice(0, STORIES_SHOWN_MAX))
    say(`  ${it.client} → ${it.server} ${it.service}: ${it.purpose}${it.without === "" ? "" : `; without it: ${it.without}`}`);
  for (const { group, members } of needed) say(`"${group}" treats patients: ${named(members.map((it) => it.name))}.`);
}

/** Therapy is enforced by two: the second has the safety role and says so with his own password. */
async function secondPerson(data: string, name: string | undefined, first: string | undefined, groups: readonly string[]): Promise<string> {
  const what = groups.map((it) => `"${it}"`).join(", ");
  if (name === undefined)
    throw new CommandError(`${what} treats patients: expected --second with an account that has the safety role, got none`);
  const accounts = existingAccountsIn(data);
  try {
    const account = accounts?.find(name.toLowerCase());
    if (account?.role !== "safety") throw new CommandError(`--second: expected an account that has the safety role, got "${name}"`);
    if ([first, ...namesHere()].some((it) => it?.trim().toLowerCase() === account.name.toLowerCase()))
      throw new CommandError("--second: expected somebody else than whoever types this");
    if (account.subject !== null)
      throw new CommandError(
        `--second: expected an account with a password, got ${account.name}, whom single sign-on vouches for`,
        Exit.permission,
      );
    if (!(await isPassword(await secretOf(`Password of ${account.name}, who has seen this`), account.password)))
      throw new CommandError(`--second: expected the password of ${account.name}, got another one: nothing was changed`, Exit.permission);
    return account.name;
  } finally {
    accounts?.close();
  }
}

async function asked(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    return await new Promise<string>((resolve) => {
      lines.once("close", () => resolve(""));
      void lines.question(question).then(resolve);
    });
  } finally {
    lines.close();
  }
}

const isEmpty = ({ ipv4, ipv6 }: Wall["enforced"]) => ipv4.length + ipv6.length === 0;
const NAMED_MAX = 5;
const named = (names: readonly string[]) =>
  names.length <= NAMED_MAX ? names.join(", ") : `${names.slice(0, NAMED_MAX).join(", ")} and ${names.length - NAMED_MAX} more`;
