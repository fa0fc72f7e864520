/**
 * Who may do what: each route of the API names the one right it needs, and each role has some of them. Whoever needs to know what a
 * role may do reads this table; `auscult account` shows it, and a test holds docs/accounts.md against it.
 */
import type { Role } from "../model/account.ts";

export const RIGHTS = {
  look: "see devices, evidence, conversations and coverage",
  say: "say what a device is, join and part machines, file the hospital's list, take it back, save views, write policies",
  judge: "acknowledge, explain and close findings, and take that back",
  operate: "open captures and recordings, listen, stop",
} as const;
export type Right = keyof typeof RIGHTS;

/**
 * Safety and pharmacy look and judge what was found, and no more, until there is something to approve or a limit to set: what treats a
 * patient is then theirs and not the administrator's.
 */
export const ROLES: Readonly<Record<Role, readonly Right[]>> = {
  viewer: ["look"],
  biomed: ["look", "say", "judge", "operate"],
  pharmacy: ["look", "judge"],
  security: ["look", "say", "judge", "operate"],
  network: ["look", "say", "judge", "operate"],
  safety: ["look", "judge"],
  admin: ["look", "say", "judge", "operate"],
};

export function may(role: Role, right: Right): boolean {
  return ROLES[role].includes(right);
}
