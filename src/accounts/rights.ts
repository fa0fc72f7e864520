/**
 * Who may do what: each route of the API names the one right it needs, and each role has some of them. Whoever needs to know what a
 * role may do reads this table; `auscult account` shows it, and a test holds docs/accounts.md against it.
 */
import type { Account, Role } from "../model/account.ts";

export const RIGHTS = {
  look: "see devices, evidence, conversations and coverage",
  say: "say what a device is, join and part machines, file the hospital's list, take it back, save views, write policies",
  judge: "acknowledge, explain and close findings, say what is not to be scanned, and take that back",
  operate: "open captures and recordings, listen, stop",
  measure: "read how Auscult itself runs (/metrics)",
  "open a group": "at the machine that is the firewall, open a group of the wall for a stated time",
} as const;
export type Right = keyof typeof RIGHTS;

/**
 * Pharmacy looks and judges what was found, and no more, until there is a limit to set; safety does so too, signs with another where a
 * wall would stop therapy, and opens it. What treats a patient is theirs and not the administrator's.
 */
export const ROLES: Readonly<Record<Role, readonly Right[]>> = {
  viewer: ["look"],
  biomed: ["look", "say", "judge", "operate", "open a group"],
  pharmacy: ["look", "judge"],
  security: ["look", "say", "judge", "operate", "open a group"],
  network: ["look", "say", "judge", "operate", "open a group"],
  safety: ["look", "judge", "open a group"],
  admin: ["look", "say", "judge", "operate", "measure"],
};

/** Whether it may see this one of many sites; null: whoever has no account may see all. */
export function maySee(account: Pick<Account, "sites"> | null, site: string): boolean {
  return account?.sites?.includes(site) ?? true;
}

export function may(role: Role, right: Right): boolean {
  return ROLES[role].includes(right);
}
