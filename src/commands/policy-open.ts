/**
 * `auscult policy open|close`: a group of the wall opened for a stated time, by a person at the machine that is the firewall, with a reason.
 * It closes by itself, also when nothing of ours is alive then; what used it is told afterwards.
 */
import { isPassword } from "../accounts/password.ts";
import { may, ROLES } from "../accounts/rights.ts";
import { existingAccountsIn } from "../link/accounts.ts";
import { OPEN_SECONDS_MAX } from "../link/openings.ts";
import { ROLE_NAMES } from "../model/account.ts";
import { deniedText } from "./policy-counters.ts";
import { secretOf } from "./secret.ts";
import { ageUs, CommandError, Exit, print, say, time } from "./terminal.ts";
import { atFirewall, calledBy, record, tellClosed, tellSettled, waitingHook, wallOn, type WallOptions } from "./wall.ts";

interface OpenOptions extends WallOptions {
  /** An age such as 15m. */
  readonly for: string;
  readonly reason: string;
  /** Where there are accounts: whose. */
  readonly as?: string;
  /** Where there are none: a name. */
  readonly who?: string;
}

export async function policyOpen(group: string, { data, on, for: length, reason, as, who }: OpenOptions): Promise<void> {
  const seconds = ageUs("--for", length) / 1e6;
  if (seconds < 1 || seconds > OPEN_SECONDS_MAX)
    throw new CommandError(`--for: expected 1 s to ${OPEN_SECONDS_MAX / 3_600} h, got "${length}": what is needed longer is a rule`);
  if (reason.trim() === "") throw new CommandError("--reason: expected why, got nothing");
  await atFirewall(async () => {
    const by = await openedBy(data, as, who);
    const { changes, openings } = wallOn(on ?? waitingHook(data), data);
    tellSettled(changes.settle(Date.now()), data);
    tellClosed(openings.settle(Date.now()), data);
    const opening = openings.open(group, { seconds: Math.floor(seconds), reason: reason.trim(), by, now: Date.now() });
    record(data, "group opened", by, `${group} until ${time(opening.until)}: ${opening.reason}`);
    say(
      `"${group}" is open: what no rule allows goes on to and from it, and is remembered. It closes by itself at ${time(opening.until)}.`,
    );
    say(`What used it: auscult policy standing. Before its time: auscult policy close "${group}"`);
  });
}

export async function policyClose(group: string, { data, on }: WallOptions): Promise<void> {
  await atFirewall(async () => {
    const { changes, openings } = wallOn(on ?? waitingHook(data), data);
    const now = Date.now();
    tellSettled(changes.settle(now), data);
    const over = openings.settle(now);
    const closed = openings.close(group, now);
    tellClosed([...over, closed], data);
    for (const it of closed.used ?? []) await print(`${deniedText(it)}\n`);
  });
}

/** Where there are accounts, one whose role may, with its password; else a name that nobody verified. */
async function openedBy(data: string, as: string | undefined, who: string | undefined): Promise<string> {
  const accounts = existingAccountsIn(data);
  try {
    if (accounts === null || accounts.isEmpty) return calledBy(who);
    const roles = ROLE_NAMES.filter((role) => ROLES[role].includes("open a group")).join(", ");
    if (as === undefined) throw new CommandError(`--as: expected an account that may open a group (${roles}), got none`);
    const account = accounts.find(as.toLowerCase());
    if (account === undefined || !may(account.role, "open a group"))
      throw new CommandError(`--as: expected an account that may open a group (${roles}), got "${as}"`, Exit.permission);
    if (account.subject !== null)
      throw new CommandError(
        `--as: expected an account with a password, got ${account.name}, whom single sign-on vouches for`,
        Exit.permission,
      );
    if (!(await isPassword(await secretOf(`Password of ${account.name}`), account.password)))
      throw new CommandError(`--as: expected the password of ${account.name}, got another one: nothing was changed`, Exit.permission);
    return account.name;
  } finally {
    accounts?.close();
  }
}
