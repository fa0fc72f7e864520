/** `auscult account`: who may use the pages. Accounts are kept beside the recordings and in none of them; docs/accounts.md tells of them. */
import { hashed, passwordTrouble } from "../accounts/password.ts";
import { RIGHTS, ROLES } from "../accounts/rights.ts";
import { accountsIn, existingAccountsIn } from "../link/accounts.ts";
import { ROLE_NAMES, type Role } from "../model/account.ts";
import type { Accounts } from "../store/accounts.ts";
import { newSecret } from "./secret.ts";
import { CommandError, print, say, table, time } from "./terminal.ts";
import { whoIsHere } from "./who.ts";

interface Where {
  readonly data: string;
}

/** Plain letters: two names that look alike would be two people in the audit log. */
const NAME = /^[a-z0-9][a-z0-9._-]{1,31}$/;

export async function addAccount(
  typed: string,
  { data, role: typedRole, sites }: Where & { readonly role: string; readonly sites?: readonly string[] },
): Promise<void> {
  const name = typed.toLowerCase();
  if (!NAME.test(name))
    throw new CommandError(`expected a name of 2 to 32 letters a to z, digits, dots and dashes, such as anna.lind, got "${typed}"`);
  const role = roleOf(typedRole);
  await change(data, async (accounts) => {
    if (accounts.find(name) !== undefined) throw new CommandError(`expected a name that no account has, got "${name}"`);
    const password = await newPassword(name);
    const isFirst = accounts.isEmpty;
    accounts.add({ name, role, password, made: by().at, sites: sites ?? null }, by());
    say(
      `Added ${name}, ${role}${sites === undefined ? "" : ` of ${sites.join(", ")}`}: may ${ROLES[role].map((right) => RIGHTS[right]).join("; ")}.`,
    );
    if (isFirst) say("From now on the page asks everyone for name and password, also on this computer.");
  });
}

export async function removeAccount(typed: string, { data }: Where): Promise<void> {
  const name = typed.toLowerCase();
  await change(data, (accounts) => {
    existing(accounts, name);
    const isOurs = accounts.find(name)?.subject === null;
    accounts.remove(name, by());
    say(`Removed ${name}; whoever was signed in under it is not any more.`);
    if (!isOurs) say("Single sign-on lets them in again while the provider has them in a group that may come in.");
    if (accounts.isEmpty) say("Nobody has an account now: when Auscult is started next, the printed address is the way in again.");
  });
}

export async function setPassword(typed: string, { data }: Where): Promise<void> {
  const name = typed.toLowerCase();
  await change(data, async (accounts) => {
    ours(accounts, name);
    accounts.setPassword(name, await newPassword(name), by());
    say(`The password of ${name} is set; whoever was signed in under the old one is not any more.`);
  });
}

export async function endSignIns(typed: string, { data }: Where): Promise<void> {
  const name = typed.toLowerCase();
  await change(data, (accounts) => {
    existing(accounts, name);
    accounts.endSignIns(name, by());
    say(`Whoever was signed in as ${name} is not any more, from their next request on.`);
  });
}

export async function setRole(typed: string, typedRole: string, { data }: Where): Promise<void> {
  const name = typed.toLowerCase();
  const role = roleOf(typedRole);
  await change(data, (accounts) => {
    ours(accounts, name);
    accounts.setRole(name, role, by());
    say(`${name} is ${role} from now on: may ${ROLES[role].map((right) => RIGHTS[right]).join("; ")}.`);
  });
}

/** `typed`: names of sites, or "all". */
export async function setSites(typedName: string, typed: readonly string[], { data }: Where): Promise<void> {
  const name = typedName.toLowerCase();
  const sites = typed.length === 1 && typed[0] === "all" ? null : typed;
  if (sites?.length === 0) throw new CommandError("expected names of sites with commas between, or all, got none");
  await change(data, (accounts) => {
    ours(accounts, name);
    accounts.setSites(name, sites, by());
    say(`${name} sees ${sites === null ? "all sites" : sites.join(", ")} from now on.`);
  });
}

export async function listAccounts({ data, json }: Where & { readonly json?: boolean }): Promise<void> {
  const accounts = existingAccountsIn(data);
  const rows = (accounts?.all() ?? []).map(({ name, role, made, sites, subject }) => ({
    name,
    role,
    made,
    sites,
    by: subject === null ? "password" : "single sign-on",
  }));
  accounts?.close();
  if (json) return print(`${JSON.stringify({ schema: "auscult.accounts/1", accounts: rows })}\n`);
  await print(
    table(
      [
        { title: "Name", text: (it) => it.name, whole: true },
        { title: "Role", text: (it) => it.role },
        { title: "Signs in by", text: (it) => it.by },
        { title: "Sites", text: (it) => it.sites?.join(", ") ?? "all" },
        { title: "May", text: (it) => ROLES[it.role].join(", ") },
        { title: "Since", text: (it) => time(it.made) },
      ],
      rows,
    ),
  );
  if (rows.length === 0) say("Nobody has an account: the page stays on this computer, and the printed address is the way in.");
}

/** The audit log, the oldest first. Whether it holds is for `auscult doctor` to say. */
export async function accountLog({ data, json }: Where & { readonly json?: boolean }): Promise<void> {
  const accounts = existingAccountsIn(data);
  const rows = [...(accounts?.audit() ?? [])];
  accounts?.close();
  if (json) return print(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  await print(
    table(
      [
        { title: "Number", text: (it) => String(it.number), right: true },
        { title: "When", text: (it) => time(it.at), whole: true },
        { title: "Who", text: (it) => it.who },
        { title: "What", text: (it) => it.what },
        { title: "About", text: (it) => it.about },
        { title: "From", text: (it) => it.client },
      ],
      rows,
    ),
  );
}

async function change(data: string, work: (accounts: Accounts) => void | Promise<void>): Promise<void> {
  const accounts = accountsIn(data);
  try {
    await work(accounts);
  } finally {
    accounts.close();
  }
}

async function newPassword(name: string): Promise<string> {
  const password = await newSecret(`Password for ${name}`);
  const trouble = passwordTrouble(password, name);
  if (trouble !== null) throw new CommandError(trouble);
  return hashed(password);
}

function existing(accounts: Accounts, name: string): void {
  if (accounts.find(name) !== undefined) return;
  const names = accounts.all().map((it) => it.name);
  throw new CommandError(`expected an account, one of ${names.join(", ") || "none yet"}, got "${name}"`);
}

/** What groups of the provider say would be said again at the next sign-in. */
function ours(accounts: Accounts, name: string): void {
  existing(accounts, name);
  if (accounts.find(name)?.subject !== null)
    throw new CommandError(
      `expected a local account, got ${name}: the provider of single sign-on and the setting signOnRoles say what they may`,
    );
}

function roleOf(typed: string): Role {
  const role = ROLE_NAMES.find((it) => it === typed);
  if (role === undefined) throw new CommandError(`expected a role, one of ${ROLE_NAMES.join(", ")}, got "${typed}"`);
  return role;
}

/** Whoever sits at the terminal, as this computer calls them. */
function by(): { readonly at: number; readonly who: string; readonly client: string } {
  return { at: Date.now() * 1_000, who: whoIsHere(), client: "terminal" };
}
